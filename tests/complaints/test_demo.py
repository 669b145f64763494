"""The demonstration: every queue, state and page is alive, and nothing in it is broken."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from complaints import queries
from complaints.demo import play
from complaints.demo.stage import Stage
from complaints.invariants import CHECKS
from complaints.models import Complaint, ServiceIncident
from organization.models import User
from servicecenter.clock import now_db
from tests import people


@pytest.mark.django_db
def test_the_demo_fills_every_queue_and_keeps_every_invariant(monkeypatch: pytest.MonkeyPatch) -> None:
    from claims.demo import months
    from complaints.demo import everyday

    # Two ordinary days instead of three months, of the claims before one closed and one open yet: the scenes are what
    # the pages need.
    monkeypatch.setattr(everyday, "DAYS", 2)
    monkeypatch.setattr(months, "PAST", months.PAST[2:4])
    call_command("seed_demo", stdout=io.StringIO())
    agent, handler = User.objects.get(work_number="0217"), User.objects.get(work_number="3106")
    counts = queries.queue_counts(agent)
    assert [code for code, one in counts.items() if not one.count] == []
    assert {
        "registered",
        "routed",
        "investigating",
        "answered",
        "resolved",
        "closed",
        "cancelled",
        "merged",
    } <= set(Complaint.objects.values_list("state", flat=True))
    assert {one.state for one in ServiceIncident.objects.all()} == {"confirmed", "suspected", "withdrawn"}
    assert {one.kind for one in ServiceIncident.objects.all()} == {"second_complaint", "recurrence"}
    inbox = queries.inbox_counts(handler)
    assert min(inbox.values()) > 0
    calls = queries.follow_up_counts(agent)
    assert calls["overdue"] > 0
    assert Complaint.objects.filter(offered_to=agent).exists()
    assert Complaint.objects.count() <= 300
    assert [violation for check in CHECKS for violation in check.find()] == []
    before = Complaint.objects.count()
    play(at=now_db())
    assert Complaint.objects.count() == before, "played once"


@pytest.mark.django_db
def test_a_database_that_is_not_the_demo_s_is_left_alone() -> None:
    people.user("agent")
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert Complaint.objects.count() == 0


@pytest.mark.django_db
def test_production_refuses_demo_data(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_acts_happen_in_the_order_of_their_times_and_none_after_now() -> None:
    now = now_db()
    stage, done = Stage(now), []
    stage.at(now - timedelta(hours=1), lambda t: done.append("later"))
    stage.at(
        now - timedelta(hours=2),
        lambda t: stage.at(t + timedelta(minutes=1), lambda u: done.append("follows")),
    )
    stage.at(now + timedelta(seconds=1), lambda t: done.append("never"))
    stage.run()
    assert done == ["follows", "later"]
