"""Clocks in the API: read only, what one may see, narrowed by explicit filters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from deadlines import services
from deadlines.choices import ClockKind
from servicecenter.clock import now_db
from tests import people
from tests.doors import api as client

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
URL = "/api/v1/clocks/"


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["subject_number"] for row in answer.json()["results"]]


def test_the_earliest_due_comes_first(running):
    now = now_db()
    late, early = running("resolution", at=now), running("routing", at=now)
    assert numbers(client("agent").get(URL)) == [early.number, late.number]


def test_a_clock_says_what_it_is_and_whether_it_is_overdue_now(running):
    owner = people.user("agent")
    clock = running("resolution", at=now_db() - 25 * H, owner=owner, round=2)
    row = client("agent").get(f"{URL}{clock.pk}/").json()
    assert (row["kind"], row["state"], row["round"]) == ("resolution", "running", 2)
    assert row["kind_label"] == str(ClockKind.RESOLUTION.label)
    assert (row["department"], row["owner"], row["limit_seconds"]) == (
        "service_centre",
        owner.work_number,
        86_400,
    )
    assert (row["is_overdue"], row["allowed_actions"], row["ended_at"]) == (True, [], None)
    assert [(step["kind"], step["fired_at"]) for step in row["steps"]] == [
        ("warning", None), ("breach", None), ("ladder_manager", None), ("ladder_enterprise", None),
    ]  # fmt: skip


def test_void_steps_are_not_shown(running):
    clock = running("resolution", at=now_db())
    services.rebase(clock, due_at=clock.due_at + H, by=None)
    row = client("agent").get(f"{URL}{clock.pk}/").json()
    assert len(row["steps"]) == 4
    assert row["steps"][1]["due_at"] == row["due_at"]


def test_clocks_are_narrowed_by_state_kind_due_and_number(running):
    now = now_db()
    over = running("statement", at=now - 5 * H)
    soon = running("routing", at=now)
    met = services.meet(running("resolution", at=now), by=None)
    api = client("controller")
    assert numbers(api.get(URL, {"state": "met"})) == [met.number]
    assert numbers(api.get(URL, {"kind": ["routing", "statement"]})) == [over.number, soon.number]
    assert numbers(api.get(URL, {"overdue": "true"})) == [over.number]
    assert numbers(api.get(URL, {"overdue": "false"})) == [soon.number, met.number]
    assert numbers(api.get(URL, {"is_open": "true"})) == [over.number, soon.number]
    assert numbers(api.get(URL, {"due_before": now.isoformat()})) == [over.number]
    assert numbers(api.get(URL, {"due_after": now.isoformat(), "is_open": "true"})) == [soon.number]
    assert numbers(api.get(URL, {"number": soon.number})) == [soon.number]


@pytest.mark.parametrize("query", [{"state": "asleep"}, {"due_before": "yesterday"}, {"kind": "lunch"}])
def test_a_filter_that_makes_no_sense_is_told(running, query):
    answer = client("agent").get(URL, query)
    assert answer.status_code == 400
    assert list(query) == list(answer.json()["fields"])


def test_a_foreign_clock_is_not_there(running):
    clock = running("resolution", at=now_db())
    api = client("handler", department="branch_east")
    assert numbers(api.get(URL)) == []
    assert api.get(f"{URL}{clock.pk}/").status_code == 404


def test_without_login_there_is_nothing(running):
    assert APIClient().get(URL).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_clock_is_not_changed_here(running, method):
    clock = running("resolution", at=now_db())
    assert getattr(client("administrator"), method)(f"{URL}{clock.pk}/", {}, format="json").status_code == 405


def test_a_page_takes_as_many_queries_whatever_it_holds(running, django_assert_max_num_queries):
    for _n in range(12):
        running("resolution", at=now_db(), owner=people.user("agent"))
    api = client("controller")
    with django_assert_max_num_queries(4):
        assert len(numbers(api.get(URL))) == 12
