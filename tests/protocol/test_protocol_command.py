"""``lookalike refine`` on model servers, as a user runs it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from agent.testing import Asked, ModelServer, Reply
from tests.protocol.drawing_model import judge, reference_png, write

pytestmark = pytest.mark.anyio
ROOT = str(Path(__file__).resolve().parents[2])
KEY = "s3cret-t0ken"


def answer(asked: Asked) -> Reply:
    return write(asked) if asked.body["model"] == "generator" else judge(asked)


def settings_for(server: ModelServer) -> dict[str, str]:
    roles = {}
    for role in ("GENERATOR", "CRITIC"):
        roles[f"LOOKALIKE_{role}__BASE_URL"] = server.url
        roles[f"LOOKALIKE_{role}__API_KEY"] = KEY
        roles[f"LOOKALIKE_{role}__BACKOFF"] = "0.05"
    return {**os.environ, **roles}


async def lookalike(folder: Path, variables: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent.cli", *arguments),
        cwd=folder,
        env={**variables, "PYTHONPATH": ROOT},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def written(folder: Path) -> str:
    """Everything in a folder that is text."""
    files = [file for file in folder.rglob("*") if file.suffix in (".json", ".jsonl", ".html", ".svg")]
    return "\n".join(file.read_text() for file in files)


async def test_a_picture_is_refined_by_served_models_and_no_key_is_left_behind(tmp_path):
    reference_png(tmp_path / "red.png")
    async with ModelServer(answer, models=("generator", "critic"), api_key=KEY) as server:
        variables = settings_for(server)
        arguments = ("refine", "red.png", "--kind", "svg", "-n", "2", "--rounds", "2", "--json", "-o", "out")
        code, out, err = await lookalike(tmp_path, variables, *arguments)
        shown = await lookalike(tmp_path, variables, "config", "--all")
    assert code == 0, err
    done = json.loads(out)
    assert done["reward"] > done["first_reward"]
    assert {asked.body["model"] for asked in server.asked} == {"generator", "critic"}
    assert server.asked[0].body["n"] == 2
    assert KEY not in out + err + "".join(shown[1:]) + written(tmp_path / "out")


async def test_a_server_that_is_not_there_is_one_clear_line(tmp_path):
    reference_png(tmp_path / "red.png")
    async with ModelServer() as server:
        pass
    code, _, err = await lookalike(tmp_path, settings_for(server), "refine", "red.png", "--kind", "svg")
    assert code == 2
    assert "no connection" in err
    assert "Traceback" not in err
