"""Sanctions and lost merit in the API: four eyes, rights, errors in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from conduct.models import MeritIssue, Sanction
from tests import people
from tests.complaints.cases import register
from tests.conduct.cases import drafted, proposal
from tests.conduct.test_queries import lost, of
from tests.doors import api as client

pytestmark = pytest.mark.django_db
API = "/api/v1"


def test_without_a_token_nothing_is_told() -> None:
    assert APIClient().get(f"{API}/sanctions/").status_code == 401
    assert APIClient().get(f"{API}/merit/").status_code == 401


def test_the_list_shows_what_one_may_see_and_do() -> None:
    (east,) = drafted(of("branch_east"))
    (other,) = drafted(of("settlement"))
    rows = client("department_manager", department="branch_east").get(f"{API}/sanctions/").json()["results"]
    assert [(row["number"], row["department"], row["allowed_actions"]) for row in rows] == [
        (east.number, "branch_east", [])
    ]
    rows = client("inspector").get(f"{API}/sanctions/?state=proposed").json()["results"]
    assert {row["number"] for row in rows} == {east.number, other.number}
    assert client("inspector").get(f"{API}/sanctions/?state=settled").json()["results"] == []
    assert client("inspector").get(f"{API}/sanctions/?state=nonsense").status_code == 400
    assert client("agent").get(f"{API}/sanctions/").json()["results"] == []


def test_a_foreign_sanction_is_not_there() -> None:
    (row,) = drafted(of("settlement"))
    foreign = client("department_manager", department="branch_east")
    assert foreign.get(f"{API}/sanctions/{row.number}/").status_code == 404
    assert foreign.post(f"{API}/sanctions/{row.number}/confirm/").status_code == 404


def test_two_people_set_and_confirm() -> None:
    """SAN-10."""
    (row,) = drafted(of("branch_east"))
    url = f"{API}/sanctions/{row.number}"
    first, second = client("inspector"), client("inspector")
    body = {"amount": "200.00", "reason": "情节一般"}
    assert first.post(f"{url}/set_amount/", body, format="json").json()["amount"] == "200.00"
    refused = first.post(f"{url}/confirm/")
    assert (refused.status_code, refused.json()["code"]) == (409, "sanction.four_eyes_amount")
    assert second.post(f"{url}/confirm/", {"version": 1}, format="json").json()["code"] == "lifecycle.stale"
    assert second.post(f"{url}/confirm/", {"version": 2}, format="json").json()["state"] == "confirmed"
    assert second.post(f"{url}/settle/").json()["state"] == "settled"
    assert second.post(f"{url}/withdraw/", {"reason": "x"}, format="json").status_code == 409
    row.refresh_from_db()
    assert (row.state, row.amount) == ("settled", Decimal("200.00"))


def test_the_same_key_confirms_once() -> None:
    row = proposal(people.user("supervisor"))
    api = client("inspector")
    answers = [
        api.post(
            f"{API}/sanctions/{row.number}/confirm/", {}, format="json", headers={"Idempotency-Key": "k"}
        )
        for _n in range(2)
    ]
    assert [answer.json()["version"] for answer in answers] == [2, 2]
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.parametrize(
    ("role", "path", "body", "status", "code"),
    [
        ("supervisor", "confirm/", {}, 403, "lifecycle.no_right"),
        ("controller", "set_amount/", {"amount": "60"}, 403, "lifecycle.no_right"),
        ("inspector", "set_amount/", {"amount": "500"}, 409, "sanction.range"),
        ("inspector", "set_amount/", {"amount": "x"}, 400, "invalid"),
        ("inspector", "withdraw/", {}, 400, "invalid"),
        ("inspector", "settle/", {}, 409, "lifecycle.wrong_state"),
    ],
)
def test_a_refusal_is_told_in_words_and_changes_nothing(
    role: str, path: str, body: dict[str, str], status: int, code: str
) -> None:
    row = proposal(people.user("supervisor"))
    answer = client(role).post(f"{API}/sanctions/{row.number}/{path}", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    row.refresh_from_db()
    assert (row.version, row.amount) == (1, Decimal("80.00"))


def test_lost_merit_is_listed_by_month_and_department() -> None:
    lost(of("branch_east"), of("settlement"))
    api = client("inspector")
    assert len(api.get(f"{API}/merit/?month=2026-11").json()["results"]) == 2
    rows = api.get(f"{API}/merit/?month=2026-11&department=branch_east").json()["results"]
    assert [(row["department"], row["month"], row["source_number"]) for row in rows] == [
        ("branch_east", "2026-11-01", "SG2611-1203")
    ]
    assert api.get(f"{API}/merit/?month=2026-10").json()["results"] == []
    assert client("agent").get(f"{API}/merit/").json()["results"] == []


def test_a_sanction_is_proposed_because_of_a_ticket_once_per_key() -> None:
    """SAN-10."""
    ticket = register(people.user("agent"))
    body = {
        "violation": "SAN-05",
        "source_kind": "complaints.complaint",
        "source_number": ticket.number,
        "department": "branch_east",
        "month": "2026-11-20",
    }
    api = client("supervisor")
    answers = [
        api.post(f"{API}/sanctions/", body, format="json", headers={"Idempotency-Key": "k"})
        for _n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    row = Sanction.objects.get(number=answers[0].json()["number"])
    assert (row.state, row.source_id, row.source_number) == ("proposed", ticket.pk, ticket.number)
    assert (f"{row.month}", row.target_department.code) == ("2026-11-01", "branch_east")


@pytest.mark.parametrize(
    ("role", "change", "status", "field"),
    [
        ("agent", {}, 403, ""),
        ("supervisor", {"source_number": "TS0"}, 400, "source_number"),
        ("supervisor", {"source_kind": "nonsense"}, 400, "source_number"),
        ("supervisor", {"department": None}, 400, "employee"),
        ("supervisor", {"violation": "no-such"}, 400, "violation"),
        ("supervisor", {"month": "2026-13"}, 400, "month"),
    ],
)
def test_a_proposal_without_right_reason_or_target_is_refused(
    role: str, change: dict[str, Any], status: int, field: str
) -> None:
    body = {
        "violation": "SAN-05",
        "source_kind": "complaints.complaint",
        "source_number": register(people.user("agent")).number,
        "department": "branch_east",
        "month": "2026-11-20",
    }
    answer = client(role).post(f"{API}/sanctions/", body | change, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field] if field else [])
    assert not Sanction.objects.exists()


def test_the_merit_list_of_a_month_that_is_over_is_issued_once() -> None:
    """SAN-19."""
    api = client("inspector")
    issued = api.post(f"{API}/merit/issue/", {"month": "2026-10-15"}, format="json")
    assert (issued.status_code, issued.json()["month"]) == (201, "2026-10-01")
    again = api.post(f"{API}/merit/issue/", {"month": "2026-10-01"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "merit.already_issued")
    for month in ("2999-01-01", "9999-12-31"):
        running = api.post(f"{API}/merit/issue/", {"month": month}, format="json")
        assert (running.status_code, running.json()["code"]) == (409, "merit.month_running")
    assert client("supervisor").post(f"{API}/merit/issue/", {"month": "2026-09-01"}).status_code == 403
    assert MeritIssue.objects.count() == 1
