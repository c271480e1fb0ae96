"""MCP's own client around our server."""

from __future__ import annotations

import pytest

pytest.importorskip("mcp")


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"
