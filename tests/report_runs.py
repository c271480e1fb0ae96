"""Run folders for the report's tests, written as a run writes them, with pictures drawn here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

SIZE = (640, 400)
HEIGHTS = (140, 220, 90, 260)

CODE = """import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(6.4, 4.0), dpi=100)
heights = [{heights}]
ax.bar(["a", "b", "c", "d"], heights, color="{colour}")
ax.set_title("{title}")
plt.show()
"""


def bars(heights: Sequence[int], colour: str, title: str, size: tuple[int, int] = SIZE) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for place, height in enumerate(heights):
        left = 80 + 130 * place
        pen.rectangle((left, 360 - height, left + 80, 360), fill=colour)
    pen.line((60, 360, 600, 360), fill="black", width=2)
    pen.text((270, 20), title, fill="black", font_size=24)
    return picture


def discrepancy(
    category: str, severity: int, location: str, description: str, box: Sequence[float] | None = None
) -> dict[str, Any]:
    return {
        "category": category,
        "severity": severity,
        "location": location,
        "description": description,
        "box": box,
    }


def bar_box(place: int) -> list[int]:
    return [80 + 130 * place, 360 - HEIGHTS[place], 160 + 130 * place, 360]


class RunWriter:
    """Writes a run folder piece by piece, as a run does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[dict[str, Any]] = []
        for name in ("pictures", "candidates"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def picture(self, picture: Image.Image) -> str:
        name = f"pictures/{hashlib.sha256(picture.tobytes()).hexdigest()}.png"
        picture.save(self.folder / name)
        return name

    def candidate(self, code: str = "", *, suffix: str = ".py", **values: Any) -> dict[str, Any]:
        number = len(self.lines)
        file = f"candidates/{number}{suffix}"
        if code:
            (self.folder / file).write_bytes(code.encode())
        line: dict[str, Any] = {
            "id": number,
            "parent": None,
            "round": 0,
            "seed": number,
            "code_file": file,
            "render": None,
            "status": "ok",
            "log": "",
            "reward": 1.0,
            "similarity": 0.5,
            "accepted": False,
            "discrepancies": [],
            "actions": [],
            "seconds": {"generate": 1.2, "render": 0.3, "critique": 0.9},
            "usage": {
                "calls": 0,
                "prompt_tokens": 0,
                "cached_tokens": 0,
                "completion_tokens": 0,
                "seconds": 0,
            },
        } | values
        self.lines.append(line)
        with (self.folder / "trajectory.jsonl").open("a", encoding="utf-8") as file_:
            file_.write(json.dumps(line) + "\n")
        return line

    def run(self, **values: Any) -> None:
        (self.folder / "run.json").write_text(json.dumps(values), encoding="utf-8")


def chart_run(folder: Path) -> Path:
    """A draft, a revision that helps, one that makes things worse, one that fails, and a last that helps."""
    run = RunWriter(folder)
    reference = run.picture(bars(HEIGHTS, "#1f77b4", "Rainfall"))
    title = discrepancy(
        "text_error", 2, "title", 'the title reads "Rainfal", not "Rainfall"', [265, 15, 380, 50]
    )
    colour = discrepancy(
        "style_error", 1, "bars", "the bars are orange, blue in the reference", [80, 100, 550, 360]
    )
    second = discrepancy("data_error", 3, "bar b", "bar b is 180 high, 220 in the reference", bar_box(1))
    fourth = discrepancy("data_error", 3, "bar d", "bar d is 200 high, 260 in the reference", bar_box(3))
    blurred = discrepancy("style_error", 1, "", "the picture as a whole looks a little blurred")
    grid = discrepancy(
        "structure_error", 2, "plot area", "a grid that the reference does not have", [60, 60, 600, 360]
    )

    def code(heights: Sequence[int], colour: str, title: str) -> str:
        return CODE.format(heights=", ".join(map(str, heights)), colour=colour, title=title)

    run.candidate(
        code((140, 180, 90, 200), "orange", "Rainfal"),
        render=run.picture(bars((140, 180, 90, 200), "orange", "Rainfal")),
        reward=1.8,
        similarity=0.871,
        accepted=True,
        discrepancies=[second, fourth, title, colour, blurred],
    )
    run.candidate(
        code((140, 220, 90, 230), "orange", "Rainfall"),
        parent=0,
        round=1,
        render=run.picture(bars((140, 220, 90, 230), "orange", "Rainfall")),
        reward=1.86,
        similarity=0.912,
        accepted=True,
        discrepancies=[
            fourth | {"description": "bar d is 230 high, 260 in the reference"},
            colour,
            blurred,
            discrepancy(
                "style_error", 2, "x axis", "the tick labels have become larger", [70, 362, 600, 395]
            ),
        ],
        actions=[
            {"discrepancy": 0, "description": "set bar b to 220", "done": True},
            {"discrepancy": 1, "description": "set bar d to 230", "done": True},
            {"discrepancy": 2, "description": "read the title again at three times the size", "done": True},
            {"discrepancy": 3, "description": "the colour could not be measured", "done": False},
            {"discrepancy": None, "description": "moved the axes by one pixel", "done": True},
        ],
    )
    run.candidate(
        code((140, 220, 90, 260), "green", "Rainfall"),
        parent=1,
        round=2,
        render=run.picture(bars((140, 220, 90, 260), "green", "Rainfall", (1280, 800))),
        reward=1.84,
        similarity=0.905,
        discrepancies=[colour | {"description": "the bars are green"}, grid],
        actions=[{"discrepancy": 1, "description": "tried green", "done": True}],
    )
    run.candidate(
        "import matplotlib.pyplot as plt\nplt.bar([1], [2)\n",
        parent=1,
        round=2,
        status="error",
        log='File "candidate.py", line 2\n    plt.bar([1], [2)\nSyntaxError',
        reward=0.0,
        similarity=0.0,
        actions=[{"discrepancy": 0, "description": "drew bar d anew", "done": True}],
    )
    best = bars((140, 220, 90, 260), "#1f77b4", "Rainfall")
    best.putpixel((5, 5), (0, 0, 0))
    best.save(folder / "best.png")
    best_code = code((140, 220, 90, 260), "#1f77b4", "Rainfall")
    (folder / "best.py").write_text(best_code)
    run.candidate(
        best_code,
        parent=1,
        round=3,
        render=run.picture(best),
        reward=1.98,
        similarity=0.998,
        accepted=True,
        discrepancies=[blurred],
        actions=[
            {"discrepancy": 0, "description": "set bar d to 260", "done": True},
            {"discrepancy": 1, "description": "took the colour from the middle of the bars", "done": True},
        ],
    )
    run.run(
        picture="rain.png",
        kind="chart",
        language="python",
        generator="embedded",
        critic="pixel",
        settings={"budget": {"rounds": 3, "seconds": None}, "width": 2},
        versions={"lookalike": "0.1.0"},
        stop_reason="rounds",
        rounds=3,
        seconds=12.34,
        reward=1.98,
        first_reward=1.8,
        similarity=0.998,
        first_similarity=0.871,
        best="best.py",
        render="best.png",
        reference=reference,
        best_id=4,
        first_id=0,
        timings={"ocr": 6.2, "reading": 0.4, "generate": 1.5, "render": 2.0, "critique": 1.1},
        spend={"calls": 0, "prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0, "seconds": 0},
    )
    return folder
