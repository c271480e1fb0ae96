"""Charts: pictures to axes, scales, series, legends and texts."""

from critic.reading.chart.description import Chart
from critic.reading.chart.read import read_chart

__all__ = ["Chart", "read_chart"]
