"""A finished run, read back from its folder, as formats are made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from agent.data.assets import with_data
from agent.errors import DataError
from graph.folder import RUN
from renderers.files import read_regular
from renderers.pictures import load_picture
from renderers.types import Kind, Language

if TYPE_CHECKING:
    from agent.data.chart import ChartData
    from agent.data.table import TableData
    from critic.reading.chart.description import Chart

_MEASURING = ("embedded", "mixed")
"""Generators whose notes are the embedded one's."""

_LONGEST = 200_000_000
"""Bytes of a file of a run folder: more than any run leaves."""


@dataclass(frozen=True, slots=True)
class DataOptions:
    """How data is written.

    Attributes:
        decimal: The decimal mark of the picture's numbers; found out from them where it is empty.
        pixels: Width and height of a picture that is made of an icon.
        assets: Folder beside the code for a page's pictures; they are data within it where it is empty.
    """

    decimal: str = ""
    pixels: int = 512
    assets: str = ""


@dataclass(frozen=True)
class Finished:
    """A run that came to an end with code.

    Attributes:
        folder: Its run folder.
        name: What its picture is called.
        kind: What it shows.
        language: What its code is written in.
        code: The best code.
        notes: What the embedded generator noted about it; empty for code of a model.
        scale: Pixels of the picture in one of the notes'.
        options: How data is written.
        ground: What the picture's transparency was laid on; None for white, or none.
    """

    folder: Path
    name: str
    kind: Kind
    language: Language
    code: str
    notes: dict[str, Any] = field(default_factory=dict)
    scale: float = 1.0
    options: DataOptions = DataOptions()
    ground: str | None = None

    @classmethod
    def load(cls, folder: Path, options: DataOptions | None = None) -> Finished:
        """The run in a folder.

        Raises:
            DataError: There is none, or it came to no code.
        """
        try:
            run = json.loads(_text(folder / RUN))
            if not run["best"]:
                raise DataError(f"{folder}: the run came to no code, so that there is no data")
            notes = folder / "candidates" / f"{int(run['best_id'])}.notes"
            return cls(
                folder,
                str(run["picture"]),
                Kind(run["kind"]),
                Language(run["language"]),
                with_data(_text(folder / Path(run["best"]).name), folder),
                json.loads(_text(notes)) if run["generator"] in _MEASURING and notes.exists() else {},
                float(run["scale"]),
                options or DataOptions(),
                run.get("ground"),
            )
        except FileNotFoundError as error:
            raise DataError(
                f"{folder}: there is no finished run in it ({Path(error.filename).name} is missing)"
            ) from error
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise DataError(f"{folder}: its run cannot be read ({error})") from error

    @cached_property
    def table(self) -> TableData:
        """The table.

        Raises:
            DataError: There is none.
        """
        from agent.data.table import TableData
        from critic.reading.table.description import TableDescription

        decimal = self.options.decimal
        if self.kind is Kind.TABLE and self.notes:
            try:
                read = TableDescription.model_validate(self.notes["table"])
            except (ValidationError, KeyError) as error:
                raise DataError(f"{self.folder}: its notes cannot be read; make the run anew") from error
            data = TableData.of_description(read, decimal, self.scale)
        else:
            from critic.metrics.teds import table_html

            data = TableData.of_html(table_html(self.code), decimal)
        if not data.cells:
            raise DataError(f"{self.name}: no table was read, so that there is no data")
        return data

    @cached_property
    def chart(self) -> ChartData:
        """The chart's series.

        Raises:
            DataError: There are none.
        """
        from agent.data.chart import ChartData

        data = ChartData.of_description(self._described())
        if not data.panels:
            raise DataError(f"{self.name}: no series was read, so that there is no data")
        return data

    def _described(self) -> Chart:
        """What was read of the picture: as the generator noted it, else from the render of a model's code."""
        from critic.reading.chart.description import Chart

        if self.notes:
            try:
                return Chart.model_validate(self.notes["chart"])
            except (ValidationError, KeyError) as error:
                raise DataError(f"{self.folder}: its notes cannot be read; make the run anew") from error
        from critic.reading import Reader
        from critic.reading.chart import read_chart

        return read_chart(load_picture(self.folder / "best.png"), Reader())


def _text(path: Path) -> str:
    return read_regular(path, _LONGEST).decode("utf-8", "surrogatepass")
