"""What speaks for and against each kind, in points."""

from __future__ import annotations

import numpy as np

from critic.reading.kind_features import Features
from renderers.types import Kind

Evidence = dict[Kind, list[tuple[float, str]]]


def _ramp(value: float, low: float, high: float) -> float:
    """0 at ``low``, 1 at ``high``, which may be the smaller one; straight between them."""
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def evidence_of(f: Features) -> Evidence:
    """Points for and against each kind, with what they rest on."""
    return {
        Kind.TABLE: [
            (3.5 * _ramp(f.gridded, 0.4, 0.9) * _ramp(f.rows, 1, 3), "text in rows and columns"),
            (
                3.0 * _ramp(f.banded, 0.4, 0.9) * _ramp(f.bands, 1, 3),
                "rows ruled or filled from side to side",
            ),
            (4.0 * _ramp(f.celled, 0.5, 0.9) * _ramp(f.grounds, 7, 4), "text in ruled cells"),
            (
                -2.0 * _ramp(f.straight, 0.25, 0.45) * _ramp(max(f.banded, f.celled), 0.5, 0.0),
                "lines that hold no text",
            ),
            (-2.5 * f.sidebar, "a bar along a side"),
            (-1.5 * _ramp(f.shaded, 0.01, 0.04), "a photograph"),
            (1.0 * _ramp(f.empty, 0.35, 0.1), "text all over"),
            (-2.0 * _ramp(f.curves + f.shapes, 0.08, 0.3), "drawn shapes"),
            (-2.0 * _ramp(f.grounds, 4, 7), "many fill colours"),
            (-1.5 * f.viewport * _ramp(f.room, 10, 30), "size of a browser window"),
            (-1.0 * f.viewport * _ramp(f.bleed, 0.05, 0.2), "colour up to the border"),
            (-1.0 * _ramp(f.headings, 1.5, 2.2), "headings"),
        ],
        Kind.CHART: [
            (1.5 * _ramp(f.numeric, 0.1, 0.5), "numbers along axes"),
            (1.5 * _ramp(f.empty, 0.15, 0.45), "a plot area"),
            (2.0 * _ramp(f.curves + f.shapes, 0.02, 0.25), "drawn shapes"),
            (1.0 * _ramp(f.straight, 0.2, 0.45), "a frame"),
            (1.5 * _ramp(f.grounds, 4, 7), "many fill colours"),
            (-2.0 * _ramp(f.long, 0.1, 0.3), "sentences"),
            (-1.5 * _ramp(f.bleed, 0.05, 0.2), "no margin"),
            (-1.0 * _ramp(f.headings, 1.8, 2.6), "headings"),
            (-2.0 * _ramp(f.celled, 0.5, 0.9) * _ramp(f.grounds, 7, 4), "text in ruled cells"),
            (-2.5 * f.sidebar, "a bar along a side"),
            (-2.0 * _ramp(f.shaded, 0.01, 0.04) * _ramp(f.numeric, 0.1, 0.0), "a photograph"),
        ],
        Kind.PAGE: [
            (2.5 * f.viewport - 1.0, "size of a browser window"),
            (1.5 * _ramp(f.long, 0.05, 0.4), "sentences"),
            (1.0 * _ramp(f.headings, 1.3, 2.2), "headings"),
            (1.0 * _ramp(f.bleed, 0.05, 0.2), "colour up to the border"),
            (0.8 * _ramp(f.numeric, 0.25, 0.05), "words"),
            (0.7 * _ramp(f.rows, 4, 9) * _ramp(f.gridded, 0.9, 0.5), "text in blocks"),
            (
                4.0
                * _ramp(f.stacked, 0.5, 0.9)
                * _ramp(f.rows, 6, 14)
                * _ramp(f.numeric, 0.1, 0.0)
                * _ramp(f.gridded, 0.4, 0.1),
                "lines of text below each other",
            ),
            (2.5 * f.sidebar, "a bar along a side"),
            (2.5 * _ramp(f.shaded, 0.01, 0.04) * _ramp(f.numeric, 0.1, 0.0), "a photograph among text"),
        ],
    }
