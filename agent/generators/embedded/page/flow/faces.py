"""What the page is set in: the body's face, size and colour, the ranks of headings, the inline styles."""

from __future__ import annotations

from collections import Counter

from agent.generators.embedded.page.blocks import Block, Style, blocks_of
from critic.reading.page import Family, Page

_LARGE, _BOLD_LARGE = 1.45, 1.1
"""Sizes, as parts of the body's, from which a text is a heading; bold ones sooner."""

_RANKS = 3
"""Ranks of headings that are told apart."""

_WORDY = 12
"""Words above which a large text is a paragraph for all its size."""


class Faces:
    """The page's own style, which all other styles are told against.

    Attributes:
        body: The style of most letters.
        headings: The tag of each style that is one of headings.
        fixed: Families of code.
        leading: The body's line height.
    """

    fixed = frozenset({Family.MONO, Family.COURIER})

    def __init__(self, page: Page) -> None:
        """Count the letters of each style."""
        blocks = blocks_of(page.lines)
        letters: Counter[Style] = Counter()
        for block in blocks:
            if block.style.family not in self.fixed:
                letters[block.style] += sum(len(line.text) for line in block.lines)
        plain = Style(Family.SANS, 16.0, 0.0, False, False, "#000000")
        self.body = letters.most_common(1)[0][0] if letters else plain
        self.headings = _headings(blocks, self.body)
        self.leading = ""
        self.links: dict[str, str] = {}
        self.tints: dict[str, str] = {}

    def link_class(self, colour: str) -> str:
        """The class of links of a colour."""
        return self.links.setdefault(colour, _named("link", len(self.links)))

    def tint_class(self, colour: str) -> str:
        """The class of words of another colour."""
        return self.tints.setdefault(colour, _named("tint", len(self.tints)))


_OTHERS = ("", "alt", "soft", "strong", "quiet", "extra", "deep", "pale")


def _named(stem: str, count: int) -> str:
    other = _OTHERS[count] if count < len(_OTHERS) else "z" * (count - len(_OTHERS) + 1)
    return f"{stem}-{other}" if other else stem


def _headings(blocks: list[Block], body: Style) -> dict[Style, str]:
    """Styles larger than the running text's, or as large and bold: headings, by size."""
    large = {
        block.style
        for block in blocks
        if (
            block.style.size >= _LARGE * body.size
            or (block.style.bold and block.style.size >= _BOLD_LARGE * body.size)
        )
        and any(letter.isalpha() for line in block.lines for letter in line.text)
        and sum(len(line.text.split()) for line in block.lines) <= _WORDY
    }
    levels = sorted({style.size for style in large}, reverse=True)
    return {style: f"h{min(_RANKS, 1 + levels.index(style.size))}" for style in large}
