"""Customers, waybills and the look-up in the API: rights, masking, idempotency, errors in words."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers import services
from customers.models import Customer, Waybill, WaybillEvent
from tests import people
from tests.customers import samples
from tests.doors import api as client

pytestmark = pytest.mark.django_db
AT = samples.AT
API = "/api/v1"
FACTS = {
    "shipped_on": "2026-11-10", "consignor_name": "华茂五金", "consignor_telephone": "139 0000 0421",
    "consignee_name": "周小芸", "origin_text": "杭州", "destination": "branch_east", "goods": "五金件", "pieces": 30,
}  # fmt: skip


def test_without_a_token_nothing_is_told() -> None:
    for path in ("customers/", "waybills/", "lookup/?q=13900000421"):
        assert APIClient().get(f"{API}/{path}").status_code == 401


class TestCustomers:
    def test_the_list_and_one_customer_show_masked_numbers(self) -> None:
        row = samples.customer(tier="A")
        samples.person()
        api = client("agent")
        listed = api.get(f"{API}/customers/?tier=A").json()["results"]
        assert [item["number"] for item in listed] == [row.number]
        one = api.get(f"{API}/customers/{row.number}/")
        assert one.json()["telephones"][0]["number"] == "139****0421"
        assert one.json()["telephones"][0]["contact_person"] == "刘海涛"
        assert "13900000421" not in one.content.decode()
        assert one.json()["allowed_actions"] == ["change", "mark_difficult", "close"]

    def test_who_may_not_see_customers_finds_none(self) -> None:
        row = samples.customer()
        api = client("handler")
        assert api.get(f"{API}/customers/").json()["results"] == []
        assert api.get(f"{API}/customers/{row.number}/").status_code == 404
        assert api.post(f"{API}/customers/", {"name": "x"}, format="json").status_code == 403

    def test_a_customer_is_registered_once_per_key(self) -> None:
        api = client("agent")
        body = {"name": "新禾食品", "telephone": "139 0000 3308"}
        first = api.post(f"{API}/customers/", body, format="json", headers={"Idempotency-Key": "k-1"})
        again = api.post(f"{API}/customers/", body, format="json", headers={"Idempotency-Key": "k-1"})
        other = api.post(
            f"{API}/customers/", {"name": "别家"}, format="json", headers={"Idempotency-Key": "k-1"}
        )
        assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
        assert again.json()["number"] == first.json()["number"]
        assert Customer.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "status", "code", "field"),
        [
            ({"name": "x", "telephone": "1390000"}, 400, "telephone.too_short", "telephone"),
            ({}, 400, "invalid", "name"),
            ({"name": "长" * 121}, 400, "invalid", "name"),
            ({"name": "x", "kind": "robot"}, 400, "invalid", "kind"),
        ],
    )
    def test_bad_input_is_told_in_words_at_its_field(
        self, body: dict[str, str], status: int, code: str, field: str
    ) -> None:
        answer = client("agent").post(f"{API}/customers/", body, format="json")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["fields"][field]
        assert answer.json()["message"]
        assert not Customer.objects.exists()

    def test_a_stale_change_is_a_conflict(self) -> None:
        row = samples.customer()
        api = client("agent")
        url = f"{API}/customers/{row.number}/"
        assert api.patch(url, {"version": 1, "region": "华南"}, format="json").json()["version"] == 2
        answer = api.patch(url, {"version": 1, "region": "华北"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (409, "lifecycle.stale")
        row.refresh_from_db()
        assert row.region == "华南"

    def test_marking_takes_two_people(self) -> None:
        """CUS-03."""
        row = samples.person()
        url = f"{API}/customers/{row.number}"
        assert (
            client("agent").post(f"{url}/mark_difficult/", {"reason": "拒付"}, format="json").status_code
            == 200
        )
        assert client("agent").post(f"{url}/confirm_mark/").status_code == 403
        answer = client("supervisor").post(f"{url}/confirm_mark/")
        assert answer.json()["difficult_mark"] == "confirmed"
        answer = client("supervisor").post(f"{url}/lift_mark/", {"reason": "查明非本人"}, format="json")
        assert answer.json()["difficult_mark"] == "none"

    def test_a_number_is_added_normalised(self) -> None:
        row = samples.person()
        url = f"{API}/customers/{row.number}/telephones/"
        answer = client("agent").post(url, {"number": "０５７１-88996677"}, format="json")
        assert (answer.status_code, answer.json()["number"]) == (201, "0571****6677")
        assert (
            client("agent").post(url, {"number": "057188996677"}, format="json").json()["code"]
            == "telephone.twice"
        )


class TestWaybills:
    def test_a_stub_its_facts_its_money_and_its_events(self) -> None:
        """WBL-02, WBL-05, WBL-08."""
        people.centre()
        api = client("agent")
        made = api.post(f"{API}/waybills/", {"number": "8620 4417 309"}, format="json")
        assert (made.status_code, made.json()["is_stub"], made.json()["source"]) == (201, True, "api")
        url = f"{API}/waybills/86204417309"
        done = api.post(f"{url}/complete/", FACTS, format="json").json()
        assert (done["is_stub"], done["destination"], done["consignor_telephone"]) == (
            False, "branch_east", "139****0421",
        )  # fmt: skip
        money = api.post(f"{url}/cod/", {"state": "collected", "amount": "4860.00"}, format="json").json()
        assert (money["cod_state"], money["cod_amount"]) == ("collected", "4860.00")
        event = {"kind": "arrived", "occurred_at": "2026-11-12T08:30:00+08:00", "place": "城西"}
        first = api.post(f"{url}/events/", event, format="json").json()
        again = api.post(f"{url}/events/", event, format="json").json()
        assert first["id"] == again["id"]
        right = api.post(
            f"{url}/events/", {**event, "place": "城东", "corrects": first["id"]}, format="json"
        ).json()
        events = api.get(f"{url}/").json()["events"]
        assert [(item["place"], item["corrects"]) for item in events] == [
            ("城西", None),
            ("城东", first["id"]),
        ]
        assert right["id"] == events[1]["id"]
        assert WaybillEvent.objects.count() == 2

    def test_a_known_number_answers_with_its_waybill(self) -> None:
        row = samples.waybill()
        answer = client("agent").post(f"{API}/waybills/", {"number": "８６２０４４１７３０９"}, format="json")
        assert (answer.json()["number"], answer.json()["is_stub"]) == (row.number, False)

    @pytest.mark.parametrize(
        ("path", "body", "status", "code"),
        [
            ("complete/", {**FACTS, "consignee_telephone": "150"}, 409, "rules"),
            ("complete/", {**FACTS, "destination": "nowhere"}, 400, "invalid"),
            ("complete/", {**FACTS, "pieces": 0}, 400, "invalid"),
            ("complete/", {key: FACTS[key] for key in ("goods", "pieces")}, 400, "invalid"),
            ("cod/", {"state": "due"}, 400, "cod.amount_needed"),
            ("cod/", {"state": "lost"}, 400, "invalid"),
            ("events/", {"kind": "arrived", "occurred_at": "2999-01-01T00:00:00Z"}, 400, "event.future"),
            ("events/", {"kind": "arrived", "occurred_at": "2026-11-12T00:00:00Z", "corrects": 1}, 409,
             "event.stranger"),
        ],
    )  # fmt: skip
    def test_bad_input_changes_nothing(self, path: str, body: dict[str, Any], status: int, code: str) -> None:
        people.centre()
        row = services.register_stub_waybill(number="86204417309", by=None, at=AT)
        answer = client("agent").post(f"{API}/waybills/{row.number}/{path}", body, format="json")
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
        row.refresh_from_db()
        assert (row.is_stub, row.cod_state, row.events.count()) == (True, "unknown", 0)

    def test_a_malformed_number_says_what_lacks(self) -> None:
        answer = client("agent").post(f"{API}/waybills/", {"number": "86204417"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "waybill_number.lacking")
        assert "3" in answer.json()["fields"]["waybill"][0]
        assert not Waybill.objects.exists()

    def test_a_foreign_branch_finds_nothing_and_a_reader_writes_nothing(self) -> None:
        samples.waybill(destination_id=people.department("branch_west").pk)
        foreign = client("handler", department="branch_east")
        assert foreign.get(f"{API}/waybills/86204417309/").status_code == 404
        own = client("handler", department="branch_west")
        assert own.get(f"{API}/waybills/86204417309/").json()["allowed_actions"] == []
        assert (
            own.post(f"{API}/waybills/86204417309/cod/", {"state": "none"}, format="json").status_code == 403
        )

    def test_a_page_holds_fifty_and_the_cursor_leads_on(self) -> None:
        for n in range(60):
            services.register_stub_waybill(number=str(86204400000 + n), by=None, at=AT)
        api = client("agent")
        first = api.get(f"{API}/waybills/").json()
        rest = api.get(f"{API}/waybills/", {"cursor": first["next"]}).json()
        found = [row["number"] for row in first["results"] + rest["results"]]
        assert (len(first["results"]), len(found), len(set(found)), rest["next"]) == (50, 60, 60, "")

    @pytest.mark.parametrize(
        ("query", "found"), [("stub=true", 1), ("stub=false", 1), ("cod=due", 0), ("q=五金件", 1)]
    )
    def test_the_list_is_narrowed(self, query: str, found: int) -> None:
        samples.waybill()
        services.register_stub_waybill(number="86204417999", by=None, at=AT)
        assert len(client("agent").get(f"{API}/waybills/?{query}").json()["results"]) == found


class TestLookup:
    def test_it_answers_as_the_intake_asks(self) -> None:
        row, bill = samples.customer(), samples.waybill()
        answer = client("agent").get(f"{API}/lookup/", {"q": "139 0000 0421"})
        found = answer.json()
        assert [item["number"] for item in found["customers"]] == [row.number]
        assert [item["number"] for item in found["waybills"]] == [bill.number]
        assert found["customers"][0]["telephone"] == "139****0421"
        assert "13900000421" not in answer.content.decode()

    def test_an_unknown_waybill_is_named(self) -> None:
        assert client("agent").get(f"{API}/lookup/?q=86204417309").json()["unknown_waybill"] == "86204417309"

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%00", "?q=" + "x" * 3000, "?q=😀"])
    def test_any_question_is_answered(self, query: str) -> None:
        answer = client("agent").get(f"{API}/lookup/{query}")
        assert (answer.status_code, answer.json()["customers"]) == (200, [])

    def test_a_handler_is_told_of_no_customer(self) -> None:
        samples.customer()
        assert client("handler").get(f"{API}/lookup/?q=13900000421").json()["customers"] == []
