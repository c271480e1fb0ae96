"""A page that is compared reaches this machine alone, by whatever way it tries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from agent.mcp.live import screenshot
from agent.mcp.roots import Roots
from renderers.types import Size

pytestmark = pytest.mark.anyio
WINDOW = Size(200, 100)
ELSEWHERE = "0.0.0.0"
"""No loopback address by its name, though it leads to this machine: what comes there has got out."""
WAYS = """<body style="background:#fff"><img src="/to/img"><link rel="stylesheet" href="/to/style">
<iframe src="/to/frame"></iframe><link rel="preload" as="fetch" href="http://{0}/preload">
<img src="http://{0}/direct"><script>
fetch("/to/fetch", {{mode: "no-cors"}}).catch(() => 0); navigator.sendBeacon("http://{0}/beacon", "x");
new WebSocket("ws://{0}/socket"); new Worker("/to/worker");
</script>"""


class Site(ThreadingHTTPServer):
    """A server whose addresses under ``/to`` redirect elsewhere.

    Attributes:
        reached: What was asked for elsewhere.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reached: list[str] = []

    @property
    def elsewhere(self) -> str:
        return f"{ELSEWHERE}:{self.server_address[1]}"

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.headers["host"].startswith(ELSEWHERE):
            self.server.reached.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", f"http://{self.server.elsewhere}/got{self.path}")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(WAYS.format(self.server.elsewhere).encode() if self.path == "/ways" else b"<p>there")

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


async def test_a_redirection_off_this_machine_is_refused(site: Site, tmp_path: Path) -> None:
    roots = Roots.of([tmp_path])
    with pytest.raises(ToolError, match="cannot be shown"):
        await screenshot(f"{site.here}/to/page", WINDOW, roots, anywhere=False)
    assert site.reached == []
    await screenshot(f"{site.here}/to/page", WINDOW, roots, anywhere=True)
    assert site.reached == ["/got/to/page"], "it is a way out, where it is allowed"


async def test_what_a_page_loads_comes_from_this_machine(site: Site, tmp_path: Path) -> None:
    roots = Roots.of([tmp_path])
    shown = await screenshot(f"{site.here}/ways", WINDOW, roots, anywhere=False)
    assert shown.shape[1] >= WINDOW.width, "the page is shown without it"
    assert site.reached == []
    await screenshot(f"{site.here}/ways", WINDOW, roots, anywhere=True)
    assert {"/direct", "/got/to/img"} <= set(site.reached)


async def test_a_file_shows_files_under_the_roots_alone(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><rect width="999" height="999" fill="red"/></svg>'
    )
    page = tmp_path / "root" / "page.html"
    page.write_text(
        '<body style="margin:0;background:#fff"><img src="../secret.svg" width="200" height="90">'
    )
    allowed = await screenshot("page.html", WINDOW, Roots.of([page.parent, tmp_path]), anywhere=False)
    refused = await screenshot("page.html", WINDOW, Roots.of([page.parent]), anywhere=False)
    assert (allowed[40, 40] == (255, 0, 0)).all() and (refused[40, 40] == (255, 255, 255)).all()
