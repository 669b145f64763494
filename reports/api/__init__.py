"""API of reports: those that were made, their figures and rows, and having one made."""

from typing import Any

from reports.api.reports import ReportViewSet

ROUTES: list[tuple[str, Any, str]] = [("reports", ReportViewSet, "reports")]
