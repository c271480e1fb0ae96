"""What must be in the code of pictures from the wild, in numbers: their index says it in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Row = tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """What one picture's code must hold beside what its index lists.

    Attributes:
        marks: How many values each mark of a chart has; all others that the program draws are phantoms.
        values: The values of a mark, in any order and split in any way.
        log: Whether values are compared by their logarithms.
        rows: Rows that a table must have, as their cells' texts; blank cells and cells that go on left out.
        tables: How many tables there are.
        tags: How many elements of a name a page has at least; of several names joined by ``|`` together.
    """

    marks: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    log: bool = False
    rows: tuple[Row, ...] = ()
    tables: int = 0
    tags: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many values each mark has, also of those whose values are given."""
        return dict(self.marks) | {mark: len(values) for mark, values in self.values.items()}


_SEARCH = (12, 14, 19, 22, 30, 34, 33, 36, 29, 25, 21, 40)
_EMAIL = (8, 9, 9, 12, 14, 18, 22, 21, 25, 27, 30, 31)
_GROWTH = (1, 3, 9, 27, 81, 247, 741, 2223, 10, 40, 160, 640, 2560, 10240, 20480, 40960)

POINTS: dict[str, Points] = {
    "vl_stacked_area.png": Points(marks={"area": 14}),
    "vl_candlestick.png": Points(marks={"bar": 44, "segment": 44}),
    "vl_gantt.png": Points(values={"barh": (2, 5, 2)}),
    "cjs_bar.png": Points(values={"bar": (12, 19, 3, 5, 2, 3)}),
    "watermark_chart.png": Points(values={"bar": (42, 38, 51, 63, 70)}, marks={"line": 5}),
    "ech_log.png": Points(values={"line": _GROWTH}, log=True),
    "plotly_bar.png": Points(marks={"bar": 4}),
    "altair_dates.png": Points(values={"line": _SEARCH + _EMAIL}),
    "seaborn_bars.png": Points(marks={"bar": 6}),
    "echarts_bars.png": Points(marks={"bar": 24}),
    "mpl_pie.png": Points(values={"pie": (45, 25, 20, 10)}),
    "seaborn_heatmap.png": Points(marks={"heat": 72}),
    "i2t_tables.png": Points(
        tables=2,
        rows=(
            ("Title",),
            ("Line 1 - Col 1", "Line 1 - Col 2", "Line 1 - Col 3"),
            ("Line 2 - Col 1", "Merged Cells", "Line 2 - Col 3"),
            ("Line 3 - Col 1", "Line 3 - Col 3"),
            ("Line 4 - Col 1", "Line 4 - Col 3"),
            ("Line 5 - Col 1", "Line 5 - Col 2", "Line 5 - Col 3"),
            ("Test 1", "Test 2"),
            ("Test 3", "Test 4"),
        ),
    ),
    "i2t_implicit.png": Points(
        tables=1, rows=(("Col 1", "Col 2"), ("Row 1", "Value 1"), ("Row 3", "Value 3"))
    ),
    "doc_table.png": Points(
        tables=1,
        rows=(
            ("6", "6", "OTSL", "0.965", "0.934", "0.955", "0.88", "2.73"),
            ("HTML", "0.969", "0.927", "0.955", "0.857", "5.39"),
            ("4", "4", "OTSL", "0.938", "0.904", "0.927", "0.853", "1.97"),
            ("HTML", "0.952", "0.909", "0.938", "0.843", "3.77"),
            ("2", "4", "OTSL", "0.923", "0.897", "0.915", "0.859", "1.91"),
            ("HTML", "0.945", "0.901", "0.931", "0.834", "3.81"),
            ("4", "2", "OTSL", "0.952", "0.92", "0.942", "0.857", "1.22"),
            ("HTML", "0.944", "0.903", "0.931", "0.824", "2"),
        ),
    ),
    "scan_skew.png": Points(
        tables=1,
        rows=(
            ("Module", "Owner", "Remarks"),
            ("Team", "Lead"),
            (
                "Billing",
                "Core",
                "A. Müller",
                "Replaces the nightly export; runs every hour since March. See ticket 4711.",
            ),
            ("Growth", "Blocked"),
            ("Search", "shared", "Two indices: • products • help pages"),
        ),
    ),
    "cyr.png": Points(
        tables=1,
        rows=(
            ("Код", "Наименование товара", "Количество", "Цена, руб."),
            ("104715", "Бумага офисная А4", "25", "1 250,00"),
            ("104716", "Ручка шариковая синяя", "100", "18,50"),
            ("104717", "Щётка для пыли", "3", "499,90"),
        ),
    ),
    "arab.png": Points(
        tables=1,
        rows=(
            ("3,085", "9,500,000", "القاهرة"),
            ("1,973", "7,600,000", "الرياض"),
            ("212", "638,845", "تونس"),
        ),
    ),
    "s2c_ui.png": Points(tags={"img|image": 1}),
    "it_transp.png": Points(tags={"img|image|svg": 2}),
    "dash.png": Points(tags={"svg|img|canvas|image": 2}),
    "login.png": Points(tags={"input": 3, "button": 2, "select": 1, "a": 2}),
    "dash_table.png": Points(tags={"table": 1, "tr": 6, "a": 4}),
    "icon_grad.png": Points(tags={"linearGradient": 1}),
}
