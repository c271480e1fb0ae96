"""The typed description of a table in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from critic.types import Box

Rgb = tuple[int, int, int]
Align = Literal["left", "center", "right"]
VAlign = Literal["top", "middle", "bottom"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ruling(_Frozen):
    """A drawn line of one pixel or a few: a border, or a part of one.

    Attributes:
        position: Centre across the line: y of a horizontal line, x of a vertical one.
        start: Where it begins, along the line.
        end: Where it ends, exclusive.
        thickness: In pixels.
        colour: RGB.
        dotted: Whether it is made of dots or dashes.
    """

    position: float
    start: float
    end: float
    thickness: int
    colour: Rgb
    dotted: bool = False


class Chip(_Frozen):
    """A small fill behind the text of a cell alone, as a badge or a piece of code has.

    Attributes:
        box: Its extent.
        colour: RGB.
        radius: Of its corners, in pixels.
        frame: Colour of a line of one pixel around it; None where it has none.
    """

    box: Box
    colour: Rgb
    radius: float = 0.0
    frame: Rgb | None = None


class Run(_Frozen):
    """A part of a cell's text that is set in one way, on one line.

    Attributes:
        line: Which of the cell's lines it is in, from 0.
        text: What it says.
        ink: Its pixels.
        bold: Whether it is set in bold.
        colour: Its colour.
        chip: The fill behind it; None where it stands on the cell's.
        spaced: Whether a space is before it, or it begins a line.
    """

    line: int
    text: str
    ink: Box
    bold: bool = False
    colour: Rgb = (0, 0, 0)
    chip: Chip | None = None
    spaced: bool = True


def lines_of(runs: Sequence[Run]) -> tuple[str, ...]:
    """What the lines say that runs make up."""
    lines = ["" for _ in {run.line for run in runs}]
    for run in runs:
        lines[run.line] += f" {run.text}" if run.spaced and lines[run.line] else run.text
    return tuple(lines)


class Cell(_Frozen):
    """A cell with its place in the grid, its text and its look.

    Attributes:
        row: First row, from 0.
        column: First column, from 0.
        rowspan: Number of rows it covers.
        colspan: Number of columns it covers.
        lines: The lines of text as they are broken in the picture.
        score: OCR's confidence in the least certain piece; 1 for an empty cell.
        header: Whether it is a heading of its column or row.
        bold: Whether its text is set in bold.
        italic: Whether its text is set in italics.
        align: Horizontal alignment.
        valign: Vertical alignment.
        colour: Colour of the text.
        background: Colour behind the text.
        box: The cell in the picture.
        ink: The pixels of the text; None for an empty cell.
        chip: The fill behind the text alone; None where it stands on the cell's.
        runs: The parts of its text that are set in different ways, in order, the first as the cell says; none
            where all of it is set alike.
    """

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    lines: tuple[str, ...] = ()
    score: float = 1.0
    header: bool = False
    bold: bool = False
    italic: bool = False
    align: Align = "left"
    valign: VAlign = "middle"
    colour: Rgb = (0, 0, 0)
    background: Rgb = (255, 255, 255)
    box: Box
    ink: Box | None = None
    chip: Chip | None = None
    runs: tuple[Run, ...] = ()

    @property
    def parts(self) -> tuple[Cell, ...]:
        """The cell as one of one line and one way of setting for each of its runs; itself without any."""
        return tuple(
            self.model_copy(
                update={
                    "lines": (run.text,),
                    "ink": run.ink,
                    "bold": run.bold,
                    "colour": run.colour,
                    "chip": run.chip,
                    "runs": (),
                }
            )
            for run in self.runs
        ) or (self,)

    def saying(self, *lines: str) -> Cell:
        """The cell with another text, all of it set alike."""
        return self.model_copy(update={"lines": lines, "runs": ()})

    @property
    def text(self) -> str:
        """The text as one line."""
        return " ".join(self.lines)

    @property
    def extent(self) -> Box | None:
        """Where its text lies with the chip behind that; None for an empty cell."""
        return self.chip.box if self.chip else self.ink

    @property
    def ground(self) -> Rgb:
        """The colour that the text stands on: the chip's or the cell's."""
        return self.chip.colour if self.chip else self.background


class Caption(_Frozen):
    """Text above a grid of drawn lines, or below it.

    Attributes:
        lines: The lines of text.
        ink: Their pixels.
        size: Font size in pixels, by the height of the letters.
        bold: Whether it is set in bold.
        colour: Its colour.
    """

    lines: tuple[str, ...]
    ink: Box
    size: float
    bold: bool = False
    colour: Rgb = (0, 0, 0)


class TableDescription(_Frozen):
    """A table: its grid, cells and drawn lines, in the picture's pixels.

    Attributes:
        width: Width of the picture.
        height: Height of the picture.
        canvas: Colour of the picture around the table.
        columns: Positions of the column boundaries, one more than columns; empty where no table was read.
        rows: Positions of the row boundaries, one more than rows.
        header_rows: How many rows at the top are headings.
        cells: The cells by row, then column; together they cover the grid once.
        horizontals: Drawn horizontal lines.
        verticals: Drawn vertical lines.
        text_height: Height of a capital letter, the median over the table.
        above: The text above the grid; None where there is none.
        below: The text below it.
    """

    width: int
    height: int
    canvas: Rgb = (255, 255, 255)
    columns: tuple[float, ...] = ()
    rows: tuple[float, ...] = ()
    header_rows: int = 0
    cells: tuple[Cell, ...] = ()
    horizontals: tuple[Ruling, ...] = ()
    verticals: tuple[Ruling, ...] = ()
    text_height: float = 10.0
    above: Caption | None = None
    below: Caption | None = None

    @property
    def texts(self) -> tuple[Cell, ...]:
        """The first part of each cell, in the order of the cells, then all further parts."""
        parts = [cell.parts for cell in self.cells]
        return (*(own[0] for own in parts), *(part for own in parts for part in own[1:]))

    @property
    def owners(self) -> tuple[int, ...]:
        """The index of the cell that each of ``texts`` is in."""
        further = (index for index, cell in enumerate(self.cells) for _ in cell.parts[1:])
        return (*range(len(self.cells)), *further)

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return max(0, len(self.rows) - 1)

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return max(0, len(self.columns) - 1)

    def by_row(self) -> list[list[Cell]]:
        """The cells that begin in each row, left to right."""
        rows: list[list[Cell]] = [[] for _ in range(self.row_count)]
        for cell in sorted(self.cells, key=lambda item: item.column):
            rows[cell.row].append(cell)
        return rows
