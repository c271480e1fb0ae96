"""Compares two drawings shape by shape, in Visual-ERM's categories."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes

from critic.pixel.svg_shapes import Blob, Mask, Match, Shapes, clear, colour_distance, match, shapes_of
from critic.reading import Reader
from critic.reading.svg import Layers, arrange, split
from critic.similarity import colour_difference, fit_to
from critic.types import Box, Discrepancy, Severity
from renderers.types import Image

_RECOLOURED = 10.0
_VISIBLE = 12.0
_STRONG = 40.0
_GLYPH_SCORE = 0.93

_LARGE_DRAWING = 120
"""Pixels of the shorter side from which slivers along edges are wider than in an icon."""

_SMALL = 60
"""Square pixels below which a shape is mostly rim: its mean colour holds some of what lies round it."""

_GRAVE, _NOTED = 0.004, 0.0005
"""Shares of the picture above which a shape too few or too many is severe, and above which it is medium."""

_GRAVE_OUTLINE, _NOTED_OUTLINE = 0.4, 0.06
"""Shares of a shape above which the change of its outline is severe, and above which it is medium."""

_MOVED = 1.5
"""Pixels, across and down together, from which a shape is moved: rounding moves its middle by a half each."""

_OTHER_COLOUR = 40
"""Channel levels above which a change of colour is seen at once."""

_LEAST_RECOLOURED = 0.001
"""Share of the picture that has changed its colour from which that is more than a detail."""

_LEAST_LETTER, _MOST_LETTER = 7, 0.6
"""Height of a letter: from so many pixels, below which none can be read, to this share of the picture."""

_NARROWEST, _WIDEST = 0.25, 1.5
"""Width of a letter or digit in its heights: narrow ones such as j, wide ones such as W."""

_NEAR_SIDE, _FAR_SIDE = 0.36, 0.64
"""Shares of the picture's side that end its first third and start its last, each third a little widened."""

_LOOKS_LIKE_A_SHAPE = set("oO0Il1xXvVcCDJLTUuY7")


@dataclass(frozen=True, slots=True)
class _Finding:
    discrepancy: Discrepancy
    area: int


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences between two drawings; none for differences of anti-aliasing only.

    What one shape explains is not blamed on those round it, nor on the canvas between them.
    """
    fitted = fit_to(reference, render)
    thickness = 3 if min(reference.shape[:2]) >= _LARGE_DRAWING else 2
    difference = colour_difference(reference, fitted)
    if not (difference > _VISIBLE).any():
        return []
    pairs = match(_shapes(reference, reader), _shapes(fitted, reader))
    explained = np.zeros(difference.shape, bool)
    findings: list[_Finding] = []
    recoloured: dict[tuple[str, str], list[Match]] = defaultdict(list)
    filled_holes = _holes_without_partner(pairs, thickness)
    for pair in pairs:
        changed = _changed(pair, difference, thickness) & ~explained
        if pair.reference and pair.render and _explained_by(filled_holes, changed):
            continue
        if changed.sum() >= _least_area(pair, thickness):
            finding = _judge(pair, changed, reference, reader)
            findings.append(finding)
            explained |= _reach(pair, changed, finding, thickness)
        elif _is_recoloured(pair) and pair.reference and pair.render:
            recoloured[pair.reference.paint, pair.render.paint].append(pair)
            explained |= pair.reference.mask
    findings += [_recolouring(matches, reference) for matches in recoloured.values()]
    findings.sort(key=lambda finding: (-finding.discrepancy.severity, -finding.area))
    return [finding.discrepancy for finding in findings]


def _shapes(image: Image, reader: Reader) -> Shapes:
    return reader.remember("svg-shapes", image, lambda picture: shapes_of(layers_of(picture, reader)))


def _holes_without_partner(pairs: list[Match], thickness: int) -> Mask | None:
    """Places where the canvas shows through a shape in one of the two pictures only."""
    holes = [
        pair.blob.mask
        for pair in pairs
        if pair.blob.background and (pair.reference is None or pair.render is None) and _inside(pair.blob)
    ]
    return _dilated(np.logical_or.reduce(holes), thickness) if holes else None


def _inside(blob: Blob) -> bool:
    height, width = blob.mask.shape
    return blob.box.x0 > 0 and blob.box.y0 > 0 and blob.box.x1 < width and blob.box.y1 < height


def _explained_by(holes: Mask | None, changed: Mask) -> bool:
    """Whether a shape differs only in having or lacking a hole, which is then the thing to report."""
    total = int(changed.sum())
    return holes is not None and total > 0 and int((changed & holes).sum()) >= 0.9 * total


def _reach(pair: Match, changed: Mask, finding: _Finding, thickness: int) -> Mask:
    """What a finding accounts for: its pixels, what they enclose, and for a symbol its whole place."""
    reach = _dilated(changed, thickness)
    if finding.discrepancy.category == "text_symbol_error":
        for blob in (pair.reference, pair.render):
            if blob is not None:
                left, top, right, bottom = (int(v) for v in blob.box)
                reach[max(0, top - 3) : bottom + 3, max(0, left - 3) : right + 3] = True
    elif pair.reference is None or pair.render is None:
        left, top, right, bottom = (int(v) for v in pair.blob.box)
        reach[top:bottom, left:right] |= binary_fill_holes(pair.blob.cut())
    return reach


def layers_of(image: Image, reader: Reader) -> Layers:
    """The layers of a picture, read once."""
    return reader.remember("svg", image, lambda picture: arrange(split(picture)))


def _changed(pair: Match, difference: NDArray[np.float32], thickness: int) -> Mask:
    """The pixels where a pair's outlines differ; what shows of a shape that stands alone."""
    visible = difference > _VISIBLE
    if pair.reference is not None and pair.render is not None:
        return clear((pair.reference.mask ^ pair.render.mask) & visible, thickness)
    mask = pair.blob.mask
    solid = clear(mask & visible, thickness)
    strong = mask & (difference > _STRONG)
    return mask & visible if solid.any() or strong.sum() >= 0.5 * pair.area else solid


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
    thin = pair.area < _SMALL
    return colour_distance(pair.reference, pair.render) > (3.0 if thin else 1.0) * _RECOLOURED


