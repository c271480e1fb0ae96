"""Asks and judges the pairs of a file, writes a line a pair, and goes on where it was cut off."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.concurrency import as_stream, bounded
from agent.errors import InputError
from agent.processes import Workplace, spread
from agent.settings import Settings
from critic.rewardbench.asking import Asker, CriticAsker
from critic.rewardbench.matching import Matcher
from critic.rewardbench.matching import countable as countable_of
from critic.rewardbench.records import BadRow, Item, read_items
from critic.rewardbench.scores import PairScore, counted
from critic.types import Critique, Discrepancy
from renderers.errors import PictureError

JUDGED = "judged.jsonl"
BAD = "bad_rows.jsonl"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A critic that runs on this machine, in several processes.

    Attributes:
        settings: Choose it.
        processes: How many.
    """

    settings: Settings
    processes: int

    @property
    def name(self) -> str:
        """What it was chosen by."""
        return self.settings.critic.chosen


@dataclass(slots=True)
class Judged:
    """What a run has come to.

    Attributes:
        pairs: All judged pairs, those of earlier runs included.
        bad: Rows that could not be judged.
        unannotated: Pairs that were passed over because nobody has put their errors down.
    """

    pairs: list[PairScore] = field(default_factory=list)
    bad: int = 0
    unannotated: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A pair and what the critic said, or why it could not be asked."""

    item: Item
    critique: Critique | None
    reason: str = ""


async def run(
    file: Path,
    out: Path,
    asker: Asker | Embedded,
    matcher: Matcher,
    *,
    at_a_time: int = 8,
    limit: int | None = None,
    tell: Callable[[Judged], None] = lambda judged: None,
) -> Judged:
    """Judge the pairs of a file that are not judged yet.

    Args:
        file: VC-RewardBench's records, in either dialect.
        out: Folder for the results; the same one goes on with them.
        asker: Whom to ask.
        matcher: Who says which errors are which.
        at_a_time: Pairs that are asked or judged at a time.
        limit: Pairs at most.
        tell: Called after each pair.

    Raises:
        CriticError: The file cannot be read.
        InputError: The folder cannot be written, or holds another critic's results.
    """
    judged, done = _begin(out, asker.name, matcher.name)
    with (out / JUDGED).open("a", encoding="utf-8") as lines, (out / BAD).open("w", encoding="utf-8") as bad:

        def missing() -> Iterator[Item]:
            for number, row in enumerate(read_items(file)):
                if limit is not None and number >= limit:
                    return
                if isinstance(row, BadRow):
                    judged.bad += 1
                    _write(bad, {"line": row.line, "reason": row.reason})
                elif not row.annotated:
                    judged.unannotated += 1
                elif row.id not in done:
                    yield row

        async def judge(asked: _Asked) -> tuple[_Asked, PairScore | None, dict[str, Any]]:
            if asked.critique is None:
                return asked, None, {}
            score, record = await _judged(asked.item, asked.critique, matcher)
            return asked, score, record

        async for asked, score, record in bounded(
            _asked(missing(), file.parent, asker, at_a_time), judge, at_a_time
        ):
            if score is None:
                judged.bad += 1
                _write(bad, {"id": asked.item.id, "reason": asked.reason})
            else:
                _write(lines, {"critic": asker.name, "matcher": matcher.name, **record})
                judged.pairs.append(score)
            tell(judged)
    return judged


async def _judged(item: Item, critique: Critique, matcher: Matcher) -> tuple[PairScore, dict[str, Any]]:
    """A pair's counts, and its line: the item's own fields with the published ones beside them."""
    predicted = countable_of(item, critique.discrepancies)
    known = [error.discrepancy() for error in item.known()]
    matched = await matcher.match(item, predicted, known)
    score = PairScore(
        id=item.id,
        kind=item.kind,
        counts=counted(matched, predicted, known),
        unparsed=critique.failure,
        unjudged=matched.failure,
        untouched=item.untouched,
    )
    record = item.model_dump(mode="json", exclude={"pred_json"}) | {
        "pred_json": {"errors": [_error(error) for error in predicted]},
        "error_parse_failed_reason": critique.failure or None,
        "matched": matched.model_dump(mode="json"),
        "score": score.model_dump(mode="json"),
        "seconds": critique.seconds,
        "usage": critique.usage.model_dump(mode="json"),
    }
    return score, record


def _error(error: Discrepancy) -> dict[str, Any]:
    return error.model_dump(
        mode="json", include={"category", "severity", "location", "description", "box"}
    ) | {"type": error.category}


async def _asked(
    items: Iterable[Item], folder: Path, asker: Asker | Embedded, at_a_time: int
) -> AsyncIterator[_Asked]:
    if isinstance(asker, Embedded):
        tasks = ((item, folder) for item in items)
        async for outcome in spread(ask_here, tasks, asker.processes, asker.settings):
            item, _ = outcome.task
            yield _Asked(item, outcome.result, outcome.reason)
        return
    model: Asker = asker

    async def one(item: Item) -> _Asked:
        try:
            return _Asked(item, await model.ask(item, folder))
        except PictureError as error:
            return _Asked(item, None, str(error))

    async for asked in bounded(as_stream(items), one, at_a_time):
        yield asked


async def ask_here(place: Workplace, task: tuple[Item, Path]) -> Critique:
    """One pair's critique. Runs in a process of its own."""
    item, folder = task
    return await CriticAsker(place.critic).ask(item, folder)


def _write(file: Any, row: dict[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    file.flush()


def _begin(out: Path, critic: str, matcher: str) -> tuple[Judged, set[str]]:
    """What the folder holds; a line that a killed run left half is cut off."""
    judged, done = Judged(), set[str]()
    try:
        out.mkdir(parents=True, exist_ok=True)
        if not (out / JUDGED).exists():
            return judged, done
        whole = 0
        with (out / JUDGED).open("rb+") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                row = json.loads(line)
                if (row["critic"], row["matcher"]) != (critic, matcher):
                    raise InputError(
                        f"{out}: holds results of {row['critic']} matched by {row['matcher']}, not of "
                        f"{critic} matched by {matcher}; choose another folder with -o"
                    )
                judged.pairs.append(PairScore.model_validate(row["score"]))
                done.add(str(row["id"]))
                whole += len(line)
            lines.truncate(whole)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another with -o") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{out / JUDGED}: is no file of judged pairs; choose another folder with -o"
        ) from error
    return judged, done
