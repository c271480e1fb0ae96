"""The run folder, written as the run happens: whatever is interrupted, the best so far is on disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph.acceptance import best_of
from graph.errors import FolderError
from graph.types import Candidate, PictureRef
from renderers.pictures import digest, encode_png, load_picture, size_of
from renderers.types import Image, Language

TRAJECTORY = "trajectory.jsonl"
RUN = "run.json"


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
            FolderError: It cannot be written.
        """
        self.path = path
        self._suffix = language.suffix
        self._best: Candidate | None = None
        self._latest: tuple[str, Image] | None = None
        try:
            if fresh:
                self._clear()
            (path / "pictures").mkdir(parents=True, exist_ok=True)
            (path / "candidates").mkdir(exist_ok=True)
        except OSError as error:
            raise FolderError(
                f"{path}: cannot be written ({error.strerror}); choose another with -o"
            ) from error
        self._recorded = self._recorded_ids()
        self.reference = self.put_picture(reference)

    def _clear(self) -> None:
        for name in ("pictures", "candidates"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in (TRAJECTORY, RUN, "report.html", "best.png"):
            (self.path / name).unlink(missing_ok=True)
        for path in self.path.glob("best.*"):
            path.unlink()

    def _recorded_ids(self) -> set[int]:
        path = self.path / TRAJECTORY
        if not path.exists():
            return set()
        whole = [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
        write_atomically(path, "".join(whole).encode())  # a killed run can leave half a line
        return {json.loads(line)["id"] for line in whole}

    def put_picture(self, image: Image) -> PictureRef:
        """Keep a picture under its content address."""
        size = size_of(image)
        ref = PictureRef(sha256=digest(image), width=size.width, height=size.height)
        path = self.path / picture_file(ref)
        if not path.exists():
            write_atomically(path, encode_png(image))
        self._latest = ref.sha256, image
        return ref

    def picture(self, ref: PictureRef) -> Image:
        """The pixels of a kept picture; of the latest one without decoding it."""
        if self._latest is not None and self._latest[0] == ref.sha256:
            return self._latest[1]
        return load_picture(self.path / picture_file(ref))

    def put_code(self, candidate: int, code: str) -> str:
        """Keep a candidate's code; returns its file name within the folder."""
        return self._put(f"candidates/{candidate}{self._suffix}", code)

    def put_description(self, candidate: int, description: str) -> str:
        """Keep a generator's notes on a candidate; returns their file name within the folder."""
        return self._put(f"candidates/{candidate}.notes", description) if description else ""

    def _put(self, name: str, text: str) -> str:
        write_atomically(self.path / name, text.encode("utf-8", "surrogatepass"))
        return name

    def text(self, name: str) -> str:
        """The content of a file in the folder; empty for an empty name."""
        return (self.path / name).read_bytes().decode("utf-8", "surrogatepass") if name else ""

    def restore(self, candidates: Iterable[Candidate]) -> None:
        """Go on after these candidates: what comes is measured against the best of them."""
        best = best_of(candidates)
        self._best = best[0] if best else None

    def record(self, candidate: Candidate) -> None:
        """Append a finished candidate to the trajectory, and keep the best so far as ``best.*``."""
        if candidate.id not in self._recorded:
            with (self.path / TRAJECTORY).open("a", encoding="utf-8") as file:
                file.write(json.dumps(trajectory_line(candidate)) + "\n")
            self._recorded.add(candidate.id)
        best = best_of([self._best, candidate] if self._best else [candidate])
        if best and best[0] != self._best:
            self._best = best[0]
            self._keep_best(best[0])

    def _keep_best(self, best: Candidate) -> None:
        write_atomically(self.path / f"best{self._suffix}", (self.path / best.code).read_bytes())
        if best.render and best.render.picture:
            picture = self.path / picture_file(best.render.picture)
            write_atomically(self.path / "best.png", picture.read_bytes())

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
        "accepted": candidate.accepted,
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
    temporary.write_bytes(data)
    temporary.replace(path)
