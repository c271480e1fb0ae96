"""Measured values put into code of anyone's, where they stand in it as literals that cannot be mistaken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from critic.elements import Cause, Value
from critic.types import Discrepancy

_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_NUMBER = re.compile(r"(?<![\w.#])-?\d+(?:\.\d+)?(?![\w.])")
_UNSAFE = re.compile(r"[\\\"'`<>&{}$\n]")
"""Characters that a string or a document may give a meaning of their own."""

_SAME_COLOUR = 8
"""Levels within which a colour that was read off a render is the one in the code: blends at its rim."""

_SAME_NUMBER = 0.01
"""Share within which a number that was read off a render is the one in the code."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One literal to change: where it stands and what it becomes."""

    start: int
    end: int
    text: str
    reason: str

    def done(self, code: str) -> str:
        """The code with it done."""
        return code[: self.start] + self.text + code[self.end :]


def mend_of(code: str, found: Discrepancy) -> Mend | None:
    """What puts a discrepancy right: a literal with the drawn value, which stands in the code exactly once.

    Args:
        code: Source text in any language.
        found: A typed discrepancy with both measured values; of others nothing is known.
    """
    places = list(_places(code, found.cause, found.render, found.reference))
    if len(places) != 1:
        return None
    match, text = places[0]
    return Mend(*match.span(), text, f"{match.group()} became {text}, as measured")


def _places(
    code: str, cause: Cause | None, drawn: Value | None, wanted: Value | None
) -> Iterator[tuple[re.Match[str], str]]:
    """Where the drawn value stands in the code, and what is to stand there."""
    if cause is Cause.RECOLOURED and isinstance(drawn, str) and isinstance(wanted, str):
        yield from _all(_HEX, code, lambda text: _apart(text, drawn) <= _SAME_COLOUR, wanted)
    elif cause is Cause.TEXT and isinstance(drawn, str) and isinstance(wanted, str):
        if drawn and wanted and not _UNSAFE.search(drawn + wanted):
            whole = re.compile(rf"(?<!\w){re.escape(drawn)}(?!\w)")
            yield from _all(whole, code, lambda _: True, wanted)
    elif cause in (Cause.VALUE, Cause.FONT_SIZE) and isinstance(drawn, float) and isinstance(wanted, float):
        near = _SAME_NUMBER * max(abs(drawn), abs(wanted))
        yield from _all(_NUMBER, code, lambda text: abs(float(text) - drawn) <= near, f"{wanted:.4g}")


def _all(
    pattern: re.Pattern[str], code: str, meant: Callable[[str], bool], wanted: str
) -> Iterator[tuple[re.Match[str], str]]:
    return ((match, wanted) for match in pattern.finditer(code) if meant(match.group()))


def _apart(one: str, other: str) -> float:
    """The largest difference of two ``#rrggbb`` in a channel; infinite where one is none."""
    if not (_HEX.fullmatch(one) and _HEX.fullmatch(other)):
        return float("inf")
    return max(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (1, 3, 5))
