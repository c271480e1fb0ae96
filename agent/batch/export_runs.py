"""The runs of a batch's folder, of a folder of single runs, or one run alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agent.batch.ordered import RESULTS, OrderedRows
from agent.batch.rows import Row, RowStatus
from agent.errors import InputError
from agent.report.run_folder import RunFolder, is_run_folder, read_run_folder


@dataclass(slots=True)
class Runs:
    """What there is to export.

    Attributes:
        out: Where it is.
        left_out: What could not be used, by reason; filled while going through.
        read: Runs gone through.
        lean: Items that a lean batch left without a run folder.
    """

    out: Path
    left_out: Counter[str] = field(default_factory=Counter)
    read: int = 0
    lean: int = 0

    def __post_init__(self) -> None:
        """Make sure that there is something to read."""
        if not self.out.exists():
            raise InputError(f"{self.out}: no such folder; give the folder of a batch or of a run")
        if not self.out.is_dir():
            raise InputError(f"{self.out}: is a file; give the folder of a batch or of a run")

    def __iter__(self) -> Iterator[tuple[str, RunFolder]]:
        """Each run with its name.

        Raises:
            InputError: There is neither a batch nor a run.
        """
        if (self.out / RESULTS).exists():
            return self._of_batch(OrderedRows(self.out / RESULTS))
        if is_run_folder(self.out):
            return (self._read(folder.resolve().name, folder) for folder in [self.out])
        try:
            folders = sorted(folder for folder in self.out.iterdir() if is_run_folder(folder))
        except OSError as error:
            raise InputError(f"{self.out}: cannot be read ({error.strerror})") from error
        if not folders:
            raise InputError(
                f"{self.out}: neither a batch ({RESULTS}) nor a run (run.json, trajectory.jsonl), "
                "and no folder in it is one"
            )
        return (self._read(folder.name, folder) for folder in folders)

    def _of_batch(self, rows: OrderedRows) -> Iterator[tuple[str, RunFolder]]:
        if rows.torn:
            self.left_out["half a line at the end of results.jsonl"] += 1
        for row in rows:
            folder = self._folder_of(row)
            if folder is not None:
                yield self._read(row.id, folder)

    def _folder_of(self, row: Row) -> Path | None:
        if row.folder is not None:
            folder = (self.out / row.folder).resolve()
            if folder.is_relative_to(self.out.resolve()) and is_run_folder(folder):
                return folder
            self.left_out["items whose run folder is missing"] += 1
        elif row.status is RowStatus.FAILED:
            self.left_out["items that failed"] += 1
        else:
            self.lean += 1
            self.left_out["items of a lean batch, which kept only their code"] += 1
        return None

    def _read(self, name: str, folder: Path) -> tuple[str, RunFolder]:
        run = read_run_folder(folder)
        self.read += 1
        damaged = _lines(folder / "trajectory.jsonl") - len(run.candidates)
        if damaged > 0:
            self.left_out["damaged lines of a trajectory.jsonl"] += damaged
        return name, run


def _lines(file: Path) -> int:
    try:
        with file.open("rb") as lines:
            return sum(1 for line in lines if line.strip())
    except OSError:
        return 0
