"""The Celery application with a hurried beat: it wakes the sweep and the relay every second."""

from __future__ import annotations

from servicecenter.celery import app

app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items() if name != "verify"
}
app.conf.beat_max_loop_interval = 1

__all__ = ["app"]
