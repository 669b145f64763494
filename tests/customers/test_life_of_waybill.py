"""One waybill, one line of life: its events, the contacts and complaints about it, its claims (WBL-09)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim
from complaints.models import Complaint
from complaints.services import register_chase
from customers import queries, services
from organization.models import User
from tests import people
from tests.claims import cases as claiming
from tests.complaints import cases as complaining
from tests.complaints.cases import Crew

pytestmark = pytest.mark.django_db
AT = complaining.AT


@pytest.fixture
def crew(db: None) -> Crew:
    """The centre, and a waybill that arrived, was complained of and asked after, and became a claim."""
    crew = Crew()
    ticket = complaining.register(crew.agent)
    bill = complaining.waybill()
    services.record_event(
        waybill=bill, kind="arrived", occurred_at=AT - timedelta(days=1), place="城东", by=None, at=AT
    )
    register_chase(complaint=ticket, answer="正在查", by=crew.agent, at=AT + timedelta(hours=1))
    claiming.opened(claiming.Crew(), at=AT + timedelta(days=1), bill=bill)
    return crew


def told(user: User) -> list[tuple[str, str]]:
    """What the line tells, newest first: the word for it, and the number it leads to."""
    row = complaining.waybill()
    return [
        (str(entry.event.get_kind_display()), "")
        if isinstance(entry, queries.Happening)
        else (entry.what, entry.number)
        for day in queries.life_line(queries.waybill_card(row, user), user)
        for entry in day.entries
    ]


def test_everything_that_happened_stands_on_one_line(crew: Crew) -> None:
    ticket, claim = Complaint.objects.get().number, Claim.objects.get().number
    assert told(crew.agent) == [("理赔", claim), ("催办", ticket), ("投诉单", ticket), ("到达", "")]


def test_each_day_is_named_once(crew: Crew) -> None:
    line = queries.life_line(queries.waybill_card(complaining.waybill(), crew.agent), crew.agent)
    assert [(day.day.isoformat(), len(day.entries)) for day in line] == [
        ("2026-11-19", 1),
        ("2026-11-18", 2),
        ("2026-11-17", 1),
    ]


def test_nobody_is_told_more_than_he_may_see(crew: Crew) -> None:
    """PRV-10: a branch sees its waybill's events, but neither others' tickets nor claims nor who called."""
    assert told(people.user("handler", department="branch_east")) == [("到达", "")]


def test_the_page_leads_to_the_ticket_and_the_claim(crew: Crew) -> None:
    web = Client()
    web.force_login(crew.agent)
    page = web.get(reverse("waybill", args=[complaining.WAYBILL])).content.decode()
    (line,) = re.findall(r'<ul class="tl">.*?</ul>', page, re.DOTALL)
    ticket = reverse("complaint-detail", args=[Complaint.objects.get().number])
    claim = reverse("claim-detail", args=[Claim.objects.get().number])
    assert [address for address in re.findall(r'href="([^"#]+)"', line) if "/waybills/" not in address] == [
        claim,
        ticket,
        ticket,
    ]


def test_the_page_asks_the_same_however_often_it_was_complained_of(crew: Crew) -> None:
    row = complaining.waybill()

    def statements() -> int:
        card = queries.waybill_card(row, crew.agent)
        with CaptureQueriesContext(connection) as asked:
            queries.life_line(card, crew.agent)
        return len(asked)

    statements()  # the user's rights are read once
    before = statements()
    ticket = Complaint.objects.get()
    for n in range(5):
        register_chase(complaint=ticket, answer=f"答复 {n}", by=crew.agent, at=AT + timedelta(hours=2 + n))
    assert statements() == before == 3
