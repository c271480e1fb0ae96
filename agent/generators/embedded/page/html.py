"""A page's description written as HTML and CSS."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Hashable

from agent.generators.embedded.page.blocks import Block, Style, blocks_of
from agent.generators.embedded.page.fonts import STACKS, rise
from agent.generators.embedded.page.icons import svg_element
from critic.reading.page import Fill, LaidLine, Page, PixelPart, Shadow, Shape, Span

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
  * {{ margin: 0; padding: 0; box-sizing: border-box; }}
  body {{ position: relative; width: {width}px; height: {height}px; overflow: hidden; background: {fill}; }}
  body > * {{ position: absolute; left: calc(var(--x) * 1px); top: calc(var(--y) * 1px); }}
  .box, img, svg {{ width: calc(var(--w) * 1px); height: calc(var(--h) * 1px); }}
  h1, h2, h3, p, pre {{ white-space: nowrap; font-weight: normal; }}
  pre {{ white-space: pre; }}
"""


def write(page: Page) -> str:
    """The document: boxes first, then pictures, then text, each at its place on the page."""
    blocks = blocks_of(page.lines)
    sheet = _Sheet(blocks, page)
    body = [
        *(_box(shape, sheet) for shape in page.shapes),
        *(_img(picture) for picture in page.pictures),
        *(_text(block, sheet) for block in blocks),
    ]
    head = _HEAD.format(
        title=html.escape(sheet.title), width=page.width, height=page.height, fill=_fill(page.fill)
    )
    return head + sheet.rules() + "</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"


class _Sheet:
    """The style sheet: a class for each style that is used."""

    def __init__(self, blocks: list[Block], page: Page) -> None:
        self._names: dict[Hashable, str] = {}
        self._rules: list[str] = []
        self.tags = _headings(blocks)
        self.title = next(
            (" ".join(line.text for line in b.lines) for b in blocks if self.tags.get(b.style) == "h1"),
            "Page",
        )
        spans = [span for line in page.lines for span in line.spans if span.decoration == "underline"]
        self.link = Counter(span.colour for span in spans).most_common(1)[0][0] if spans else None
        if self.link is not None:
            self._rules.append(f"  a {{ color: {self.link}; text-decoration: underline; }}")

    def name(self, key: Hashable, stem: str, rule: str) -> str:
        """The class of a style; made on first use."""
        if key not in self._names:
            count = 1 + sum(name.startswith(f"{stem}-") for name in self._names.values())
            self._names[key] = f"{stem}-{count}"
            self._rules.append(f"  .{self._names[key]} {{ {rule} }}")
        return self._names[key]

    def rules(self) -> str:
        """The rules of all classes."""
        return "".join(rule + "\n" for rule in self._rules)


