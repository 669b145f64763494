"""The stock's API: the same rules as the pages, told as JSON (INV-02 to INV-05, INV-10 to INV-15, LED-11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inventory.models import Document, Item, Transfer
from organization.models import User
from tests.doors import client_of
from tests.inventory.stores import D, Stores, issue, line, on_hand, purchase, sides, stocked

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/stock"


def ask(user: User, path: str, **query: Any) -> Any:
    """GET as this user."""
    return client_of(user).get(f"{ROOT}/{path}", query)


def send(user: User, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
    """POST JSON as this user."""
    headers = {"Idempotency-Key": key} if key else {}
    return client_of(user).post(
        f"{ROOT}/{path}", body or {}, content_type="application/json", headers=headers
    )


def bought(s: Stores, **more: Any) -> dict[str, Any]:
    """A purchase as JSON."""
    return {
        "category": "purchase_in", "warehouse": s.sound.code, "supplier": s.supplier.code, "counted": True,
        "lines": [{"code": s.wrench.code, "quantity": "12.000", "price": "38.00"}], **more,
    }  # fmt: skip


class TestDocuments:
    def test_one_is_made_and_says_what_may_be_done(self, s: Stores) -> None:
        answer = send(s.accountant, "documents/", bought(s))
        assert answer.status_code == 201
        body = answer.json()
        assert (body["state"], body["colour"], body["lines"][0]["quantity"]) == ("saved", "blue", "12.000")
        assert {"edit", "audit", "void"} <= set(body["allowed_actions"])
        assert "unaudit" in body["refused_actions"]

    def test_the_same_key_makes_one(self, s: Stores) -> None:  # D20
        first = send(s.accountant, "documents/", bought(s), key="a")
        second = send(s.accountant, "documents/", bought(s), key="a")
        assert first.json()["number"] == second.json()["number"]
        assert Document.objects.count() == 1
        other = bought(s, remarks="anders")
        assert send(s.accountant, "documents/", other, key="a").status_code == 422

    def test_everything_wrong_is_told_by_field(self, s: Stores) -> None:  # INV-15
        lines = [{"code": "WEG-1", "quantity": "1"}, {"code": s.wrench.code, "quantity": "-2"}]
        answer = send(s.accountant, "documents/", bought(s, supplier=None, lines=lines))
        assert answer.status_code in {400, 409}
        assert set(answer.json()["fields"]) >= {"lines.1.code", "lines.2.quantity", "supplier"}
        assert not Document.objects.exists()

    def test_a_shortage_is_listed_item_by_item(self, s: Stores) -> None:  # LED-11
        stocked(s, line(s.wrench, 2))
        made = issue(s, line(s.wrench, 3), line(s.pump, 1))
        answer = send(s.accountant, f"documents/{made.number}/audit/", {"version": made.version})
        assert answer.status_code == 409
        body = answer.json()
        assert body["code"] == "stock.short"
        assert [(one["code"], one["missing"]) for one in body["short"]] == [
            (s.wrench.code, "1.000"),
            (s.pump.code, "1.000"),
        ]
        assert body["short"][0]["last"][0]["quantity"] == "2.000"
        assert on_hand(s.sound, s.wrench) == [D(2)]

    def test_audit_un_audit_and_red_letter(self, s: Stores) -> None:
        made = purchase(s, line(s.wrench, 5))
        assert send(s.accountant, f"documents/{made.number}/audit/").json()["state"] == "audited"
        red = send(
            s.accountant, f"documents/{made.number}/red/",
            {"reason": "arrived", "lines": [{"line": 1, "quantity": "2"}]},
        )  # fmt: skip
        assert red.status_code == 201
        assert red.json()["lines"][0]["quantity"] == "-2.000"
        too_much = send(
            s.accountant, f"documents/{made.number}/red/",
            {"reason": "arrived", "lines": [{"line": 1, "quantity": "9"}]},
        )  # fmt: skip
        assert too_much.status_code in {400, 409}
        assert Document.objects.filter(colour="red").count() == 1

    def test_a_foreign_document_is_not_there(self, s: Stores) -> None:
        foreign = purchase(s, line(s.wrench, 1), warehouse=s.far, by=s.accountant_far)
        assert ask(s.keeper, f"documents/{foreign.number}/").status_code == 404
        assert ask(s.keeper, "documents/").json()["results"] == []

    def test_a_warehouse_of_another_department_is_refused(self, s: Stores) -> None:  # INV-02
        answer = send(s.accountant, "documents/", bought(s, warehouse=s.far.code))
        assert answer.status_code in {403, 409}
        assert not Document.objects.exists()

    def test_a_transfers_document_is_not_begun_by_hand(self, s: Stores) -> None:
        answer = send(s.accountant, "documents/", bought(s, category="sound_transfer_in"))
        assert answer.status_code == 400
        assert "category" in answer.json()["fields"]
        assert not Document.objects.exists()

    def test_the_one_table_of_categories_is_told(self, s: Stores) -> None:  # LED-13
        rows = {row["category"]: row for row in ask(s.keeper, "documents/categories/").json()}
        assert rows["purchase_in"]["needs"] == ["supplier", "count"]
        assert rows["repair_out"]["kinds"] == ["damaged"]
        assert rows["sound_transfer_in"]["by_hand"] is False


class TestTransfers:
    def test_across_departments_is_for_planning_alone(self, s: Stores) -> None:  # INV-03, INV-05
        stocked(s, line(s.wrench, 5))
        body = {
            "kind": "directive", "source": s.sound.code, "target": s.far.code, "requisition": "LL-7",
            "lines": [{"code": s.wrench.code, "quantity": "3"}], "business_date": timezone.localdate().isoformat(),
        }  # fmt: skip
        assert send(s.accountant, "transfers/", body).status_code in {403, 409}
        assert not Transfer.objects.exists()
        made = send(s.planner, "transfers/", body)
        assert made.status_code == 201
        number = made.json()["number"]
        audited = send(s.planner, f"transfers/{number}/audit/").json()
        assert len(audited["documents"]) == 2
        out, _into = sides(Transfer.objects.get())
        send(s.accountant, f"documents/{out.number}/audit/")
        shown = ask(s.accountant, f"transfers/{number}/").json()["lines"][0]
        assert (shown["issued"], shown["received"], shown["in_transit"]) == ("3.000", "0.000", "3.000")
        assert ask(s.accountant_far, "in-transit/").json()["results"][0]["in_transit"] == "3.000"


class TestBooks:
    def test_on_hand_in_out_and_card_agree(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 12, location="02-A"))
        row = ask(s.keeper, "on-hand/").json()["results"][0]
        assert (row["item"], row["quantity"], row["location"]) == (s.wrench.code, "12.000", "02-A")
        span = {"from": "2026-11-01", "until": "2026-11-30"}
        balance = ask(s.keeper, "in-out/", **span).json()["results"][0]
        assert (balance["opening"], balance["incoming"], balance["closing"]) == ("0.000", "12.000", "12.000")
        card = ask(s.keeper, f"items/{s.wrench.code}/card/", warehouse=s.sound.code, **span).json()
        assert card["rows"][0]["running"] == card["closing"] == "12.000"
        assert ask(s.keeper, "day-book/", **span).json()["results"][0]["quantity"] == "12.000"

    def test_a_bad_filter_is_told_and_a_foreign_warehouse_is_no_choice(self, s: Stores) -> None:
        assert ask(s.keeper, "on-hand/", stock="alles").status_code == 400
        assert ask(s.keeper, "on-hand/", warehouse=s.far.code).status_code == 400


class TestMaster:
    def test_codes_are_made_by_business_management(self, s: Stores) -> None:  # INV-16
        body = {"code": "GJ-9", "names": {"zh-Hans": "活动扳手"}, "item_class": "tool", "unit": "把"}
        assert send(s.accountant, "items/", body).status_code == 403
        assert send(s.chief, "items/", body).status_code == 201
        row = Item.objects.get(code="GJ-9")
        changed = send(s.chief, "items/GJ-9/change/", {**body, "version": row.version, "spec": "250 mm"})
        assert changed.json()["spec"] == "250 mm"
        stale = send(s.chief, "items/GJ-9/change/", {**body, "version": row.version})
        assert stale.status_code == 409


def test_items_and_opening_stock_are_loaded_from_files_with_every_fault_at_once(s: Stores) -> None:
    """INV-16, INV-52: a trial writes nothing; with a fault nothing is done."""
    chief = client_of(s.chief)
    wrong = "存货编码,存货名称,存货大类,单位\nGJ-1,扳手,玩具,把\n,钳子,工具,把\n"
    answer = chief.post("/api/v1/stock/items/import/", {"file": upload(wrong)})
    assert answer.status_code == 422
    assert [fault["line"] for fault in answer.json()["problems"]] == [2, 3]
    right = "存货编码,存货名称,存货大类,单位\nGJ-1,扳手,工具,把\n"
    trial = chief.post("/api/v1/stock/items/import/", {"file": upload(right), "dry_run": "true"})
    assert (trial.status_code, trial.json()["created"]) == (200, 1)
    assert not Item.objects.filter(code="GJ-1").exists()
    assert chief.post("/api/v1/stock/items/import/", {"file": upload(right)}).json()["created"] == 1
    assert (
        client_of(s.accountant).post("/api/v1/stock/items/import/", {"file": upload(right)}).status_code
        == 403
    )
    opening = upload("仓库编码,存货编码,数量\nBP-W,GJ-1,5\n")
    made = client_of(s.accountant).post(
        "/api/v1/stock/documents/opening/", {"file": opening, "audit": "true"}
    )
    assert made.status_code == 200
    assert Document.objects.get(number=made.json()["documents"][0]).state == "audited"


def upload(text: str) -> SimpleUploadedFile:
    """A file of comma-separated lines."""
    return SimpleUploadedFile("stock.csv", text.encode())
