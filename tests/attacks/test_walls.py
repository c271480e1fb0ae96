"""What stands around a chart's process, seen from outside; as root, and as an ordinary user."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from renderers.chart import ChartRenderer
from renderers.isolation import Level, Policy
from renderers.types import Language

ROOT = Path(__file__).resolve().parents[2]
CHART = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\n"
NAMESPACES = ("user", "mnt", "pid", "net", "ipc", "uts")


def children(process: int) -> list[int]:
    below = []
    for task in Path(f"/proc/{process}/task").iterdir():
        below += [int(name) for name in (task / "children").read_text().split()]
    return below


def waiting_below(process: int) -> list[int]:
    """The fork server waits for itself in its own process tree; below that children wait for their jobs."""
    below = [process]
    while len(below) == 1 and (lower := children(below[0])):
        below = lower
    return below


def status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.fixture
def waiting(offered):
    """The children below the fork server behind their walls, and a way to draw a chart.

    The oldest may be the one that drew, just ending; the newest waits for its chart.
    """
    if offered is not Level.FULL:
        pytest.skip(f"this machine offers isolation level {offered}")
    with asyncio.Runner() as runner:
        renderer = ChartRenderer(60.0, policy=Policy(Level.FULL))

        def draw():
            return runner.run(renderer.render(CHART, Language.PYTHON))

        assert draw().ok
        below, deadline = [], time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                below = waiting_below(renderer._pool._server.process.pid)
                if len(below) > 1 and all(status(child)["Seccomp"] == "2" for child in below):
                    break
            except (OSError, ValueError):  # the one before it is just ending
                pass
            time.sleep(0.02)
        yield below, draw
        runner.run(renderer.aclose())


def test_a_chart_has_namespaces_of_its_own_and_no_rights(waiting):
    (*_, child), _ = waiting
    shown = status(child)
    assert shown["NoNewPrivs"] == "1"
    assert shown["Seccomp"] == "2"
    assert {shown[name].strip("0") for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {""}
    assert shown["Uid"].split()[0] != "0"
    assert len(shown["NSpid"].split()) > 1
    if os.geteuid() == 0:
        for name in NAMESPACES:
            own, its = (Path(f"/proc/{which}/ns/{name}").readlink() for which in ("self", child))
            assert own != its


def test_children_lost_while_they_wait_are_replaced(waiting):
    below, draw = waiting
    for child in below:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, 9)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{child}").exists() for child in below) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert draw().ok


AS_SOMEBODY = """
import asyncio, json, os
from renderers import Kind, Language, Renderers, Size
from renderers.isolation import probe

ATTACK = '''
import os, sys
for path in ("/etc/passwd", "@HOME/secret.txt"):
    try:
        print("BREACH", open(path).read())
    except OSError as error:
        print("HELD", error)
try:
    print("BREACH", sys.modules["importlib"].import_module("socket").socket())
except OSError as error:
    print("HELD", error)
import matplotlib.pyplot as plt
plt.plot([1, 3, 2])
'''.replace("@HOME", os.environ["HOME"])
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'

async def main():
    async with Renderers() as renderers:
        chart = await renderers.render(Kind.CHART, ATTACK, Language.PYTHON, Size(320, 240))
        icon = await renderers.render(Kind.SVG, SVG, Language.SVG, Size(64, 64))
    return {"user": os.getuid(), "level": probe().level, "chart": chart.status, "log": chart.log,
            "icon": icon.status, "note": icon.log}

told = asyncio.run(main())
print(json.dumps(told))
"""


AS_ROOT = """
import os, sys
from pathlib import Path
from renderers.isolation.linux import MountFlag, New, mount, unshare

user, home, root, *needed = sys.argv[1:]
bind = MountFlag.BIND | MountFlag.RECURSIVE
unshare(New.MOUNT)
mount("", "/", flags=MountFlag.RECURSIVE | MountFlag.PRIVATE)
for path in map(Path, needed):
    closed = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001]
    if closed:  # only this is shown of a folder where nobody else may go
        shown = Path(home, "shown")
        shown.mkdir(exist_ok=True)
        mount(str(path), str(shown), flags=bind)
        mount("tmpfs", str(closed[0]), "tmpfs", options="mode=755")
        path.mkdir(parents=True)
        mount(str(shown), str(path), flags=bind)
os.chown(home, int(user), int(user))
os.chdir(root)
os.setgroups([])
os.setresgid(*[int(user)] * 3)
os.setresuid(*[int(user)] * 3)
os.execv(sys.executable, [sys.executable, "-B", "-c", sys.stdin.read()])
"""


AS_THE_ONLY_USER = """
import os, sys
from pathlib import Path
from renderers.isolation.linux import New, unshare

user, group = os.getuid(), os.getgid()
unshare(New.USER)
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"0 {user} 1")
Path("/proc/self/gid_map").write_text(f"0 {group} 1")
os.execv(sys.executable, [sys.executable, "-B", "-c", sys.stdin.read()])
"""


@contextlib.contextmanager
def home():
    folder = Path(tempfile.mkdtemp(prefix="lookalike-test-", dir="/var/tmp"))
    (folder / "secret.txt").write_text("secret")
    yield folder
    shutil.rmtree(folder)


def told_by(command, folder):
    environment = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    done = subprocess.run(
        command, input=AS_SOMEBODY, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    if "PermissionError" in done.stderr and "unshare" in done.stderr:
        pytest.skip("this container does not let its user move")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def held(told):
    assert (told["chart"], told["icon"]) == ("ok", "ok"), told
    if told["level"] != Level.NONE:
        assert "BREACH" not in told["log"]
        assert told["log"].count("HELD") == 3


def test_it_works_as_an_ordinary_user():
    """As root this becomes a user without rights, who is let in to where the interpreter lies."""
    with home() as folder:
        command = [sys.executable, "-B", "-c", AS_SOMEBODY]
        if os.geteuid() == 0:
            needed = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix)}
            command = [sys.executable, "-B", "-c", AS_ROOT, "65534", str(folder), str(ROOT), *sorted(needed)]
        told = told_by(command, folder)
    assert told["user"] != 0
    held(told)


def test_it_works_as_the_only_user_of_a_container(offered):
    """As in a rootless container with one id mapped: there is nobody else to become."""
    with home() as folder:
        told = told_by([sys.executable, "-B", "-c", AS_THE_ONLY_USER], folder)
    assert told["user"] == 0
    assert told["level"] == offered
    held(told)
