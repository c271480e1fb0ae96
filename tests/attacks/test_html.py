"""Attacks by HTML: what leads outside, what runs, what is left behind, and what is huge to draw."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import struct
import subprocess
import sys
import time
import zlib
from base64 import b64decode, b64encode
from contextlib import suppress
from urllib.parse import quote, quote_from_bytes

import numpy as np
import pytest
from PIL import Image as PILImage

from renderers.inlined import brings_data, pixels_of, plainly, with_still_drawings, without_refresh
from renderers.isolation import Level
from renderers.types import Language, RenderStatus

BOX = "<div style='width:80px;height:50px;background:#c00'></div>"
HARMLESS = f"<!DOCTYPE html><body style='margin:0'>{BOX}"


def bomb(side: int) -> str:
    """A PNG file of few bytes that says it is ``side`` pixels wide and high."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack("!IIBBBBB", side, side, 1, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(10_000_000)))
    png = b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")
    return "data:image/png;base64," + b64encode(png).decode()


@pytest.fixture(scope="module")
def plain(pages):
    render = pages.page(HARMLESS)
    assert render.ok, render.log
    return render.image


# nothing of these is loaded, so that the box is all there is to see
OUTSIDE = {
    "picture": "<img src='http://127.0.0.1:@TCP/a.png' style='position:absolute' alt=''>",
    "picture from a file": "<img src='file://@SECRET' style='position:absolute' alt=''>",
    "frame with a file": "<iframe src='file://@SECRET' style='position:absolute;left:300px'></iframe>",
    "frame with a server": "<iframe src='http://127.0.0.1:@TCP' style='position:absolute;left:400px'/>",
    "frame in a frame": (
        "<iframe srcdoc=\"<img src='http://127.0.0.1:@TCP'>\" style='position:absolute;left:300px'></iframe>"
    ),
    "style sheet": "<link rel=stylesheet href='http://127.0.0.1:@TCP/a.css'>",
    "style import": "<style>@import 'http://127.0.0.1:@TCP/a.css';</style>",
    "style url": "<style>body{background:url(http://127.0.0.1:@TCP/a.png)}</style>",
    "font": "<style>@font-face{font-family:x;src:url(http://127.0.0.1:@TCP/x)}p{font-family:x}</style><p></p>",
    "preconnect": "<link rel=preconnect href='http://127.0.0.1:@TCP'><link rel=dns-prefetch href='//x.y'>",
    "prefetch": "<link rel=prefetch href='http://127.0.0.1:@TCP/a'>",
    "prerender": "<link rel=prerender href='http://127.0.0.1:@TCP'>",
    "preload": "<link rel=preload as=image href='http://127.0.0.1:@TCP/a.png'>",
    "module preload": "<link rel=modulepreload href='http://127.0.0.1:@TCP/a.js'>",
    "icon": "<link rel=icon href='http://127.0.0.1:@TCP/a.ico'>",
    "manifest": "<link rel=manifest href='http://127.0.0.1:@TCP/a.json'>",
    "object": "<object data='http://127.0.0.1:@TCP' style='position:absolute'></object>",
    "embed": "<embed src='http://127.0.0.1:@TCP' style='position:absolute;left:300px'>",
    "film": "<video src='http://127.0.0.1:@TCP' poster='http://127.0.0.1:@TCP' hidden></video>",
    "sound": "<audio src='http://127.0.0.1:@TCP' autoplay></audio>",
    "svg use": "<svg style='position:absolute'><use href='http://127.0.0.1:@TCP/a.svg#x'/></svg>",
    "svg picture": "<svg style='position:absolute'><image href='http://127.0.0.1:@TCP/a'/></svg>",
    "base": "<base href='http://127.0.0.1:@TCP/'><img src='a.png' style='position:absolute' alt=''>",
    "refresh": "<meta http-equiv=refresh content='0;url=http://127.0.0.1:@TCP'>",
    "refresh to a file": "<meta http-equiv=refresh content='0;url=file://@SECRET'>",
    "refresh to data": "<meta http-equiv=refresh content='0;url=data:text/html,x'>",
    "report": "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'; report-uri http://127.0.0.1:@TCP\">",
    "private network": "<img src='http://169.254.169.254/latest/meta-data' style='position:absolute' alt=''>",
    "another scheme": "<img src='chrome://settings' style='position:absolute' alt=''><a href='view-source:file:///'>"
    "</a>",
    "script": "<script>document.body.style.background='blue'</script>",
    "script in a picture": "<img src=x onerror=\"document.body.style.background='blue'\" hidden>",
    "transformation": "<?xml-stylesheet type='text/xsl' href='http://127.0.0.1:@TCP/a.xsl'?>"
    "<iframe src=\"data:text/xml,<?xml-stylesheet type='text/xsl' href='http://127.0.0.1:@TCP/a.xsl'?><a/>\" "
    "style='position:absolute;left:300px'></iframe>",
    "shadow template": "<div style='position:absolute'><template shadowrootmode=open>"
    "<img src='http://127.0.0.1:@TCP/a.png' alt=''></template></div>",
    "script address": '<iframe src="javascript:parent.document.body.remove()" hidden></iframe>',
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_outside_is_loaded(name, pages, bait, plain):
    render = pages.page(bait.fill(HARMLESS + OUTSIDE[name]))
    assert render.status is RenderStatus.OK, render
    assert (render.image[:, :200] == plain[:, :200]).all()
    assert bait.untouched(), bait.reached
    assert (pages.page(HARMLESS).image == plain).all()


# run with scripts on, as a caller may ask for
SCRIPTS = {
    "fetch": "fetch('http://127.0.0.1:@TCP').catch(() => 0)",
    "request": "let r = new XMLHttpRequest(); r.open('GET', 'file://@SECRET', false); r.send()",
    "beacon": "navigator.sendBeacon('http://127.0.0.1:@TCP', 'x')",
    "web socket": "new WebSocket('ws://127.0.0.1:@TCP')",
    "event source": "new EventSource('http://127.0.0.1:@TCP')",
    "peer connection": (
        "let p = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:@UDP'}]});"
        "p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o))"
    ),
    "service worker": "navigator.serviceWorker && navigator.serviceWorker.register('http://127.0.0.1:@TCP/w.js')",
    "worker": "new Worker(URL.createObjectURL(new Blob([\"fetch('http://127.0.0.1:@TCP')\"])))",
    "new window": "for (let i = 0; i < 20; i++) window.open('http://127.0.0.1:@TCP')",
    "go elsewhere": "location = 'http://127.0.0.1:@TCP'",
    "go to a file": "location = 'file://@SECRET'",
    "crash": "location = 'chrome://crash'",
    "send a form": (
        "let f = document.createElement('form'); f.action = 'http://127.0.0.1:@TCP'; f.method = 'post';"
        "document.body.append(f); f.submit()"
    ),
    "download": "let a = document.createElement('a'); a.href = 'data:,x'; a.download = 'x'; a.click()",
    "print": "window.print()",
    "full screen": "document.documentElement.requestFullscreen().catch(() => 0)",
    "clipboard": "navigator.clipboard && navigator.clipboard.readText().catch(() => 0)",
    "an alert": "alert(1); confirm(2); prompt(3)",
    "stay": "onbeforeunload = () => 'stay'; history.pushState({}, '', '#x')",
    "close": "window.close()",
    "a style sheet of transformations": (
        'let s = new DOMParser().parseFromString(\'<x:stylesheet version="1.0" '
        'xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:import href="http://127.0.0.1:@TCP/a.xsl"/>'
        '<x:template match="/"><p><x:copy-of select="document(\'http://127.0.0.1:@TCP\')"/></p>'
        "</x:template></x:stylesheet>', 'text/xml');"
        "let p = new XSLTProcessor(); p.importStylesheet(s); p.transformToDocument(s)"
    ),
    "many frames": "for (let i = 0; i < 200; i++) document.body.append(document.createElement('iframe'))",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_reach_nothing(name, pages, bait, plain):
    script = bait.fill(SCRIPTS[name])
    render = pages.page(f"{HARMLESS}<script>{script}</script>", scripts=True, seconds=8)
    assert isinstance(render.status, RenderStatus)
    assert bait.untouched(), bait.reached
    assert (pages.page(HARMLESS).image == plain).all()


ENDLESS = {
    "a loop": "while (true) {}",
    "alerts": "while (true) alert(1)",
    "timers": "function f() { while (true) {} } setTimeout(f, 1); setInterval(f, 1)",
    "a growing page": "while (true) document.body.append(document.createElement('p'))",
    "growing memory": "let x = []; while (true) x.push(new Array(1e6).fill(1.5))",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_scripts_without_end_are_ended(name, pages, plain):
    render = pages.page(f"{HARMLESS}<script>{ENDLESS[name]}</script>", scripts=True, seconds=1)
    assert render.status in (RenderStatus.TIMEOUT, RenderStatus.ERROR, RenderStatus.OK)
    assert render.seconds < 20
    assert (pages.page(HARMLESS).image == plain).all()


def test_scripts_run_where_asked_for_and_only_there(pages):
    page = f"{HARMLESS}<script>document.body.style.background = '#00f'</script>"
    assert tuple(pages.page(page, scripts=True).image[90, 190]) == (0, 0, 255)
    assert tuple(pages.page(page).image[90, 190]) == (255, 255, 255)


def test_nothing_is_shared_between_documents(pages, plain):
    """Storage, cookies, window names and policies of one document are gone for the next."""
    pages.page(
        "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'; img-src 'none'\"><p>x",
        seconds=15,
    )
    assert (pages.page(HARMLESS).image == plain).all()
    leave = "try { localStorage.x = 1 } catch {} try { document.cookie = 'x=1' } catch {} window.name = 'x'"
    pages.page(f"<script>{leave}</script><p>x", scripts=True)
    look = (
        "let s = ''; try { s += localStorage.x || '' } catch {} try { s += document.cookie } catch {}"
        "s += window.name; if (s) document.body.style.background = '#00f'"
    )
    assert (pages.page(f"{HARMLESS}<script>{look}</script>", scripts=True).image == plain).all()


HUGE = {
    "a mile high": "<div style='height:100000000px;width:10px;background:#eee'></div>",
    "a mile wide": "<div style='width:100000000px;height:10px;background:#eee'></div>",
    "rows without end": "<table>" + "<tr><td>x</td></tr>" * 20_000 + "</table>",
    "nested without end": "<div>" * 50_000,
    "tables in tables": "<table><tr><td>" * 300,
    "blur without end": "<div style='filter:blur(5000px);width:3000px;height:3000px;background:#f00'>x</div>",
    "shadows without end": f"<p style='text-shadow:{','.join(['0 0 999px #000'] * 500)}'>x</p>",
    "a word without end": "<table><tr><td>" + "x" * 500_000 + "</td></tr></table>",
    "frames in frames": "<iframe srcdoc='" * 30 + "x",
    "columns without end": "<table><tr><td colspan=1000 rowspan=65534>x</td></tr></table>",
    "svg uses of uses": "<svg>"
    + '<g id="a0"><path d="M0 0h1"/></g>'
    + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 6))
    + "</svg>",
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_bounded(name, pages, plain):
    render = pages.table(HUGE[name], seconds=2)
    assert isinstance(render.status, RenderStatus)
    if render.image is not None:
        assert render.image.shape[0] * render.image.shape[1] <= 50_000_000
    assert render.seconds < 60
    assert (pages.page(HARMLESS).image == plain).all()


def test_ten_thousand_frames_are_ended(pages, plain):
    render = pages.page(HARMLESS + "<iframe></iframe>" * 10_000, seconds=2)
    assert render.status is RenderStatus.TIMEOUT, render
    assert (pages.page(HARMLESS).image == plain).all()


@pytest.mark.parametrize("side", [20_000, 60_000])
@pytest.mark.parametrize(
    "quoted", ["<img src='{}'>", '<p style="background:url({})">x', "<img src={} alt=x>"]
)
def test_a_picture_that_is_a_bomb_is_refused(side, quoted, pages, plain):
    render = pages.page(HARMLESS + quoted.format(bomb(side)))
    assert render.status is RenderStatus.REFUSED
    assert "pixels" in render.log
    assert (pages.page(HARMLESS).image == plain).all()


BOMB = bomb(7_200)  # just more than is allowed
FILE = b64decode(BOMB.partition(",")[2])
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
DRAWN = f"{SVG}<image href='{BOMB}' width='9' height='9'/></svg>"


def css(text: str) -> str:
    return "".join(rf"\{ord(letter):x} " for letter in text[:8]) + text[8:]


# the same picture, as an address may be written in HTML
WRITTEN = {
    "plainly": BOMB,
    "in capitals": BOMB.replace("data:image/png", "DATA:IMAGE/PNG"),
    "with entities": "".join(f"&#{ord(letter)};" for letter in BOMB[:12]) + BOMB[12:],
    "with a named entity": BOMB.replace(":", "&colon;", 1),
    "with a tab": BOMB.replace("data", "da\tta", 1),
    "with a line break": BOMB.replace("data", "da\nta", 1),
    "with an entity for a tab": BOMB.replace("data", "da&Tab;ta", 1),
    "with spaces around": f"  {BOMB}  ",
    "with spaces inside": BOMB[:60] + " " + BOMB[60:],
    "with line breaks inside": "\n".join(BOMB[start : start + 76] for start in range(0, len(BOMB), 76)),
    "percent-encoded": "data:image/png," + quote_from_bytes(FILE),
    "base64, percent-encoded": BOMB.replace("A", "%41").replace("+", "%2B"),
    "without a media type": BOMB.replace("image/png", ""),
    "as text": BOMB.replace("image/png", "text/plain"),
    "as another picture": BOMB.replace("image/png", "image/jpeg"),
    "with a parameter": BOMB.replace("image/png", "image/png;a=b;charset=x"),
    "in a drawing": "data:image/svg+xml," + quote(DRAWN),
    "in a packed drawing": "data:image/svg+xml;base64," + b64encode(DRAWN.encode()).decode(),
    "in a drawing, with entities": "data:image/svg+xml;base64,"
    + b64encode(DRAWN.replace("data:", "&#100;ata&#58;", 1).encode()).decode(),
    "in a drawing, by an entity of its own": "data:image/svg+xml;base64,"
    + b64encode(f"<!DOCTYPE svg [<!ENTITY d 'data:'>]>{DRAWN.replace('data:', '&d;', 1)}".encode()).decode(),
    "in a drawing's style": "data:image/svg+xml;base64,"
    + b64encode(
        f"{SVG}<rect style='fill:red;mask-image:url({css(BOMB)})' width='9' height='9'/></svg>".encode()
    ).decode(),
    "in a drawing in a drawing": "data:image/svg+xml;base64,"
    + b64encode(
        DRAWN.replace(BOMB, "data:image/svg+xml;base64," + b64encode(DRAWN.encode()).decode()).encode()
    ).decode(),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_bomb_is_refused_however_it_is_written(name, pages, plain):
    render = pages.page(f'{HARMLESS}<img src="{WRITTEN[name]}" alt="">')
    assert render.status is RenderStatus.REFUSED, render
    assert "pixels" in render.log
    assert (pages.page(HARMLESS).image == plain).all()


# every way by which a picture gets into a page: @ is its address, ~ what follows on its first word
WAYS = {
    "srcset": "<img srcset='@ 1x' alt=''>",
    "a source": "<picture><source srcset='@'><img alt=''></picture>",
    "a button": "<input type=image src='@' alt=''>",
    "a drawing": "<svg width=9 height=9><image href='@' width=9 height=9 /></svg>",
    "a drawing's old attribute": "<svg width=9 height=9><image xlink:href='@' width=9 height=9 /></svg>",
    "a filter": "<svg width=9 height=9><filter id=f><feImage href='@'/></filter>"
    "<rect filter='url(#f)' width=9 height=9 /></svg>",
    "a film": "<video poster='@' width=9 height=9></video>",
    "a document inside": "<iframe srcdoc=\"<img src='@'>\"></iframe>",
    "an escaped document inside": '<iframe srcdoc="&lt;img src=&quot;d&amp;#97;ta~&quot;&gt;"></iframe>',
    "a background": "<p style='background:url(@)'>x",
    "an escaped background": "<p style='background:url(\\64 ata~)'>x",
    "a border": "<p style='border:9px solid;border-image:url(@) 1'>x",
    "a list": "<ul style='list-style-image:url(@)'><li>x</ul>",
    "a mask": "<p style='mask-image:url(@)'>x",
    "content": "<style>p::before{content:url(@)}</style><p>x",
    "a set": "<p style='background:image-set(url(@) 1x)'>x",
    "a shape": "<div style='float:left;width:9px;height:9px;shape-outside:url(@)'></div>",
    "an imported style": "<style>@import 'data:text/css,p{background:url(@)}';</style><p>x",
    "a style by an entity": "<p style='background:url(d&#97;ta~)'>x",
    "a variable": "<style>:root{--b:url(@)}p{background:var(--b)}</style><p>x",
    "a condition": "<style>@media (min-width:1px){p{background:url(@)}}</style><p>x",
    "a table's attribute": "<table background='@'><tr><td>x</table>",
    "a body's attribute": "<body background='@'>",
    "a document that is a picture": "<iframe src='@'></iframe>",
    "a pointer": "<p style='cursor:url(@),auto'>x",
    "a fade": "<p style='background:-webkit-cross-fade(url(@),url(@),50%)'>x",
    "a mask's box": "<p style='-webkit-mask-box-image:url(@)'>x",
    "a reflection": "<p style='-webkit-box-reflect:below 0 url(@)'>x",
    "an object": "<object data='@' type=image/png></object>",
    "an embedded object": "<embed src='@' type=image/png>",
    "a shadow": "<div><template shadowrootmode=open><img src='@'></template></div>",
    "a shadow's host": "<div><template shadowrootmode=open><style>:host{background:url(@)}</style>"
    "</template></div>",
    "a pattern": "<svg width=9 height=9><pattern id=p width=9 height=9><image href='@' width=9 height=9 />"
    "</pattern><rect width=9 height=9 fill='url(#p)' /></svg>",
    "a list's mark": "<style>li::marker{content:url(@)}</style><ul><li>x</ul>",
    "a nested rule": "<style>div{p &,& p{background:url(@)}}</style><div><p>x</div>",
    "a layer": "<style>@layer a{p{background:url(@)}}</style><p>x",
    "a scope": "<style>@scope (div){p{background:url(@)}}</style><div><p>x</div>",
    "a question": "<p style='background:if(media(min-width: 1px): url(@); else: none)'>x",
    "a scheme": "<p style='color-scheme:light;background:light-dark(url(@),url(@))'>x",
    "a registered property": "<style>@property --b{syntax:'<image>';inherits:true;initial-value:none}"
    "p{--b:url(@);background:var(--b)}</style><p>x",
    "a frame of a set": "<iframe srcdoc=\"<frameset><frame src='@'></frameset>\"></iframe>",
    "a formula": "<math><mi style='background:url(@)'>x</mi></math>",
    "a foreign object": "<svg width=9 height=9><foreignObject width=9 height=9><img src='@'>"
    "</foreignObject></svg>",
    "sizes": "<img sizes=100vw srcset='@ 100w'>",
}


@pytest.mark.parametrize("name", WAYS)
def test_a_bomb_is_refused_however_it_gets_in(name, pages, plain):
    code = re.sub(r"@(?!import|media|layer|scope|property)", lambda _: BOMB, WAYS[name]).replace(
        "~", BOMB.removeprefix("data")
    )
    assert pages.page(HARMLESS + code).status is RenderStatus.REFUSED
    assert (pages.page(HARMLESS).image == plain).all()


# a table's window grows with it, and then shows more
LATER = {
    "a higher window": "<style>@media (min-height:1500px){p{background:url(@)}}</style>",
    "a larger element": "<style>main{container-type:size;height:100vh}"
    "@container (min-height:1500px){p{background:url(@)}}</style><main><p>x</main>",
    "a source of its own": "<picture><source media='(min-height:1500px)' srcset='@'><img alt=''></picture>",
}


@pytest.mark.parametrize("name", LATER)
def test_a_bomb_that_only_a_larger_window_shows_is_refused(name, pages, plain):
    code = re.sub(r"@(?!media|container)", lambda _: BOMB, LATER[name])
    assert pages.table(f"<div style='height:5000px'></div><p>x</p>{code}").status is RenderStatus.REFUSED
    assert (pages.page(HARMLESS).image == plain).all()


# what fills memory, whatever it is: with scripts, and without
FILLING = {
    "arrays": "<script>let x = []; for (;;) x.push(new Array(1e6).fill(1.5))</script>",
    "buffers": "<script>let x = []; setInterval(() => x.push(new Uint8Array(1e8).fill(1)), 5);"
    "while (performance.now() < 5000);</script>",
    "elements": "<script>for (;;) document.documentElement.append(document.createElement('p'))</script>",
    "a picture": f"<img src='{bomb(6900)}'>",
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
@pytest.mark.parametrize("name", FILLING)
def test_what_fills_memory_is_ended_and_refused(name, pages, plain, monkeypatch):
    monkeypatch.setattr("renderers.browser_memory.MOST_HELD", 150 << 20)
    # a picture is decoded, drawn and let go within a quarter of a second: close looks let none slip by
    monkeypatch.setattr("renderers.browser_memory._FIRST_LOOK", 0)
    monkeypatch.setattr("renderers.browser_memory._LOOK_EVERY", 0.01)
    render = pages.page(HARMLESS + FILLING[name], scripts="<script>" in FILLING[name], seconds=30)
    assert render.status is RenderStatus.REFUSED, render
    assert "memory" in render.log
    assert (pages.page(HARMLESS).image == plain).all()


# an element with the name of a property hides it from our own scripts
NAMED = (
    "createRange",
    "images",
    "readyState",
    "body",
    "documentElement",
    "activeElement",
    "getAnimations",
    "querySelectorAll",
    "scrollWidth",
    "defaultView",
    "every",
    "length",
    "prototype",
    "blur",
    "URL",
    "contentDocument",
    "srcdoc",
)


@pytest.mark.parametrize("element", ["form", "img", "iframe", "embed", "object"])
def test_named_elements_stand_in_nobody_s_way(element, pages):
    named = "".join(f"<{element} name={name} id={name} hidden></{element}>" for name in NAMED)
    render = pages.table(f"{named}<table><tr><td>x</td></tr></table>")
    assert render.ok, render
    assert render.seconds < 10


COLOURS = "<style>@keyframes a{from{background:red}to{background:blue}}body{animation:a 1s infinite}</style>x"
MOVED = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='60'><style>@keyframes a{from{fill:red}"
    "to{fill:blue}}rect{animation:a .3s infinite}</style><rect width='60' height='60'/></svg>"
)


def frames(form: str) -> str:
    """A picture of three frames."""
    buffer = io.BytesIO()
    first, *others = (PILImage.new("RGB", (60, 60), colour) for colour in ("red", "blue", "white"))
    first.save(buffer, form, save_all=True, append_images=others, duration=30, loop=0)
    return f"data:image/{form.lower()};base64,{b64encode(buffer.getvalue()).decode()}"


MOVING = {
    "for ever": COLOURS,
    "once": "<style>@keyframes a{from{opacity:0}to{opacity:1}}p{animation:a 3s 1s both}</style><p>x",
    "by a transition": "<style>p{transition:all 9s;color:red}p:first-child{color:blue}</style><p>x",
    "in a frame": f'<iframe srcdoc="{COLOURS}"></iframe>',
    "in a drawing": "<svg><rect width=9 height=90><animate attributeName=width values='0;90' dur=1s "
    "repeatCount=indefinite /></rect></svg>",
    "in a picture": f'<img src="data:image/svg+xml,{quote(MOVED)}">',
    "in a picture, written out": f'<img src="data:image/svg+xml;utf8,{MOVED}">',
    "in a packed picture": f"<img src='data:image/svg+xml;base64,{b64encode(MOVED.encode()).decode()}'>",
    "in a background": f'<p style="background:url(data:image/svg+xml,{quote(MOVED)})">x',
    "in frames of a picture": f"<img src='{frames('GIF')}'><img src='{frames('PNG')}'>",
    "by scrolling": "<style>@keyframes a{to{background:red}}div{height:3000px;animation:a linear;"
    "animation-timeline:scroll()}</style><div>x</div>",
    "by a registered property": "<style>@property --x{syntax:'<number>';inherits:true;initial-value:0}"
    "@keyframes a{to{--x:90}}p{animation:a 1s infinite;width:calc(var(--x)*1px);background:red}</style><p>x",
    "from a starting style": "<style>p{transition:opacity 2s;@starting-style{opacity:0}}</style><p>x",
    "in a shadow": "<div><template shadowrootmode=open><style>@keyframes a{to{width:90px}}"
    "p{background:red;width:0;animation:a .5s infinite}</style><p>x</template></div>",
    "far in time": "<style>@keyframes a{to{margin-left:90px}}p{animation:a 1e9s -5e8s steps(7) infinite}"
    "</style><p>x",
    "along a path": "<svg width=90 height=90><rect width=9 height=9><animateMotion path='M0 0L80 80' "
    "dur='.4s' repeatCount=indefinite /></rect></svg>",
    "a bar without a value": "<progress></progress>",
    "a focus": "<input autofocus><p>x",
    "a focus in a frame": "<iframe srcdoc='<input autofocus>'></iframe>",
    "a focus in a frame's frame": "<iframe srcdoc=\"<iframe srcdoc='<textarea autofocus>x</textarea>'>"
    '</iframe>"></iframe>',
    "a focus by data": "<iframe src='data:text/html,<input autofocus>'></iframe>",
    "a focus in a shadow": "<div><template shadowrootmode=open><input autofocus></template></div>",
    "a focus in a closed shadow": "<div><template shadowrootmode=closed><input autofocus></template></div>",
    "a focus by an element's name": "<form autofocus tabindex=0><button autofocus name=setAttribute>a"
    "</button><input name=blur></form>",
    "a picture that comes late": "x<div style='height:1150px'></div>"
    f"<img loading=lazy src='{frames('PNG')}'>",
    "a frame that comes late": "x<div style='height:9150px'></div><iframe loading=lazy srcdoc='x'></iframe>",
    "a frame's picture": f'<iframe srcdoc="<img src={frames("PNG")}>"></iframe>',
    "a focus far down": "<p>x<div style='height:9000px'></div><input autofocus>",
    "a ticker": "<marquee>x y z</marquee>",
    "a refresh": "<meta http-equiv=refresh content=0><p>x",
    "a hidden refresh": "<META\nhttp-equiv='&#114;efresh' content='0;url=about:blank'><p>x",
    "a refresh in a frame": "<iframe srcdoc='<meta http-equiv=refresh content=0>x'></iframe>",
    "a refresh after a comment": "<!-- <meta --><meta content='0' http-equiv='REFRESH'><p>x",
}


@pytest.mark.parametrize("name", MOVING)
def test_what_moves_is_the_same_picture_each_time(name, pages):
    first, second, third = (pages.page(MOVING[name]) for _ in range(3))
    assert first.image is not None, first
    assert (first.image == second.image).all()
    assert (first.image == third.image).all()


def test_a_long_document_of_odd_addresses_holds_nobody_up(pages):
    started = time.process_time()
    for document in (
        "data:image/,AAAA " * 200_000,
        "&#100;" * 500_000,
        "\\64 " * 700_000,
        "<meta refresh " * 200_000,
        "data:image/svg+xml," * 200_000,
        "data:image/svg+xml;base64," * 200_000,
    ):
        plain = plainly(document)
        brings_data(plain)
        without_refresh(document, plain)
        with_still_drawings(document, plain)
    pixels_of("data:image/svg+xml," + "data:image/," * 100_000)
    pixels_of("data:image/svg+xml,<svg a='" + "data:," * 300_000 + "'/>")
    assert time.process_time() - started < 20


def test_a_document_too_long_is_refused(pages):
    assert pages.page("x" * 20_000_001).status is RenderStatus.REFUSED


@pytest.mark.parametrize(
    "code",
    [
        "[" * 20_000,
        "|" * 20_000,
        "> " * 5_000 + "x",
        "*a " * 20_000,
        "| a |\n|-|\n" + "| x |\n" * 3_000,
        "<script>",
    ],
    ids=["brackets", "bars", "quotes", "stars", "rows", "markup"],
)
def test_markdown_is_bounded(code, pages, plain):
    render = pages.table(code, Language.MARKDOWN)
    assert isinstance(render.status, RenderStatus)
    assert render.seconds < 60
    assert (pages.page(HARMLESS).image == plain).all()


def test_pictures_inside_are_drawn(pages):
    png = b64encode(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c4944415408d763f8cfc00000030101005a4d7ff10000000049454e44ae426082"
        )
    ).decode()
    render = pages.page(f"<body style='margin:0'><img width=50 height=50 src='data:image/png;base64,{png}'>")
    assert render.ok
    assert not np.array_equal(render.image[10, 10], [255, 255, 255])


def test_the_browser_has_no_network_where_that_is_to_be_had(pages, plain, offered):
    if offered is not Level.FULL:
        pytest.skip(f"this machine offers isolation level {offered}")
    confinement = pages.browser.confinement
    assert not confinement.network
    assert confinement.sandbox


def test_a_killed_browser_is_replaced(pages, plain):
    def browsers() -> list[int]:
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True
        ).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        mine, grew = {os.getpid()}, True
        while grew:
            new = {int(pid) for pid, parent, _ in rows if int(parent) in mine} - mine
            mine, grew = mine | new, bool(new)
        return [int(pid) for pid, _, name in rows if int(pid) in mine and "--remote-debugging-pipe" in name]

    for process in browsers():
        with suppress(ProcessLookupError):  # a helper process ends with the browser it belongs to
            os.kill(process, signal.SIGKILL)
    assert (pages.page(HARMLESS).image == plain).all()


def test_good_documents_are_drawn_beside_bad_ones(pages, plain):
    async def together():
        from renderers.page import PageRenderer
        from renderers.types import Size

        good = PageRenderer(pages.browser)
        bad = PageRenderer(pages.browser, 2.0, scripts=True)
        loop = f"{HARMLESS}<script>while (true) {{}}</script>"
        jobs = [bad.render(loop, Language.HTML, Size(200, 100))]
        jobs += [good.render(HARMLESS, Language.HTML, Size(200, 100)) for _ in range(6)]
        return await asyncio.gather(*jobs)

    bad, *good = pages.run(together())
    assert not bad.ok
    assert all(render.ok and (render.image == plain).all() for render in good)
