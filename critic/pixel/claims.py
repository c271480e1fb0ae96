"""Findings that ask for pixels, and which of them stand: causes first, whatever the order of looking.

A comparison of two readings proposes claims, each on its own, from all that visibly differs. They are then
settled: a claim stands where enough of the pixels that prove it are explained by no claim of a higher rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from critic.pixel.ledger import Ledger, Mask
from critic.types import Box, Discrepancy

FEW = 8
"""So many differing pixels are no difference: the ends of anti-aliased strokes come to 5 or 6."""


class Rank(IntEnum):
    """What explains what: the higher is the cause of the lower."""

    TEXT = 0
    EXTRA = 1
    """A drawing that the reference lacks: what was hidden and is now seen is none."""
    MARK = 2
    """A mark that is drawn otherwise."""
    LOST = 3
    """A mark that is gone or repainted: what lies below it comes to light."""
    GRID = 4
    SCALE = 5
    """An axis that maps otherwise moves all that is drawn on it."""
    TICKS = 6
    LEGEND = 7
    FRAME = 8
    """The figure and its axes."""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A finding and the pixels that it is about.

    Attributes:
        finding: What differs.
        rank: Claims of a higher rank explain pixels first; those of one rank do not hide each other.
        region: What the finding explains, if it stands.
        margin: Pixels by which a region that is a box is grown.
        proof: Where pixels must differ for it to stand; the region if None.
        least: It stands on more than so many pixels; negative where it needs none.
    """

    finding: Discrepancy
    rank: Rank
    region: Mask | Box
    margin: float = 2.0
    proof: Mask | Box | None = None
    least: int = FEW


def settled(claims: Iterable[Claim], ledger: Ledger[Discrepancy]) -> Ledger[Discrepancy]:
    """The ledger with the claims that stand; the order of the claims makes no difference."""
    ranked = sorted(claims, key=lambda claim: -claim.rank)
    for _, rivals in groupby(ranked, key=lambda claim: claim.rank):
        left = Ledger[Discrepancy].of(ledger.left)
        standing = [claim for claim in rivals if _stands(claim, left)]
        for claim in standing:
            ledger = ledger.explained(claim.finding, claim.region, claim.margin)
    return ledger


def _stands(claim: Claim, left: Ledger[Discrepancy]) -> bool:
    if claim.least < 0:
        return True
    proof = claim.region if claim.proof is None else claim.proof
    return left.seen(proof, claim.margin if claim.proof is None else 0.0) > claim.least
