"""Lists taken away as files: incidents, follow-ups, sanctions, merit, people; masked as the pages, logged (PRV-04)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conduct.models import Sanction
from servicecenter.models import TrailEntry
from tests import people
from tests.complaints import cases
from tests.complaints.cases import Crew
from tests.doors import client, client_of

pytestmark = pytest.mark.django_db
Lines = list[list[str]]


def taken(browser: Client, name: str, query: str = "", form: str = "csv") -> Any:
    return browser.post(reverse(name) + query, {"form": form})


def lines(answer: Any) -> Lines:
    """Heads, rows and the signature of a CSV."""
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [line for line in csv.reader(io.StringIO(text)) if line]


@pytest.fixture
def incident(crew: Crew) -> Any:
    """A second complaint against the east branch, with the consequences that follow from it."""
    cases.against_east(crew.agent)
    second = cases.against_east(crew.other, at=cases.after(hours=30), category="no_feedback")
    return second.incident_links.get().incident


def test_incidents_with_what_the_page_shows(crew: Crew, incident: Any) -> None:
    browser = client_of(crew.supervisor)
    head, row, signature = lines(taken(browser, "incident-export"))
    shown = dict(zip(head, row, strict=True))
    assert row[0] == incident.number
    assert {"2", f"{incident.month:%Y-%m}"} <= set(shown.values())
    assert crew.supervisor.work_number in signature[0]
    assert TrailEntry.objects.filter(code="export", by=crew.supervisor).count() == 1
    assert reverse("incident-export") in browser.get(reverse("incident-list")).content.decode()
    assert lines(taken(browser, "incident-export", "?state=withdrawn"))[1:-1] == []
    for month, count in ((f"{incident.month:%Y-%m}", 1), ("2020-01", 0), ("2026-²", 0), ("²", 0)):
        assert len(lines(taken(browser, "incident-export", f"?month={month}"))[1:-1]) == count, month


def test_follow_ups_with_masked_telephones(crew: Crew) -> None:
    """PRV-02."""
    row = cases.notified(crew)
    head, line, _signature = lines(taken(client_of(crew.supervisor), "follow-up-export"))
    assert row.number in line
    assert "139****0421" in line
    assert cases.TELEPHONE not in str(line)
    assert len(head) == len(line)


def test_sanctions_with_the_state_that_the_page_opens_with(crew: Crew, incident: Any) -> None:
    inspector = client("inspector")
    proposed = set(Sanction.objects.filter(state="proposed").values_list("number", flat=True))
    assert proposed
    assert {line[0] for line in lines(taken(inspector, "sanction-export"))[1:-1]} == proposed
    assert lines(taken(inspector, "sanction-export", "?state=settled"))[1:-1] == []
    assert reverse("sanction-export") in inspector.get(reverse("sanction-list")).content.decode()


def test_the_merit_list_of_the_month_shown(crew: Crew, incident: Any) -> None:
    month = f"{incident.month:%Y-%m}"
    inspector = client("inspector")
    rows = lines(taken(inspector, "merit-export", f"?month={month}"))[1:-1]
    assert {row[0] for row in rows} == {month}
    assert {row[4] for row in rows} == {incident.number}
    assert lines(taken(inspector, "merit-export", "?month=2020-01"))[1:-1] == []
    assert reverse("merit-export") in inspector.get(reverse("merit") + f"?month={month}").content.decode()


def test_people_with_login_and_roles() -> None:
    boss = people.user("centre_manager")
    colleague = people.user("handler", name="钱进")
    head, *rows, _signature = lines(taken(client_of(boss), "people-export", "?q=钱进"))
    assert [row[:2] for row in rows] == [["钱进", colleague.work_number]]
    assert len(rows[0]) == len(head)
    assert rows[0][4]
    answer = taken(client_of(boss), "people-export", form="xlsx")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("incident-export", "agent"),
        ("follow-up-export", "agent"),
        ("sanction-export", "controller"),
        ("merit-export", "controller"),
        ("people-export", "agent"),
    ],
)
def test_who_may_read_a_list_may_not_take_it_away(name: str, role: str) -> None:
    browser = client(role)
    page = name.replace("-export", "" if name.startswith("merit") else "-list")
    assert reverse(name) not in browser.get(reverse(page)).content.decode()
    assert taken(browser, name).status_code == 403
    assert not TrailEntry.objects.filter(code="export").exists()


def test_an_export_is_never_a_get() -> None:
    browser = client("centre_manager", "inspector")
    for name in ("incident-export", "follow-up-export", "sanction-export", "merit-export", "people-export"):
        assert browser.get(reverse(name)).status_code == 405
