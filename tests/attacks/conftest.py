"""What the attacks are run against, and what would show that one got through."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from renderers.browser import Browser
from renderers.chart import ChartRenderer
from renderers.isolation import Layer, Level, Policy, probe
from renderers.page import PageRenderer
from renderers.pictures import digest
from renderers.svg import SvgRenderer
from renderers.table import TableRenderer
from renderers.types import Language, Render, Size

SECRET = "the-secret-that-must-not-get-out"
HARMLESS = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.savefig('chart.png')\n"
LAYERS = {
    Level.FULL: frozenset(Layer),
    Level.PARTIAL: frozenset({Layer.LANDLOCK, Layer.SECCOMP, Layer.LIMITS}),
}


@dataclass
class Bait:
    """Things outside that an attack may reach for, and whether one did."""

    folder: Path
    tcp: int
    udp: int
    reached: list[str] = field(default_factory=list)
    content: list[Path] = field(default_factory=list)

    @property
    def secret(self) -> Path:
        return self.folder / "secret.txt"

    @property
    def target(self) -> Path:
        """Nothing may ever write this file."""
        return self.folder / "written.txt"

    @property
    def unix(self) -> Path:
        return self.folder / "socket"

    def fill(self, code: str) -> str:
        """Put the addresses in: @TCP, @UDP, @UNIX, @SECRET, @TARGET, @FOLDER, @PID, @REPOSITORY."""
        names: dict[str, object] = {
            "@TCP": self.tcp, "@UDP": self.udp, "@UNIX": self.unix, "@SECRET": self.secret,
            "@TARGET": self.target, "@FOLDER": self.folder, "@PID": os.getpid(),
            "@REPOSITORY": Path(__file__).resolve().parents[2],
        }  # fmt: skip
        for name, value in names.items():
            code = code.replace(name, str(value))
        return code

    def untouched(self) -> bool:
        known = self.secret.stat().st_mode & 0o777 == 0o644 and self.secret.stat().st_mtime == 1e9
        return known and not self.reached and sorted(self.folder.iterdir()) == self.content and self._intact()

    def _intact(self) -> bool:
        return not self.target.exists() and self.secret.read_text() == SECRET


def _listen(kind: int, address: object, family: int, bait: Bait, name: str) -> socket.socket:
    listener = socket.socket(family, kind)
    listener.bind(address)  # type: ignore[arg-type]
    if kind == socket.SOCK_STREAM:
        listener.listen()

    def wait() -> None:
        while True:
            try:
                if kind == socket.SOCK_STREAM:
                    connection, _ = listener.accept()
                    connection.close()
                else:
                    listener.recv(100)
            except OSError:
                return
            bait.reached.append(name)

    threading.Thread(target=wait, daemon=True).start()
    return listener


@pytest.fixture(scope="session")
def bait_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bait]:
    folder = tmp_path_factory.mktemp("outside")
    folder.chmod(0o777)
    bait = Bait(folder, 0, 0)
    bait.secret.write_text(SECRET)
    bait.secret.chmod(0o644)
    os.utime(bait.secret, (1e9, 1e9))
    listeners = [
        _listen(socket.SOCK_STREAM, ("127.0.0.1", 0), socket.AF_INET, bait, "tcp"),
        _listen(socket.SOCK_DGRAM, ("127.0.0.1", 0), socket.AF_INET, bait, "udp"),
        _listen(socket.SOCK_STREAM, str(bait.unix), socket.AF_UNIX, bait, "unix"),
        _listen(socket.SOCK_STREAM, f"\0lookalike-{os.getpid()}", socket.AF_UNIX, bait, "abstract"),
    ]
    bait.tcp, bait.udp = listeners[0].getsockname()[1], listeners[1].getsockname()[1]
    bait.unix.chmod(0o777)
    bait.content = sorted(folder.iterdir())
    yield bait
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR) if listener.type == socket.SOCK_STREAM else None
        listener.close()


@pytest.fixture
def bait(bait_once: Bait) -> Bait:
    bait_once.reached.clear()
    bait_once.target.unlink(missing_ok=True)
    return bait_once


@pytest.fixture(scope="session")
def offered() -> Level:
    """The level that this machine offers."""
    return probe().level


@pytest.fixture(scope="session")
def run() -> Iterator[Callable[[Awaitable[Render]], Render]]:
    """Run something asynchronous, always in the same loop."""
    with asyncio.Runner() as runner:

        async def waiting(work: Awaitable[Render]) -> Render:
            return await work

        yield lambda work: runner.run(waiting(work))


class Charts:
    """A chart renderer behind a wall of one level, and its health."""

    def __init__(self, level: Level, run: Callable[[Awaitable[Render]], Render], seconds: float) -> None:
        self._run = run
        # one renderer for what ends by itself, an impatient one for what does not
        self.patient = ChartRenderer(60.0, 2, Policy(level, LAYERS[level]))
        self.impatient = ChartRenderer(seconds, 2, Policy(level, LAYERS[level]))
        self._picture = digest(self._harmless(self.patient))

    def _harmless(self, renderer: ChartRenderer) -> object:
        render = self._run(self.patient.render(HARMLESS, Language.PYTHON, Size(320, 240)))
        assert render.ok, render.log
        return render.image

    def attack(self, code: str, *, endless: bool = False) -> Render:
        renderer = self.impatient if endless else self.patient
        return self._run(renderer.render(code, Language.PYTHON, Size(320, 240)))

    def serves(self) -> bool:
        """Whether a harmless chart is still drawn, and to the same pixels."""
        return digest(self._harmless(self.patient)) == self._picture


def _behind(level: Level, offered: Level, run: Callable[[Awaitable[Render]], Render]) -> Iterator[Charts]:
    if level is Level.NONE or offered.strength < level.strength:
        pytest.skip(f"this machine offers isolation level {offered}")
    os.environ["LOOKALIKE_TEST_SECRET"] = SECRET
    charts = Charts(level, run, seconds=1.0)
    yield charts
    os.environ.pop("LOOKALIKE_TEST_SECRET", None)
    with asyncio.Runner() as runner:
        runner.run(charts.patient.aclose())
        runner.run(charts.impatient.aclose())


@pytest.fixture(scope="session", params=[Level.FULL, Level.PARTIAL])
def charts(
    request: pytest.FixtureRequest, offered: Level, run: Callable[[Awaitable[Render]], Render]
) -> Iterator[Charts]:
    """Behind each level in turn."""
    yield from _behind(request.param, offered, run)


@pytest.fixture(scope="session")
def best(offered: Level, run: Callable[[Awaitable[Render]], Render]) -> Iterator[Charts]:
    """Behind the best that the machine offers, for what does not depend on the level."""
    yield from _behind(offered, offered, run)


class Drawings:
    """An SVG renderer; what is heavy has less time, so that a test of what has no end ends."""

    def __init__(self, run: Callable[[Awaitable[Render]], Render]) -> None:
        self._run = run
        self.renderer = SvgRenderer(workers=1)

    def __call__(self, code: str, seconds: float = 60.0) -> Render:
        self.renderer._seconds = seconds
        return self._run(self.renderer.render(code, Language.SVG, Size(64, 64)))


@pytest.fixture(scope="session")
def svg(offered: Level, run: Callable[[Awaitable[Render]], Render]) -> Iterator[Drawings]:
    drawings = Drawings(run)
    yield drawings
    with asyncio.Runner() as runner:
        runner.run(drawings.renderer.aclose())


@dataclass
class Pages:
    """Documents drawn with scripts off and on, and tables."""

    run: Callable[[Awaitable[Render]], Render]
    browser: Browser

    def page(self, html: str, scripts: bool = False, seconds: float = 15.0) -> Render:
        renderer = PageRenderer(self.browser, seconds, scripts)
        return self.run(renderer.render(html, Language.HTML, Size(200, 100)))

    def table(self, code: str, language: Language = Language.HTML, seconds: float = 15.0) -> Render:
        return self.run(TableRenderer(self.browser, seconds).render(code, language))


@pytest.fixture(scope="session")
def pages(run: Callable[[Awaitable[Render]], Render]) -> Iterator[Pages]:
    browser = Browser()
    yield Pages(run, browser)

    async def close() -> Render:
        await browser.aclose()
        return Render.__new__(Render)

    run(close())
