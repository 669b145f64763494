"""Columns of exported lists: what the pages show (PRV-04)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conduct.models import MeritDisqualification
from conduct.templatetags.conduct import measure_words, sanctioned
from servicecenter.spreadsheet import Column


def sanction_columns() -> list[Column]:
    """The list of sanctions; fines in yuan in a column of their own."""
    return [
        Column(_("Number"), lambda row: row.number),
        Column(_("Proposed"), lambda row: row.proposed_at, "moment"),
        Column(_("Whom"), sanctioned, width=28),
        Column(_("Department"), "target_department.name"),
        Column(_("Person"), "target_employee.name"),
        Column(_("Work number"), "target_employee.work_number"),
        Column(_("Violation"), lambda row: str(row.violation), width=40),
        Column(_("Source"), lambda row: row.source_number),
        Column(_("Measure"), measure_words),
        Column(_("Amount (yuan)"), lambda row: row.amount, "money"),
        Column(pgettext("sanction", "points"), lambda row: row.points, "integer"),
        Column(_("Counts in month"), lambda row: f"{row.month:%Y-%m}"),
        Column(_("State"), lambda row: row.get_state_display()),
        Column(_("Reason"), lambda row: row.reason, width=28),
        Column(_("Confirmed"), lambda row: row.confirmed_at, "moment"),
        Column(_("Carried out"), lambda row: row.settled_at, "moment"),
        Column(_("Withdrawn because"), lambda row: row.withdrawn_reason, width=28),
    ]


def merit_columns() -> list[Column]:
    """The merit list of a month: one row for each loss."""
    return [
        Column(_("Month"), lambda row: f"{row.month:%Y-%m}"),
        Column(_("Department"), _department),
        Column(_("Person"), "target_employee.name"),
        Column(_("Work number"), "target_employee.work_number"),
        Column(_("Source"), lambda row: row.source_number),
        Column(_("Lost"), lambda row: row.created_at, "moment"),
        Column(_("Restored"), lambda row: row.withdrawn_at, "moment"),
        Column(_("Restored because"), lambda row: row.withdrawn_reason, width=28),
    ]


def _department(row: MeritDisqualification) -> str:
    person = row.target_employee
    found = row.target_department or (person.department if person is not None else None)
    return found.name if found is not None else ""
