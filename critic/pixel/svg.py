"""Compares two drawings shape by shape, in Visual-ERM's categories."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes

from critic.pixel.svg_moves import Move, moves
from critic.pixel.svg_outlines import Change, change
from critic.pixel.svg_pieces import gathered_pieces, without_slivers
from critic.pixel.svg_shapes import (
    Blob,
    Mask,
    Match,
    Shapes,
    box_of,
    clear,
    colour_distance,
    grown,
    match,
    shapes_of,
)
from critic.pixel.svg_symbols import symbol_change
from critic.pixel.svg_together import together
from critic.reading import Reader
from critic.reading.svg import Layers, taken_apart
from critic.similarity import colour_difference, fit_to
from critic.types import Box, Cause, Discrepancy, Element, Severity, Value, difference
from renderers.pictures import size_of
from renderers.types import Image

_RECOLOURED, _RECOLOURED_THIN = 10.0, 30.0
"""Channel levels above which a shape has another colour; a thin one's holds some of what lies round it."""

VISIBLE = 12.0
"""CIE76 difference above which a pixel visibly differs."""

_STRONG, _MOSTLY = 40.0, 0.5
"""CIE76 difference above which a pixel plainly differs, and share of a shape that does so from which it is
seen although it is as thin as a sliver."""

_LARGE_DRAWING, _SLIVER, _THICK_SLIVER = 120, 2, 3
"""Pixels of the shorter side from which slivers along edges are wider than in an icon, and their widths."""

_LEAST_SLIVERS, _LEAST_SHARE, _LEAST_OF_ALL = 4.0, 0.01, 40.0
"""The smallest change worth a word: in widths of a sliver, as a share of the shape, and in pixels at most."""

_COVERED = 0.9
"""Share of a shape, or of a change, from which it lies within something else."""

_SMALL = 60
"""Square pixels below which a shape is mostly rim: its mean colour holds some of what lies round it."""

_GRAVE, _NOTED = 0.004, 0.0005
"""Shares of the picture above which a shape too few or too many is severe, and above which it is medium."""

_GRAVE_OUTLINE, NOTED_OUTLINE = 0.4, 0.06
"""Shares of a shape above which the change of its outline is severe, and above which it is medium."""

_OTHER_COLOUR = 40
"""Channel levels above which a change of colour is seen at once."""

_LEAST_RECOLOURED = 0.001
"""Share of the picture that has changed its colour from which that is more than a detail."""

_CATEGORIES = {
    Cause.MISSING: "structure_error",
    Cause.EXTRA: "structure_error",
    Cause.MOVED: "structure_error",
    Cause.RESIZED: "shape_error",
    Cause.RESHAPED: "shape_error",
    Cause.WEIGHT: "style_error",
    Cause.RECOLOURED: "style_error",
    Cause.TEXT: "text_symbol_error",
}


@dataclass(frozen=True, slots=True)
class _Finding:
    discrepancy: Discrepancy
    area: int


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences between two drawings; none for differences of anti-aliasing only.

    What one shape explains is not blamed on those round it, nor on the canvas between them.
    """
    fitted = fit_to(reference, render)
    thickness = thickness_of(reference)
    apart = colour_difference(reference, fitted)
    if not (apart > VISIBLE).any():
        return []
    ours, theirs = _shapes(reference, reader), _shapes(fitted, reader)
    explained = np.zeros(apart.shape, bool)
    findings: list[_Finding] = []
    for move in moves(ours, theirs, apart > VISIBLE, thickness):
        findings += _moved(move)
        explained |= grown(binary_fill_holes(move.was) | binary_fill_holes(move.now), thickness)
    pairs = match(ours, theirs)
    holes, recoloured = (
        _holes_without_partner(pairs, thickness),
        defaultdict[tuple[str, str], list[Match]](list),
    )
    outlines = [_filled_change(pair, thickness) for pair in pairs]
    for pair in sorted(pairs, key=lambda pair: _turn(pair, apart, thickness)):
        changed = _changed(pair, apart, thickness) & ~explained
        if _explained_by(holes, changed) if _both(pair) else _uncovered(pair.blob, outlines):
            continue
        if changed.sum() >= _least_area(pair, thickness):
            if _is_repainted(pair) and pair.reference and pair.render:
                recoloured[pair.reference.paint, pair.render.paint].append(pair)
            finding = _judge(pair, changed, reference, reader)
            findings += [finding] if finding else []
            explained |= _reach(pair, changed, finding, thickness)
        elif (
            _is_recoloured(pair)
            and pair.reference
            and pair.render
            and not _of(pair.reference.mask, explained)
        ):
            recoloured[pair.reference.paint, pair.render.paint].append(pair)
            explained |= pair.reference.mask
    findings += [finding for matches in recoloured.values() for finding in _recolouring(matches, reference)]
    findings.sort(key=lambda finding: (-finding.discrepancy.severity, -finding.area))
    found = together([finding.discrepancy for finding in findings], size_of(reference)[:2])
    return without_slivers(gathered_pieces(found))


def thickness_of(image: Image) -> int:
    """Pixels that slivers along edges are thinner than."""
    return _THICK_SLIVER if min(image.shape[:2]) >= _LARGE_DRAWING else _SLIVER


def _shapes(image: Image, reader: Reader) -> Shapes:
    return reader.remember("svg-shapes", image, lambda picture: shapes_of(layers_of(picture, reader)))


def _holes_without_partner(pairs: list[Match], thickness: int) -> Mask | None:
    """Places where the canvas shows through a shape in one of the two pictures only."""
    holes = [
        pair.blob.mask
        for pair in pairs
        if pair.blob.background and (pair.reference is None or pair.render is None) and pair.blob.is_inside
    ]
    return grown(np.logical_or.reduce(holes), thickness) if holes else None


def _explained_by(holes: Mask | None, changed: Mask) -> bool:
    """Whether a shape differs only in having or lacking a hole, which is then the thing to report."""
    total = int(changed.sum())
    return holes is not None and total > 0 and int((changed & holes).sum()) >= _COVERED * total


def layers_of(image: Image, reader: Reader) -> Layers:
    """The layers of a picture, read once."""
    return reader.remember("svg", image, taken_apart)


def _changed(pair: Match, difference: NDArray[np.float32], thickness: int) -> Mask:
    """The pixels where a pair's outlines differ; what shows of a shape that stands alone."""
    visible = difference > VISIBLE
    if pair.reference is not None and pair.render is not None:
        return clear((pair.reference.mask ^ pair.render.mask) & visible, thickness)
    mask = pair.blob.mask
    solid = clear(mask & visible, thickness)
    strong = mask & (difference > _STRONG)
    return mask & visible if solid.any() or strong.sum() >= _MOSTLY * pair.area else solid


