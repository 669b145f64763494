"""Time as the demo plays it: every step at its own moment, a little late as in life, never in one heap."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from deadlines import services
from deadlines.models import Clock

# How late the loop is in the demo: each sweep takes what falls due within so long.
LATE = timedelta(seconds=20)


def sweep_until(*, until: datetime) -> int:
    """Sweep the time up to `until` as the clock loop would have; returns the number of steps done."""
    steps = 0
    while True:
        first = Clock.objects.filter(next_at__lte=until).aggregate(at=Min("next_at"))["at"]
        if first is None:
            return steps
        done = services.sweep(at=min(first + LATE, until)).steps
        steps += done
        if not done:
            return steps
