"""Tells what a chart's program draws, as JSON: run as a script with the program's path."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import collections, container, image, lines, patches, text

Found = dict[str, list[Any]]
_NO_LINE = ("None", "none", " ", "")


def found_in(figure: Any) -> Found:
    """The texts of a figure, and the values of its marks by kind."""
    found: Found = {kind: [] for kind in ("bar", "barh", "line", "scatter", "area", "pie", "heat", "segment")}
    found["texts"] = [
        t.get_text() for t in figure.findobj(text.Text) if t.get_visible() and t.get_text().strip()
    ]
    for ax in figure.axes:
        for item in ax.containers:
            if isinstance(item, container.BarContainer):
                _bars(item, found)
        for item in ax.get_children():
            _mark(item, found)
    return found


def _bars(item: Any, found: Found) -> None:
    boxes = [(p.get_x(), p.get_y(), p.get_width(), p.get_height()) for p in item.patches]
    lying = item.orientation == "horizontal"
    along: Callable[[Any], float] = (lambda b: float(b[1])) if lying else (lambda b: float(b[0]))
    values = [[along(b), b[2] if lying else b[3]] for b in sorted(boxes, key=along)]
    found["barh" if lying else "bar"].append(values)


def _mark(item: Any, found: Found) -> None:
    if isinstance(item, lines.Line2D) and len(item.get_xdata()) > 1:
        kind = "scatter" if item.get_linestyle() in _NO_LINE else "line"
        found[kind].append(
            # As numbers: what was given may be dates.
            [[float(x), float(y)] for x, y in item.get_xydata()]
        )
    elif isinstance(item, collections.PathCollection):
        found["scatter"].append([[float(x), float(y)] for x, y in item.get_offsets()])
    elif isinstance(item, collections.LineCollection):
        found["segment"].append([np.ravel(ends).tolist() for ends in item.get_segments()])
    elif isinstance(item, collections.PolyCollection):
        found["area"] += [_heights(path.vertices) for path in item.get_paths()]
    elif isinstance(item, patches.Wedge):
        found["pie"].append(float(item.theta2 - item.theta1))
    elif isinstance(item, (image.AxesImage, collections.QuadMesh)) and np.ndim(item.get_array()) == 2:
        found["heat"].append(np.asarray(item.get_array(), float).tolist())


def _heights(vertices: Any) -> list[list[float]]:
    """How high an area is at each of its places."""
    return [[float(x), float(np.ptp(vertices[vertices[:, 0] == x][:, 1]))] for x in np.unique(vertices[:, 0])]


def main() -> None:
    """Run the program, without a window, and print what is in its figure."""
    plt.show = lambda *_, **__: None
    exec(compile(Path(sys.argv[1]).read_text(encoding="utf-8"), "chart.py", "exec"), {"__name__": "__main__"})
    figure = plt.gcf()
    figure.canvas.draw()
    print("\n" + json.dumps(found_in(figure), default=float))


if __name__ == "__main__":
    main()
