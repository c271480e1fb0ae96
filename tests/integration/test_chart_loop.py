"""Charts through the embedded generator and the pixel critic, with the real renderer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded import EmbeddedGenerator
from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.generator import Notes
from critic import PixelCritic
from critic.reading import Reader
from critic.reading.chart import Chart
from critic.reading.chart.description import Axes, Bars, Line
from critic.types import Cause, Critique
from graph.types import Draft, Revision, Task
from renderers import Kind, Language, Renderers, RenderStatus
from renderers.pictures import size_of
from renderers.types import Image
from tests.charts import picture


def drawn(ax: PlotAxes) -> None:
    ax.bar([0, 1, 2], [30, 20, 45], color="#336699", label="rain")
    ax.plot([0, 1, 2], [10, 35, 25], color="#cc5500", label="wind")
    ax.set(title="Days of rain", ylabel="days", ylim=(0, 50))


@pytest.fixture(scope="module")
def reference() -> Image:
    return picture(drawn)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


async def seen(image: Image, chart: Chart, renderers: Renderers, reader: Reader) -> tuple[Image, Critique]:
    """A chart's render, and what the critic says of it."""
    render = await renderers.render(Kind.CHART, write(chart), Language.PYTHON, size_of(image))
    assert render.image is not None, render.log
    return render.image, await PixelCritic(reader).critique(Kind.CHART, image, render.image)


def shorter_bar(axes: Axes) -> Axes:
    (bars,) = (s for s in axes.series if isinstance(s, Bars))
    changed = bars.model_copy(update={"values": (*bars.values[:2], 0.7 * bars.values[2])})
    return axes.model_copy(update={"series": tuple(changed if s is bars else s for s in axes.series)})


def no_line(axes: Axes) -> Axes:
    return axes.model_copy(update={"series": tuple(s for s in axes.series if not isinstance(s, Line))})


def other_title(axes: Axes) -> Axes:
    assert axes.title is not None
    return axes.model_copy(update={"title": axes.title.model_copy(update={"text": "Days of snow"})})


@pytest.mark.parametrize(
    ("damage", "cause", "kind"),
    [(shorter_bar, Cause.VALUE, "bar"), (no_line, Cause.MISSING, "line"), (other_title, Cause.TEXT, "title")],
)
def test_what_is_named_is_mended(
    damage: Callable[[Axes], Axes], cause: Cause, kind: str, reference: Image, reader: Reader
) -> None:
    async def run() -> None:
        async with Renderers() as renderers:
            generator = EmbeddedGenerator(reader, renderers.render)
            task = Task(Kind.CHART, Language.PYTHON, reference)
            whole = Notes.model_validate_json((await generator.draft(task, 0)).description).chart
            damaged = whole.model_copy(update={"axes": tuple(damage(axes) for axes in whole.axes)})
            image, before = await seen(reference, damaged, renderers, reader)
            named = [
                n
                for n, item in enumerate(before.discrepancies)
                if item.cause is cause and item.element is not None and item.element.kind == kind
            ]
            assert named, before.discrepancies
            draft = Draft(code=write(damaged), description=Notes(chart=damaged).model_dump_json())
            revision = Revision(
                task, draft.code, draft.description, image, RenderStatus.OK, "", before.discrepancies
            )
            better = await generator.revise(revision)
            acted = {action.discrepancy for action in better.actions if action.done}
            assert acted >= set(named), better.actions
            mended = Notes.model_validate_json(better.description).chart
            _, after = await seen(reference, mended, renderers, reader)
            assert after.severity < before.severity
            assert not {(i.cause, i.element) for i in after.discrepancies} & {
                (before.discrepancies[n].cause, before.discrepancies[n].element) for n in named
            }

    asyncio.run(run())
