"""Reports that were made, their revisions, and the making of them."""

from reports.models.report import Report, ReportRevision
from reports.models.run import ReportRun

__all__ = ["Report", "ReportRevision", "ReportRun"]
