"""Rights of reports (chapter 06), and which reports a user may read (ORG-04).

Each report has a right of its own, because the reward and penalty sheet and the claims report are not for everybody
who reads complaint figures. A right is held for a department and what lies below it; held for one that works for
the whole company, it reaches every report. The service quality report holds the other three as its chapters.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from organization.choices import DepartmentKind
from organization.models import Department
from reports.choices import ReportCode


class Right(StrEnum):
    """The rights, as roles hold them."""

    VIEW_COMPLAINTS = "reports.view_complaint_report"
    VIEW_CONDUCT = "reports.view_conduct_report"
    VIEW_CLAIMS = "reports.view_claims_report"
    VIEW_QUALITY = "reports.view_quality_report"
    MAKE_REPORT = "reports.make_report"
    VIEW_BOARD = "reports.view_board"
    VIEW_MANAGEMENT_BOARD = "reports.view_management_board"
    VIEW_CLAIMS_BOARD = "reports.view_claims_board"
    VIEW_STOCK_BOARD = "reports.view_stock_board"


VIEWS: dict[str, Right] = {
    ReportCode.COMPLAINTS: Right.VIEW_COMPLAINTS,
    ReportCode.CONDUCT: Right.VIEW_CONDUCT,
    ReportCode.CLAIMS: Right.VIEW_CLAIMS,
    ReportCode.QUALITY: Right.VIEW_QUALITY,
}
ANY_VIEW = tuple(VIEWS.values())


# Departments that work for the whole company: whoever holds a report's right there reads it of every department.
CENTRAL = (
    DepartmentKind.HEAD_OFFICE,
    DepartmentKind.SERVICE_CENTRE,
    DepartmentKind.INSPECTION,
    DepartmentKind.CLAIMS,
    DepartmentKind.SETTLEMENT,
    DepartmentKind.FINANCE,
    DepartmentKind.ENTERPRISE_MANAGEMENT,
)


def reaches_all(user: Any, right: str) -> bool:
    """Whether the right is held for a department that works for the whole company. Asked once per user and right."""
    known: dict[str, bool] = user.__dict__.setdefault("_reports_reach", {})
    if right not in known:
        held = user.rights.paths(right)
        known[right] = bool(held) and Department.objects.filter(path__in=held, kind__in=CENTRAL).exists()
    return known[right]


def can_read(user: Any | None, code: str, department: Department | None) -> bool:
    """Whether the user reads this report of the department (None: the whole company's); no user is the system."""
    if user is None or reaches_all(user, VIEWS[code]):
        return True
    held = user.rights.paths(VIEWS[code])
    return department is not None and any(department.path.startswith(above) for above in held)


def can_make(user: Any | None, code: str, department: Department | None) -> bool:
    """Whether the user may have this report made: makes reports, and reads this one."""
    return user is None or (bool(user.has_right(Right.MAKE_REPORT)) and can_read(user, code, department))
