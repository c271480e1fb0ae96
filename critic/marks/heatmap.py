"""Heat maps: a lattice of cells, or samples of a smooth image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from critic.marks.base import Mark, Traits
from critic.marks.columns import Column, xy
from critic.marks.geometry import Mask, Shape2D, boxed
from critic.marks.literals import call, colour, number, numbers, string, strings
from critic.marks.planes import Plane
from critic.marks.scales import Scale
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference

_USUAL_SIZE = 10.0
"""Points, of matplotlib's texts."""
_COUNTED = 0.1
"""Part of a cell by which limits may be off those of cells that are counted from 0."""


class Grid2D(Mark):
    """A heat map: a value a cell, first row on top; ``smooth`` where the values are samples of an image."""

    traits: ClassVar[Traits] = Traits("heat map", 0, single=False, named=False, celled=True)
    type: Literal["heatmap"] = "heatmap"
    values: tuple[tuple[float, ...], ...]
    colours: tuple[tuple[str, ...], ...]
    cmap: str = "viridis"
    low: float = 0.0
    high: float = 1.0
    texts: tuple[tuple[str, ...], ...] = ()
    text_colours: tuple[tuple[str, ...], ...] = ()
    text_size: float = 10.0
    gap: float = 0.0
    smooth: bool = False

    @property
    def weight(self) -> int:
        """Its rows."""
        return len(self.values)

    @property
    def palette(self) -> tuple[str, ...]:
        """Of all cells, row by row."""
        return tuple(name for row in self.colours for name in row)

    def box(self, plane: Plane) -> Box:
        """All of its axes."""
        return plane.box

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """All of its axes."""
        return boxed(shape, [plane.box])

    def moved(self, before: Plane, after: Plane) -> Self:
        """Cells fill their axes, whatever its limits."""
        return self

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """None: heat maps fill their axes."""
        return []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Cell by cell."""
        from critic.pixel.marks.heat_maps import compare_heat_maps

        return compare_heat_maps(self, mate, view)

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """The value of each cell, row by row."""
        rows, columns = len(self.values), len(self.values[0]) if self.values else 0
        xs = [plane.across.value(edge) for edge in _middles(plane.box.x0, plane.box.x1, columns)]
        ys = [plane.up.value(edge) for edge in _middles(plane.box.y0, plane.box.y1, rows)]
        points = [(x, y) for y in ys for x in xs]
        values = tuple(value for row in self.values for value in row)
        printed = any(text for row in self.texts for text in row)
        return xy([x for x, _ in points], [y for _, y in points], Column("value", values, exact=printed))

    def explained(self, bar: Mark, scale: Scale) -> Self:
        """Its values and colour map as a colour bar has them."""
        from critic.reading.chart.heatmaps import valued_by

        return self.model_copy(update=valued_by(self, bar.colour_map, scale))

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """``imshow``, and a text for each cell that has one."""
        (grid,) = marks
        rows = ",\n".join("    " + numbers(row) for row in grid.values)
        lines = [f"data = [\n{rows},\n]"]
        flat = [v for row in grid.values for v in row]
        whole = min(flat) == grid.low and max(flat) == grid.high
        limits = "" if whole else f"vmin={number(grid.low)}, vmax={number(grid.high)}"
        smooth = 'interpolation="bicubic"' if grid.smooth else ""
        cmap = "" if grid.cmap == "viridis" else f"cmap={string(grid.cmap)}"
        made = call(f"{ax}.imshow", "data", cmap, limits, smooth, 'aspect="auto"', grid._extent_code(plane))
        lines.append(f"{cls.image_name(ax)} = {made}")
        return lines + grid._text_code(ax) if any(t for row in grid.texts for t in row) else lines

    @staticmethod
    def image_name(ax: str) -> str:
        """What the image of an axes is called in the code."""
        return "image" + ax.removeprefix("ax")

    def _extent_code(self, plane: Plane) -> str:
        """Where the cells lie in data units, unless they are counted from 0 with the first row on top."""
        rows, columns = len(self.values), len(self.values[0])
        x, y = plane.x, plane.y
        counted = (-0.5, columns - 0.5, rows - 0.5, -0.5)
        if all(abs(a - b) < _COUNTED for a, b in zip((x.low, x.high, y.low, y.high), counted, strict=True)):
            return ""
        return f"extent={numbers([x.tidy(x.low), x.tidy(x.high), y.tidy(y.low), y.tidy(y.high)])}"

    def _text_code(self, ax: str) -> list[str]:
        rows = ",\n".join("    " + strings(row) for row in self.texts)
        flat = [c for row in self.text_colours for c in row]
        size = "" if self.text_size == _USUAL_SIZE else f", fontsize={number(self.text_size)}"
        lines = [f"labels = [\n{rows},\n]"]
        shade = colour(flat[0]) if len(set(flat)) == 1 else "colors[i][j]"
        if len(set(flat)) > 1:
            colours = ",\n".join("    " + strings(row) for row in self.text_colours)
            lines.append(f"colors = [\n{colours},\n]")
        text = f'    {ax}.text(j, i, label, ha="center", va="center", color={shade}{size})'
        lines.append("for i, row in enumerate(labels):\n    for j, label in enumerate(row):\n    " + text)
        return lines

    def code_after(self, ax: str, dpi: float) -> list[str]:
        """White lines between the cells, as a minor grid."""
        if not self.gap:
            return []
        rows, columns = len(self.values), len(self.values[0])
        return [
            f"{ax}.set_xticks(np.arange({columns + 1}) - 0.5, minor=True)",
            f"{ax}.set_yticks(np.arange({rows + 1}) - 0.5, minor=True)",
            f'{ax}.grid(which="minor", color="white", linewidth={number(round(self.gap * 144 / dpi) / 2)})',
            f'{ax}.tick_params(which="minor", length=0)',
        ]


def _middles(start: float, end: float, count: int) -> list[float]:
    """The middles of so many equal parts of a stretch."""
    return [start + (end - start) * (index + 0.5) / count for index in range(count)]
