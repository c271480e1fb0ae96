"""The text of a cell whose parts are set in different ways: bold words, code, lines of another size."""

from __future__ import annotations

import html
from collections.abc import Sequence

from agent.generators.embedded.table_chips import ChipStyles
from agent.generators.embedded.table_css import Properties, colour, number
from agent.generators.embedded.table_look import Face, Look
from critic.reading.table import Cell, TableDescription

_BOLD: Properties = {"font-weight": "bold"}


class PartStyles:
    """Writes the text of cells, with one class for all parts that are set alike.

    Args:
        table: The table.
        look: Its look, with the faces of its texts.
        chips: The classes of what stands behind texts.
    """

    def __init__(self, table: TableDescription, look: Look, chips: ChipStyles) -> None:
        """Find out which of the texts belong to which cell."""
        self._look, self._chips = look, chips
        self._classes: dict[tuple[tuple[str, str], ...], str] = {}
        own = Face(family=look.family, size=look.size)
        faces = [look.faces.get(index, own) for index in range(len(table.owners))]
        of_cells: list[list[Face]] = [[] for _ in table.cells]
        for owner, face in zip(table.owners, faces, strict=True):
            of_cells[owner].append(face)
        self._texts = {id(cell): self._text(cell, of) for cell, of in zip(table.cells, of_cells, strict=True)}

    def text(self, cell: Cell) -> str:
        """What stands in a cell, as HTML."""
        return self._texts[id(cell)]

    def rules(self) -> list[str]:
        """The classes as CSS, one a line."""
        return [
            f".{name} {{ {'; '.join(f'{key}: {value}' for key, value in style)} }}"
            for style, name in self._classes.items()
        ]

    def _text(self, cell: Cell, faces: Sequence[Face]) -> str:
        if not cell.runs:
            return self._chipped(cell, "<br>".join(html.escape(line, quote=False) for line in cell.lines))
        lines: dict[int, list[tuple[str, bool]]] = {}
        for run, part, face in zip(cell.runs, cell.parts, faces, strict=True):
            whole = run.line > 0 and sum(other.line == run.line for other in cell.runs) == 1
            style = self._style(cell, part, face, faces[0])
            written = self._chipped(part, html.escape(run.text, quote=False))
            space = " " if run.spaced and run.line in lines else ""
            lines.setdefault(run.line, []).append(
                (space + self._styled(written, style, whole), whole and bool(style))
            )
        return self._broken([("".join(text for text, _ in line), line[0][1]) for line in lines.values()])

    def _broken(self, lines: Sequence[tuple[str, bool]]) -> str:
        """Lines one under the other; those that are elements of their own need no break."""
        text = ""
        before = True
        for line, block in lines:
            text += line if block or before else f"<br>{line}"
            before = block
        return text

    def _chipped(self, part: Cell, text: str) -> str:
        name = self._chips.name(part)
        return f'<span class="{name}">{text}</span>' if name else text

    def _style(self, cell: Cell, part: Cell, face: Face, base: Face) -> Properties:
        """How a part is set otherwise than its cell."""
        style: Properties = {}
        if part.bold != cell.bold:
            style["font-weight"] = "bold" if part.bold else "normal"
        if part.colour != cell.colour:
            style["color"] = colour(part.colour)
        if face.family != base.family:
            style["font-family"] = face.family
        if face.size != base.size:
            style["font-size"] = f"{number(face.size)}px"
        return style

    def _styled(self, text: str, style: Properties, whole: bool) -> str:
        """A part in its style: words in a line, or a line of its own."""
        if not style:
            return text
        if style == _BOLD and not whole:
            return f"<b>{text}</b>"
        if not whole:
            return f'<span class="{self._class("part", style)}">{text}</span>'
        above = {"margin-top": f"{number(self._look.leading)}px"} if self._look.leading else {}
        return f'<div class="{self._class("line", {**style, **above})}">{text}</div>'

    def _class(self, stem: str, style: Properties) -> str:
        """The class of a style; the same name for the same style."""
        key = tuple(style.items())
        if key not in self._classes:
            taken = sum(name.startswith(stem) for name in self._classes.values())
            self._classes[key] = stem if not taken else f"{stem}-{taken + 1}"
        return self._classes[key]
