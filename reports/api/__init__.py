"""API of reports: those that were made, their figures and rows, and having one made; and of boards."""

from typing import Any

from reports.api.boards import BoardViewSet
from reports.api.reports import ReportViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("reports", ReportViewSet, "reports"),
    ("boards", BoardViewSet, "boards"),
]
