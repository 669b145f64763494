"""Revealing a masked value is a right, needs a reason, is counted and logged (PRV-02, PRV-03)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from organization.models import Employee, User
from servicecenter import policies, reveals
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_name
from servicecenter.models import Notice, OutboxMessage, TrailEntry
from tests import people
from tests.faults.races import race

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _revealable(monkeypatch: pytest.MonkeyPatch) -> None:
    """For these tests an employee's name is a masked value."""
    monkeypatch.setattr(Employee, "PERSONAL", {"name": mask_name}, raising=False)


def limits(per_hour: int, unusual: int) -> None:
    policies.set_policy(
        code="servicecenter.reveals",
        value={"per_hour": per_hour, "unusual_per_hour": unusual},
        by=None,
        reason="test",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )


def reveal(user: User, at: datetime = AT, **changes: Any) -> str:
    values = {"what": "name", "obj": user.employee, "reason": "客户来电核对"} | changes
    return reveals.reveal(user=user, at=at, **values)


@pytest.mark.django_db
def test_the_value_is_shown_and_the_trail_says_whose_what_when_and_why_but_not_the_value() -> None:
    agent = people.user("agent", name="陈晓燕")
    assert reveal(agent) == "陈晓燕"
    entry = TrailEntry.objects.get(code="reveal")
    assert (entry.by, entry.at) == (agent, AT)
    assert (entry.kind, entry.object_id) == ("organization.employee", agent.employee.pk)
    assert entry.params["masked"] == "陈**"
    assert entry.params["field"] == "name"
    assert entry.params["reason"] == "客户来电核对"
    assert set(entry.params["what"]) == {"zh-Hans", "zh-Hant", "en"}
    assert entry.params["what"]["en"] == "name"
    assert "陈晓燕" not in str(entry.params)
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "changes", "code", "status"),
    [
        ("controller", {}, "lifecycle.no_right", 403),
        ("agent", {"reason": "  "}, "reveal.reason_needed", 400),
        ("agent", {"what": "work_number"}, "reveal.unknown", 400),
        ("agent", {"what": "__class__"}, "reveal.unknown", 400),
    ],
    ids=["PRV-02-right", "PRV-02-why", "PRV-02-what", "PRV-02-attribute"],
)
def test_without_right_reason_or_a_listed_field_nothing_is_shown_and_nothing_logged(
    role: str, changes: dict[str, Any], code: str, status: int
) -> None:
    with pytest.raises(RuleBroken) as caught:
        reveal(people.user(role), **changes)
    assert (caught.value.code, caught.value.status) == (code, status)
    assert not TrailEntry.objects.filter(code="reveal").exists()


@pytest.mark.django_db
def test_a_model_that_lists_nothing_reveals_nothing() -> None:
    agent = people.user("agent")
    with pytest.raises(RuleBroken, match="unknown"):
        reveal(agent, obj=agent, what="password")


@pytest.mark.django_db
def test_prv_03_an_unusual_number_is_reported_and_the_limit_of_the_hour_refuses() -> None:
    limits(per_hour=4, unusual=2)
    administrator, agent = people.user("administrator", email=True), people.user("agent", name="陈晓燕")
    for minute in range(4):
        reveal(agent, AT + timedelta(minutes=minute))
    with pytest.raises(RuleBroken) as caught:
        reveal(agent, AT + timedelta(minutes=5))
    assert (caught.value.code, caught.value.status) == ("reveal.too_many", 429)
    assert [(told.user, told.params) for told in Notice.objects.order_by("id")] == [
        (administrator, {"name": "陈晓燕", "count": 2}),
        (administrator, {"name": "陈晓燕", "count": 4}),
    ]
    assert OutboxMessage.objects.filter(code="reveal.many").count() == 2
    assert TrailEntry.objects.filter(code="reveal").count() == 4
    reveal(agent, AT + timedelta(minutes=61))
    reveal(people.user("agent", name="另一人"), AT + timedelta(minutes=5))


@pytest.mark.django_db(transaction=True)
def test_twelve_requests_at_once_do_not_pass_the_limit_together() -> None:
    limits(per_hour=5, unusual=5)
    agent = people.user("agent")
    agent.has_right("servicecenter.reveal")

    def shown() -> str:
        return reveals.reveal(user=agent, what="name", obj=agent.employee, reason="x")

    outcomes = race(*[shown] * 12)
    refused = [outcome.problem.code for outcome in outcomes if isinstance(outcome.problem, RuleBroken)]
    assert (sum(outcome.won for outcome in outcomes), refused) == (5, ["reveal.too_many"] * 7)
    assert TrailEntry.objects.filter(code="reveal").count() == 5
