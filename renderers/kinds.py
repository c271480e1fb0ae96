"""The kinds of pictures, each in one place: what it is written in, told in, read, drawn and compared by.

The parts are named by path, since they belong to packages above this one and are loaded when they are used.
A new kind is a ``KindSpec`` and a line of registration: here, or an entry point in ``lookalike.kinds``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from renderers.errors import LanguageError, PluginError
from renderers.formats import FORMATS
from renderers.registry import Registry, resolve

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KindSpec:
    """All that makes a kind.

    Attributes:
        name: What it is chosen by.
        languages: Formats that its renderer draws; the first is the one that is written by default, and the
            one that other formats are drawn by way of.
        categories: What a discrepancy can be.
        renderer: Name or path of its renderer; see ``renderers.service.RENDERERS``.
        comparison: Path of the pixel critic's function ``(reference, render, reader)`` to discrepancies.
        registration: Path of the ``critic.pixel.registered.Registration`` by which the pixel critic lays a
            render onto its reference first; empty where parts do not push each other aside.
        reader: Path of the function ``(image, reader)`` to a description, a Pydantic model; empty for none.
        writer: Path of the embedded generator's ``KindGenerator``; empty where only a model can write it.
        hints: Path of the function ``(canvas, reader)`` to what a model is told was measured; empty for none.
        prompts: Package that holds the prompt templates, in ``templates/<name>``.
        wire: Path of the ``Wire`` in which Visual-ERM is asked.
    """

    name: str
    languages: tuple[str, ...]
    categories: tuple[str, ...]
    renderer: str
    comparison: str
    registration: str = ""
    reader: str = ""
    writer: str = ""
    hints: str = ""
    prompts: str = "prompts"
    wire: str = "critic.visual_erm:DRAWN"

    @property
    def formats(self) -> tuple[str, ...]:
        """All that its code can be written in: its languages, then the formats that become one of them."""
        return (*self.languages, *(name for name in self._others() if FORMATS[name].to_native))

    @property
    def targets(self) -> tuple[str, ...]:
        """All that it can be had as: what its code can be written in, then what is made of a finished run."""
        return (*self.formats, *(name for name in self._others() if not FORMATS[name].to_native))

    def _others(self) -> Iterator[str]:
        names = (name for name in FORMATS.names() if name not in self.languages)
        return (name for name in names if self.name in FORMATS[name].kinds)

    def check(self, language: str) -> None:
        """Make sure that its own parts write and draw a language.

        Raises:
            LanguageError: They do not.
        """
        if language not in self.languages:
            raise LanguageError(
                f"a {self.name} cannot be written in {language}; choose {' or '.join(self.languages)}"
            )

    def part(self, which: str) -> object:
        """One of the parts that are named by path, loaded.

        Args:
            which: ``comparison``, ``registration``, ``reader``, ``writer``, ``hints`` or ``wire``.

        Raises:
            PluginError: The kind has no such part, or it cannot be loaded.
        """
        path = getattr(self, which)
        if not path:
            raise PluginError(f"a {self.name} has no {which}")
        try:
            return resolve(path)
        except (ImportError, AttributeError) as error:
            raise PluginError(f"the {which} of a {self.name} ({path}) cannot be loaded: {error}") from error


CHART = KindSpec(
    name="chart",
    languages=("python",),
    categories=("structure_error", "data_error", "text_error", "style_error"),
    renderer="chart",
    comparison="critic.pixel.chart:compare",
    reader="critic.reading.chart:read_chart",
    writer="agent.generators.embedded.chart:generator",
    hints="agent.generators.hints.chart:measure",
)
TABLE = KindSpec(
    name="table",
    languages=("html", "markdown"),
    categories=("layout_error", "text_error", "numeric_error"),
    renderer="table",
    comparison="critic.pixel.table:compare",
    registration="critic.pixel.table_registered:REGISTRATION",
    reader="critic.reading.table:read_table",
    writer="agent.generators.embedded.table:generator",
    hints="agent.generators.hints.table:measure",
    wire="critic.visual_erm:TABLE",
)
SVG = KindSpec(
    name="svg",
    languages=("svg",),
    categories=("structure_error", "shape_error", "style_error", "text_symbol_error"),
    renderer="svg",
    comparison="critic.pixel.svg:compare",
    registration="critic.pixel.svg_registered:REGISTRATION",
    reader="critic.reading.svg:read_svg",
    writer="agent.generators.embedded.svg:generator",
    hints="agent.generators.hints.svg:measure",
)
PAGE = KindSpec(
    name="page",
    languages=("html",),
    categories=("layout_error", "element_error", "text_error", "style_error"),
    renderer="page",
    comparison="critic.pixel.page:compare",
    registration="critic.pixel.page.registered:REGISTRATION",
    reader="critic.reading.page:read_page",
    writer="agent.generators.embedded.page:generator",
    hints="agent.generators.hints.page:measure",
)

KINDS: Registry[KindSpec] = Registry(
    "lookalike.kinds",
    "kind",
    {
        "chart": "renderers.kinds:CHART",
        "table": "renderers.kinds:TABLE",
        "svg": "renderers.kinds:SVG",
        "page": "renderers.kinds:PAGE",
    },
    wanted=KindSpec,
    by_path=False,
)
"""Categories of charts, tables and drawings are Visual-ERM's (arXiv 2603.13224); those of pages are ours."""


class ByKind(Mapping[str, T], Generic[T]):
    """One thing of every kind, taken from its spec when it is asked for."""

    def __init__(self, take: Callable[[KindSpec], T]) -> None:
        self._take = take

    def __getitem__(self, kind: str) -> T:
        """The thing of that kind."""
        if kind not in KINDS:
            raise KeyError(kind)
        return self._take(KINDS[kind])

    def __iter__(self) -> Iterator[str]:
        """The names of the kinds."""
        return iter(KINDS.names())

    def __len__(self) -> int:
        """How many kinds there are."""
        return len(KINDS.names())
