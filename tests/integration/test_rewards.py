"""The reward through every door: functions of trainers, files, HTTP, threads, forks; and what gets none."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import inspect
import json
import math
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage
from typer.testing import CliRunner

from agent.cli import app
from agent.rewards import openrlhf, shared, swift, trl, verl
from agent.rewards.scorer import Scorer
from agent.rewards.server import RewardServer
from agent.rewards.types import Request, Score
from renderers.pictures import encode_png
from renderers.types import Kind

GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    '<rect x="20" y="20" width="50" height="50" fill="#d33"/></svg>'
)
WORSE = GOOD.replace("#d33", "#33d").replace('width="50"', 'width="20"')
BLANK = GOOD.replace("#d33", "#fff")
DOT = GOOD.replace('width="50" height="50"', 'width="3" height="3"')


def fenced(code, language="svg"):
    return f"Here it is:\n```{language}\n{code}\n```\nDone."


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    image = np.full((100, 100, 3), 255, np.uint8)
    image[20:70, 20:70] = (0xDD, 0x33, 0x33)
    file = tmp_path_factory.mktemp("reference") / "a.png"
    file.write_bytes(encode_png(image))
    return file


@pytest.fixture(scope="module", autouse=True)
def end():
    yield
    shared.close()


def copied(reference):
    data = f"data:image/png;base64,{base64.b64encode(reference.read_bytes()).decode()}"
    return GOOD.replace("<rect", f'<image href="{data}" width="100" height="100"/><rect').replace(
        "#d33", "none"
    )


def test_what_is_honest_is_paid_and_what_is_not_is_not(reference):
    answers = [fenced(GOOD), fenced(WORSE), fenced(BLANK), fenced(DOT), fenced(copied(reference)), "sorry"]
    answers += [fenced("<svg><rect"), fenced("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")]
    scores = shared.score_all([Request(answer, reference, Kind.SVG) for answer in answers], spread=False)
    assert scores[0].score == 2.0 and 1.0 <= scores[1].score < 2.0
    assert [score.score for score in scores[2:]] == [0.0] * 6
    assert (scores[3].blank, scores[4].copied, scores[5].extracted) == (1.0, 1.0, 0.0)
    assert all(score.reason for score in scores[2:])


def test_a_page_that_shows_the_reference_is_a_copy_and_one_with_a_logo_is_not(reference):
    data = f"data:image/png;base64,{base64.b64encode(reference.read_bytes()).decode()}"
    copy = f'<html><body style="margin:0"><img src="{data}" width="100"></body></html>'
    text = "<p style='font-size:40px'>Words</p>" * 3
    logo = f'<html><body style="margin:0"><img src="{data}" width="12">{text}</body></html>'
    asked = [Request(fenced(code, "html"), reference, Kind.PAGE) for code in (copy, logo)]
    first, second = shared.score_all(asked, spread=False)
    assert (first.score, first.copied) == (0.0, 1.0) and (second.score >= 1.0, second.copied) == (True, 0.0)


def test_a_chart_that_carries_the_reference_is_a_copy(reference):
    from renderers.pictures import load_picture

    pixels = load_picture(reference)[::2, ::2].tolist()
    code = (
        "import matplotlib.pyplot as plt\nfig = plt.figure(figsize=(1, 1), dpi=100)\n"
        f"ax = fig.add_axes((0, 0, 1, 1))\nax.axis('off')\nax.imshow({pixels})\n"
    )
    (score,) = shared.score_all([Request(fenced(code, "python"), reference, Kind.CHART)], spread=False)
    assert (score.score, score.copied) == (0.0, 1.0), score


def test_a_reference_that_cannot_be_read_is_told_and_costs_only_itself(reference, tmp_path):
    asked = [
        Request(fenced(GOOD), tmp_path / "none.png", Kind.SVG),
        Request(fenced(GOOD), reference, Kind.SVG),
    ]
    bad, good = shared.score_all(asked, spread=False)
    assert (bad.usable, bad.score) == (0.0, 0.0) and "none.png" in bad.reason and good.score == 2.0


def test_verl_gets_the_same_keys_for_every_sample(reference):
    # as verl.experimental.reward_loop.reward_manager.naive calls it
    def call(answer, extra):
        return verl.compute_score(
            data_source="icons",
            solution_str=answer,
            ground_truth=str(reference),
            extra_info=extra,
            reward_router_address=None,
            reward_model_tokenizer=None,
        )

    results = [
        call(fenced(GOOD), {"task_type": "icon2svg"}),
        call("none", {"kind": "svg", "gt_img_path": "x"}),
    ]
    assert results[0]["score"] == 2.0 and {tuple(result) for result in results} == {
        tuple(Score(0.0).metrics())
    }
    assert not inspect.iscoroutinefunction(verl.compute_score)
    assert inspect.iscoroutinefunction(verl.acompute_score)


def test_trl_gets_none_where_there_is_nothing_to_compare_with(reference):
    logged = {}
    rewards = trl.lookalike_reward(
        prompts=["p"] * 3,
        completions=[[{"role": "assistant", "content": fenced(GOOD)}], fenced(BLANK), fenced(GOOD)],
        completion_ids=[[1]] * 3,
        reference=[str(reference), str(reference), "gone.png"],
        kind=["svg"] * 3,
        trainer_state=None,
        log_extra=None,
        log_metric=logged.__setitem__,
    )
    assert rewards == [2.0, 0.0, None]
    assert math.isclose(logged["lookalike/blank"], 1 / 3)


def test_swift_and_openrlhf(reference):
    made = swift.LookalikeReward(args=None)
    assert made([fenced(GOOD), ""], reference=[str(reference)] * 2, kind=["svg"] * 2) == [2.0, 0.0]
    label = json.dumps({"reference": str(reference), "kind": "svg"})
    told = openrlhf.reward_func(["ask" + fenced(GOOD), "ask"], ["ask"] * 2, [label] * 2)
    assert told["rewards"] == [2.0, 0.0] and told["scores"] == [1.0, 0.0]
    assert set(told["extra_logs"]) == set(Score(0.0).metrics())


def test_many_threads_at_once_get_each_their_own(reference):
    answers = {2.0: fenced(GOOD), 0.0: fenced(BLANK)}
    wrong = []

    def ask(expected, answer):
        for _ in range(3):
            got = verl.compute_score("svg", answer, str(reference), {"kind": "svg"})["score"]
            if got != expected:
                wrong.append((expected, got))

    threads = [threading.Thread(target=ask, args=item, daemon=True) for item in list(answers.items()) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong


FORKS = """
import os, signal, sys

