"""What was done to a scan or photograph is drawn in the report over the picture as it came."""

from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import numpy as np
import pytest
from PIL import Image

from agent import RefinementAgent, Search
from agent.report import write_report
from agent.testing import ScriptedCritic, ScriptedGenerator, Step
from tests.report_runs import RunWriter, bars
from tests.unit.test_straight import photographed, table, turned


def places(points: str) -> np.ndarray:
    return np.array([[float(value) for value in pair.split(",")] for pair in points.split()])


def drawn(folder: Path) -> lxml.html.HtmlElement:
    (section,) = lxml.html.fromstring(write_report(folder).read_text("utf-8")).xpath("//*[@id='corrected']")
    return section


def refined(folder: Path, picture: np.ndarray) -> Path:
    with RefinementAgent(generator=ScriptedGenerator([Step()]), critic=ScriptedCritic()) as agent:
        agent.refine(picture, kind="svg", out=folder, search=Search(policy="best_of_n"))
    return folder


def test_a_sheet_is_outlined_where_it_lay(tmp_path: Path) -> None:
    picture, corners = photographed(table())
    section = drawn(refined(tmp_path, picture))
    assert np.abs(places(section.xpath(".//polygon")[0].get("points")) - corners).max() < 6
    assert not section.xpath(".//polyline") and "the sheet made a rectangle" in section.text_content()
    said = json.loads((tmp_path / "run.json").read_text("utf-8"))["correction"]
    assert np.array_equal(np.asarray(Image.open(tmp_path / said["picture"])), picture)


@pytest.mark.parametrize("degrees", [5.0, -3.0])
def test_a_line_lies_along_the_rows_that_became_level(tmp_path: Path, degrees: float) -> None:
    section = drawn(refined(tmp_path, turned(table(), degrees)))
    (x0, y0), (x1, y1) = places(section.xpath(".//polyline")[0].get("points"))
    assert np.degrees(np.arctan2(y0 - y1, x1 - x0)) == pytest.approx(degrees, abs=0.2)
    assert not section.xpath(".//polygon")


def test_what_was_not_corrected_shows_nothing_and_odd_records_no_harm(tmp_path: Path) -> None:
    run = RunWriter(tmp_path)
    name = run.picture(bars((100,), "green", "One"))
    for odd in (None, "x", {"picture": "../../etc/passwd"}, {"corners": [[0, 0]], "degrees": 1e9}):
        run.run(picture="a.png", reference=name, correction=odd, notes=["7 lines cannot be read"])
        page = lxml.html.fromstring(write_report(tmp_path).read_text("utf-8"))
        assert not page.xpath("//*[@id='corrected']")
        assert "7 lines cannot be read" in page.text_content()
