"""What a chart's program draws, looked at from inside the sandbox that it runs in.

A few lines are put after the program; they walk its figures and print what is there, packed. The program is
not trusted: what it prints itself can only spoil its own measure.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass, field

from renderers.service import Renderers
from renderers.types import Kind, Language

_MARK = "lookalike-figure:"
_PACKED = re.compile(rf"{_MARK}([A-Za-z0-9+/=]+):")
_MOST_BYTES = 4_000_000
"""Of an unpacked description; more is refused, whatever it was packed into."""

_PROBE = """
def _lookalike_describe():
    import base64, json
    import matplotlib.pyplot as plt
    from matplotlib import collections, colors, container, lines, patches, text
    texts, places, types, painted = [], [], [], []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        figure.canvas.draw()
        shown = [t for t in figure.findobj(text.Text) if t.get_visible() and t.get_text().strip()]
        texts += [t.get_text() for t in shown]
        for axes in figure.axes:
            spec = axes.get_subplotspec()
            if spec is not None:
                grid = spec.get_gridspec()
                places.append([grid.nrows, grid.ncols, spec.rowspan.start, spec.rowspan.stop - 1,
                               spec.colspan.start, spec.colspan.stop - 1])
            grouped, bare = set(), [axes.patch, axes.xaxis, axes.yaxis, *axes.spines.values()]
            for item in axes.containers:
                types.append("bar" if isinstance(item, container.BarContainer) else type(item).__name__)
                parts = list(item.patches) if isinstance(item, container.BarContainer) else []
                grouped.update(map(id, parts))
                painted += [["bar", colors.to_hex(part.get_facecolor())] for part in parts]
            for item in axes.get_children():
                if id(item) in grouped or item in bare:
                    continue
                if isinstance(item, lines.Line2D):
                    types.append("line"); painted.append(["line", colors.to_hex(item.get_color())])
                elif isinstance(item, collections.Collection):
                    name = type(item).__name__
                    types.append(name)
                    faces = item.get_facecolor()
                    found = {colors.to_hex(face) for face in faces} if len(faces) else set()
                    painted += [[name, value] for value in sorted(found)]
                elif isinstance(item, patches.Patch):
                    types.append(type(item).__name__)
                    painted.append([type(item).__name__, colors.to_hex(item.get_facecolor())])
                elif type(item).__name__.endswith("Image"):
                    types.append("image")
    told = json.dumps({"texts": texts, "places": places, "types": types, "colours": painted})
    packed = __import__("zlib").compress(told.encode(), 9)
    print("lookalike-figure:" + base64.b64encode(packed).decode() + ":")
_lookalike_describe()
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was drawn.

    Attributes:
        texts: All visible texts.
        places: Of each subplot: rows and columns of its grid, first and last row, first and last column.
        types: The sort of each thing drawn.
        colours: Sort and colour, as #rrggbb, of each thing drawn.
        reason: Why nothing is known.
    """

    texts: tuple[str, ...] = ()
    places: tuple[tuple[int, ...], ...] = ()
    types: tuple[str, ...] = ()
    colours: tuple[tuple[str, str], ...] = field(default=())
    reason: str = ""


async def figure_of(renderers: Renderers, code: str) -> Figure:
    """What a program draws; a failure is told, and bounded in time like every render."""
    render = await renderers.render(Kind.CHART, f"{code}\n{_PROBE}", Language.PYTHON, None)
    if not render.ok:
        return Figure(reason=f"{render.status}: {render.log.strip().rpartition(chr(10))[2][:200]}")
    found = _PACKED.findall(render.log)
    if not found:
        return Figure(reason="what it draws is too much to be told, or could not be looked at")
    try:
        unpacked = zlib.decompressobj().decompress(base64.b64decode(found[-1]), _MOST_BYTES)
        told = json.loads(unpacked)
        return Figure(
            texts=tuple(map(str, told["texts"])),
            places=tuple(tuple(map(int, place)) for place in told["places"]),
            types=tuple(map(str, told["types"])),
            colours=tuple((str(sort), str(value)) for sort, value in told["colours"]),
        )
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        return Figure(reason=f"its description is broken ({error})")