from agent.rewards import shared, verl

reference, first, second = sys.argv[1:]
signal.alarm(150)  # its default action ends even a process that waits for a lock
extra = {"kind": "svg"}
print(verl.compute_score("svg", first, reference, extra)["score"], flush=True)
child = os.fork()
if child == 0:
    signal.alarm(60)  # a fork inherits no alarm
    code = 1
    try:
        print(verl.compute_score("svg", second, reference, extra)["score"], flush=True)
        shared.close()
        code = 0
    finally:
        os._exit(code)
status = os.waitpid(child, 0)[1]
shared.close()
sys.exit(f"the fork ended with status {status}" if status else 0)
"""


def test_a_fork_after_the_first_score_has_a_scorer_of_its_own(reference, tmp_path):
    # in a fresh process, as a trainer's is: the threads of what else ran in this one are not to be forked
    out, err = tmp_path / "out", tmp_path / "err"
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKS]
    with out.open("wb") as told, err.open("wb") as complaints:  # files: a pipe waits for all who hold it
        process = subprocess.Popen(
            [*command, str(reference), fenced(GOOD), fenced(WORSE)],
            stdout=told,
            stderr=complaints,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=160)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=60)
    assert code == 0, err.read_text()
    before, after = map(float, out.read_text().split())
    assert before == 2.0 and 1.0 <= after < 2.0


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def test_over_http(reference):
    server = RewardServer("127.0.0.1", 0, lambda asked: shared.score_all(asked, spread=False))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        data = f"data:image/png;base64,{base64.b64encode(reference.read_bytes()).decode()}"
        row = {"answer": fenced(GOOD), "reference": data, "kind": "svg"}
        assert post(f"{url}/score", row)["score"] == 2.0
        many = post(f"{url}/score", [row, row | {"answer": "no"}])
        assert [item["score"] for item in many] == [2.0, 0.0] and many[1]["reason"]
        for body in ({"reference": data}, row | {"kind": "poem"}, 3):
            with pytest.raises(urllib.error.HTTPError) as refused:
                post(f"{url}/score", body)
            assert refused.value.code == 400
            refused.value.close()
    finally:
        server.shutdown()
        server.server_close()


def test_a_file(reference, tmp_path):
    file = tmp_path / "answers.jsonl"
    (tmp_path / "a.png").write_bytes(reference.read_bytes())
    PILImage.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    rows = [
        {"id": "good", "answer": fenced(GOOD), "reference": "a.png", "kind": "svg"},
        {"id": "gone", "answer": fenced(GOOD), "reference": "none.png", "kind": "svg"},
        {"id": "huge", "answer": fenced(GOOD), "reference": "huge.png", "kind": "svg"},
        {"id": "odd", "answer": fenced(GOOD), "reference": "a.png", "kind": "poem"},
        {"id": "bad", "answer": "no code", "gt_img_path": "a.png", "category": "svg"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{half\n")
    done = CliRunner().invoke(app, ["score", str(file), "--processes", "1"])
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "answers.scored.jsonl").read_text().splitlines()
    scored = {row.get("id"): row for row in map(json.loads, lines)}
    assert {name: row["score"] for name, row in scored.items()} == {
        "good": 2.0,
        "gone": 0.0,
        "huge": 0.0,
        "odd": None,
        "bad": 0.0,
        None: None,
    }
    assert all(scored[name]["reason"] for name in ("gone", "huge", "odd", "bad", None))
    assert [scored[name]["usable"] for name in ("good", "gone", "huge", "odd")] == [1.0, 0.0, 0.0, 0.0]


ENDS = """
from agent.rewards.shared import score_all
from agent.rewards.types import Request
from renderers.types import Kind
if __name__ == "__main__":
    import sys
    answer = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='5' height='5'/></svg>"
    request = Request(answer, open(sys.argv[1], "rb").read(), Kind.SVG)
    print(*(score_all([request], "success", spread=spread)[0].score for spread in (True, False)))
"""


def test_a_trainer_that_just_ends_leaves_no_traceback(reference, tmp_path):
    file = tmp_path / "trainer.py"
    file.write_text(ENDS)
    done = subprocess.run(
        [sys.executable, str(file), str(reference)],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert (done.stdout, done.stderr) == ("1.0 1.0\n", "")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_in_processes_of_its_own_a_scorer_says_the_same(reference):
    async with asyncio.timeout(120), Scorer(processes=1) as scorer:
        assert (await scorer.score(Request(fenced(GOOD), reference, Kind.SVG))).score == 2.0


def test_bad_arguments_cost_one_line(tmp_path):
    for given in (
        ["score"],
        ["score", str(tmp_path / "none.jsonl")],
        ["score", "--serve", "--terms", "love"],
    ):
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 2 and "Traceback" not in done.output, done.output
