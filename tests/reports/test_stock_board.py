"""The stock board on goods that were not checked, lie broken too long, or are gone altogether (RPT-23)."""

from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from inventory import services as stock
from inventory.domain.documents import Head
from inventory.models import Document, Item, Warehouse
from organization.models import Department, User
from reports.queries import boards_stock
from servicecenter import kept
from servicecenter.clock import business_date, now_db
from tests import people
from tests.doors import client, client_of
from tests.inventory import stores as goods
from tests.reports.test_views_boards import CELL, rows_behind, tiles_of

pytestmark = pytest.mark.usefixtures("undone")


def broken(days: int, code: str, *, quantity: int = 1) -> None:
    """So many damaged pieces came so many days ago."""
    at = now_db()
    head = Head(
        "damage_in", Warehouse.objects.get(code="BP-S").pk, business_date(at) - timedelta(days=days),
        cause="normal_use",
    )  # fmt: skip
    made = stock.save_document(head=head, lines=[goods.Line(code, Decimal(quantity))], by=None, at=at)
    stock.audit_document(document=made, by=None, at=at)


def emptied() -> None:
    """Grease and pumps should lie there too: fifty of the one do, of the other there is none, of a wrench none left."""
    Item.objects.filter(code__in=["HC-20031", "BJ-33015"]).update(reserve_least=Decimal(4))
    at = now_db()
    head = Head("own_use_out", Warehouse.objects.get(code="BP-W").pk, business_date(at), use="spare_issue")
    made = stock.save_document(head=head, lines=[goods.Line("GJ-01042", Decimal(2))], by=None, at=at)
    stock.audit_document(document=made, by=None, at=at)


def unchecked(days: int) -> None:
    """The grease that waits came so many days ago, and nobody has counted it."""
    day = business_date(now_db()) - timedelta(days=days)
    row = Document.objects.filter(state="saved", category="purchase_in", lines__item__code="HC-20031")
    row.update(business_date=day, counted_at=None, counted_by=None)


def figures(browser: Client) -> dict[str, str]:
    return {code: tile[2] for code, tile in tiles_of(browser.get("/board/stock/").content.decode()).items()}


def live(work_number: str) -> dict[str, Any]:
    """The figures asked live, without what is kept."""
    user = User.objects.get(work_number=work_number)
    return {name: figure(user) for name, figure in boards_stock.FIGURES.items()}


def test_what_was_kept_is_what_a_live_reading_says() -> None:
    """D12: column by column, for who sees all stock."""
    unchecked(30)
    broken(16, "BJ-33002")
    emptied()
    kept.compute()
    board = boards_stock.stock_board(User.objects.get(work_number="0001"))
    asked = live("0001")
    assert board.gone == asked[boards_stock.GONE] == {"n": 2, "check_days": 5, "damaged_days": 15}
    assert list(board.stock) == asked[boards_stock.ON_HAND]
    assert [row["late"] for row in board.documents] == [row["late"] for row in asked[boards_stock.WAITING]]
    assert {name: board.total(name) for name in boards_stock.COLUMNS} == {
        "n": 3,
        "late": 1,
        "damaged": 2,
        "due": 1,
        "low": 1,
    }


@pytest.mark.parametrize("role", ["management", "stock_accountant"])
def test_every_new_figure_leads_to_as_many_rows(role: str) -> None:
    """INV-84, INV-93, INV-102: the tile, and the same by warehouse."""
    unchecked(30)
    broken(16, "BJ-33002")
    broken(2, "GJ-01042")
    emptied()
    browser = client(role)
    page = browser.get("/board/stock/").content.decode()
    found = tiles_of(page)
    assert {code: found[code][2] for code in ("unchecked", "damaged", "due", "low", "gone")} == {
        "unchecked": "1",
        "damaged": "3",
        "due": "1",
        "low": "1",
        "gone": "2",
    }
    for code in ("unchecked", "damaged", "due", "low", "gone"):
        _look, url, figure, _sub = found[code]
        assert rows_behind(browser, url) == int(figure), code
    links = [(html.unescape(url), int(figure)) for url, figure in CELL.findall(page)]
    assert any("stock=due" in url for url, _figure in links)
    assert any("check=late" in url for url, _figure in links)
    for url, figure in links:
        assert rows_behind(browser, url) == figure, url


def test_the_last_piece_gone_is_low_stock_and_no_stock_at_all_is_told() -> None:
    """INV-93: two wrenches of ten are low; none are lower, and the list behind the figure shows the zero."""
    browser = client("stock_accountant")
    assert (figures(browser)["low"], figures(browser)["gone"]) == ("1", "0")
    emptied()
    assert (figures(browser)["low"], figures(browser)["gone"]) == ("1", "2")
    low = browser.get("/stock/on-hand/?stock=low&kind=sound").content.decode()
    assert "GJ-01042" in low
    assert "<b>0.000</b>" in low
    assert "GJ-01042" not in browser.get("/stock/on-hand/?kind=sound").content.decode()
    gone = browser.get("/stock/items/?stock=none").content.decode()
    assert "BJ-33015" in gone
    assert "HC-20031" not in gone
    none = browser.get("/stock/items/?stock=none&item_class=safety").content.decode()
    # nothing found, not nothing there
    assert 'href="/stock/items/"' in none.split("<main")[1].split('class="empty"')[1]
    Item.objects.filter(code="BJ-33015").update(closed_on=business_date(now_db()))
    assert figures(browser)["gone"] == "1"


def test_the_term_counts_working_days_and_a_counted_paper_is_out_of_it() -> None:
    """INV-84."""
    browser = client("stock_accountant")
    unchecked(1)
    assert figures(browser)["unchecked"] == "0"
    unchecked(30)
    assert figures(browser)["unchecked"] == "1"
    counted = people.user("storekeeper")
    waiting = Document.objects.filter(state="saved", category="purchase_in")
    waiting.update(counted_at=now_db(), counted_by=counted)
    assert figures(browser)["unchecked"] == "0"


def test_a_department_is_told_of_its_own_stores_alone() -> None:
    """ORG-04: of what lies nowhere in the own stores, though another department has it."""
    emptied()
    far = client_of(people.user("storekeeper", department=Department.objects.get(code="site_far")))
    assert (figures(far)["low"], figures(far)["gone"], figures(far)["damaged"]) == ("0", "3", "0")


def test_loans_are_not_recorded_and_the_board_says_so() -> None:
    """RPT-23, INV-90: no figure that nobody can enter."""
    page = client("stock_accountant").get("/board/stock/", headers={"Accept-Language": "en"})
    assert tiles_of(page.content.decode())["loans"][1:3] == ("", "—")


def test_the_api_names_the_same_figures() -> None:
    unchecked(30)
    broken(16, "BJ-33002")
    emptied()
    answer = client("stock_accountant").get("/api/v1/boards/stock/").json()["figures"]
    assert answer == {
        "documents_to_audit": 3,
        "checks_late": 1,
        "transfers_under_way": 1,
        "damaged_items": 2,
        "damaged_due": 1,
        "low_items": 1,
        "items_out_of_stock": 2,
    }
