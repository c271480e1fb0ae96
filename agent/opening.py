"""What comes before a search and after it: the picture is read and its folder made; what came is written."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.choices import Targets, asked_within, kind_found, kind_named, targets_named
from agent.clock import Clock
from agent.cost import Prices
from agent.data.convert import Converted, aconvert
from agent.data.finished import DataOptions
from agent.documents.region import Region
from agent.doubt import Doubt
from agent.earlier import Earlier, earlier_run
from agent.options import Options
from agent.refinement import Record, Refinement
from agent.reflow import reflow_of
from agent.report import write_report
from agent.sources import PictureSource, name_of, to_laid, to_pixels
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.kind import KindGuess, detect_kind
from critic.reading.straight import Correction, straightened
from critic.types import Critic
from graph import Candidate, Generator, Policy, Result, RunContext, RunFolder, Search, StopReason, Task
from graph.folder import picture_file
from graph.ownership import held
from graph.run import result_of
from prompts.allowance import Allowance
from renderers.pictures import Laid
from renderers.service import Renderers
from renderers.types import Image, Kind


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run whose folder is ours until it ends.

    Attributes:
        context: What the search works with.
        fresh: Whether it begins, rather than going on with an earlier one.
        targets: What the picture is to become.
    """

    context: RunContext
    fresh: bool
    targets: Targets
    _record: Record
    _options: Options
    _clock: Clock
    _reader: Reader
    _spent: tuple[float, float]

    @property
    def folder(self) -> RunFolder:
        """Where everything is kept."""
        return self.context.folder

    def cancelled(self, done: Iterable[Candidate]) -> None:
        """Write down a run that was ended from outside, with the candidates that are complete."""
        self._write(self._record, result_of(self.context, tuple(done), StopReason.CANCELLED))
        self._report()

    async def ended(self, result: Result) -> Refinement:
        """Write down what came of it, and make the other formats that were asked for."""
        record, path, task = self._record, self.folder.path, self.context.task
        if result.stop_reason is StopReason.SECONDS:
            self._reader.give_up()
        if task.kind is Kind.PAGE and result.best:
            drawing = reflow_of(self.folder.text(result.best.code), task.size, self.context.render)
            record = replace(record, reflow=await self._clock.after(drawing))
        unread = await self._clock.after(asyncio.to_thread(self._reader.unread, task.reference))
        record.notes.extend([str(unread)] if unread is not None else [])
        self._write(record, result)
        files: tuple[Converted, ...] = ()
        assets = self._options.get("assets", "") if task.kind is Kind.PAGE else ""
        formats = (*((task.language,) if assets else ()), *self.targets.formats)
        if result.best and formats:
            wanted = DataOptions(self._options.get("decimal", ""), assets=assets)
            files = tuple(await aconvert(path, formats, wanted))
        self._report()
        cost = record.prices.of(result.candidates)
        return Refinement(
            record.picture, task.kind, task.language, path, result, files, cost, tuple(record.notes)
        )

    def _write(self, record: Record, result: Result) -> None:
        spent = (self._reader.text.seconds - self._spent[0], self._reader.seconds - self._spent[1])
        record.write(self.folder, result, dict(zip(("ocr", "reading"), spent, strict=True)))

    def _report(self) -> None:
        if self._options.get("report", True):
            write_report(self.folder.path)


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens runs with an agent's parts.

    Attributes:
        generator: Writes and mends code.
        critic: Compares pictures.
        reader: Reads pictures, and remembers what it read.
        renderers: Make code into pixels.
        prices: Of models.
        policy: A policy of the caller's own.
    """

    generator: Generator
    critic: Critic
    reader: Reader
    renderers: Renderers
    prices: Prices
    policy: Policy | None

    @asynccontextmanager
    async def opened(
        self,
        picture: PictureSource,
        options: Options,
        search: Search,
        earlier_in: Callable[[Path], Earlier | None] = earlier_run,
    ) -> AsyncIterator[OpenRun]:
        """Read a picture, find out what it is, and make its run folder, which is held meanwhile.

        Args:
            picture: The reference.
            options: See ``Options``.
            search: How to search where the options do not say.
            earlier_in: Finds the run to go on with, where one is to.

        Raises:
            PictureError: The picture cannot be read.
            InputError: An argument cannot be used.
            FolderError: The folder is not ours, in use or cannot be written.
        """
        search, name = options.get("search") or search, options.get("name") or name_of(picture)
        clock = Clock(name, search.budget.seconds, options.get("started", time.monotonic()))
        laid, known = await clock.before(asyncio.to_thread(self._loaded, picture))
        reference, correction = (
            (laid.pixels, None)
            if known
            else await clock.before(asyncio.to_thread(self._straight, laid.pixels))
        )
        out = options.get("out")
        path = Path(out) if out else Path(tempfile.mkdtemp(prefix="lookalike-"))
        with held(path):
            earlier = earlier_in(path) if options.get("resume") else None
            kind, targets = await clock.before(self._task(picture, reference, earlier, options))
            folder = RunFolder(path, reference, targets.language, fresh=earlier is None)
            canvas = await clock.before(asyncio.to_thread(canvas_of, reference, kind, self.reader))
            record = Record(
                name,
                kind,
                targets.language,
                self.generator,
                self.critic.name,
                search,
                canvas.scale,
                laid.ground,
                picture.to_json() if isinstance(picture, Region) else None,
                self.prices,
                correction=await _correction(correction, laid.pixels, folder),
                notes=_notes(picture, correction),
            )
            record.write(folder, None, {})
            scale = 1.0 if kind is Kind.CHART else canvas.scale
            target = await asyncio.to_thread(asked_within, kind, targets)
            task = Task(kind, targets.language, reference, scale, target)
            context = self._context(task, folder, search, clock.started)
            spent = (self.reader.text.seconds, self.reader.seconds)
            yield OpenRun(context, earlier is None, targets, record, options, clock, self.reader, spent)

    async def _task(
        self, picture: PictureSource, reference: Image, earlier: Earlier | None, options: Options
    ) -> tuple[Kind, Targets]:
        """What to write: as asked for, else as the earlier run did, else as the pixels say."""
        given, to = options.get("kind"), options.get("to")
        kind = kind_named(given) if given else earlier.kind if earlier else None
        kind = kind or (picture.kind if isinstance(picture, Region) else None)
        kind = kind or kind_found(await self.settled(reference), name_of(picture))
        targets = Targets(earlier.language) if earlier and to is None else targets_named(kind, to)
        if earlier:
            await asyncio.to_thread(earlier.check, reference, kind, targets.language)
        return kind, targets

    def _loaded(self, picture: PictureSource) -> tuple[Laid, bool]:
        """A picture's pixels, and whether a document says what they say, which is then not read from them."""
        if not isinstance(picture, Region):
            return to_laid(picture), False
        pixels, lines = picture.load()
        self.reader.know(pixels, lines)
        return Laid(pixels), bool(lines)

    def _straight(self, picture: Image) -> tuple[Image, Correction | None]:
        """A scan or photograph of a document as a screen would show it."""
        return self.reader.remember("straight", picture, straightened)

    def _context(self, task: Task, folder: RunFolder, search: Search, started: float) -> RunContext:
        budget = search.budget
        deadline = None if budget.seconds is None else started + budget.seconds
        return RunContext(
            task=task,
            generator=self.generator,
            critic=self.critic,
            render=self.renderers.render,
            folder=folder,
            search=search,
            chosen=self.policy,
            started=started,
            allowance=Allowance(calls=budget.calls, tokens=budget.tokens, deadline=deadline),
        )

    async def guess(self, picture: PictureSource) -> KindGuess:
        """What a picture seems to show, and how sure that is."""
        return await asyncio.to_thread(detect_kind, await self._upright(picture), self.reader)

    async def settled(self, picture: PictureSource) -> KindGuess:
        """``guess``; where the kind is in doubt, the picture is drafted as both, which decides."""
        upright = await self._upright(picture)
        guess = await asyncio.to_thread(detect_kind, upright, self.reader)
        return await Doubt(self.reader, self.renderers.render).settled(guess, upright)

    async def _upright(self, picture: PictureSource) -> Image:
        return (await asyncio.to_thread(lambda: self._straight(to_pixels(picture))))[0]


async def _correction(done: Correction | None, before: Image, folder: RunFolder) -> dict[str, Any] | None:
    """What ``run.json`` says was done to a picture, which is kept as it was before."""
    if done is None:
        return None
    return done.to_json() | {"said": str(done), "picture": picture_file(await folder.aput_picture(before))}


def _notes(picture: PictureSource, correction: Correction | None) -> list[str]:
    """What is worth knowing about a picture before anything is made of it."""
    notes = [picture.note] if isinstance(picture, Region) and picture.note else []
    return notes + ([str(correction)] if correction else [])
