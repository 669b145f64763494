"""The web is killed at every statement of audit, un-audit, transfer and stocktake; the same is sent again (23, 24)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from inventory import services
from inventory.domain.counting import Counted, CountHead
from inventory.models import Document, LedgerEntry, Stocktake, TransferLine
from servicecenter.models import IdempotencyKey
from tests.faults import doors
from tests.faults.counts import FULL, times
from tests.faults.crash import Act, Crash, crash_everywhere, places
from tests.faults.doors import done, post
from tests.faults.sound import assert_sound
from tests.inventory import stores
from tests.inventory.stores import Stores, line

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(scope="module")
def s(committed: None) -> Stores:
    """The stores, with plenty of everything."""
    made = stores.stores()
    stores.stocked(made, line(made.wrench, 1000), line(made.grease, 1000))
    return made


@pytest.fixture(scope="module")
def client(s: Stores) -> Client:
    return doors.client_of(s.accountant)


def is_kept(key: str) -> bool:
    return IdempotencyKey.objects.filter(key=key).exists()


def rows(document: Document) -> int:
    return LedgerEntry.objects.filter(document=document).count()


def crash_act(
    client: Client, act: str, made: Callable[[], Document], before: tuple[str, int], after: tuple[str, int]
) -> list[Crash]:
    """Crash `act` on a fresh document at each point; its state and its rows of the ledger are of before or after."""
    subjects: dict[int, Document] = {}

    def prepare(point: int) -> Act:
        subjects[point] = made()
        return partial(send, point)

    def key(point: int) -> str:
        return f"{act}-{subjects[point].number}"

    def send(point: int) -> Any:
        return done(post(client, f"stock/documents/{subjects[point].number}/{act}/", key(point)))

    def there(point: int) -> tuple[str, int]:
        subjects[point].refresh_from_db()
        return subjects[point].state, rows(subjects[point])

    def recovered(point: int, crash: Crash) -> None:
        assert there(point) == (after if is_kept(key(point)) else before)
        first = send(point)
        assert send(point) == first
        assert there(point) == after
        assert_sound()

    return crash_everywhere(prepare, recovered, every=times(3, 1))


def assert_reached(crashes: list[Crash], table: str) -> None:
    """The points were inside the act; in full counts also at its own table and behind its COMMIT."""
    assert len(crashes) >= 3
    if FULL:
        assert table in places(crashes)
        assert "after COMMIT" in places(crashes)


def test_an_audit_killed_at_any_statement_moves_the_stock_once_or_not_at_all(
    s: Stores, client: Client
) -> None:
    def made() -> Document:
        return stores.issue(s, line(s.wrench, 2), line(s.grease, 1))

    assert_reached(crash_act(client, "audit", made, ("saved", 0), ("audited", 2)), "inventory_ledgerentry")


def test_an_audit_taken_back_and_killed_at_any_statement_is_mirrored_once_or_not_at_all(
    s: Stores, client: Client
) -> None:
    def made() -> Document:
        return stores.audited(stores.issue(s, line(s.wrench, 2), line(s.grease, 1)))

    assert_reached(crash_act(client, "unaudit", made, ("audited", 2), ("saved", 4)), "inventory_ledgerentry")


def test_a_transfer_killed_between_its_legs_has_both_or_none(s: Stores, client: Client) -> None:
    """LED-06, INV-46: what leaves a warehouse is in transit at the same moment."""

    def made() -> Document:
        moved = services.audit_transfer(
            transfer=stores.transfer(s, (s.wrench, 2), (s.grease, 1)), by=s.accountant, at=stores.AT
        )
        return stores.sides(moved)[0]

    crashes = crash_act(client, "audit", made, ("saved", 0), ("audited", 4))
    assert_reached(crashes, "inventory_ledgerentry")
    for counted in TransferLine.objects.all():
        assert (counted.issued, counted.received, counted.lost) == (counted.quantity, 0, 0)


def test_an_approval_of_a_count_killed_at_any_statement_posts_all_differences_or_none(s: Stores) -> None:
    """LED-07, INV-55: surplus, shortage and the state go together; the same approval sent again posts nothing."""
    manager = doors.client_of(s.manager)
    rows: dict[int, Stocktake] = {}

    def prepare(point: int) -> Act:
        rows[point] = handed_in(s)
        return partial(send, point)

    def key(point: int) -> str:
        return f"approve-{rows[point].number}"

    def send(point: int) -> Any:
        return done(post(manager, f"stock/counts/{rows[point].number}/approve/", key(point)))

    def there(point: int) -> tuple[str, list[str]]:
        rows[point].refresh_from_db()
        posted = LedgerEntry.objects.filter(document__stocktake=rows[point])
        return rows[point].state, sorted(posted.values_list("document__category", flat=True))

    after = ("approved", ["shortage_out", "surplus_in"])

    def recovered(point: int, crash: Crash) -> None:
        assert there(point) == (after if is_kept(key(point)) else ("submitted", []))
        first = send(point)
        assert send(point) == first
        assert there(point) == after
        assert_sound()

    assert_reached(crash_everywhere(prepare, recovered, every=times(3, 1)), "inventory_ledgerentry")


def handed_in(s: Stores) -> Stocktake:
    """A count of the store: one wrench less than the books say, one grease more."""
    row = services.begin_count(head=CountHead(s.sound.pk, "spot", stores.TODAY), by=None, at=stores.AT)
    entries = [
        Counted(
            line.item.code, line.book + (1 if line.item == s.grease else -1), "lost", "盘点", at=line.ordinal
        )
        for line in row.lines.select_related("item")
    ]
    services.save_counts(stocktake=row, entries=entries, by=None, at=stores.AT)
    row = services.finish_count(stocktake=row, by=None, at=stores.AT)
    return services.hand_in_count(stocktake=row, liability="甲", proposal="乙", by=None, at=stores.AT)


def test_a_transfer_killed_while_it_is_audited_has_both_its_documents_or_none(
    s: Stores, client: Client
) -> None:
    """INV-42."""
    moves: dict[int, Any] = {}

    def prepare(point: int) -> Act:
        moves[point] = stores.transfer(s, (s.wrench, 2))
        return partial(send, point)

    def send(point: int) -> Any:
        return done(post(client, f"stock/transfers/{moves[point].number}/audit/", f"t-{point}"))

    def recovered(point: int, crash: Crash) -> None:
        documents = Document.objects.filter(transfer=moves[point])
        assert documents.count() == (2 if is_kept(f"t-{point}") else 0)
        first = send(point)
        assert send(point) == first
        assert sorted(documents.values_list("direction", "state")) == [("in", "saved"), ("out", "saved")]
        assert_sound()

    assert_reached(crash_everywhere(prepare, recovered, every=times(3, 1)), "inventory_document")
