"""The clipboard as a picture: what is on it is refined, and what is not is told in a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageGrab
from typer.testing import CliRunner

from agent.cli import app
from agent.commands.inputs import CLIPBOARD, name_of, read_laid, stem_of
from agent.errors import InputError


def holding(monkeypatch: pytest.MonkeyPatch, what: Any) -> None:
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: what)


def test_a_picture_or_a_file_that_was_copied_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    picture = Image.new("RGB", (8, 6), "#336699")
    picture.save(tmp_path / "copied.png")
    for what in (picture, [str(tmp_path / "copied.png")]):
        holding(monkeypatch, what)
        assert np.array_equal(read_laid(CLIPBOARD).pixels, np.asarray(picture))
    assert (name_of(CLIPBOARD), stem_of(CLIPBOARD)) == ("clipboard", "clipboard")


def test_what_is_no_picture_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for nothing in (None, []):
        holding(monkeypatch, nothing)
        with pytest.raises(InputError, match="no picture on it"):
            read_laid(CLIPBOARD)

    def missing() -> None:
        raise NotImplementedError("wl-paste or xclip is required for ImageGrab.grabclipboard() on Linux")

    monkeypatch.setattr(ImageGrab, "grabclipboard", missing)
    said = CliRunner().invoke(app, ["refine", "--clipboard"])
    assert said.exit_code == 2 and "xclip" in said.output and "Traceback" not in said.output


def test_nothing_named_is_told() -> None:
    said = CliRunner().invoke(app, ["refine"])
    assert said.exit_code == 2 and "--clipboard" in said.output
