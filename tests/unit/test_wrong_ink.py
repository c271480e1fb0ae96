"""S rises with the share of the reference's ink that is wrong, however few findings tell of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from critic.pixel.folding import ALL
from critic.pixel.ledger import Ledger
from critic.pixel.wrong import least_severity
from critic.reward import reward
from critic.types import Cause, Critique, Discrepancy, Element

INK = np.ones((20, 50), bool)


def found(cause: Cause) -> Discrepancy:
    return Discrepancy(
        category="data_error", severity=3, description="", cause=cause, element=Element(kind="line")
    )


def least(share: float, cause: Cause | None) -> int:
    """The floor where so much of the ink differs, all of it explained by one finding or by none."""
    seen = np.zeros_like(INK)
    seen.ravel()[: round(share * seen.size)] = True
    ledger = Ledger[Discrepancy].of(seen)
    return least_severity(ledger if cause is None else ledger.explained(found(cause), seen), INK)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([None, Cause.MISSING, Cause.MOVED]))
def test_more_wrong_ink_never_costs_less(one: float, other: float, cause: Cause | None) -> None:
    less, more = sorted((one, other))
    assert 0 <= least(less, cause) <= least(more, cause) <= ALL


def test_all_ink_wrong_costs_nearly_all_that_the_reward_has() -> None:
    assert least(1.0, None) == least(1.0, Cause.MISSING) == ALL


def test_what_is_still_there_costs_less_than_what_is_lost() -> None:
    assert 0 < least(1.0, Cause.MOVED) < least(1.0, Cause.MISSING) / 2


def test_the_reward_shows_it_beside_a_single_finding() -> None:
    said = (found(Cause.MISSING),)
    few, much = (
        Critique(critic="pixel", similarity=0.9, discrepancies=said, least=floor) for floor in (2, 40)
    )
    assert few.severity == said[0].severity
    assert reward(much) < reward(few)
