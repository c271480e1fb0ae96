"""Compares two drawings shape by shape, in Visual-ERM's categories."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import cv2
import numpy as np

from critic.pixel.svg_shapes import Blob, Mask, Match, blobs, clear, colour_distance, match
from critic.reading import Reader
from critic.reading.svg import Layers, arrange, split
from critic.similarity import fit_to
from critic.types import Box, Discrepancy, Severity
from renderers.types import Image

_RECOLOURED = 10.0
_GLYPH_SCORE = 0.85
_LOOKS_LIKE_A_SHAPE = set("oO0Il1|-_.,:;'`/\\()[]\u2014\u2013~=+xXvV^<>*·•°一二三口日丨")
_MAX_REPORTED = 20


@dataclass(frozen=True, slots=True)
class _Finding:
    discrepancy: Discrepancy
    area: int


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences between two drawings; none for differences of anti-aliasing only.

    Small shapes are looked at first, and what they explain is not blamed on those below them.
    """
    fitted = fit_to(reference, render)
    thickness = 3 if min(reference.shape[:2]) >= 120 else 2
    different = np.abs(reference.astype(np.int16) - fitted).max(axis=2) > 9
    if not different.any():
        return []
    pairs = match(_blobs(reference, reader), _blobs(fitted, reader))
    explained = np.zeros(different.shape, bool)
    findings: list[_Finding] = []
    recoloured: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for pair in pairs:
        changed = _changed(pair, thickness) & ~explained & different
        if changed.sum() >= _least_area(pair, thickness):
            findings.append(_judge(pair, changed, reference, fitted, reader))
            explained |= _dilated(changed, thickness)
        elif _is_recoloured(pair) and pair.reference and pair.render:
            recoloured[pair.reference.paint, pair.render.paint].append(pair)
            explained |= pair.reference.mask
    findings += [_recolouring(matches, reference) for matches in recoloured.values()]
    findings.sort(key=lambda finding: (-finding.discrepancy.severity, -finding.area))
    return [finding.discrepancy for finding in findings[:_MAX_REPORTED]]


def _blobs(image: Image, reader: Reader) -> list[Blob]:
    return reader.remember("svg-blobs", image, lambda picture: blobs(layers_of(picture, reader)))


def layers_of(image: Image, reader: Reader) -> Layers:
    """The layers of a picture, read once."""
    return reader.remember("svg", image, lambda picture: arrange(split(picture)))


def _changed(pair: Match, thickness: int) -> Mask:
    """The pixels where a pair's outlines differ; all of a shape that stands alone."""
    if pair.reference is None or pair.render is None:
        blob = pair.reference or pair.render
        assert blob is not None
        return blob.mask
    return clear(pair.reference.mask ^ pair.render.mask, thickness)


def _least_area(pair: Match, thickness: int) -> float:
    """Smallest change worth a word: small ones count where the shape itself is small."""
    if pair.reference is None or pair.render is None:
        return 4.0 * thickness
    return max(4.0 * thickness, min(0.01 * pair.area, 40.0))


