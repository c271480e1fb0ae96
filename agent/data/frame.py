"""A pandas DataFrame, for those who have pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.data.finished import Finished
from agent.errors import DataError
from renderers.types import Kind

if TYPE_CHECKING:
    from pandas import DataFrame

    from agent.data.chart import AxisData, PanelData
    from agent.data.table import TableData


def frame_of(finished: Finished) -> DataFrame:
    """A run's data.

    Raises:
        DataError: pandas is not installed, or there is no data.
    """
    try:
        import pandas
    except ImportError as error:
        raise DataError("a DataFrame needs pandas: pip install 'lookalike[frame]'") from error
    if finished.kind is Kind.CHART:
        heads, rows = finished.chart.rows()
        frame: DataFrame = pandas.DataFrame(rows, columns=heads)
        dated = {
            name for panel in finished.chart.panels for name, axis in _ways(panel) if axis.type == "dates"
        }
        for name in dated & set(frame.columns):
            frame[name] = pandas.to_datetime(frame[name])
        return frame
    return _table(finished.table, pandas)


def _ways(panel: PanelData) -> tuple[tuple[str, AxisData], tuple[str, AxisData]]:
    return ("x", panel.x), ("y", panel.y)


def _table(table: TableData, pandas: Any) -> DataFrame:
    """What spans stands at every position, so that each row is whole; several rows of headings are levels."""
    grid = table.values(repeated=True)
    heads, body = grid[: table.header_rows], grid[table.header_rows :]
    names = [["" if value is None else str(value) for value in row] for row in heads]
    columns: Any = None
    if len(names) == 1:
        columns = names[0]
    elif names:
        columns = pandas.MultiIndex.from_arrays(names)
    found: DataFrame = pandas.DataFrame(body, columns=columns)
    return found.infer_objects()
