"""The demonstration leaves nothing for the clock to make up for: `verify` is clean before one has run (I1, I9, I10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command

from complaints.models import Complaint
from deadlines.models import Step
from servicecenter.models import OutboxMessage, TrailUnsealed
from tests.faults import clocks, processes
from tests.faults.counts import FULL
from tests.faults.sound import assert_sound


def play(*, at: datetime) -> None:
    """A part that has taken its time: what it began is due by now."""
    assert [clocks.begin() for _n in range(3)]


@pytest.mark.django_db
def test_the_demonstration_ends_swept_sent_and_sealed(settings: Any, capsys: Any) -> None:
    settings.DEMO_PARTS = ["tests.faults.test_settling.play"]
    call_command("seed_demo")
    assert Step.objects.filter(fired_at__isnull=False).count() == 3 * len(clocks.STEPS)
    assert OutboxMessage.objects.count() >= 3
    assert not OutboxMessage.objects.filter(sent_at=None).exists()
    assert not TrailUnsealed.objects.exists()
    assert_sound()
    assert "clock" in capsys.readouterr().out


if FULL:

    @pytest.mark.django_db(transaction=True)
    def test_the_played_demonstration_is_sound() -> None:
        """Thirty days of complaints, played through the services and swept day by day; no clock has run."""
        processes.manage("seed_demo")
        assert Complaint.objects.count() > 100
        assert not OutboxMessage.objects.filter(sent_at=None, parked_at=None).exists()
        assert not TrailUnsealed.objects.exists()
        assert "0 violations" in processes.manage("verify")
