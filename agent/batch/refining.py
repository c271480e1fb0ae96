"""One item of a batch, from its picture to its row: what every engine runs."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from agent.batch.items import Item
from agent.batch.rows import Row, RowStatus
from agent.documents.region import Region
from agent.earlier import earlier_run
from agent.errors import BatchError, InputError, ReportError
from graph.checkpoints import forget
from graph.errors import FolderError
from graph.folder import RUN, write_atomically
from graph.types import Candidate, Result, StopReason
from prompts.errors import EndpointError, ModelError, NothingSaidError, RequestError
from prompts.unanswered import noting_unanswered
from renderers.types import Kind, RenderStatus

if TYPE_CHECKING:
    from agent.api import RefinementAgent
    from agent.refinement import Refinement

RUNNING = ".running"
"""Folder of the runs that a lean batch is in the middle of."""

_REFUSALS = frozenset({401, 403, 404})
"""A wrong key or model name: no item would fare better."""

_FOLDERS_TROUBLE = (OSError, sqlite3.Error, FolderError, ReportError)
"""What is raised where the folder cannot be written; a picture that cannot be read is a ``PictureError``."""

_PROBE = bytes(1_000_000)
_LONGEST_ERROR = 2_000


class ServerDown(Exception):  # noqa: N818 - an outcome that the engine acts on
    """A model server gave no answer while the item was refined; the item is to be tried again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of every item.

    Attributes:
        kind: What the pictures show; None for what their source says, else for what their pixels say.
        formats: What to write; none for the kind's first language.
        lean: Keep the best code and the scores only, not the runs.
    """

    kind: Kind | None = None
    formats: tuple[str, ...] = ()
    lean: bool = False


async def refine_item(agent: RefinementAgent, item: Item, out: Path, wanted: Wanted) -> Row:
    """Refine one item and leave its run in the batch's folder; whatever is wrong with it is told in its row.

    A run that was cut off is gone on with; one that failed, or that ended for want of a server, begins anew.

    Args:
        agent: Refines it.
        item: The item.
        out: The batch's folder.
        wanted: What is wanted of it.

    Raises:
        ServerDown: A model server is down, which is not the item's fault.
        BatchError: No item can be refined: a model refuses us, or the folder can no longer be written.
    """
    started = time.monotonic()
    with noting_unanswered() as unanswered:
        try:
            row = await _refine(agent, item, out, wanted)
        except _FOLDERS_TROUBLE as error:
            raise cannot_write(out, error) from error
        except Exception as error:  # whatever one item comes to, the others go on
            row = failed_row(item, wanted, _reason(error), time.monotonic() - started)
    if unanswered and row.stop_reason is StopReason.ERROR:  # nobody judged its last round: it has ended so
        await asyncio.to_thread(forget, run_folder(item, out, wanted))
    _raise_for(unanswered)
    if row.status is RowStatus.FAILED:
        await asyncio.to_thread(check_writable, out)
    return row


def run_folder(item: Item, out: Path, wanted: Wanted) -> Path:
    """Where an item is refined: its own folder, or one that does not stay."""
    return out / (f"{RUNNING}/{item.folder}" if wanted.lean else item.folder)


def failed_row(item: Item, wanted: Wanted, error: str, seconds: float = 0.0) -> Row:
    """The row of an item that came to nothing."""
    return Row(
        id=item.id,
        index=item.index,
        source=item.source,
        status=RowStatus.FAILED,
        error=error[:_LONGEST_ERROR] or "no reason was given",
        kind=wanted.kind or item.kind,
        seconds=seconds,
    )


def check_writable(out: Path) -> None:
    """Make sure that a failure is not that of a full disk or a lost one.

    Raises:
        BatchError: The folder cannot be written.
    """
    try:
        with tempfile.TemporaryFile(dir=out) as probe:
            probe.write(_PROBE)
            probe.flush()
    except OSError as error:
        raise cannot_write(out, error) from error


def cannot_write(out: Path, error: Exception) -> BatchError:
    """The error that ends a batch whose folder is full or gone."""
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    return BatchError(
        f"{out}: can no longer be written ({reason}); mend that and start again: "
        "what was finished is on disk and is not done again"
    )


def sweep(folder: Path) -> None:
    """Remove files below a folder that a killed process was in the middle of writing."""
    for half in folder.rglob(".*.part"):
        half.unlink(missing_ok=True)


async def _refine(agent: RefinementAgent, item: Item, out: Path, wanted: Wanted) -> Row:
    if item.fault or item.picture is None:
        raise InputError(item.fault or "there is no picture")
    folder = run_folder(item, out, wanted)
    try:
        done = await _run(agent, item, folder, wanted)
        return await asyncio.to_thread(_lean_row if wanted.lean else _full_row, item, done, out)
    except Exception:
        await asyncio.to_thread(forget, folder)
        raise
    finally:
        if wanted.lean:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _run(agent: RefinementAgent, item: Item, folder: Path, wanted: Wanted) -> Refinement:
    """Refine, going on with a run that was cut off where that can be done."""
    assert item.picture is not None
    kind = wanted.kind or item.kind
    await asyncio.to_thread(sweep, folder)
    going_on = await asyncio.to_thread(earlier_run, folder) is not None
    refine = partial(
        agent.arefine,
        item.picture,
        kind=kind,
        to=wanted.formats or None,
        out=folder,
        name=item.id,
        report=not wanted.lean,
    )
    try:
        return await refine(resume=going_on)
    except (InputError, FolderError):
        if not going_on:
            raise
    return await refine()


def _full_row(item: Item, done: Refinement, _: Path) -> Row:
    """The row of a run that stays and can go on; one that came to nothing begins anew if it is retried."""
    if done.result.best is None:
        forget(done.folder)
    if item.code is not None:
        write_atomically(done.folder / "reference_code.txt", item.code.encode("utf-8", "surrogatepass"))
    files = {
        "folder": item.folder,
        "code": f"{item.folder}/{done.best_file.name}" if done.best_file else None,
        "render": f"{item.folder}/{done.render_file.name}" if done.render_file else None,
        "reference": f"{item.folder}/{_reference(done)}",
    }
    others = {name: f"{item.folder}/{file.name}" for name, file in done.files.items()}
    return _scored(item, done, files, others)


def _lean_row(item: Item, done: Refinement, out: Path) -> Row:
    """The row of a run of which only the code stays."""
    code = None
    if done.best_file is not None:
        code = f"{item.lean_code}{done.language.suffix}"
        (out / code).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(out / code, done.best_file.read_bytes())
    others = {name: f"{item.lean_code}{file.name.removeprefix('best')}" for name, file in done.files.items()}
    for name, kept in others.items():
        write_atomically(out / kept, done.files[name].read_bytes())
    return _scored(item, done, {"folder": None, "code": code, "render": None, "reference": None}, others)


def _scored(item: Item, done: Refinement, files: dict[str, str | None], others: dict[str, str]) -> Row:
    region = item.picture if isinstance(item.picture, Region) else None
    result = done.result
    best, first = result.best, result.first
    return Row(
        id=item.id,
        index=item.index,
        source=item.source,
        status=RowStatus.DONE if best else RowStatus.FAILED,
        error=result.error[-_LONGEST_ERROR:] if best else _why_nothing(result),
        kind=done.kind,
        language=done.language,
        stop_reason=result.stop_reason,
        reward=best.reward if best else 0.0,
        first_reward=first.reward if best and first else 0.0,
        similarity=best.similarity if best else 0.0,
        first_similarity=first.similarity if best and first else 0.0,
        rewards=_rewards(result),
        rounds=result.rounds,
        candidates=len(result.candidates),
        seconds=result.seconds,
        usage=result.usage,
        cost=done.cost,
        sha256=PurePosixPath(_reference(done)).stem,
        files=others,
        page=region.page if region else None,
        box=tuple(round(edge, 1) for edge in region.box) if region else (),
        notes=done.notes,
        **files,
    )


def _reference(done: Refinement) -> str:
    """The reference picture's file within the run folder; its name is its content address."""
    return str(json.loads((done.folder / RUN).read_text(encoding="utf-8"))["reference"])


