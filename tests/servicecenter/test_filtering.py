"""An empty list says why it is empty; what is not understood narrows, and never widens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters
import pytest
from django.test import Client
from django.urls import get_resolver

from organization.models import Department
from servicecenter.filtering import ListFilter
from tests import people
from tests.complaints.cases import against_east, register

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "narrowed", "nothing", "not_found"),
    [
        ("/complaints/", "?state=closed", "No complaint is registered yet", "Nothing found"),
        ("/desk/?queue=all", "&category=late_delivery", "All open tickets", "No ticket fits these filters"),
        ("/claims/?queue=all", "&kind=loss", "No claim is open", "Nothing found"),
    ],
)
def test_an_empty_list_says_why_it_is_empty(path: str, narrowed: str, nothing: str, not_found: str) -> None:
    people.centre()
    browser = Client()
    browser.force_login(people.user("centre_manager", language="en"))
    whole = browser.get(path).content.decode()
    part = browser.get(path + narrowed).content.decode()
    assert not_found not in whole
    assert nothing in whole
    assert not_found in part


@pytest.mark.parametrize(
    "narrowed",
    [
        "department=no_such_place",
        "concerned=no_such_place",
        "queue=no_such_queue",
        "state=lost",
        "second=maybe",
        "registered_after=2026-13-45",
    ],
)
def test_a_value_that_is_not_valid_finds_nothing_and_says_so_where_it_stands(narrowed: str) -> None:
    people.centre()
    shown = register(people.user("agent"))
    browser = Client()
    browser.force_login(people.user("centre_manager", language="en"))
    whole = browser.get("/complaints/").content.decode()
    page = browser.get(f"/complaints/?{narrowed}").content.decode()
    name, value = narrowed.split("=")
    assert shown.number in whole
    assert "(not valid)" not in whole
    assert shown.number not in page
    assert "Nothing found" in page
    assert re.search(rf'<a class="chip bad" href="\?"[^>]*>.*{value} \(not valid\)', page), name


def test_a_department_that_has_been_closed_since_is_still_asked_for() -> None:
    people.centre()
    agent = people.user("agent", language="en")
    there = against_east(agent, waybill_number="86200000001")
    elsewhere = register(agent, waybill_number="86200000002", caller_telephone="13900000999")
    Department.objects.filter(code="branch_east").update(closed_on=date(2026, 11, 1))
    browser = Client()
    browser.force_login(people.user("centre_manager", language="en"))
    page = browser.get("/complaints/?concerned=branch_east").content.decode()
    assert there.number in page
    assert elsewhere.number not in page
    assert "East branch (closed)" in page
    whole = browser.get("/complaints/").content.decode()
    assert whole.count('<option value="branch_west">') == 2
    assert '<option value="branch_east">' not in whole


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/complaints/", "concerned"),
        ("/api/v1/complaints/", "department"),
        ("/api/v1/incidents/", "department"),
        ("/api/v1/claims/", "branch"),
        ("/api/v1/vouchers/", "branch"),
        ("/api/v1/sanctions/", "department"),
        ("/api/v1/waybills/", "origin"),
        ("/api/v1/reports/", "department"),
    ],
)
def test_the_api_takes_a_closed_department_and_refuses_one_that_never_was(path: str, name: str) -> None:
    people.centre()
    Department.objects.filter(code="branch_east").update(closed_on=date(2026, 11, 1))
    browser = Client()
    browser.force_login(people.user("centre_manager"))
    assert browser.get(path, {name: "branch_east"}).json()["results"] == []
    refused = browser.get(path, {name: "no_such_place"})
    assert (refused.status_code, [*refused.json()["fields"]]) == (400, [name])


def test_the_filters_of_every_list_share_this() -> None:
    def below(kind: type[Any]) -> Iterator[type[Any]]:
        for found in kind.__subclasses__():
            yield found
            yield from below(found)

    assert get_resolver().url_patterns  # every door has been read
    ours = {
        f"{kind.__module__}.{kind.__name__}"
        for kind in below(django_filters.FilterSet)
        if not kind.__module__.startswith(("django_filters", "tests"))
    }
    sharing = {f"{kind.__module__}.{kind.__name__}" for kind in below(ListFilter)}
    assert len(sharing) > 15
    assert ours - sharing == {"servicecenter.filtering.ListFilter"}
