"""Starting, meeting, moving and ending clocks."""

from datetime import timedelta

import pytest

from deadlines import services
from deadlines.models import Clock, Step
from servicecenter.models import TrailEntry
from tests.deadlines.conftest import MORNING

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_started_clock_has_its_four_steps(running):
    clock = running("resolution")
    assert clock.due_at == MORNING + 24 * HOUR
    assert list(clock.steps.values_list("ordinal", "kind", "due_at")) == [
        (1, "warning", MORNING + 18 * HOUR),
        (2, "breach", MORNING + 24 * HOUR),
        (3, "ladder_manager", MORNING + 28 * HOUR),
        (4, "ladder_enterprise", MORNING + 48 * HOUR),
    ]


def test_smoke(running):
    clock = running("resolution")
    clock = services.rebase(clock, due_at=MORNING + 26 * HOUR, at=MORNING + 2 * HOUR, by=None)
    clock = services.pause(clock, at=MORNING + 3 * HOUR)
    clock = services.resume(clock, at=MORNING + 5 * HOUR, by=None)
    assert clock.due_at == MORNING + 28 * HOUR
    r = services.sweep(at=MORNING + 30 * HOUR)
    assert (r.clocks, r.steps) == (1, 2)
    services.meet(clock, at=MORNING + 33 * HOUR, by=None)
    assert list(TrailEntry.objects.order_by("id").values_list("code", flat=True)) == [
        "clock.rebased",
        "clock.resumed",
        "clock.warning",
        "clock.breach",
        "clock.ladder_manager",
        "clock.met_late",
    ]
