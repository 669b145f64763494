"""Every write of reports: asking for one, making it, its papers and spreadsheets."""

from reports.services.exporting import export_report
from reports.services.making import make
from reports.services.papers import keep_paper
from reports.services.requesting import (
    make_due,
    number_of,
    remind,
    request_report,
    retry_report,
    stands,
    wake,
)

__all__ = [
    "export_report",
    "keep_paper",
    "make",
    "make_due",
    "number_of",
    "remind",
    "request_report",
    "retry_report",
    "stands",
    "wake",
]
