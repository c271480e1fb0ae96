"""Tables that go on over pages are one, with a note; others are as many as there are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from agent import RefinementAgent, Search
from agent.documents.region import Region, regions_of
from agent.testing import ScriptedCritic, ScriptedGenerator, Step
from critic.reading import Reader
from critic.types import Box
from renderers.types import Kind

HEAD = ("Station", "Year", "Rain", "Sun")
STATIONS = ("Bergen", "Oslo", "Bodo", "Roros", "Alta", "Voss", "Hamar", "Moss")
ROWS = [(name, str(2000 + i), f"{900 + 7 * i}", f"{1200 + 11 * i}") for i, name in enumerate(STATIONS)]
LEFTS = (0.1, 0.35, 0.55, 0.75)


def page(rows: Sequence[Sequence[str]], top: float, said: dict[float, str]) -> Figure:
    """A page with a table that begins so far up, and texts at heights."""
    figure = Figure(figsize=(5, 7))
    for down, row in enumerate(rows):
        for left, text in zip(LEFTS, row, strict=False):
            figure.text(left, top - 0.03 * down, text, size=9)
    for edge in (top + 0.025, top - 0.03 * len(rows) + 0.015):
        figure.add_artist(Line2D([0.1, 0.85], [edge, edge], color="black", linewidth=0.8))
    for height, text in said.items():
        figure.text(0.1, height, text, size=9)
    return figure


def document(path: Path, *pages: Figure) -> Path:
    with mpl.rc_context({"pdf.fonttype": 42}), PdfPages(path) as file:
        for one in pages:
            file.savefig(one)
    return path


def found(path: Path) -> list[Region]:
    return list(regions_of(path, Reader()))


def test_a_table_that_goes_on_is_one_without_its_second_head(tmp_path: Path) -> None:
    first = page([HEAD, *ROWS[:4]], 0.22, {0.9: "A report on weather", 0.04: "page 1"})
    last = page([HEAD, *ROWS[4:]], 0.9, {0.96: "Weather", 0.5: "That was the table."})
    (table,) = found(document(tmp_path / "two.pdf", first, last))
    assert (table.kind, table.page, [piece.page for piece in table.pieces]) == (Kind.TABLE, 1, [2])
    cut = table.load()
    columns: dict[int, list[str]] = {}
    for line in sorted(cut.lines, key=lambda line: line.box.y1):
        columns.setdefault(round(line.box.x0 / 40), []).append(line.text)
    assert [columns[place] for place in sorted(columns)] == [list(c) for c in zip(HEAD, *ROWS, strict=True)]
    assert cut.pixels.shape[0] > 8 * 30 and np.all(cut.pixels[-3:] == 255)
    assert table.to_json()["goes_on"] == [{"page": 2, "box": [round(e, 1) for e in table.pieces[0].box]}]


def test_a_run_notes_it(tmp_path: Path) -> None:
    first, last = page([HEAD, *ROWS[:4]], 0.22, {}), page([HEAD, *ROWS[4:]], 0.9, {})
    (table,) = found(document(tmp_path / "two.pdf", first, last))
    with RefinementAgent(generator=ScriptedGenerator([Step()]), critic=ScriptedCritic()) as agent:
        agent.refine(table, kind="svg", out=tmp_path / "run", search=Search(policy="best_of_n"))
    assert json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))["notes"] == [
        "the table begins on page 1 and goes on on page 2; its parts are joined"
    ]


@pytest.mark.parametrize(
    ("first", "below", "last", "above", "columns"),
    [
        (0.5, {0.2: "A line of prose below the table."}, 0.9, {}, 4),
        (0.22, {}, 0.6, {0.7: "Table 2: another one"}, 4),
        (0.22, {}, 0.9, {}, 3),
    ],
    ids=["text below", "caption above", "other columns"],
)
def test_two_tables_are_two(
    tmp_path: Path, first: float, below: dict[float, str], last: float, above: dict[float, str], columns: int
) -> None:
    rows = [row[:columns] for row in (HEAD, *ROWS[4:])]
    tables = found(
        document(tmp_path / "two.pdf", page([HEAD, *ROWS[:4]], first, below), page(rows, last, above))
    )
    assert [(one.page, one.pieces) for one in tables] == [(1, ()), (2, ())]


def test_a_table_of_three_pages_is_one_and_what_follows_is_its_own(tmp_path: Path) -> None:
    parts = [
        page([HEAD, *ROWS[:4]], 0.22, {}),
        page([HEAD, *ROWS], 0.9, {}),
        page([HEAD, *ROWS[4:]], 0.9, {}),
    ]
    # the middle page is full but for a hand's breadth
    table, *others = found(document(tmp_path / "three.pdf", *parts))
    assert [piece.page for piece in table.pieces] == [2, 3] and not others
    assert isinstance(table.box, Box)
