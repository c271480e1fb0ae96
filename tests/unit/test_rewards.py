"""The reward's terms, guards and columns, without drawing anything but in the guards."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PILImage

from agent.rewards.columns import kind_of, reference_of, text_of
from agent.rewards.copies import is_copy, is_empty_beside, without_pictures
from agent.rewards.types import TERMS, Facts, Score, score_of
from critic.types import Critique, Discrepancy
from renderers.types import Kind


def critique(severity=0, failure="", fallback=0):
    found = tuple(
        Discrepancy(category="text_error", severity=1, description=str(index)) for index in range(severity)
    )
    return Critique(critic="x", discrepancies=found, similarity=0.5, failure=failure, fallback=fallback)


HONEST = [Facts(True, True, critique=critique(severity)) for severity in (0, 5, 30, 49)]
HONEST += [
    Facts(True, True, critique=critique(60)),
    Facts(True, True, critique=critique(failure="no server")),
]
HONEST.append(Facts(True, True, critique=critique(failure="unreadable", fallback=25)))
FAILED = [
    Facts(),
    Facts(extracted=True),
    Facts(extracted=True, rendered=True, blank=True),
    Facts(extracted=True, rendered=True, copied=True),
]


@pytest.mark.parametrize("terms", sorted(TERMS))
def test_a_failure_is_never_better_than_an_honest_render(terms):
    failures = [score_of(facts, terms, 0.0).score for facts in FAILED]
    assert max(failures) <= min(score_of(facts, terms, 0.0).score for facts in HONEST)


def test_the_published_figures():
    assert [score_of(facts, "published", 0).score for facts in HONEST[:5]] == [2.0, 1.9, 1.4, 1.02, 1.0]
    assert score_of(HONEST[6], "published", 0).score == 1.5
    assert [score_of(facts, "severity", 0).score for facts in HONEST[:3]] == [0, -5, -30]


def test_a_critique_that_could_not_be_read_is_marked():
    assert [score_of(facts, "guarded", 0).critiqued for facts in HONEST] == [1, 1, 1, 1, 1, 0, 0]
    assert score_of(HONEST[5], "guarded", 0).score == 1.0, "nobody knows more than that it rendered"


def test_every_score_has_the_same_keys():
    keys = {tuple(score_of(facts, terms, 0).metrics()) for facts in HONEST + FAILED for terms in TERMS}
    assert keys == {tuple(Score(0.0).metrics())}
    assert all(isinstance(value, float) for value in score_of(FAILED[0], "guarded", 0.0).metrics().values())


DATA = "data:image/png;base64,iVBORw0KGgo="
PAGES = [
    f'<img src="{DATA}">',
    f'<div style="background: url({DATA})">x</div>',
    f"<style>body{{background:url('{DATA}')}}</style><p>x</p>",
    '<style>body{background:url("d\\61 ta:image/png;base64,iVBORw0KGgo=")}</style><p>x</p>',
    '<img src="&#100;ata:image/png;base64,iVBORw0KGgo=">',
    f"<iframe srcdoc=\"<img src='{DATA}'>\"></iframe>",
    f'<object data="{DATA}"></object>',
    f'<svg><image href="{DATA}"/></svg>',
]


@pytest.mark.parametrize("page", PAGES)
def test_embedded_pictures_are_found_however_they_are_written(page):
    bare = without_pictures(Kind.PAGE, f"<html><body>{page}</body></html>")
    assert bare is not None and ("iVBORw0KGgo" not in bare or "opacity: 0 !important" in bare)


def test_code_without_pictures_is_left_alone():
    assert without_pictures(Kind.PAGE, "<p style='color:red'>data: none</p>") is None
    assert without_pictures(Kind.SVG, '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>') is None
    small = "import matplotlib.pyplot as plt\nplt.imshow([[1, 2], [3, 4]])\n"
    assert without_pictures(Kind.CHART, small) is None
    large = f"import matplotlib.pyplot as plt\nplt.imshow({[[1] * 60] * 60})\n"
    assert "QuadMesh.draw" in (without_pictures(Kind.CHART, large) or "")
    assert without_pictures(Kind.CHART, "plt.imshow(") is None


def drawn(*boxes, size=(100, 100)):
    image = np.full((*size, 3), 255, np.uint8)
    for top, left, bottom, right in boxes:
        image[top:bottom, left:right] = (200, 30, 30)
    return image


def test_a_copy_is_what_is_gone_without_its_pictures():
    whole = drawn((0, 10, 50, 60), (70, 10, 80, 90))
    assert is_copy(whole, drawn((70, 10, 80, 90)))
    assert is_copy(whole, None)
    assert not is_copy(whole, drawn((0, 10, 50, 60)))


def test_a_dot_is_as_good_as_nothing():
    reference = drawn((10, 10, 60, 60))
    assert is_empty_beside(reference, drawn((5, 5, 8, 8))) and not is_empty_beside(reference, reference)
    assert not is_empty_beside(drawn(), drawn()), "an empty reference is reproduced by nothing"


def test_references_and_kinds_by_the_names_that_data_sets_give_them():
    assert str(reference_of({"gt_img_path": "a/b.png"})) == "a/b.png"
    assert reference_of({"image": {"bytes": b"x", "path": None}}) == b"x"
    assert reference_of({"images": [{"bytes": None, "path": "p.png"}]}).name == "p.png"
    assert reference_of({"reference": "data:image/png;base64,YS8vYg=="}) == b"a//b"
    assert reference_of({"reference": "data:image/png;base64,!"}) == reference_of({}) == b""
    buffer = io.BytesIO()
    PILImage.new("RGB", (2, 2)).save(buffer, format="PNG")
    assert reference_of({"image": PILImage.new("RGB", (2, 2))}) == buffer.getvalue()
    assert kind_of({"task_type": "icon2svg"}) is Kind.SVG and kind_of({}, "my-chart2code") is Kind.CHART
    assert kind_of({"kind": "page"}) is Kind.PAGE and kind_of({"kind": "poem"}) is None


def test_answers_are_texts_or_messages():
    assert text_of([{"role": "assistant", "content": [{"type": "text", "text": "x"}]}]) in ("x", "")
    assert text_of([{"role": "assistant", "content": "a"}]) == "a" and text_of(None) == ""
