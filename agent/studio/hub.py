"""All runs of a folder: those at work, and those that lie there."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.api import RefinementAgent
from agent.earlier import Earlier, earlier_run
from agent.errors import InputError
from agent.report.run_folder import RunFolder, is_run_folder, read_run_folder
from agent.studio.forms import Start
from agent.studio.sent import FORM, form_of, keep, picture_of, take_back
from agent.studio.session import Session
from graph import Search
from graph.folder import RUN
from renderers.errors import PictureError
from renderers.pictures import Laid

_DEEPEST = 5
"""Folders down to a run: a batch keeps its runs two below its own."""
_MOST = 500
"""Runs that are listed, the newest first."""
_OUTSIDE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 60


class Hub:
    """The runs under one folder, by their path in it."""

    def __init__(self, agent: RefinementAgent, base: Path) -> None:
        """Choose the folder.

        Args:
            agent: Refines; its owner closes it.
            base: Runs are read from it and written to it.
        """
        self.base = base.resolve()
        self.agent = agent
        self._sessions: dict[str, Session] = {}

    def session(self, name: str) -> Session:
        """The session of a run that is there or at work.

        Raises:
            InputError: There is no such run.
        """
        if name not in self._sessions:
            folder = (self.base / name).resolve()
            if not folder.is_relative_to(self.base) or folder == self.base or not _is_ours(folder):
                raise InputError(f"{name}: no such run")
            self._sessions[name] = Session(self.agent, folder)
        return self._sessions[name]

    def begin(self, picture_name: str) -> tuple[str, Session]:
        """A session in a new folder, named after a picture."""
        stem = (
            _OUTSIDE.sub("-", Path(picture_name.replace("\\", "/")).stem).strip("-.")[:_LONGEST_NAME]
            or "picture"
        )
        name, number = stem, 2
        while (self.base / name).exists() or name in self._sessions:
            name, number = f"{stem}-{number}", number + 1
        self._sessions[name] = Session(self.agent, self.base / name)
        return name, self._sessions[name]

    async def sent(self, picture: bytes, form: Start) -> str:
        """Begin on a picture that was sent, which is on disk before anything is done about it.

        Returns:
            The run's name.

        Raises:
            PictureError: It cannot be read.
            FolderError: The folder cannot be written.
        """
        name, session = self.begin(form.name)
        try:
            await asyncio.to_thread(keep, session.folder, picture, form)
            laid = await asyncio.to_thread(picture_of, session.folder, form.name)
        except PictureError:
            take_back(session.folder)
            del self._sessions[name]
            raise
        self._start(session, laid, form)
        return name

    async def again(self, name: str, form: Start) -> str:
        """Begin anew on a run's picture, in a folder of its own; the run stays as it is.

        Returns:
            The new run's name.

        Raises:
            InputError: There is no such run, or it has no picture.
            PictureError: The picture cannot be read.
        """
        folder = self.session(name).folder
        waiting = form_of(folder)
        if waiting is not None:
            called = waiting.name
            laid = await asyncio.to_thread(picture_of, folder, called)
        else:
            earlier = self.earlier(self.session(name))
            called = earlier.picture or folder.name
            laid = await asyncio.to_thread(lambda: earlier.laid)
        form = form.model_copy(update={"name": called})
        new, session = self.begin(called)
        self._start(session, laid, form)
        return new

    def _start(self, session: Session, picture: Laid, form: Start) -> None:
        session.asks = form.ask
        session.start(picture, **form.options(self.agent.search))

    def listed(self) -> list[dict[str, Any]]:
        """What there is to open: at work first, then the latest."""
        found = {str(folder.relative_to(self.base)): folder for folder in self._folders()}
        found.update({name: item.folder for name, item in self._sessions.items()})
        newest = sorted(found, key=lambda name: (not self._is_running(name), -_changed(found[name])))
        return [self._entry(name, found[name]) for name in newest[:_MOST]]

    def _is_running(self, name: str) -> bool:
        return name in self._sessions and self._sessions[name].running

    def _entry(self, name: str, folder: Path) -> dict[str, Any]:
        run = read_run_folder(folder).run if is_run_folder(folder) else None
        return {
            "name": name,
            "picture": run.picture if run else name,
            "kind": run.kind if run else "",
            "reward": run.reward if run else None,
            "stop_reason": run.stop_reason if run else None,
            "running": self._is_running(name),
        }

    def _folders(self) -> Iterator[Path]:
        for place, folders, files in os.walk(self.base):
            here = Path(place)
            if RUN in files or FORM in files:
                folders.clear()
                if here != self.base:
                    yield here
            elif len(here.relative_to(self.base).parts) >= _DEEPEST:
                folders.clear()

    def resume(self, name: str, rounds: int = 0, seconds: float | None = None) -> Session:
        """Let a run go on, with so many more rounds and seconds than it had; one that never began begins.

        Raises:
            InputError: There is no such run, or it cannot go on.
        """
        session = self.session(name)
        if session.running:
            return session
        waiting = form_of(session.folder)
        if waiting is not None and earlier_run(session.folder) is None:
            self._start(session, picture_of(session.folder, waiting.name), waiting)
            return session
        earlier = self.earlier(session)
        known = read_run_folder(session.folder)
        done = max((item.round for item in known.candidates), default=0)
        budget = self.agent.search.budget.model_copy(
            update={
                "rounds": done + rounds,
                "seconds": None if seconds is None else (known.run.seconds or 0.0) + seconds,
            }
        )
        search: Search = self.agent.search.model_copy(update={"budget": budget})
        session.start(earlier.laid, name=earlier.picture or None, resume=True, search=search)
        return session

    def earlier(self, session: Session) -> Earlier:
        """What a run that can go on is about.

        Raises:
            InputError: It cannot.
        """
        found = earlier_run(session.folder)
        if found is None and form_of(session.folder) is not None:
            raise InputError(f"{session.folder.name}: it has not begun; let it go on first")
        if found is None:
            raise InputError(f"{session.folder.name}: its checkpoints are gone, so that it cannot go on")
        return found

    def read(self, name: str) -> RunFolder:
        """What a run has left so far."""
        return read_run_folder(self.session(name).folder)

    async def dismiss(self) -> None:
        """Let all who look at runs go, so that the server can end; runs go on."""
        await asyncio.gather(*(item.dismiss() for item in self._sessions.values()))

    async def aclose(self) -> None:
        """End what is at work, in order."""
        await asyncio.gather(*(item.stop() for item in self._sessions.values()), return_exceptions=True)


def _is_ours(folder: Path) -> bool:
    """Whether a run is there, or a picture that waits for one."""
    return is_run_folder(folder) or form_of(folder) is not None


def _changed(folder: Path) -> float:
    """When something happened there last, in seconds since the epoch."""
    for name in (RUN, FORM):
        try:
            return (folder / name).stat().st_mtime
        except OSError:
            continue
    return 0.0
