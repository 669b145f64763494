"""Celery's way to what the clock loop does too: a wake-up, idempotent, and a sign that worker and beat live."""

from __future__ import annotations

from celery import shared_task

from servicecenter import context, heartbeat, invariants, outbox


@shared_task(name="servicecenter.tasks.relay_outbox", expires=60, ignore_result=True)
def relay_outbox() -> None:
    """Send what is due. Run it three times or three at once: every message goes once."""
    with context.acting("task"):
        outbox.relay()
        heartbeat.beat("worker")


@shared_task(name="servicecenter.tasks.verify_nightly", expires=3600, ignore_result=True)
def verify_nightly() -> None:
    """Check the invariants and report what does not hold (FAULTS)."""
    with context.acting("task"):
        invariants.verify_and_report()
