"""What the stores must see to (INV-84, INV-93, INV-102, RPT-23)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from inventory import queries, services
from inventory.domain.documents import Head
from inventory.domain.watch import day_before_working_days
from inventory.filters import DocumentFilter, TransferFilter
from inventory.models import Warehouse
from organization.models import User
from servicecenter.kernel.worktime import WorkCalendar
from tests import people
from tests.inventory.stores import AT, TODAY, D, Stores, audited, line, purchase, sides, stocked, transfer


def damaged(s: Stores, day: date, quantity: int) -> None:
    head = Head("damage_in", s.damaged.pk, day, cause="normal_use")
    audited(services.save_document(head=head, lines=[line(s.pump, quantity)], by=None, at=AT))


def far_keeper(s: Stores) -> User:
    return people.user("storekeeper", department=s.far.department, name="远库")


def late(who: User, at: datetime) -> list[str]:
    rows = queries.documents_visible_to(who).filter(queries.check_is_late(at=at))
    return [row.number for row in rows.order_by("business_date")]


def due(who: User, at: datetime) -> list[tuple[Warehouse, str, Decimal]]:
    """Where what lies that must go back, and how much of it lies there."""
    rows = queries.with_due(queries.on_hand(who), at=at).filter(queries.IS_DUE)
    return [(row.warehouse, row.item.code, row.quantity) for row in rows]


def test_goods_received_wait_five_working_days_for_their_check(s: Stores) -> None:
    """INV-84: what came on Thursday the 12th is late from Friday the 20th on; the weekend does not count."""
    first = purchase(s, line(s.wrench, 1), counted=False, day=date(2026, 11, 12), by=None)
    purchase(s, line(s.wrench, 1), counted=False, day=date(2026, 11, 13), by=None)
    purchase(s, line(s.wrench, 1), counted=True, day=date(2026, 11, 2), by=None)
    assert late(s.accountant, AT) == []
    assert late(s.accountant, AT + timedelta(days=1)) == [first.number]
    assert late(far_keeper(s), AT + timedelta(days=1)) == []


def test_less_than_the_reserve_is_low_and_nothing_at_all_is_told_too(s: Stores) -> None:
    """INV-93."""
    for item in (s.wrench, s.grease):
        item.reserve_least = D(10)
        item.save()
    stocked(s, line(s.wrench, 4))
    stocked(s, line(s.wrench, 12), warehouse=s.sound_b)
    low = queries.on_hand(s.accountant, empty=True).filter(queries.IS_LOW)
    assert [(row.warehouse.code, row.item.code) for row in low] == [("BP-W", "GJ-01042")]
    assert [item.code for item in queries.items_out_of_stock(s.accountant)] == ["HC-20031"]


def test_damaged_goods_go_back_fifteen_days_after_the_oldest_that_still_lies_there(s: Stores) -> None:
    """INV-102: what came first has gone first; of seven pieces four lie there, the newest ones."""
    damaged(s, TODAY - timedelta(days=20), 3)
    damaged(s, TODAY - timedelta(days=14), 4)
    assert due(s.accountant, AT) == [(s.damaged, s.pump.code, D(7))]
    sent = Head("repair_out", s.damaged.pk, TODAY)
    audited(services.save_document(head=sent, lines=[line(s.pump, 3)], by=None, at=AT))
    assert due(s.accountant, AT) == []
    assert due(s.accountant, AT + timedelta(days=1)) == [(s.damaged, s.pump.code, D(4))]


def test_whoever_sees_the_warehouse_is_told_and_the_far_site_is_not(s: Stores) -> None:
    damaged(s, TODAY - timedelta(days=15), 1)
    told = [(s.damaged, s.pump.code, D(1))]
    assert [due(who, AT) for who in (s.keeper, s.manager, s.chief)] == [told, told, told]
    assert due(s.accountant_far, AT) == told  # INV-02: accountants read every department's
    assert due(far_keeper(s), AT) == []


def test_a_transfer_is_on_the_way_once_its_goods_have_left_and_its_arrival_waits(s: Stores) -> None:
    """LED-06."""

    def on_the_way() -> list[str]:
        rows = queries.transfers_visible_to(s.accountant)
        found = TransferFilter({"under_way": "true"}, queryset=rows, user=s.accountant).qs
        return [row.number for row in found]

    stocked(s, line(s.wrench, 5))
    moved = services.audit_transfer(transfer=transfer(s, (s.wrench, 2)), by=s.accountant, at=AT)
    assert on_the_way() == []
    audited(sides(moved)[0])
    assert on_the_way() == [moved.number]
    rows = queries.documents_visible_to(s.keeper)
    waiting = DocumentFilter({"state": "waiting"}, queryset=rows, user=s.keeper).qs
    assert [row.direction for row in waiting] == ["in"]


def test_the_day_itself_and_free_days_do_not_count() -> None:
    """Five working days before Monday the 23rd are the 16th to the 20th: what came on the Sunday before is late."""
    calendar = WorkCalendar(zone=ZoneInfo("Asia/Shanghai"), week=(*(((540, 1080),),) * 5, (), ()))
    assert day_before_working_days(date(2026, 11, 23), 5, calendar) == date(2026, 11, 15)
    assert day_before_working_days(date(2026, 11, 23), 0, calendar) == date(2026, 11, 22)
