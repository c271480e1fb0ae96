"""Chart code that goes for what runs it, or answers in its place."""

from __future__ import annotations

import pytest

from renderers.types import RenderStatus

DRAW = "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
GET = "import os, sys, struct\nget = sys.modules['importlib'].import_module\n"
WIRE = "wire = sys.modules['renderers.worker.wire']\n"

# answers that are none: all must end as an error, with nothing allocated for them
FORGED = {
    "a picture of four billion pixels": "os.write(3, struct.pack('!BIII', 0, 65535, 65535, 0))",
    "a size that overflows": "os.write(3, struct.pack('!BIII', 0, 2**32 - 1, 2**32 - 1, 0) + b'x' * 100)",
    "a note of four gigabytes": "os.write(3, struct.pack('!BIII', 1, 0, 0, 2**32 - 1))",
    "an unknown outcome": "os.write(3, struct.pack('!BIII', 77, 1, 1, 0) + b'xyz')",
    "too few pixels": "os.write(3, struct.pack('!BIII', 0, 10, 10, 0) + b'x' * 10)",
    "too many pixels": "os.write(3, struct.pack('!BIII', 0, 1, 1, 0) + b'x' * 10)",
    "an empty picture": "os.write(3, struct.pack('!BIII', 0, 0, 0, 0))",
    "half a header": "os.write(3, b'abc')",
    "a png file": "os.write(3, b'\\x89PNG\\r\\n\\x1a\\n' + b'\\0' * 1000)",
    "a pickle": "os.write(3, b\"cos\\nsystem\\n(S'touch @TARGET'\\ntR.\")",
    "nothing": "os.close(3)",
    "an answer by the wire, of another size": GET
    + WIRE
    + "wire.send_result(3, wire.Outcome.PIXELS, '', 70_000, 70_000, b'')",
    "a descriptor beside the answer": (
        "get('socket').send_fds(get('socket').socket(fileno=3), [struct.pack('!BIII', 0, 1, 1, 0)], [1])"
    ),
    "endless pixels": "\ntry:\n    while True: os.write(3, bytes(1 << 20))\nexcept OSError: pass\n",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_answer_is_no_answer(name, best, bait):
    endless = name == "endless pixels"
    render = best.attack(bait.fill(GET + FORGED[name] + "\nos._exit(0)"), endless=endless)
    assert render.status is (RenderStatus.TIMEOUT if endless else RenderStatus.ERROR)
    assert render.image is None
    assert bait.untouched()
    assert best.serves()


def test_two_answers_are_none(best):
    render = best.attack(GET + "os.write(3, struct.pack('!BIII', 0, 1, 1, 0) + b'xyz')" + DRAW)
    assert render.status is RenderStatus.ERROR


# what is changed here is changed in the child only; the next render must not notice
TAMPERING = {
    "pyplot's functions": "import matplotlib.pyplot as plt\nplt.gcf = plt.show = plt.savefig = None",
    "the figure class": "from matplotlib.figure import Figure\nFigure.savefig = lambda *a, **k: 1 / 0",
    "numpy": "import numpy as np\nnp.array = np.asarray = np.ascontiguousarray = None",
    "builtins": "import builtins\nbuiltins.len = builtins.print = builtins.isinstance = None",
    "the wire": GET + WIRE + "wire.send_result = lambda *a, **k: os._exit(0)",
    "the harness's classes": (
        GET + "f = sys.modules['renderers.worker.figure']\nf.Stage.picture = lambda self, space: 'a picture'"
    ),
    "loaded modules": "import sys\nsys.modules.clear()",
    "standard output": "import sys\nsys.stdout = sys.stderr = None",
    "all descriptors": "import os\nos.closerange(0, 200)",
    "the frames above": (
        "import sys\nf = sys._getframe()\nwhile f:\n    f.f_locals.clear()\n    f = f.f_back"
    ),
    "the exit": "import sys\nsys.modules['os']._exit = lambda code: None\nraise SystemExit(3)",
    "the collector": "import gc\n[setattr(type(o), 'x', 1) for o in gc.get_objects() if 0]\ngc.disable()",
    "the trace hook": "import sys\nsys.settrace(lambda *a: 1 / 0)",
    "the audit hook": "import sys\nsys.addaudithook(lambda *a: 1 / 0)",
    "the class of an error": (
        "class E(BaseException):\n    def __str__(self):\n        raise self\n"
        "    __repr__ = __str__\nraise E()"
    ),
    "saved settings": (
        "import matplotlib\nmatplotlib.rcParams.update({'figure.facecolor': 'red', 'font.size': 40})"
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_ends_with_its_own_render(name, best):
    render = best.attack(TAMPERING[name] + DRAW)
    assert isinstance(render.status, RenderStatus)
    assert best.serves()


@pytest.mark.parametrize(
    ("body", "held"),
    [
        ("get('pickle').loads(b\"cos\\nsystem\\n(S'touch @TARGET'\\ntR.\")", ""),
        ("get('numpy').load('@SECRET', allow_pickle=True)", "Error"),
        ("get('marshal').loads(b'\\xff' * 100)", "Error"),
        ("get('ctypes').CDLL('@SECRET')", "Error"),
        ("get('code').interact()", ""),
        ("get('pty').spawn('/bin/sh')", "Error"),
        ("get('webbrowser').open('http://127.0.0.1:@TCP')", ""),
        ("get('zipimport').zipimporter('@SECRET')", "Error"),
        ("get('sqlite3').connect('@FOLDER/made.db').execute('create table x (y)')", "Error"),
        ("get('logging.handlers').SysLogHandler('@UNIX').emit(None)", ""),
        ("get('dbm.dumb').open('@FOLDER/made')['a'] = 'b'", "Error"),
    ],
)
def test_roundabout_ways_lead_nowhere(body, held, charts, bait):
    code = bait.fill(
        f"{GET}\ntry:\n    {body}\n    print('went through')\nexcept BaseException as e:\n    print(repr(e))"
    )
    render = charts.attack(code + DRAW)
    assert held in render.log
    assert "the-secret" not in render.log
    assert bait.untouched(), bait.reached
    assert charts.serves()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import requests", "requests"),
        ("import socket as s", "socket"),
        ("from subprocess import run", "subprocess"),
        ("import ctypes.util", "ctypes"),
        ("def f():\n    import http.client", "http"),
        ("try:\n    import torch\nexcept ImportError:\n    pass", "torch"),
    ],
)
def test_other_imports_are_refused_by_name(code, name, best):
    render = best.attack(code + DRAW)
    assert render.status is RenderStatus.REFUSED
    assert f"imports {name}," in render.log
