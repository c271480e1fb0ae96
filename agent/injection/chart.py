"""What can go wrong with a chart, as edits of the program that draws it."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator

from agent.injection import severity
from agent.injection.chart_texts import TEXT_EDITS
from agent.injection.colours import other_colour
from agent.injection.plan import Edit, Plan
from agent.injection.program import (
    BARS,
    LINES,
    SERIES,
    Program,
    format_string,
    keyword,
    number_of,
    set_keyword,
    text_of,
)

_FACTORS = (0.5, 0.65, 0.88, 1.12, 1.4, 1.8)
_BEYOND = 0.35
"""Of an axis, by which its end is moved: everything drawn in it shrinks by a quarter."""

_MARKERS = ("o", "s", "^", "D", "x", "v")
_STYLES = ("-", "--", ":", "-.")
_CORNERS = ("upper left", "upper right", "lower left", "lower right")
_COLOURED = (*SERIES, "hist", "axhline", "axvline", "axvspan", "axhspan")
_PAIR = 2
"""Numbers of a size or of limits."""


def _series(program: Program, *names: str) -> list[ast.Call]:
    return [call for call in program.calls(*(names or SERIES)) if call.args]


def _named(call: ast.Call) -> str:
    """What to call a series: its sort, and its label where it has one."""
    sort = {"plot": "line", "step": "line", "scatter": "points", "fill_between": "area", "hist": "bars"}
    what = call.func.attr if isinstance(call.func, ast.Attribute) else "series"
    given = keyword(call, "label")
    label = text_of(given.value) if given is not None else None
    name = sort.get(what, "bars" if what in BARS else what)
    return f"{name} '{label}'" if label else name


def _values(call: ast.Call) -> tuple[int, ast.expr] | None:
    """The place of a series' values among its arguments, and they themselves."""
    place = 0 if call.func.attr == "pie" else SERIES[call.func.attr]  # type: ignore[attr-defined]
    if len(call.args) <= place or text_of(call.args[place]) is not None:
        place = 0
    node = call.args[place]
    return None if text_of(node) is not None or isinstance(node, ast.Starred) else (place, node)


def _value(program: Program, chance: random.Random) -> Plan | None:
    """One value where the values are written out, all of a series where they are computed."""
    calls = [call for call in _series(program, *SERIES, "pie") if _values(call)]
    if not calls:
        return None
    call = chance.choice(calls)
    place, node = _values(call) or (0, call.args[0])
    factor = chance.choice(_FACTORS)
    known = program.literal(node)
    numbers = [number_of(item) for item in known.elts] if known is not None else []
    big = max((abs(number) for number in numbers if number is not None), default=0.0)
    fit = [n for n, number in enumerate(numbers) if number is not None and abs(number) > 0.2 * big]
    if fit:
        index = chance.choice(fit)
        before = numbers[index] or 0.0
        value = float(f"{before * factor:.4g}")
        text = f"value {index + 1} is {value:g} where it should be {before:g}"
        changed = f"[{value!r} if place == {index} else value for place, value in enumerate(values)]"
    else:
        text = f"the values are {factor:g} times what they should be"
        changed = f"[value * {factor!r} for value in values]"

    def do() -> None:
        made = ast.parse(changed, mode="eval").body
        for item in ast.walk(made):
            if isinstance(item, ast.comprehension):
                item.iter = _placed(item.iter, node)
        call.args[place] = made

    return Plan(severity.of_value(factor - 1), _named(call), text, frozenset({call}), do)


def _placed(iterated: ast.expr, values: ast.expr) -> ast.expr:
    """``values`` put where the written-out comprehension says so."""
    if isinstance(iterated, ast.Call):
        iterated.args[0] = values
        return iterated
    return values


def _series_dropped(program: Program, chance: random.Random) -> Plan | None:
    calls = _series(program)
    if len(calls) <= 1:
        return None
    call = chance.choice(calls)
    do = program.removal(call)
    if do is None:
        return None
    grade = severity.of_loss(1 / len(calls))
    return Plan(grade, _named(call), "the series is missing", frozenset({call}), do, moves=True)


def _colour(program: Program, chance: random.Random) -> Plan | None:
    calls = [call for call in _series(program, *_COLOURED) if _colour_of(call) is not None]
    if not calls:
        return None
    call = chance.choice(calls)
    before = _colour_of(call) or "tab:blue"
    given = keyword(call, "color", "c", "facecolor")
    after = other_colour(before, chance)

    def do() -> None:
        set_keyword(call, given.arg if given is not None and given.arg else "color", after)

    told = f"drawn in {after}" + (f" instead of {before}" if _colour_of(call) else "")
    return Plan(severity.MEDIUM, _named(call), told, frozenset({call}), do)


def _colour_of(call: ast.Call) -> str | None:
    """A series' colour; empty where it has the cycle's, None where it has several or a computed one."""
    given = keyword(call, "color", "c", "facecolor")
    if given is None:
        return "" if keyword(call, "colors", "cmap") is None else None
    return text_of(given.value)


def _marker(program: Program, chance: random.Random) -> Plan | None:
    calls = _series(program, "plot", "scatter", "errorbar")
    if not calls:
        return None
    call = chance.choice(calls)
    given = keyword(call, "marker")
    before = (text_of(given.value) if given is not None else None) or format_string(call)
    after = chance.choice([item for item in _MARKERS if item not in (before or "")])
    told = f"the markers are {after!r}" + (f" instead of {before!r}" if before else ", which are not there")

    def do() -> None:
        set_keyword(call, "marker", after)

    return Plan(severity.MINOR, _named(call), told, frozenset({call}), do)


