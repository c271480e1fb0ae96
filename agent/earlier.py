"""The run that a folder already holds, when it is to go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.errors import InputError
from graph.checkpoints import FILE
from graph.folder import RUN
from renderers.pictures import load_picture
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
            PictureError: The earlier run's picture is gone or broken.
        """
        if not np.array_equal(load_picture(self.folder / self.reference), picture):
            raise self._another("picture")
        if kind and kind != self.kind:
            raise self._another(f"kind ({self.kind}, not {kind})")
        if language and language != self.language:
            raise self._another(f"language ({self.language}, not {language})")

    def _another(self, what: str) -> InputError:
        return InputError(
            f"{self.folder}: the run in this folder is of another {what}; "
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
