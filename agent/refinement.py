"""What refining one picture came to, and the record of it in the run folder."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cost import UNPRICED, Prices
from agent.data.convert import Converted, convert
from agent.data.finished import DataOptions, Finished
from agent.errors import DataError
from agent.report import notebook_html
from critic.metrics.reflow import Reflow
from critic.types import Discrepancy
from graph.folder import RunFolder, picture_file
from graph.types import Candidate, Generator, Result, Search
from renderers.types import Kind, Language

if TYPE_CHECKING:
    from pandas import DataFrame


_DIGITS = 6
"""Decimals of a score that are told."""


@dataclass(frozen=True, slots=True, repr=False)
class Refinement:
    """The outcome for one picture.

    Attributes:
        picture: Its name.
        kind: What it shows.
        language: What the code is written in.
        folder: The run folder.
        result: All that happened.
        converted: The other formats that were asked for, each with its file or why there is none.
        cost: Dollars spent on models; None where a price is not set.
        notes: What is worth knowing about the picture: text that cannot be read, how it was straightened.
    """

    picture: str
    kind: Kind
    language: Language
    folder: Path
    result: Result
    converted: tuple[Converted, ...] = ()
    cost: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def best_file(self) -> Path | None:
        """The best code; None where nothing rendered."""
        return self.folder / f"best{self.language.suffix}" if self.result.best else None

    @property
    def render_file(self) -> Path | None:
        """The best code's render as PNG; None where nothing rendered."""
        return self.folder / "best.png" if self.result.best else None

    @property
    def report_file(self) -> Path:
        """The report, to be opened in a browser."""
        return self.folder / "report.html"

    @property
    def code(self) -> str:
        """The best code; empty where nothing rendered."""
        return self.best_file.read_text(encoding="utf-8") if self.best_file else ""

    @property
    def files(self) -> dict[str, Path]:
        """The files of the other formats that were asked for, by format."""
        return {item.format: item.file for item in self.converted if item.file}

    def convert(self, *formats: str, decimal: str = "") -> dict[str, Path]:
        """Write the run in other formats, without refining again.

        Args:
            formats: Such as ``csv`` or ``xlsx``.
            decimal: The decimal mark of the picture's numbers; found out from them by default.

        Returns:
            Their files, by format.

        Raises:
            DataError: The run has nothing for one of them.
        """
        made = convert(self.folder, formats, DataOptions(decimal))
        for item in made:
            if item.file is None:
                raise DataError(f"{item.format}: {item.failure}")
        return {item.format: item.file for item in made if item.file}

    def frame(self, *, decimal: str = "") -> DataFrame:
        """The data as a pandas DataFrame.

        Raises:
            DataError: pandas is not installed (``pip install 'lookalike[frame]'``), or there is no data.
        """
        from agent.data.frame import frame_of

        return frame_of(Finished.load(self.folder, DataOptions(decimal)))

    @property
    def reward(self) -> float | None:
        """The best code's reward, 0..2: 0 where nothing rendered; None where it could not be judged."""
        return self.result.best.reward if self.result.best else 0.0

    @property
    def similarity(self) -> float | None:
        """The best code's likeness to the reference, 0..1; 0 and None as for the reward."""
        return self.result.best.similarity if self.result.best else 0.0

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """What the critic still finds wrong with the best code; none where nothing rendered."""
        return self.result.best.discrepancies if self.result.best else ()

    def __repr__(self) -> str:
        """One line: what was refined, what came of it, and where it lies."""
        came = "nothing rendered"
        if self.reward is None or self.similarity is None:
            came = "not judged"
        elif self.result.best:
            came = f"reward {self.reward:.2f}, similarity {self.similarity:.4f}"
        return (
            f"<Refinement of {self.picture!r}: {self.kind} as {self.language}, {came}, "
            f"{self.result.stop_reason.value}, in {str(self.folder)!r}>"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: reference beside best, the rewards by round, the code."""
        return notebook_html(self.folder)

    @property
    def failure(self) -> str:
        """Why there is no code; empty where there is."""
        if self.result.best:
            return ""
        reasons = [_reason(candidate) for candidate in self.result.candidates]
        return self.result.error or next(filter(None, reversed(reasons)), "nothing could be drafted from it")

    def to_json(self) -> dict[str, Any]:
        """The object that ``lookalike refine --json`` prints: scripts rely on its keys."""
        first = self.result.first
        return {
            "picture": self.picture,
            "kind": self.kind.value,
            "reward": _plain(self.reward),
            "first_reward": _plain(first.reward) if first else 0.0,
            "similarity": _plain(self.similarity),
            "first_similarity": _plain(first.similarity) if first else 0.0,
            "stop_reason": self.result.stop_reason.value,
            "rounds": self.result.rounds,
            "seconds": round(self.result.seconds, 3),
            "calls": self.result.usage.calls,
            "tokens": self.result.usage.tokens,
            "cost": self.cost,
            "best": str(self.best_file) if self.best_file else None,
            "render": str(self.render_file) if self.render_file else None,
            "report": str(self.report_file),
            "files": {name: str(file) for name, file in self.files.items()},
            "files_failed": {item.format: item.failure for item in self.converted if item.failure},
            "notes": list(self.notes),
            "failure": self.failure,
        }


@dataclass(frozen=True, slots=True)
class Record:
    """What ``run.json`` says that does not change during a run."""

    picture: str
    kind: Kind
    language: Language
    generator: Generator
    critic: str
    search: Search
    scale: float = 1.0
    ground: str | None = None
    origin: dict[str, Any] | None = None
    prices: Prices = UNPRICED
    reflow: Reflow | None = None
    correction: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)

    def write(self, folder: RunFolder, result: Result | None, reading: dict[str, float]) -> None:
        """Write ``run.json``: at the start without a result, at the end with it.

        Args:
            folder: The run folder.
            result: The result; None while the run goes on.
            reading: Seconds spent in ``ocr`` and in ``reading``.
        """
        best, first = (result.best, result.first) if result else (None, None)
        folder.write_run(
            {
                "picture": self.picture,
                "kind": self.kind.value,
                "scale": self.scale,
                "ground": self.ground,
                "origin": self.origin,
                "correction": self.correction,
                "notes": self.notes,
                "language": self.language.value,
                "generator": self.generator.name,
                "critic": self.critic,
                "settings": self.search.model_dump(mode="json"),
                "versions": versions(),
                "reference": picture_file(folder.reference),
                "stop_reason": result.stop_reason.value if result else None,
                "error": result.error if result else "",
                "rounds": result.rounds if result else 0,
                "seconds": result.seconds if result else None,
                "reward": best.reward if best else None,
                "first_reward": first.reward if first else None,
                "similarity": best.similarity if best else None,
                "first_similarity": first.similarity if first else None,
                "best": f"best{self.language.suffix}" if best else None,
                "render": "best.png" if best else None,
                "best_id": best.id if best else None,
                "first_id": first.id if first else None,
                "timings": reading | _timings(result.candidates if result else ()),
                "spend": result.usage.model_dump(mode="json") if result else {},
                "reflow": asdict(self.reflow) if self.reflow else None,
                "layout": self.reflow.told() if self.reflow else "",
                "spend_by": self.prices.by_round(result.candidates if result else ()),
                "cost": self.prices.of(result.candidates) if result else None,
            }
        )


def _plain(score: float | None) -> float | None:
    """A score without the noise of sums: 1.86, not 1.8599999999999999."""
    return None if score is None else round(score, _DIGITS)


@cache
def versions() -> dict[str, str]:
    """Versions that a render or a reading can depend on; not to be changed by the caller."""
    names = ("lookalike", "matplotlib", "cairosvg", "playwright", "rapidocr", "onnxruntime", "langgraph")
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _reason(candidate: Candidate) -> str:
    """Why a candidate is no result: what failed, or the last line of its render's log."""
    if candidate.failure or candidate.render is None:
        return candidate.failure
    log = candidate.render.log.strip().splitlines()
    return f"the render came out as {candidate.render.status}" + (f": {log[-1]}" if log else "")


def _timings(candidates: tuple[Candidate, ...]) -> dict[str, float]:
    return {
        "generate": sum(item.usage.seconds for item in candidates),
        "render": sum(item.render.seconds for item in candidates if item.render),
        "critique": sum(item.critique.seconds for item in candidates if item.critique),
        "evidence": sum(item.critique.evidence for item in candidates if item.critique),
    }
