"""Draws pictures of known kinds with other people's tools, to measure how kinds are told apart.

    python -m benchmarks.kind_pictures OUT --npm FOLDER ... --docs FOLDER --readmes FOLDER --photos FOLDER ...

Pages are HTML documents below ``--docs`` as a browser shows them, tables are those of packages'
descriptions below ``--readmes`` in five styles, charts are drawn by matplotlib, Chart.js, ECharts, Plotly
and Vega-Lite, icons come from lucide, heroicons, Material Design and Phosphor, photographs from
``--photos``. The npm packages that draw and hold icons are looked for in each ``--npm``. Every second
picture of a kind goes to ``OUT/unseen``, the others to ``OUT/seen``; a picture's name begins with its kind.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import cairosvg
import matplotlib.pyplot as plt
from markdown_it import MarkdownIt
from PIL import Image as PILImage
from playwright.async_api import Page, async_playwright

from renderers.chromium import find_browser

WINDOWS = ((1280, 800), (1366, 768), (1024, 768), (1440, 900), (390, 844), (1280, 2000))
STYLES = (
    "td,th{border:1px solid #444;padding:5px 9px}",
    "th{border-bottom:2px solid #000}td,th{padding:4px 14px;text-align:left}",
    "td,th{padding:8px 12px;border-bottom:1px solid #ddd}tr:nth-child(even){background:#f2f5f9}",
    "body{background:#1c1f26;color:#e8e8e8}td,th{padding:6px 12px;border:1px solid #444b58}",
    "th{background:#2f5d8a;color:#fff}td,th{padding:6px 10px;border:1px solid #c5d2df}",
)
FONTS = ("14px Arial", "13px 'DejaVu Sans'", "15px Georgia,serif", "16px sans-serif", "12px Verdana")
TABLE = re.compile(r"(?:^\|.+\|[ \t]*\n){3,14}", re.MULTILINE)
WORDS = (
    "North",
    "South",
    "Ada",
    "Q1",
    "Q2",
    "Tea",
    "Coffee",
    "Mon",
    "Tue",
    "Export",
    "Import",
    "Alpha",
    "Beta",
)
KINDS = ("bar", "line", "scatter", "pie", "area")
ICONS = ("lucide-static/icons", "heroicons/24", "@mdi/svg/svg", "@phosphor-icons/core/assets")
DRAWN_WITH = {
    "chart.js": ("chart.js/dist/chart.umd.js",),
    "echarts": ("echarts/dist/echarts.min.js",),
    "plotly": ("plotly.js-dist-min/plotly.min.js",),
    "vega": ("vega/build/vega.min.js", "vega-lite/build/vega-lite.min.js"),
}


def pages(docs: Path, count: int, rng: random.Random) -> Iterator[tuple[str, tuple[int, int]]]:
    """Addresses of documents, and the windows they are shown in."""
    found = [path for path in sorted(docs.rglob("*.html")) if 6_000 < path.stat().st_size < 400_000]
    for path in rng.sample(found, count):
        yield path.as_uri(), rng.choice(WINDOWS)


def tables(readmes: Path, count: int, rng: random.Random) -> Iterator[str]:
    """Documents that hold a table of a package's description and nothing else."""
    texts = [*readmes.rglob("METADATA"), *readmes.rglob("README.md")]
    found = {match for path in sorted(texts) for match in TABLE.findall(path.read_text(errors="replace"))}
    plain = sorted(text for text in found if "![" not in text and len(text) < 4000)
    for text in rng.sample(plain, min(count, len(plain))):
        body = MarkdownIt("commonmark").enable("table").render(text)
        yield (
            f"<style>body{{margin:16px;font:{rng.choice(FONTS)};display:inline-block}}"
            f"table{{border-collapse:collapse}}{rng.choice(STYLES)}</style>{body}"
        )


