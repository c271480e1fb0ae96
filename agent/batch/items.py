"""What a batch is made of: items, numbered and named so that no two are mixed up."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.documents.region import Region
from renderers.types import Kind

_LONGEST_NAME = 80
_LONGEST_ID = 500
_FIRST_SLOTS = 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture as a source has it.

    Attributes:
        source: Where it is, as a person would look it up: a file, or a file and the row within it.
        picture: Its file, its content, or its place in a document; None where there is none, or where it was
            not asked for.
        id: Its name, as the source gives it or as its place in the source makes it.
        kind: What it shows, where the source says so.
        code: Code that draws it, where the source has some.
        fault: Why it cannot be refined, where that is known already: no picture in the row, a damaged row.
    """

    source: str
    picture: Path | bytes | Region | None
    id: str
    kind: Kind | None = None
    code: str | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of a batch; attributes as of ``Entry``, and its place.

    Attributes:
        id: Unique within the source.
        index: Its place in the source, from 0, whatever part of the source is refined.
    """

    id: str
    index: int
    source: str
    picture: Path | bytes | Region | None
    kind: Kind | None = None
    code: str | None = None
    fault: str = ""

    @property
    def folder(self) -> str:
        """Where its run goes, within the batch's folder."""
        return f"items/{self._place}"

    @property
    def lean_code(self) -> str:
        """Where the code of a lean batch goes, within the batch's folder, without the file's ending."""
        return f"code/{self._place}"

    @property
    def _place(self) -> str:
        return (
            f"{hashlib.sha256(self.id.encode('utf-8', 'surrogatepass')).hexdigest()[:2]}/{safe_name(self.id)}"
        )


def number(entries: Iterable[Entry]) -> Iterator[Item]:
    """Number the entries of a whole source, and tell equal ids apart.

    The second entry with an id, and each further one, is called ``id#index``: the same in every pass over the
    source, whichever part of it is refined then.
    """
    known = IdSet()
    for index, entry in enumerate(entries):
        name = _short(sound(entry.id))
        while not known.add(name):
            name = f"{name}#{index}"
        source, fault = sound(entry.source), sound(entry.fault)
        yield Item(name, index, source, entry.picture, entry.kind, entry.code, fault)


def sound(text: str) -> str:
    """Text that any file can hold: halves of characters, and bytes of names that are none, written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def _short(name: str) -> str:
    if len(name) <= _LONGEST_ID:
        return name
    return f"{name[:_LONGEST_ID]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def safe_name(name: str) -> str:
    """A file name for an id: readable, different for different ids, also where case is not told apart."""
    plain = re.sub(r"[^a-z0-9._-]+", "_", name.lower()).strip("._")[:_LONGEST_NAME]
    if plain and plain == name:
        return plain
    # No readable part ends in this way by itself but by malice, for which the digest is too long.
    return f"{plain}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}".lstrip("-")


class IdSet:
    """A set of ids that holds 8 bytes of each: about 20 megabytes for a million.

    Two ids share their 8 bytes once in some 400,000 sets of ten million.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._slots = array("Q", bytes(8 * _FIRST_SLOTS))
        self._count = 0

    def copy(self) -> IdSet:
        """The set as it is now."""
        other = IdSet()
        other._slots, other._count = self._slots[:], self._count
        return other

    def __len__(self) -> int:
        """How many ids there are."""
        return self._count

    def __contains__(self, name: str) -> bool:
        """Whether the id was added."""
        value = _hash(name)
        return self._slots[self._find(value)] == value

    def add(self, name: str) -> bool:
        """Add an id; False where it was there already."""
        if 2 * self._count >= len(self._slots):
            self._grow()
        value = _hash(name)
        slot = self._find(value)
        if self._slots[slot] == value:
            return False
        self._slots[slot] = value
        self._count += 1
        return True

    def _find(self, value: int) -> int:
        """The slot of a value, or the empty one that it would take."""
        slots = self._slots
        mask = len(slots) - 1
        slot = value & mask
        while slots[slot] not in (0, value):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("Q", bytes(16 * len(before)))
        for value in before:
            if value:
                self._slots[self._find(value)] = value


def _hash(name: str) -> int:
    """Eight bytes of the id, never 0, which marks an empty slot."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1
