"""Texts of a chart made into others: titles, labels, ticks, legend entries, notes."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from functools import partial

from agent.injection import severity
from agent.injection.plan import Edit, Plan
from agent.injection.program import BARS, SERIES, Program, constants, keyword, set_keyword
from agent.injection.words import has_digit, has_word, other_digit, other_letter, other_word
from critic.types import Severity

Texts = Callable[[Program], Iterator[tuple[str, ast.Constant]]]
"""The texts of one sort in a program, each with where it stands."""


def _first(program: Program, where: str, *names: str, place: int = 0) -> Iterator[tuple[str, ast.Constant]]:
    for call in program.calls(*names):
        yield from ((where, node) for node in constants(call.args[place : place + 1]))


def _set(program: Program, where: str, name: str) -> Iterator[tuple[str, ast.Constant]]:
    """Texts given to ``ax.set(title=...)`` and its like."""
    for call in program.calls("set"):
        if given := keyword(call, name):
            yield from ((where, node) for node in constants([given.value]))


def _titles(program: Program) -> Iterator[tuple[str, ast.Constant]]:
    yield from _first(program, "title", "set_title", "title", "suptitle")
    yield from _set(program, "title", "title")


def _labels(program: Program) -> Iterator[tuple[str, ast.Constant]]:
    for axis in "xy":
        yield from _first(program, f"{axis} axis label", f"set_{axis}label", f"{axis}label")
        yield from _set(program, f"{axis} axis label", f"{axis}label")


def _ticks(program: Program) -> Iterator[tuple[str, ast.Constant]]:
    for axis in "xy":
        for call in program.calls(f"set_{axis}ticks", f"{axis}ticks", f"set_{axis}ticklabels"):
            given = keyword(call, "labels")
            named = [given.value] if given else call.args[:1] if len(call.args) == 1 else call.args[1:2]
            yield from _listed(program, f"{axis} tick labels", named)
    for call in program.calls(*BARS):
        axis = "y" if call.func.attr == "barh" else "x"  # type: ignore[attr-defined]
        yield from _listed(program, f"{axis} tick labels", call.args[:1])


def _listed(program: Program, where: str, nodes: list[ast.expr]) -> Iterator[tuple[str, ast.Constant]]:
    for node in nodes:
        if (known := program.literal(node)) is not None:
            yield from ((where, item) for item in constants(known.elts))


def _entries(program: Program) -> Iterator[tuple[str, ast.Constant]]:
    legends = program.calls("legend")
    if not legends:
        return
    for call in program.calls(*SERIES, "hist"):
        if given := keyword(call, "label"):
            yield from (("legend", node) for node in constants([given.value]))
    for call in legends:
        given = keyword(call, "labels")
        named = [given.value] if given else call.args[-1:]
        yield from _listed(program, "legend", named)


def _notes(program: Program) -> Iterator[tuple[str, ast.Constant]]:
    yield from _first(program, "text in the plot area", "text", place=2)
    yield from _first(program, "annotation", "annotate")


def _changed(texts: Texts) -> Callable[[Program, random.Random], Plan | None]:
    """Plans another word, letter or digit in one of these texts."""

    def plan(program: Program, chance: random.Random) -> Plan | None:
        found = [(where, node) for where, node in texts(program) if _readable(str(node.value))]
        if not found:
            return None
        where, node = chance.choice(found)
        before = str(node.value)
        after, grade = another(before, chance)

        def do() -> None:
            node.value = after

        return Plan(grade, where, f"says '{after}' instead of '{before}'", frozenset({node}), do)

    return plan


def _readable(text: str) -> bool:
    """Formulas are left alone: a letter of theirs may be a command."""
    return "$" not in text and "\\" not in text and (has_word(text) or has_digit(text))


def another(before: str, chance: random.Random) -> tuple[str, Severity]:
    """Another text, and how severe that is."""
    if not has_word(before):
        after, share = other_digit(before, chance)
        return after, severity.of_value(share)
    if chance.random() < _SHARE_OF_LETTERS:
        return other_letter(before, chance), severity.of_text(1, len(before))
    after, letters = other_word(before, chance)
    return after, severity.of_text(letters, len(before))


_SHARE_OF_LETTERS = 0.3
"""Of the changed texts: the ones in which a single letter is another; the others have another word."""


def _dropped(program: Program, chance: random.Random) -> Plan | None:
    calls = program.calls("set_title", "title", "suptitle", "set_xlabel", "set_ylabel", "xlabel", "ylabel")
    if not calls:
        return None
    call = chance.choice(calls)
    do = program.removal(call)
    what = str(call.func.attr).removeprefix("set_")  # type: ignore[attr-defined]
    where = f"{what[0]} axis label" if what.endswith("label") else "title"
    touched = frozenset({call, *call.args[:1]})
    told, hide = f"the {where} is missing", partial(set_keyword, call, "color", "none")
    return Plan(severity.MEDIUM, where, told, touched, do, hide, moves=True) if do else None


TEXT_EDITS: tuple[Edit[Program], ...] = (
    Edit("title text", "text_error", _changed(_titles)),
    Edit("label text", "text_error", _changed(_labels)),
    Edit("tick text", "text_error", _changed(_ticks)),
    Edit("legend text", "text_error", _changed(_entries)),
    Edit("note text", "text_error", _changed(_notes)),
    Edit("text dropped", "text_error", _dropped),
)
