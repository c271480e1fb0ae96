"""Attacks by a run's checkpoints: nothing in them is called, imported or unpickled; they end in one line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pickle
import sqlite3
import sys
from pathlib import Path

import ormsgpack
import pytest

from graph.build import serializer
from graph.checkpoints import FILE, checkpointed
from graph.errors import FolderError
from graph.types import Budget, Search
from tests.loop import Loop, Step

STEPS = (Step(30, 0.5), Step(20, 0.6), Step(10, 0.7))
MODULE = "a_module_that_must_not_load"


class Burning:
    """Writes a file where it is unpickled."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self):
        return (Path.touch, (self._file,))


def packed(code: int, *parts: object) -> tuple[str, bytes]:
    """An extension of LangGraph's msgpack: module, name, arguments, method."""
    return "msgpack", ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(list(parts))))


def as_json(value: object) -> tuple[str, bytes]:
    return "json", json.dumps(value).encode()


def forgeries(target: Path) -> dict[str, tuple[str, bytes]]:
    """Values that would make ``target`` where they are revived, as types and bytes."""
    shell, code = f"touch {target}", f"__import__('pathlib').Path({str(target)!r}).touch()"
    lc = {"lc": 2, "type": "constructor"}
    inner = ormsgpack.Ext(0, ormsgpack.packb(["os", "system", shell]))
    return {
        "pickle": ("pickle", pickle.dumps(Burning(target))),
        "a call with one argument": packed(0, "os", "system", shell),
        "evaluation": packed(0, "builtins", "eval", code),
        "a call with arguments": packed(1, "os", "system", [shell]),
        "a call with names": packed(2, "subprocess", "Popen", {"args": shell, "shell": True}),
        "a method": packed(3, "pathlib", "Path", str(target), "touch"),
        "a method of ours": packed(3, "graph.types", "Candidate", "{}", "model_validate_json"),
        "an old model": packed(4, MODULE, "Model", {}, "construct"),
        "a model": packed(5, MODULE, "Model", {}, "model_construct"),
        "a module": packed(0, MODULE, "name", 1),
        "ours with nonsense": packed(
            5, "graph.types", "Candidate", {"id": [[]], "code": 7}, "model_construct"
        ),
        "an array of objects": packed(6, "O", [1], "C", bytes(8)),
        "an endless array": packed(6, "u1", [1 << 60], "C", b""),
        "a call within a snapshot": ("msgpack", ormsgpack.packb(ormsgpack.Ext(7, ormsgpack.packb(inner)))),
        "an unknown extension": packed(99, "os", "system", shell),
        "cut": ("msgpack", ormsgpack.packb({"a": "b" * 99})[:20]),
        "deep": ("msgpack", b"\x91" * 100_000),
        "a constructor in JSON": as_json({**lc, "id": ["os", "system"], "args": [shell]}),
        "a constructor of LangChain": as_json(
            {**lc, "lc": 1, "id": ["langchain", "prompts", "prompt", "PromptTemplate"], "kwargs": {}}
        ),
        "a secret": as_json({"lc": 1, "type": "secret", "id": ["PATH"]}),
        "a module in JSON": as_json({**lc, "id": [MODULE, "Model"], "kwargs": {}}),
        "a type that is none": ("yaml", b"!!python/object/apply:os.system [id]"),
    }


DATA = ("builtins", "langgraph.checkpoint.serde.types", "graph.types")
"""Where the types of what may come back are: plain values, LangGraph's own envelope, and our state's."""

NAMES = list(forgeries(Path("x")))


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """A file that must not come to be; a module that makes it when it is loaded can be found."""
    target = tmp_path / "revived"
    (tmp_path / f"{MODULE}.py").write_text(f"open({str(target)!r}, 'w')\nModel = dict\nname = str\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield target
    assert not target.exists()
    assert MODULE not in sys.modules


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_revived(name, trap):
    value: object = None
    with contextlib.suppress(Exception):
        value = serializer().loads_typed(forgeries(trap)[name])
    assert value is None or type(value).__module__ in DATA


async def run(folder: Path, rounds: int, *, fresh: bool):
    loop = Loop(STEPS, folder, Search(budget=Budget(rounds=rounds)))
    loop.fresh = fresh
    async with checkpointed(folder, fresh=fresh) as graph:
        return await loop.arun(graph, "run")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The checkpoints of a run that can go on."""
    folder = tmp_path_factory.mktemp("run")
    asyncio.run(run(folder, 1, fresh=True))
    return (folder / FILE).read_bytes()


@pytest.mark.parametrize("table", ["checkpoints", "writes"])
@pytest.mark.parametrize("name", NAMES)
def test_a_run_with_forged_checkpoints_ends_in_one_line_or_goes_on(name, table, kept, trap, tmp_path):
    folder = tmp_path / "run"
    asyncio.run(run(folder_of(folder), 0, fresh=True))
    (folder / FILE).write_bytes(kept)
    kind, content = forgeries(trap)[name]
    column = {"checkpoints": "checkpoint", "writes": "value"}[table]
    with contextlib.closing(sqlite3.connect(folder / FILE)) as database, database:
        assert database.execute(f"UPDATE {table} SET type = ?, {column} = ?", (kind, content)).rowcount
    try:
        result = asyncio.run(run(folder, 2, fresh=False))
    except FolderError as error:
        assert "damaged" in str(error)
    else:
        assert result.best is not None


def folder_of(folder: Path) -> Path:
    folder.mkdir()
    return folder
