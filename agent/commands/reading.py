"""The work of ``lookalike read``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import BaseModel

from agent.commands.inputs import STDIN, read_picture
from agent.errors import InputError
from critic.reading import Reader
from critic.reading.kind import detect_kind
from critic.reading.seen import overlay, seen
from graph.folder import write_atomically
from renderers.kinds import KINDS
from renderers.pictures import encode_png
from renderers.types import Image, Kind

Read = Callable[[Image, Reader], BaseModel]


@dataclass(frozen=True, slots=True)
class Reading:
    """A picture and what was read from it."""

    image: Image
    kind: Kind
    description: BaseModel


def reading_of(argument: str, kind: Kind | None) -> Reading:
    """Read a picture given by path or as ``-``; as the kind that it seems to be where none is given.

    Raises:
        PictureError: It cannot be read.
        PluginError: Pictures of its kind are not read.
    """
    image, reader = read_picture(argument), Reader()
    chosen = kind or detect_kind(image, reader).kind
    read = cast(Read, KINDS[chosen].part("reader"))
    return Reading(image, chosen, read(image, reader))


def summary(found: Reading) -> str:
    """How many of each thing were seen, in a line."""
    counts = Counter(place.name for place in seen(found.description))
    things = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{found.kind}: {things or 'nothing was seen'}"


def drawn_over(found: Reading, argument: str, out: Path | None) -> Path:
    """Write the picture with what was seen in it; returns where.

    Raises:
        InputError: It cannot be written.
    """
    stem = "picture" if argument == STDIN else Path(argument).stem
    place = out or Path(f"{stem}.seen.png")
    try:
        write_atomically(place, encode_png(overlay(found.image, found.description)))
    except OSError as error:
        raise InputError(f"{place}: cannot be written ({error.strerror})") from error
    return place
