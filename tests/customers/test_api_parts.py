"""What belongs to a customer in the API, and the file closed, opened and entrusted (CUS-01, CUS-04, PRV-01)."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests import people
from tests.customers import samples
from tests.doors import api as client

pytestmark = pytest.mark.django_db
API = "/api/v1/customers"


@pytest.fixture
def row() -> Customer:
    return samples.customer()


def of(row: Customer, api: APIClient) -> Any:
    return api.get(f"{API}/{row.number}/").json()


def test_a_contact_person_is_added_changed_and_removed(row: Customer) -> None:
    api = client("agent")
    url = f"{API}/{row.number}/contact_people/"
    made = api.post(url, {"name": "王会计", "is_finance": True, "telephone": "137 1111 2222"}, format="json")
    assert (made.status_code, made.json()["is_finance"]) == (201, True)
    one = f"{url}{made.json()['id']}/"
    assert [line["contact_person"] for line in of(row, api)["telephones"]] == ["刘海涛", "王会计"]
    changed = api.put(one, {"name": "王会计", "role_title": "出纳"}, format="json")
    assert (changed.status_code, changed.json()["role_title"], changed.json()["is_finance"]) == (
        200,
        "出纳",
        False,
    )
    stale = api.put(one, {"name": "王", "version": 1}, format="json")
    assert (stale.status_code, stale.json()["code"]) == (409, "lifecycle.stale")
    assert api.delete(f"{one}?version=1").status_code == 409
    assert api.delete(one).status_code == 204
    assert [person["name"] for person in of(row, api)["contact_people"]] == ["刘海涛"]
    assert len(of(row, api)["telephones"]) == 1


def test_a_number_is_given_to_a_person_of_this_customer_and_removed(row: Customer) -> None:
    api = client("agent")
    url = f"{API}/{row.number}/telephones/"
    person = row.contact_people.get()
    made = api.post(url, {"number": "13711112222", "contact_person": person.pk}, format="json")
    assert (made.status_code, made.json()["contact_person"]) == (201, person.name)
    stranger = samples.customer("别家", telephone="13600000099").contact_people.get()
    assert (
        api.post(url, {"number": "13711113333", "contact_person": stranger.pk}, format="json").status_code
        == 404
    )
    assert api.delete(f"{url}{made.json()['id']}/").status_code == 204
    assert row.telephones.count() == 1


def test_an_address_is_shown_masked(row: Customer) -> None:
    """PRV-02."""
    api = client("agent")
    url = f"{API}/{row.number}/addresses/"
    made = api.post(url, {"text": "杭州市滨江区江南大道 100 号", "label": "仓库"}, format="json")
    assert made.status_code == 201
    assert "100 号" not in api.get(f"{API}/{row.number}/").content.decode()
    again = api.post(url, {"text": "杭州市滨江区江南大道 100 号"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "address.twice")
    assert api.delete(f"{url}{made.json()['id']}/").status_code == 204
    assert of(row, api)["addresses"] == []


def test_consent_is_recorded_and_ends(row: Customer) -> None:
    """PRV-01."""
    api = client("agent")
    url = f"{API}/{row.number}/consents/"
    made = api.post(url, {"purpose": "surveys", "given_on": "2026-11-01"}, format="json")
    assert (made.status_code, made.json()["until"]) == (201, None)
    one = f"{url}{made.json()['id']}/end/"
    early = api.post(one, {"until": "2026-10-01"}, format="json")
    assert (early.status_code, early.json()["code"]) == (400, "consent.dates")
    assert api.post(one, {"until": "2026-11-20"}, format="json").json()["until"] == "2026-11-20"


def test_the_same_key_adds_a_person_once(row: Customer) -> None:
    api = client("agent")
    for _n in range(2):
        api.post(
            f"{API}/{row.number}/contact_people/",
            {"name": "王会计"},
            format="json",
            headers={"Idempotency-Key": "k"},
        )
    assert row.contact_people.count() == 2


def test_the_file_is_closed_and_opened_again(row: Customer) -> None:
    """CUS-04."""
    api = client("agent")
    url = f"{API}/{row.number}"
    closed = api.post(f"{url}/close/", {"reason": "倒闭"}, format="json").json()
    assert (closed["standing"], "reopen" in closed["allowed_actions"]) == ("closed", True)
    assert "close" not in closed["allowed_actions"]
    assert api.post(f"{url}/contact_people/", {"name": "王"}, format="json").status_code == 403
    assert api.post(f"{url}/close/", {"reason": "再关"}, format="json").status_code == 403
    opened = api.post(f"{url}/reopen/", {}, format="json").json()
    assert opened["standing"] != "closed"
    again = api.post(f"{url}/reopen/", {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "customer.not_closed")


def test_the_customer_is_entrusted_to_an_account_manager_or_to_nobody(row: Customer) -> None:
    manager, other = people.user("account_manager"), people.user("agent")
    api = client("business_manager")
    url = f"{API}/{row.number}/entrust/"
    number = manager.employee.work_number
    assert api.post(url, {"account_manager": number}, format="json").json()["account_manager"] == number
    wrong = api.post(url, {"account_manager": other.employee.work_number}, format="json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["account_manager"])
    assert api.post(url, {"account_manager": None}, format="json").json()["account_manager"] is None
    assert client("agent").post(url, {"account_manager": None}, format="json").status_code == 403


def test_who_does_not_see_the_customer_finds_none_of_its_parts(row: Customer) -> None:
    api = client("handler")
    person = row.contact_people.get()
    assert api.delete(f"{API}/{row.number}/contact_people/{person.pk}/").status_code == 404
    assert api.post(f"{API}/{row.number}/addresses/", {"text": "x"}, format="json").status_code == 404
    assert row.contact_people.count() == 1
