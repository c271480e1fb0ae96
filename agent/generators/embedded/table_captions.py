"""The text above a table as its caption, and below it as a note: where they stand, and how they are set."""

from __future__ import annotations

import html
from dataclasses import dataclass

from agent.generators.embedded.table_css import colour, number
from agent.generators.embedded.table_look import Look
from critic.reading.table import TableDescription
from critic.reading.table.description import Caption
from critic.reading.table.sizes import CAPITAL_SHARE, OTHER_SIZE

_LINE = 1.2
"""Font sizes from a line of a caption to the next: faces ask for 1.15 to 1.16."""

_BASELINE = 0.35
"""Font sizes that the base line lies below the middle of a line: 0.337 to 0.347 in Liberation and DejaVu."""

_CENTRED = 3.0
"""Pixels within which a caption's middle is the table's."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A caption with the place and the style that it is written in.

    Attributes:
        caption: What it says.
        size: Its font size in pixels: the table's, where it does not seem another.
        top: Where its first line begins.
        bottom: Where its last line ends.
    """

    caption: Caption
    size: float
    top: float
    bottom: float

    def rule(self, look: Look, selector: str, space: str) -> str:
        """Its style, with the space to the table."""
        line = round(_LINE * self.size)
        parts = [f"padding: {space}", f"line-height: {line}px", f"text-align: {self._align(look)}"]
        parts += [f"font-size: {number(self.size)}px"] if self.size != look.size else []
        parts += ["font-weight: bold"] if self.caption.bold else []
        parts.append(f"color: {colour(self.caption.colour)}")
        return f"{selector} {{ {'; '.join(parts)} }}"

    @property
    def text(self) -> str:
        """What it says, as HTML."""
        return "<br>".join(html.escape(line, quote=False) for line in self.caption.lines)

    def _align(self, look: Look) -> str:
        ink = self.caption.ink
        off = (ink.x0 + ink.x1 - look.columns[0] - look.columns[-1]) / 2
        return "center" if abs(off) <= _CENTRED else "left" if off < 0 else "right"


def placed(caption: Caption, look: Look) -> Placed:
    """A caption where its letters stand in the picture."""
    sizes = sorted((caption.size, look.size))
    size = look.size if sizes[1] < OTHER_SIZE * sizes[0] else round(caption.size)
    line = round(_LINE * size)
    top = caption.ink.y0 + (CAPITAL_SHARE - _BASELINE) * size - line / 2
    return Placed(caption, size, top, top + line * len(caption.lines))


def written(
    table: TableDescription, look: Look, top: float, bottom: float
) -> tuple[str, str, list[str], float]:
    """The caption and the note as HTML, their rules, and where the first of it all begins.

    Args:
        table: The table.
        look: Its look.
        top: Where the table begins, its border included.
        bottom: Where it ends.
    """
    caption = note = ""
    rules: list[str] = []
    begins = top
    if table.above:
        own = placed(table.above, look)
        caption, begins = f"<caption>{own.text}</caption>\n", own.top
        rules.append(own.rule(look, "caption", f"0 0 {number(max(0.0, top - own.bottom))}px"))
    if table.below:
        own = placed(table.below, look)
        left = max(0.0, own.caption.ink.x0 - look.columns[0])
        rules.append(own.rule(look, ".note", f"{number(max(0.0, own.top - bottom))}px 0 0 {number(left)}px"))
        note = f'<div class="note">{own.text}</div>\n'
    return caption, note, rules, begins
