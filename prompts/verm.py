"""Visual-ERM's own prompt texts, read out of a local clone of its repository without running any of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prompts.errors import TemplateError

_FILES = (
    "rl_scripts/reward_func/reward_utils.py",  # the training prompts of chart and svg
    "rl_scripts/reward_func/table_parse_rm_v2.py",
    "evaluation/api_judge.py",  # all three kinds
)

_MARKS = {
    "chart": ("structure_error_count", "data_error_count", "text_error_count", "style_error_count"),
    "svg": ("structure_error_count", "shape_error_count", "style_error_count", "text_symbol_error_count"),
    "table": ("layout_error_count", "text_error_count", "numeric_error_count"),
}
"""A prompt is known by the counts it asks for, whatever the constant or function is called."""


@dataclass(frozen=True, slots=True)
class FoundPrompt:
    """One prompt text and where it stood.

    Attributes:
        text: Verbatim.
        file: Path inside the clone.
        name: The constant, or the function whose return value it is.
    """

    text: str
    file: str
    name: str


def read_verm_prompts(clone: Path) -> dict[str, FoundPrompt]:
    """The critique prompt of each kind that the clone has one for.

    Raises:
        TemplateError: There is no clone there, or no prompt in it.
    """
    found: dict[str, FoundPrompt] = {}
    for file in _FILES:
        for name, text in _texts(clone / file):
            for kind, marks in _MARKS.items():
                if kind not in found and all(f'"{mark}"' in text for mark in marks):
                    found[kind] = FoundPrompt(text, file, name)
    if not found:
        raise TemplateError(
            f"{clone}: no prompts of Visual-ERM there; give the root of a clone of its repository, "
            f"with {' or '.join(_FILES)} in it"
        )
    return found


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Strings assigned to module-level names, and strings that module-level functions return."""
    if not path.is_file():
        return
    try:
        module = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, OSError) as error:
        raise TemplateError(f"{path}: not readable as Python ({error})") from error
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield from ((node.name, text) for text in _returned(node))
        else:
            yield from _assigned(node)


def _assigned(node: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Assign):
        targets, value = node.targets, _string(node.value)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets, value = [node.target], _string(node.value)
    else:
        return
    if value is not None:
        yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


def _returned(function: ast.FunctionDef) -> Iterator[str]:
    """Strings returned directly or through a local name that is assigned one."""
    local = {
        name: text
        for node in ast.walk(function)
        if isinstance(node, ast.stmt)
        for name, text in _assigned(node)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            text = local.get(node.value.id) if isinstance(node.value, ast.Name) else _string(node.value)
            if text is not None:
                yield text


def _string(node: ast.expr) -> str | None:
    """A string written out in the source, or several joined by ``+``."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _string(node.left), _string(node.right)
        return None if left is None or right is None else left + right
    return None
