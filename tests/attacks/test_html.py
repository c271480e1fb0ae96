"""Attacks by HTML: what leads outside, what runs, what is left behind, and what is huge to draw."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import zlib
from base64 import b64encode
from contextlib import suppress

import numpy as np
import pytest

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
    render = pages.page(f"{HARMLESS}<script>{ENDLESS[name]}</script>", scripts=True, seconds=2)
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
    "columns without end": "<table><tr><td colspan=1000 rowspan=65534>x</td></tr></table>",
    "svg uses of uses": "<svg>"
    + '<g id="a0"><path d="M0 0h1"/></g>'
    + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 6))
    + "</svg>",
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_bounded(name, pages, plain):
    render = pages.table(HUGE[name])
    assert isinstance(render.status, RenderStatus)
    if render.image is not None:
        assert render.image.shape[0] * render.image.shape[1] <= 50_000_000
    assert render.seconds < 60
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
