"""All renderers behind one call, sharing one browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from renderers.cache import RenderCache
from renderers.errors import LanguageError
from renderers.formats import FORMATS, FormatSpec
from renderers.isolation.levels import Level, Policy
from renderers.kinds import KINDS
from renderers.registry import Registry, resolve
from renderers.types import LANGUAGES, Kind, Language, Render, Renderer, RenderStatus, Size

if TYPE_CHECKING:
    from renderers.browser import Browser

RENDERERS: Registry[Callable[..., Renderer]] = Registry(
    "lookalike.renderers",
    "renderer",
    {
        "chart": "renderers.chart:ChartRenderer.with_tools",
        "table": "renderers.table:TableRenderer.with_tools",
        "svg": "renderers.svg:SvgRenderer.with_tools",
        "page": "renderers.page:PageRenderer.with_tools",
    },
)
"""Each is called with the ``Tools`` of the service, where it takes an argument, and gives a ``Renderer``."""


@dataclass(frozen=True)
class Tools:
    """What renderers share.

    Attributes:
        policy: The isolation asked for.
        scripts: Whether the scripts of pages run.
    """

    policy: Policy
    scripts: bool = False

    @cached_property
    def browser(self) -> Browser:
        """One for all; it starts with its first picture."""
        from renderers.browser import Browser

        return Browser()

    async def aclose(self) -> None:
        """Close the browser, if there is one. Safe to call twice."""
        if "browser" in vars(self):
            await self.browser.aclose()


class Renderers:
    """Renders code of any kind. Use as an async context manager, or call ``aclose``."""

    def __init__(
        self,
        isolation: Level | None = None,
        scripts: bool = False,
        cache_bytes: int = 256_000_000,
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        """Nothing starts before the first render.

        Args:
            isolation: Code is refused where the machine cannot isolate it this much; None takes the best that
                it can.
            scripts: Whether the scripts of pages run.
            cache_bytes: Memory for renders already made, which are not made again; 0 makes each anew.
            chosen: Names or paths of renderers, by kind, that draw in place of the kind's own.
        """
        self._cache = RenderCache(cache_bytes)
        self._tools = Tools(Policy(required=isolation), scripts)
        self._chosen = dict(chosen or {})
        self._by_kind: dict[Kind, Renderer] = {}

    async def __aenter__(self) -> Renderers:
        """Nothing to do: parts start when they are first needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release everything."""
        await self.aclose()

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        """Render ``code`` of ``kind``.

        Raises:
            LanguageError: The kind cannot be written in ``language``.
            PluginError: A part that a distribution adds cannot be used.
            BrowserError: A browser is needed and none starts.
            WorkerError: A worker process is needed and none starts.
        """
        if language not in LANGUAGES[kind]:
            known = ", ".join(LANGUAGES[kind])
            raise LanguageError(f"a {kind} cannot be written in {language}; choose {known}")
        key = RenderCache.key(kind, code, language, size)
        if (made := self._cache.get(key)) is not None:
            return made
        render = await self._drawn(kind, code, language, size)
        self._cache.put(key, render)
        return render

    async def _drawn(self, kind: Kind, code: str, language: Language, size: Size | None) -> Render:
        """Draw code as it is, or by way of the kind's first language."""
        if language not in KINDS[kind].languages:
            try:
                code = await asyncio.to_thread(native, FORMATS[language], code)
            except ValueError as error:
                return Render(RenderStatus.ERROR, log=f"this is no {language}: {error}")
            language = LANGUAGES[kind][0]
        return await self._renderer(kind).render(code, language, size)

    def _renderer(self, kind: Kind) -> Renderer:
        if kind not in self._by_kind:
            choice = self._chosen.get(kind, KINDS[kind].renderer)
            self._by_kind[kind] = RENDERERS.make(choice, self._tools)
        return self._by_kind[kind]

    async def aclose(self) -> None:
        """Release browsers and workers. Safe to call twice."""
        for renderer in self._by_kind.values():
            await renderer.aclose()
        await self._tools.aclose()


def native(spec: FormatSpec, code: str) -> str:
    """Text of a format as code in its kind's first language.

    Raises:
        ValueError: It is no such text.
    """
    convert: Callable[[str], Any] = resolve(spec.to_native)
    return str(convert(code))
