"""Aligns two sequences of pixel lines, as one aligns two texts: what one picture lacks is a gap.

Needleman and Wunsch's alignment with affine gaps (Gotoh 1982). A gap in which nothing changes from line to
line (the white between rows, the length of a rule) costs next to nothing but its opening; one that takes ink
away costs a part of that ink, so that a row whose text changed stays that row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.float32]
"""A line of pixels each, lines x values."""

Places = NDArray[np.int64]

NONE = -1
"""The place of a line that the other picture has not."""

_TAKEN = 0.7
"""What taking a line away costs, as a share of its ink: two lines without a pixel in common then cost less as
two gaps than as one another. At 0.6 a table's rules are gaps where they had only moved."""

_OPENING = 3.0
"""What a gap costs besides, in usual lines of ink: less than a row of text that is matched anew by it, which
has eight lines or more, and more than what moving a single letter's lines against each other may save."""

_REPEATED = 0.002
"""Change from the line beside it, as a share of the ink of the fullest line, up to which it repeats that."""

_CUT = 0.4
"""What a line that is cut off at the foot costs, in those that are lost. At a quarter, the rest of a page of
which a card was gone counted as cut off; at the whole, the foot of another one as lost."""

_LONGER = 0.01
"""What each line of a gap costs at least, in usual lines of ink."""

_CHANCE = 4
"""Lines that two pictures may have in common by chance where something else stands in both."""

_MATCH, _LOST, _NEW = 0, 1, 2


def aligned(one: Lines, other: Lines, *, cut: bool = False) -> Places:
    """For each line of the one its line in the other, ascending; ``NONE`` where it has none.

    Args:
        one: Lines of a picture.
        other: Lines of another one, of the same length each.
        cut: Whether both may go on below their last line, as pages do: what the one still shows where the
            other one ends is then cut off there, and not lost.
    """
    lost, new = _inks(one), _inks(other)
    inked = np.concatenate([lost, new])
    inked = inked[inked > 0]
    if not len(inked):
        count = min(len(one), len(other))
        return np.concatenate([np.arange(count), np.full(len(one) - count, NONE)])
    usual = float(np.median(inked))
    costs = _apart(one, other) / usual
    gaps = [_TAKEN * inks / usual + _LONGER for inks in (lost, new)]
    return _changed_in_place(_unsplit(_traced(_filled(costs, *gaps, cut=cut)), len(other)), len(other))


def lost_runs(places: Places) -> Iterator[tuple[int, int]]:
    """Lines that only the reference has: the first and the end of each run of them."""
    flags = np.diff(np.concatenate([[0], (places == NONE).astype(np.int8), [0]]))
    yield from zip(np.flatnonzero(flags > 0).tolist(), np.flatnonzero(flags < 0).tolist(), strict=True)


def _unsplit(places: Places, count: int) -> Places:
    """Places without the few lines that are alike by chance between lines lost and as many others new.

    The padding of a bar in another colour is the one line below it, too: the bar is then new before that
    line and lost behind it, and is one bar all the same.
    """
    places = places.copy()
    for first, end in list(lost_runs(places)):
        for start, last in ((max(0, first - _CHANCE), first), (end, min(len(places), end + _CHANCE))):
            for line in range(start, last + 1):
                new = _new_before(places, line, count)
                if new and abs(new - (end - first)) <= _CHANCE:
                    places[min(line, end) : max(line, first)] = NONE
                    break
    return places


def _new_before(places: Places, line: int, count: int) -> int:
    """How many lines only the other one has before a line."""
    if line == 0 or places[line - 1] == NONE:
        return 0
    behind = int(places[line]) if line < len(places) else count
    return 0 if behind == NONE else behind - int(places[line - 1]) - 1


def _changed_in_place(places: Places, count: int) -> Places:
    """Lines that the one has and others that the other has between the same neighbours as one another."""
    places, line, before = places.copy(), 0, 0
    while line < len(places):
        if places[line] != NONE:
            before, line = int(places[line]) + 1, line + 1
            continue
        end = line
        while end < len(places) and places[end] == NONE:
            end += 1
        behind = int(places[end]) if end < len(places) else count
        both = min(end - line, behind - before)
        places[line : line + both] = np.arange(before, before + both)
        line, before = end, behind
    return places


