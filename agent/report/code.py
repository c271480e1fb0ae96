"""Code for the page: coloured, shortened where huge, compared with its parent, whole for copying."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import HtmlLexer, MarkdownLexer, PythonLexer, TextLexer, XmlLexer

_MAX_LINES = 1500
_MAX_LINE = 320
_MAX_DIFF_LINES = 3000
_CONTEXT = 3
_KEPT_BESIDE = 60
"""Characters of a long line that are shown on either side of a change in it."""

_ALIKE = 0.4
"""Likeness of two lines from which it helps to mark what changed within them."""

_WORDS = re.compile(r"\w+(?:\.\d+)?|\s+|[^\w\s]")
_DATA_URI = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]{80,}")
_LEXERS: dict[str, type[Lexer]] = {
    ".py": PythonLexer,
    ".html": HtmlLexer,
    ".md": MarkdownLexer,
    ".svg": XmlLexer,
}

_MANY_LINES = 400
"""Lines from which those that repeat are passed over when lines are matched: it takes seconds otherwise."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Code to look at: coloured lines, and how many more there are."""

    lines: tuple[Markup, ...]
    more_lines: int
    characters: int


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A line of a diff: what it is, its numbers on both sides, and its pieces (text, whether it changed)."""

    kind: str
    old: int | None = None
    new: int | None = None
    pieces: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two pieces of code; no rows where nothing did."""

    rows: tuple[DiffRow, ...]
    added: int
    removed: int


def listing(code: str, suffix: str) -> Listing:
    """Code as coloured lines of safe HTML; long data URIs, lines and files are shortened."""
    lines = code.splitlines() or [""]
    shown = "".join(f"{_shortened(line)}\n" for line in lines[:_MAX_LINES])
    lexer = _LEXERS.get(suffix, TextLexer)(stripnl=False, ensurenl=False)
    coloured = highlight(shown, lexer, HtmlFormatter(nowrap=True))
    return Listing(
        tuple(Markup(line) for line in coloured.split("\n")[:-1]),
        max(0, len(lines) - _MAX_LINES),
        len(code),
    )


def _shortened(line: str) -> str:
    def name(found: re.Match[str]) -> str:
        uri = found.group()
        return f"{uri[:48]}… ({len(uri):,} characters)"

    line = _DATA_URI.sub(name, line)
    if len(line) <= _MAX_LINE:
        return line
    start, end = _MAX_LINE - _KEPT_BESIDE, len(line) - _KEPT_BESIDE
    return f"{line[:start]}… ({end - start:,} characters) …{line[end:]}"


def pack(codes: Mapping[str, str]) -> dict[str, object]:
    """Whole codes for the page's copy buttons, in which equal data URIs are kept once.

    Returns:
        ``blobs``, a list of texts, and ``codes``: for each key, parts that are texts or indices of blobs.
    """
    blobs: dict[str, int] = {}
    packed: dict[str, list[str | int]] = {}
    for key, code in codes.items():
        parts: list[str | int] = []
        start = 0
        for found in _DATA_URI.finditer(code):
            index = blobs.setdefault(found.group(), len(blobs))
            parts += [code[start : found.start()], index]
            start = found.end()
        packed[key] = [*parts, code[start:]]
    return {"blobs": list(blobs), "codes": packed}


def diff(old: str, new: str) -> Diff | None:
    """What changed, in unified form with the changed parts of each line; None where it is too long to say."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > _MAX_DIFF_LINES:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > _MANY_LINES)
    rows: list[DiffRow] = []
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        rows.append(DiffRow("gap"))
        for tag, first, last, start, stop in group:
            if tag == "equal":
                rows += [
                    DiffRow("same", first + step + 1, start + step + 1, ((_shortened(line), False),))
                    for step, line in enumerate(before[first:last])
                ]
            else:
                rows += _changed(before[first:last], after[start:stop], first, start)
    kinds = [row.kind for row in rows]
    return Diff(tuple(rows), kinds.count("add"), kinds.count("del"))


def _changed(old: list[str], new: list[str], first: int, start: int) -> Iterator[DiffRow]:
    pairs = [_marked(one, two) for one, two in zip_longest(old, new)]
    for step in range(len(old)):
        yield DiffRow("del", old=first + step + 1, pieces=pairs[step][0])
    for step in range(len(new)):
        yield DiffRow("add", new=start + step + 1, pieces=pairs[step][1])


_Pieces = tuple[tuple[str, bool], ...]


def _marked(old: str | None, new: str | None) -> tuple[_Pieces, _Pieces]:
    """Both lines in pieces, so that what changed within a line stands out; whole where little is alike."""
    if old is None or new is None:
        return ((_shortened(old or ""), False),), ((_shortened(new or ""), False),)
    return _by_word(old, new) if max(len(old), len(new)) <= _MAX_LINE else _by_ends(old, new)


def _by_word(old: str, new: str) -> tuple[_Pieces, _Pieces]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return ((old, False),), ((new, False),)
    codes = matcher.get_opcodes()
    return (
        tuple(("".join(before[i:j]), tag != "equal") for tag, i, j, _, _ in codes if i < j),
        tuple(("".join(after[i:j]), tag != "equal") for tag, _, _, i, j in codes if i < j),
    )


def _by_ends(old: str, new: str) -> tuple[_Pieces, _Pieces]:
    """Long lines: equal start, changed middle, equal end, each cut down to what is near the change."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    return _around(old, head, tail), _around(new, head, tail)


def _around(line: str, head: int, tail: int) -> _Pieces:
    start, middle, end = line[:head], line[head : len(line) - tail], line[len(line) - tail :]
    start = start if len(start) <= _KEPT_BESIDE * 2 else f"{start[:20]}…{start[-_KEPT_BESIDE:]}"
    end = end if len(end) <= _KEPT_BESIDE else f"{end[:_KEPT_BESIDE]}…"
    middle = middle if len(middle) <= _MAX_LINE else f"{middle[: _MAX_LINE // 2]}…"
    return tuple(piece for piece in ((start, False), (middle, True), (end, False)) if piece[0])