def _least_area(pair: Match, thickness: int) -> float:
    """Smallest change worth a word: small ones count where the shape itself is small."""
    if pair.reference is None or pair.render is None:
        return _LEAST_SLIVERS * thickness
    return max(_LEAST_SLIVERS * thickness, min(_LEAST_SHARE * pair.area, _LEAST_OF_ALL))


def _both(pair: Match) -> bool:
    return pair.reference is not None and pair.render is not None


_CAUSE = 1.5
"""How many times as large as what it uncovers the change of an outline is, at least: a shape that is drawn
over another one's edge changes its outline by as much as it is large itself."""


_SMALLER = 0.1
"""How much it counts that a shape is small where it is asked whose outline has changed: of two that change by
as much, the one of a tenth of the other's area comes first, unless that has changed by a quarter more."""


def _turn(pair: Match, apart: NDArray[np.float32], thickness: int) -> tuple[bool, bool, float]:
    """When a pair is looked at: what explains others first.

    Shapes come before the canvas that shows between them, and what stands alone before pairs. Of these, a
    cause changes at least as much as each of the shapes that it covers or uncovers.
    """
    background, paired = pair.blob.background, _both(pair)
    if not paired:
        return background, paired, -float(pair.area)
    changed = int(_changed(pair, apart, thickness).sum())
    return background, paired, -changed / pair.area**_SMALLER if changed else float(pair.area)


def _of(part: Mask, whole: Mask) -> bool:
    return int((part & whole).sum()) >= _COVERED * int(part.sum())


def _filled_change(pair: Match, thickness: int) -> Mask | None:
    """Where the outline of a shape differs, whatever holes it has; None where it has no partner."""
    if pair.reference is None or pair.render is None or pair.blob.background:
        return None
    changed = clear(binary_fill_holes(pair.reference.mask) ^ binary_fill_holes(pair.render.mask), thickness)
    return grown(changed, thickness) if changed.any() else None


def _uncovered(blob: Blob, outlines: list[Mask | None]) -> bool:
    """Whether a shape without a partner only comes to light, or is hidden, as another one changes."""
    return any(
        change is not None and change.sum() >= _CAUSE * blob.area and _of(blob.mask, change)
        for change in outlines
    )


def _reach(pair: Match, changed: Mask, finding: _Finding | None, thickness: int) -> Mask:
    """What a finding accounts for: its pixels, what they enclose, and for a symbol its whole place."""
    reach = grown(changed, thickness)
    if finding is not None and finding.discrepancy.category == _CATEGORIES[Cause.TEXT]:
        for blob in (pair.reference, pair.render):
            if blob is not None:
                reach[blob.box.grown(thickness).pixels] = True
    elif pair.reference is None or pair.render is None:
        reach[pair.blob.box.pixels] |= binary_fill_holes(pair.blob.cut())
    elif finding is not None and finding.discrepancy.cause in (Cause.RESIZED, Cause.WEIGHT):
        reach |= grown(
            binary_fill_holes(pair.reference.mask) ^ binary_fill_holes(pair.render.mask), thickness
        )
    return reach


