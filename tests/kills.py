"""Kills commands at given moments and tells what is left of them; run as a script, in a process of its own.

Commands are forked from one interpreter that has everything loaded, which makes a kill cost its moment and
little more. Whatever a killed command leaves behind becomes a child of its keeper, who so sees all of it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_SUBREAPER = 36
_LOOKS, _EVERY = 100, 0.02
"""Looks at what is left, and seconds between them: two seconds, and more only where looking takes longer.
The keeper competes for the processor with all else, and so measures how busy a machine is."""

_AT_A_TIME = 4
_PICTURES = Path(__file__).resolve().parents[1] / "examples" / "pictures"
_STUDIO = "studio"
"""The command that does nothing by itself: it is sent a picture of each kind."""

Left = tuple[list[str], float]


def main() -> None:
    """Read ``[[seconds, command...], ...]`` from standard input; write what was left of each, in order.

    That is what lived longer than it may, and the seconds after which nothing was left.
    """
    import agent.api
    import agent.cli
    import agent.commands.batch
    import agent.commands.refine
    import agent.commands.render
    import agent.commands.serve
    import agent.commands.studio
    import agent.studio.serving  # noqa: F401

    jobs = list(enumerate(json.load(sys.stdin)))
    left: list[Left] = [([], 0.0) for _ in jobs]
    running: dict[int, tuple[int, int]] = {}
    while jobs or running:
        while jobs and len(running) < _AT_A_TIME:
            number, (seconds, *command) = jobs.pop(0)
            heard, said = os.pipe()
            keeper = os.fork()
            if keeper == 0:
                try:
                    os.write(said, json.dumps(_keep(seconds, command)).encode())
                finally:
                    os._exit(0)
            os.close(said)
            running[keeper] = number, heard
        keeper, _ = os.wait()
        number, heard = running.pop(keeper)
        left[number] = json.loads(os.read(heard, 1 << 16) or b'[["the keeper failed"], 0]')
        os.close(heard)
    print(json.dumps(left))


def _keep(seconds: float, command: list[str]) -> Left:
    """Run a command and kill it after so many seconds."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        _become(command, said)
    os.close(said)
    if command[0] == _STUDIO:
        threading.Thread(target=_send_pictures, args=(heard,), daemon=True).start()
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    killed = time.monotonic()
    for _ in range(_LOOKS):
        time.sleep(_EVERY)
        _reap()
        alive = [_name(process) for process in _below(os.getpid())]
        if not alive:
            break
    took = time.monotonic() - killed
    for process in _below(os.getpid()):
        os.kill(process, signal.SIGKILL)
    return alive, took


def _send_pictures(said: int) -> None:
    """Give a studio its work, for as long as it lives."""
    with os.fdopen(said) as heard:
        address = heard.readline().strip()
    origin = address.rpartition("/")[0].rpartition("/")[0]
    try:
        for picture in (
            next(folder.glob("*.png")) for folder in sorted(_PICTURES.iterdir()) if folder.is_dir()
        ):
            asked = urllib.request.Request(
                f"{address}api/runs?kind={picture.parent.name}", picture.read_bytes(), {"origin": origin}
            )
            urllib.request.urlopen(asked).close()
    except (OSError, ValueError):
        pass  # it was killed before it was up, or while it answered


def _become(command: list[str], said: int) -> None:
    folder = Path(os.environ["KILLS_TMP"])
    tempfile.tempdir = None
    os.environ["TMPDIR"] = str(folder)
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor, to in ((0, quiet), (1, said), (2, quiet)):
        os.dup2(to, descriptor)
    os.setsid()
    from agent.cli import app

    try:
        app(command)
    finally:
        os._exit(1)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _below(process: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")[:300]
    except OSError:
        return "gone"


if __name__ == "__main__":
    main()
