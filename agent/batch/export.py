"""From a batch, or a run, to a file for training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.batch.export_columns import COLUMNS, Export
from agent.batch.export_examples import Example, Examples, Wanted
from agent.batch.export_files import Format, NothingWrittenError, write_examples
from agent.batch.export_runs import Runs
from agent.batch.finish import SUMMARY, TABLE
from agent.batch.ordered import RESULTS
from agent.errors import InputError
from prompts.library import Templates

_NEEDS = {
    Export.SFT: "the pictures",
    Export.PREFERENCES: "the pictures and the code of every candidate",
    Export.CRITIQUES: "the pictures, the renders and what the critic said of them",
    Export.REWARDS: "the pictures and the code of every candidate",
}
_OURS = (RESULTS, TABLE, SUMMARY, "trajectory.jsonl", "run.json")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        file: Where.
        examples: How many.
        left_out: What could not be used: how many by reason.
    """

    file: Path
    examples: int
    left_out: Counter[str]

    def to_json(self) -> dict[str, Any]:
        """The object that ``lookalike export --json`` prints: scripts rely on its keys."""
        return {"file": str(self.file), "examples": self.examples, "left_out": dict(self.left_out)}


def export(
    out: Path,
    what: Export,
    file: Path | None = None,
    form: Format | None = None,
    wanted: Wanted | None = None,
    templates: Templates | None = None,
) -> Exported:
    """Write the examples of a batch, of a folder of runs, or of one run.

    Args:
        out: The folder.
        what: Which examples.
        file: Where to; ``<what>.<form>`` in ``out`` by default.
        form: By the file's ending, else Parquet, by default.
        wanted: Which examples are good enough.
        templates: The prompts that go with the pictures; ours by default.

    Raises:
        InputError: There is no batch and no run, nothing in it that could be exported, or no writing there.
    """
    target, chosen = _target(out, what, file, form)
    runs = Runs(out)
    examples = Examples(templates or Templates(), wanted or Wanted(), runs.left_out)
    try:
        count = write_examples(_all(runs, examples, what), COLUMNS[what], target, chosen)
    except NothingWrittenError:
        raise InputError(_nothing(runs, what)) from None
    return Exported(target, count, runs.left_out)


def _all(runs: Runs, examples: Examples, what: Export) -> Iterator[Example]:
    for name, run in runs:
        yield from examples.of(what, name, run)


def _target(out: Path, what: Export, file: Path | None, form: Format | None) -> tuple[Path, Format]:
    if file is None:
        form = form or Format.PARQUET
        return out / f"{what}.{form}", form
    ending = next((item for item in Format if file.suffix.lower() == f".{item}"), None)
    if form and ending and form is not ending:
        raise InputError(f"{file}: ends like {ending}, but --format asks for {form}")
    if file.is_dir():
        raise InputError(f"{file}: is a folder; name the file to write")
    if file.name in _OURS and file.exists():
        raise InputError(f"{file}: belongs to a batch or a run, and is not overwritten; choose another name")
    return file, form or ending or Format.PARQUET


def _nothing(runs: Runs, what: Export) -> str:
    """Why there is no example."""
    if runs.lean and not runs.read:
        return (
            f"{runs.out}: a lean batch, which keeps only code and scores; --as {what} needs {_NEEDS[what]}: "
            "run the batch again without --lean"
        )
    if runs.left_out:
        return f"{runs.out}: nothing to export as {what}; left out were {reasons(runs.left_out)}"
    if what is Export.PREFERENCES and runs.read:
        return f"{runs.out}: nothing to export as {what}: no run tried two codes of which one is better"
    return f"{runs.out}: nothing to export as {what}: nothing is finished yet"


def reasons(left_out: Counter[str]) -> str:
    """What was left out, for people."""
    return "; ".join(f"{reason}: {count:,}" for reason, count in left_out.most_common())
