"""The cache of renders: repeats are served, memory is bounded, and nobody can change what is kept."""

import numpy as np

from renderers.cache import RenderCache
from renderers.types import Kind, Language, Render, RenderStatus, Size


def render(value: int = 1, status: RenderStatus = RenderStatus.OK) -> Render:
    return Render(status, np.full((100, 100, 3), value, np.uint8), "log", 1.5)


def key(code: str, size: Size | None = None) -> bytes:
    return RenderCache.key(Kind.CHART, code, Language.PYTHON, size)


def test_a_repeat_is_served_at_no_cost():
    cache = RenderCache()
    assert cache.get(key("a")) is None
    cache.put(key("a"), render())
    found = cache.get(key("a"))
    assert found is not None
    assert found.ok
    assert found.log == "log"
    assert found.seconds == 0


def test_every_option_counts():
    keys = {
        key("a"),
        key("b"),
        key("a", Size(10, 10)),
        RenderCache.key(Kind.TABLE, "a", Language.HTML, None),
        RenderCache.key(Kind.PAGE, "a", Language.HTML, None),
        RenderCache.key(Kind.TABLE, "a", Language.MARKDOWN, None),
    }
    assert len(keys) == 6


def test_pixels_kept_cannot_be_changed_from_outside():
    cache, given = RenderCache(), render(1)
    cache.put(key("a"), given)
    given.image[:] = 9
    first = cache.get(key("a"))
    first.image[:] = 8
    assert (cache.get(key("a")).image == 1).all()


def test_failures_are_not_kept():
    cache = RenderCache()
    for status in (RenderStatus.ERROR, RenderStatus.TIMEOUT, RenderStatus.REFUSED):
        cache.put(key(status), Render(status))
    assert len(cache) == 0


def test_memory_is_bounded_and_the_least_used_goes_first():
    cache = RenderCache(max_bytes=100_000)
    for code in "abc":
        cache.put(key(code), render())
    assert cache.get(key("a")) is not None
    cache.put(key("d"), render())
    assert cache.get(key("b")) is None
    assert cache.get(key("a")) is not None
    assert len(cache) == 3


def test_none_is_kept_where_no_memory_is_given():
    cache = RenderCache(0)
    cache.put(key("a"), render())
    assert len(cache) == 0
