"""The studio's server: one page, the runs behind it, and what happens in them as it happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import resources
from typing import Any, TypeVar
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from pydantic import BaseModel, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from agent.commands.failures import MENDABLE
from agent.report.embed import DataPicture
from agent.report.page import context_of, environment
from agent.report.run_folder import CandidateRecord, RunFolder
from agent.studio.desktop import has_desktop, open_folder
from agent.studio.forms import Code, GoOn, Say, Start, Waits
from agent.studio.guard import Guard, TooLarge
from agent.studio.hub import Hub
from agent.studio.sent import form_of, picture_of
from critic.types import CATEGORIES
from renderers.kinds import KINDS
from renderers.pictures import encode_png
from renderers.types import LANGUAGES, Image, Kind, RenderStatus

Form = TypeVar("Form", bound=BaseModel)

_ASSETS = {
    "report.css": ("agent.report", "templates", "text/css"),
    "theme.js": ("agent.report", "templates", "text/javascript"),
    "report.js": ("agent.report", "templates", "text/javascript"),
    "studio.css": ("agent.studio", "templates", "text/css"),
    "studio.js": ("agent.studio", "templates", "text/javascript"),
    "box.js": ("agent.studio", "templates", "text/javascript"),
}
SENT = "sent"
"""Where the picture of a run that has not begun is asked for."""
_PING = 15
"""Seconds after which a silent stream says that it lives."""


def make_app(hub: Hub, token: str) -> Starlette:
    """The server of a hub's runs.

    Args:
        hub: The runs; ended with the server.
        token: First part of every path; who does not know it is sent away.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await hub.aclose()

    run = "/api/runs/{name:path}"
    views = Views(hub)
    return Starlette(
        routes=[
            Route("/", views.page),
            Route("/static/{name}", views.asset),
            Route("/api/runs", views.listed),
            Route("/api/runs", views.begin, methods=["POST"]),
            Route(f"{run}/events", views.events),
            Route(f"{run}/state", views.state),
            Route(f"{run}/view", views.view),
            Route(f"{run}/pictures/{{file}}", views.picture),
            Route(f"{run}/{SENT}", views.sent),
            Route(f"{run}/code", views.code),
            Route(f"{run}/report", views.report),
            Route(f"{run}/draw", views.draw, methods=["POST"]),
            Route(f"{run}/say", views.say, methods=["POST"]),
            Route(f"{run}/stop", views.stop, methods=["POST"]),
            Route(f"{run}/go-on", views.go_on, methods=["POST"]),
            Route(f"{run}/waits", views.waits, methods=["POST"]),
            Route(f"{run}/again", views.again, methods=["POST"]),
            Route(f"{run}/open", views.open, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, token=token)],
        exception_handlers=dict.fromkeys((*MENDABLE, ValidationError, TooLarge), _mendable),
        lifespan=lifespan,
    )


