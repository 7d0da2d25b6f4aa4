"""The debriefing: a session's record as one self-contained HTML page."""

from surgisim.report.gather import report_data
from surgisim.report.model import Picture, ReportData
from surgisim.report.page import render_report, write_report

__all__ = ["Picture", "ReportData", "render_report", "report_data", "write_report"]
