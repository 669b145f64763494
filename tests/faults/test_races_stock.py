"""The last piece, lines in opposite orders, audit against un-audit (faults 20 to 22; LED-04, LED-11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import connections

from inventory import services
from inventory.models import Document, Item, LedgerEntry
from inventory.services.catalogue import prepare
from servicecenter.kernel.errors import RuleBroken
from tests.faults.counts import times
from tests.faults.races import race
from tests.faults.sound import assert_sound
from tests.inventory import stores
from tests.inventory.stores import Stores, line, on_hand

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(scope="module")
def s(committed: None) -> Stores:
    return stores.stores()


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def audit(document: Document) -> Document:
    """By the system, on a row read for itself, as each web process has its own."""
    return services.audit_document(document=document, by=None, at=stores.AT)


def test_of_two_issues_of_the_last_piece_one_succeeds_and_the_other_is_told_what_is_short(s: Stores) -> None:
    for _turn in range(times(5, 200)):
        stores.stocked(s, line(s.wrench, 1))
        issues = [stores.issue(s, line(s.wrench, 1)) for _n in range(2)]
        outcomes = race(*(partial(audit, issue) for issue in issues))
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        (loser,) = [outcome.problem for outcome in outcomes if not outcome.won]
        assert type(loser).__name__ == "Shortage", repr(loser)
        assert on_hand(s.sound, s.wrench) == [0]
        assert sorted(fresh(issue).state for issue in issues) == ["audited", "saved"]
    assert_sound()


def test_of_an_audit_and_its_taking_back_at_once_there_is_one_net_effect(s: Stores) -> None:
    """Fault 22: in whatever order; what loses is refused by the document's state or its version."""
    stores.stocked(s, line(s.grease, 10))
    for _turn in range(times(5, 100)):
        document = stores.audited(stores.issue(s, line(s.grease, 4)))
        took = partial(services.unaudit_document, document=document, by=None, at=stores.AT)
        outcomes = race(took, took, partial(audit, document))
        for outcome in outcomes:
            assert outcome.won or isinstance(outcome.problem, RuleBroken), repr(outcome.problem)
        row = fresh(document)
        posted = LedgerEntry.objects.filter(document=document)
        assert sum((entry.quantity for entry in posted), Decimal(0)) == (-4 if row.state == "audited" else 0)
        assert on_hand(s.sound, s.grease) == [6 if row.state == "audited" else 10]
        if row.state == "audited":
            services.unaudit_document(document=row, by=None, at=stores.AT)
    assert_sound()


def test_lines_in_opposite_orders_never_lock_each_other_out(s: Stores) -> None:
    """Fault 21: four at once, the same goods in turned order; nobody ever sees a deadlock (LED-04)."""
    lines, rounds = times(8, 20), times(3, 60)
    items = Item.objects.bulk_create(
        prepare(Item(code=f"LX-{n:05}", names={"zh-Hans": "垫片"}, item_class="spare", unit="只",
                     repair_class="one", created_at=stores.AT))
        for n in range(lines)
    )  # fmt: skip
    plenty = 4 * rounds
    stores.stocked(s, *(line(item, plenty) for item in items))
    turned = (items, items[::-1], items[lines // 2 :] + items[: lines // 2], items[1::2] + items[::2])
    documents = [
        [stores.issue(s, *(line(item, 1) for item in order)) for _n in range(rounds)] for order in turned
    ]

    def work(mine: list[Document]) -> None:
        try:
            for document in mine:
                audit(document)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, mine) for mine in documents]:
            done.result()
    assert on_hand(s.sound, *items) == [0] * lines
    assert {fresh(document).state for mine in documents for document in mine} == {"audited"}
    assert_sound()
