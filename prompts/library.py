"""Prompt texts: ours, or those of a user's directory laid out the same way."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
)
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from prompts.errors import TemplateError
from prompts.messages import neutralise

_PLAIN = (str, bytes, int, float, list, tuple, dict, set, frozenset, LoopContext, Macro)
"""Values whose methods reach nothing but the values themselves."""

_LONGEST_TEMPLATE = 1_000_000
"""Bytes of one of a user's templates."""

Role = Literal["generate", "revise", "critique", "details", "closer", "whole", "match"]


class _Sandbox(ImmutableSandboxedEnvironment):
    """What a template may do: read the values that it is given, and Jinja's own filters and loops.

    Jinja's sandbox lets any public method be called, and some of Pydantic's read files and unpickle them.
    """

    intercepted_binops = frozenset({"*", "**"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        plain = isinstance(obj, _PLAIN) or not callable(value)
        return plain and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"{operator} is for numbers in a prompt, and ** for nothing")
        return super().call_binop(context, operator, left, right)


class Templates:
    """Renders ``<kind>/<role>.md.j2``; values put into a text are outside text and are made harmless."""

    def __init__(self, override: Path | None = None, home: Callable[[str], str] = lambda kind: "") -> None:
        """Look in ``override`` first, where given.

        Args:
            override: A directory of templates that replace ours.
            home: The package whose ``templates`` hold those of a kind that is not one of ours.

        Raises:
            TemplateError: ``override`` is no directory, or holds a template under a name that is never used.
        """
        loaders: list[BaseLoader] = [PackageLoader("prompts"), _Elsewhere(home)]
        if override is not None:
            _check(override)
            loaders.insert(0, FileSystemLoader(override))
        self._environment = _Sandbox(
            loader=ChoiceLoader(loaders),
            undefined=StrictUndefined,
            finalize=_harmless,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["fenced"] = fenced

    def render(self, kind: str, role: Role, **values: Any) -> str:
        """The text of one prompt.

        Raises:
            TemplateError: The template is wrong, or wants a value that there is not.
        """
        name = f"{kind}/{role}.md.j2"
        try:
            return self._environment.get_template(name).render(**values).strip() + "\n"
        except (JinjaError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
            raise TemplateError(f"prompt template {name}: {error}") from error


class _Elsewhere(BaseLoader):
    """The templates of kinds that other packages add."""

    def __init__(self, home: Callable[[str], str]) -> None:
        self._home = home

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        package = self._home(template.partition("/")[0])
        if not package:
            raise TemplateNotFound(template)
        return PackageLoader(package).get_source(environment, template)


def fenced(text: str, label: str = "") -> str:
    """``text`` between fences longer than any inside it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{label}\n{text.strip()}\n{fence}"


def _harmless(value: Any) -> Any:
    return neutralise(value) if isinstance(value, str) else value


def _check(override: Path) -> None:
    if not override.is_dir():
        raise TemplateError(f"{override}: no such directory of prompt templates")
    for found in override.rglob("*.j2"):
        if not found.resolve().is_relative_to(override.resolve()):
            raise TemplateError(f"{found}: leads out of the directory of templates")
        if not found.is_file() or found.stat().st_size > _LONGEST_TEMPLATE:
            raise TemplateError(f"{found}: no file, or one of more than {_LONGEST_TEMPLATE:,} bytes")
    known = set(template_names())
    unknown = [
        found.relative_to(override).as_posix()
        for found in override.rglob("*.j2")
        if found.relative_to(override).as_posix() not in known
    ]
    if unknown:
        raise TemplateError(
            f"{override}: {unknown[0]} replaces nothing; known are {', '.join(sorted(known))}"
        )


def template_names() -> tuple[str, ...]:
    """The names of all templates that can be replaced."""
    root = files("prompts") / "templates"
    return tuple(
        f"{folder.name}/{file.name}"
        for folder in root.iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(".j2")
    )
