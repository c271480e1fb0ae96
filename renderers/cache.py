"""Renders already made, so that a repeat costs nothing."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import replace

from renderers.types import Kind, Language, Render, RenderStatus, Size

_ENTRY_BYTES = 2_000


class RenderCache:
    """The most recently used renders, in bounded memory.

    Keyed by the code and every option. The renderers' versions are not in the key: they cannot change while
    the process that holds the cache runs. Failures are not kept: the machine may have been busy.
    """

    def __init__(self, max_bytes: int = 256_000_000) -> None:
        """Start empty.

        Args:
            max_bytes: About how much memory the renders may take; 0 keeps nothing.
        """
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[bytes, Render] = OrderedDict()

    def __len__(self) -> int:
        """How many renders are kept."""
        return len(self._kept)

    @staticmethod
    def key(kind: Kind, code: str, language: Language, size: Size | None) -> bytes:
        """What tells one render from another."""
        options = f"{kind}\n{language}\n{size}\n".encode()
        return hashlib.sha256(options + code.encode(errors="surrogatepass")).digest()

    def get(self, key: bytes) -> Render | None:
        """A render made before, with pixels of its own to change."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return _copy(replace(found, seconds=0.0))

    def put(self, key: bytes, render: Render) -> None:
        """Keep a render, and let go of the ones used longest ago."""
        drawn = render.status in (RenderStatus.OK, RenderStatus.BLANK)
        if not drawn or key in self._kept or _size(render) > self._max_bytes:
            return
        self._kept[key] = _copy(render)
        self._bytes += _size(render)
        while self._bytes > self._max_bytes:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= _size(gone)


def _size(render: Render) -> int:
    pixels = 0 if render.image is None else render.image.nbytes
    return pixels + len(render.log) + _ENTRY_BYTES


def _copy(render: Render) -> Render:
    return render if render.image is None else replace(render, image=render.image.copy())
