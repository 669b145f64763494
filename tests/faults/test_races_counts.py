"""A count approved while its goods are issued, twice at once, and begun while goods are posted (fault 24; I4, I5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from inventory import services
from inventory.domain.counting import Counted, CountHead
from inventory.domain.shortage import Shortage
from inventory.models import Document, LedgerEntry, Stocktake, StocktakeLine
from servicecenter.kernel.errors import RuleBroken
from tests.faults.counts import times
from tests.faults.races import Held, race, values
from tests.faults.sound import assert_sound
from tests.inventory import stores
from tests.inventory.stores import D, Stores, line, on_hand

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(scope="module")
def s(committed: None) -> Stores:
    return stores.stores()


def audit(document: Document) -> Document:
    return services.audit_document(document=document, by=None, at=stores.AT)


def approve(row: Stocktake) -> Stocktake:
    return services.approve_count(stocktake=row, by=None, at=stores.AT)


def handed_in(s: Stores, **found: int) -> Stocktake:
    """Counted otherwise than the books say, by code."""
    row = services.begin_count(head=CountHead(s.sound.pk, "spot", stores.TODAY), by=None, at=stores.AT)
    entries = [
        Counted(one.item.code, D(found.get(one.item.unit, one.book)), "lost", "盘点", at=one.ordinal)
        for one in row.lines.select_related("item")
    ]
    services.save_counts(stocktake=row, entries=entries, by=None, at=stores.AT)
    row = services.finish_count(stocktake=row, by=None, at=stores.AT)
    return services.hand_in_count(stocktake=row, liability="甲", proposal="乙", by=None, at=stores.AT)


def test_a_count_approved_while_its_goods_are_issued_leaves_books_and_ledger_in_step(s: Stores) -> None:
    """Fault 24: ten wrenches, six found; at the same moment five are issued twice. One of the issues, or the approval,
    is told what is short; whatever wins, nothing lies below zero and the books are the ledger's sum."""
    for _turn in range(times(5, 200)):
        (left,) = on_hand(s.sound, s.wrench)
        stores.stocked(s, line(s.wrench, 10 - left), line(s.grease, 5))
        row = handed_in(s, **{s.wrench.unit: 6})
        issues = [stores.issue(s, line(s.wrench, 5), line(s.grease, 1)) for _n in range(2)]
        outcomes = race(partial(approve, row), *(partial(audit, issue) for issue in issues))
        for outcome in outcomes:
            assert outcome.won or isinstance(outcome.problem, Shortage), repr(outcome.problem)
        lost = 4 if outcomes[0].won else 0
        issued = 5 * sum(outcome.won for outcome in outcomes[1:])
        assert on_hand(s.sound, s.wrench) == [10 - lost - issued]
        row.refresh_from_db()
        posted = LedgerEntry.objects.filter(document__stocktake=row)
        assert [entry.quantity for entry in posted] == ([D(-4)] if outcomes[0].won else [])
        if not outcomes[0].won:
            services.void_count(stocktake=row, reason="重盘", by=None, at=stores.AT)
    assert_sound()


def test_a_count_approved_twice_at_once_is_posted_once(s: Stores) -> None:
    stores.stocked(s, line(s.pump, 20 * times(5, 100)))
    for _turn in range(times(5, 100)):
        before = on_hand(s.sound, s.pump)[0]
        row = handed_in(s, **{s.pump.unit: before - 1})
        outcomes = race(partial(approve, row), partial(approve, row))
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        (loser,) = [outcome.problem for outcome in outcomes if not outcome.won]
        assert isinstance(loser, RuleBroken), repr(loser)
        assert on_hand(s.sound, s.pump) == [before - 1]
    assert_sound()


def test_a_sheet_taken_while_goods_are_posted_knows_of_them_or_marks_them(s: Stores) -> None:
    """LED-07: book quantity and ledger position are of one moment; what is posted after is marked as moved."""
    stores.stocked(s, line(s.bulb, 10))
    issue = stores.issue(s, line(s.bulb, 3))
    with ThreadPoolExecutor(1) as pool:
        held = Held(partial(audit, issue), after="FOR UPDATE OF b")
        taken = pool.submit(
            lambda: race(
                partial(
                    services.begin_count,
                    head=CountHead(s.sound.pk, "spot", stores.TODAY),
                    by=None,
                    at=stores.AT,
                )
            )
        )
        assert held.let_go().won
        (row,) = values(taken.result(60))
    one = StocktakeLine.objects.get(stocktake=row, item=s.bulb)
    moved = LedgerEntry.objects.filter(warehouse=s.sound, item=s.bulb, pk__gt=one.position).exists()
    assert (one.book, moved) in {(D(7), False), (D(10), True)}
    services.void_count(stocktake=row, reason="完", by=None, at=stores.AT)
