"""A page's pictures as files beside its code, and back."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image as PILImage
from typer.testing import CliRunner

from agent.cli import app
from agent.data.assets import folder_of, with_data, with_files
from agent.errors import DataError


def picture(colour: str) -> str:
    buffer = io.BytesIO()
    PILImage.new("RGB", (4, 4), colour).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


RED, BLUE, GREEN = picture("red"), picture("blue"), picture("green")
CODE = f"""<!DOCTYPE html><html><head><style>.choice {{ background: url("{GREEN}"); }}</style></head><body>
<img src="{RED}" alt="A red boat, at sea">
<div><img src="{BLUE}" alt=""><p>Tide tables</p></div>
<div><img src="{BLUE}" alt=""><p>Other</p></div>
<img src="{RED}" alt="A red boat, at sea"></body></html>"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    record = {"picture": "a.png", "kind": "page", "language": "html", "generator": "lvlm", "scale": 1.0}
    (tmp_path / "run.json").write_text(json.dumps(record | {"best": "best.html", "best_id": 0}))
    (tmp_path / "best.html").write_text(CODE)
    return tmp_path


def test_pictures_are_files_named_by_what_they_show_each_once(tmp_path: Path) -> None:
    code = with_files(CODE, tmp_path, folder_of("img"))
    names = sorted(path.name for path in (tmp_path / "img").iterdir())
    assert names == ["a-red-boat-at-sea.png", "picture.png", "tide-tables-icon.png"]
    assert "data:" not in code
    assert code.count('src="img/tide-tables-icon.png"') == 2
    assert 'url("img/picture.png")' in code


def test_what_files_hold_can_be_put_back(tmp_path: Path) -> None:
    assert with_data(with_files(CODE, tmp_path, folder_of("img/small")), tmp_path) == CODE


def test_two_pictures_of_one_name_are_two_files(tmp_path: Path) -> None:
    code = CODE.replace("A red boat, at sea", "Boat", 1).replace("A red boat, at sea", "Boat").replace(
        f'src="{RED}" alt="Boat"></body>', f'src="{GREEN}" alt="Boat"></body>'
    )  # fmt: skip
    with_files(code, tmp_path, folder_of("img"))
    assert {"boat.png", "boat-2.png"} <= {path.name for path in (tmp_path / "img").iterdir()}


@pytest.mark.parametrize("name", ["../elsewhere", "/tmp/x", "", "a b"])
def test_a_folder_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="give a folder beside the code"):
        folder_of(name)


def test_only_files_below_the_code_are_put_into_it(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    home = tmp_path / "home"
    home.mkdir()
    (home / "link.png").symlink_to(tmp_path / "secret.png")
    code = '<img src="../secret.png"><img src="link.png"><img src="none.png"><img src="https://a.b/c.png">'
    assert with_data(code, home) == code


def test_convert_writes_all_formats_with_files_and_its_code_can_be_drawn(run: Path) -> None:
    done = CliRunner().invoke(app, ["convert", str(run), "--to", "html,react", "--assets", "img"])
    assert done.exit_code == 0, done.output
    assert 'src="img/a-red-boat-at-sea.png"' in (run / "best.html").read_text()
    assert "img/a-red-boat-at-sea.png" in (run / "best.jsx").read_text()
    again = CliRunner().invoke(app, ["convert", str(run), "--to", "html"])  # from the code with files
    assert again.exit_code == 0, again.output
    assert (run / "best.html").read_text() == CODE


def test_a_folder_elsewhere_ends_with_one_line(run: Path) -> None:
    done = CliRunner().invoke(app, ["convert", str(run), "--to", "html", "--assets", "../x"])
    assert done.exit_code == 2
    assert "give a folder beside the code" in done.output
