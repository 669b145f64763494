"""Reports over the API: read by those who may, made once, failed ones tried again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from organization.models import User
from reports.models import ReportRun
from tests import people
from tests.reports import cases

pytestmark = pytest.mark.django_db
BASE = "/api/v1/reports/"
OCTOBER = {"code": "RPT-07", "period": "2026-10"}


@pytest.fixture
def leader() -> User:
    people.centre()
    return people.user("management")


def client(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def post(user: User, path: str, body: dict[str, Any], key: str = "") -> Any:
    head = {"Idempotency-Key": key} if key else {}
    return client(user).post(f"{BASE}{path}", body, content_type="application/json", headers=head)


def test_a_report_is_read_with_its_frozen_figures(leader: User) -> None:
    revision = cases.issued()
    listed = client(leader).get(f"{BASE}?code=RPT-07").json()["results"]
    assert [row["number"] for row in listed] == ["RPT-07-2026-10"]
    answer = client(leader).get(f"{BASE}RPT-07-2026-10/").json()
    assert answer["snapshot"] == revision.snapshot
    assert (answer["period"], answer["department"], answer["revision"]) == ("2026-10", None, 1)
    assert answer["revisions"][0]["sha256"] == revision.sha256
    assert client(leader).get(f"{BASE}RPT-07-2026-10/?revision=2").status_code == 404


def test_the_rows_behind_a_figure_are_told(leader: User) -> None:
    cases.issued()
    answer = client(leader).get(f"{BASE}RPT-07-2026-10/rows/?key=complaints.resolved").json()
    assert (answer["rows"], answer["next"]) == ([], None)
    assert answer["columns"][0] == "number"
    wrong = client(leader).get(f"{BASE}RPT-07-2026-10/rows/?key=users")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "report.no_sheet")


def test_a_report_is_asked_for_once_with_one_key(leader: User) -> None:
    first, then = (post(leader, "make/", OCTOBER, "k-1") for _n in range(2))
    assert first.status_code == then.status_code == 202
    assert first.json() == then.json()
    assert (first.json()["report"], first.json()["state"]) == ("RPT-07-2026-10", "waiting")
    assert ReportRun.objects.count() == 1


def test_what_stands_is_made_again_only_when_that_is_said(leader: User) -> None:
    cases.issued()
    refused = post(leader, "make/", OCTOBER)
    assert (refused.status_code, refused.json()["code"]) == (409, "report.exists")
    assert post(leader, "make/", OCTOBER | {"again": True}).status_code == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (OCTOBER | {"period": "october"}, 400),
        (OCTOBER | {"code": "RPT-XX"}, 400),
        (OCTOBER | {"department": "nowhere"}, 400),
    ],
)
def test_bad_input_is_told(leader: User, body: dict[str, Any], status: int) -> None:
    assert post(leader, "make/", body).status_code == status
    assert not ReportRun.objects.exists()


def test_who_may_make_reports_makes_only_those_that_he_reads(leader: User) -> None:
    inspector = people.user("inspector")
    assert post(inspector, "make/", OCTOBER).status_code == 403
    assert post(inspector, "make/", {"code": "RPT-02", "period": "2026-10"}).status_code == 202
    assert post(people.user("agent"), "make/", OCTOBER).status_code == 403
