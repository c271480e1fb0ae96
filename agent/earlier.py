"""The run that a folder already holds, when it is to go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InputError
from graph.checkpoints import FILE
from graph.folder import RUN, picture_file
from graph.types import PictureRef
from renderers.pictures import digest
from renderers.types import Image, Kind, Language


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a run that began earlier was about.

    Attributes:
        folder: Its run folder.
        kind: What its picture shows.
        language: What it writes.
        reference: File of its picture within the folder.
    """

    folder: Path
    kind: Kind
    language: Language
    reference: str

    def check(self, picture: Image, kind: Kind | None, language: Language | None) -> None:
        """Make sure that the same is asked for again.

        Raises:
            InputError: The picture, the kind or the language is another.
        """
        ref = PictureRef(sha256=digest(picture), width=picture.shape[1], height=picture.shape[0])
        for what, asked, was in (
            ("picture", picture_file(ref), self.reference),
            ("kind", kind or self.kind, self.kind),
            ("language", language or self.language, self.language),
        ):
            if asked != was:
                told = "" if what == "picture" else f" ({was}, not {asked})"
                raise InputError(
                    f"{self.folder}: the run in this folder is of another {what}{told}; "
                    "choose another folder, or start anew without resuming"
                )


def earlier_run(folder: Path) -> Earlier | None:
    """The run that can go on in a folder; None where none began there."""
    try:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        if not (folder / FILE).exists():
            return None
        return Earlier(folder, Kind(run["kind"]), Language(run["language"]), run["reference"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
