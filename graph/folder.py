"""The run folder, written as the run happens: whatever is interrupted, the best so far is on disk."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph.acceptance import best_of
from graph.errors import FolderError
from graph.ownership import mark
from graph.types import Candidate, PictureRef
from renderers.pictures import encode_png, load_picture, size_of
from renderers.types import Image, Language

TRAJECTORY = "trajectory.jsonl"
RUN = "run.json"

_OURS = re.compile(r"[0-9a-f]{64}\.png|[0-9]{1,9}\.[a-z]{2,8}|\..*\.part")
"""Names of files that a run leaves among its pictures and its candidates."""


class RunFolder:
    """One run's folder: pictures by content, code by candidate, a line a candidate, and the best so far.

    Attributes:
        path: The folder.
        reference: Content address of the reference picture.
    """

    def __init__(self, path: Path, reference: Image, language: Language, *, fresh: bool = True) -> None:
        """Make the folder.

        Args:
            path: Where; a folder of an earlier run is emptied of what that run left when ``fresh``.
            reference: The picture to reproduce.
            language: Decides the code files' ending.
            fresh: Whether to start anew rather than go on with an interrupted run.

        Raises:
            FolderError: It is not ours, or cannot be written.
        """
        self.path = path
        self._suffix = language.suffix
        self._best: Candidate | None = None
        self._known: dict[int, Candidate] = {}
        self._latest: tuple[PictureRef, Image, bytes] | None = None
        self._texts: dict[str, tuple[str, str]] = {}
        mark(path)
        try:
            if fresh:
                self._clear()
            (path / "pictures").mkdir(parents=True, exist_ok=True)
            (path / "candidates").mkdir(exist_ok=True)
        except OSError as error:
            raise FolderError(
                f"{path}: cannot be written ({error.strerror}); choose another with -o"
            ) from error
        self._recorded = self._recorded_lines()
        self.reference = self.put_picture(reference)

    def _clear(self) -> None:
        for name in ("pictures", "candidates"):
            for path in (self.path / name).glob("*"):
                if _OURS.fullmatch(path.name) and not path.is_dir():
                    path.unlink()
        for name in (TRAJECTORY, RUN, "report.html", "best.png"):
            (self.path / name).unlink(missing_ok=True)
        for path in self.path.glob("best.*"):
            if not path.is_dir():
                path.unlink()

    def _recorded_lines(self) -> dict[int, str]:
        path = self.path / TRAJECTORY
        if not path.exists():
            return {}
        try:
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            whole = [line for line in lines if line.endswith("\n")]
            known = {int(json.loads(line)["id"]): line for line in whole}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise FolderError(f"{path}: is damaged ({error}); start anew without resuming") from error
        write_atomically(path, "".join(whole).encode())  # a killed run can leave half a line
        return known

    def put_picture(self, image: Image) -> PictureRef:
        """Keep a picture under its content address, the SHA-256 of its file."""
        return self._put_picture(image, encode_png(image))

    async def aput_picture(self, image: Image) -> PictureRef:
        """``put_picture``, encoding in a thread: the longest that a candidate occupies us."""
        return self._put_picture(image, await asyncio.to_thread(encode_png, image))

    def _put_picture(self, image: Image, data: bytes) -> PictureRef:
        size = size_of(image)
        ref = PictureRef(sha256=hashlib.sha256(data).hexdigest(), width=size.width, height=size.height)
        path = self.path / picture_file(ref)
        if not path.exists():
            write_atomically(path, data)
        self._latest = ref, image, data
        return ref

    def picture(self, ref: PictureRef) -> Image:
        """The pixels of a kept picture; of the latest one without decoding it."""
        if self._latest is not None and self._latest[0] == ref:
            return self._latest[1]
        return load_picture(self.path / picture_file(ref))

    def put_code(self, candidate: int, code: str) -> str:
        """Keep a candidate's code; returns its file name within the folder."""
        return self._put(f"candidates/{candidate}{self._suffix}", code)

    def put_description(self, candidate: int, description: str) -> str:
        """Keep a generator's notes on a candidate; returns their file name within the folder."""
        return self._put(f"candidates/{candidate}.notes", description) if description else ""

    def _put(self, name: str, text: str) -> str:
        self._write(name, text)
        self._texts[name.rpartition(".")[2]] = name, text
        return name

    def _write(self, name: str, text: str) -> None:
        write_atomically(self.path / name, text.encode("utf-8", "surrogatepass"))

    def text(self, name: str) -> str:
        """The content of a file in the folder, of the latest code and notes without reading it.

        Empty for an empty name.
        """
        for known, text in self._texts.values():
            if known == name:
                return text
        return (self.path / name).read_bytes().decode("utf-8", "surrogatepass") if name else ""

    def restore(self, candidates: Iterable[Candidate]) -> None:
        """Go on after these candidates: what comes is measured against the best of them."""
        self._known = {candidate.id: candidate for candidate in candidates}
        best = best_of(self._known.values())
        self._best = best[0] if best else None

    def record(self, candidate: Candidate) -> None:
        """Append a finished candidate to the trajectory, and keep the best so far as ``best.*``.

        A run that was killed just after this makes the candidate again, and its line is then replaced.
        """
        line = json.dumps(trajectory_line(candidate)) + "\n"
        known = self._recorded.get(candidate.id)
        if known is None:
            with (self.path / TRAJECTORY).open("a", encoding="utf-8") as file:
                file.write(line)
        self._recorded[candidate.id] = line
        if known not in (None, line):
            write_atomically(self.path / TRAJECTORY, "".join(self._recorded.values()).encode())
        self._known[candidate.id] = candidate
        best = best_of(self._known.values())
        if best and best[0] != self._best:
            self._best = best[0]
            self._keep_best(best[0])

    def _keep_best(self, best: Candidate) -> None:
        self._write(f"best{self._suffix}", self.text(best.code))
        if best.render and best.render.picture:
            write_atomically(self.path / "best.png", self._png(best.render.picture))

    def _png(self, ref: PictureRef) -> bytes:
        if self._latest is not None and self._latest[0] == ref:
            return self._latest[2]
        return (self.path / picture_file(ref)).read_bytes()

    def write_run(self, run: dict[str, Any]) -> None:
        """Write ``run.json``."""
        write_atomically(self.path / RUN, (json.dumps(run, indent=2) + "\n").encode())


def picture_file(ref: PictureRef) -> str:
    """File name of a picture within a run folder."""
    return f"pictures/{ref.sha256}.png"


def trajectory_line(candidate: Candidate) -> dict[str, Any]:
    """A candidate as a line of ``trajectory.jsonl``."""
    render, critique = candidate.render, candidate.critique
    return {
        "id": candidate.id,
        "parent": candidate.parent,
        "round": candidate.round,
        "code_file": candidate.code or None,
        "render": picture_file(render.picture) if render and render.picture else None,
        "status": render.status.value if render else None,
        "log": candidate.failure or (render.log if render else ""),
        "reward": candidate.reward,
        "similarity": candidate.similarity,
        "ink": critique.ink if critique else None,
        "notes": list(critique.notes) if critique else [],
        "accepted": candidate.accepted,
        "score": candidate.score,
        "author": candidate.author,
        "closer": candidate.closer,
        "discrepancies": [item.model_dump(mode="json") for item in candidate.discrepancies],
        "actions": [item.model_dump(mode="json") for item in candidate.actions],
        "seconds": {
            "generate": candidate.usage.seconds,
            "render": render.seconds if render else 0.0,
            "critique": critique.seconds if critique else 0.0,
        },
        "usage": candidate.usage.model_dump(mode="json"),
    }


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a killed run, never sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
