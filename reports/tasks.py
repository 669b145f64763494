"""Celery's way to the making of reports: a wake-up; what is to be made stands in the database (D5)."""

from __future__ import annotations

from celery import shared_task

from reports.services.making import make
from servicecenter import context


@shared_task(name="reports.tasks.make_report")
def make_report(public_id: str) -> None:
    """Make a report that was asked for. Delivered three times, it is made once (fault 6)."""
    with context.acting("task"):
        make(public_id)
