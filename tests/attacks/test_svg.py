"""Attacks by SVG: what leads outside, what runs, and what is small to write and huge to draw."""

from __future__ import annotations

import base64
import gzip
import io
import os
import signal
import struct
import subprocess
import zlib
from urllib.parse import quote

import pytest
from cairosvg import parser
from PIL import Image as PILImage

from renderers.types import RenderStatus
from renderers.worker import cairo_svg
from renderers.worker.sanitiser import sanitise

FONT_STYLE, URL_STYLE = parser.normalize_font_style_declaration, parser.normalize_url_style_declaration

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 64 64">'
)
BOX = '<rect x="8" y="8" width="40" height="40" fill="#c00"/>'
HARMLESS = f"{OPEN}{BOX}</svg>"


def bomb(side: int) -> str:
    """A small PNG file that says it is ``side`` pixels wide and high, all of one colour."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(side // 8 + 2)) for _ in range(min(side, 5000))) + rows.flush()
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", side, side, 1, 0, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(png).decode()


def picture() -> str:
    buffer = io.BytesIO()
    PILImage.new("RGB", (64, 64), (0, 200, 0)).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def bitmap() -> bytes:
    buffer = io.BytesIO()
    PILImage.new("RGB", (64, 64), (0, 200, 0)).save(buffer, format="BMP")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def plain(svg):
    render = svg(HARMLESS)
    assert render.ok, render.log
    return render.image


# what is left out: the rest of the picture is drawn as if it were not there
OUTSIDE = {
    "picture from a server": '<image href="http://127.0.0.1:@TCP/a.png" width="64" height="64"/>',
    "picture by the old attribute": '<image xlink:href="http://127.0.0.1:@TCP/a.png" width="9" height="9"/>',
    "picture from a file": '<image href="file://@FOLDER/green.png" width="64" height="64"/>',
    "picture by a bare path": '<image href="@FOLDER/green.png" width="64" height="64"/>',
    "picture in a private network": '<image href="http://169.254.169.254/latest" width="9" height="9"/>',
    "picture without a scheme": '<image href="//127.0.0.1:@TCP/a.png" width="9" height="9"/>',
    "picture by ftp": '<image href="ftp://127.0.0.1:@TCP/a.png" width="9" height="9"/>',
    "svg inside svg": '<image href="data:image/svg+xml,%3Csvg/%3E" width="64" height="64"/>',
    "text as a picture": '<image href="data:text/html,hello" width="64" height="64"/>',
    "use from a file": '<use href="file://@FOLDER/other.svg#a"/>',
    "use from a server": '<use href="http://127.0.0.1:@TCP/other.svg#a"/>',
    "fill from a server": '<g fill="url(http://127.0.0.1:@TCP/x.svg#p)"></g>',
    "filter from a file": "<g style=\"filter:url('file://@SECRET#f')\"></g>",
    "style import": "<style>@import url(http://127.0.0.1:@TCP/x.css);</style>",
    "style with a url": "<style>@font-face{font-family:x;src:url(http://127.0.0.1:@TCP/x)}</style>",
    "script": "<script>fetch('http://127.0.0.1:@TCP')</script>",
    "foreign object": '<foreignObject width="64" height="64"><p>x</p></foreignObject>',
    "event handler": '<g onload="fetch(1)" onclick="x()"></g>',
    "iframe": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="http://127.0.0.1:@TCP"/>',
    "base": '<g xml:base="http://127.0.0.1:@TCP/"><image href="a.png" width="9" height="9"/></g>',
    "script link": '<a href="javascript:alert(1)"></a>',
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_leads_outside_is_left_out(name, svg, bait, plain):
    render = svg(bait.fill(f"{OPEN}{OUTSIDE[name]}{BOX}</svg>"))
    assert render.status is RenderStatus.OK, render
    assert (render.image == plain).all()
    assert "left out" in render.log
    assert bait.untouched(), bait.reached


NOTHING = {
    "use of nothing": '<use href="" fill="url(#none)"/>',
    "use of a bare hash": '<use xlink:href=" # "/>',
    "use without a reference": '<use fill="url(#none)"/>',
    "use of another document": '<use href="?#" fill="url(#none)"/>',
    "fill of nothing": '<path d="M0 0h1v1z" fill="url(#)" fill-opacity="0"/>',
    "fill of an empty address": '<path d="M0 0h1v1z" fill="url( )" fill-opacity="0"/>',
    "style of nothing": '<path d="M0 0h1v1z" style="fill-opacity:0;clip-path:url(\'#\')"/>',
    "style of nothing, escaped": '<path d="M0 0h1v1z" style="fill-opacity:0;clip-path:u\\72l(#)"/>',
    "style element of nothing": '<style>*{marker-end:url(#)}</style><path d="M0 0h1v1z" fill="none"/>',
}


@pytest.mark.parametrize("name", NOTHING)
def test_a_reference_to_nothing_draws_nothing(name, svg, plain):
    """CairoSVG takes one for the document itself, and draws that in itself until its stack ends."""
    render = svg(f"{OPEN}{NOTHING[name]}{BOX}</svg>")
    assert render.status is RenderStatus.OK, render
    assert (render.image == plain).all()
    assert "left out" in render.log


@pytest.mark.parametrize("place", ["marker", "marker-start", "marker-mid", "marker-end"])
@pytest.mark.parametrize("named", ["", '<g id="none"/>'], ids=["nothing", "no marker"])
def test_a_marker_that_is_not_there_is_not_drawn(place, named, svg, plain):
    render = svg(f"{OPEN}{named}<path d='M0 0h1v1z' fill='none' {place}='url(#none)'/>{BOX}</svg>")
    assert render.status is RenderStatus.OK, render
    assert (render.image == plain).all()


ENTITIES = {
    "file entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file://@SECRET">]>',
    "server entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "http://127.0.0.1:@TCP/">]>',
    "parameter entity": '<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://127.0.0.1:@TCP/"> %p; <!ENTITY x "y">]>',
    "document type from a server": '<!DOCTYPE svg SYSTEM "http://127.0.0.1:@TCP/x.dtd" [<!ENTITY x "">]>',
    "billion laughs": (
        '<!DOCTYPE svg [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in zip("abcdefghij", "bcdefghijx", strict=True))
        + "]>"
    ),
    "quadratic growth": f'<!DOCTYPE svg [<!ENTITY x "{"a" * 50_000}">]>',
}


@pytest.mark.parametrize("place", ["text", "attribute"])
@pytest.mark.parametrize("name", ENTITIES)
def test_entities_give_nothing(name, place, svg, bait):
    times = 500 if name == "quadratic growth" else 1
    use = f"<text>{'&x;' * times}</text>" if place == "text" else f'<text id="{"&x;" * times}">a</text>'
    render = svg(bait.fill(f'<?xml version="1.0"?>{ENTITIES[name]}{OPEN}{use}{BOX}</svg>'), seconds=4)
    assert isinstance(render.status, RenderStatus)
    assert render.seconds < 15
    assert "the-secret" not in render.log
    assert bait.untouched(), bait.reached
    assert svg(HARMLESS).ok


def grown(element: str, levels: int = 12) -> str:
    """Each level draws the one below ten times."""
    inner = '<g id="l0"><path d="M0 0h9v9z"/></g>'
    for level in range(1, levels):
        inner += f'<g id="l{level}">' + f'<{element} href="#l{level - 1}"/>' * 10 + "</g>"
    return f'{OPEN}<defs>{inner}</defs><use href="#l{levels - 1}"/></svg>'


def nested_patterns() -> str:
    inner = "".join(
        f'<pattern id="p{n}" width="1" height="1">'
        + f'<path fill="url(#p{n - 1})" d="M0 0h9v9z"/>' * 10
        + "</pattern>"
        for n in range(1, 10)
    )
    return (
        f'{OPEN}<pattern id="p0" width="1" height="1"/>{inner}<path fill="url(#p9)" d="M0 0h64v64z"/></svg>'
    )


REFUSED = {
    "uses of uses": grown("use"),
    "use of itself": f'{OPEN}<g id="a"><use href="#a"/></g></svg>',
    "use of each other": f'{OPEN}<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>',
    "patterns of patterns": nested_patterns(),
    "pattern of itself": (
        f'{OPEN}<pattern id="p" width="9" height="9"><rect fill="url(#p)"/></pattern>'
        '<rect width="9" height="9" fill="url(#p)"/></svg>'
    ),
    "mask of itself": f'{OPEN}<mask id="m"><rect mask="url(#m)"/></mask><rect mask="url(#m)"/></svg>',
    "clip of itself": (
        f'{OPEN}<clipPath id="c"><rect clip-path="url(#c)"/></clipPath><rect clip-path="url(#c)"/></svg>'
    ),
    "marker of itself": (
        f'{OPEN}<marker id="m"><path d="M0 0h9" marker-end="url(#m)"/></marker>'
        '<path d="M0 0h9" marker-end="url(#m)"/></svg>'
    ),
    "groups without end": OPEN + "<g>" * 200 + "</g>" * 200 + "</svg>",
    "elements without end": OPEN + "<g/>" * 60_000 + "</svg>",
    "another root": "<html><body/></html>",
    "five million bytes": OPEN + "<!--" + "x" * 5_000_000 + "--></svg>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_never_end_is_refused(name, svg):
    render = svg(REFUSED[name], seconds=20)
    assert render.status is RenderStatus.REFUSED, render
    assert render.log
    assert svg(HARMLESS).ok


GREEN = f'<image width="64" height="64" href="{picture()}" style="HERE"/>'
# a style says how something looks: what it refers to is what its attribute says
BY_STYLE = {
    "itself": '<g id="none"/><g id="a"><use href="#none" style="href:#a"/></g>',
    "itself, by a style sheet": '<style>use{href:#a}</style><g id="none"/><g id="a"><use href="#none"/></g>',
    "itself, by an important rule": '<style>use{href:#a!important}</style><g id="none"/><g id="a">'
    '<use href="#none"/></g>',
    "itself, in capitals": '<g id="none"/><g id="a"><use href="#none" style="HREF:#a"/></g>',
    "itself, escaped": '<g id="none"/><g id="a"><use href="#none" style="h\\72 ef:#a"/></g>',
    "growth": '<g id="none"/>'
    + "".join(
        f'<g id="g{n}">' + f'<use href="#none" style="href:#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)
    ),
    "a file": "<defs>" + GREEN.replace("HERE", "href:file://@FOLDER/green.png") + "</defs>",
    "a server": "<defs>" + GREEN.replace("HERE", "href:http://127.0.0.1:@TCP/a.png") + "</defs>",
    "another name": '<style>rect{id:a}</style><g id="none"/><use href="#none"/>',
}


@pytest.mark.parametrize("name", BY_STYLE)
def test_a_style_refers_to_nothing(name, svg, bait, plain):
    render = svg(bait.fill(f"{OPEN}{BY_STYLE[name]}{BOX}</svg>"), seconds=10)
    assert render.status is RenderStatus.OK, render
    assert (render.image == plain).all()
    assert bait.untouched(), bait.reached


VAST = 'width="1e9" height="1e9" viewBox'
HEAVY = {
    "a canvas of a billion": f"{OPEN.replace('viewBox', VAST)}{BOX}</svg>",
    "a window of nothing": f"{OPEN.replace('0 0 64 64', '0 0 1e-30 1e-30')}{BOX}</svg>",
    "a window of nan": f"{OPEN.replace('0 0 64 64', '0 0 nan inf')}{BOX}</svg>",
    "a huge pattern": (
        f'{OPEN}<pattern id="p" width="1e9" height="1e9" patternUnits="userSpaceOnUse">{BOX}</pattern>'
        '<rect width="64" height="64" fill="url(#p)"/></svg>'
    ),
    "a huge filter": (
        f'{OPEN}<filter id="f" width="1e9" height="1e9"><feOffset dx="1e9"/></filter>'
        '<rect width="64" height="64" filter="url(#f)"/></svg>'
    ),
    "a huge mask": f'{OPEN}<mask id="m" width="1e9" height="1e9">{BOX}</mask><g mask="url(#m)"/></svg>',
    "letters a mile high": f'{OPEN}<text font-size="1e9" y="9">x</text></svg>',
    "a path of a million points": f'{OPEN}<path stroke="#000" d="M0 0{"l1 1l-1 -1" * 100_000}"/></svg>',
    "dashes like dust": f'{OPEN}<path stroke="#000" stroke-dasharray="0.0000001" d="M0 0h99999999"/></svg>',
    "a gradient of itself": (
        f'{OPEN}<linearGradient id="g" href="#g"/><rect width="9" height="9" fill="url(#g)"/></svg>'
    ),
    "numbers without end": f'{OPEN}<rect width="{"9" * 100_000}" height="{"9" * 100_000}"/></svg>',
    "a broken transform": f'{OPEN}<g transform="{"scale(1e300) " * 50}">{BOX}</g></svg>',
    "markers on a million points": (
        f'{OPEN}<marker id="m"><path d="M0 0h9v9"/></marker>'
        f'<path marker-mid="url(#m)" d="M0 0{"l1 1l-1 -1" * 20_000}"/></svg>'
    ),
    "a picture that is a bomb": f'{OPEN}<image width="64" height="64" href="{bomb(100_000)}"/>{BOX}</svg>',
    "a hundred smaller bombs": OPEN + f'<image width="9" height="9" href="{bomb(4400)}"/>' * 100 + "</svg>",
    "gradients in a ring": (
        f'{OPEN}<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>'
        '<rect width="9" height="9" fill="url(#a)"/></svg>'
    ),
    "gradients in a chain": OPEN
    + "".join(f'<linearGradient id="g{n}" href="#g{n + 1}"/>' for n in range(20_000))
    + '<rect width="9" height="9" fill="url(#g0)"/></svg>',
    "a region by a style": (
        f'{OPEN}<pattern id="p" width="1" height="1" style="width:1e9;height:1e9">{BOX}</pattern>'
        '<rect width="64" height="64" fill="url(#p)"/></svg>'
    ),
    "a region of inches": (
        f'{OPEN}<mask id="m" width="19999in" height="19999in">{BOX}</mask>'
        '<rect width="64" height="64" mask="url(#m)"/></svg>'
    ),
    "a stroke of light years": f'{OPEN}<path d="M0 0L9 9" stroke="#000" stroke-width="1e308"/></svg>',
    "arcs without end": f'{OPEN}<path d="M0 0{"A1e300 1e300 9 1 1 9 9" * 2_000}" stroke="#000"/></svg>',
    "letters of letters": OPEN + '<g font-size="1000em">' * 90 + "<text>x</text>" + "</g>" * 90 + "</svg>",
    "drawings in drawings": (
        OPEN + '<svg width="1e9" height="1e9" viewBox="0 0 1e-9 1e-9">' * 90 + BOX + "</svg>" * 91
    ),
    "see-through groups": OPEN + '<g opacity=".5">' * 95 + BOX + "</g>" * 95 + "</svg>",
    "masks on all": (
        f'{OPEN}<mask id="m">{BOX}</mask>'
        + '<rect width="64" height="64" mask="url(#m)"/>' * 9_000
        + "</svg>"
    ),
    "selectors of selectors": (
        f"{OPEN}<style>{':not(' * 500}g{')' * 500}{{fill:red}}</style>{'<g/>' * 3_000}</svg>"
    ),
    "selectors that count": (
        f"{OPEN}<style>{''.join(f'g:nth-last-child({n}n+1){{fill:red}}' for n in range(3_000))}</style>"
        f"{'<g/>' * 9_000}</svg>"
    ),
    "turned letters": f'{OPEN}<text rotate="{"1 " * 100_000}">{"a" * 100_000}</text></svg>',
    "pieces of text": f"{OPEN}<text>{'<tspan>a</tspan>' * 45_000}</text></svg>",
    "a chain of filters": (
        f'{OPEN}<filter id="f">' + '<feOffset dx="1"/><feFlood flood-color="red"/>' * 10_000 + "</filter>"
        '<rect width="64" height="64" filter="url(#f)"/></svg>'
    ),
    "an old encoding": "<?xml version='1.0' encoding='IBM037'?>" + HARMLESS,
    "an encoding of seven bits": "<?xml version='1.0' encoding='UTF-7'?>" + HARMLESS,
    "another encoding": "\ufeff" + HARMLESS.replace("<svg", "<?xml version='1.0' encoding='UTF-16'?><svg"),
    "an include": (
        f'{OPEN}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>{BOX}</svg>'
    ),
    "a style sheet": f'<?xml-stylesheet href="file:///etc/passwd"?>{HARMLESS}',
    "lone surrogates": f"{OPEN}<text>\ud800</text></svg>",
    "null bytes": f"{OPEN}<text>\0</text></svg>",
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_heavy_is_bounded(name, svg):
    render = svg(HEAVY[name], seconds=1)
    assert isinstance(render.status, RenderStatus)
    assert render.seconds < 15
    assert svg(HARMLESS).ok


INNER = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>'


def packed(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64," + base64.b64encode(content).decode()


def with_comment(form: str) -> bytes:
    """A picture that holds a drawing in a comment, which CairoSVG would draw in its place."""
    buffer = io.BytesIO()
    options = (
        {"comment": INNER.encode()} if form in ("JPEG", "GIF") else {"exif": b"Exif\0\0" + INNER.encode()}
    )
    PILImage.new("RGB", (64, 64), (0, 200, 0)).save(buffer, format=form, **options)
    return buffer.getvalue()


# a whole document as a picture: it would be drawn past all that was counted
DRAWINGS = {
    "as svg": "data:image/svg+xml;base64," + base64.b64encode(INNER.encode()).decode(),
    "as png": packed(INNER.encode()),
    "with a declaration": packed(b"<?xml version='1.0'?>" + INNER.encode()),
    "in capitals": packed(INNER.upper().encode()),
    "after spaces": packed(b"     " + INNER.encode()),
    "packed": packed(gzip.compress(INNER.encode())),
    "in UTF-16": packed(INNER.encode("utf-16")),
    "in a JPEG": packed(with_comment("JPEG"), "jpeg"),
    "in a GIF": packed(with_comment("GIF"), "gif"),
    "in a WebP": packed(with_comment("WEBP"), "webp"),
    "after a BMP": packed(bitmap() + INNER.encode(), "bmp"),
    "as a PPM": packed(b"P3 1 1 255 0 0 0 " + INNER.encode()),
    "as an XPM": packed(b'/* XPM */ static char *x[] = {"1 1 1 1","a c #000","a"};' + INNER.encode()),
    "as text": "data:image/png," + quote(INNER),
    "in an address": f"url({packed(INNER.encode())})",
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_no_picture(name, svg, plain):
    render = svg(f'{OPEN}<image width="64" height="64" href="{DRAWINGS[name]}"/>{BOX}</svg>')
    assert render.ok, render
    assert (render.image == plain).all()


FETCHED = {
    "an escaped import": "<style>@\\69mport url(data:text/css,rect{fill:blue});</style>",
    "an escaped import of a server": "<style>@\\69 mport 'http://127.0.0.1:@TCP/x.css';</style>",
    "an import in a string": "<style>@import 'http://127.0.0.1:@TCP/x.css';</style>",
    "an import by a comment": "<style>@im/**/port 'http://127.0.0.1:@TCP/x.css';</style>",
    "an escaped address": r"<style>circle{fill:u\72l(http://127.0.0.1:@TCP/x#a)}</style>",
    "an escaped address in an attribute": r'<g style="fill:\75 rl(http://127.0.0.1:@TCP/x#a)"/>',
    "a file by an escape": r'<g style="filter:ur\6c (file://@SECRET#a)"/>',
    "a feImage": '<filter id="f"><feImage href="file://@FOLDER/green.png"/></filter>',
    "an animated reference": '<image width="9" height="9" href="#a"><animate attributeName="href" '
    'to="http://127.0.0.1:@TCP/a.png"/></image>',
    "a set reference": '<use href="#a"><set attributeName="href" to="file://@FOLDER/other.svg#a"/></use>',
    "a text reference": '<text><tref href="file://@SECRET"/></text>',
    "a colour profile": '<color-profile name="x" href="http://127.0.0.1:@TCP/x.icc"/>',
    "a font": '<font-face><font-face-src><font-face-uri href="http://127.0.0.1:@TCP/x"/></font-face-src></font-face>',
    "a cursor": '<cursor href="http://127.0.0.1:@TCP/x.cur"/>',
    "a gradient elsewhere": '<linearGradient id="g" href="http://127.0.0.1:@TCP/x#g"/>',
    "a mask elsewhere": '<g mask="url(http://127.0.0.1:@TCP/x#m)"/>',
    "a clip elsewhere": '<g clip-path="url(file://@SECRET#m)"/>',
    "a marker elsewhere": '<path d="M0 0" marker-start="url(http://127.0.0.1:@TCP/x#m)"/>',
    "a path elsewhere": '<text><textPath href="http://127.0.0.1:@TCP/x#m">a</textPath></text>',
    "another prefix": '<x:image xmlns:x="http://www.w3.org/2000/svg" href="file://@FOLDER/green.png" '
    'width="64" height="64"/>',
    "a processing instruction": '<?xml-stylesheet href="http://127.0.0.1:@TCP/x.css"?>',
}


@pytest.mark.parametrize("name", FETCHED)
def test_nothing_is_fetched(name, svg, bait, plain):
    render = svg(bait.fill(f"{OPEN}{FETCHED[name]}{BOX}</svg>"))
    assert bait.untouched(), bait.reached
    assert render.status is RenderStatus.OK, render
    assert (render.image == plain).all()
    assert svg(HARMLESS).ok


DEFAULTS = """<!DOCTYPE svg [<!ATTLIST image href CDATA "file://@FOLDER/green.png"
width CDATA "64" height CDATA "64">]>"""


def test_defaults_of_a_document_type_give_nothing(svg, bait, plain):
    render = svg(bait.fill(f"{DEFAULTS}{OPEN}<image/>{BOX}</svg>"))
    assert render.status is not RenderStatus.OK or (render.image == plain).all()
    assert bait.untouched(), bait.reached


MEGABYTE = 1_000_000
# the longest that the patterns of CairoSVG and of ours look at each kind of value
WORST = {
    "transform": f'<g transform="{"rotate(" * 150_000}"/>',
    "transform of spaces": f'<g transform="rotate({" " * MEGABYTE}"/>',
    "colour": f'<rect width="9" height="9" fill="{"rgba(" * 200_000}"/>',
    "paint": f'<rect width="9" height="9" fill="{"url(#" * 160_000}"/>',
    "clip": f'<rect width="9" height="9" clip="{"rect(" * 200_000}"/>',
    "style of addresses": f'<g style="fill:{"url(" * 250_000}"/>',
    "style of escapes": f'<g style="fill:url(&quot;{chr(92) * MEGABYTE}"/>',
    "short style of escapes": f'<g style="fill:url(&quot;{chr(92) * 9_000}"/>',
    "font": f'<text style="font:{"1 " * 400_000}x">a</text>',
    "short font": f'<text style="font:{"1 " * 4_000}x">a</text>',
    "font of a style sheet": f"<style>text{{font:{'1 ' * 90_000}x}}</style><text>a</text>",
    "addresses of a style sheet": f"<style>g{{fill:{'url(' * 45_000}}}</style><g/>",
    "escapes of a style sheet": f"<style>g{{fill:{chr(92) * 190_000}}}</style><g/>",
    "a long style sheet": f"<style>{'a{}' * 330_000}</style>",
    "imports": f"<style>{'@import ' * 125_000}</style>",
    "brackets of a style sheet": f"<style>{'(' * 190_000}</style>",
    "viewBox": f'<svg viewBox="{"1," * 500_000}"/>',
    "numbers": f'<rect width="{"1" * MEGABYTE}" height="9"/>',
    "points": f'<polygon points="{"1 " * 500_000}"/>',
    "signs": f'<polygon points="{"-" * MEGABYTE}"/>',
    "dots": f'<path d="M{".1" * 500_000}"/>',
    "path": f'<path d="{"M" * MEGABYTE}"/>',
    "dashes": f'<path d="M0 0h9" stroke="red" stroke-dasharray="{"1 " * 500_000}"/>',
    "text": f"<text>{' ' * MEGABYTE}</text>",
    "positions": f'<text x="{"1 " * 500_000}">a</text>',
    "a name": f"<{'a' * MEGABYTE}/>",
    "attributes": "<g " + " ".join(f'a{n}="1"' for n in range(70_000)) + "/>",
    "namespaces": "<g " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(40_000)) + "/>",
    "an address": f'<image href="data:image/png;base64,{"A" * MEGABYTE}"/>',
    "an address of spaces": f'<image href="{" " * MEGABYTE}data:"/>',
    "references": "".join(f'<g id="a{n}"/><use href="#a{n}"/>' for n in range(20_000)),
}


@pytest.mark.parametrize("name", WORST)
def test_a_megabyte_of_the_worst_takes_bounded_time(name, svg):
    render = svg(f"{OPEN}{WORST[name]}</svg>", seconds=1)
    assert isinstance(render.status, RenderStatus)
    assert render.seconds < 15
    assert svg(HARMLESS).ok


@pytest.mark.parametrize("value", ["fill:url(#p)", "mask:url(#p)", r"fill:u\72l(#p)", "marker:url(#p)"])
def test_what_styles_draw_is_counted(value, svg):
    many = "<path d='M0 0h9v9z'/>" * 3_000
    pattern = f"<pattern id='p' width='9' height='9'>{many}</pattern>"
    render = svg(f"{OPEN}<style>path{{{value}}}</style>{pattern}{many}</svg>")
    assert render.status is RenderStatus.REFUSED
    assert svg(HARMLESS).ok


def test_fonts_and_addresses_are_put_in_lower_case_as_before():
    for value in (
        "12PX Arial",
        "BOLD 12px/1.5 'Times New'",
        "Arial",
        "italic  700 , 1em x Y",
        "URL(#A) RED",
        "a Url( 'B' )C",
    ):
        assert cairo_svg._font_style(value) == FONT_STYLE(value)
        assert cairo_svg._url_style(value) == URL_STYLE(value)


def test_names_in_other_letters_are_kept_as_they_are():
    clean, _ = sanitise(
        '<svg xmlns="http://www.w3.org/2000/svg" größe="1"><a xml:b\u00e4se="http://a/"/></svg>'.encode()
    )
    assert "größe" in clean.decode()
    assert sanitise(clean) == (clean, [])


def test_pictures_inside_are_drawn(svg):
    """The wall is not shut on what is allowed."""
    render = svg(f'{OPEN}<image width="64" height="64" href="{picture()}"/>{BOX}</svg>')
    assert render.ok
    assert tuple(render.image[60, 60]) == (0, 200, 0)
    assert not render.log


def test_a_killed_worker_is_replaced(svg):
    assert svg(HARMLESS).ok
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    workers = [line for line in listed.stdout.splitlines() if "renderers.worker.drawing" in line]
    assert workers
    for line in workers:
        os.kill(int(line.split()[0]), signal.SIGKILL)
    assert svg(HARMLESS).ok
