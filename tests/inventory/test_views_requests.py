"""Requests for item codes as pages and in the API: from the item that was not found to its code (INV-16)."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Item, ItemRequest
from organization.models import User
from tests.doors import client_of, shown
from tests.inventory.stores import Stores
from tests.inventory.test_services_requests import asked, passed, pictures

pytestmark = pytest.mark.django_db

LIST = "/stock/item-requests/"


def there(row: ItemRequest, act: str = "") -> str:
    return f"{LIST}{row.number}/" + (f"{act}/" if act else "")


def form(s: Stores, by: User, **more: Any) -> dict[str, Any]:
    words = {
        "warehouse": s.sound.code,
        "name": "扭力倍增器",
        "spec": "NB-1500",
        "unit": "台",
        "item_class": "tool",
    }
    return words | {"reason": "塔筒螺栓复检"} | pictures(by) | more


def test_an_item_that_is_not_found_leads_to_the_request(s: Stores) -> None:
    keeper = client_of(s.keeper)
    for page in ("/stock/items/?q=扭力倍增器", f"/stock/items/pick/?q=扭力倍增器&warehouse={s.sound.code}"):
        assert f"{LIST}new/?name=%E6%89%AD%E5%8A%9B" in shown(keeper.get(page))
    assert 'value="扭力倍增器"' in shown(keeper.get(f"{LIST}new/?name=扭力倍增器&warehouse={s.sound.code}"))


def test_whoever_keeps_no_store_is_not_led_there(s: Stores) -> None:
    assert f"{LIST}new/" not in shown(client_of(s.planner).get("/stock/items/?q=扭力倍增器"))


def test_site_department_and_business_management_do_their_part_on_the_page(s: Stores) -> None:
    keeper, accountant, chief = client_of(s.keeper), client_of(s.accountant), client_of(s.chief)
    answer = keeper.post(f"{LIST}new/", form(s, s.keeper))
    row = ItemRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, there(row))
    page = shown(keeper.get(there(row)))
    assert page.count("<img") == 3
    assert there(row, "withdraw") in page
    assert there(row, "pass-on") not in page
    assert row.number in shown(accountant.get(f"{LIST}?state=mine"))
    assert accountant.post(there(row, "pass-on"), {"version": row.version}).status_code == 302
    assert row.number not in shown(accountant.get(f"{LIST}?state=mine"))
    assert row.number in shown(chief.get(f"{LIST}?state=mine"))
    dialog = shown(chief.get(there(row, "grant")))
    assert 'value="扭力倍增器"' in dialog
    code = {
        "code": "gj-08001", "name_hans": "扭力倍增器", "spec": "NB-1500", "unit": "台", "item_class": "tool",
        "repair_class": "none", "version": 2,
    }  # fmt: skip
    assert chief.post(there(row, "grant"), code).status_code == 302
    assert "GJ-08001" in shown(keeper.get(there(row)))
    assert Item.objects.get(code="GJ-08001").request == row


def test_what_was_typed_and_the_pictures_come_back_with_a_refused_form(s: Stores) -> None:
    page = shown(client_of(s.keeper).post(f"{LIST}new/", form(s, s.keeper, plate=[])), 422)
    assert "扭力倍增器" in page
    assert page.count('type="hidden" name="far"') == page.count('type="hidden" name="near"') == 1
    assert not ItemRequest.objects.exists()


def test_a_second_press_says_that_it_was_passed_on_already(s: Stores) -> None:
    row = passed(s)
    page = shown(client_of(s.accountant).post(there(row, "pass-on"), {"version": 1}), 409)
    assert 'role="alert"' in page


def test_a_refusal_is_read_by_whoever_asked(s: Stores) -> None:
    row = asked(s)
    assert client_of(s.accountant).post(there(row, "refuse"), {"reason": "已有 GJ-01042"}).status_code == 302
    assert "已有 GJ-01042" in shown(client_of(s.keeper).get(there(row)))


def test_the_api_goes_the_same_way(s: Stores) -> None:
    keeper, accountant, chief = client_of(s.keeper), client_of(s.accountant), client_of(s.chief)
    door, kind = "/api/v1/stock/item-requests/", "application/json"
    made = keeper.post(door, form(s, s.keeper), content_type=kind)
    assert made.status_code == 201, made.json()
    number = made.json()["number"]
    assert made.json()["allowed_actions"] == ["withdraw"]
    assert {slot: len(files) for slot, files in made.json()["photos"].items()} == {
        "far": 1,
        "near": 1,
        "plate": 1,
    }
    assert accountant.post(f"{door}{number}/pass_on/", {}, content_type=kind).json()["state"] == "passed"
    granted = chief.post(f"{door}{number}/grant/", {"code": "GJ-08001"}, content_type=kind)
    assert (granted.json()["state"], granted.json()["item"]) == ("granted", "GJ-08001")
    again = chief.post(f"{door}{number}/refuse/", {"reason": "x"}, content_type=kind)
    assert again.status_code == 409
