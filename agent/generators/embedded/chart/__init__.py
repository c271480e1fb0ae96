"""Charts: description to matplotlib code, and discrepancies to better descriptions."""

from agent.generators.embedded.chart.generator import generator

__all__ = ["generator"]
