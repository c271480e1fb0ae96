"""Commands loaded when they are called: most of what ``lookalike`` imports serves only one of them."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

NAMES = (
    "refine",
    "convert",
    "regions",
    "batch",
    "critique",
    "read",
    "render",
    "doctor",
    "export",
    "corrupt",
    "rewardbench",
    "score",
    "eval",
    "serve",
    "mcp",
    "studio",
    "config",
    "trust",
    "setup-libraries",
)
"""Each is a function of its name, in a module of its name beside this one; in the order of the help."""


class CommandsOnDemand(TyperGroup):
    """A group that imports a command's module when the command is called, and reads the rest for the help."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; in the help of the group only its name and its first line."""
        if cmd_name not in NAMES:
            return None
        if self._listing:
            text = _docstring(cmd_name)
            return TyperCommand(cmd_name, help=text, short_help=text.partition("\n")[0])
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        name = _module(cmd_name)
        alone.command(cmd_name)(getattr(import_module(f"agent.commands.{name}"), name))
        return typer.main.get_command(alone)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help of the group, without importing any command."""
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


def _module(command: str) -> str:
    return command.replace("-", "_")


def _docstring(command: str) -> str:
    name = _module(command)
    source = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_docstring(node) or ""
    return ""
