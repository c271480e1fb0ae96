from __future__ import annotations

import json
import re
from pathlib import Path

import cssselect2
import lxml.html
import pytest
from PIL import Image

from agent.report import ReportError, write_index, write_report
from agent.report.words import similarity
from tests.report_runs import RunWriter, bars, chart_run, discrepancy


def select(element: lxml.html.HtmlElement, selector: str) -> list[lxml.html.HtmlElement]:
    wrapped = cssselect2.ElementWrapper.from_html_root(element)
    return [found.etree_element for found in wrapped.query_all(selector)]


def page(folder: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(write_report(folder).read_text(encoding="utf-8"))


def text(element: lxml.html.HtmlElement, selector: str) -> str:
    return " ".join(" ".join(found.itertext()) for found in select(element, selector))


def squeezed(words: str) -> str:
    return " ".join(words.split())


def test_the_result_stands_in_one_sentence(tmp_path: Path) -> None:
    assert text(page(chart_run(tmp_path)), ".result") == (
        "Reward rose from 1.80 to 1.98, similarity rose from 0.8710 to 0.9980 in 3 rounds; "
        "it stopped because all rounds were used; 12.3 s, no model calls."
    )


def test_nothing_is_fetched_from_anywhere(tmp_path: Path) -> None:
    html = page(chart_run(tmp_path))
    assert not select(html, "script[src], link[rel=stylesheet], iframe, object, embed")
    assert all(image.get("src").startswith("data:image/") for image in select(html, "img"))
    (policy,) = select(html, "meta[http-equiv=Content-Security-Policy]")
    assert "default-src 'none'" in policy.get("content")
    assert "url(" not in text(html, "style")


def test_each_candidate_tells_the_fate_of_its_discrepancies_and_what_was_done(tmp_path: Path) -> None:
    html = page(chart_run(tmp_path))
    told = {
        squeezed("".join(select(group, "h4")[0].itertext())): [
            squeezed(" ".join(item.itertext())) for item in select(group, "li .said, li .action")
        ]
        for group in select(html, "#candidate-1 .group")
    }
    assert told == {
        "Fixed 2": [
            "bar b is 180 high, 220 in the reference",
            "Changed: set bar b to 220",
            'the title reads "Rainfal", not "Rainfall"',
            "Changed: read the title again at three times the size",
        ],
        "New 1": ["the tick labels have become larger"],
        "Still open 3": [
            "bar d is 230 high, 260 in the reference",
            "Changed: set bar d to 230",
            "the bars are orange, blue in the reference",
            "Not changed: the colour could not be measured",
            "the picture as a whole looks a little blurred",
        ],
        "On its own initiative": [],
    }
    assert "moved the axes by one pixel" in text(html, "#candidate-1")


def test_a_draft_tells_what_became_of_its_discrepancies_by_the_end(tmp_path: Path) -> None:
    headings = squeezed(text(page(chart_run(tmp_path)), "#candidate-0 h4.fate"))
    assert headings == "Fixed by the end 4 Still open at the end 1"


def test_boxes_lie_where_the_discrepancies_are(tmp_path: Path) -> None:
    (mark,) = select(page(chart_run(tmp_path)), "#candidate-0 .mark[data-number='1']")
    values = [float(value) for value in re.findall(r"[\d.]+(?=%)", mark.get("style"))]
    assert values == pytest.approx(
        [100 * 210 / 640, 100 * 140 / 400, 100 * 80 / 640, 100 * 220 / 400], abs=0.01
    )


def test_a_failed_candidate_shows_its_log_and_a_rejected_one_says_so(tmp_path: Path) -> None:
    html = page(chart_run(tmp_path))
    assert "SyntaxError" in text(html, "#candidate-3 .log")
    assert text(html, "#candidate-3 .verdict") == "failed"
    assert text(html, "#candidate-2 .verdict") == "rejected"
    assert [text(html, f"#candidate-{key} .verdict") for key in (0, 1, 4)] == ["kept", "kept", "best"]


def test_a_render_of_another_size_is_shown_at_the_reference_size(tmp_path: Path) -> None:
    html = page(chart_run(tmp_path))
    (image,) = select(html, "#candidate-2 .framed img")
    assert (image.get("width"), image.get("height")) == ("640", "400")
    assert "Rendered at 1280" in text(html, "#candidate-2")


HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">\'"{{ 7*7 }}<!--'


def test_whatever_comes_from_outside_is_inert(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    run.candidate(
        HOSTILE,
        render=run.picture(bars((10, 20), "red", "x")),
        log=HOSTILE,
        discrepancies=[discrepancy(HOSTILE, 3, HOSTILE, HOSTILE, [0, 0, 10, 10])],
        actions=[{"discrepancy": None, "description": HOSTILE, "done": True}],
    )
    run.candidate(HOSTILE + "\n2", parent=0, round=1, status="error", log=HOSTILE)
    run.run(
        picture=HOSTILE,
        kind=HOSTILE,
        language=HOSTILE,
        generator=HOSTILE,
        critic=HOSTILE,
        stop_reason=HOSTILE,
        best=HOSTILE,
        settings={HOSTILE: HOSTILE},
        versions={HOSTILE: HOSTILE},
        timings={HOSTILE: 1.0},
        error=HOSTILE,
    )
    html = page(tmp_path)
    index = lxml.html.fromstring(write_index(tmp_path.parent).read_text(encoding="utf-8"))
    assert len(select(html, "script")) == 2 and len(select(index, "script")) == 1
    for found in (html, index):
        assert not found.xpath("//*[@onerror]") and not found.xpath("//comment()")
        assert all(image.get("src").startswith("data:") for image in select(found, "img"))
    assert HOSTILE in text(html, "h1") and HOSTILE in text(html, ".said")
    codes = json.loads(text(html, "#codes"))
    assert "".join(codes["codes"]["0"]) == HOSTILE


def test_a_name_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("SECRET = 1")
    Image.new("RGB", (9, 9), "red").save(tmp_path / "secret.png")
    run = RunWriter(tmp_path / "run")
    (tmp_path / "run" / "link.py").symlink_to(tmp_path / "secret.py")
    run.candidate(code_file="../secret.py", render="../secret.png")
    run.candidate(code_file=str(tmp_path / "secret.py"), render=str(tmp_path / "secret.png"))
    run.candidate(code_file="link.py")
    html = page(tmp_path / "run")
    assert "SECRET" not in lxml.html.tostring(html, encoding="unicode")
    assert not select(html, "img")


def test_a_run_in_progress_has_a_report(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    picture = bars((40, 80), "red", "x")
    run.run(
        picture="a.png", kind="chart", reference=run.picture(picture), stop_reason=None, reward=None, spend={}
    )
    assert "Nothing was generated yet; the run has not finished" in text(page(tmp_path), ".result")
    run.candidate("code", render=run.picture(picture), reward=1.9, similarity=0.9, accepted=True)
    with (tmp_path / "trajectory.jsonl").open("a") as file:
        file.write('{"id": 1, "parent": 0, "rou')
    html = page(tmp_path)
    assert "Reward stayed at 1.90" in text(html, ".result")
    assert len(select(html, "article")) == 1


def test_an_empty_folder_has_a_report_and_a_missing_one_a_clear_error(tmp_path: Path) -> None:
    assert "No candidate was written" in text(page(tmp_path), "main")
    with pytest.raises(ReportError, match="no such folder"):
        write_report(tmp_path / "nowhere")
    with pytest.raises(ReportError, match="no such folder"):
        write_index(tmp_path / "nowhere")


def test_a_run_in_which_nothing_rendered_says_so(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    run.candidate("x", status="timeout", reward=0, similarity=0, log="stopped after 10 s")
    run.candidate(parent=0, round=1, status=None, code_file=None, log="the server is gone")
    run.run(stop_reason="no_render", rounds=1, seconds=75)
    html = page(tmp_path)
    assert "No candidate could be rendered" in text(html, ".result")
    assert "the server is gone" in text(html, "#candidate-1 .log")


def test_having_nothing_more_to_offer_is_no_failure(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    run.candidate("x", render=run.picture(bars((10, 20), "red", "x")), accepted=True)
    run.candidate(parent=0, round=1, status=None, code_file=None)
    html = page(tmp_path)
    assert "nothing more to offer" in text(html, "#candidate-1")
    assert not select(html, "#candidate-1 .verdict, .plot .failed")


def test_only_equal_pictures_have_the_similarity_one() -> None:
    assert [similarity(value) for value in (0.99999, 1.0)] == ["0.9999", "1.0000"]


def test_the_index_lists_every_run_with_its_gain(tmp_path: Path) -> None:
    write_report(chart_run(tmp_path / "rain & sun"))
    run = RunWriter(tmp_path / "b")
    run.run(picture="b.png", kind="svg", stop_reason="cancelled")
    (tmp_path / "not a run").mkdir()
    html = lxml.html.fromstring(write_index(tmp_path).read_text(encoding="utf-8"))
    first, second = (squeezed(" ".join(item.itertext())) for item in select(html, "li.run"))
    assert (
        "rain.png" in first
        and "1.80 → 1.98" in first
        and "0.8710 → 0.9980" in first
        and "Stopped: rounds" in first
    )
    assert "b.png" in second and "cancelled" in second and "no report" in second
    assert [link.get("href") for link in select(html, "li.run a")] == ["rain%20%26%20sun/report.html"]
    assert "1.80 → 1.98" in squeezed(text(html, ".means"))


def test_model_calls_are_told_with_their_tokens(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    spend = {"calls": 1, "prompt_tokens": 12345, "cached_tokens": 1000, "completion_tokens": 678}
    run.run(spend=spend)
    assert "1 model call, 12,345 tokens in (1,000 cached), 678 out" in text(page(tmp_path), ".stats")


def test_what_each_role_spent_in_each_round_is_a_table_with_its_cost(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    asked = {"calls": 2, "prompt_tokens": 4000, "cached_tokens": 1500, "completion_tokens": 300, "seconds": 2}
    idle = dict.fromkeys(asked, 0)
    rounds = [
        {"round": 0, "generator": asked, "critic": asked, "cost": 0.25},
        {"round": 1, "generator": asked, "critic": idle, "cost": 0.125},
    ]
    run.run(spend=asked, spend_by=rounds, cost=0.375)
    html = page(tmp_path)
    rows = [squeezed(" ".join(row.itertext())) for row in select(html, ".spending tr")]
    assert rows[1:] == [
        "first draft generator 2 4,000 1,500 300 2.0 s",
        "first draft critic 2 4,000 1,500 300 2.0 s $0.2500",
        "round 1 generator 2 4,000 1,500 300 2.0 s $0.1250",
    ]
    assert "$0.3750" in text(html, ".stats")


def test_a_critique_that_did_not_happen_is_no_praise(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    picture = run.picture(bars((10, 20), "red", "x"))
    why = "the time budget was over"
    run.candidate("x", render=picture, reward=None, similarity=None, accepted=True, log=why)
    run.run(stop_reason="seconds", reference=picture, reward=None, similarity=None)
    html = page(tmp_path)
    assert "not judged (the time budget was over)" in text(html, ".result")
    assert "The critic found nothing" not in text(html, "main")
    assert "It was not judged: the time budget was over" in text(html, "#candidate-0")