def _line_style(program: Program, chance: random.Random) -> Plan | None:
    calls = _series(program, *LINES)
    if not calls:
        return None
    call = chance.choice(calls)
    given = keyword(call, "linestyle", "ls")
    before = (text_of(given.value) if given is not None else None) or format_string(call) or "-"
    solid = "-" if before.strip("bgrcmykwo.,sxv^D") in ("", "-", "solid") else before
    after = chance.choice([item for item in _STYLES if item != "-" and item not in solid] or ["-"])

    def do() -> None:
        set_keyword(call, given.arg if given is not None and given.arg else "linestyle", after)

    told = f"the line is drawn {after!r} instead of {solid!r}"
    return Plan(severity.MINOR, _named(call), told, frozenset({call}), do)


def _limits(program: Program, chance: random.Random) -> Plan | None:
    if not program.pyplot:
        return None
    axis = chance.choice("xy")
    calls = program.calls(f"set_{axis}lim", f"{axis}lim")
    for call in calls:
        ends = [number_of(item) for item in call.args[:2]]
        if len(ends) == _PAIR and None not in ends:
            low, high = (float(item or 0.0) for item in ends)
            end = float(f"{high + _BEYOND * (high - low):.4g}")

            def do(call: ast.Call = call, end: float = end) -> None:
                call.args[1] = ast.Constant(end)

            told = f"the {axis} axis ends at {end:g} instead of {high:g}"
            hide = _without_numbers(program, axis)
            return Plan(severity.MEDIUM, f"{axis} axis", told, frozenset({call}), do, hide)
    if calls:
        return None
    name = f"{program.pyplot}.{axis}lim"
    code = f"{name}({name}()[0], {name}()[1] + {_BEYOND} * ({name}()[1] - {name}()[0]))"
    told = f"the {axis} axis reaches a third further than it should"
    hide, touched = _without_numbers(program, axis), frozenset({f"{axis} limits"})
    return Plan(severity.MEDIUM, f"{axis} axis", told, touched, program.append(code), hide, moves=True)


def _without_numbers(program: Program, axis: str) -> Callable[[], None]:
    """Makes an axis' ticks and their numbers invisible: where a reader sees its range and its scale."""
    return program.append(f"{program.pyplot}.tick_params(axis={axis!r}, color='none', labelcolor='none')")


def _scale(program: Program, chance: random.Random) -> Plan | None:
    if not program.pyplot or not _series(program):
        return None
    known = program.calls("set_yscale", "yscale", "semilogy", "loglog")
    if any(call.func.attr in ("semilogy", "loglog") for call in known):  # type: ignore[attr-defined]
        return None
    after = "linear" if known else "symlog"
    told = f"the y axis is {'linear' if known else 'logarithmic'}, which it should not be"
    code = f"{program.pyplot}.yscale({after!r})"
    hide, touched = _without_numbers(program, "y"), frozenset({"y limits"})
    return Plan(severity.SEVERE, "y axis", told, touched, program.append(code), hide, moves=True)


def _layout(program: Program, chance: random.Random) -> Plan | None:
    for call in program.calls("subplots"):
        shape = [number_of(item) for item in call.args[:2]]
        if len(shape) == _PAIR and 1.0 in shape and shape[0] != shape[1]:

            def do(call: ast.Call = call) -> None:
                call.args[:2] = call.args[1::-1]

            told = (
                "the subplots stand side by side"
                if shape[1] == 1.0
                else "the subplots stand below each other"
            )
            return Plan(severity.SEVERE, "figure", told, frozenset({call}), do, moves=True)
    return None


def _grid(program: Program, chance: random.Random) -> Plan | None:
    calls = program.calls("grid")
    if calls:
        do = program.removal(calls[0])
        told = "the grid lines are missing"
        return Plan(severity.MINOR, "plot area", told, frozenset({calls[0]}), do) if do else None
    if not program.pyplot or not _series(program):
        return None
    code = f"{program.pyplot}.grid(True)"
    told = "there are grid lines that should not be there"
    return Plan(severity.MINOR, "plot area", told, frozenset({"grid"}), program.append(code), moves=True)


def _legend_dropped(program: Program, chance: random.Random) -> Plan | None:
    for call in program.calls("legend"):
        if do := program.removal(call):
            return Plan(severity.MEDIUM, "legend", "the legend is missing", frozenset({call}), do, moves=True)
    return None


def _legend_moved(program: Program, chance: random.Random) -> Plan | None:
    for call in _corner_legends(program):
        given = keyword(call, "loc")
        before = text_of(given.value) if given is not None else None
        after = chance.choice([item for item in _CORNERS if item != before])

        def do(call: ast.Call = call, after: str = after) -> None:
            set_keyword(call, "loc", after)

        return Plan(severity.MINOR, "legend", f"the legend stands {after}", frozenset({call}), do)
    return None


def _corner_legends(program: Program) -> Iterator[ast.Call]:
    return (call for call in program.calls("legend") if keyword(call, "bbox_to_anchor") is None)


EDITS: tuple[Edit[Program], ...] = (
    Edit("value", "data_error", _value),
    Edit("series dropped", "structure_error", _series_dropped),
    Edit("colour", "style_error", _colour),
    Edit("marker", "style_error", _marker),
    Edit("line style", "style_error", _line_style),
    *TEXT_EDITS,
    Edit("limits", "data_error", _limits),
    Edit("scale", "structure_error", _scale),
    Edit("subplot layout", "structure_error", _layout),
    Edit("grid", "style_error", _grid),
    Edit("legend dropped", "structure_error", _legend_dropped),
    Edit("legend moved", "structure_error", _legend_moved),
)


def parse(code: str) -> Program:
    """A program to edit; errors as for ``Program``."""
    return Program(code)


def write(program: Program) -> str:
    """The program's code."""
    return program.code
