"""Pairs of many sources: seeded, streamed to a file, over several processes, gone on with after a break."""

from __future__ import annotations

import asyncio
import io
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from PIL import Image as PILImage

from agent.errors import InputError
from agent.injection.pairs import Pair, PairMaker, UnusableSourceError
from agent.injection.sources import Source, find_sources, kind_of_markup
from agent.processes import Workplace, spread
from agent.settings import Settings
from critic.types import Box
from graph.folder import write_atomically
from renderers.pictures import digest, encode_png
from renderers.types import Image, Kind

PAIRS = "pairs.jsonl"
REJECTED = "rejected.jsonl"
PICTURES = "pictures"

_JPEG_QUALITY = 90
"""Of an untouched pair's prediction: noise that no reader sees, but that changes nearly every pixel."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How pairs are made.

    Attributes:
        seed: The same one gives the same pairs.
        least: Errors of a pair at least; ``most`` at most.
        untouched: Share of pairs without any error.
    """

    seed: int = 0
    least: int = 1
    most: int = 3
    untouched: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: They make no pair.
        """
        if not 1 <= self.least <= self.most:
            raise InputError(f"{self.least} to {self.most} errors a pair: give 1 or more, the smaller first")
        if not 0.0 <= self.untouched < 1.0:
            raise InputError(f"--untouched {self.untouched}: give a share from 0 to below 1")


@dataclass(frozen=True, slots=True)
class Order:
    """One pair to be made: of which source, and the how manieth of it."""

    source: Source
    number: int
    recipe: Recipe
    out: Path

    @property
    def id(self) -> str:
        """The pair's, whatever other sources there are."""
        return f"{self.source.id}-{self.number}"


@dataclass(slots=True)
class Tally:
    """What a run has come to.

    Attributes:
        made: Pairs written, by this run.
        there: Pairs that an earlier run had written.
        rejected: Pairs that could not be made.
    """

    made: int = 0
    there: int = 0
    rejected: int = 0


def orders(
    paths: Iterable[Path], kind: Kind | None, recipe: Recipe, out: Path, *, each: int, most: int | None = None
) -> Iterator[Order]:
    """Which pairs to make: one of each source, then a second one of each, and so on.

    A run that is cut short so has some of all sources.

    Args:
        paths: Files and folders of code.
        kind: What all of it draws; by default each file says so itself.
        recipe: How.
        out: Where the pairs go.
        each: Pairs of every source, unless ``most`` is given.
        most: Pairs in all, the sources taken in turn.

    Raises:
        InputError: There is no source.
    """
    paths = list(paths)
    if next(find_sources(paths, kind), None) is None:
        raise InputError(f"{', '.join(map(str, paths))}: no .py, .svg or .html file to put errors into")
    turns = range(each) if most is None else count()
    taken = (Order(source, turn, recipe, out) for turn in turns for source in find_sources(paths, kind))
    return islice(taken, most)


