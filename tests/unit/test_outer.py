"""The graph that opens its run itself: begun from a picture's path, by LangGraph's own calls alone."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pydantic import ValidationError

from agent.api import RefinementAgent
from agent.graph_entry import opener_of
from agent.report.run_folder import read_run_folder
from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, Step
from graph import Answer, Candidate, serializer
from graph.outer import Job, Outcome, OuterGraph, build_for
from graph.state import merge_all
from renderers.pictures import encode_png
from tests.loop import REFERENCE
from tests.unit.test_human import WRONG

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def picture(tmp_path: Path) -> str:
    (tmp_path / "it.png").write_bytes(encode_png(REFERENCE))
    return str(tmp_path / "it.png")


def scripted(saver: InMemorySaver) -> OuterGraph:
    """As a process has it that was started now: of earlier ones only the checkpoints are left."""

    def made() -> RefinementAgent:
        steps = [Step(9, 0.5), Step(6, 0.6), Step(3, 0.7)]
        agent = RefinementAgent(generator=ScriptedGenerator(steps), critic=ScriptedCritic())
        agent._renderers.render = ScriptedRenderer().render  # type: ignore[method-assign]
        return agent

    return build_for(opener_of(made), saver)


def test_a_run_is_begun_from_a_path_answered_and_ended(tmp_path: Path, picture: str) -> None:
    saver, config = InMemorySaver(serde=serializer()), {"configurable": {"thread_id": "t"}}
    taken_away = Path(picture).unlink

    async def run() -> None:
        job = {"picture": picture, "kind": "svg", "out": str(tmp_path / "run"), "rounds": 1}
        begun = await scripted(saver).ainvoke(job, config)
        (question,) = begun["__interrupt__"]
        assert question.value == {"round": 0, "best": 0, "stopping": None}
        assert question.response_schema == Answer.model_json_schema()
        assert read_run_folder(tmp_path / "run").run.stop_reason is None, "it waits"
        taken_away()  # its folder has it
        said = Command(resume={"discrepancies": [WRONG.model_dump(mode="json")]})
        mended = await scripted(saver).ainvoke(said, config)
        assert mended["__interrupt__"][0].value["stopping"] == "rounds"
        done = await scripted(saver).ainvoke(Command(resume={"stop": True, "candidate": 0}), config)
        assert done["folder"] == str(tmp_path / "run") and done["stop_reason"] == "person"
        assert done["code"] == (tmp_path / "run" / "best.svg").read_text(encoding="utf-8")

    asyncio.run(run())
    left = read_run_folder(tmp_path / "run")
    assert [item.id for item in left.candidates] == [0, 1] and left.run.best_id == 0
    assert left.run.picture == "it.png" and (tmp_path / "run" / "report.html").exists()


def test_a_run_that_asks_nobody_ends_by_itself(tmp_path: Path, picture: str) -> None:
    job = {"picture": picture, "kind": "svg", "out": str(tmp_path / "run"), "rounds": 2, "ask": False}
    config = {"configurable": {"thread_id": "t"}}
    done = asyncio.run(scripted(InMemorySaver(serde=serializer())).ainvoke(job, config))
    assert done["stop_reason"] == "rounds" and len(read_run_folder(tmp_path / "run").candidates) == 3


def test_a_run_has_a_folder_of_its_own_where_none_is_named(
    tmp_path: Path, picture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = {"picture": picture, "kind": "svg", "rounds": 0, "ask": False}
    config = {"configurable": {"thread_id": "t"}}
    graph = scripted(InMemorySaver(serde=serializer()))
    folders = [asyncio.run(graph.ainvoke(job, config))["folder"] for _ in range(2)]
    assert folders == ["lookalike-out/it", "lookalike-out/it-2"]


def test_the_form_is_plain_values_and_is_checked(picture: str) -> None:
    file, name = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["lookalike"].split(":")
    spec = importlib.util.spec_from_file_location("entry", ROOT / file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = getattr(module, name)()
    form = made.get_input_jsonschema()
    assert form["properties"].keys() == Job.model_fields.keys() and form["required"] == ["picture"]
    assert made.get_output_jsonschema()["properties"].keys() == Outcome.model_fields.keys()
    assert {"open", "plan", "candidate", "ask"} <= {
        node.rpartition(":")[2] for node in made.get_graph(xray=True).nodes
    }
    with pytest.raises(ValidationError, match="rounds"):
        asyncio.run(made.ainvoke({"picture": picture, "rounds": 999}))


def test_a_server_that_shows_a_state_may_hold_it_as_plain_values() -> None:
    known = Candidate(id=0, round=0)
    assert merge_all((), [[known.model_dump(mode="json")]]) == merge_all((), [(known,)])