class Data:
    """Categories and numbers of one chart."""

    def __init__(self, rng: random.Random) -> None:
        self.kind = rng.choice(KINDS)
        self.names = rng.sample(WORDS, rng.randint(4, 7))
        self.series = {
            name: [rng.randint(2, 90) for _ in self.names] for name in rng.sample(("2023", "2024", "Plan"), 2)
        }
        self.title = rng.choice(("Sales by region", "Load over time", "Visits", ""))
        self.size = rng.choice(((640, 480), (600, 360), (480, 320), (760, 420), (360, 260)))

    def matplotlib(self, style: str) -> bytes:
        """The chart by matplotlib, in one of its styles."""
        with plt.rc_context({"backend": "agg"}), plt.style.context(style):
            figure, ax = plt.subplots(figsize=(self.size[0] / 100, self.size[1] / 100), dpi=100)
            for name, values in self.series.items():
                if self.kind == "bar":
                    ax.bar(self.names, values, label=name, alpha=0.7)
                elif self.kind == "area":
                    ax.fill_between(range(len(values)), values, label=name, alpha=0.5)
                elif self.kind == "scatter":
                    ax.scatter(range(len(values)), values, label=name)
                elif self.kind == "line":
                    ax.plot(self.names, values, label=name)
            if self.kind == "pie":
                ax.pie(next(iter(self.series.values())), labels=self.names)
            else:
                ax.legend()
            ax.set_title(self.title)
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png")
            plt.close(figure)
        return buffer.getvalue()

    def script(self, tool: str) -> str:
        """The JavaScript that draws the chart into ``#c`` by a tool."""
        first = next(iter(self.series.values()))
        if tool == "chart.js":
            sets = [{"label": k, "data": v, "fill": self.kind == "area"} for k, v in self.series.items()]
            form = {"area": "line", "scatter": "line"}.get(self.kind, self.kind)
            title = {"plugins": {"title": {"display": bool(self.title), "text": self.title}}}
            options = {"animation": False, "responsive": False, **title}
            spec = {"type": form, "data": {"labels": self.names, "datasets": sets}, "options": options}
            return f"new Chart(document.querySelector('#c canvas'), {json.dumps(spec)})"
        if tool == "echarts":
            pie = [{"name": n, "value": v} for n, v in zip(self.names, first, strict=True)]
            form = {"area": "line"}.get(self.kind, self.kind)
            drawn = [
                {"type": form, "name": k, "data": v} | ({"areaStyle": {}} if self.kind == "area" else {})
                for k, v in self.series.items()
            ]
            axes = {"xAxis": {"data": self.names}, "yAxis": {}, "series": drawn}
            body = {"series": [{"type": "pie", "data": pie}]} if self.kind == "pie" else axes
            spec = {"animation": False, "title": {"text": self.title}, "legend": {}} | body
            return f"echarts.init(document.querySelector('#c')).setOption({json.dumps(spec)})"
        if tool == "plotly":
            extra = {"area": {"fill": "tozeroy"}, "bar": {"type": "bar"}, "scatter": {"mode": "markers"}}
            traces: list[object] = [
                {"x": self.names, "y": v, "name": k} | extra.get(self.kind, {})
                for k, v in self.series.items()
            ]
            if self.kind == "pie":
                traces = [{"type": "pie", "labels": self.names, "values": first}]
            layout = {"title": {"text": self.title}, "width": self.size[0], "height": self.size[1]}
            return f"Plotly.newPlot('c', {json.dumps(traces)}, {json.dumps(layout)}, {{staticPlot: true}})"
        rows = [
            {"at": n, "count": v, "of": k}
            for k, vs in self.series.items()
            for n, v in zip(self.names, vs, strict=True)
        ]
        mark = {"scatter": "point", "pie": "bar"}.get(self.kind, self.kind)
        code = {
            key: {"field": key, "type": form} for key, form in (("at", "nominal"), ("count", "quantitative"))
        }
        where = {"x": code["at"], "y": code["count"], "color": {"field": "of", "type": "nominal"}}
        spec = {"title": self.title, "mark": mark, "data": {"values": rows}, "encoding": where, "width": 320}
        return (
            f"new vega.View(vega.parse(vegaLite.compile({json.dumps(spec)}).spec))"
            ".initialize('#c').renderer('svg').runAsync()"
        )


