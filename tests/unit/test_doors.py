"""What comes in at the doors: parts by name, by path or as objects, options, and answers of any part."""

from __future__ import annotations

import numpy as np
import pytest

from agent import InputError, RefinementAgent, Search
from agent.choices import kind_named, language_named
from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, Step
from critic.types import Critique
from graph import Draft, StopReason, View, WrongAnswer
from renderers.errors import ChoiceError, LanguageError, PluginError
from renderers.registry import made
from renderers.types import Kind, Language, RenderStatus

PICTURE = np.full((16, 16, 3), 200, np.uint8)
HERE = "tests.unit.test_doors"


class Steady(ScriptedGenerator):
    """A generator as a plugin has it: made without arguments."""

    name = "steady"

    def __init__(self) -> None:
        super().__init__([Step(severity=3), Step(severity=1)])


class Knowing(ScriptedCritic):
    """A critic as a plugin has it: made with the tools."""

    name = "knowing"

    def __init__(self, tools) -> None:
        super().__init__()
        self.tools = tools


class Once:
    """A policy: drafts alone."""

    name = "once"

    def __init__(self, search: Search) -> None:
        self.width = search.width

    def plan(self, view: View):
        return (None,) * self.width if view.round == 0 else StopReason.PLATEAU


class Answers(ScriptedGenerator):
    """Gives for a draft whatever it is told to."""

    def __init__(self, answer) -> None:
        super().__init__([Step()])
        self._given = answer

    async def draft(self, task, seed):
        return self._given


class NotAsync(ScriptedGenerator):
    """Forgets to be asynchronous."""

    def __init__(self) -> None:
        super().__init__([Step()])

    def draft(self, task, seed):
        return Draft("x")


class Mute(ScriptedCritic):
    """Forgets to answer."""

    async def critique(self, kind, reference, render):
        return None


class Undecided(Once):
    """Gives a list of what it thinks."""

    def plan(self, view: View):
        return [None]


def agent(generator=None, critic=None, **others) -> RefinementAgent:
    """An agent whose pictures are drawn by the scripts."""
    made = RefinementAgent(
        generator=generator or ScriptedGenerator([Step()]), critic=critic or ScriptedCritic(), **others
    )
    made._renderers.render = ScriptedRenderer().render  # type: ignore[method-assign]
    return made


def refine(agent: RefinementAgent, tmp_path, **options):
    with agent:
        return agent.refine(PICTURE, **{"kind": "chart", "out": tmp_path, "report": False, **options})


def test_parts_are_chosen_by_path(tmp_path):
    chosen = agent(f"{HERE}:Steady", f"{HERE}:Knowing", policy=f"{HERE}:Once", search=Search(width=2))
    assert chosen._critic.tools.reader is chosen._reader
    done = refine(chosen, tmp_path)
    assert [item.parent for item in done.result.candidates] == [None, None]
    assert '"steady"' in (tmp_path / "run.json").read_text()


@pytest.mark.parametrize(
    ("parts", "error", "told"),
    [
        ({"generator": "embeded"}, ChoiceError, "no generator 'embeded'; choose one of embedded, lvlm"),
        ({"critic": "pixels"}, ChoiceError, "no critic 'pixels'; choose one of pixel, visual-erm, judge"),
        ({"policy": "bream"}, ChoiceError, "no policy 'bream'; choose one of best_of_n"),
        (
            {"critic": "nowhere:Critic"},
            PluginError,
            "critic 'nowhere:Critic' cannot be loaded: ModuleNotFound",
        ),
        ({"critic": f"{HERE}:Once"}, PluginError, "Once' cannot be made: AttributeError: .*'width'"),
        ({"generator": ScriptedCritic()}, InputError, r"a ScriptedCritic has no draft\(\) and no revise\(\)"),
        ({"critic": Steady}, InputError, "critic: Steady is a class"),
        ({"policy": object()}, InputError, r"policy: a object has no plan\(\) and no name"),
    ],
)
def test_a_part_that_is_none_is_told(parts, error, told):
    with pytest.raises(error, match=told):
        RefinementAgent(**parts)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (
            {"generator": Answers("code")},
            r"generator 'scripted' \(tests.unit.test_doors.Answers\): draft\(\) answered with a str, "
            r"not with a graph.types.Draft",
        ),
        ({"generator": NotAsync()}, r"NotAsync\): draft\(\) must be declared with async def"),
        ({"critic": Mute()}, r"critic 'scripted' .*: critique\(\) answered with a NoneType, not .*Critique"),
        ({"policy": Undecided(Search())}, r"policy 'once' .*: plan\(\) answered with a list"),
    ],
)
def test_an_answer_of_a_wrong_type_is_told_by_name(parts, told, tmp_path):
    with pytest.raises(WrongAnswer, match=told):
        refine(agent(**parts), tmp_path)


def test_unknown_options_are_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"no option 'serch' \(did you mean 'search'\?\); choose from kind, to"
    ):
        refine(agent(), tmp_path, serch=1)
    with pytest.raises(InputError, match=r"no option 'secnods'; choose from"):
        refine(agent(), tmp_path, secnods=1)


def test_unknown_kinds_and_languages_are_told_with_the_choices(tmp_path):
    with pytest.raises(InputError, match="no kind 'foo'; choose one of chart, table, svg, page"):
        refine(agent(), tmp_path, kind="foo")
    with pytest.raises(InputError, match="no kind 'foo'"):
        agent().critique(PICTURE, PICTURE, kind="foo")
    with pytest.raises(InputError, match="a chart cannot be written as html; choose from python"):
        refine(agent(), tmp_path, to="html")
    assert (kind_named("svg"), language_named(Kind.TABLE, None)) == (Kind.SVG, Language.HTML)


def test_a_kinds_own_parts_draw_no_other_language():
    import asyncio

    from agent.generators.embedded.chart import generator
    from graph.types import Task
    from renderers.chart import ChartRenderer

    with pytest.raises(LanguageError, match="a chart cannot be written in html; choose python"):
        asyncio.run(ChartRenderer().render("<p>", Language.HTML))
    with pytest.raises(LanguageError, match="a chart cannot be written in svg"):
        asyncio.run(generator.draft(Task(Kind.CHART, Language.SVG, PICTURE), None, 0))


def test_a_refinement_tells_itself_in_a_line(tmp_path):
    done = refine(agent(ScriptedGenerator([Step(severity=3, similarity=0.5), Step(code=False)])), tmp_path)
    came = "chart as python, reward 1.94, similarity 0.5000, plateau"
    assert repr(done) == f"<Refinement of 'picture': {came}, in '{tmp_path}'>"
    assert (done.reward, done.similarity, len(done.discrepancies)) == (1.94, 0.5, 1)


def test_where_nothing_rendered_there_is_still_a_reward(tmp_path):
    done = refine(agent(ScriptedGenerator([Step(status=RenderStatus.ERROR)])), tmp_path)
    assert done.result.best is None
    assert (done.reward, done.similarity, done.discrepancies, done.code) == (0.0, 0.0, (), "")
    assert "nothing rendered" in repr(done)


def test_a_critique_of_anyones_critic_is_taken_as_it_is(tmp_path):
    class Says(ScriptedCritic):
        async def critique(self, kind, reference, render):
            return Critique(critic="says", similarity=0.25)

    assert refine(agent(critic=Says()), tmp_path).similarity == 0.25
    assert made(Steady, object()).name == "steady"