def _judge(pair: Match, changed: Mask, reference: Image, reader: Reader) -> _Finding:
    area = int(changed.sum())
    blob = pair.blob
    alone = pair.reference is None or pair.render is None
    box = blob.box if alone else _box_of(changed)
    location = _where(box, reference)
    glyph = _glyph_change(pair, reference, reader)
    if glyph:
        return _Finding(_discrepancy("text_symbol_error", 2, location, glyph, box), area)
    if not alone:
        return _Finding(_outline_change(pair, area, box, location), area)
    share = area / changed.size
    severity: Severity = 3 if share > _GRAVE else 2 if share > _NOTED else 1
    if blob.background and _inside(blob):
        what = f"a hole or {blob.paint} shape of {_size(blob.box)} pixels"
    else:
        what = f"a {blob.paint} shape of {_size(blob.box)} pixels"
    text = f"{what} is missing" if pair.render is None else f"{what} is there that the reference lacks"
    return _Finding(_discrepancy("structure_error", severity, location, text, box), area)


def _outline_change(pair: Match, area: int, box: Box, location: str) -> Discrepancy:
    assert pair.reference is not None and pair.render is not None
    share = area / max(1, int((pair.reference.mask | pair.render.mask).sum()))
    severity: Severity = 3 if share > _GRAVE_OUTLINE else 2 if share > _NOTED_OUTLINE else 1
    one, other = pair.reference.box, pair.render.box
    dx, dy = (other.x0 + other.x1 - one.x0 - one.x1) / 2, (other.y0 + other.y1 - one.y0 - one.y1) / 2
    shape = f"the {pair.reference.paint} shape of {_size(one)} pixels"
    if _size(one) != _size(other):
        text = f"{shape} is {_size(other)} pixels in the render"
    elif abs(dx) + abs(dy) >= _MOVED:
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
    severity: Severity = (
        2
        if distance > _OTHER_COLOUR and area > _LEAST_RECOLOURED * picture.shape[0] * picture.shape[1]
        else 1
    )
    what = "a shape" if len(matches) == 1 else f"{len(matches)} shapes"
    if reference.background:
        what = "the background"
    text = f"{what}: reference {reference.paint}, render {render.paint}"
    return _Finding(_discrepancy("style_error", severity, _where(box, picture), text, box), area)


def _glyph_change(pair: Match, picture: Image, reader: Reader) -> str:
    """What is wrong with a letter or digit, where the changed shape is one; else nothing."""
    here, there = (_symbol(blob, picture, reader) for blob in (pair.reference, pair.render))
    if here == there:
        return ""
    if pair.reference is None:
        return f"the symbol '{there}' is there that the reference lacks"
    if pair.render is None:
        return f"the symbol '{here}' is missing"
    return f"reference '{here}', render '{there}'" if here and there else ""


def _symbol(blob: Blob | None, picture: Image, reader: Reader) -> str:
    """The letter or digit that a shape is, read by OCR from the shape alone; empty where it is none."""
    if blob is None or blob.background:
        return ""
    width, height = blob.box.x1 - blob.box.x0, blob.box.y1 - blob.box.y0
    if not (
        _LEAST_LETTER <= height <= _MOST_LETTER * picture.shape[0] and _NARROWEST <= width / height <= _WIDEST
    ):
        return ""
    margin = int(0.35 * height) + 2
    ink = np.pad(blob.cut(), margin)
    alone = np.repeat(np.where(ink, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    line = reader.text.word(alone, scale=48 / alone.shape[0])
    if line is None or line.score < _GLYPH_SCORE:
        return ""
    text = line.text.strip()
    plain = len(text) == 1 and text.isalnum() and text.isascii()
    return text if plain and text not in _LOOKS_LIKE_A_SHAPE else ""


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
    column = "left" if x < _NEAR_SIDE else "right" if x > _FAR_SIDE else ""
    row = "upper" if y < _NEAR_SIDE else "lower" if y > _FAR_SIDE else ""
    return " ".join(filter(None, (row, column))) or "centre"
