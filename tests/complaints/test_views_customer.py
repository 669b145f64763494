"""The head of a customer's page warns of a service incident in the running month (CMP-40, SAN-19)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from complaints.models import ServiceIncident
from complaints.queries.life import alerts_of_customer
from organization.models import User
from servicecenter.clock import now_db
from tests import people
from tests.complaints.cases import Crew, against_east, register
from tests.doors import client_of, shown

pytestmark = pytest.mark.django_db


def incident_of_customer(crew: Crew, at: datetime | None = None) -> tuple[ServiceIncident, int]:
    """A second complaint (of today), and the customer whose it is."""
    now = at or now_db()
    against_east(crew.agent, at=now)
    second = against_east(crew.agent, at=now)
    assert second.customer_id is not None
    return second.incidents.get(), second.customer_id


def test_a_confirmed_service_incident_of_this_month_stands_in_the_head_of_the_page() -> None:
    crew = Crew()
    incident, customer_id = incident_of_customer(crew)
    page = shown(client_of(crew.agent).get(f"/customers/{incident.complaints.first().customer.number}/"))  # type: ignore[union-attr]
    head = page.split("<h1>")[1].split("</h1>")[0]
    assert f"/incidents/{incident.number}/" in head
    (alert,) = alerts_of_customer(customer_id=customer_id, user=crew.agent)
    assert (alert.url, alert.tone) == (f"/incidents/{incident.number}/", "red")


def _of(user: User, customer_id: int) -> int:
    return len(alerts_of_customer(customer_id=customer_id, user=user))


def test_one_of_last_month_and_a_suspected_one_do_not() -> None:
    crew = Crew()
    _owner = crew.supervisor
    _incident, customer_id = incident_of_customer(crew, at=now_db() - timedelta(days=40))
    assert _of(crew.agent, customer_id) == 0


def test_one_that_is_only_suspected_does_not() -> None:
    crew = Crew()
    _owner = crew.supervisor
    first = against_east(crew.agent, at=now_db())
    second = register(None, at=now_db(), channel="online")
    assert [incident.state for incident in second.incidents.all()] == ["suspected"]
    assert first.customer_id is not None
    assert _of(crew.agent, first.customer_id) == 0


def test_who_may_not_see_service_incidents_is_not_told() -> None:
    crew = Crew()
    _incident, customer_id = incident_of_customer(crew)
    assert _of(people.user("storekeeper"), customer_id) == 0


def test_a_customer_who_complained_once_has_none() -> None:
    crew = Crew()
    first = register(crew.agent, at=now_db())
    assert first.customer_id is None or _of(crew.agent, first.customer_id) == 0
