"""VC-RewardBench end to end, against a server that speaks the real protocol."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from agent.cli import app
from agent.rewardbench.run import run
from agent.testing import Fault, ModelServer, Reply
from critic.rewardbench.asking import BenchmarkAsker, GivenAsker
from critic.rewardbench.judging import JudgeMatcher
from critic.rewardbench.rules import RulesMatcher
from critic.rewardbench.scores import summarise
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from prompts.library import Templates
from renderers.pictures import encode_png
from renderers.types import Kind

pytestmark = pytest.mark.anyio


def known(category, severity, text):
    return {"type": category, "severity": severity, "description": text}


# kind, known errors, predicted errors, the judge's matches: worked out by hand below
CASES = [
    (
        "table",
        [known("text_error", 2, "title misspelt"), known("numeric_error", 3, "b")],
        [known("text_error", 1, "title misspelt"), known("layout_error", 1, "z")],
        [(0, 0, "yes")],
    ),
    ("table", [known("layout_error", 3, "c")], [known("layout_error", 3, "c")], [(0, 0, "partial")]),
    ("chart", [known("data_error", 2, "d"), known("style_error", 1, "e")], [], []),
    (
        "chart",
        [known("text_error", 1, "f")],
        [known("text_error", 2, "f"), known("data_error", 2, "y"), known("poetry", 3, "g")],
        [(0, 0, "yes")],
    ),
    (
        "svg",
        [known("shape_error", 2, "h"), known("style_error", 2, "i")],
        [known("shape_error", 2, "h"), known("style_error", 2, "i")],
        [(0, 0, "yes"), (1, 1, "yes")],
    ),
]
# hits 4, partial 1; false: z, y = 2; missed: b, d, e = 3
GOLDEN = {
    "all": (0.6154, 0.6429),
    "table": (0.5, 0.6),
    "chart": (0.4, 0.4),
    "svg": (1.0, 1.0),
}
# severity sums, predicted and known: (2, 5) (3, 3) (0, 3) (4, 1) (4, 4)
# means 2.6 and 3.2, so -2.6 / sqrt(11.2 * 8.8)
CORRELATION = -0.2619


@pytest.fixture
def bench(tmp_path):
    picture = np.full((20, 30, 3), 255, np.uint8)
    picture[4:9, 4:20] = (200, 30, 30)
    (tmp_path / "a.png").write_bytes(encode_png(picture))
    rows = [
        {
            "id": f"p{number}",
            "idx": number,
            "category": kind,
            "gt_img_path": "a.png",
            "pred_img_path": "a.png",
            "human_errors": errors,
            "pred_json": {"errors": predicted},
        }
        for number, (kind, errors, predicted, _) in enumerate(CASES)
    ]
    file = tmp_path / "bench.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def replies(asked):
    """The judge's answer to each case, found by what the question holds."""
    text = asked.texts
    for kind, errors, predicted, matches in CASES:
        listed = [f'"description": "{error["description"]}"' for error in (*errors, *predicted[:1])]
        if f"in one picture, a {kind}:" in text and all(item in text for item in listed):
            found = [{"pred_id": a, "gt_id": b, "match_level": level} for a, b, level in matches]
            return Reply(f"```json\n{json.dumps({'matches': found})}\n```")
    raise AssertionError(text)


def client_of(server):
    return ChatClient(Endpoint(base_urls=server.url, model="model", backoff=0.01, attempts=2))


async def test_the_figures_to_four_digits(bench, tmp_path):
    async with ModelServer(replies) as server, client_of(server) as client:
        judged = await run(bench, tmp_path / "out", GivenAsker(), JudgeMatcher(client, Templates()))
    summary = summarise(judged.pairs)
    figures = {"all": summary.overall, **{kind.value: row for kind, row in summary.kinds.items()}}
    got = {name: (round(row.hard.value, 4), round(row.soft.value, 4)) for name, row in figures.items()}
    assert got == GOLDEN
    assert round(summary.overall.correlation.value, 4) == CORRELATION
    assert summary.categories[Kind.TABLE, "numeric_error"].hard.value == 0.0
    assert summary.unparsed == summary.unjudged == 0


async def test_a_judge_that_fails_is_asked_again_then_counted_and_as_published_dropped(bench, tmp_path):
    lines = bench.read_text().splitlines(keepends=True)
    bench.write_text(lines[0])
    for published, hard in ((False, 0.0), (True, 1.0)):
        async with ModelServer([Reply("I cannot say")]) as server, client_of(server) as client:
            matcher = JudgeMatcher(client, Templates(), published=published)
            judged = await run(bench, tmp_path / f"out{published}", GivenAsker(), matcher)
        summary = summarise(judged.pairs, published=published)
        assert (summary.unjudged, summary.overall.hard.value) == (1, hard)
        assert len(server.asked) == (1 if published else 2)


