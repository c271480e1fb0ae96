"""Measures a chart's code against the truth beside its picture: its texts and its axis limits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

_PROBE = """
import json, sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.text import Text
plt.show = lambda *a, **k: None
exec(compile(open(sys.argv[1]).read(), "chart.py", "exec"), {"__name__": "__main__"})
figure = plt.gcf()
figure.canvas.draw()
texts = [t.get_text() for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
axes = []
for ax in figure.axes:
    legends = [c for c in ax.get_children() if type(c).__name__ == "Legend"]
    axes.append({
        "title": ax.get_title() or ax.get_title(loc="left"),
        "xlabel": ax.get_xlabel(), "ylabel": ax.get_ylabel(),
        "legend": [t.get_text() for legend in legends for t in legend.get_texts()],
        "xlim": ax.get_xlim(), "ylim": ax.get_ylim(),
    })
print("\\n" + json.dumps({"texts": texts, "axes": axes}))
"""


def measure(code: str, truth: Path) -> dict[str, float]:
    """Shares of texts that are exact and of axis limits within 1%; what the truth does not say is left out.

    Args:
        code: A matplotlib program.
        truth: ``.json`` with every visible text, and ``gt`` where the figure has a single axes.
    """
    facts = json.loads(truth.read_text(encoding="utf-8"))
    drawn = _drawn(code)
    right = Counter(plain(item["t"]) for item in facts["text"])
    found = Counter(plain(text) for text in drawn["texts"])
    result = {"texts_exact": (right & found).total() / max(1, right.total())}
    single = facts.get("gt")
    if single and drawn["axes"]:
        result |= _named(single, drawn["axes"]) | _limits(single, drawn["axes"][0])
    return result


def drawn_texts(code: str) -> list[str]:
    """Every visible text that a program draws."""
    return [str(text) for text in _drawn(code)["texts"]]


def _drawn(code: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "chart.py"
        source.write_text(code, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROBE, str(source)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    if done.returncode:
        return {"texts": [], "axes": []}
    return json.loads(done.stdout.splitlines()[-1])


def plain(text: str) -> str:
    """A text without TeX's signs, its minus a hyphen."""
    text = re.sub(r"\$|\\mathdefault|\\mathregular|[{}\\]", "", text)
    return re.sub(r"\s+", " ", text.replace("−", "-")).strip()


def _named(single: dict[str, Any], axes: list[dict[str, Any]]) -> dict[str, float]:
    """Title, labels and legend texts, all that the truth has taken together."""
    wanted, hits = 0, 0
    for key in ("title", "xlabel", "ylabel"):
        if single[key]:
            wanted += 1
            hits += plain(axes[0][key]) == plain(single[key])
    legend = Counter(plain(t) for t in single["legend"])
    drawn = Counter(plain(t) for item in axes for t in item["legend"])
    wanted, hits = wanted + legend.total(), hits + (legend & drawn).total()
    return {"named_texts": hits / wanted} if wanted else {}


def _limits(single: dict[str, Any], axes: dict[str, Any]) -> dict[str, float]:
    """Whether both ends of each numeric axis are within 1% of its length."""
    result = {}
    for name in ("x", "y"):
        ticks = [plain(t) for t in single[f"{name}t"]]
        numeric = sum(bool(re.fullmatch(r"-?[\d.]+", t)) for t in ticks) > len(ticks) / 2
        if not numeric or single[f"{name}scale"] != "linear" or single.get("polar") == "polar":
            continue
        low, high = single[f"{name}lim"]
        off = max(abs(low - axes[f"{name}lim"][0]), abs(high - axes[f"{name}lim"][1]))
        result[f"{name}_limits"] = float(off <= 0.01 * abs(high - low))
    return result
