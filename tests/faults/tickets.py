"""Complaints for fault tests: a matter of its own each time, and what must be there when it was registered n times."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from complaints import services
from complaints.domain.intake import Intake
from complaints.models import Complaint, Event, IncidentTicket, ServiceIncident
from conduct.models import MeritDisqualification, Sanction
from organization.models import User
from servicecenter.models import Notice
from tests import people

_matters = itertools.count(1001)
TEXT = "说好上午送到，等到晚上也没人联系。"


@dataclass(frozen=True)
class Crew:
    """Who takes part: two agents, the handler of the branch, a supervisor, enterprise management."""

    agent: User
    other: User
    handler: User
    supervisor: User
    enterprise: User
    inspector: User


def crew() -> Crew:
    """The people of a complaint, all with an address."""
    roles = ("agent", "agent", "handler", "supervisor", "enterprise_management", "inspector")
    return Crew(*(people.user(role, email=True) for role in roles))


def matter(**given: Any) -> Intake:
    """An intake about a waybill and by a caller that nobody has heard of yet; against the east branch."""
    return _matter(people.department("branch_east").pk, **given)


def matters() -> Callable[[], Intake]:
    """The same, again and again, without asking the database."""
    return partial(_matter, people.department("branch_east").pk)


def _matter(respondent: int, **given: Any) -> Intake:
    number = next(_matters)
    return replace(
        Intake(
            channel="telephone",
            category="late_delivery",
            text=TEXT,
            caller_telephone=f"1390000{number}",
            caller_name="刘海涛",
            waybill_number=f"8620{number}309",
            party_role="consignor",
            respondent_department_id=respondent,
        ),
        **given,
    )


def register(intake: Intake, by: User) -> Complaint:
    """Save it, as a page would."""
    return services.register(intake=intake, by=by)


def of(intake: Intake) -> list[Complaint]:
    """Every complaint about the intake's waybill, in the order of their numbers in the event."""
    rows = Complaint.objects.filter(waybill__number=intake.waybill_number).select_related("event", "customer")
    return list(rows.order_by("event_id", "sequence"))


def assert_registered(intake: Intake, times: int, crew: Crew) -> list[Complaint]:
    """The matter has been registered so many times: one event, 1…n, one service incident, consequences once.

    Returns the tickets.
    """
    rows = of(intake)
    assert [row.sequence for row in rows] == list(range(1, times + 1))
    assert len({row.event_id for row in rows}) == 1
    assert len({row.customer_id for row in rows}) == 1
    assert len({row.number for row in rows}) == times
    # the running figure is the one of ticket numbers, which begins at 10001 (D22)
    assert all(int(row.number.rpartition("-")[2]) > 10_000 for row in rows)
    assert Event.objects.get(pk=rows[0].event_id).last_sequence == times
    for row in rows:
        assert row.owner_id is not None
        assert row.clock_id is not None
        assert row.rounds.count() == 1
    incidents = list(ServiceIncident.objects.filter(event_id=rows[0].event_id))
    if times < 2:
        assert incidents == []
        return rows
    (incident,) = incidents
    assert incident.state == "confirmed"
    linked = IncidentTicket.objects.filter(incident=incident).order_by("complaint_id")
    assert list(linked.values_list("complaint_id", flat=True)) == sorted(row.pk for row in rows)
    assert all(row.is_incident and row.rank == 0 for row in rows)
    for model, column in ((Sanction, "source_id"), (MeritDisqualification, "source_id")):
        drafts = model._default_manager.filter(**{column: incident.pk})
        targets = list(drafts.values_list("target_department", "target_employee"))
        assert targets == [(people.department("branch_east").pk, None)], model.__name__
    told = Notice.objects.filter(
        kind="complaints.serviceincident", object_id=incident.pk, user=crew.enterprise
    )
    # enterprise management hears of the second and of every further complaint, each time once
    assert told.count() == times - 1
    return rows
