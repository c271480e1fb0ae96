"""Commands that need an extra, which says so in one line where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agent.errors import ConfigError


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Imports that an extra brings.

    Raises:
        ConfigError: It is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _MODULES:
            raise ConfigError(f"{error.name} is not installed: pip install 'lookalike[{extra}]'") from None
        raise


_MODULES = frozenset({"mcp", "mcp_types", "starlette", "uvicorn", "sse_starlette"})
"""What our extras bring; anything else that is missing is a fault."""
