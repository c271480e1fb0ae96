"""The reference and the kind of a sample, by the names that data sets give them."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image as PILImage

from renderers.types import Kind

REFERENCES = ("reference", "gt_img_path", "image_ori", "image", "images", "ground_truth", "label")
"""In which a reference is looked for, in this order; the second and third are those of Visual-ERM's data."""

_KINDS = {"icon2svg": Kind.SVG, "chart2code": Kind.CHART, "table": Kind.TABLE}
"""What Visual-ERM's ``task_type`` holds."""


def reference_of(sample: Mapping[str, Any]) -> Path | bytes:
    """The picture to reproduce: a path, bytes, a Hugging Face image or a Pillow one; the first of several.

    Where there is none, an empty one, which no reward can be had for.
    """
    for name in REFERENCES:
        found = _picture(sample.get(name))
        if found is not None:
            return found
    return b""


def _picture(value: Any) -> Path | bytes | None:
    if isinstance(value, list | tuple):
        return _picture(value[0]) if value else None
    if isinstance(value, Mapping):
        return _picture(value.get("bytes")) or _picture(value.get("path"))
    if isinstance(value, str) and value.startswith("data:"):
        return _decoded(value)
    if isinstance(value, str | Path) and str(value):
        return Path(value)
    if isinstance(value, PILImage.Image):
        buffer = io.BytesIO()
        value.save(buffer, format="PNG")
        return buffer.getvalue()
    return value if isinstance(value, bytes) and value else None


def _decoded(url: str) -> bytes:
    """The bytes of a data URL; none where it is broken."""
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        return b""


def kind_of(sample: Mapping[str, Any], source: str = "") -> Kind | None:
    """What a sample shows: its ``kind``, ``category`` or ``task_type``, else what its source's name holds."""
    for name in ("kind", "category"):
        value = sample.get(name)
        if isinstance(value, str) and value in tuple(Kind):
            return Kind(value)
    told = f"{sample.get('task_type') or ''} {source}".casefold()
    for word, kind in _KINDS.items():
        if word in told:
            return kind
    return next((kind for kind in Kind if kind.value in told), None)


def text_of(completion: Any) -> str:
    """An answer's text: as it is, or the contents of its messages."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, Mapping):
        return text_of(completion.get("content") or completion.get("text") or "")
    if isinstance(completion, list | tuple):
        return "\n".join(text_of(part) for part in completion)
    return ""