class Views:
    """What the page asks for."""

    def __init__(self, hub: Hub) -> None:
        """Answer from a hub."""
        self._hub = hub

    async def page(self, request: Request) -> Response:
        """The page itself."""
        kinds = {name: [str(item) for item in LANGUAGES[Kind(name)]] for name in KINDS.names()}
        categories = {name: list(CATEGORIES[Kind(name)]) for name in KINDS.names()}
        text = _templates().get_template("studio.html.j2")
        shown = {"kinds": kinds, "categories": categories, "desktop": has_desktop()}
        return HTMLResponse(text.render(folder=self._hub.base.name, **shown))

    async def asset(self, request: Request) -> Response:
        """A style or a script."""
        found = _ASSETS.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        package, folder, media = found
        text = (resources.files(package) / folder / request.path_params["name"]).read_text("utf-8")
        return Response(text, media_type=media)

    async def listed(self, request: Request) -> Response:
        """The runs that there are."""
        return JSONResponse(await asyncio.to_thread(self._hub.listed))

    async def begin(self, request: Request) -> Response:
        """Start on the picture that the body is; how, the query says."""
        form = Start.model_validate(dict(request.query_params))
        return _begun(await self._hub.sent(await request.body(), form))

    async def again(self, request: Request) -> Response:
        """Start anew on a run's picture, as another kind or in another format; the run stays as it is."""
        form = Start.model_validate(dict(request.query_params))
        return _begun(await self._hub.again(_name(request), form))

    async def sent(self, request: Request) -> Response:
        """The picture of a run that has not begun."""
        folder = self._hub.session(_name(request)).folder
        picture = await asyncio.to_thread(lambda: encode_png(picture_of(folder, folder.name).pixels))
        return Response(picture, media_type="image/png")

    async def events(self, request: Request) -> Response:
        """What happens in a run, from the event after the last one that the page has seen."""
        session = self._hub.session(_name(request))
        seen = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        after = int(seen) if seen.isdecimal() else 0

        async def stream() -> AsyncIterator[ServerSentEvent]:
            async for event in session.events(min(after, len(session.told))):
                yield ServerSentEvent(json.dumps(event), id=str(event["seq"]))

        return EventSourceResponse(stream(), ping=_PING)

    async def state(self, request: Request) -> Response:
        """A run in numbers: whether it is at work, what may be said of it, and its candidates."""
        name = _name(request)
        session, run = self._hub.session(name), self._hub.read(name)
        best, reference = run.best, run.reference
        return JSONResponse(
            {
                "picture": run.run.picture or name,
                "folder": str(session.folder),
                "kind": run.run.kind,
                "language": run.run.language,
                "running": session.running,
                "waits": session.asks,
                "seen": len(session.told),
                "stop_reason": run.run.stop_reason,
                "reference": run.run.reference or (SENT if form_of(session.folder) else None),
                "size": None if reference is None else [reference.shape[1], reference.shape[0]],
                "best": best.id if best else None,
                "candidates": [_candidate(item) for item in run.candidates],
            }
        )

    async def view(self, request: Request) -> Response:
        """A run as the report shows it, as far as it got; its pictures are links."""
        name = _name(request)
        text = await asyncio.to_thread(_view, self._hub.read(name), f"api/runs/{quote(name)}/")
        return HTMLResponse(text)

    async def picture(self, request: Request) -> Response:
        """A picture of a run."""
        file = self._hub.read(_name(request)).file(f"pictures/{request.path_params['file']}")
        if file is None:
            raise HTTPException(404)
        return FileResponse(file, media_type="image/png", headers={"cache-control": "private, max-age=86400"})

    async def code(self, request: Request) -> Response:
        """A candidate's code, to be edited or downloaded; the best's where none is named."""
        run = self._hub.read(_name(request))
        wanted = request.query_params.get("candidate", "")
        chosen = run.by_id.get(int(wanted)) if wanted.isdecimal() else run.best
        text = run.code(chosen) if chosen else ""
        suffix = (chosen.code_file if chosen else "").rpartition(".")[2] or "txt"
        headers = {"content-disposition": f'attachment; filename="best.{suffix}"'}
        return PlainTextResponse(text, headers=headers)

    async def report(self, request: Request) -> Response:
        """The run's report, which may run its own script and nothing of ours."""
        file = self._hub.read(_name(request)).file("report.html")
        if file is None:
            raise HTTPException(404)
        return FileResponse(
            file,
            media_type="text/html",
            headers={"content-security-policy": "sandbox allow-scripts allow-popups"},
        )

    async def draw(self, request: Request) -> Response:
        """The picture of some code, as it is typed; why there is none, where it does not render."""
        form = await _form(request, Code)
        session = self._hub.session(_name(request))
        earlier = self._hub.earlier(session)
        drawn = await self._hub.agent.arender(
            form.code,
            earlier.kind,
            language=earlier.language,
            size=await asyncio.to_thread(lambda: earlier.size),
        )
        if drawn.status is not RenderStatus.OK or drawn.image is None:
            return JSONResponse({"status": drawn.status.value, "log": drawn.log[-2000:]}, 422)
        return Response(await asyncio.to_thread(encode_png, drawn.image), media_type="image/png")

    async def say(self, request: Request) -> Response:
        """What a person says; a run that had ended goes on for it."""
        name, form = _name(request), await _form(request, Say)
        session = self._hub.session(name)
        known = {item.id for item in self._hub.read(name).candidates}
        for number in (*form.rejected, *([] if form.candidate is None else [form.candidate])):
            if number not in known:
                raise HTTPException(422, f"there is no candidate {number}")
        await session.say(form.answer(self._hub.earlier(session).kind))
        self._hub.resume(name)
        return JSONResponse({"running": session.running})

    async def stop(self, request: Request) -> Response:
        """End a run."""
        await self._hub.session(_name(request)).stop()
        return JSONResponse({"running": False})

    async def go_on(self, request: Request) -> Response:
        """Let a run go on, with more to spend."""
        form = await _form(request, GoOn)
        self._hub.resume(_name(request), form.rounds, form.seconds)
        return JSONResponse({"running": True})

    async def waits(self, request: Request) -> Response:
        """Whether a run waits for a person after each round."""
        form = await _form(request, Waits)
        await self._hub.session(_name(request)).wait(form.on)
        return JSONResponse({"waits": form.on})

    async def open(self, request: Request) -> Response:
        """Show a run's folder in the file manager, where there is a desktop."""
        folder = self._hub.session(_name(request)).folder
        if not has_desktop():
            raise HTTPException(422, f"this machine has no desktop to open it on: {folder}")
        await asyncio.to_thread(open_folder, folder)
        return JSONResponse({"folder": str(folder)})


def _begun(name: str) -> Response:
    return JSONResponse({"name": name}, 201)


def _candidate(item: CandidateRecord) -> dict[str, Any]:
    return {
        "id": item.id,
        "parent": item.parent,
        "round": item.round,
        "picture": item.render,
        "reward": item.reward if item.judged else None,
        "accepted": item.accepted,
        "status": item.status,
    }


@cache
def _templates() -> Environment:
    """The report's templates, and the studio's page."""
    own = PackageLoader("agent.studio", "templates")
    theirs = environment()
    assert theirs.loader is not None
    return theirs.overlay(loader=ChoiceLoader([own, theirs.loader]))


def _view(run: RunFolder, base: str) -> str:
    def linked(image: Image, file: str, exact: bool) -> DataPicture:
        return DataPicture(base + quote(file), image.shape[1], image.shape[0])

    return _templates().get_template("run.html.j2").render(context_of(run, linked))


def _name(request: Request) -> str:
    return str(request.path_params["name"])


async def _form(request: Request, form: type[Form]) -> Form:
    return form.model_validate_json(await request.body())


def _mendable(request: Request, error: Exception) -> Response:
    """What is to be mended, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return PlainTextResponse(f"{place}: {first['msg']}", 422)
    if isinstance(error, TooLarge):
        return PlainTextResponse("too large", 413)
    return PlainTextResponse(" ".join(str(error).split()), 422)
