"""The tools: refine, critique, render, compare a page, read, continue."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, Literal, ParamSpec, TypeVar

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult
from pydantic import Field

from agent.api import RefinementAgent
from agent.choices import kind_named
from agent.commands.failures import MENDABLE
from agent.earlier import earlier_run
from agent.mcp.live import screenshot
from agent.mcp.pictures import Shown, shown, whole
from agent.mcp.reading import read
from agent.mcp.results import (
    LONGEST_LOG,
    MOST_FINDINGS,
    Compared,
    Read,
    Refined,
    Rendered,
    answer,
    compared,
    findings,
    short,
)
from agent.mcp.roots import ClientRoots, Roots, local_folders
from agent.refinement import Refinement
from agent.report.run_folder import read_run_folder
from agent.said import Said
from agent.sources import to_pixels
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reward import reward
from graph import Answer, Asked, Critiqued, Event, Search
from graph.folder import write_atomically
from renderers.pictures import encode_png, load_picture, size_of
from renderers.types import Image, Kind, Render, RenderStatus, Size

_LONGEST_PATH = 400
_ENDINGS = frozenset({".py", ".html", ".htm", ".md", ".svg"})
"""Names of code files; code itself has more than one line, or no such end."""

P = ParamSpec("P")
T = TypeVar("T")

KindName = Annotated[str, Field(description="auto, chart, table, svg or page")]
PicturePath = Annotated[str, Field(description="path of a picture under the allowed folders")]
Pictures = Annotated[Shown, Field(description="none, crops of the worst places, or both pictures whole")]
OutFolder = Annotated[str | None, Field(description="folder to write to; lookalike-out/NAME by default")]
Rounds = Annotated[int, Field(ge=0, le=20, description="revision rounds at most")]
Seconds = Annotated[float, Field(gt=0, le=3600, description="time at most")]


def _mendable(
    tool: Callable[Concatenate[Tools, P], Awaitable[T]],
) -> Callable[Concatenate[Tools, P], Coroutine[Any, Any, T]]:
    """A tool whose caller is told what to mend, in one line."""

    @wraps(tool)
    async def told(self: Tools, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await tool(self, *args, **kwargs)
        except MENDABLE as error:
            raise ToolError(" ".join(str(error).split())) from error

    return told


class Tools:
    """The tools of one server, which share an agent."""

    def __init__(
        self, agent: RefinementAgent, folders: tuple[Path, ...] = (), *, anywhere: bool = False
    ) -> None:
        """Choose what may be touched.

        Args:
            agent: Refines, critiques and renders; its owner closes it.
            folders: Roots beside those that the client names.
            anywhere: Whether pages of other machines may be compared.
        """
        self._agent = agent
        self._folders = folders
        self._anywhere = anywhere
        self.runs: dict[str, Path] = {}
        """Run folders that this server has made or continued, by name: its resources."""

    @_mendable
    async def refine_picture(
        self,
        picture: PicturePath,
        ctx: Context,
        client: ClientRoots,
        kind: KindName = "auto",
        to: Annotated[str | None, Field(description="python, html, markdown, svg")] = None,
        rounds: Rounds = 3,
        seconds: Seconds = 120,
        out: OutFolder = None,
        pictures: Pictures = "none",
    ) -> Annotated[CallToolResult, Refined]:
        """Turn a picture of a chart, table, icon or web page into code whose render looks the same."""
        roots = self._roots(client)
        file = roots.file(picture)
        search = self._search(rounds, seconds)
        events = self._agent.stream(
            file,
            kind=None if kind == "auto" else kind,
            to=to,
            out=roots.out(out, file.stem),
            search=search,
        )
        done = await _followed(events, ctx, rounds)
        return await self._refined(done, pictures)

    @_mendable
    async def continue_refinement(
        self,
        run: Annotated[str, Field(description="the run folder that refine_picture answered with")],
        ctx: Context,
        client: ClientRoots,
        discrepancies: Annotated[list[Said], Field(max_length=20, description="what is wrong")] = [],  # noqa: B006
        candidate: Annotated[
            int | None, Field(description="go on from this one; the best by default")
        ] = None,
        code: Annotated[str, Field(max_length=500_000, description="its code as you changed it")] = "",
        rounds: Rounds = 1,
        seconds: Seconds = 120,
        pictures: Pictures = "none",
    ) -> Annotated[CallToolResult, Refined]:
        """Go on with a run: mend what you say is wrong, from a candidate or code of your choice."""
        folder = self._roots(client).path(run)
        earlier = earlier_run(folder)
        if earlier is None:
            raise ToolError(f"{run}: no run that can go on")
        known = read_run_folder(folder)
        found = tuple(item.discrepancy(earlier.kind) for item in discrepancies)
        answers = iter([Answer(discrepancies=found, candidate=candidate, code=code)])
        wanted = bool(found or code.strip() or candidate is not None)
        done_rounds = max((item.round for item in known.candidates), default=0)
        search = self._search(done_rounds + rounds, (known.run.seconds or 0.0) + seconds)

        async def say(asked: Asked) -> Answer | None:
            return next(answers, None)

        events = self._agent.stream(
            earlier.laid,
            out=folder,
            name=earlier.picture or None,
            resume=True,
            search=search,
            human=say if wanted else None,
        )
        done = await _followed(events, ctx, rounds, done_rounds)
        return await self._refined(done, pictures, len(known.candidates))

    @_mendable
    async def critique_render(
        self,
        reference: PicturePath,
        client: ClientRoots,
        render: Annotated[str | None, Field(description="path of the picture to compare")] = None,
        code: Annotated[str | None, Field(description="or code to render; a path is read")] = None,
        kind: KindName = "auto",
        to: Annotated[str | None, Field(description="the code's language")] = None,
        pictures: Pictures = "crops",
    ) -> Annotated[CallToolResult, Compared]:
        """Say how a render differs from a reference picture: reward, similarity, where and what."""
        roots = self._roots(client)
        image = await asyncio.to_thread(to_pixels, roots.file(reference))
        what = await self._kind(kind, image)
        if (render is None) == (code is None):
            raise ToolError("give either render or code")
        if render is not None:
            return await self._compared(what, image, load_picture(roots.file(render)), render, pictures)
        drawn = await self._drawn(roots, code or "", what, to, _size_of(image, what))
        if drawn.image is None or drawn.status is not RenderStatus.OK:
            raise ToolError(f"the code gave no picture ({drawn.status}): {short(drawn.log[-600:])}")
        return await self._compared(what, image, drawn.image, str(_kept(roots, drawn.image)), pictures)

    @_mendable
    async def render_code(
        self,
        code: Annotated[str, Field(description="the code, or the path of a file with it")],
        kind: Annotated[str, Field(description="chart, table, svg or page")],
        client: ClientRoots,
        to: Annotated[str | None, Field(description="the code's language")] = None,
        width: Annotated[int | None, Field(ge=1, le=8000)] = None,
        height: Annotated[int | None, Field(ge=1, le=8000)] = None,
        pictures: Annotated[Literal["none", "whole"], Field(description="whole brings it along")] = "none",
    ) -> Annotated[CallToolResult, Rendered]:
        """Render code in a sandbox, without a network, and keep the picture as a file."""
        roots, what = self._roots(client), await self._kind(kind, None)
        size = Size(width, height) if width and height else None
        drawn = await self._drawn(roots, code, what, to, size)
        result = Rendered(status=drawn.status.value, log=drawn.log[-LONGEST_LOG:])
        if drawn.image is None:
            return answer(result)
        high, wide = drawn.image.shape[:2]
        result = result.model_copy(
            update={"width": wide, "height": high, "file": str(_kept(roots, drawn.image))}
        )
        return answer(result, whole("render", drawn.image) if pictures == "whole" else ())

    @_mendable
    async def compare_page(
        self,
        reference: PicturePath,
        page: Annotated[str, Field(description="http address on this machine, or path of an HTML file")],
        client: ClientRoots,
        width: Annotated[int | None, Field(ge=1, le=8000, description="of the window")] = None,
        height: Annotated[int | None, Field(ge=1, le=8000)] = None,
        pictures: Pictures = "crops",
    ) -> Annotated[CallToolResult, Compared]:
        """Show a page that you are editing in a browser and say how it differs from the reference picture."""
        roots = self._roots(client)
        image = await asyncio.to_thread(to_pixels, roots.file(reference))
        usual = _size_of(image, Kind.PAGE)
        window = Size(width or usual.width, height or usual.height)
        drawn = await screenshot(page, window, roots, anywhere=self._anywhere)
        return await self._compared(Kind.PAGE, image, drawn, str(_kept(roots, drawn)), pictures)

    @_mendable
    async def read_picture(
        self, picture: PicturePath, client: ClientRoots, kind: KindName = "auto"
    ) -> Annotated[CallToolResult, Read]:
        """Read what a picture shows without writing code: the rows of a table, the data of a chart, texts."""
        image = await asyncio.to_thread(to_pixels, self._roots(client).file(picture))
        guess = await self._agent.aguess(image) if kind == "auto" else None
        what = await self._kind(kind, image)
        found = await asyncio.to_thread(read, image, what)
        confidence = round(guess.confidence, 3) if guess else None
        return answer(found.model_copy(update={"confidence": confidence}))

    def _roots(self, client: ClientRoots) -> Roots:
        return Roots.of((*self._folders, *local_folders(client)))

    def _search(self, rounds: int, seconds: float) -> Search:
        budget = self._agent.search.budget.model_copy(update={"rounds": rounds, "seconds": seconds})
        return self._agent.search.model_copy(update={"budget": budget})

    async def _kind(self, kind: str, image: Image | None) -> Kind:
        if kind == "auto" and image is not None:
            return await self._agent.akind(image)
        return kind_named(kind)

    async def _drawn(self, roots: Roots, code: str, kind: Kind, to: str | None, size: Size | None) -> Render:
        """The render of code that is given as text or as a file's path."""
        is_path = "\n" not in code and len(code) < _LONGEST_PATH and Path(code).suffix in _ENDINGS
        text = roots.file(code).read_text("utf-8", "replace") if is_path else code
        return await self._agent.arender(text, kind, language=to, size=size)

    async def _compared(
        self, kind: Kind, reference: Image, render: Image, file: str, pictures: Shown
    ) -> CallToolResult:
        said = await self._agent.acritique(reference, render, kind=kind)
        value = reward(said) if said.happened else None
        result = compared(kind.value, said, value, file)
        return answer(result, shown(pictures, reference, render, said.discrepancies))

    async def _refined(self, done: Refinement, pictures: Shown, known: int = 0) -> CallToolResult:
        self.runs[done.folder.name] = done.folder
        best, first = done.result.best, done.result.first
        found, more = findings(done.discrepancies)
        notes = [
            f"candidate {item.id}: {short(action.description)}"
            for item in done.result.candidates[known:]
            for action in item.actions
            if action.discrepancy is not None and known
        ]
        result = Refined(
            run=str(done.folder),
            kind=done.kind.value,
            language=done.language.value,
            reward=done.reward,
            first_reward=first.reward if first else None,
            similarity=done.similarity,
            stop_reason=done.result.stop_reason.value,
            candidates=len(done.result.candidates),
            best_candidate=best.id if best else None,
            code_file=str(done.best_file) if done.best_file else None,
            code_characters=len(done.code),
            render_file=str(done.render_file) if done.render_file else None,
            report_file=str(done.report_file),
            findings=found,
            more_findings=more,
            notes=notes[:MOST_FINDINGS],
            failure=short(done.failure),
        )
        if pictures == "none" or done.render_file is None:
            return answer(result)
        reference = read_run_folder(done.folder).reference
        if reference is None:
            raise ToolError(f"{done.folder}: its reference is gone")
        return answer(result, shown(pictures, reference, load_picture(done.render_file), done.discrepancies))


async def _followed(
    events: AsyncGenerator[Event | Refinement, Answer | None], ctx: Context, rounds: int, done: int = 0
) -> Refinement:
    """The end of a run, told round by round on the way; the run is put away where the caller gives up."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Refinement):
                return event
            if isinstance(event, Critiqued):
                item = event.candidate
                at = f"reward {item.reward:.2f}" if item.reward is not None else "not judged"
                verdict = "kept" if item.accepted else "not better"
                step = item.round - done
                total = float(max(rounds + 1, step + 1))
                await ctx.report_progress(step + 1.0, total, f"candidate {item.id}: {at}, {verdict}")
    raise AssertionError("a stream ends with its refinement")


def _size_of(image: Image, kind: Kind) -> Size:
    """What a render must be as large as; a page at the scale that its picture seems to have."""
    scale = 1.0 if kind is Kind.CHART else canvas_of(image, kind, Reader()).scale
    return size_of(image, scale)


def _kept(roots: Roots, image: Image) -> Path:
    """A picture's file, by content, under the first root."""
    data = encode_png(image)
    folder = roots.out(None, "renders")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{hashlib.sha256(data).hexdigest()[:16]}.png"
    write_atomically(file, data)
    return file