def _is_recoloured(pair: Match) -> bool:
    if pair.reference is None or pair.render is None:
        return False
    least = _RECOLOURED_THIN if pair.area < _SMALL else _RECOLOURED
    return colour_distance(pair.reference, pair.render) > least


def _is_repainted(pair: Match) -> bool:
    """Whether a shape of some size plainly has another colour besides another outline."""
    if pair.reference is None or pair.render is None or pair.blob.background:
        return False
    return pair.area >= _SMALL and colour_distance(pair.reference, pair.render) > _OTHER_COLOUR


def _judge(pair: Match, changed: Mask, picture: Image, reader: Reader) -> _Finding | None:
    area, blob = int(changed.sum()), pair.blob
    symbols = symbol_change(pair, picture, reader)
    if symbols is not None:
        here, there = symbols
        cause = Cause.TEXT if here and there else Cause.MISSING if here else Cause.EXTRA
        element = Element(kind="symbol", name=here or there, at=blob.box)
        was, now = (here, there) if cause is Cause.TEXT else (None, None)
        return _found(cause, 2, element, blob.box, area, was, now, category=_CATEGORIES[Cause.TEXT])
    if pair.reference is not None and pair.render is not None:
        lost = changed & pair.reference.mask
        what = change(pair.reference, pair.render, lost, changed & ~lost)
        return _outline(pair.reference, pair.render, what, area)
    severity = _by_share(area / changed.size)
    cause = Cause.MISSING if pair.render is None else Cause.EXTRA
    return _found(cause, severity, _element(blob), blob.box, area)


def _by_share(share: float) -> Severity:
    """How severe it is that so much of the picture shows a shape too few, too many or out of place."""
    return 3 if share > _GRAVE else 2 if share > _NOTED else 1


def _element(blob: Blob) -> Element:
    kind = "hole" if blob.background and blob.is_inside else "shape"
    return Element(kind=kind, colour=blob.paint, at=blob.box)


def _outline(one: Blob, other: Blob, what: Change, area: int) -> _Finding | None:
    share = area / max(1, int((one.mask | other.mask).sum()))
    severity: Severity = 3 if share > _GRAVE_OUTLINE else 2 if share > NOTED_OUTLINE else 1
    lone = what.cause in (Cause.MISSING, Cause.EXTRA)
    element = Element(kind="part of a shape", colour=one.paint, at=what.box) if lone else _element(one)
    if what.cause is Cause.MOVED:
        severity = _by_share(area / one.mask.size)
    places = (what.box,) if lone or what.cause is Cause.RESHAPED else (one.box, other.box)
    return _found(what.cause, severity, element, what.box, area, what.reference, what.render, places)


def _found(
    cause: Cause,
    severity: Severity,
    element: Element,
    box: Box,
    area: int,
    reference: Value | None = None,
    render: Value | None = None,
    places: tuple[Box, ...] = (),
    category: str = "",
) -> _Finding | None:
    said = difference(
        category or _CATEGORIES[cause], severity, cause, element, box, reference=reference, render=render
    )
    if said is None:
        return None
    rim = tuple(place.grown(_RIM) for place in places or (box,))
    return _Finding(said.model_copy(update={"places": rim}), area)


_RIM = 3.0
"""Pixels round a shape in which the blending of its edges differs."""


def _moved(move: Move) -> list[_Finding]:
    was, now = box_of(move.was), box_of(move.now)
    area = int((move.was | move.now).sum())
    severity = _by_share(move.changed / move.was.size)
    values = tuple(was), tuple(was.shifted(move.across, move.down))
    element = Element(kind="shape", colour=move.paint, at=was)
    found = _found(Cause.MOVED, severity, element, was, area, *values, places=(was, now))
    return [found] if found else []


def _recolouring(matches: list[Match], picture: Image) -> list[_Finding]:
    """One finding for all shapes that changed from one colour to another."""
    blobs = [pair.reference for pair in matches if pair.reference is not None]
    area = sum(blob.area for blob in blobs)
    reference, render = matches[0].reference, matches[0].render
    assert reference is not None and render is not None
    distance = colour_distance(reference, render)
    severity: Severity = (
        2
        if distance > _OTHER_COLOUR and area > _LEAST_RECOLOURED * picture.shape[0] * picture.shape[1]
        else 1
    )
    many = len(matches) > 1
    element = Element(kind="background" if reference.background else "shapes" if many else "shape")
    box = Box.around(blob.box for blob in blobs)
    places = tuple(blob.box for blob in blobs)
    found = _found(Cause.RECOLOURED, severity, element, box, area, reference.paint, render.paint, places)
    return [found] if found else []
