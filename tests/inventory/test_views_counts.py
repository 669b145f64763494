"""Counts as pages: what is due, the sheet, files, the way to the approval (INV-50 to INV-56)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory import services
from inventory.domain.counting import Counted, CountHead
from inventory.models import Document, Stocktake
from tests.doors import client_of, shown
from tests.inventory.stores import AT, TODAY, D, Stores, line, on_hand, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(s: Stores) -> Stocktake:
    """Line 1: 3 pumps, line 2: 12 wrenches."""
    stocked(s, line(s.wrench, 12), line(s.pump, 3))
    return services.begin_count(head=CountHead(s.sound.pk, "monthly", TODAY), by=s.keeper, at=AT)


def there(row: Stocktake, act: str = "") -> str:
    return f"/stock/counts/{row.number}/" + (f"{act}/" if act else "")


def counted(row: Stocktake) -> dict[str, Any]:
    return dict(row.lines.values_list("item__code", "counted"))


def sheet(*rows: list[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("盘点.xlsx", content.getvalue())


def test_a_count_begins_from_the_plan(s: Stores) -> None:
    stocked(s, line(s.wrench, 12))
    browser = client_of(s.keeper)
    assert f"warehouse={s.sound.code}" in shown(browser.get("/stock/counts/"))
    form = {"warehouse": s.sound.code, "kind": "monthly", "mode": "self", "due_on": "2099-01-01"}
    answer = browser.post("/stock/counts/new/", form)
    row = Stocktake.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, there(row))
    assert row.number in shown(browser.get("/stock/counts/"))


def test_only_what_was_changed_is_written_so_that_two_count_at_once(s: Stores, row: Stocktake) -> None:
    """Both have the whole sheet before them; each types one line."""
    first = {"line-1-counted": "3", "line-1-was": "", "line-2-counted": "", "line-2-was": ""}
    second = {"line-1-counted": "", "line-1-was": "", "line-2-counted": "１０", "line-2-was": ""}
    assert client_of(s.keeper).post(there(row, "save"), first).status_code == 302
    assert client_of(s.accountant).post(there(row, "save"), second).status_code == 302
    assert counted(row) == {s.pump.code: D(3), s.wrench.code: D(10)}


def test_a_wrong_figure_is_told_at_its_line_and_what_was_typed_stays(s: Stores, row: Stocktake) -> None:
    typed = {"line-1-counted": "drei", "line-2-counted": "10", "new-code": "WEG-1", "new-counted": "1"}
    page = shown(client_of(s.keeper).post(there(row, "save"), typed), 422)
    assert 'value="drei"' in page
    assert 'value="WEG-1"' in page
    assert page.count('class="wrong') == 1
    assert counted(row) == {s.pump.code: None, s.wrench.code: None}


def test_what_is_found_and_not_on_the_sheet_is_added_by_its_code(s: Stores, row: Stocktake) -> None:
    answer = client_of(s.keeper).post(
        there(row, "save"), {"new-code": s.grease.code.lower(), "new-counted": "2"}
    )
    assert answer.status_code == 302
    assert counted(row)[s.grease.code] == D(2)


def test_a_blind_count_says_nothing_of_the_books(s: Stores) -> None:
    stocked(s, line(s.wrench, "12.345"))
    head = CountHead(s.sound.pk, "spot", TODAY, is_blind=True)
    row = services.begin_count(head=head, by=s.keeper, at=AT)
    browser = client_of(s.keeper)
    for address in (there(row), there(row) + "?show=differs", f"/api/v1/stock/counts/{row.number}/"):
        assert "12.345" not in browser.get(address).content.decode()
    exported = client_of(s.accountant).post(there(row, "export"), {"form": "csv"})
    assert "12.345" not in b"".join(exported.streaming_content).decode()


def test_the_sheet_comes_back_as_a_spreadsheet_with_every_fault_at_once(s: Stores, row: Stocktake) -> None:
    """INV-52: nothing is written while a line is wrong; lines left empty stay to be counted."""
    browser = client_of(s.accountant)
    heads = ["存货编码", "实盘数量", "差异原因", "差异说明"]
    wrong = sheet(heads, [s.wrench.code, "zehn"], ["WEG-1", 1], [s.pump.code, 3, "天气"])
    page = shown(browser.post(there(row, "read"), {"file": wrong}), 422)
    assert "WEG-1" in page
    assert "zehn" in page
    assert "天气" in page
    assert counted(row) == {s.pump.code: None, s.wrench.code: None}
    right = sheet(heads, [s.wrench.code, 10, "丢失或被盗", "找不到"], [s.pump.code, None])
    assert browser.post(there(row, "read"), {"file": right}).status_code == 302
    assert counted(row) == {s.pump.code: None, s.wrench.code: D(10)}
    assert row.lines.get(item=s.wrench).reason == "找不到"


def test_it_goes_from_the_store_to_the_managers_approval(s: Stores, row: Stocktake) -> None:
    keeper, manager = client_of(s.keeper), client_of(s.manager)
    shown(keeper.post(there(row, "finish")), 409)
    typed = {"line-1-counted": "3", "line-2-counted": "10"}
    keeper.post(there(row, "save"), typed)
    assert keeper.post(there(row, "finish")).status_code == 302
    shown(keeper.post(there(row, "hand-in"), {"liability": "保管员", "proposal": "调账"}), 422)
    explained = {"line-2-cause": "lost", "line-2-reason": "找不到"}
    # The page is served while differences are explained, and takes explanations alone.
    assert keeper.post(there(row, "save"), explained).status_code == 302
    shown(keeper.post(there(row, "hand-in"), {"proposal": "调账"}), 422)
    assert keeper.post(there(row, "hand-in"), {"liability": "保管员", "proposal": "调账"}).status_code == 302
    assert keeper.post(there(row, "approve"), {}).status_code == 403
    assert on_hand(s.sound, s.wrench) == [12]
    assert manager.post(there(row, "approve"), {"version": ""}).status_code == 302
    assert on_hand(s.sound, s.wrench) == [10]
    posted = Document.objects.get(stocktake=row)
    page = shown(manager.get(there(row)))
    assert posted.number in page
    assert "保管员" in page
    assert row.number in shown(manager.get(f"/stock/documents/{posted.number}/"))


def test_the_manager_has_lines_counted_again(s: Stores, row: Stocktake) -> None:
    entries = [Counted(s.pump.code, D(3)), Counted(s.wrench.code, D(10), "lost", "找不到")]
    services.save_counts(stocktake=row, entries=entries, by=s.keeper, at=AT)
    services.finish_count(stocktake=row, by=s.keeper, at=AT)
    row.refresh_from_db()
    services.hand_in_count(stocktake=row, liability="甲", proposal="乙", by=s.keeper, at=AT)
    answer = client_of(s.manager).post(there(row, "recount"), {"which": "differs", "reason": "请再数一遍"})
    assert answer.status_code == 302
    assert counted(row) == {s.pump.code: D(3), s.wrench.code: None}


def test_the_sheet_is_printed_and_the_prints_are_counted(s: Stores, row: Stocktake) -> None:
    browser = client_of(s.keeper)
    browser.post(there(row, "print"))
    row.refresh_from_db()
    assert row.print_count == 1
    assert browser.get(f"/stock/counts/{row.number}.pdf")["Content-Type"] == "application/pdf"
