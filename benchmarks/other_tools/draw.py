"""Draws ``specs`` and ``situations`` with the real tools: a PNG (or JPEG) and its truth as JSON beside it.

    python -m benchmarks.other_tools.draw OUT --npm FOLDER [--python PYTHON] [--only specs|seen|unseen]

``--npm`` is a ``node_modules`` with chart.js, echarts, highcharts, plotly.js-dist-min, vega and vega-lite;
they draw in Chromium. ``--python`` is an interpreter that has bokeh and seaborn. gnuplot and Rscript (with
ggplot2) are used where they are installed. Charts of a tool that is not there are left out, and said so. Half
of the situations is unseen: nothing is developed on it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.other_tools.situations import told_cases, unseen
from benchmarks.other_tools.specs import Case, cases
from renderers.chromium import find_browser

SCRIPTS = {
    "chartjs": ("chart.js/dist/chart.umd.js",),
    "echarts": ("echarts/dist/echarts.min.js",),
    "highcharts": ("highcharts/highcharts.js", "highcharts/highcharts-more.js"),
    "plotly": ("plotly.js-dist-min/plotly.min.js",),
    "vega": ("vega/build/vega.min.js", "vega-lite/build/vega-lite.min.js"),
}
STARTS = {
    "chartjs": (
        "Chart.defaults.animation=false;Chart.defaults.responsive=false;"
        "new Chart(document.getElementById('c'),SPEC)"
    ),
    "echarts": "echarts.init(document.getElementById('c')).setOption(Object.assign({animation:false},SPEC))",
    "highcharts": "Highcharts.chart('c',Object.assign({credits:{enabled:false}},SPEC))",
    "plotly": "Plotly.newPlot('c',SPEC[0],Object.assign({width:WIDE,height:HIGH},SPEC[1]),{staticPlot:true})",
    "vega": (
        "new vega.View(vega.parse(vegaLite.compile(SPEC).spec),{renderer:'canvas'})"
        ".initialize('#c').runAsync()"
    ),
}
BOKEH = """
import json, sys
from bokeh.plotting import figure
from bokeh.embed import file_html
from bokeh.resources import INLINE
s = json.load(open(sys.argv[1]))
given = {"x_range": s["x"], "y_range": (0, 6)} if s["mark"] == "vbar" else {}
p = figure(width=640, height=400, toolbar_location=None, title=s.get("title"), **given)
if s["mark"] == "vbar":
    p.vbar(x=s["x"], top=s["y"], width=0.8)
else:
    for y, name, colour in zip(s["y"], s["names"], ("steelblue", "orange")):
        p.line(s["x"], y, legend_label=name, line_color=colour, line_width=2)