def icon(path: Path, rng: random.Random) -> bytes:
    """An icon at some size and in some colour, on white or on nothing."""
    side, colour = rng.choice((64, 96, 128, 256, 336, 512)), rng.choice(("#222", "#1a66cc", "#c0392b"))
    text = path.read_text().replace("currentColor", colour)
    ground = rng.choice(("white", None))
    return bytes(
        cairosvg.svg2png(bytestring=text, output_width=side, output_height=side, background_color=ground)
    )


def photo(path: Path, rng: random.Random) -> bytes:
    """A photograph, or a part of it, at some size."""
    with PILImage.open(path) as opened:
        whole = opened.convert("RGB")
    share = rng.choice((1.0, 0.8, 0.6))
    width, height = int(whole.width * share), int(whole.height * share)
    left, top = rng.randint(0, whole.width - width), rng.randint(0, whole.height - height)
    part = whole.crop((left, top, left + width, top + height))
    side = rng.choice((240, 400, 640, 900))
    part.thumbnail((side, side))
    buffer = io.BytesIO()
    part.save(buffer, format=rng.choice(("PNG", "JPEG")))
    return buffer.getvalue()


async def shot(page: Page, html: str, size: tuple[int, int]) -> bytes:
    """An HTML document's content as a picture."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.set_content(html)
    return await page.locator("body").screenshot()


async def draw(options: argparse.Namespace) -> None:
    """Draw all pictures."""
    rng, counts = random.Random(options.seed), dict.fromkeys(("seen", "unseen"), 0)

    def keep(kind: str, number: int, data: bytes) -> None:
        half = ("seen", "unseen")[number % 2]
        counts[half] += 1
        (options.out / half).mkdir(parents=True, exist_ok=True)
        (options.out / half / f"{kind}_{number:03}.png").write_bytes(data)

    def packaged(name: str) -> Path:
        return next(path for base in options.npm if (path := base / name).exists())

    icons = [path for name in ICONS for path in rng.sample(sorted(packaged(name).rglob("*.svg")), 15)]
    for number, path in enumerate(icons):
        keep("svg", number, icon(path, rng))
    photos = sorted(p for base in options.photos for p in base.rglob("*") if p.suffix in (".jpg", ".png"))
    for number in range(60):
        keep("photo", number, photo(photos[number % len(photos)], rng))
    for number in range(20):
        keep(
            "chart", number, Data(rng).matplotlib(rng.choice(("default", "ggplot", "dark_background", "bmh")))
        )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser())
        page = await browser.new_page()
        number = 20
        for tool, files in DRAWN_WITH.items():
            library = "".join(f"<script>{packaged(f).read_text()}</script>" for f in files)
            for _ in range(15):
                data = Data(rng)
                width, height = data.size
                inner = f"<canvas width={width} height={height}></canvas>" if tool == "chart.js" else ""
                sized = "" if tool == "vega" else f"width:{width}px;height:{height}px;"
                place = f"<div id=c style='{sized}display:inline-block'>{inner}</div>"
                await page.set_content(f"<body style='margin:0'>{place}{library}")
                await page.evaluate(f"(async () => {{ await ({data.script(tool)}); }})()")
                await page.wait_for_timeout(150)
                keep("chart", number, await page.locator("#c").screenshot())
                number += 1
        for number, html in enumerate(tables(options.readmes, 60, rng)):
            keep("table", number, await shot(page, html, (1200, 700)))
        for number, (address, (width, height)) in enumerate(pages(options.docs, 60, rng)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.goto(address)
            keep("page", number, await page.screenshot())
        await browser.close()
    print(counts)


def main() -> None:
    """Draw the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--npm", type=Path, nargs="+", required=True)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--readmes", type=Path, required=True)
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(draw(parser.parse_args()))


if __name__ == "__main__":
    main()
