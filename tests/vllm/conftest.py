"""Only on request: ``make test-vllm``, which sets LOOKALIKE_TEST_VLLM."""

import os

import pytest

collect_ignore_glob = [] if os.environ.get("LOOKALIKE_TEST_VLLM") else ["test_*.py"]


@pytest.fixture
def anyio_backend():
    return "asyncio"
