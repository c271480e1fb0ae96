"""How values are written in generated code: short, and so that a person can read them."""

from __future__ import annotations

from collections.abc import Sequence

_WHOLE = 1e15
"""Larger numbers are not exact as integers."""
_WIDE = 100
"""Characters from which a call is broken over lines."""


def number(value: float) -> str:
    """A number without noise: integers without a point, six significant digits otherwise."""
    if value == int(value) and abs(value) < _WHOLE:
        return str(int(value))
    return f"{value:.6g}"


def numbers(values: Sequence[float]) -> str:
    """A list of numbers."""
    return "[" + ", ".join(number(v) for v in values) + "]"


def strings(values: Sequence[str]) -> str:
    """A list of strings."""
    return "[" + ", ".join(string(v) for v in values) + "]"


def string(value: str) -> str:
    """A string in double quotes where possible."""
    text = repr(value)
    if text.startswith("'") and '"' not in value:
        return '"' + text[1:-1].replace("\\'", "'") + '"'
    return text


NAMED = {
    "#1f77b4": "tab:blue",
    "#ff7f0e": "tab:orange",
    "#2ca02c": "tab:green",
    "#d62728": "tab:red",
    "#9467bd": "tab:purple",
    "#8c564b": "tab:brown",
    "#e377c2": "tab:pink",
    "#7f7f7f": "tab:gray",
    "#bcbd22": "tab:olive",
    "#17becf": "tab:cyan",
    "#000000": "black",
    "#ffffff": "white",
    "#ff0000": "red",
    "#0000ff": "blue",
    "#008000": "green",
}


def colour(name: str) -> str:
    """A colour, by its usual name where it has one."""
    return string(NAMED.get(name, name))


def call(function: str, *arguments: str) -> str:
    """A call, broken over lines where it would be long; empty arguments are left out."""
    given = [a for a in arguments if a]
    line = f"{function}({', '.join(given)})"
    if len(line) <= _WIDE:
        return line
    return f"{function}(\n" + "".join(f"    {a},\n" for a in given) + ")"


def label_code(text: str) -> str:
    """The argument that names a series; nothing where it has no name."""
    return f"label={string(text)}" if text else ""
