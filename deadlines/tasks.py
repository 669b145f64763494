"""Celery's way to the sweep: a wake-up beside the clock loop, which alone keeps the promise (D4)."""

from __future__ import annotations

from celery import shared_task

from deadlines import services
from servicecenter import context


@shared_task(name="deadlines.tasks.sweep", expires=60, ignore_result=True)
def sweep() -> None:
    """One sweep. Run it three times or three at once: every step happens once."""
    with context.acting("task"):
        services.sweep_once()
