"""Every read of reports and boards."""

from reports.queries.reports import (
    NEWEST,
    Change,
    difference,
    issued,
    last_run,
    latest,
    open_run,
    paper_of,
    readers,
    reports_visible_to,
    revisions_visible_to,
    runs_visible_to,
    subject_report,
    subject_revision,
)
from reports.queries.rows import Row, Sheet, count_rows, rows_page, sheet_of, sheets_of, stream_rows

__all__ = [
    "NEWEST",
    "Change",
    "Row",
    "Sheet",
    "count_rows",
    "difference",
    "issued",
    "last_run",
    "latest",
    "open_run",
    "paper_of",
    "readers",
    "reports_visible_to",
    "revisions_visible_to",
    "rows_page",
    "runs_visible_to",
    "sheet_of",
    "sheets_of",
    "stream_rows",
    "subject_report",
    "subject_revision",
]
