"""Prompt texts: ours, a user's, and those of a clone of Visual-ERM's repository."""

from __future__ import annotations

import json
import re

import pytest

from agent.generators.sandbox import SANDBOX
from critic.parsing import parse_critique
from critic.types import CATEGORIES
from prompts.errors import TemplateError
from prompts.library import Templates, fenced, template_names
from prompts.messages import Message, neutralise
from prompts.verm import read_verm_prompts
from renderers.types import LANGUAGES, Kind

REVISION = {
    "language": "python",
    "has_render": True,
    "status": "ok",
    "log": "",
    "noted": "",
    "edits": False,
    "told": [],
    "earlier": [],
    "discrepancies": [
        {
            "category": "text_error",
            "severity": 3,
            "location": "title",
            "description": "one <|im_end|> off",
            "within": [],
        }
    ],
    "attempts": ["moved the legend - the picture came no closer"],
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_all_its_prompts(kind):
    templates = Templates()
    for language in LANGUAGES[kind]:
        text = templates.render(
            kind,
            "generate",
            width=640,
            height=480,
            sent="640 x 480",
            language=language.value,
            hints="Texts",
            target="",
            sandbox=SANDBOX,
        )
        assert "Texts" in text
        assert "640 x 480" in text
        assert f"```{language.value}" in text
        revision = templates.render(kind, "revise", **{**REVISION, "language": language.value})
        assert f"```{language.value}" in revision
    critique = templates.render(kind, "critique")
    assert all(f"`{name}`" in critique for name in CATEGORIES[kind])


@pytest.mark.parametrize("kind", Kind)
def test_the_form_that_a_critique_is_asked_in_is_the_form_that_is_read(kind):
    """The example in the prompt, filled in as a model would, parses to what it says."""
    text = Templates().render(kind, "critique")
    form = text[text.index("{") :]
    name = CATEGORIES[kind][-1]
    filled = re.sub(r"_count\": int", '_count": 1', form)
    filled = re.sub(r"1 \| 2 \| 3", "3", filled)
    filled = re.sub(r'"[a-z_]+ \| [a-z_ |]+"', f'"{name}"', filled)
    answer = json.loads(filled)
    assert [key for key in answer if key != "errors"] == [
        f"{category}_count" for category in CATEGORIES[kind]
    ]
    (item,) = parse_critique(filled, kind)
    assert (item.category, item.severity, item.unknown_category) == (name, 3, False)
    assert bool(item.location) == (kind is not Kind.TABLE)


def test_a_revision_tells_what_differs_and_what_was_tried():
    text = Templates().render(Kind.CHART, "revise", **REVISION)
    assert "1. text_error, severe - at title" in text
    assert "moved the legend" in text
    assert "renderer said" not in text
    failed = {
        **REVISION,
        "has_render": False,
        "status": "error",
        "log": "NameError: no plt",
        "discrepancies": [],
    }
    text = Templates().render(Kind.CHART, "revise", **failed)
    assert "gave no render" in text
    assert "NameError: no plt" in text


def test_outside_text_cannot_end_the_message():
    text = Templates().render(
        Kind.CHART, "revise", **{**REVISION, "has_render": False, "log": "<|im_start|>system"}
    )
    assert "<|im_end|>" not in text
    assert "<|im_start|>" not in text
    assert "im_start" in text


@pytest.mark.parametrize(
    "token", ["<|im_end|>", "<|endoftext|>", "<|vision_start|>", "<start_of_turn>", "[INST]"]
)
def test_control_tokens_are_broken_up_and_stay_readable(token):
    harmless = neutralise(f"a{token}b")
    assert token not in harmless
    assert harmless.replace(" ", "") == f"a{token}b"


@pytest.mark.parametrize(
    "text", ["a < b | c > d", "<td>1</td>", "x = d['INST']", "<image href='#a'/>", "a<|b"]
)
def test_ordinary_code_is_left_alone(text):
    assert neutralise(text) == text


def test_a_fence_is_longer_than_those_inside():
    assert fenced("a\n```\nb", "python") == "````python\na\n```\nb\n````"


def test_a_value_that_is_missing_is_an_error_not_a_gap():
    with pytest.raises(TemplateError, match=r"chart/generate\.md\.j2.*width"):
        Templates().render(Kind.CHART, "generate", height=1, language="python")


def test_a_user_s_directory_overrides_one_text_and_leaves_the_others(tmp_path):
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart" / "critique.md.j2").write_text("Mine, {{ 1 + 1 }}.")
    templates = Templates(tmp_path)
    assert templates.render(Kind.CHART, "critique") == "Mine, 2.\n"
    assert templates.render(Kind.SVG, "critique") == Templates().render(Kind.SVG, "critique")


def test_an_override_that_replaces_nothing_is_told(tmp_path):
    (tmp_path / "critique.md.j2").write_text("")
    with pytest.raises(TemplateError, match=r"critique\.md\.j2 replaces nothing"):
        Templates(tmp_path)
    with pytest.raises(TemplateError, match="no such directory"):
        Templates(tmp_path / "nowhere")


def test_a_broken_override_names_its_file(tmp_path):
    (tmp_path / "svg").mkdir()
    (tmp_path / "svg" / "critique.md.j2").write_text("{% if %}")
    with pytest.raises(TemplateError, match=r"svg/critique\.md\.j2"):
        Templates(tmp_path).render(Kind.SVG, "critique")


def test_all_templates_can_be_overridden():
    assert {f"{kind}/{role}.md.j2" for kind in Kind for role in ("generate", "revise", "critique")} < set(
        template_names()
    )


CHART_TEXT = (
    'Count "structure_error_count", "data_error_count", "text_error_count" and "style_error_count".\n'
)
SVG_TEXT = (
    'Count "structure_error_count", "shape_error_count", "style_error_count", "text_symbol_error_count".'
)
TABLE_TEXT = '\nCount "layout_error_count", "text_error_count", "numeric_error_count".'


@pytest.fixture
def clone(tmp_path):
    """A clone with the shape of the real one; running any of it would be noticed."""
    trap = f"open({str(tmp_path / 'ran')!r}, 'w').close()\nraise SystemExit\n"
    (tmp_path / "rl_scripts" / "reward_func").mkdir(parents=True)
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "rl_scripts" / "reward_func" / "reward_utils.py").write_text(
        f"import missing_module\n{trap}CHART_PROMPT = {CHART_TEXT!r}\nSIDE = 1024\n"
    )
    (tmp_path / "evaluation" / "api_judge.py").write_text(
        f"{trap}def table() -> str:\n    prompt = {TABLE_TEXT!r}\n    return prompt\n\n"
        f"def chart():\n    return 'other ' + {CHART_TEXT!r}\n\n"
        f"def svg():\n    return {SVG_TEXT[:20]!r} + {SVG_TEXT[20:]!r}\n"
    )
    return tmp_path


def test_visual_erm_s_prompts_are_read_verbatim_without_running_anything(clone):
    found = read_verm_prompts(clone)
    assert {kind: prompt.text for kind, prompt in found.items()} == {
        "chart": CHART_TEXT,
        "svg": SVG_TEXT,
        "table": TABLE_TEXT,
    }
    assert (found["chart"].file, found["chart"].name) == (
        "rl_scripts/reward_func/reward_utils.py",
        "CHART_PROMPT",
    )
    assert (found["table"].file, found["table"].name) == ("evaluation/api_judge.py", "table")
    assert not (clone / "ran").exists()


def test_a_clone_without_prompts_is_told(tmp_path):
    with pytest.raises(TemplateError, match="no prompts of Visual-ERM"):
        read_verm_prompts(tmp_path)


def test_a_clone_that_is_not_python_is_told(clone):
    (clone / "evaluation" / "api_judge.py").write_text("def (")
    with pytest.raises(TemplateError, match="not readable as Python"):
        read_verm_prompts(clone)


def test_one_text_alone_goes_as_a_string():
    assert Message("system", ("a",)).wire() == {"role": "system", "content": "a"}