open(sys.argv[2], "w").write(file_html(p, INLINE))
"""
SEABORN = """
import json, sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import seaborn as sns
s = json.load(open(sys.argv[1]))
sns.set_theme(style=s["style"])
names = s.get("names", ["k"])
rows = [(x, v, n) for n, vs in zip(names, s["y"]) for x, v in zip(s["x"], vs)]
xs, ys, ns = (list(column) for column in zip(*rows))
hue = {"hue": ns} if len(names) > 1 else {}
(sns.barplot if s["mark"] == "bar" else sns.lineplot)(x=xs, y=ys, **hue)
plt.savefig(sys.argv[2], dpi=100)
"""


class MissingToolError(RuntimeError):
    """A tool that draws is not installed."""


def in_browser(browser: Browser, html: str, case: Case, out: Path) -> None:
    """What a page shows in its element ``c``, or as a whole."""
    wide, high = case["size"]
    page = browser.new_page(
        viewport={"width": wide + 20, "height": high + 20}, device_scale_factor=case.get("scale", 1)
    )
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(html)
        file.flush()
        page.goto(Path(file.name).as_uri())
        page.wait_for_timeout(800)
        element = page.query_selector("#c")
        if element is None:
            page.screenshot(path=str(out), clip={"x": 0, "y": 0, "width": wide, "height": high})
        else:
            element.screenshot(path=str(out))
    page.close()


def page_of(case: Case, npm: Path) -> str:
    """The document in which a JavaScript library draws."""
    tool, (wide, high) = case["tool"], case["size"]
    holder = (
        f"<canvas id=c width={wide} height={high}></canvas>"
        if tool == "chartjs"
        else f'<div id=c style="width:{wide}px;height:{high}px"></div>'
    )
    if tool == "vega":
        holder = '<div id=c style="display:inline-block"></div>'
    missing = [name for name in SCRIPTS[tool] if not (npm / name).is_file()]
    if missing:
        raise MissingToolError(f"{npm / missing[0]} is missing")
    scripts = "".join(f'<script src="{(npm / name).as_uri()}"></script>' for name in SCRIPTS[tool])
    start = (
        STARTS[tool]
        .replace("SPEC", json.dumps(case["spec"]))
        .replace("WIDE", str(wide))
        .replace("HIGH", str(high))
    )
    ground = case.get("ground", "#fff")
    return (
        f"<!doctype html><body style='margin:0;background:{ground}'>{holder}{scripts}<script>{start}</script>"
    )


def by_python(python: str, program: str, spec: Any, out: Path) -> None:
    """Runs a program in another interpreter on a spec."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "spec.json"
        source.write_text(json.dumps(spec), encoding="utf-8")
        done = subprocess.run(
            [python, "-c", program, str(source), str(out)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise MissingToolError(done.stderr.strip().splitlines()[-1])


def by_gnuplot(spec: Any, out: Path) -> None:
    """One plot of columns."""
    if shutil.which("gnuplot") is None:
        raise MissingToolError("gnuplot is not installed")
    blocks = ""
    for index, column in enumerate(spec["y"]):
        blocks += (
            f"$d{index} << E\n"
            + "".join(f"{x} {y}\n" for x, y in zip(spec["x"], column, strict=True))
            + "E\n"
        )
    drawn = ", ".join(
        f"$d{index} with {spec['with']} title '{name}'" for index, name in enumerate(spec["names"])
    )
    program = (
        f"set terminal pngcairo size 640,400\nset output '{out}'\n{blocks}{spec['more']}\nplot {drawn}\n"
    )
    subprocess.run(["gnuplot"], input=program, text=True, check=True)


def by_ggplot(spec: Any, out: Path) -> None:
    """One plot of a data frame."""
    if shutil.which("Rscript") is None:
        raise MissingToolError("Rscript is not installed")
    rows = [
        (x, v, n)
        for n, vs in zip(spec["names"], spec["y"], strict=True)
        for x, v in zip(spec["x"], vs, strict=True)
    ]
    columns = [",".join(json.dumps(value) for value in column) for column in zip(*rows, strict=True)]
    layer = {
        "col": "geom_col()",
        "dodge": 'geom_col(aes(fill=k),position="dodge")',
        "line": "geom_line(aes(colour=k),linewidth=1)",
        "point": "geom_point(size=3)",
    }[spec["mark"]]
    program = (
        f"library(ggplot2); d <- data.frame(x=c({columns[0]}),value=c({columns[1]}),k=c({columns[2]}));"
        f'png("{out}",640,400,type="cairo",res=96); print(ggplot(d,aes(x,value))+{layer}); dev.off()'
    )
    done = subprocess.run(["Rscript", "-e", program], capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingToolError(done.stderr.strip().splitlines()[-1])


def drawn(browser: Browser, case: Case, out: Path, npm: Path, python: str) -> None:
    """One case as a PNG, by its tool."""
    tool = case["tool"]
    if tool in SCRIPTS:
        in_browser(browser, page_of(case, npm), case, out)
    elif tool == "bokeh":
        with tempfile.NamedTemporaryFile(suffix=".html") as file:
            by_python(python, BOKEH, case["spec"], Path(file.name))
            in_browser(browser, Path(file.name).read_text(encoding="utf-8"), case, out)
    elif tool == "seaborn":
        by_python(python, SEABORN, case["spec"], out)
    else:
        programs: dict[str, Callable[[Any, Path], None]] = {"gnuplot": by_gnuplot, "ggplot": by_ggplot}
        programs[tool](case["spec"], out)


def chosen(only: str | None) -> dict[str, Case]:
    """The cases of a part by name; all of them without one."""
    told = told_cases()
    kept = unseen(list(told))
    parts = {
        "specs": cases(),
        "seen": {name: case for name, case in told.items() if name not in kept},
        "unseen": {name: case for name, case in told.items() if name in kept},
    }
    return parts[only] if only else {name: case for part in parts.values() for name, case in part.items()}


def main() -> None:
    """Draw all cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--only", choices=("specs", "seen", "unseen"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--allow-file-access-from-files"]
        )
        for name, case in chosen(given.only).items():
            out = given.out / f"{name}.png"
            try:
                drawn(browser, case, out, given.npm.resolve(), given.python)
            except MissingToolError as missing:
                print(f"{name}: not drawn: {missing}")
                continue
            if "jpeg" in case:
                Image.open(out).convert("RGB").save(out.with_suffix(".jpg"), quality=case["jpeg"])
                out.unlink()
            out.with_suffix(".json").write_text(json.dumps(case["truth"]), encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main()
