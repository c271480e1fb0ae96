"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Real pictures that nobody here drew: a folder a kind."""
    return ROOT / "examples" / "pictures"
