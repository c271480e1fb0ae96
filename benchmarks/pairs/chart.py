"""Single edits of a chart's code, to measure what a critic finds and what it makes up."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Edit = Callable[[ast.Module], bool]

_SERIES = ("plot", "bar", "barh", "scatter", "fill_between", "stairs")


def edits(code: str) -> list[tuple[str, str, str]]:
    """Name, expected category and edited code of each edit that the program allows."""
    result = []
    for name, category, edit in _EDITS:
        tree = copy.deepcopy(ast.parse(code))
        if edit(tree):
            result.append((name, category, ast.unparse(ast.fix_missing_locations(tree)) + "\n"))
    return result


def _calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def _numbers(node: ast.expr) -> list[float] | None:
    try:
        values = ast.literal_eval(node)
    except ValueError:
        return None
    return (
        list(values) if isinstance(values, list) and values and isinstance(values[0], int | float) else None
    )


def _list(values: list[float]) -> ast.expr:
    return ast.parse(repr(values), mode="eval").body


def _bar_value(tree: ast.Module) -> bool:
    for call in _calls(tree, "bar", "barh"):
        values = _numbers(call.args[1])
        if values and max(values) > 0:
            tallest = values.index(max(values))
            values[tallest] *= 0.75
            call.args[1] = _list(values)
            return True
    return False


def _bar_gone(tree: ast.Module) -> bool:
    for call in _calls(tree, "bar", "barh"):
        lists = [
            node for node in (*call.args, *(k.value for k in call.keywords)) if isinstance(node, ast.List)
        ]
        if lists and len(lists[0].elts) >= 3:
            values = _numbers(call.args[1]) or []
            tallest = values.index(max(values))
            for node in lists:
                if len(node.elts) == len(values):
                    del node.elts[tallest]
            return True
    return False


def _line_value(tree: ast.Module) -> bool:
    for call in _calls(tree, "plot"):
        values = _numbers(call.args[1])
        if values and len(values) >= 3:
            span = max(values) - min(values)
            values[len(values) // 2] += (
                -0.3 if values[len(values) // 2] > sum(values) / len(values) else 0.3
            ) * span
            call.args[1] = _list(values)
            return True
    return False


def _pie_value(tree: ast.Module) -> bool:
    for call in _calls(tree, "pie"):
        values = _numbers(call.args[0])
        if values and len(values) >= 2:
            values[0] += 0.15
            call.args[0] = _list(values)
            return True
    return False


def _points_gone(tree: ast.Module) -> bool:
    for call in _calls(tree, "scatter"):
        lists = [
            node for node in (*call.args, *(k.value for k in call.keywords)) if isinstance(node, ast.List)
        ]
        if lists and len(lists[0].elts) >= 8:
            for node in lists:
                del node.elts[2:6]
            return True
    return False


def _text(*names: str) -> Edit:
    def edit(tree: ast.Module) -> bool:
        for call in _calls(tree, *names):
            at = 2 if call.func.attr == "text" else 0  # type: ignore[attr-defined]
            node = call.args[at] if len(call.args) > at else None
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 3:
                node.value = _other(node.value)
                return True
        return False

    return edit


def _other(words: str) -> str:
    """The longest word replaced by another one."""
    parts = words.split(" ")
    longest = max(range(len(parts)), key=lambda i: len(parts[i]))
    parts[longest] = "Harbour" if len(parts[longest]) != 7 else "Station"
    return " ".join(parts)


def _legend_text(tree: ast.Module) -> bool:
    """One entry's text, wherever it is given."""
    if not any(_calls(tree, "legend")):
        return False
    labels = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "label" and isinstance(node.value, ast.Constant)
    ]
    if not labels:
        return False
    first = labels[-1].value
    for label in labels:
        if label.value == first:
            label.value = _other(str(first))
    return True


def _tick_text(tree: ast.Module) -> bool:
    for call in _calls(tree, "set_xticks", "set_yticks"):
        for keyword in call.keywords:
            if (
                keyword.arg == "labels"
                and isinstance(keyword.value, ast.List)
                and len(keyword.value.elts) > 1
            ):
                keyword.value.elts[1] = ast.Constant("Harbour")
                return True
    return False


def _legend_gone(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.Expr) and any(_calls(node, "legend")):
            tree.body.remove(node)
            return True
    return False


def _series_gone(tree: ast.Module) -> bool:
    found = [node for node in tree.body if isinstance(node, ast.Expr) and any(_calls(node, *_SERIES))]
    if len(found) < 2:
        return False
    tree.body.remove(found[len(found) // 2])
    return True


def _colour(tree: ast.Module) -> bool:
    for call in _calls(tree, "bar", "barh", "plot", "fill_between", "stairs"):
        for keyword in call.keywords:
            if keyword.arg == "color" and isinstance(keyword.value, ast.Constant):
                keyword.value = ast.Constant("#c71585" if keyword.value.value != "#c71585" else "#006400")
                return True
    return False


def _dashes(tree: ast.Module) -> bool:
    for call in _calls(tree, "plot"):
        names = {keyword.arg for keyword in call.keywords}
        points = _numbers(call.args[0]) or []
        if not names & {"linestyle", "marker"} and len(points) >= 2:
            call.keywords.append(ast.keyword("linestyle", ast.Constant("--")))
            return True
    return False


def _range(tree: ast.Module) -> bool:
    for call in _calls(tree, "set_ylim"):
        low, high = (ast.literal_eval(node) for node in call.args)
        if high > low and low <= 0:
            call.args[1] = ast.Constant(high + 0.3 * (high - low))
            return True
    return False


_EDITS: tuple[tuple[str, str, Edit], ...] = (
    ("number in bars", "data_error", _bar_value),
    ("bar removed", "data_error", _bar_gone),
    ("number in a line", "data_error", _line_value),
    ("number in a pie", "data_error", _pie_value),
    ("points removed", "data_error", _points_gone),
    ("axis range", "data_error", _range),
    ("title", "text_error", _text("set_title")),
    ("axis label", "text_error", _text("set_xlabel", "set_ylabel")),
    ("text", "text_error", _text("text")),
    ("legend text", "text_error", _legend_text),
    ("tick label", "text_error", _tick_text),
    ("legend removed", "structure_error", _legend_gone),
    ("series removed", "structure_error", _series_gone),
    ("colour", "style_error", _colour),
    ("line style", "style_error", _dashes),
)
