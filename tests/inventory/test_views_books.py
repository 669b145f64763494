"""The books and what stock consists of: pages, files, imports (INV-06, INV-09, INV-16, INV-52, INV-60)."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation

from inventory.domain.import_rows import columns_of
from inventory.models import Document, Item, Place, Supplier, Warehouse
from inventory.views import samples
from tests.doors import HTMX, client_of, shown, words
from tests.inventory.stores import TODAY, D, Stores, audited, issue, line, on_hand, stocked
from tests.inventory.test_views import sheet

pytestmark = pytest.mark.django_db

SPAN = {"from": "2026-11-01", "until": "2026-11-30"}


def cells(answer: Any) -> list[list[Any]]:
    """The rows of an exported spreadsheet with something in them."""
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [list(row) for row in book.active.iter_rows(values_only=True) if any(row)]


class TestBooks:
    def test_on_hand_shows_quantity_and_place_of_every_item(self, s: Stores) -> None:  # INV-09
        stocked(s, line(s.wrench, 12, location="02-A-03-11"), line(s.grease, 3))
        stocked(s, line(s.wrench, 7), warehouse=s.far)
        page = words(client_of(s.keeper).get("/stock/on-hand/"))
        assert "12.000" in page
        assert "02-A-03-11" in page
        assert "7.000" not in page, "another site's stock"

    @pytest.mark.parametrize(
        ("query", "seen"),
        [
            ("q=HC-2", {"HC-20031"}),
            ("warehouse=BP-W", {"GJ-01042", "HC-20031"}),
            ("warehouse=JB-W", {"BJ-33015"}),
            ("item_class=consumable", {"HC-20031"}),
            ("stock=coming", set()),
        ],
    )
    def test_on_hand_is_narrowed_by_what_is_asked(self, s: Stores, query: str, seen: set[str]) -> None:
        stocked(s, line(s.wrench, 12), line(s.grease, 3))
        stocked(s, line(s.pump, 1), warehouse=s.far)
        page = shown(client_of(s.accountant).get(f"/stock/on-hand/?{query}"))
        assert {code for code in ("GJ-01042", "HC-20031", "BJ-33015") if f"{code}/card/" in page} == seen

    def test_the_in_out_balance_adds_up(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 12), day=TODAY - timedelta(days=40))
        audited(issue(s, line(s.wrench, 5)))
        answer = client_of(s.accountant).post(
            f"/stock/in-out/export/?from={SPAN['from']}&until={SPAN['until']}", {"form": "xlsx"}
        )
        row = next(row for row in cells(answer) if s.wrench.code in row)
        assert [float(value) for value in row[-4:]] == [12, 0, 5, 7]

    def test_the_day_book_holds_the_mirror_rows_of_an_un_audit(self, s: Stores) -> None:  # LED-02, INV-60
        made = stocked(s, line(s.wrench, 12))
        browser = client_of(s.accountant)
        browser.post(f"/stock/documents/{made.number}/unaudit/", {"version": made.version})
        page = shown(browser.get("/stock/day-book/", SPAN))
        assert page.count(f'/stock/documents/{made.number}/"') == 2
        assert "−12.000" in page

    def test_the_item_card_runs_from_opening_to_closing(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 12), day=TODAY - timedelta(days=40))
        audited(issue(s, line(s.wrench, 5)))
        browser = client_of(s.keeper)
        page = words(browser.get(f"/stock/items/{s.wrench.code}/card/", SPAN))
        for figure in ("12.000", "5.000", "7.000"):
            assert figure in page

    def test_a_list_is_taken_away_only_with_the_right_and_never_by_get(self, s: Stores) -> None:  # PRV-04
        stocked(s, line(s.wrench, 12, remarks="=1+1"))
        assert client_of(s.keeper).post("/stock/on-hand/export/").status_code == 403
        browser = client_of(s.accountant)
        assert browser.get("/stock/on-hand/export/").status_code == 405
        found = cells(browser.post("/stock/on-hand/export/", {"form": "xlsx"}))
        assert any(s.wrench.code in row and 12 in row for row in found)

    @pytest.mark.parametrize("book", ["on-hand", "in-out", "day-book"])
    def test_every_book_opens_when_it_is_empty(self, s: Stores, book: str) -> None:
        assert 'class="empty"' in shown(client_of(s.keeper).get(f"/stock/{book}/"))


class TestMaster:
    def test_only_business_management_makes_codes(self, s: Stores) -> None:  # INV-16
        said = {
            "code": "gj-09", "name_hans": "活动扳手", "item_class": "tool", "unit": "把", "repair_class": "none",
        }  # fmt: skip
        assert client_of(s.accountant).post("/stock/items/new/", said).status_code == 403
        browser = client_of(s.chief)
        half = browser.post("/stock/items/new/", said | {"aux_unit": "箱"})
        assert half.status_code == 422
        assert not Item.objects.filter(code="GJ-09").exists()
        assert browser.post("/stock/items/new/", said).status_code == 302
        made = Item.objects.get(code="GJ-09")
        change = said | {"version": made.version, "spec": "250 mm", "code": "XX-1"}
        browser.post("/stock/items/GJ-09/change/", change)
        made.refresh_from_db()
        assert (made.code, made.spec) == ("GJ-09", "250 mm")

    def test_suppliers_and_warehouses_are_kept(self, s: Stores) -> None:
        browser = client_of(s.chief)
        browser.post("/stock/suppliers/new/", {"code": "hx-2", "name": "恒信液压件"})
        assert Supplier.objects.get(code="HX-2").name == "恒信液压件"
        browser.post(
            "/stock/warehouses/new/",
            {"code": "np-g", "name_hans": "南坡隔离库", "department": "site_b", "kind": "quarantine"},
        )
        made = Warehouse.objects.get(code="NP-G")
        browser.post(
            "/stock/warehouses/NP-G/change/",
            {"version": made.version, "name_hans": "南坡隔离区", "department": "site_b", "kind": "sound"},
        )
        made.refresh_from_db()
        # Traditional characters left empty are drafted (D16).
        assert made.names == {"zh-Hans": "南坡隔离区", "zh-Hant": "南坡隔離區"}
        assert made.kind == "quarantine"
        written = {
            "version": made.version,
            "name_hans": "南坡隔离区",
            "name_hant": "南坡隔離場",
            "department": "site_b",
        }
        browser.post("/stock/warehouses/NP-G/change/", written)
        made.refresh_from_db()
        assert made.names["zh-Hant"] == "南坡隔離場"

    def test_where_an_item_lies_is_set_by_whoever_keeps_it(self, s: Stores) -> None:  # INV-09
        stocked(s, line(s.wrench, 12))
        address = f"/stock/places/{s.sound.code}/{s.wrench.code}/"
        assert client_of(s.accountant_far).post(address, {"location": "Z"}).status_code == 403
        client_of(s.keeper).post(address, {"location": "02-A-03-12"})
        assert Place.objects.get(warehouse=s.sound, item=s.wrench).location == "02-A-03-12"


class TestImports:
    def test_a_trial_names_every_error_and_writes_nothing(self, s: Stores) -> None:
        file = sheet(
            ["仓库编码", "存货编码", "数量"],
            [s.sound.code, "WEG-1", 3],
            ["XX-9", s.wrench.code, 1],
            [s.sound.code, s.grease.code, -2],
        )
        day = timezone.localdate().isoformat()
        answer = client_of(s.accountant).post(
            "/stock/opening/", {"file": file, "business_date": day, "do": "try"}, headers=HTMX
        )
        assert shown(answer, 422).count("<li>") >= 3
        assert not Document.objects.exists()

    def test_the_opening_stock_is_tried_loaded_and_audited(self, s: Stores) -> None:
        day = timezone.localdate().isoformat()
        table = (["仓库编码", "存货编码", "数量", "货位"], [s.sound.code, s.wrench.code, 12, "02-A"])
        browser = client_of(s.accountant)
        tried = browser.post(
            "/stock/opening/", {"file": sheet(*table), "business_date": day, "do": "try"}, headers=HTMX
        )
        assert tried.status_code == 200
        assert not Document.objects.exists()
        sent = {
            "file": sheet(*table),
            "business_date": day,
            "audit": "on",
            "do": "load",
            "idempotency_key": "k",
        }
        assert browser.post("/stock/opening/", sent).status_code == 302
        assert Document.objects.get().category == "opening_in"
        assert on_hand(s.sound, s.wrench) == [D(12)]

    def test_items_are_loaded_and_loading_again_changes_nothing(self, s: Stores) -> None:
        table = (
            ["存货编码", "存货名称", "存货大类", "单位"],
            ["GJ-77", "活动扳手", "工具", "把"],
            [s.wrench.code, s.wrench.names["zh-Hans"], "工具", "把"],
        )
        browser = client_of(s.chief)
        assert browser.post("/stock/items/import/", {"file": sheet(*table), "do": "load"}).status_code == 302
        assert Item.objects.get(code="GJ-77").names["zh-Hans"] == "活动扳手"
        before = Item.objects.get(code="GJ-77").version
        browser.post("/stock/items/import/", {"file": sheet(*table), "do": "load"})
        assert Item.objects.get(code="GJ-77").version == before

    def test_the_sample_has_the_headings_that_are_read(self, s: Stores) -> None:
        found = cells(client_of(s.chief).post("/stock/samples/opening/"))
        assert found[0][:3] == ["仓库编码", "存货编码", "数量"]

    @pytest.mark.parametrize(
        ("language", "first"),
        [("zh-hans", "仓库编码"), ("zh-hant", "倉庫編碼"), ("en", "warehouse code")],
    )
    def test_the_headings_stand_in_the_readers_language_and_are_taken(
        self, s: Stores, language: str, first: str
    ) -> None:
        """What the page lists and the sample has is what the import reads, in each language."""
        who = client_of(s.chief)
        sent = {"HTTP_ACCEPT_LANGUAGE": language}
        s.chief.language = language
        s.chief.save(update_fields=["language"])
        page = shown(who.get("/stock/opening/", **sent))
        assert f"<td>{first}</td>" in page
        sample = cells(who.post("/stock/samples/opening/", **sent))
        assert sample[0][0] == first
        table = [sample[0], [s.sound.code, s.wrench.code, "3", *[""] * (len(sample[0]) - 3)]]
        day = timezone.localdate().isoformat()
        tried = who.post(
            "/stock/opening/",
            {"file": sheet(*table), "business_date": day, "do": "try"},
            headers=HTMX,
            **sent,
        )
        assert tried.status_code == 200, tried.content.decode()
        for what, headings in samples.OF.items():
            with translation.override(language):
                listed = [heading for heading, _example in samples.sample(what)]
            assert set(columns_of(listed, headings)) == set(headings)

    def test_no_storekeeper_loads_opening_stock(self, s: Stores) -> None:
        assert client_of(s.keeper).get("/stock/opening/").status_code == 403
