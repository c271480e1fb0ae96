"""The ledger: which visible difference is explained by which finding.

It knows nothing of what a finding is. Entries add up, and what is left is what none of them covers: the order
in which findings are entered makes no difference.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from critic.types import Box

Mask = NDArray[np.bool_]
"""Pixels, height x width."""

F = TypeVar("F", bound=Hashable)

_NOTHING: Mapping[Hashable, Mask] = MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Ledger(Generic[F]):
    """An immutable record of what explains the pixels in which two pictures visibly differ.

    Attributes:
        visible: The pixels that differ, explained or not; read-only.
        entries: For each finding the visible pixels that it explains; two may explain the same.
    """

    visible: Mask
    entries: Mapping[F, Mask] = field(default_factory=lambda: _NOTHING)  # type: ignore[arg-type,return-value]

    @classmethod
    def of(cls, visible: Mask) -> Ledger[F]:
        """A ledger in which nothing is explained yet."""
        return cls(_frozen(visible))

    def explained(self, finding: F, region: Mask | Box, margin: float = 0.0) -> Ledger[F]:
        """A ledger in which a finding explains what is visible in a region too.

        Args:
            finding: What explains it; its regions add up if it is entered again.
            region: Where: a mask of the picture's size, or a box.
            margin: Pixels by which a box is grown on all sides.
        """
        covers = _frozen(self.visible & self._mask(region, margin))
        if finding in self.entries:
            covers = _frozen(covers | self.entries[finding])
        return Ledger(self.visible, MappingProxyType({**self.entries, finding: covers}))

    def without(self, finding: F) -> Ledger[F]:
        """A ledger in which a finding explains nothing: it was taken back."""
        kept = {other: mask for other, mask in self.entries.items() if other != finding}
        return Ledger(self.visible, MappingProxyType(kept))

    @property
    def left(self) -> Mask:
        """The visible pixels that nobody explained; a fresh array."""
        left = self.visible.copy()
        for mask in self.entries.values():
            left &= ~mask
        return left

    def alone(self, finding: F) -> Mask:
        """The visible pixels that this finding explains and no other does; a fresh array."""
        own = self.entries[finding].copy()
        for other, mask in self.entries.items():
            if other != finding:
                own &= ~mask
        return own

    def seen(self, region: Mask | Box, margin: float = 0.0) -> int:
        """How many pixels visibly differ in a region, explained or not."""
        if isinstance(region, Box):
            return int(self.visible[region.grown(margin).pixels].sum())
        return int((self.visible & region).sum())

    def __iter__(self) -> Iterator[F]:
        """The findings."""
        return iter(self.entries)

    def __eq__(self, other: object) -> bool:
        """Equal where the same findings explain the same pixels, however they were entered."""
        if not isinstance(other, Ledger):
            return NotImplemented
        return (
            np.array_equal(self.visible, other.visible)
            and self.entries.keys() == other.entries.keys()
            and all(np.array_equal(mask, other.entries[finding]) for finding, mask in self.entries.items())
        )

    __hash__ = None  # type: ignore[assignment]

    def _mask(self, region: Mask | Box, margin: float) -> Mask:
        if not isinstance(region, Box):
            return region
        return filled(region, self.visible.shape, margin)


def filled(box: Box, shape: tuple[int, ...], margin: float = 0.0) -> Mask:
    """A box as a mask of a picture's rows and columns."""
    mask = np.zeros(shape, bool)
    mask[box.grown(margin).pixels] = True
    return mask


def _frozen(mask: Mask) -> Mask:
    mask = np.array(mask, dtype=bool)
    mask.setflags(write=False)
    return mask
