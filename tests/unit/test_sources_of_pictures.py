"""Pictures from wherever people have them: HEIC and AVIF, frames, drawings, pages, and addresses."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image
from typer.testing import CliRunner

from agent.cli import app
from agent.commands.inputs import name_of, read_laid, stem_of
from agent.commands.parts import Part, Wanted, parts_of
from agent.documents.drawn import size_in
from agent.documents.region import wholes_of
from agent.errors import InputError
from agent.sources import to_laid, to_pixels
from renderers import pictures
from renderers.errors import PictureError
from renderers.pictures import load_picture
from renderers.types import Kind

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAHUAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAH1tZGF0AAAAcSgBrwngOSMkv//6Mb//+EaeQ/a5hcF//g8Wff4V"
    "/n/+ze9RXZWFbILbD0Opm8R2/qm/EqRhs0lk1uPxAzLY2gjY37MO7eK5BhNXY9wvM5r6IBgHij0hse84jiQ9+d7o0P4za2n34T+L"
    "/A4yy2T7lHcC"
)
"""64 x 48 pixels, the left half red and the right one blue, as pillow-heif 1.8 writes them."""

RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves() -> Image.Image:
    picture = Image.new("RGB", (64, 48), RED)
    picture.paste(BLUE, (32, 0, 64, 48))
    return picture


def is_halves(pixels: np.ndarray) -> bool:
    apart = np.abs(pixels.astype(int) - np.asarray(halves()).astype(int))
    return pixels.shape == (48, 64, 3) and bool((apart[:, [*range(28), *range(36, 64)]] < 12).all())


def test_what_telephones_and_browsers_write_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    avif = io.BytesIO()
    halves().save(avif, "AVIF", quality=90)
    assert is_halves(load_picture(HEIC)) and is_halves(load_picture(avif.getvalue()))
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    monkeypatch.delitem(Image.OPEN, "HEIF", raising=False)
    pictures._formats.cache_clear()
    try:
        with pytest.raises(PictureError, match=r"photo.heic: a HEIC picture needs pi-heif: pip install"):
            load_picture(HEIC, "photo.heic")
    finally:
        monkeypatch.undo()
        pictures._formats.cache_clear()


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tiff"])
def test_frames_are_chosen_as_pages_are(
    tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"moving.{ending}"
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE, (30, 200, 30))]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], **({"lossless": True} if ending == "webp" else {})
    )
    chosen = wholes_of(path, "2-")
    assert [(one.name, one.folder) for one in chosen] == [
        (f"moving.{ending}, frame 2", "moving-frame-2"),
        (f"moving.{ending}, frame 3", "moving-frame-3"),
    ]
    for one, colour in zip(chosen, (BLUE, (30, 200, 30)), strict=True):
        assert np.abs(to_pixels(one)[10, 10].astype(int) - colour).max() < 4
    assert np.abs(read_laid(str(path)).pixels[10, 10].astype(int) - RED).max() < 4
    assert "has 3 frames, of which the first is taken; --pages takes others" in capsys.readouterr().err
    with pytest.raises(InputError, match="has frames 1 to 3"):
        wholes_of(path, "4")


def test_one_picture_has_no_frames_to_choose(tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    halves().save(path)
    done = CliRunner().invoke(app, ["refine", str(path), "--pages", "2", "-o", str(tmp_path / "out")])
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1
    assert "is one picture; PDF files have pages, animations frames" in done.stderr


DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 48">'
    b'<rect width="32" height="48" fill="#c81e1e"/></svg>'
)


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b'viewBox="0 0 24 24"', (336, 336)),  # an icon, drawn larger
        (b'width="640" height="400"', (640, 400)),
        (b'width="8in" viewBox="0 0 4 3"', (768, 576)),
        (b'width="100%" height="100%" viewBox="0 0 800 600"', (800, 600)),
        (b'width="9000" height="4500"', (2000, 1000)),
        (b'width="0" height="nan" viewBox="0 0 inf 1"', (336, 168)),  # as where nothing is said
    ],
)
def test_a_drawing_is_as_large_as_it_says(head: bytes, size: tuple[int, int]) -> None:
    drawn = size_in(b'<svg xmlns="http://www.w3.org/2000/svg" ' + head + b"/>", "a.svg")
    assert (drawn.width, drawn.height) == size


def test_a_drawing_is_a_picture_too(tmp_path: Path) -> None:
    for name, content in (("a.svg", DRAWING), ("b.svgz", gzip.compress(DRAWING))):
        (tmp_path / name).write_bytes(content)
        pixels = to_laid(str(tmp_path / name)).pixels
        assert pixels.shape == (252, 336, 3)
        assert tuple(pixels[100, 80]) == RED and tuple(pixels[100, 250]) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"not xml", b"<html/>", b"\x1f\x8b\x08damaged", DRAWING[:60]])
def test_what_is_no_drawing_is_told_in_a_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.svg"
    path.write_bytes(content)
    done = CliRunner().invoke(app, ["refine", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1 and "bad.svg" in done.stderr


def test_a_page_is_a_picture_where_pages_are_asked_for(tmp_path: Path) -> None:
    with PdfPages(tmp_path / "two.pdf") as document:
        for _ in range(2):
            figure = Figure(figsize=(4, 3))
            figure.text(0.2, 0.5, "Hello", size=30)
            document.savefig(figure)

    async def parts(**wanted: Any) -> list[Part]:
        return [one async for one in parts_of(None, [str(tmp_path / "two.pdf")], Wanted(**wanted))]  # type: ignore[arg-type]

    found = asyncio.run(parts(kind=Kind.PAGE, pages="2"))
    assert [(one.name, one.folder) for one in found] == [("two.pdf, page 2", "two-page-2")]
    region = found[0].region
    assert region is not None and region.to_json()["box"] == [0.0, 0.0, 288.0, 216.0]
    assert region.load().pixels.shape[:2] == (432, 576)
    assert [line.text for line in region.load().lines] == ["Hello"]
    assert len(asyncio.run(parts(kind=Kind.PAGE))) == 2


class Shop(BaseHTTPRequestHandler):
    """Hands out what it was given, by path."""

    def __init__(self, goods: dict[str, tuple[int, bytes]], *arguments: Any) -> None:
        self.goods = goods
        super().__init__(*arguments)

    def do_GET(self) -> None:
        status, content = self.goods.get(self.path, (404, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", content.decode())
            content = b""
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    png = io.BytesIO()
    halves().save(png, "PNG")
    goods = {
        "/a%20chart.png?size=2": (200, png.getvalue()),
        "/moved": (302, b"/a%20chart.png?size=2"),
        "/away": (302, b"file:///etc/passwd"),
        "/words": (200, b"no picture"),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shop, goods))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_is_fetched_and_named(shop: str) -> None:
    address = f"{shop}/a%20chart.png?size=2"
    assert is_halves(read_laid(address).pixels) and is_halves(read_laid(f"{shop}/moved").pixels)
    assert (name_of(address), stem_of(address)) == ("a chart.png", "a chart")


def test_nothing_is_fetched_unasked(shop: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["refine", f"{shop}/moved", "-o", str(tmp_path / "out")])
    assert done.exit_code == 2 and "is an address; --allow-download has it fetched" in done.stderr


@pytest.mark.parametrize("path", ["/none", "/words", "/away"])
def test_what_cannot_be_fetched_is_told_in_a_line(shop: str, tmp_path: Path, path: str) -> None:
    done = CliRunner().invoke(app, ["refine", shop + path, "--allow-download", "-o", str(tmp_path / "out")])
    assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1 and shop + path in done.stderr
