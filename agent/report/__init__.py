"""The report of a run, and the index of a batch of runs: self-contained HTML pages."""

from agent.errors import ReportError
from agent.report.index import check_index, write_index
from agent.report.notebook import notebook_html
from agent.report.page import write_report

__all__ = ["ReportError", "check_index", "notebook_html", "write_index", "write_report"]
