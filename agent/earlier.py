"""The run that a folder already holds, when it is to go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.errors import InputError
from graph.checkpoints import FILE
from graph.folder import RUN
from renderers.pictures import Laid, load_picture, size_of
from renderers.types import Image, Kind, Language, Size


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a run that began earlier was about.

    Attributes:
        folder: Its run folder.
        kind: What its picture shows.
        language: What it writes.
        reference: File of its picture within the folder.
        picture: What the picture is called.
        ground: What its transparency was laid on; None for white, or none.
        scale: Pixels of the picture in one of the page's, where a browser draws it.
    """

    folder: Path
    kind: Kind
    language: Language
    reference: str
    picture: str = ""
    ground: str | None = None
    scale: float = 1.0

    @property
    def laid(self) -> Laid:
        """The picture as it was taken.

        Raises:
            PictureError: It is gone or broken.
        """
        return Laid(load_picture(self.folder / self.reference), self.ground)

    @property
    def size(self) -> Size:
        """What its renders are as large as; errors as for ``laid``."""
        return size_of(self.laid.pixels, 1.0 if self.kind is Kind.CHART else self.scale)

    def check(self, picture: Image, kind: Kind | None, language: Language | None) -> None:
        """Make sure that the same is asked for again.

        Raises:
            InputError: The picture, the kind or the language is another.
            PictureError: The earlier run's picture is gone or broken.
        """
        if not np.array_equal(load_picture(self.folder / self.reference), picture):
            raise self._another("picture")
        if kind and kind != self.kind:
            raise self._another(f"kind ({self.kind}, not {kind})")
        if language and language != self.language:
            raise self._another(f"language ({self.language}, not {language})")

    def _another(self, what: str) -> InputError:
        return InputError(
            f"{self.folder}: the run in this folder is of another {what}; "
            "choose another folder, or start anew without resuming"
        )


def earlier_run(folder: Path) -> Earlier | None:
    """The run that can go on in a folder from its checkpoints there; None where none can."""
    return begun_run(folder) if (folder / FILE).exists() else None


def begun_run(folder: Path) -> Earlier | None:
    """The run that began in a folder, wherever its checkpoints are; None where none did."""
    try:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        return Earlier(
            folder,
            Kind(run["kind"]),
            Language(run["language"]),
            run["reference"],
            str(run.get("picture") or ""),
            run.get("ground"),
            float(run.get("scale") or 1.0),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
