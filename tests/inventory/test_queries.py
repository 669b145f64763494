"""What is seen of the stock, by whom, and that the books agree with each other (INV-02, 06, 09, 60, LED-11)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import queries, services
from inventory.models import LedgerEntry
from servicecenter import policies
from servicecenter.keyset import paginate
from tests import people
from tests.inventory.stores import (
    AT,
    TODAY,
    Stores,
    audited,
    issue,
    line,
    purchase,
    sides,
    stocked,
    transfer,
)

DAY = timedelta(days=1)


def test_a_site_sees_its_own_warehouses_an_accountant_reads_all(s: Stores) -> None:
    """INV-02, INV-06, ORG-04."""
    codes = {who: set(queries.warehouses_visible_to(getattr(s, who)).values_list("code", flat=True))
             for who in ("keeper", "manager", "accountant")}  # fmt: skip
    assert codes["keeper"] == {"BP-W", "BP-S", "BP-G"}
    assert codes["manager"] == {"BP-W", "BP-S", "BP-G", "NP-W", "NP-S"}
    assert codes["accountant"] == {"BP-W", "BP-S", "NP-W", "NP-S", "JB-W", "JB-S", "ZT", "BP-G"}
    stranger = people.user("agent")
    assert not queries.warehouses_visible_to(stranger).exists()
    assert not queries.items_visible_to(stranger).exists()


def test_documents_are_seen_by_their_warehouse_and_by_both_sides_of_a_transfer(s: Stores) -> None:
    """INV-42: drill-down both ways."""
    mine = purchase(s, line(s.wrench, 5))
    other = purchase(s, line(s.wrench, 5), warehouse=s.sound_b)
    made = services.audit_transfer(transfer=transfer(s, (s.wrench, 1)), by=None, at=AT)
    out, into = sides(made)
    seen = set(queries.documents_visible_to(s.keeper).values_list("number", flat=True))
    assert seen == {mine.number, out.number, into.number}
    assert other.number not in seen
    assert queries.document_page(s.keeper, other.number) is None
    assert queries.transfer_page(s.accountant_far, made.number) is not None
    assert not queries.transfers_visible_to(
        people.user("site_representative", department="branch_east")
    ).exists()


def test_where_one_may_draft(s: Stores) -> None:
    """INV-07."""

    def codes(user: object) -> set[str]:
        return set(queries.warehouses_to_draft(user).values_list("code", flat=True))

    assert codes(s.keeper) == {"BP-W", "BP-S", "BP-G"}
    assert codes(s.accountant) == {"BP-W", "BP-S", "BP-G", "NP-W", "NP-S"}
    assert codes(s.planner) == set()
    policies.set_policy(
        code="inventory.site", key=s.sound.department.code, value={"books": "department"}, by=None, reason="代",
        valid_from=AT - DAY,
    )  # fmt: skip
    assert codes(s.keeper) == set()
    policies.set_policy(
        code="inventory.site", value={"books": "department"}, by=None, reason="代", valid_from=AT
    )
    policies.set_policy(
        code="inventory.site",
        key=s.sound.department.code,
        value={"books": "site"},
        by=None,
        reason="自",
        valid_from=AT,
    )
    assert codes(s.keeper) == {"BP-W", "BP-S", "BP-G"}


def test_on_hand_says_how_much_lies_where_and_what_is_coming(s: Stores) -> None:
    """INV-09."""
    stocked(s, line(s.wrench, 10, location="02-A-03-11"), line(s.grease, 1))
    audited(issue(s, line(s.grease, 1)))
    stocked(s, line(s.wrench, 2), warehouse=s.sound_b)
    made = services.audit_transfer(transfer=transfer(s, (s.wrench, 4)), by=None, at=AT)
    audited(sides(made)[0])
    rows = queries.on_hand(s.accountant).order_by("warehouse__code")
    assert [(row.warehouse.code, row.item.code, row.quantity, row.location, row.coming) for row in rows] == [
        ("BP-W", "GJ-01042", 6, "02-A-03-11", 0),
        ("NP-W", "GJ-01042", 2, "", 4),
        ("ZT", "GJ-01042", 4, "", 0),
    ]
    assert [row.under_way for row in queries.in_transit(s.accountant)] == [4]


def test_opening_plus_in_minus_out_is_closing_and_reversals_cancel(s: Stores) -> None:
    """A red letter counts on its own side, an un-audit not at all."""
    bought = stocked(s, line(s.wrench, 10), day=TODAY - 9 * DAY)
    stocked(s, line(s.wrench, 5), day=TODAY - 3 * DAY)
    used = audited(issue(s, line(s.wrench, 6), day=TODAY - 2 * DAY))
    audited(services.draft_red(original=used, reason="surplus", quantities={1: D(2)}, business_date=TODAY - DAY,
                               by=s.accountant, at=AT))  # fmt: skip
    wrong = audited(issue(s, line(s.wrench, 1), day=TODAY - DAY))
    services.unaudit_document(document=wrong, by=None, at=AT)
    audited(
        services.draft_red(original=bought, reason="arrived", quantities={1: D(1)}, by=s.accountant, at=AT)
    )
    row = queries.in_out_balance(s.accountant, TODAY - 5 * DAY, TODAY - DAY).get()
    assert (row.opening, row.incoming, row.outgoing, row.closing) == (10, 5, 4, 11)
    row = queries.in_out_balance(s.accountant, TODAY, TODAY).get()
    assert (row.opening, row.incoming, row.outgoing, row.closing) == (11, -1, 0, 10)
    card = queries.item_card(s.accountant, s.sound, s.wrench, TODAY - 5 * DAY, TODAY - DAY)
    assert card is not None
    assert (card.opening, card.incoming, card.outgoing, card.closing) == (10, 5, 4, 11)
    assert [row.running for row in card.rows] == [15, 9, 11, 10, 11]
    assert queries.item_card(s.keeper, s.far, s.wrench, TODAY, TODAY) is None


def test_the_day_book_holds_every_movement_in_two_columns(s: Stores) -> None:
    """INV-60."""
    stocked(s, line(s.wrench, 10))
    stocked(s, line(s.wrench, 3), warehouse=s.far)
    audited(issue(s, line(s.wrench, 4)))
    rows = list(queries.day_book(s.keeper, TODAY, TODAY).order_by("id"))
    assert [(row.incoming, row.outgoing) for row in rows] == [(10, None), (None, 4)]
    found = paginate(queries.day_book(s.keeper, TODAY, TODAY), order=queries.LEDGER_ORDERS["oldest"], size=1)
    assert ([row.pk for row in found.rows], bool(found.next_cursor)) == ([rows[0].pk], True)
    assert LedgerEntry.objects.count() == 3


def test_the_page_of_a_red_letter_compares_with_its_original_and_tells_the_shortage_before(s: Stores) -> None:
    bought = stocked(s, line(s.wrench, 10), line(s.grease, 4))
    audited(issue(s, line(s.wrench, 8)))
    red = services.draft_red(original=bought, reason="arrived", quantities={1: D(3)}, by=s.accountant, at=AT)
    found = queries.document_page(s.accountant, red.number)
    assert found is not None
    row = found.comparison[0]
    assert (row.original, row.returned, row.this, row.on_hand, row.after) == (10, 0, -3, 2, -1)
    assert [(short.code, short.missing) for short in found.shortages] == [("GJ-01042", 1)]
    assert [link.number for link in found.upstream] == [bought.number]
    original = queries.document_page(s.accountant, bought.number)
    assert original is not None
    assert [link.number for link in original.downstream] == [red.number]
    assert original.totals == queries.Totals(2, D(14), None)


def test_the_answers_say_what_may_be_done_and_why_not(s: Stores) -> None:
    made = purchase(s, line(s.wrench, 1), counted=False)
    answers = queries.answers_of(made, s.accountant)
    assert {code for code, answer in answers.items() if answer.allowed} == {"edit", "save", "void", "print"}
    assert answers["audit"].refusal is not None and answers["audit"].refusal.code == "document.not_counted"
    reader = queries.answers_of(made, s.accountant_far)
    assert {code for code, answer in reader.items() if answer.allowed} == {"print"}
    assert not reader["audit"].visible


def test_neighbours_are_of_the_same_category_in_the_order_of_their_days(s: Stores) -> None:
    one = purchase(s, line(s.wrench, 1), day=TODAY - 2 * DAY)
    two = purchase(s, line(s.wrench, 1), day=TODAY - DAY)
    three = purchase(s, line(s.wrench, 1))
    issue(s, line(s.wrench, 1))
    found = queries.neighbours(s.accountant, two)
    assert (found.first, found.previous, found.next, found.last) == (
        one.number, one.number, three.number, three.number,
    )  # fmt: skip
    assert queries.neighbours(s.accountant, three).next == ""


def test_stock_facts_and_the_picker(s: Stores) -> None:
    stocked(s, line(s.wrench, 10, location="02-A"))
    facts = queries.stock_facts(s.keeper, s.sound, ["gj-01042", "HC-20031", "NO-1"])
    assert {code: (fact.on_hand, fact.location) for code, fact in facts.items()} == {
        "GJ-01042": (10, "02-A"),
        "HC-20031": (0, ""),
    }
    assert queries.stock_facts(s.keeper, s.far, ["GJ-01042"]) == {}
    for text in ("GJ-0", "扳手", "kkbs", "kai kou", "開口"):
        assert [item.code for item in queries.pick_items(text)] == ["GJ-01042"], text


def test_lines_from_a_paste_come_with_every_error(s: Stores) -> None:
    """INV-15."""
    found = queries.read_pasted("GJ-01042\t12\t38.00\nNO-1\t3\nHC-20031\tviel\n")
    assert [(one.code, one.quantity, one.price) for one in found.lines] == [
        ("GJ-01042", 12, D("38.00")), ("NO-1", 3, None),
    ]  # fmt: skip
    assert [(one.line, one.code) for one in found.problems] == [
        (2, "stock.import_item"),
        (3, "stock.import_number"),
    ]


def test_a_quantity_may_be_pasted_in_the_auxiliary_unit(s: Stores) -> None:
    """LED-12: one box is twelve cans; a unit the item does not have is told."""
    services.change_item(item=s.grease, aux_unit="箱", aux_factor=D(12), by=s.chief, at=AT)
    found = queries.read_pasted("HC-20031\t2.5箱\nHC-20031\t3 罐\nHC-20031\t1吨\nGJ-01042\t1箱")
    assert [one.quantity for one in found.lines] == [30, 3]
    assert [(one.line, one.code) for one in found.problems] == [(3, "quantity.unit"), (4, "quantity.unit")]


def test_documents_are_found_by_number_figure_item_and_supplier(s: Stores) -> None:
    made = purchase(s, line(s.wrench, 1))
    other = issue(s, line(s.grease, 1))
    rows = queries.documents_visible_to(s.accountant)
    for text in (made.number, made.number[:8].lower(), made.number.partition("-")[2], "GJ-01042", "江北"):
        found = queries.search_documents(rows, text)
        assert made in found and other not in found, text
    hits = queries.search_hits(user=s.accountant, text=made.number, limit=8)
    assert [hit.number for hit in hits] == [made.number]
    assert queries.search_hits(user=s.accountant_far, text="扳手", limit=8)[0].number == "GJ-01042"
    assert queries.search_hits(user=people.user("agent"), text=made.number, limit=8) == []


@pytest.mark.parametrize("size", [2, 30])
def test_a_page_costs_the_same_whatever_it_holds(s: Stores, size: int) -> None:
    stocked(s, line(s.wrench, 500))
    made = issue(s, *[line(s.wrench, 1) for _n in range(size)])
    used = audited(made)
    red = services.draft_red(original=used, reason="surplus", by=s.accountant, at=AT)
    queries.document_page(s.accountant, red.number)
    counts = []
    for act in (
        lambda: queries.document_page(s.accountant, red.number),
        lambda: list(queries.document_rows(queries.documents_visible_to(s.accountant))),
        lambda: list(queries.on_hand(s.accountant)),
        lambda: list(queries.in_out_balance(s.accountant, TODAY, TODAY)),
        lambda: queries.item_card(s.accountant, s.sound, s.wrench, TODAY, TODAY),
    ):
        with CaptureQueriesContext(connection) as caught:
            act()
        counts.append(len(caught))
    assert counts == [7, 1, 1, 1, 2]


def test_a_list_says_how_many_lines_and_how_much(s: Stores) -> None:
    made = purchase(s, line(s.wrench, 5), line(s.grease, "1.5"))
    row = queries.document_rows(queries.documents_visible_to(s.accountant)).get()
    assert (row.pk, row.line_count, row.total) == (made.pk, 2, D("6.5"))
    sent = services.audit_transfer(transfer=transfer(s, (s.wrench, 4)), by=None, at=AT)
    audited(made)
    audited(sides(sent)[0])
    found = queries.transfer_rows(queries.transfers_visible_to(s.keeper)).get()
    assert (found.line_count, found.open) == (1, 4)
