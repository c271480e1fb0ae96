"""A model that draws, badly first and better each time it is told; and a critic that sees how badly."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
from PIL import Image

from agent.testing import Asked, Reply

SIZE, WANTED, STEP = 64, 40, 8


def svg(width: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">'
        f'<rect x="8" y="8" width="{width}" height="30" fill="red"/></svg>'
    )


def write(asked: Asked) -> Reply:
    """A model that draws a rectangle too narrow, and a little wider each time it is told."""
    before = re.search(r'<rect [^>]*width="(\d+)"', asked.texts)
    widths = [int(before[1]) + STEP if before else 8 + number for number in range(asked.body["n"])]
    return Reply(tuple(f"```svg\n{svg(width)}\n```" for width in widths))


def judge(asked: Asked) -> Reply:
    """A critic that finds a difference for each column of pixels that differs."""
    reference, render = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L")).astype(int)
        for url in asked.pictures
    )
    columns = int((np.abs(reference - render).max(axis=0) > 60).sum())
    errors = [
        {"category": "shape_error", "severity": 1, "description": f"column {n}"} for n in range(columns)
    ]
    return Reply(json.dumps({"errors": errors}))


def reference() -> np.ndarray:
    picture = np.full((SIZE, SIZE, 3), 255, dtype=np.uint8)
    picture[8:38, 8 : 8 + WANTED] = (255, 0, 0)
    return picture


def reference_png(path: Path) -> None:
    Image.fromarray(reference()).save(path)
