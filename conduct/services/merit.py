"""The month's merit list is issued: what changes afterwards is a correction in the next list (SAN-19)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from conduct.models import MeritIssue
from conduct.permissions import can_issue_merit
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.months import month_of


@transaction.atomic
def issue_merit_list(*, month: date, by: Any, at: datetime | None = None) -> MeritIssue:
    """Issue the merit list of a month that is over (SAN-11, SAN-19).

    Raises RuleBroken `lifecycle.no_right`, `merit.month_running`, `merit.already_issued`.
    """
    if not can_issue_merit(by):
        raise RuleBroken("lifecycle.no_right", status=403, action="issue")
    moment = at or now_db()
    first = month_of(month)
    if first >= month_of(business_date(moment)):
        raise RuleBroken("merit.month_running", month=f"{first:%Y-%m}")
    try:
        with transaction.atomic():
            issue = MeritIssue.objects.create(month=first, issued_at=moment, issued_by=by)
    except IntegrityError as twice:
        raise RuleBroken("merit.already_issued", month=f"{first:%Y-%m}") from twice
    trail.record(issue, "merit.issued", by=by, at=moment, month=f"{first:%Y-%m}")
    return issue
