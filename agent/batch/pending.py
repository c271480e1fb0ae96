"""The items of a batch that are still to be refined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.batch.items import IdSet, Item
from agent.batch.selection import Selection
from agent.batch.sources import Source
from agent.errors import InputError
from agent.sources import to_pixels
from critic.reading import Reader
from critic.reading.kind import detect_kind
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Pending:
    """The chosen items that have no row yet. Can be gone through any number of times, also elsewhere.

    Attributes:
        source: The pictures.
        selection: Which items of them.
        done: The items that have a row.
    """

    source: Source
    selection: Selection
    done: IdSet

    def __iter__(self) -> Iterator[Item]:
        """The items, pictures included.

        Raises:
            InputError: The source cannot be read, or nothing in it is chosen.
        """
        reader = Reader()

        def kind_of(item: Item) -> Kind | None:
            try:
                return detect_kind(to_pixels(item.picture), reader).kind if item.picture is not None else None
            except (
                Exception
            ):  # readers of damaged pictures raise anything; refining it will say what is wrong
                return None

        found = False
        for item in self.selection.items(self.source, kind_of):
            found = True
            if item.id not in self.done:
                yield item
        if not found:
            raise InputError(
                f"{self.source.name}: no item is chosen; it is empty, or the options leave nothing of it"
            )
