"""The built wheel, installed in a clean environment and used from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from agent.layout import PACKAGES


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


class Installed:
    """An environment with the wheel, and this one's site-packages for its dependencies only."""

    def __init__(self, wheel: Path, home: Path) -> None:
        self.binaries = home / "venv" / "bin"
        self.empty = home / "empty"
        self.empty.mkdir()
        run(sys.executable, "-m", "venv", "--without-pip", str(home / "venv"))
        (site,) = (home / "venv").glob("lib/python*/site-packages")
        # A folder named in a .pth file is searched last, and .pth files in it are not followed:
        # the packages of the checkout cannot be found through it.
        (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        pip = [sys.executable, "-m", "pip", "--python", str(self.binaries / "python")]
        run(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel))

    def __call__(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the empty folder, with as little as possible from outside."""
        kept = {
            key: os.environ[key] for key in ("PATH", "HOME", "PLAYWRIGHT_BROWSERS_PATH") if key in os.environ
        }
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.empty,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(wheel, tmp_path_factory.mktemp("clean"))


def test_the_wheel_holds_the_five_packages_and_the_command_and_nothing_else(wheel: Path, root: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES, "lookalike.py"}
    here = {
        str(path.relative_to(root))
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= set(names), "modules, templates and py.typed files"


def test_it_is_the_wheel_that_is_used(installed: Installed) -> None:
    code = f"import importlib; [print(importlib.import_module(n).__file__) for n in {PACKAGES!r}]"
    done = installed("python", "-c", code)
    assert done.returncode == 0, done.stderr
    places = done.stdout.split()
    assert len(places) == len(PACKAGES)
    assert all(place.startswith(str(installed.binaries.parent)) for place in places)


def test_the_command_tells_its_version(installed: Installed) -> None:
    done = installed("lookalike", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lookalike 0.")


def test_it_renders_from_an_empty_folder(installed: Installed) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'
    (installed.empty / "disc.svg").write_text(drawing)
    done = installed("lookalike", "render", "disc.svg", "-o", "disc.png", "--size", "64x64", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["status"] == "ok"
    assert (installed.empty / "disc.png").read_bytes().startswith(b"\x89PNG")


def test_it_refines_and_reports_from_an_empty_folder(installed: Installed, small: Path) -> None:
    picture = str(small / "svg" / "cable_car.png")
    done = installed("lookalike", "refine", picture, "--kind", "svg", "--rounds", "0", "-o", "out", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["reward"] > 1
    assert "<html" in (installed.empty / said["report"]).read_text(encoding="utf-8")
