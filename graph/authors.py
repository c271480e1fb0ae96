"""Who of several generators is worth asking: what became of each one's revisions in this run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from critic.human import HUMAN
from graph.types import Candidate, Record

MERGE = "merge"
"""Author of code that is put together of what several revisions changed; see ``graph.merging``."""

_OTHERS = frozenset({"", HUMAN, MERGE})
"""No generators, or the only one."""


def records(candidates: Iterable[Candidate]) -> tuple[Record, ...]:
    """How many revisions each author made, and how many of them were accepted, by name."""
    revised = [item for item in candidates if item.parent is not None and item.author not in _OTHERS]
    tried = Counter(item.author for item in revised)
    kept = Counter(item.author for item in revised if item.accepted)
    return tuple(Record(author=author, tried=tried[author], kept=kept[author]) for author in sorted(tried))
