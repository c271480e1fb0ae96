"""What the arguments of a command come to: pictures, and the tables and figures of documents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from agent.api import RefinementAgent
from agent.clock import Clock
from agent.commands.failures import MENDABLE, complain
from agent.commands.inputs import CLIPBOARD, STDIN, folder_names, name_of
from agent.documents.download import is_address
from agent.documents.drawn import is_drawing
from agent.documents.region import Region, is_pdf, wholes_of
from agent.errors import InputError
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parts of documents are wanted.

    Attributes:
        pages: Such as ``1-4,7``; all of them where None.
        kinds: Only these; all where there are none.
        regions: Whether pictures too are looked through for several tables and figures.
        kind: What all pictures are taken for; of a document taken for pages, each page is one picture.
        download: Whether addresses may be fetched.
    """

    pages: str | None = None
    kinds: tuple[Kind, ...] = ()
    regions: bool = False
    kind: Kind | None = None
    download: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One picture to refine.

    Attributes:
        label: What it is called in messages: the argument, or the region.
        name: What it is called in its report.
        folder: Of its run, within the folder of all.
        region: Where it is in its document; None where the argument is the picture.
        failure: Why its document came to nothing; None where it did not.
    """

    label: str
    name: str
    folder: str
    region: Region | None = None
    failure: Exception | None = None

    @property
    def source(self) -> str:
        """The file as it was given; its name in messages where it is standard input."""
        return str(self.region.source) if self.region else self.label


async def parts_of(agent: RefinementAgent, arguments: list[str], wanted: Wanted) -> AsyncIterator[Part]:
    """The pictures that arguments name, and the regions of the documents that they name.

    A document that cannot be used, or has nothing on it, is one part that says so.
    """
    for argument, folder in zip(arguments, folder_names(arguments), strict=True):
        if is_address(argument) and not wanted.download:
            why = InputError(f"{argument}: is an address; --allow-download has it fetched")
            yield Part(argument, name_of(argument), folder, failure=why)
            continue
        if not _is_looked_through(argument, wanted):
            yield Part(argument, name_of(argument), folder)
            continue
        try:
            found = await _found(agent, argument, wanted)
        except MENDABLE as error:
            yield Part(argument, name_of(argument), folder, failure=error)
            continue
        for region in found:
            yield _part_of(argument, folder, region)


def _is_looked_through(argument: str, wanted: Wanted) -> bool:
    """Whether an argument may come to several pictures."""
    if argument in (STDIN, CLIPBOARD) or is_address(argument):
        return False
    return wanted.regions or wanted.pages is not None or is_pdf(Path(argument))


async def _found(agent: RefinementAgent, argument: str, wanted: Wanted) -> list[Region]:
    """The regions of a document or picture; whole pages where pages are asked for, and frames."""
    path = Path(argument)
    whole = wanted.kind is Kind.PAGE if is_pdf(path) else not wanted.regions
    if whole:
        return await asyncio.to_thread(wholes_of, path, wanted.pages)
    return await _regions(agent, argument, wanted)


async def apart(agent: RefinementAgent, part: Part, started: float) -> list[Part]:
    """A picture that is plainly of several tables or panels as these; any other part as it is.

    Args:
        agent: Its reader looks at the picture.
        part: What was asked for.
        started: When its time began, on ``time.monotonic``'s clock.
    """
    given = part.label in (STDIN, CLIPBOARD) or is_address(part.label) or is_drawing(Path(part.label))
    if given or part.region is not None or part.failure is not None:
        return [part]
    clock = Clock(part.label, agent.search.budget.seconds, started)
    try:
        found = await clock.before(agent.aseveral(part.label))
    except MENDABLE as error:
        return [replace(part, failure=error)]
    if not found:
        return [part]
    kinds = " and ".join(sorted({f"{region.kind}s" for region in found}))
    complain(f"{part.label}: several {kinds}, refined one by one; name a kind to have it read as one")
    return [_part_of(part.label, part.folder, region) for region in found]


def _part_of(argument: str, folder: str, region: Region) -> Part:
    """A region of what an argument names, with a folder beside those of the others."""
    own = f"{folder}{region.folder.removeprefix(Path(argument).stem)}"
    return Part(region.name, region.name, own, region)


async def _regions(agent: RefinementAgent, argument: str, wanted: Wanted) -> list[Region]:
    everything = await agent.aregions(argument, wanted.pages)
    kept = [
        region for region in everything if region.kind and (not wanted.kinds or region.kind in wanted.kinds)
    ]
    for region in everything:
        if region.kind is None:
            complain(f"{region.name}: a photograph or the like; left out")
    if not kept:
        what = " or ".join(wanted.kinds) or "table or figure"
        pages = f" on pages {wanted.pages}" if wanted.pages else ""
        instead = (
            "--kind page takes whole pages" if is_pdf(Path(argument)) else "name a kind to have it read whole"
        )
        raise InputError(f"{argument}: no {what} found{pages}; {instead}")
    return kept
