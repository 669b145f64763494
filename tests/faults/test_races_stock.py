"""The last piece, lines in opposite orders, audit against un-audit (faults 20 to 22; LED-04, LED-11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection, transaction

from inventory import services
from inventory.models import Balance, Document, Item, LedgerEntry
from inventory.services.catalogue import prepare
from servicecenter.kernel.errors import RuleBroken
from servicecenter.retry import retrying
from tests.faults.clocks import wait_for
from tests.faults.counts import times
from tests.faults.races import Held, race, somebody_waits, values
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


def washers(prefix: str, count: int) -> list[Item]:
    """So many kinds of washers."""
    rows = [
        Item(
            code=f"{prefix}-{n:05}",
            names={"zh-Hans": "垫片"},
            item_class="spare",
            unit="只",
            repair_class="one",
            created_at=stores.AT,
        )
        for n in range(count)
    ]
    return Item.objects.bulk_create(prepare(row) for row in rows)


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
    for _turn in range(times(5, 200)):
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


def test_an_audit_that_waits_for_the_first_of_its_goods_holds_none_of_the_others(s: Stores) -> None:
    """LED-04: in one order, whatever the order of the lines; a deadlock by chance would escape the storm below."""
    items = washers("LY", 12)
    stores.stocked(s, *(line(item, 1) for item in items))
    keys = Balance.objects.filter(warehouse=s.sound, item__in=items).order_by("item_id")
    first, *others = [key.pk for key in keys]
    document = stores.issue(s, *(line(item, 1) for item in reversed(items)))

    def hold() -> None:
        with transaction.atomic():
            assert Balance.objects.select_for_update().get(pk=first)

    with ThreadPoolExecutor(1) as pool:
        held = Held(hold, after="FOR UPDATE")
        audited = pool.submit(lambda: race(partial(audit, document)))
        wait_for(lambda: somebody_waits("FOR UPDATE OF b"), 60, "the audit does not wait")
        with transaction.atomic():
            free = Balance.objects.select_for_update(skip_locked=True).filter(pk__in=others)
            assert sorted(key.pk for key in free) == sorted(others)
        assert held.let_go().won
        values(audited.result(60))
    assert on_hand(s.sound, *items) == [0] * 12
    assert_sound()


def test_an_audit_that_waited_in_vain_for_its_goods_is_tried_once_more(s: Stores) -> None:
    """LED-04: bounded, and in one place for every door; whoever holds the goods lets them go meanwhile."""
    (item,) = washers("LW", 1)
    stores.stocked(s, line(item, 3))
    document = stores.issue(s, line(item, 1))
    key = Balance.objects.get(warehouse=s.sound, item=item)
    tries: list[str] = []

    def hold() -> None:
        with transaction.atomic():
            assert Balance.objects.select_for_update().get(pk=key.pk)

    held = Held(hold, after="FOR UPDATE")

    def act() -> Document:
        tries.append("try")
        if len(tries) == 2:
            assert held.let_go().won
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
            return audit(document)

    assert retrying(act).state == "audited"
    assert tries == ["try", "try"]
    assert on_hand(s.sound, item) == [2]


def test_lines_in_opposite_orders_never_lock_each_other_out(s: Stores) -> None:
    """Fault 21: four at once, the same goods in turned order; nobody ever sees a deadlock (LED-04)."""
    lines, rounds = 40, times(4, 60)
    items = washers("LX", lines)
    stores.stocked(s, *(line(item, 4 * rounds) for item in items))
    turned = (items, items[::-1], items[lines // 2 :] + items[: lines // 2], items[1::2] + items[::2])
    for _turn in range(rounds):
        documents = [stores.issue(s, *(line(item, 1) for item in order)) for order in turned]
        done = values(race(*(partial(audit, document) for document in documents), at="FOR UPDATE OF b"))
        assert [document.state for document in done] == ["audited"] * 4
    assert on_hand(s.sound, *items) == [0] * lines
    assert_sound()