async def corrupt(
    wanted: Iterable[Order],
    out: Path,
    processes: int,
    settings: Settings,
    tell: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Make the pairs that are not there yet, and write each as it is made.

    Args:
        wanted: Which pairs; those in the file are passed over.
        out: Folder for the file and the pictures.
        processes: How many to use.
        settings: How generated code is walled in.
        tell: Called after each pair.

    Raises:
        InputError: The folder cannot be written.
    """
    tally = Tally()
    done = await asyncio.to_thread(_prepared, out)

    def missing() -> Iterator[Order]:
        for order in wanted:
            if order.id in done:
                tally.there += 1
            else:
                yield order

    with (
        (out / PAIRS).open("a", encoding="utf-8") as pairs,
        (out / REJECTED).open("a", encoding="utf-8") as bad,
    ):
        async for outcome in spread(make_row, missing(), processes, settings):
            if isinstance(outcome.result, dict):
                _append(pairs, outcome.result)
                tally.made += 1
            else:
                order, reason = outcome.task, outcome.reason or str(outcome.result)
                _append(bad, {"id": order.id, "source": order.source.name, "reason": reason})
                tally.rejected += 1
            tell(tally)
    return tally


def _append(file: Any, row: dict[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    file.flush()


def _prepared(out: Path) -> set[str]:
    """Make the folder, and read which pairs it holds; a line that a killed run left half is cut off."""
    try:
        (out / PICTURES).mkdir(parents=True, exist_ok=True)
        found: set[str] = set()
        for name in (PAIRS, REJECTED):
            file = out / name
            if not file.exists():
                continue
            whole = 0
            with file.open("rb+") as lines:
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    found.add(str(json.loads(line)["id"]))
                    whole += len(line)
                lines.truncate(whole)
        return found
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another with -o") from error
    except (ValueError, KeyError) as error:
        raise InputError(
            f"{out / PAIRS}: holds lines that are no pairs; choose another folder with -o"
        ) from error


async def make_row(place: Workplace, order: Order) -> dict[str, Any] | str:
    """One pair as its record, its pictures written; or why there is none. Runs in a process of its own."""
    try:
        code = order.source.read()
        kind = order.source.kind or kind_of_markup(code)
        return await record_of(order, kind, code, PairMaker(place.renderers, kind, code))
    except (InputError, UnusableSourceError, ValueError, SyntaxError) as error:
        return str(error)


async def record_of(order: Order, kind: Kind, code: str, maker: PairMaker) -> dict[str, Any]:
    """The record of the pair that an order asks for, its pictures written.

    Raises:
        UnusableSourceError: No pair can be made of the source.
    """
    recipe = order.recipe
    chance = random.Random(f"{recipe.seed}/{order.id}")
    if chance.random() < recipe.untouched:
        return _untouched(order, kind, code, await maker.untouched())
    wanted = chance.randint(recipe.least, recipe.most)
    return _record(order, kind, await maker.make(wanted, f"{recipe.seed}/{order.id}"))


def _record(order: Order, kind: Kind, pair: Pair) -> dict[str, Any]:
    return _row(order, kind, pair.code, pair.edited) | {
        "gt_img_path": _kept(order.out, pair.reference),
        "pred_img_path": _kept(order.out, pair.prediction),
        "human_errors": [
            {
                "type": error.category,
                "category": error.category,
                "severity": error.plan.severity,
                "location": error.plan.location,
                "description": error.plan.description,
                "box": [int(value) for value in Box(*error.box)],
                "change": error.edit,
            }
            for error in pair.errors
        ],
    }


def _untouched(order: Order, kind: Kind, code: str, picture: Image) -> dict[str, Any]:
    name = f"{PICTURES}/{digest(picture)[:32]}.jpg"
    write_atomically(order.out / name, _jpeg(picture))
    return _row(order, kind, code, code) | {
        "gt_img_path": _kept(order.out, picture),
        "pred_img_path": name,
        "human_errors": [],
        "untouched": True,
    }


def _row(order: Order, kind: Kind, code: str, edited: str) -> dict[str, Any]:
    """What every record has; the same keys in each, so that a reader infers one schema."""
    return {
        "id": order.id,
        "idx": order.number,
        "category": kind.value,
        "gt_img_path": "",
        "pred_img_path": "",
        "human_errors": [],
        "untouched": False,
        "annotated": True,
        "source": order.source.name,
        "seed": order.recipe.seed,
        "gt_code": code,
        "pred_code": edited,
    }


def _jpeg(image: Image) -> bytes:
    """The picture as a JPEG file."""
    buffer = io.BytesIO()
    PILImage.fromarray(image).save(buffer, format="JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _kept(out: Path, image: Image) -> str:
    """The picture's path within the folder; written once, whoever needs it."""
    name = f"{PICTURES}/{digest(image)[:32]}.png"
    if not (out / name).exists():
        write_atomically(out / name, encode_png(image))
    return name
