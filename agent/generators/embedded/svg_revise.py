"""Mends a drawing: refits, repaints, adds or drops shapes where the render differs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.types import Bench
from critic.reading.svg import Drawing, Layers, Shape, read_shape
from critic.similarity import similarity
from critic.types import Box, Discrepancy
from graph.types import Action, Revision

_MAX_TRIALS = 8
_FINER = (0.6, 0.35)
_LEAST_ERROR = 12.0
_LEAST_GAIN = 3e-5
_PRICE_OF_A_BYTE = 5e-7
"""Similarity that a repair must gain for each byte it adds: longer code is worse to keep."""


@dataclass(frozen=True, slots=True)
class _Repair:
    """A shape to replace (None where one is to be added or dropped), and what to say of it."""

    zone: int
    shape: Shape | None
    description: str


async def revise_drawing(
    drawing: Drawing, layers: Layers, revision: Revision, bench: Bench
) -> tuple[Drawing | None, tuple[Action, ...]]:
    """A better drawing, or None where nothing helps, and what was done about each discrepancy."""
    reference = revision.task.reference
    render = revision.render
    if render is None or render.shape != reference.shape:
        return None, tuple(
            Action(discrepancy=i, description="no render to compare with", done=False)
            for i in range(len(revision.discrepancies))
        )
    height, width = layers.zones.first.shape
    scale = width / reference.shape[1]
    error = np.abs(reference.astype(np.float32) - render).sum(axis=2)
    error = np.asarray(cv2.resize(error, (width, height), interpolation=cv2.INTER_NEAREST), np.float32)
    ranked = _worst(layers, drawing, error)
    asked = _asked(layers, revision.discrepancies, scale)
    strokes = {shape.zones[0] for shape in drawing.shapes if shape.geometry.kind == "stroke"}
    worth = [zone for zone in ranked if zone not in strokes]
    # What was tried on this parent and rejected as a whole is tried again in smaller portions.
    portion = max(1, _MAX_TRIALS >> len(revision.attempts))
    order = [*dict.fromkeys([*asked, *worth])][:portion]
    best, score, told = drawing, similarity(reference, render), {}
    for zone in order:
        repairs = await asyncio.to_thread(_repairs, best, layers, zone)
        for repair in repairs:
            trial = _applied(best, layers, repair)
            image = await bench.image_of(write_svg(trial))
            if image is None:
                continue
            reached = similarity(reference, image)
            longer = len(write_svg(trial)) - len(write_svg(best))
            if reached > score + _LEAST_GAIN + _PRICE_OF_A_BYTE * max(0, longer):
                best, score = trial, reached
                told[zone] = repair.description
                break
    actions = _report(revision.discrepancies, layers, scale, asked, told)
    return (best if told else None), actions


def _worst(layers: Layers, drawing: Drawing, error: NDArray[np.float32]) -> list[int]:
    """Zones with the largest error in and on the border of them, the worst first."""
    zones = layers.zones
    inside = np.bincount(zones.first.ravel(), error.ravel(), zones.count)
    border = np.bincount(
        zones.second.ravel(), np.where(zones.first != zones.second, error, 0).ravel(), zones.count
    )
    total = inside + border
    known = [region.zone for region in layers.regions]
    return sorted((z for z in known if total[z] > _LEAST_ERROR * 10), key=lambda z: -total[z])


def _asked(layers: Layers, discrepancies: tuple[Discrepancy, ...], scale: float) -> list[int]:
    """For each discrepancy the zone that fills its box best."""
    zones = []
    for item in discrepancies:
        zone = _zone_at(layers, item.box, scale)
        if zone is not None:
            zones.append(zone)
    return zones


def _zone_at(layers: Layers, box: Box | None, scale: float) -> int | None:
    if box is None:
        return None
    box = Box(*(edge * scale for edge in box))
    top, bottom, left, right = int(box.y0), int(np.ceil(box.y1)), int(box.x0), int(np.ceil(box.x1))
    crop = layers.zones.first[max(0, top) : bottom, max(0, left) : right]
    if not crop.size:
        return None
    drawn = {region.zone for region in layers.regions}
    counts = np.bincount(crop.ravel(), minlength=layers.zones.count)
    totals = np.bincount(layers.zones.first.ravel(), minlength=layers.zones.count)
    scores = {zone: counts[zone] / np.sqrt(max(1, totals[zone])) for zone in drawn if counts[zone]}
    return max(scores, key=lambda zone: scores[zone], default=None)


def _repairs(drawing: Drawing, layers: Layers, zone: int) -> list[_Repair]:
    region = next(region for region in layers.regions if region.zone == zone)
    current = next((shape for shape in drawing.shapes if shape.zones == (zone,)), None)
    tolerance = current.tolerance if current else 0.2
    repairs = []
    for factor in _FINER:
        shape = read_shape(layers, region, tolerance * factor)
        if shape is not None and (current is None or shape.geometry != current.geometry):
            verb = "drawn again more closely" if current else "added"
            repairs.append(_Repair(zone, shape, f"shape {verb}, within {shape.tolerance:.2f} pixels"))
    return repairs


def _applied(drawing: Drawing, layers: Layers, repair: _Repair) -> Drawing:
    """The drawing with one shape replaced, at the place that its layer asks for."""
    rank = {region.zone: index for index, region in enumerate(layers.regions)}
    others = [shape for shape in drawing.shapes if shape.zones != (repair.zone,)]
    if repair.shape is not None:
        others.append(repair.shape)
    others.sort(key=lambda shape: rank.get(shape.zones[0], -1) if shape.zones else -1)
    return drawing.model_copy(update={"shapes": tuple(others)})


def _report(
    discrepancies: tuple[Discrepancy, ...],
    layers: Layers,
    scale: float,
    asked: list[int],
    told: dict[int, str],
) -> tuple[Action, ...]:
    actions = []
    for index, item in enumerate(discrepancies):
        zone = _zone_at(layers, item.box, scale)
        if zone is not None and zone in told:
            actions.append(Action(discrepancy=index, description=told[zone]))
        else:
            why = "no shape there" if zone is None else "no closer outline helped"
            actions.append(Action(discrepancy=index, description=why, done=False))
    own = [text for zone, text in told.items() if zone not in asked]
    actions += [Action(description=text) for text in own[:8]]
    return tuple(actions)
