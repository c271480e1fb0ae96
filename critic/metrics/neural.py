"""Measures by networks, where the extra ``neural`` and local weights are given: LPIPS, DINO, CLIP.

Nothing is downloaded. A folder of weights holds what is there of

- ``clip/``: a CLIP model as transformers saves it (published scores: openai/clip-vit-base-patch32);
- ``dino/``: a DINOv2 model as transformers saves it (facebook/dinov2-base);
- ``alexnet.pth``: torchvision's AlexNet state, the trunk of LPIPS; its own layers come with the package.

UniSVG's score is 0.2 SSIM + 0.2 (1 - LPIPS) + 0.6 CLIP (arXiv 2508.07766), of pictures of 336 x 336 on white.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from critic.errors import CriticError
from critic.similarity import fit_to
from renderers.types import Image

EXTRA = "pip install 'lookalike[neural]'"
CLIP, DINO, TRUNK = "clip", "dino", "alexnet.pth"
_UNISVG: Final = {"ssim": 0.2, "lpips": 0.2, "clip": 0.6}

Measure = Callable[[Image, Image], float]


class Neural:
    """The measures whose weights a folder holds."""

    def __init__(self, weights: Path) -> None:
        """Load the networks.

        Raises:
            CriticError: The extra is not installed, the folder holds no weights, or they cannot be loaded.
        """
        there = [name for name in (CLIP, DINO, TRUNK) if (weights / name).exists()]
        if not there:
            raise CriticError(
                f"{weights}: holds no weights; put {CLIP}/ and {DINO}/ as transformers saves them, or "
                f"{TRUNK} of torchvision, into it (nothing is downloaded)"
            )
        makers = {CLIP: _clip, DINO: _dino, TRUNK: _lpips}
        self._measures: dict[str, Measure] = {}
        for name in there:
            try:
                self._measures[_NAMES[name]] = makers[name](weights / name)
            except ImportError as error:
                raise CriticError(f"{weights / name}: {error.name} is not installed: {EXTRA}") from error
            except Exception as error:  # whatever a library says of weights that it cannot load
                told = str(error).strip().partition("\n")[0][:300]
                raise CriticError(f"{weights / name}: cannot be loaded ({told})") from error

    def measure(self, reference: Image, render: Image) -> dict[str, float]:
        """All measures of a render, fitted to the reference: CLIP and DINO up to 1, LPIPS from 0 on."""
        fitted = fit_to(reference, render)
        return {name: measure(reference, fitted) for name, measure in self._measures.items()}


_NAMES = {CLIP: "clip", DINO: "dino", TRUNK: "lpips"}


def unisvg(values: dict[str, float]) -> dict[str, float]:
    """UniSVG's score from its parts; nothing where one of them is missing."""
    if not values.keys() >= _UNISVG.keys():
        return {}
    parts = {**values, "lpips": 1.0 - values["lpips"]}
    return {"unisvg": sum(share * parts[name] for name, share in _UNISVG.items())}


def _clip(folder: Path) -> Measure:
    transformers: Any = importlib.import_module("transformers")
    model = transformers.CLIPModel.from_pretrained(folder, local_files_only=True).eval()
    prepare = transformers.CLIPImageProcessor.from_pretrained(folder, local_files_only=True)

    def embed(image: Image) -> Any:
        return _tensor(model.get_image_features(**prepare(images=image, return_tensors="pt")))

    return _cosine(embed)


def _dino(folder: Path) -> Measure:
    transformers: Any = importlib.import_module("transformers")
    model = transformers.AutoModel.from_pretrained(folder, local_files_only=True).eval()
    prepare = transformers.AutoImageProcessor.from_pretrained(folder, local_files_only=True)

    def embed(image: Image) -> Any:
        return model(**prepare(images=image, return_tensors="pt")).last_hidden_state[:, 0]

    return _cosine(embed)


def _tensor(answer: Any) -> Any:
    """The vector, which newer releases of transformers hand over with its layers."""
    return getattr(answer, "pooler_output", answer)


def _cosine(embed: Callable[[Image], Any]) -> Measure:
    """Likeness of two embeddings: 1 for the same direction."""
    torch: Any = importlib.import_module("torch")

    def measure(reference: Image, render: Image) -> float:
        with torch.no_grad():
            first, second = embed(reference), embed(render)
            return float(torch.nn.functional.cosine_similarity(first, second).item())

    return measure


def _lpips(file: Path) -> Measure:
    torch: Any = importlib.import_module("torch")
    lpips: Any = importlib.import_module("lpips")
    trunk = torch.load(file, map_location="cpu", weights_only=True)
    with contextlib.redirect_stdout(None):  # it says what it loads
        model = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False).eval()
    held = {
        name: trunk["features." + name.split(".", 1)[1]]
        for name in model.net.state_dict()  # sliceK.N.weight is torchvision's features.N.weight
    }
    model.net.load_state_dict(held)

    def measure(reference: Image, render: Image) -> float:
        with torch.no_grad():
            first, second = (_signed(torch, image) for image in (reference, render))
            return float(model(first, second).item())

    return measure


def _signed(torch: Any, image: Image) -> Any:
    """A picture as LPIPS takes it: -1..1, channels first."""
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1), np.float32) / 127.5 - 1.0)[None]
