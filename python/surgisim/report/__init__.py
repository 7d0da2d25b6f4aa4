"""The debriefing: a session's record as one self-contained HTML page."""

from surgisim.report.gather import report_data
from surgisim.report.model import Earlier, Picture, ReportData
from surgisim.report.page import refuse_folder, render_report, write_report

__all__ = [
    "Earlier",
    "Picture",
    "ReportData",
    "refuse_folder",
    "render_report",
    "report_data",
    "write_report",
]