def _dilated(mask: Mask, thickness: int) -> Mask:
    kernel = np.ones((2 * thickness + 1, 2 * thickness + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def _is_recoloured(pair: Match) -> bool:
    if pair.reference is None or pair.render is None:
        return False
    thin = pair.area < 60
    return colour_distance(pair.reference, pair.render) > (3.0 if thin else 1.0) * _RECOLOURED


def _judge(pair: Match, changed: Mask, reference: Image, render: Image, reader: Reader) -> _Finding:
    area = int(changed.sum())
    box = _box_of(changed)
    location = _where(box, reference)
    blob = pair.reference or pair.render
    assert blob is not None
    glyph = _glyph_change(pair, reference, render, reader)
    if glyph:
        return _Finding(_discrepancy("text_symbol_error", 2, location, glyph, box), area)
    if pair.render is None or pair.reference is None:
        share = area / changed.size
        severity: Severity = 3 if share > 0.004 else 2 if share > 0.0005 else 1
        what = f"a {blob.paint} shape of {_size(blob.box)} pixels"
        text = f"{what} is missing" if pair.render is None else f"{what} is there that the reference lacks"
        return _Finding(_discrepancy("structure_error", severity, location, text, blob.box), area)
    return _Finding(_outline_change(pair, area, box, location), area)


def _outline_change(pair: Match, area: int, box: Box, location: str) -> Discrepancy:
    assert pair.reference is not None and pair.render is not None
    share = area / max(1, int((pair.reference.mask | pair.render.mask).sum()))
    severity: Severity = 3 if share > 0.4 else 2 if share > 0.06 else 1
    one, other = pair.reference.box, pair.render.box
    dx, dy = (other.x0 + other.x1 - one.x0 - one.x1) / 2, (other.y0 + other.y1 - one.y0 - one.y1) / 2
    shape = f"the {pair.reference.paint} shape of {_size(one)} pixels"
    if _size(one) != _size(other):
        text = f"{shape} is {_size(other)} pixels in the render"
    elif abs(dx) + abs(dy) >= 1.5:
        text = f"{shape} is moved by ({dx:+.0f}, {dy:+.0f}) pixels"
    else:
        text = f"{shape} has another outline ({area} pixels differ)"
    return _discrepancy("shape_error", severity, location, text, box)


def _recolouring(matches: list[Match], picture: Image) -> _Finding:
    """One word for all shapes that changed from one colour to another."""
    boxes = [pair.reference.box for pair in matches if pair.reference is not None]
    box = Box(*(min(b[i] for b in boxes) for i in (0, 1)), *(max(b[i] for b in boxes) for i in (2, 3)))
    area = sum(pair.reference.area for pair in matches if pair.reference is not None)
    reference, render = matches[0].reference, matches[0].render
    assert reference is not None and render is not None
    distance = colour_distance(reference, render)
    severity: Severity = 2 if distance > 40 and area > 0.001 * picture.shape[0] * picture.shape[1] else 1
    what = "a shape" if len(matches) == 1 else f"{len(matches)} shapes"
    if reference.background:
        what = "the background"
    text = f"{what}: reference {reference.paint}, render {render.paint}"
    return _Finding(_discrepancy("style_error", severity, _where(box, picture), text, box), area)


def _glyph_change(pair: Match, reference: Image, render: Image, reader: Reader) -> str:
    """What is wrong with a letter or digit, where the changed shape is one; else nothing."""
    blob = pair.reference or pair.render
    assert blob is not None
    if blob.background or not _glyph_sized(blob, reference):
        return ""
    here, there = _symbol(blob, reference, reader), _symbol(blob, render, reader)
    wanted = here if pair.reference is not None else there
    if not wanted or here == there:
        return ""
    if pair.reference is None:
        return f"the symbol '{there}' is there that the reference lacks"
    return f"reference '{here}', render '{there}'" if there else f"the symbol '{here}' is missing or damaged"


def _glyph_sized(blob: Blob, picture: Image) -> bool:
    width, height = blob.box.x1 - blob.box.x0, blob.box.y1 - blob.box.y0
    return 7 <= height <= 0.6 * picture.shape[0] and 0.2 <= width / height <= 1.6


def _symbol(blob: Blob, picture: Image, reader: Reader) -> str:
    """The letters or digits that a shape's place shows, read by OCR; empty where it is no clear symbol."""
    margin = int(0.35 * (blob.box.y1 - blob.box.y0)) + 2
    height, width = picture.shape[:2]
    top, bottom = max(0, int(blob.box.y0) - margin), min(height, int(blob.box.y1) + margin)
    left, right = max(0, int(blob.box.x0) - margin), min(width, int(blob.box.x1) + margin)
    line = reader.text.word(np.ascontiguousarray(picture[top:bottom, left:right]), scale=48 / (bottom - top))
    if line is None or line.score < _GLYPH_SCORE:
        return ""
    text = line.text.strip()
    plain = len(text) <= 4 and text.isalnum() and text.isascii()
    return text if plain and not set(text) <= _LOOKS_LIKE_A_SHAPE else ""


def _discrepancy(category: str, severity: Severity, location: str, text: str, box: Box) -> Discrepancy:
    return Discrepancy(category=category, severity=severity, location=location, description=text, box=box)


def _box_of(mask: Mask) -> Box:
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def _size(box: Box) -> str:
    return f"{box.x1 - box.x0:.0f} x {box.y1 - box.y0:.0f}"


def _where(box: Box, picture: Image) -> str:
    """The part of the picture that a box lies in, in words."""
    x, y = (box.x0 + box.x1) / 2 / picture.shape[1], (box.y0 + box.y1) / 2 / picture.shape[0]
    column = "left" if x < 0.36 else "right" if x > 0.64 else ""
    row = "upper" if y < 0.36 else "lower" if y > 0.64 else ""
    return " ".join(filter(None, (row, column))) or "centre"
