"""Compares two pictures of tables."""

from __future__ import annotations

from critic.reading import Reader
from critic.types import Discrepancy
from renderers.types import Image


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of ``render`` from ``reference``."""
    return []
