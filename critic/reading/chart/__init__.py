"""Charts: pictures to axes, scales, series, legends and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from critic.reading.chart.description import Chart
    from critic.reading.chart.read import read_chart

__all__ = ["Chart", "read_chart"]


def __getattr__(name: str) -> Any:
    """Loads what is asked for: the marks are read by modules of this package, and are in its descriptions."""
    if name == "Chart":
        from critic.reading.chart.description import Chart

        return Chart
    if name == "read_chart":
        from critic.reading.chart.read import read_chart

        return read_chart
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
