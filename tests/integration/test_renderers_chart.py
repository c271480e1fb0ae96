"""Charts, as scripts really are written: what is drawn, at what size, and the same every time."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from renderers.chart import ChartRenderer
from renderers.isolation import Layer, Level, Policy, probe
from renderers.pictures import digest, load_picture
from renderers.types import Language, Render, RenderStatus, Size

PLOT = "import matplotlib.pyplot as plt\nimport numpy as np\n"


class Charts:
    def __init__(self, runner: asyncio.Runner, renderer: ChartRenderer) -> None:
        self.runner, self.renderer = runner, renderer

    def __call__(self, code: str, size: Size | None = None) -> Render:
        return self.runner.run(self.renderer.render(PLOT + code, Language.PYTHON, size))


@pytest.fixture(scope="module")
def chart() -> Iterator[Charts]:
    with asyncio.Runner() as runner:
        renderer = ChartRenderer(60.0)
        yield Charts(runner, renderer)
        runner.run(renderer.aclose())


def colour(render: Render) -> tuple[int, ...]:
    """The colour most of the picture has."""
    assert render.image is not None, render.log
    colours, counts = np.unique(render.image.reshape(-1, 3), axis=0, return_counts=True)
    return tuple(int(value) for value in colours[counts.argmax()])


def patch(name: str) -> str:
    return f"plt.figure(facecolor='{name}')\nplt.axes([0.4, 0.4, 0.1, 0.1])\n"


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize("size", [Size(640, 480), Size(801, 603), Size(333, 250)])
def test_a_shape_nearly_right_gives_exactly_the_size(chart, size):
    render = chart("plt.figure(figsize=(6.4, 4.8))\nplt.plot([1, 2])", size)
    assert render.ok, render.log
    assert render.image.shape == (size.height, size.width, 3)


def test_another_shape_is_fitted_into_the_size(chart):
    render = chart("plt.figure(figsize=(8, 2))\nplt.plot([1, 2])", Size(400, 400))
    assert render.image.shape == (100, 400, 3)


def test_without_a_size_the_figure_decides(chart):
    assert chart("plt.figure(figsize=(3, 2), dpi=50)\nplt.plot([1])").image.shape == (100, 150, 3)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (patch("red"), RED),
        (patch("red") + "plt.show()", RED),
        (patch("red") + "plt.savefig('/nonexistent/folder/out.png', bbox_inches='tight', dpi=300)", RED),
        (patch("red") + "plt.savefig('out.pdf')\nplt.close()", RED),
        (patch("red") + "plt.savefig('out.png')\nplt.close('all')", RED),
        (patch("red") + "plt.savefig('out.png')\nplt.clf()", RED),
        (patch("red") + "plt.gcf().savefig('out.png')\nplt.gcf().clear()", RED),
        (patch("red") + patch("blue"), BLUE),
        (patch("red") + "plt.savefig('a.png')\n" + patch("blue") + "plt.savefig('b.png')", BLUE),
        (patch("red") + "plt.show()\n" + patch("blue") + "plt.show()", BLUE),
        (patch("red") + "plt.savefig('a.png')\nplt.figure()", RED),
        (patch("red") + "plt.switch_backend('TkAgg')", RED),
        ("import matplotlib\nmatplotlib.use('Qt5Agg')\n" + patch("red"), RED),
        ("plt.ion()\n" + patch("red") + "plt.pause(10)", RED),
        (
            "def main():\n    "
            + patch("red").replace("\n", "\n    ")
            + "\nif __name__ == '__main__':\n    main()",
            RED,
        ),
        (
            "from matplotlib.figure import Figure\nf = Figure(facecolor='red')\nf.add_axes([.4, .4, .1, .1])",
            RED,
        ),
        (
            "from matplotlib.figure import Figure\n"
            "def go():\n    f = Figure(facecolor='red')\n    f.add_axes([.4, .4, .1, .1])\n"
            "    f.savefig('x.png')\ngo()",
            RED,
        ),
        (
            "import io\n"
            + patch("red")
            + "b = io.BytesIO()\nplt.savefig(b, format='png')\nassert b.getvalue()",
            RED,
        ),
        (patch("red") + "import sys\nsys.exit(0)", RED),
        (patch("red") + "open('data.csv', 'w').write('1')\nassert open('data.csv').read() == '1'", RED),
    ],
)
def test_the_figure_that_counts_is_taken(chart, code, expected):
    assert colour(chart(code, Size(320, 240))) == expected


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = 1", "drew no matplotlib figure"),
        ("from PIL import Image\nImage.new('RGB', (9, 9)).save('x.png')", "drew no matplotlib figure"),
        ("plt.plot([1, 2], [1])", "ValueError"),
        ("plt.plot(undefined)", "line 3"),
        ("plt.plot((", "SyntaxError"),
        ("import sys\nsys.exit('gone')", "SystemExit: gone"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("plt.figure(figsize=(1000, 1000), dpi=1000)\nplt.plot([1])", "pixels"),
    ],
)
def test_failures_say_why(chart, code, words):
    render = chart(code)
    assert render.status is RenderStatus.ERROR
    assert words in render.log
    assert render.image is None


def test_a_traceback_shows_the_scripts_own_lines(chart):
    render = chart("def f():\n    plt.plot([1, 2], [1])\nf()")
    assert 'File "chart.py", line 5' in render.log
    assert "renderers" not in render.log


def test_a_drawing_that_fails_is_reported_by_where_it_ended(chart):
    render = chart("plt.plot([1])\nplt.title('$\\\\frac$')\nplt.savefig('chart.png')")
    assert render.status is RenderStatus.ERROR
    assert "ParseException" in render.log or "ValueError" in render.log
    assert len(render.log.splitlines()) < 20


def test_what_is_printed_is_in_the_log(chart):
    assert chart("print('hello')\nplt.plot([1])").log == "hello"


def test_what_is_saved_is_drawn_once(chart):
    told = "plt.plot([1])\nplt.gcf().canvas.mpl_connect('draw_event', lambda event: print('drawn'))\n"
    assert chart(told + "plt.savefig('chart.png')").log.split() == ["drawn"]


def test_the_pixels_are_those_of_a_png_saved_by_a_cold_process(chart, tmp_path: Path):
    code = "fig, ax = plt.subplots(figsize=(5, 3), dpi=80)\nax.plot([1, 3, 2], label='a')\nax.legend()\n"
    (tmp_path / "s.py").write_text(
        f"import matplotlib\nmatplotlib.use('agg')\n{PLOT}{code}fig.savefig('c.png')"
    )
    subprocess.run([sys.executable, "s.py"], cwd=tmp_path, check=True)
    assert (chart(code).image == load_picture(tmp_path / "c.png")).all()


def test_transparent_figures_lie_on_white(chart):
    assert colour(chart("plt.figure(facecolor='none')\nplt.axes([.4, .4, .1, .1])")) == (255, 255, 255)


RANDOM = (
    "import random, datetime, time, os\nrng = np.random.default_rng()\n"
    "plt.bar(range(9), np.random.rand(9) + rng.random(9) + random.random())\n"
    "plt.title(f'{datetime.datetime.now()} {datetime.date.today()} {time.time()}')\n"
    "plt.xlabel(str(hash('x')) + str(set('abc')))\n"
)


def test_the_same_code_gives_the_same_pixels_again_and_again(chart):
    async def many() -> list[Render]:
        jobs = [chart.renderer.render(PLOT + RANDOM, Language.PYTHON, Size(320, 240)) for _ in range(16)]
        return await asyncio.gather(*jobs)

    renders = chart.runner.run(many())
    assert all(render.ok for render in renders), renders[0].log
    assert len({digest(render.image) for render in renders}) == 1


def test_and_after_a_restart_and_behind_any_wall(chart):
    expected = digest(chart(RANDOM, Size(320, 240)).image)
    for layers in (frozenset(Layer), frozenset({Layer.LIMITS})):
        renderer = ChartRenderer(60.0, policy=Policy(layers=layers))
        render = chart.runner.run(renderer.render(PLOT + RANDOM, Language.PYTHON, Size(320, 240)))
        chart.runner.run(renderer.aclose())
        assert digest(render.image) == expected


def test_unseeded_randomness_and_clocks_are_flagged(chart):
    log = chart(RANDOM).log
    assert "unseeded random numbers" in log
    assert "time of day" in log
    assert "note" not in chart("np.random.seed(1)\nplt.plot(np.random.rand(3))").log


def test_dates_still_work_with_the_clock_stopped(chart):
    render = chart(
        "import datetime\nimport matplotlib.dates as md\nnow = datetime.datetime.now()\n"
        "days = [now + datetime.timedelta(days=n) for n in range(9)]\nplt.plot(days, range(9))\n"
        "assert isinstance(now, datetime.datetime) and isinstance(md.num2date(3), datetime.datetime)\n"
        "plt.gca().xaxis.set_major_formatter(md.DateFormatter('%d'))\nplt.gcf().autofmt_xdate()"
    )
    assert render.ok, render.log


def test_common_font_names_have_a_stand_in(chart):
    render = chart(
        "from matplotlib import font_manager\n"
        "files = {f.fname.rpartition('/')[2]: f.name for f in font_manager.fontManager.ttflist}\n"
        "for name in ('DejaVu Sans', 'Arial', 'Times New Roman'):\n"
        "    print(font_manager.findfont(name).rpartition('/')[2])\n"
        "print('LiberationSans-Regular.ttf' in files)\nplt.plot([1])"
    )
    assert render.ok
    plain, sans, serif, installed = render.log.splitlines()[-4:]
    assert plain == "DejaVuSans.ttf"
    if installed == "True":
        assert sans == "LiberationSans-Regular.ttf"
        assert serif == "LiberationSerif-Regular.ttf"


def test_it_works_in_one_loop_after_another():
    renderer = ChartRenderer(60.0)
    for _ in range(2):
        render = asyncio.run(renderer.render(PLOT + "plt.plot([1])", Language.PYTHON))
        assert render.ok
    asyncio.run(renderer.aclose())
    asyncio.run(renderer.aclose())
    assert asyncio.run(renderer.render(PLOT + "plt.plot([1])", Language.PYTHON)).ok
    asyncio.run(renderer.aclose())
    gc.collect()


def test_a_lost_fork_server_is_replaced(chart):
    assert chart("plt.plot([1])").ok
    server = chart.renderer._pool._server
    server.process.kill()
    server.process.wait()
    assert chart("plt.plot([1])").ok


def test_nothing_is_left_running_after_closing():
    renderer = ChartRenderer(60.0)
    asyncio.run(renderer.render(PLOT + "plt.plot([1])", Language.PYTHON))
    process, folder = renderer._pool._server.process, Path(renderer._pool._server._scratch.name)
    asyncio.run(renderer.aclose())
    assert process.returncode is not None
    assert not folder.exists()


def test_closing_while_charts_are_drawn_starts_nothing_new():
    async def close() -> RenderStatus:
        renderer = ChartRenderer(60.0)
        await renderer.render(PLOT + "plt.plot([1])", Language.PYTHON)
        job = asyncio.create_task(renderer.render("while True: pass", Language.PYTHON))
        await asyncio.sleep(0.3)
        await renderer.aclose()
        status = (await job).status
        assert renderer._pool._server is None
        return status

    assert asyncio.run(close()) is RenderStatus.TIMEOUT


def test_a_cancelled_render_is_given_up():
    async def cancel() -> None:
        renderer = ChartRenderer(60.0, workers=1)
        await renderer.render(PLOT + "plt.plot([1])", Language.PYTHON)
        job = asyncio.create_task(renderer.render("while True: pass", Language.PYTHON))
        await asyncio.sleep(0.3)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        async with asyncio.timeout(20):
            assert (await renderer.render(PLOT + "plt.plot([1])", Language.PYTHON)).ok
        await renderer.aclose()

    asyncio.run(cancel())


def test_code_is_refused_below_the_level_asked_for():
    renderer = ChartRenderer(60.0, policy=Policy(Level.FULL, frozenset({Layer.LIMITS})))
    render = asyncio.run(renderer.render("print('ran')", Language.PYTHON))
    asyncio.run(renderer.aclose())
    assert render.status is RenderStatus.REFUSED
    assert render.log == "isolation level full is asked for and this machine offers none"


def test_each_lesser_wall_still_draws():
    if probe().level is not Level.FULL:
        pytest.skip("this machine has no full isolation to take layers from")
    for missing in Layer:
        renderer = ChartRenderer(60.0, policy=Policy(layers=frozenset(Layer) - {missing}))
        render = asyncio.run(renderer.render(PLOT + "plt.plot([1])", Language.PYTHON))
        asyncio.run(renderer.aclose())
        assert render.ok, (missing, render.log)