def _inks(lines: Lines) -> NDArray[np.float64]:
    """How far each line is from the usual one; 0 for one that only repeats its neighbour, as within fills."""
    inks = np.square(lines - np.median(lines, axis=0)).sum(axis=1, dtype=np.float64)
    steps = np.square(np.diff(lines, axis=0)).sum(axis=1, dtype=np.float64)
    padded = np.concatenate([[np.inf], steps, [np.inf]])
    nearest = np.minimum(padded[:-1], padded[1:])
    return np.where(nearest <= _REPEATED * inks.max(initial=0.0), 0.0, inks)


def _apart(one: Lines, other: Lines) -> NDArray[np.float64]:
    """Squared distance of each line of the one from each of the other."""
    squares = [np.square(lines).sum(axis=1, dtype=np.float64) for lines in (one, other)]
    both = squares[0][:, None] + squares[1][None] - 2.0 * (one @ other.T)
    return np.asarray(np.maximum(both, 0.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Ways:
    """From where the cheapest alignment of the first lines of both came, for each number of them.

    Attributes:
        came: The state before a match.
        lost: Whether a gap of the one went on; else it began behind a match.
        new: Whether a gap of the other went on.
        behind: Whether a gap of the other that begins does so behind one of the one; else behind a match.
        end: The state that the alignment ends in.
        at: How many lines of each are aligned; those behind are cut off.
    """

    came: NDArray[np.int8]
    lost: NDArray[np.bool_]
    new: NDArray[np.bool_]
    behind: NDArray[np.bool_]
    end: int
    at: tuple[int, int]


def _filled(
    costs: NDArray[np.float64], lost: NDArray[np.float64], new: NDArray[np.float64], *, cut: bool
) -> _Ways:
    """The dynamic programme, a line of the one at a time."""
    height, width = costs.shape
    came = np.zeros((height + 1, width + 1), np.int8)
    lost_on, new_on, behind = (np.zeros((height + 1, width + 1), np.bool_) for _ in range(3))
    run = np.concatenate([[0.0], np.cumsum(new)])
    match = np.full(width + 1, np.inf)
    match[0] = 0.0
    gone = np.full(width + 1, np.inf)
    more, new_on[0] = _along(match, run)
    sides = np.full((height + 1, 3), np.inf)
    for line in range(1, height + 1):
        states = np.stack([match, gone, more])
        came[line, 1:] = states.argmin(axis=0)[:-1]
        opened = match + _OPENING
        lost_on[line] = gone < opened
        gone = np.minimum(opened, gone) + lost[line - 1]
        match = np.concatenate([[np.inf], states.min(axis=0)[:-1] + costs[line - 1]])
        behind[line] = gone < match
        more, new_on[line] = _along(np.minimum(match, gone), run)
        sides[line] = match[-1], gone[-1], more[-1]
    end, at = (
        _ended(sides, np.stack([match, gone, more], axis=1), lost, new)
        if cut
        else (sides[-1], (height, width))
    )
    return _Ways(came, lost_on, new_on, behind, int(np.argmin(end)), at)


def _ended(
    side: NDArray[np.float64], foot: NDArray[np.float64], lost: NDArray[np.float64], new: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The costs of the states at the cheapest place where one of the two is used up, and that place.

    Args:
        side: What it cost to use up the other one at each line of the one, lines x states.
        foot: What it cost to use up the one at each line of the other, lines x states.
        lost: What taking each line of the one away costs.
        new: The same of the other one.
    """
    rest = [_CUT * np.append(np.cumsum(gaps[::-1])[::-1], 0.0) for gaps in (lost, new)]
    costs = [ends.min(axis=1) + more for ends, more in zip((side, foot), rest, strict=True)]
    line, at = (int(cost.argmin()) for cost in costs)
    if costs[0][line] < costs[1][at]:
        return side[line], (line, len(foot) - 1)
    return foot[at], (len(side) - 1, at)


def _along(
    start: NDArray[np.float64], run: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The cost of having passed over lines of the other from the best place on, and whether that went on."""
    begun = np.concatenate([[np.inf], (start - run)[:-1] + _OPENING])
    best = np.minimum.accumulate(begun)
    return best + run, best < begun


def _traced(ways: _Ways) -> Places:
    """The cheapest way back from the ends of both."""
    (line, at), state = ways.at, ways.end
    places = np.full(ways.came.shape[0] - 1, NONE, np.int64)
    while line or at:
        if state == _MATCH:
            state = int(ways.came[line, at])
            line, at = line - 1, at - 1
            places[line] = at
        elif state == _LOST:
            state = _LOST if ways.lost[line, at] else _MATCH
            line -= 1
        else:
            on = ways.new[line, at]
            at -= 1
            state = _NEW if on else _LOST if ways.behind[line, at] else _MATCH
    return places
