"""Measures that stand on a library or a browser's layout: GriTS, Design2Code's blocks, networks."""

from __future__ import annotations

import importlib.util
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from agent.cli import app
from critic.errors import CriticError
from critic.metrics.design2code import design2code
from critic.metrics.grits import grits_scores
from critic.metrics.neural import Neural, unisvg
from critic.metrics.page_blocks import dom_blocks, numbered
from renderers.service import Renderers
from renderers.types import Kind, Language, Size

TABLE = "<table><tr><td>Name</td><td>Score</td></tr><tr><td>Alice</td><td>95</td></tr></table>"
SIZE = Size(400, 200)

by_grits = pytest.mark.skipif(
    importlib.util.find_spec("grits") is None,
    reason="GriTS' library, which needs a compiler, is not installed",
)


@by_grits
def test_grits_by_hand():
    assert grits_scores(TABLE, "| Name | Score |\n|---|---|\n| Alice | 95 |")[0] == {
        "grits_structure": 1.0,
        "grits_content": 1.0,
    }
    # of four cells three are equal and one has half its letters in common: 2 * 3.5 / 8
    scores, reason = grits_scores(TABLE, TABLE.replace("95", "90"))
    assert scores == {"grits_structure": 1.0, "grits_content": pytest.approx(0.875)} and not reason


@by_grits
@pytest.mark.parametrize("broken", ["", "<p>none</p>", "<table></table>"])
def test_what_is_no_table_scores_nothing_and_says_so(broken):
    scores, reason = grits_scores(TABLE, broken)
    assert set(scores.values()) == {0.0} and reason == "no table with cells"


@by_grits
def test_markup_that_the_library_breaks_on_costs_its_measure_alone():
    scores, _ = grits_scores(TABLE, "<table><tr><td colspan='-3'>Name<td rowspan='x'>Score")
    assert all(0.0 <= score < 1.0 for score in scores.values())


@by_grits
def test_grits_of_tables_too_large_is_nothing_at_once():
    large = f"<table>{('<tr>' + '<td>x</td>' * 50 + '</tr>') * 40}</table>"
    started = time.process_time()
    scores, reason = grits_scores(large, large)
    assert set(scores.values()) == {0.0} and "too large" in reason and time.process_time() - started < 20


def test_without_its_library_grits_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "grits", None)
    scores, reason = grits_scores(TABLE, TABLE)
    assert not scores and "lookalike[grits]" in reason


PAGE = (
    "<!DOCTYPE html><body style='margin:0;font:16px Arial'><p style='color:#ff0000'>Welcome <b>home</b></p>"
    "<div style='position:absolute;left:200px;top:100px'>Prices</div><p style='display:none'>Unseen</p>"
)


async def blocks_of(code):
    page = numbered(code)
    async with Renderers() as renderers:
        render = await renderers.render(Kind.PAGE, page.code, Language.HTML, SIZE)
    return dom_blocks(page, render.layout, SIZE)


@pytest.mark.anyio
async def test_blocks_are_what_a_browser_shows_outer_texts_whole():
    first, second = await blocks_of(PAGE)
    assert (first.text, first.colour) == ("Welcome home", "#ff0000") and second.text == "Prices"
    assert second.box.x0 == pytest.approx(0.5) and second.box.y0 == pytest.approx(0.5)


@pytest.mark.anyio
async def test_a_page_is_like_itself_and_one_with_a_moved_block_is_less_so():
    whole = await blocks_of(PAGE)
    moved = await blocks_of(PAGE.replace("left:200px", "left:280px"))
    assert set(design2code(whole, whole).values()) == {1.0}
    told = design2code(whole, moved)
    assert told["page_position"] == pytest.approx(1 - 0.2 / 2) and told["page_text"] == 1.0


def test_what_is_no_html_has_no_blocks():
    assert numbered("").texts == {} and numbered("<").texts in ({}, {1: "<"})


def test_weights_that_are_missing_cost_one_line(tmp_path):
    with pytest.raises(CriticError, match="holds no weights"):
        Neural(tmp_path)
    done = CliRunner().invoke(app, ["eval", str(tmp_path), "--neural", str(tmp_path / "none")])
    assert done.exit_code == 2 and "holds no weights" in done.output and "Traceback" not in done.output


def test_a_library_that_is_missing_is_named_with_its_extra(tmp_path, monkeypatch):
    (tmp_path / "clip").mkdir()
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(CriticError, match=r"lookalike\[neural\]"):
        Neural(tmp_path)


def test_unisvg_by_hand():
    assert unisvg({"ssim": 0.5, "lpips": 0.25, "clip": 0.9}) == {
        "unisvg": pytest.approx(0.2 * 0.5 + 0.2 * 0.75 + 0.6 * 0.9)
    }
    assert unisvg({"ssim": 1.0, "clip": np.nan}) == {}