async def test_published_takes_the_judges_own_lists_of_what_is_left(bench, tmp_path):
    bench.write_text(bench.read_text().splitlines(keepends=True)[4])
    odd = {
        "matches": [{"pred_id": 0, "gt_id": 0, "match_level": "yes"}],
        "unmatched_pred": [0, 1],
        "unmatched_gt": [1],
    }
    for published, false in ((False, 1), (True, 2)):
        async with ModelServer([Reply(json.dumps(odd))]) as server, client_of(server) as client:
            matcher = JudgeMatcher(client, Templates(), published=published)
            judged = await run(bench, tmp_path / f"out{published}", GivenAsker(), matcher)
        assert judged.pairs[0].total.false == false


async def test_the_benchmarks_own_wire(bench, tmp_path):
    answer = json.dumps({"errors": [{"type": "text_error", "severity": 2, "description": "title misspelt"}]})
    async with ModelServer([Reply(answer)]) as server, client_of(server) as client:
        asker = BenchmarkAsker("judge", client, Templates())
        judged = await run(bench, tmp_path / "out", asker, RulesMatcher(), limit=1)
    body = server.asked[0].body
    system, user = body["messages"]
    assert system == {"role": "system", "content": "You are a helpful assistant."}
    text, *pictures = user["content"]
    assert text["text"].startswith("<image>\n<image>\n")
    raw = base64.b64encode((bench.parent / "a.png").read_bytes()).decode()
    assert [item["image_url"] for item in pictures] == 2 * [
        {"url": f"data:image/jpeg;base64,{raw}", "detail": "high"}
    ]
    assert body["max_tokens"] == 8192 and not {"temperature", "top_p", "top_k"} & set(body)
    assert judged.pairs[0].total.hits + judged.pairs[0].total.partial == 1


async def test_a_server_that_fails_costs_the_critique_and_a_missing_picture_its_row(bench, tmp_path):
    rows = [json.loads(line) for line in bench.read_text().splitlines()[:2]]
    rows[1]["gt_img_path"] = "gone.png"
    bench.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"id": 1}\n')
    async with ModelServer([Fault.WRONG_KEY]) as server, client_of(server) as client:
        asker = BenchmarkAsker("judge", client, Templates())
        judged = await run(bench, tmp_path / "out", asker, RulesMatcher())
    assert [bool(pair.unparsed) for pair in judged.pairs] == [True]
    bad = [json.loads(line) for line in (tmp_path / "out" / "bad_rows.jsonl").read_text().splitlines()]
    assert judged.bad == 2 and {"gone.png" in row["reason"] for row in bad} == {True, False}


def test_the_command_resumes_and_refuses_another_critics_folder(bench, tmp_path):
    out = tmp_path / "out"
    given = ["rewardbench", str(bench), "--critic", "given", "-o", str(out)]
    first = CliRunner().invoke(app, [*given, "--limit", "2"])
    assert first.exit_code == 0 and "| **table** | 2 |" in first.output, first.output
    with (out / "judged.jsonl").open("a") as lines:
        lines.write('{"half a')
    second = CliRunner().invoke(app, [*given, "--json"])
    assert second.exit_code == 0, second.output
    assert json.loads(second.output)["overall"]["pairs"] == 5
    assert len((out / "judged.jsonl").read_text().splitlines()) == 5
    assert (
        "Visual-ERM 8B | 42.1" in (out / "table.md").read_text() and (out / "plot.png").stat().st_size > 5000
    )
    other = CliRunner().invoke(app, ["rewardbench", str(bench), "--critic", "pixel", "-o", str(out)])
    assert other.exit_code == 2 and "holds results of given" in other.output


def test_bad_arguments_cost_one_line(bench, tmp_path):
    out = ["-o", str(tmp_path / "o")]
    for more in (
        ["--critic", "oracle"],
        ["--matcher", "dice"],
        ["--published"],
        ["--critic", "judge"],
    ):
        done = CliRunner().invoke(app, ["rewardbench", str(bench), *more, *out])
        assert done.exit_code == 2 and "Traceback" not in done.output, done.output
    done = CliRunner().invoke(app, ["rewardbench", str(tmp_path / "none.jsonl"), *out])
    assert done.exit_code == 2 and "cannot be read" in done.output
