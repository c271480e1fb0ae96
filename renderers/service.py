"""All renderers behind one call, sharing one browser."""

from __future__ import annotations

from types import TracebackType

from renderers.browser import Browser
from renderers.cache import RenderCache
from renderers.chart import ChartRenderer
from renderers.errors import LanguageError
from renderers.isolation.levels import Level, Policy
from renderers.page import PageRenderer
from renderers.svg import SvgRenderer
from renderers.table import TableRenderer
from renderers.types import LANGUAGES, Kind, Language, Render, Renderer, Size


class Renderers:
    """Renders code of any kind. Use as an async context manager, or call ``aclose``."""

    def __init__(
        self, isolation: Level | None = None, scripts: bool = False, cache_bytes: int = 256_000_000
    ) -> None:
        """Nothing starts before the first render.

        Args:
            isolation: Code is refused where the machine cannot isolate it this much; None takes the best that
                it can.
            scripts: Whether the scripts of pages run.
            cache_bytes: Memory for renders already made, which are not made again; 0 makes each anew.
        """
        self._cache = RenderCache(cache_bytes)
        self._browser = Browser()
        policy = Policy(required=isolation)
        parts: tuple[Renderer, ...] = (
            ChartRenderer(policy=policy),
            SvgRenderer(policy=policy),
            TableRenderer(self._browser),
            PageRenderer(self._browser, scripts=scripts),
        )
        self._by_kind = {renderer.kind: renderer for renderer in parts}

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
            BrowserError: A browser is needed and none starts.
            WorkerError: A worker process is needed and none starts.
        """
        if language not in LANGUAGES[kind]:
            known = ", ".join(LANGUAGES[kind])
            raise LanguageError(f"a {kind} cannot be written in {language}; choose {known}")
        key = RenderCache.key(kind, code, language, size)
        if (made := self._cache.get(key)) is not None:
            return made
        render = await self._by_kind[kind].render(code, language, size)
        self._cache.put(key, render)
        return render

    async def aclose(self) -> None:
        """Release browsers and workers. Safe to call twice."""
        for renderer in self._by_kind.values():
            await renderer.aclose()
        await self._browser.aclose()
