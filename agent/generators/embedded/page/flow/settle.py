"""One vote for the whole page: pieces of a line joined, a face for the body, few sizes, few colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from agent.generators.embedded.page.flow.bullets import with_bullets
from agent.generators.embedded.page.flow.debris import without_debris
from agent.generators.embedded.page.flow.listings import groups, in_one_face, is_letter_in
from agent.generators.embedded.page.flow.tree import advance
from critic.reading.page import FIXED, Family, LaidLine, Page, Span
from critic.reading.page.colours import distance, rgb
from critic.reading.page.metrics import starts
from critic.types import Box

_SPACE_LEAST, _SPACE_MOST = -0.05, 0.5
"""Blank, in font sizes, between two pieces of one line: a word space is 0.22 to 0.35, read to a pixel."""

_SAME_SIZE = 0.08
"""Relative difference of sizes below which two pieces are of one line's type."""

_NEAR_COLOUR = 10
"""Channel levels within which two inks of a page are one: thin letters are read a few levels off."""

_NEAR_SIZE = 0.015
"""Relative difference within which two sizes are one: a size is read to about a fiftieth."""

_HEADING, _MOSTLY = 1.2, 0.8
"""A face of headings: most of its letters are so much larger than the body's."""

_RARE = 0.1
"""Part of the page's letters below which a face is rather a misreading of the usual one."""

Value = TypeVar("Value", str, float)

_AS_WIDE = 0.03
"""Relative difference of the size that a line has in the usual face from a usual one: it may be in that."""


def settled(page: Page) -> Page:
    """The page as it is written in the flow."""
    page = with_bullets(without_debris(page))
    lines = _one_face(in_one_face(_joined(page.lines)))
    lines = _sizes(_colours(lines))
    listings = groups(lines)
    pictures = (p for p in page.pictures if not any(is_letter_in(p.box, group) for group in listings))
    return page.model_copy(update={"lines": lines, "pictures": tuple(pictures)})


def _joined(lines: tuple[LaidLine, ...]) -> tuple[LaidLine, ...]:
    """Pieces on one baseline a word space apart become one line."""
    found: list[LaidLine] = []
    for line in sorted(lines, key=lambda line: line.x):
        before = next((other for other in reversed(found) if _follows(other, line)), None)
        if before is None:
            found.append(line)
            continue
        spans = (
            *before.spans[:-1],
            before.spans[-1].model_copy(update={"text": before.spans[-1].text.rstrip() + " "}),
        )
        spans, added = _without_seam(spans, line.spans)
        first, second = before.ink, line.ink
        ink = Box(first.x0, min(first.y0, second.y0), second.x1, max(first.y1, second.y1))
        larger = before if len(before.text) >= len(line.text) else line
        found[found.index(before)] = larger.model_copy(
            update={"spans": (*spans, *added), "x": before.x, "ink": ink}
        )
    return tuple(found)


def _without_seam(
    first: tuple[Span, ...], second: tuple[Span, ...]
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both pieces' spans, those at the seam one where they are of one style."""
    last, start = first[-1], second[0]
    if last.model_copy(update={"text": start.text}) != start:
        return first, second
    return (*first[:-1], last.model_copy(update={"text": last.text + start.text})), second[1:]


def _follows(before: LaidLine, line: LaidLine) -> bool:
    gap = line.ink.x0 - before.ink.x1
    return (
        abs(before.baseline - line.baseline) <= 1
        and abs(before.size / line.size - 1) <= _SAME_SIZE
        and before.ground == line.ground
        and not line.marker
        and _SPACE_LEAST * line.size <= gap <= _SPACE_MOST * line.size
    )


def _one_face(lines: tuple[LaidLine, ...]) -> tuple[LaidLine, ...]:
    """Lines in another face than the page's are set in that, as wide; headings and code may differ."""
    letters: Counter[Family] = Counter()
    sizes: Counter[float] = Counter()
    beside: Counter[float] = Counter()
    for line in lines:
        letters[line.family] += len(line.text)
        sizes[line.size] += len(line.text)
        if line.family not in FIXED:
            beside[line.size] += len(line.text)
    usual = next((family for family, _ in letters.most_common() if family not in FIXED), Family.SANS)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    own = {family for family in letters if _has_a_role(family, lines, body, letters)} | {usual}
    listed = {id(line) for group in groups(lines) for line in group}
    # among what is no code: where a page is nearly all code, nothing else would be common
    common = [size for size, count in beside.items() if count >= _RARE * beside.total()]

    def settled_line(line: LaidLine) -> LaidLine:
        if id(line) in listed or (line.family in own and line.family not in FIXED):
            return line
        plain = _reset(line, usual)
        as_wide = any(abs(plain.size / size - 1) <= _AS_WIDE for size in common)
        return line if line.family in own and not as_wide else plain

    return tuple(map(settled_line, lines))


def _has_a_role(family: Family, lines: tuple[LaidLine, ...], body: float, letters: Counter[Family]) -> bool:
    """Whether a face is that of code, or of headings, and not here and there."""
    if family in FIXED:
        return letters[family] >= _RARE * letters.total()
    large = sum(len(line.text) for line in lines if line.family is family and line.size >= _HEADING * body)
    return large >= _MOSTLY * letters[family]


def _reset(line: LaidLine, family: Family) -> LaidLine:
    """The line in another face at the size that keeps its width."""
    natural = sum(starts(span.text, family, span.bold)[-1] for span in line.spans)
    wide = advance(line)
    return line.model_copy(
        update={"family": family, "size": round(wide / max(natural, 0.05), 2), "spacing": 0.0}
    )


def _colours(lines: tuple[LaidLine, ...]) -> tuple[LaidLine, ...]:
    letters: Counter[str] = Counter()
    for line in lines:
        for span in line.spans:
            letters[span.colour] += len(span.text)
    lead = _leaders(letters, lambda a, b: int(distance(rgb(a), rgb(b))) <= _NEAR_COLOUR)

    def changed(span: Span) -> Span:
        return span.model_copy(update={"colour": lead[span.colour]})

    return tuple(line.model_copy(update={"spans": tuple(map(changed, line.spans))}) for line in lines)


def _sizes(lines: tuple[LaidLine, ...]) -> tuple[LaidLine, ...]:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    lead = _leaders(letters, lambda a, b: abs(a / b - 1) <= _NEAR_SIZE)
    return tuple(line.model_copy(update={"size": lead[line.size]}) for line in lines)


def _leaders(counts: Counter[Value], near: Callable[[Value, Value], bool]) -> dict[Value, Value]:
    """For each value the most frequent one that it is near to."""
    leaders: list[Value] = []
    found: dict[Value, Value] = {}
    for value, _ in counts.most_common():
        lead = next((other for other in leaders if near(value, other)), None)
        if lead is None:
            leaders.append(value)
        found[value] = value if lead is None else lead
    return found
