"""Commands that are killed at any moment: no process goes on, and the next run clears what is left."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from renderers.scratch import PREFIX

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "examples" / "pictures"
KILLS = int(os.environ.get("LOOKALIKE_TEST_KILLS", "1"))
"""Moments at which each command is killed; ``make test-kills`` tries thirty."""
LATEST = 3.0
"""Seconds after which a command is killed at the latest: each kind of process of ours is at work by then."""

ENDLESS = {
    # CairoSVG's own regular expressions never come to an end with it
    "transform.svg": '<svg xmlns="http://www.w3.org/2000/svg"><g transform="'
    + "rotate(" * 50_000
    + '"><rect width="3" height="3"/></g></svg>',
    "loop.py": "while True: pass\n",
    "deaf.py": "import os, signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n"
    "    except Exception: pass\nos.closerange(0, 100)\nwhile True: pass\n",
    "blur.html": "<div style='filter:blur(5000px);width:3000px;height:3000px;background:red'>x</div>" * 20,
}
SERVER = "import os, time\nif os.fork() == 0: time.sleep(600)\ntime.sleep(600)\n"
CARD = 'print("0, NVIDIA H100 80GB HBM3, 81559")\n'


@pytest.fixture
def commands(tmp_path):
    (tmp_path / "fine.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>')
    for name, code in ENDLESS.items():
        (tmp_path / name).write_text(code)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, source in {"vllm": SERVER, "nvidia-smi": CARD}.items():
        (tools / name).write_text(f"#!{sys.executable}\n{source}")
        (tools / name).chmod(0o755)
    out = iter(range(1000))
    renders = [
        lambda name=name: ["render", str(tmp_path / name), "-o", str(tmp_path / "x.png")] for name in ENDLESS
    ]
    refining = [
        lambda kind=kind: [
            "refine",
            str(next((PICTURES / kind).glob("*.png"))),
            "-o",
            f"{tmp_path}/{next(out)}",
        ]
        for kind in ("chart", "table", "svg", "page")
    ]
    return [
        *renders,
        *refining,
        lambda: ["batch", str(PICTURES / "table"), "-o", f"{tmp_path}/{next(out)}"],
        lambda: ["serve", "--logs", str(tmp_path / "logs")],
        lambda: ["studio", f"{tmp_path}/{next(out)}", "--no-open"],
    ]


@pytest.mark.long
@pytest.mark.timeout(300 + 60 * KILLS)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_outlives_a_killed_command(commands, tmp_path):
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    jobs = [[chance.uniform(0, LATEST), *command()] for command in commands for _ in range(KILLS)]
    folder = tmp_path / "tmp"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "kills.py")],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=dict(
            os.environ,
            PYTHONPATH=str(ROOT),
            KILLS_TMP=str(folder),
            PATH=f"{tmp_path / 'tools'}{os.pathsep}{os.environ['PATH']}",
        ),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    left = {" ".join(job[1:3]): alive for job, (alive, _) in zip(jobs, told, strict=True) if alive}
    assert not left, f"seed {seed}"
    print(f"{len(jobs)} kills, nothing left after {max(seconds for _, seconds in told):.2f} s at most")
    assert any(folder.glob(f"{PREFIX}*"))
    drawn = subprocess.run(
        [
            sys.executable,
            "-m",
            "agent.cli",
            "render",
            str(tmp_path / "fine.svg"),
            "-o",
            str(tmp_path / "x.png"),
        ],
        env=dict(os.environ, TMPDIR=str(folder)),
        input="",
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert drawn.returncode == 0, drawn.stderr
    assert not [entry.name for entry in folder.iterdir() if entry.is_dir()]