def _rewards(result: Result) -> tuple[float, ...]:
    """The best reward so far after each round."""
    rewards: list[float] = []
    best = 0.0
    for round_ in range(result.rounds + 1 if result.candidates else 0):
        accepted = [item for item in result.candidates if item.round == round_ and item.accepted]
        best = max([best, *(item.reward for item in accepted if item.reward is not None)])
        rewards.append(best)
    return tuple(rewards)


def _why_nothing(result: Result) -> str:
    said = result.error or next(filter(None, map(_failure, reversed(result.candidates))), "")
    return said[-_LONGEST_ERROR:] or f"nothing rendered ({result.stop_reason})"


def _failure(candidate: Candidate) -> str:
    """Why a candidate did not render: the last line of its log names the error."""
    log = candidate.failure or (candidate.render.log if candidate.render else "")
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    status = candidate.render.status if candidate.render else None
    if not lines:
        return "what its code draws is blank" if status is RenderStatus.BLANK else ""
    return f"{status}: {lines[-1]}" if status else lines[-1]


def _reason(error: Exception) -> str:
    return str(error).strip() or type(error).__name__


def _raise_for(unanswered: list[ModelError]) -> None:
    """Tell trouble with a server from trouble with the item."""
    for error in unanswered:
        if isinstance(error, EndpointError) and not isinstance(error, NothingSaidError):
            raise ServerDown(str(error))
        if isinstance(error, RequestError) and error.status in _REFUSALS:
            raise BatchError(f"no item can be refined: {error}")
