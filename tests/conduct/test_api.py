"""Sanctions and lost merit in the API: four eyes, rights, errors in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import people
from tests.conduct.cases import drafted, proposal
from tests.conduct.test_queries import lost, of

pytestmark = pytest.mark.django_db
API = "/api/v1"


def client(*roles: str, **where: Any) -> APIClient:
    found = APIClient()
    found.force_authenticate(people.user(*roles, **where))
    return found


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
