"""The GPU benchmark's own workings, on a local server; no figure comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.testing import Asked, ModelServer, Reply
from benchmarks.gpu import (
    CRITIQUE_TOKENS,
    DRAFT_TOKENS,
    bench_command,
    measure,
    report,
    rows_of,
    write_requests,
)
from graph.types import Budget, Search
from prompts.endpoint import Endpoint

pytestmark = pytest.mark.anyio


def check_requests(path: Path, sent: list[Asked]) -> None:
    """They are the very questions that were sent for first drafts."""
    written = [json.loads(line)["content"] for line in path.read_text().splitlines()]
    asked = [a.body["messages"] for a in sent if a.body["model"] == "generator"]
    assert written == [messages[0]["content"] for messages in asked if len(messages) == 1]


async def test_a_run_with_dummy_weights_asks_real_questions_of_fixed_length(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr("critic.evidence._LONGEST", 0.1)  # the noise is far from the pictures
    chosen = [pictures / "svg" / "telescope.png"] * 2
    async with ModelServer([Reply("noise " * 50)], models=("generator", "critic")) as server:
        roles = [Endpoint(base_urls=server.url, model=name) for name in ("generator", "critic")]
        measured = await measure(*roles, chosen, 2, Search(budget=Budget(rounds=1)), dummy=True)
    assert len(measured.results) == len(measured.first_drafts) == len(measured.requests) == 2
    assert all(result.best for result in measured.results)
    asked = {(a.body["model"], a.body["max_tokens"], a.body["ignore_eos"]) for a in server.asked}
    assert asked == {("generator", DRAFT_TOKENS, True), ("critic", CRITIQUE_TOKENS, True)}
    assert measured.usage.calls == len(server.asked)
    write_requests(measured.requests, tmp_path / "requests.jsonl")
    check_requests(tmp_path / "requests.jsonl", server.asked)
    rows = rows_of(measured, {}, {"0": 1000})
    assert {"the same, round 0", "the same, round 1", "seconds of the evidence check, a critique"} <= dict(
        rows
    ).keys()
    text = report({"plain": rows, "fp8": rows[:3]}, (), dummy=True)
    assert "| calls a picture | " in text and " - |" in text
    assert "Weights at random" in text
    assert "vllm bench" not in text


def test_vllm_s_benchmark_gets_the_same_requests(tmp_path):
    command = bench_command("http://127.0.0.1:8001/v1", "m", tmp_path / "x.jsonl", 3, 2, 100, tmp_path)
    assert command[command.index("--base-url") + 1] == "http://127.0.0.1:8001"
    assert command[command.index("--dataset-path") + 1] == str(tmp_path / "x.jsonl")
