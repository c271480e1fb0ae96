"""Chart code that would use up the machine, or never end."""

from __future__ import annotations

import os
import shutil
import tempfile
import time

import numpy as np
import pytest

from renderers.types import RenderStatus

DRAW = "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
GET = "import os, sys\nget = sys.modules['importlib'].import_module\n"

# each must end by itself, in an error or with its chart, before the patient limit
BOUNDED = {
    "fork bomb": GET + "while True:\n    os.fork()\n",
    "thread bomb": (
        "import sys, time\nt = sys.modules['threading']\n"
        "for _ in range(5000):\n    t.Thread(target=time.sleep, args=(99,), daemon=True).start()\n"
    ),
    "one huge allocation": "x = bytearray(1 << 40)",
    "memory, bit by bit": "x = []\nwhile True:\n    x.append(bytearray(1 << 26))\n",
    "huge array": "import numpy as np\nx = np.ones((1 << 20, 1 << 20))",
    "memory that is shared": GET + "m = get('mmap')\nx = [m.mmap(-1, 1 << 28) for _ in range(1000)]",
    "one huge file": "f = open('big', 'wb')\nwhile True:\n    f.write(bytes(1 << 20))\n",
    "a file by truncation": "f = open('big', 'wb')\nf.truncate(1 << 40)\nf.seek(1 << 39)\nf.write(b'x')\n",
    "descriptors": "x = [open('/dev/null') for _ in range(100_000)]",
    "figure of a square mile": DRAW + "plt.gcf().set_size_inches(60000, 60000)\n",
    "figure of endless density": "import matplotlib.pyplot as plt\nplt.figure(dpi=1e9)\nplt.plot([1])\n",
    "figure without a size": "import matplotlib.pyplot as plt\nplt.figure(figsize=(float('nan'), 3))\n",
    "parentheses without end": "(" * 200_000,
    "minus without end": "x = " + "-" * 300_000 + "1",
    "names without end": "x = a" + ".a" * 200_000,
    "null bytes": "x = 1\0\nprint(x)",
    "crash by a null pointer": GET + "get('ctypes').string_at(0)",
    "overwritten memory": GET + "c = get('ctypes')\nc.memset(id(None), 255, 64)\nprint(None)",
    "abort": "import os\nos.abort()",
    "end without a word": "import os\nos._exit(0)",
    "stop itself": GET + "os.kill(os.getpid(), 11)\nget('ctypes').string_at(1)",
}

# each would go on for ever, or nearly
ENDLESS = {
    "busy loop": "while True:\n    pass",
    "sleep": "import time\ntime.sleep(10**6)",
    "loop that takes no exception": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "loop deaf to signals": (
        "import sys\ns = sys.modules['signal']\n"
        "for n in (1, 2, 3, 14, 15, 24):\n    s.signal(n, s.SIG_IGN)\nwhile True: pass"
    ),
    "backtracking": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    "a power tower": "x = 9 ** 9 ** 9",
    "output without end": "while True:\n    print('x' * 10_000)",
    "lock": "import sys\nl = sys.modules['threading'].Lock()\nl.acquire()\nl.acquire()",
    "wait for its own answer": "import os\nos.read(3, 100)",
    "message that never ends": (
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E()"
    ),
    "hook at the end": "import sys\nclass S:\n    def flush(self):\n        while True: pass\n"
    "    def write(self, x):\n        pass\nsys.stdout = S()" + DRAW,
    "small files without end": "i = 0\nwhile True:\n    i += 1\n    try:\n"
    "        open(f'f{i}', 'w').write('x' * 4000)\n    except OSError:\n        pass\n",
}


@pytest.mark.parametrize("name", BOUNDED)
def test_it_is_bounded(name, best):
    started = time.monotonic()
    render = best.attack(BOUNDED[name] + DRAW)
    assert render.status in (RenderStatus.ERROR, RenderStatus.OK), render
    assert render.status is RenderStatus.OK or render.log
    assert time.monotonic() - started < 45
    assert best.serves()


@pytest.mark.parametrize("name", ENDLESS)
def test_it_is_ended(name, best):
    render = best.attack(ENDLESS[name] + DRAW, endless=True)
    assert render.status is RenderStatus.TIMEOUT, render
    assert "1 s" in render.log
    assert render.seconds < 30
    assert len(render.log) < 20_000
    assert best.serves()


def test_recursion_without_end_is_bounded_or_ended(best):
    code = "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    f()\nf()"
    render = best.attack(code, endless=True)
    assert render.status in (RenderStatus.ERROR, RenderStatus.TIMEOUT), render
    assert best.serves()


def test_a_full_disk_is_only_its_own(best):
    """Scratch is bounded and gone afterwards: the machine's disk has as much room as before."""
    before = shutil.disk_usage(tempfile.gettempdir()).free
    best.attack(
        "i = 0\ntry:\n    while i < 200:\n        i += 1\n        open(f'f{i}', 'wb').write(bytes(1 << 20))\n"
        "except OSError as error:\n    print('HELD', error)\n" + DRAW
    )
    assert before - shutil.disk_usage(tempfile.gettempdir()).free < 100 << 20
    assert best.serves()


def test_nothing_is_left_for_the_next(best):
    best.attack("open('left', 'w').write('x')\nopen('/tmp/left', 'w').write('x')" + DRAW)
    best.attack("open('left', 'w').write('x')" + DRAW)
    render = best.attack("import os\nprint(os.listdir('.'), os.path.exists('/tmp/left'))" + DRAW)
    assert "[] False" in render.log


def test_nothing_goes_on_running_afterwards(best):
    """A thread that would outlive its script ends with it."""
    marker = f"still-{os.getpid()}"
    render = best.attack(
        "import sys, time\n"
        f"t = sys.modules['threading']\nt.Thread(target=time.sleep, args=(600,), name='{marker}').start()"
        + DRAW
    )
    assert render.status is RenderStatus.OK
    assert render.seconds < 30
    assert best.serves()


def test_output_is_kept_to_its_end(best):
    render = best.attack("for i in range(100_000):\n    print('line', i)" + DRAW)
    assert render.ok
    assert len(render.log) <= 4000
    assert render.log.endswith("line 99999")


def test_many_at_once_all_come_back(best, monkeypatch):
    """Good charts are served between bad ones, all at the same time."""
    import asyncio

    from renderers.types import Language

    async def together() -> list[RenderStatus]:
        codes = ["while True: pass", "x = [" + DRAW, DRAW, "import os\nos._exit(1)"] * 2
        renders = await asyncio.gather(
            *(best.impatient.render(code, Language.PYTHON, None) for code in codes)
        )
        return [render.status for render in renders]

    expected = [RenderStatus.TIMEOUT, RenderStatus.ERROR, RenderStatus.OK, RenderStatus.ERROR] * 2
    monkeypatch.setattr(best.impatient, "_seconds", 4.0)  # enough for the good ones on a busy machine
    assert best._run(together()) == expected
    assert best.serves()


def test_a_blank_figure_is_blank(best):
    render = best.attack("import matplotlib.pyplot as plt\nplt.figure()")
    assert render.status is RenderStatus.BLANK
    assert render.image is not None
    assert np.ptp(render.image) == 0
