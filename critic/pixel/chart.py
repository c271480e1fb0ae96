"""Compares two charts."""

from __future__ import annotations

from critic.reading import Reader
from critic.types import Discrepancy
from renderers.types import Image


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of a render from a reference chart."""
    return []
