"""Dates along an axis: read, drawn as they were read, and written as dates."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes as Drawn

from agent.data.chart import ChartData
from agent.generators.embedded.chart.code import write
from critic.marks.date_scale import DateScale, days_of, moment_of, roundest
from critic.reading import Reader
from critic.reading.chart import Chart, read_chart
from critic.reading.chart.moments import moments_of
from tests.charts import picture

WEEKS = [date(2024, 1, 1) + timedelta(days=14 * k) for k in range(9)]
VALUES = (3.0, 7.0, 4.0, 8.0, 6.0, 9.0, 5.0, 2.0, 6.0)
WITHIN = 0.12


@pytest.fixture(scope="module")
def drawn() -> Chart:
    def draw(ax: Drawn) -> None:
        ax.plot(WEEKS, VALUES, marker="o")  # type: ignore[arg-type]
        ax.set_xticks(WEEKS[::2])  # type: ignore[arg-type]

    return read_chart(picture(draw, (8, 4)), Reader())


def test_an_axis_of_dates_is_a_scale_of_time(drawn: Chart):
    axes = drawn.axes[0]
    assert isinstance(axes.x, DateScale) and axes.x.known == "year"
    assert axes.x.ticks[0].label == "2024-01-01"
    (field, _) = ChartData.of_description(drawn).panels[0].series[0].fields
    assert list(field.values) == [day.isoformat() for day in WEEKS]


def test_the_code_has_the_dates_and_prints_the_labels_as_they_were(drawn: Chart):
    code = write(drawn)
    assert '"2024-01-15"' in code and 'dtype="datetime64[D]"' in code
    assert 'mdates.DateFormatter("%Y-%m-%d")' in code
    namespace: dict[str, object] = {}
    told = "fig.canvas.draw(); shown = [text.get_text() for text in ax.get_xticklabels()]"
    exec(code.replace("plt.show()", told), namespace)
    assert namespace["shown"] == [tick.label for tick in drawn.axes[0].x.ticks]


@pytest.mark.parametrize(
    ("places", "labels", "first", "known"),
    [
        ([0, 4, 8, 12], ["April", "Mon 05", "Fri 09", "Tue 13"], (4, 1), "month"),  # Vega
        ([0, 4, 8, 12, 16], ["Apr", "5", "9", "13", "17"], (4, 1), "month"),  # ECharts
        ([0, 14, 28], ["Jan 31\n2021", "Feb 14", "Feb 28"], (1, 31), "year"),  # Plotly
        ([0, 31, 59], ["2023", "February", "March"], (1, 1), "year"),
        ([0, 30, 61], ["Nov 2023", "Dec 2023", "Jan 2024"], (11, 1), "year"),
        ([0, 1, 2], ["10:30", "11:00", "11:30"], None, "hour"),
        ([0, 5, 31], ["Mar 05", "Mar 10", "Apr 05"], (3, 5), "month"),
        ([0, 1, 2], ["2024-03-01", "2024-03-02", "2024-03-03"], (3, 1), "year"),
    ],
)
def test_labels_of_many_tools_are_dates(places, labels, first, known):
    told = moments_of(places, labels, WITHIN)
    assert told is not None and told.known == known
    assert first is None or (told.moments[0].month, told.moments[0].day) == first


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        ([0, 1, 2], ["Mon", "Tue", "Wed"]),
        ([0, 1, 2], ["2019", "2020", "2021"]),
        ([0, 1, 2], ["May", "June", "Cedar"]),
        ([0, 1, 2], ["2024-01-01", "2024-01-02", "2029-01-01"]),
        ([0, 40, 80, 120, 160, 200, 240], ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"]),  # names of bars
    ],
)
def test_names_numbers_and_months_at_even_distances_are_no_dates(places, labels):
    assert moments_of(places, labels, 1.5) is None


def test_weekdays_settle_a_year_but_it_is_not_told():
    told = moments_of([0, 4, 8], ["Mon 05", "Fri 09", "Tue 13"], WITHIN)
    assert told is None, "no label names the month"


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.floats(0.0, 400.0))
@settings(deadline=None, max_examples=50)
def test_a_rounded_moment_is_as_near_as_asked(moment: datetime, slack: float):
    found = roundest(moment, timedelta(days=slack))
    assert abs(found - moment) <= max(timedelta(days=slack), timedelta(seconds=1))
    assert abs(moment_of(days_of(moment)) - moment) <= timedelta(milliseconds=2)


def test_a_year_that_nothing_tells_is_not_written():
    day = days_of(datetime(2004, 4, 5, 10, 30))
    assert DateScale(known="year").iso(day) == "2004-04-05 10:30"
    assert DateScale(known="month").iso(float(int(day))) == "--04-05"
    assert DateScale(known="hour").iso(day) == "10:30"


def test_a_scale_of_time_is_read_back():
    scale = DateScale(low=0, high=10, known="month", written="%b %d")
    assert DateScale.model_validate(json.loads(scale.model_dump_json())) == scale
    assert scale.literals([0.0, 1.5]) == (
        'np.array(["1970-01-01", "1970-01-02T12:00"], dtype="datetime64[m]")'
    )


def test_values_of_one_series_are_rounded_to_one_unit():
    near = [days_of(datetime(2024, month, 1)) + 0.3 for month in range(1, 7)]
    assert DateScale().shortened_all(near, [0.5] * 6) == tuple(value - 0.3 for value in near)
    weeks = [days_of(datetime(2024, 1, 3)) + 7 * k for k in range(6)]
    assert np.allclose(DateScale().shortened_all([v + 0.2 for v in weeks], [1.5] * 6), weeks)
