"""The stock's papers as pages: the grid, acts, transfers, who may do what (INV-01 to INV-47, LED-02 to LED-11)."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Balance, Document, LedgerEntry
from tests.complaints.conftest import make_file as make_file
from tests.doors import client_of, shown, statements, words
from tests.inventory.stores import TODAY, D, Stores, issue, line, on_hand, purchase, stocked

pytestmark = pytest.mark.django_db

NEW = "/stock/documents/new/?category=purchase_in"


def head(s: Stores, **more: Any) -> dict[str, Any]:
    """The head of a purchase as the browser posts it."""
    return {
        "business_date": TODAY.isoformat(),
        "warehouse": s.sound.code,
        "supplier": s.supplier.code,
        "counted": "on",
        **more,
    }


def rows(*lines: tuple[str, str], **cells: str) -> dict[str, str]:
    """Lines as the grid posts them."""
    found = {}
    for at, (code, quantity) in enumerate(lines):
        found |= {f"lines-{at}-code": code, f"lines-{at}-quantity": quantity}
    return found | cells


def sheet(*lines: list[Any]) -> SimpleUploadedFile:
    """A spreadsheet with these rows."""
    book = openpyxl.Workbook()
    for cells in lines:
        book.active.append(cells)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("行.xlsx", content.getvalue())


def tools(page: str) -> list[str]:
    """The buttons of the bar in the order they stand."""
    return re.findall(r'data-tool="([a-z-]+)"', page)


class TestTheForm:
    def test_the_buttons_stand_in_the_order_their_users_know(self, s: Stores) -> None:
        browser = client_of(s.accountant)
        order = [
            "add", "edit", "void", "save", "abandon", "audit", "unaudit", "line-add", "line-remove", "line-copy", "up",
            "down", "first", "previous", "next", "last", "print", "files",
        ]  # fmt: skip
        made = purchase(s, line(s.wrench, 3))
        assert tools(shown(browser.get(NEW))) == order
        assert tools(shown(browser.get(f"/stock/documents/{made.number}/"))) == order

    def test_a_purchase_is_saved_with_its_number_and_moves_nothing(self, s: Stores) -> None:  # INV-10, INV-11
        lines = rows((s.wrench.code, "12"), (s.grease.code.lower(), "４８．５"), **{"lines-0-price": "38"})
        answer = client_of(s.accountant).post(NEW, head(s) | lines)
        made = Document.objects.get()
        assert answer.status_code == 302
        assert answer["Location"] == f"/stock/documents/{made.number}/"
        assert (made.colour, made.state, made.supplier) == ("blue", "saved", s.supplier)
        kept = list(made.lines.order_by("ordinal").values_list("item__code", "quantity", "price"))
        assert kept == [(s.wrench.code, D("12"), D("38")), (s.grease.code, D("48.5"), None)]
        assert not LedgerEntry.objects.exists()

    def test_a_quantity_may_be_typed_in_the_auxiliary_unit(self, s: Stores) -> None:  # LED-12
        s.wrench.aux_unit, s.wrench.aux_factor = "箱", D(12)
        s.wrench.save()
        lines = rows((s.wrench.code, "2 箱"), (s.wrench.code, "2把"), (s.grease.code, "1箱"))
        page = shown(client_of(s.accountant).post(NEW, head(s) | lines), 422)
        assert page.count('class="wrong"') == 1
        lines = rows((s.wrench.code, "2 箱"), (s.grease.code, "1.5罐"))
        assert client_of(s.accountant).post(NEW, head(s) | lines).status_code == 302
        kept = Document.objects.get().lines.order_by("ordinal").values_list("quantity", flat=True)
        assert list(kept) == [D(24), D("1.5")]

    def test_everything_wrong_is_told_at_once_and_what_was_typed_stays(self, s: Stores) -> None:  # INV-15
        lines = rows(("WEG-1", "3"), (s.wrench.code, "zwölf"), ("", "5"), **{"lines-1-remarks": "加急"})
        answer = client_of(s.accountant).post(NEW, head(s, supplier="") | lines)
        page = shown(answer, 422)
        assert not Document.objects.exists()
        for typed in ("WEG-1", "zwölf", "加急"):
            assert f'value="{typed}"' in page
        assert page.count('class="wrong"') >= 2
        assert 'id="id_supplier_error"' in page

    def test_an_unknown_code_is_named_at_its_line(self, s: Stores) -> None:
        lines = rows((s.wrench.code, "3"), ("WEG-1", "3"))
        page = shown(client_of(s.accountant).post(NEW, head(s) | lines), 422)
        assert re.search(r'<tr data-line class="wrong"><td class="ord">2</td>', page)
        assert not Document.objects.exists()

    def test_a_double_click_saves_one_document(self, s: Stores) -> None:  # D20
        browser = client_of(s.accountant)
        sent = head(s, idempotency_key="k1") | rows((s.wrench.code, "1"))
        first, second = browser.post(NEW, sent), browser.post(NEW, sent)
        assert first["Location"] == second["Location"]
        assert Document.objects.count() == 1

    def test_only_warehouses_of_the_right_kind_where_one_may_draft_are_offered(
        self, s: Stores
    ) -> None:  # LED-13
        page = shown(client_of(s.accountant).get(NEW))
        offered = set(re.findall(r'<option value="([A-Z]{2}-[A-Z])"', page))
        assert offered == {s.sound.code, s.sound_b.code, s.held.code}

    def test_a_warehouse_of_another_department_is_refused_by_the_form(self, s: Stores) -> None:  # INV-02
        answer = client_of(s.accountant).post(NEW, head(s, warehouse=s.far.code) | rows((s.wrench.code, "1")))
        assert answer.status_code == 422
        assert not Document.objects.exists()

    def test_a_category_that_only_transfers_make_cannot_be_begun(self, s: Stores) -> None:
        page = client_of(s.accountant).get("/stock/documents/new/?category=sound_transfer_in")
        assert page.status_code == 404

    def test_lines_come_from_a_spreadsheet_below_those_typed_with_every_error_at_once(
        self, s: Stores
    ) -> None:
        file = sheet(
            ["存货编码", "数量", "货位"],
            [s.grease.code, 48, "05-H-01"],
            [s.pump.code, "viel", ""],
            ["", 2, ""],
        )
        sent = head(s, file=file) | rows((s.wrench.code, "1"))
        answer = client_of(s.accountant).post("/stock/documents/read-lines/?category=purchase_in", sent)
        page = shown(answer, 422)
        assert f'value="{s.wrench.code}"' in page
        assert f'value="{s.grease.code}"' in page
        assert "05-H-01" in page
        assert page.count("<li>") >= 2
        assert not Document.objects.exists()

    def test_lines_come_from_a_paste_too(self, s: Stores) -> None:
        sent = head(s, pasted=f"{s.wrench.code}\t7\n{s.grease.code}\t2")
        answer = client_of(s.accountant).post("/stock/documents/read-lines/?category=purchase_in", sent)
        page = shown(answer)
        assert s.grease.names["zh-Hans"] in page
        assert not Document.objects.exists()


class TestActs:
    def test_the_audit_moves_the_stock(self, s: Stores) -> None:  # INV-11
        made = purchase(s, line(s.wrench, 5))
        answer = client_of(s.accountant).post(
            f"/stock/documents/{made.number}/audit/", {"version": made.version}
        )
        assert answer.status_code == 302
        assert on_hand(s.sound, s.wrench) == [D(5)]

    def test_a_shortage_names_every_short_item_and_nothing_moves(self, s: Stores) -> None:  # LED-11
        stocked(s, line(s.wrench, 2), line(s.grease, 9))
        made = issue(s, line(s.wrench, 3), line(s.pump, 1), line(s.grease, 4))
        answer = client_of(s.accountant).post(
            f"/stock/documents/{made.number}/audit/", {"version": made.version}
        )
        page = shown(answer, 409)
        assert s.wrench.code in page
        assert s.pump.code in page
        assert f"{s.grease.code} " not in page
        assert "CR2611" in page, "the last movement is named"
        assert on_hand(s.sound, s.wrench, s.grease) == [D(2), D(9)]
        made.refresh_from_db()
        assert made.state == "saved"

    def test_the_page_warns_of_a_shortage_before_the_audit(self, s: Stores) -> None:
        made = issue(s, line(s.pump, 1))
        page = shown(client_of(s.accountant).get(f"/stock/documents/{made.number}/"))
        assert 'class="banner red"' in page
        assert s.pump.code in page

    def test_after_an_un_audit_it_is_edited_and_the_warehouse_stays(
        self, s: Stores
    ) -> None:  # INV-12, INV-13
        made = stocked(s, line(s.wrench, 5))
        browser = client_of(s.accountant)
        asked = browser.get(f"/stock/documents/{made.number}/unaudit/")
        assert asked.status_code == 200
        browser.post(f"/stock/documents/{made.number}/unaudit/", {"version": made.version})
        made.refresh_from_db()
        assert (made.state, on_hand(s.sound, s.wrench)) == ("saved", [D(0)])
        browser.post(f"/stock/documents/{made.number}/edit/", {"version": made.version})
        page = shown(browser.get(f"/stock/documents/{made.number}/"))
        assert re.search(r'<select name="warehouse"[^>]* disabled', page)
        made.refresh_from_db()
        sent = head(s, warehouse=s.sound_b.code, version=made.version) | rows((s.wrench.code, "4"))
        assert browser.post(f"/stock/documents/{made.number}/save/", sent).status_code == 302
        made.refresh_from_db()
        assert (made.state, made.warehouse_id) == ("saved", s.sound.pk)
        assert list(LedgerEntry.objects.order_by("pk").values_list("quantity", flat=True)) == [D(5), D(-5)]

    def test_an_audited_document_has_no_cells_and_says_what_comes_first(self, s: Stores) -> None:  # INV-12
        made = stocked(s, line(s.wrench, 5))
        page = shown(client_of(s.accountant).get(f"/stock/documents/{made.number}/"))
        assert "data-stock-grid" not in page
        assert re.search(r'aria-disabled="true"[^>]*data-tool="edit"', page)
        sent = head(s, version=made.version) | rows((s.wrench.code, "9"))
        refused = client_of(s.accountant).post(f"/stock/documents/{made.number}/save/", sent)
        assert refused.status_code == 422
        assert on_hand(s.sound, s.wrench) == [D(5)]

    def test_a_stale_save_is_told_and_changes_nothing(self, s: Stores) -> None:  # LED-04
        made = purchase(s, line(s.wrench, 5))
        sent = head(s, version=made.version + 7) | rows((s.wrench.code, "9"))
        answer = client_of(s.accountant).post(f"/stock/documents/{made.number}/save/", sent)
        assert answer.status_code == 422
        assert made.lines.get().quantity == D(5)

    def test_deleting_asks_why_and_keeps_the_number(self, s: Stores) -> None:  # INV-14
        made = purchase(s, line(s.wrench, 5))
        browser = client_of(s.accountant)
        address = f"/stock/documents/{made.number}/void/"
        assert browser.post(address, {"version": made.version, "reason": ""}).status_code == 422
        assert browser.post(address, {"version": made.version, "reason": "库房错"}).status_code == 302
        made.refresh_from_db()
        assert (made.state, made.void_reason) == ("voided", "库房错")
        assert made.number in words(browser.get(f"/stock/documents/{made.number}/"))

    def test_a_printed_document_is_counted_and_comes_as_a_pdf(self, s: Stores) -> None:
        made = purchase(s, line(s.wrench, 5))
        browser = client_of(s.keeper)
        answer = browser.post(f"/stock/documents/{made.number}/print/")
        made.refresh_from_db()
        assert made.print_count == 1
        assert answer["Location"] == f"/stock/documents/{made.number}.pdf"


class TestRed:
    def test_it_is_made_from_its_original_below_zero_and_never_beyond_it(
        self, s: Stores
    ) -> None:  # INV-26, LED-02
        original = stocked(s, line(s.wrench, 5), line(s.grease, 4))
        browser = client_of(s.accountant)
        address = f"/stock/documents/{original.number}/red/"
        sent = {"reason": "arrived", "business_date": TODAY.isoformat(), "back-1": "6", "back-2": ""}
        page = shown(browser.post(address, sent), 422)
        assert 'value="6"' in page
        assert not Document.objects.filter(colour="red").exists()
        browser.post(address, sent | {"back-1": "2"})
        made = Document.objects.get(colour="red")
        assert (made.original, made.state, made.category) == (original, "saved", "return_in")
        assert [row.quantity for row in made.lines.all()] == [D(-2)]
        page = shown(browser.get(f"/stock/documents/{made.number}/"))
        assert 'class="erp red"' in page
        assert original.number in page
        assert on_hand(s.sound, s.wrench) == [D(5)]
        browser.post(f"/stock/documents/{made.number}/audit/", {"version": made.version})
        assert on_hand(s.sound, s.wrench) == [D(3)]

    def test_its_lines_may_shrink_and_none_is_added(self, s: Stores) -> None:
        original = stocked(s, line(s.wrench, 5), line(s.grease, 4))
        browser = client_of(s.accountant)
        sent = {"reason": "arrived", "business_date": TODAY.isoformat(), "back-1": "2", "back-2": "1"}
        browser.post(f"/stock/documents/{original.number}/red/", sent)
        made = Document.objects.get(colour="red")
        browser.post(f"/stock/documents/{made.number}/edit/", {"version": made.version})
        page = shown(browser.get(f"/stock/documents/{made.number}/"))
        assert "data-line-template" not in page
        assert 'name="lines-0-original_line" data-kept="original_line" value="1"' in page
        made.refresh_from_db()
        again = {
            "business_date": TODAY.isoformat(), "version": made.version, "lines-0-code": s.wrench.code,
            "lines-0-quantity": "-1", "lines-0-original_line": "1",
        }  # fmt: skip
        assert browser.post(f"/stock/documents/{made.number}/save/", again).status_code == 302
        assert [row.quantity for row in made.lines.all()] == [D(-1)]


class TestWhoSees:
    def test_a_storekeeper_finds_another_sites_document_not_there(self, s: Stores) -> None:  # INV-06
        foreign = purchase(s, line(s.wrench, 1), warehouse=s.far, by=s.accountant_far)
        browser = client_of(s.keeper)
        assert browser.get(f"/stock/documents/{foreign.number}/").status_code == 404
        assert browser.get(f"/stock/documents/{foreign.number}.pdf").status_code == 404
        assert foreign.number not in shown(browser.get("/stock/"))

    def test_an_accountant_reads_another_departments_document_and_changes_nothing(
        self, s: Stores
    ) -> None:  # INV-02
        foreign = purchase(s, line(s.wrench, 1), warehouse=s.far, by=s.accountant_far)
        browser = client_of(s.accountant)
        page = shown(browser.get(f"/stock/documents/{foreign.number}/"))
        assert re.search(r'aria-disabled="true"[^>]*data-tool="audit"', page)
        answer = browser.post(f"/stock/documents/{foreign.number}/audit/", {"version": foreign.version})
        assert answer.status_code == 403
        assert not Balance.objects.filter(quantity__gt=0).exists()

    def test_the_rail_counts_what_waits_for_my_audit(self, s: Stores) -> None:
        purchase(s, line(s.wrench, 1))
        purchase(s, line(s.wrench, 1), warehouse=s.far, by=s.accountant_far)
        counts = {
            who: client_of(who).get("/shell/counts/").json()["counts"]
            for who in (s.accountant, s.chief, s.keeper)
        }
        assert counts[s.accountant]["stock"]["n"] == 1
        assert counts[s.chief]["stock"]["n"] == 2
        assert "stock" not in counts[s.keeper]

    def test_a_page_takes_no_more_statements_for_fifty_lines_than_for_five(self, s: Stores) -> None:
        browser = client_of(s.accountant)
        short = purchase(s, *(line(s.wrench, n + 1) for n in range(5)))
        long = purchase(s, *(line(s.wrench, n + 1) for n in range(50)))
        few = statements(lambda: browser.get(f"/stock/documents/{short.number}/"))
        assert statements(lambda: browser.get(f"/stock/documents/{long.number}/")) == few

    def test_the_grid_asks_for_codes_in_one_statement_and_knows_only_what_is_there(self, s: Stores) -> None:
        answer = client_of(s.keeper).get("/stock/items/known/", {"code": [s.wrench.code.lower(), "WEG-1"]})
        found = answer.json()["items"]
        assert found[s.wrench.code.lower()]["code"] == s.wrench.code
        assert "WEG-1" not in found

    def test_the_card_of_a_line_shows_on_hand_and_what_it_will_be(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 16))
        query = {
            "item": s.wrench.code,
            "warehouse": s.sound.code,
            "quantity": "48",
            "direction": "in",
            "line": "3",
        }
        page = words(client_of(s.keeper).get("/stock/items/line/", query))
        assert "16.000" in page
        assert "64.000" in page