def _headings(blocks: list[Block]) -> dict[Style, str]:
    """Styles larger than the running text's, or as large and bold: headings, by size."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        sizes[block.style.size] += sum(len(line.text) for line in block.lines)
    if not sizes:
        return {}
    running = sizes.most_common(1)[0][0]
    large = {
        block.style
        for block in blocks
        if block.style.size >= 1.45 * running or (block.style.bold and block.style.size >= 1.1 * running)
    }
    levels = sorted({style.size for style in large}, reverse=True)
    return {style: f"h{min(3, 1 + levels.index(style.size))}" for style in large}


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _at(x: float, y: float, width: float | None = None, height: float | None = None) -> str:
    place = f"--x: {_number(x)}; --y: {_number(y)}"
    if width is not None and height is not None:
        place += f"; --w: {_number(width)}; --h: {_number(height)}"
    return f'style="{place}"'


def _fill(fill: Fill) -> str:
    if fill.flat:
        return fill.colour
    stops = ", ".join(f"{stop.colour} {_number(stop.at * 100)}%" for stop in fill.stops)
    return f"linear-gradient({_number(fill.angle)}deg, {stops})"


def _box(shape: Shape, sheet: _Sheet) -> str:
    rule = f"background: {_fill(shape.fill)};"
    if any(shape.radius):
        corners = [_number(radius) + "px" for radius in shape.radius]
        rule += f" border-radius: {corners[0] if len(set(corners)) == 1 else ' '.join(corners)};"
    if any(shape.border):
        edges = [f"{edge.width}px solid {edge.colour}" if edge else "0" for edge in shape.border]
        if len(set(edges)) == 1:
            rule += f" border: {edges[0]};"
        else:
            sides = ("top", "right", "bottom", "left")
            rule += "".join(
                f" border-{side}: {edge};" for side, edge in zip(sides, edges, strict=True) if edge != "0"
            )
    if shape.shadow is not None:
        rule += f" box-shadow: {_shadow(shape.shadow)};"
    name = sheet.name(("box", rule), "box", rule)
    x0, y0, x1, y1 = shape.box
    return f'<div class="box {name}" {_at(x0, y0, x1 - x0, y1 - y0)}></div>'


def _shadow(shadow: Shadow) -> str:
    red, green, blue = (int(shadow.colour[i : i + 2], 16) for i in (1, 3, 5))
    colour = f"rgb({red} {green} {blue} / {_number(shadow.opacity)})"
    return f"0 {_number(shadow.dy)}px {_number(shadow.blur)}px {colour}"


def _img(picture: PixelPart) -> str:
    x0, y0, x1, y1 = picture.box
    if picture.drawing is not None:
        return svg_element(picture, f" {_at(x0, y0, x1 - x0, y1 - y0)}")
    source = f"data:{picture.mime};base64,{picture.data}"
    return f'<img alt="{html.escape(picture.alt)}" {_at(x0, y0, x1 - x0, y1 - y0)} src="{source}">'


def _text(block: Block, sheet: _Sheet) -> str:
    style = block.style
    fixed = style.family.value in ("mono", "courier") and len(block.lines) > 1
    tag = "pre" if fixed else sheet.tags.get(style, "p")
    name = sheet.name((style, block.pitch), "text", _style(style, block.pitch))
    top = block.lines[0].baseline - rise(style.family, style.size, block.pitch)
    breaks = "\n" if fixed else "<br>\n"
    content = breaks.join(_line(line, style, sheet) for line in block.lines)
    return f'<{tag} class="{name}" {_at(block.x, top)}>{content}</{tag}>'


def _style(style: Style, pitch: float) -> str:
    weight = "bold " if style.bold else ""
    slant = "italic " if style.italic else ""
    rule = f"font: {slant}{weight}{_number(style.size)}px/{_number(pitch)}px {STACKS[style.family]};"
    rule += f" color: {style.colour};"
    if style.spacing:
        rule += f" letter-spacing: {_number(style.spacing)}px;"
    return rule


def _line(line: LaidLine, style: Style, sheet: _Sheet) -> str:
    return "".join(_span(span, style, sheet) for span in line.spans)


def _span(span: Span, style: Style, sheet: _Sheet) -> str:
    """A piece of text in the tags that say how it differs from its block."""
    body = span.text.rstrip(" ")
    tail = span.text[len(body) :]
    out = html.escape(body, quote=False)
    colour = span.colour
    if span.bold != style.bold:
        out = f"<b>{out}</b>" if span.bold else _classed("span", "light", "font-weight: normal;", out, sheet)
    if span.italic != style.italic:
        out = (
            f"<i>{out}</i>" if span.italic else _classed("span", "upright", "font-style: normal;", out, sheet)
        )
    if span.decoration == "underline":
        if colour == sheet.link:
            return f'<a href="#">{out}</a>{tail}'
        rule = f"color: {colour};"
        return f'<a href="#" class="{sheet.name(("link", rule), "link", rule)}">{out}</a>{tail}'
    if span.decoration == "line-through":
        out = f"<s>{out}</s>"
    if colour != style.colour:
        out = _classed("span", "tint", f"color: {colour};", out, sheet)
    return out + tail


def _classed(tag: str, stem: str, rule: str, inner: str, sheet: _Sheet) -> str:
    return f'<{tag} class="{sheet.name((stem, rule), stem, rule)}">{inner}</{tag}>'
