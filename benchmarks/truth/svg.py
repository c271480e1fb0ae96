"""Measures an icon's code against the SVG that its picture was made from."""

from __future__ import annotations

from pathlib import Path

import cairosvg
import numpy as np

from critic.similarity import similarity
from renderers.pictures import load_picture
from renderers.types import Image

_SIZE = 512


def measure(code: str, truth: Path) -> dict[str, float]:
    """SSIM and mean difference of the two drawn at 512 pixels, and the code's bytes over the truth's.

    Args:
        code: SVG.
        truth: The ``.svg`` that the picture was drawn from.
    """
    source = truth.read_text(encoding="utf-8")
    right, found = _drawn(source.replace("currentColor", "#000")), _drawn(code)
    return {
        "ssim_512": similarity(right, found),
        "difference": float(np.abs(right.astype(np.int16) - found).mean() / 255.0),
        "bytes": float(len(code.encode())),
        "bytes_ratio": len(code.encode()) / len(source.encode()),
    }


def _drawn(code: str) -> Image:
    png = cairosvg.svg2png(
        bytestring=code.encode(), output_width=_SIZE, output_height=_SIZE, background_color="white"
    )
    return load_picture(png)
