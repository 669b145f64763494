"""What the stores must see to (INV-84, INV-93, INV-102, RPT-23)."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from inventory import queries, services
from inventory.domain.documents import Head
from inventory.domain.watch import day_before_working_days
from servicecenter.kernel.worktime import WorkCalendar
from tests.inventory.stores import AT, TODAY, D, Stores, audited, line, purchase, sides, stocked, transfer


def damaged(s: Stores, day: date, quantity: int) -> None:
    head = Head("damage_in", s.damaged.pk, day, cause="normal_use")
    audited(services.save_document(head=head, lines=[line(s.pump, quantity)], by=None, at=AT))


def test_goods_received_wait_five_working_days_for_their_check(s: Stores) -> None:
    """INV-84: what came on Thursday the 12th is late from Friday the 20th on; the weekend does not count."""
    late = purchase(s, line(s.wrench, 1), counted=False, day=date(2026, 11, 12), by=None)
    purchase(s, line(s.wrench, 1), counted=False, day=date(2026, 11, 13), by=None)
    purchase(s, line(s.wrench, 1), counted=True, day=date(2026, 11, 2), by=None)
    assert not queries.received_not_checked(s.accountant, at=AT).exists()
    found = queries.received_not_checked(s.accountant, at=AT + timedelta(days=1))
    assert [one.number for one in found] == [late.number]


def test_less_than_the_reserve_is_low_and_nothing_at_all_is_told_too(s: Stores) -> None:
    """INV-93."""
    for item in (s.wrench, s.grease):
        item.reserve_least = D(10)
        item.save()
    stocked(s, line(s.wrench, 4))
    stocked(s, line(s.wrench, 12), warehouse=s.sound_b)
    low = [(row.warehouse.code, row.item.code) for row in queries.low_stock(s.accountant)]
    assert low == [("BP-W", "GJ-01042")]
    assert [item.code for item in queries.items_out_of_stock(s.accountant)] == ["HC-20031"]


def test_damaged_goods_go_back_fifteen_days_after_the_oldest_that_still_lies_there(s: Stores) -> None:
    """INV-102: what came first has gone first; of seven pieces four lie there, the newest ones."""
    damaged(s, TODAY - timedelta(days=20), 3)
    damaged(s, TODAY - timedelta(days=14), 4)
    (row,) = queries.damaged_to_return(s.accountant, at=AT)
    assert (row.warehouse, row.items, row.quantity, row.days, row.is_due) == (s.damaged, 1, D(7), 20, True)
    sent = Head("repair_out", s.damaged.pk, TODAY)
    audited(services.save_document(head=sent, lines=[line(s.pump, 3)], by=None, at=AT))
    (row,) = queries.damaged_to_return(s.accountant, at=AT)
    assert (row.quantity, row.since, row.is_due) == (D(4), TODAY - timedelta(days=14), False)
    (row,) = queries.damaged_to_return(s.accountant, at=AT + timedelta(days=1))
    assert row.is_due


def test_the_far_department_sees_its_own(s: Stores) -> None:
    damaged(s, TODAY, 1)
    people = (s.keeper, s.manager, s.chief)
    assert [len(queries.damaged_to_return(who, at=AT)) for who in people] == [1, 1, 1]
    stocked(s, line(s.wrench, 5))
    moved = services.audit_transfer(transfer=transfer(s, (s.wrench, 2)), by=s.accountant, at=AT)
    assert not queries.transfers_on_the_way(s.accountant).exists()
    audited(sides(moved)[0])
    assert [row.number for row in queries.transfers_on_the_way(s.accountant)] == [moved.number]
    assert [row.direction for row in queries.documents_waiting(s.keeper)] == ["in"]


def test_the_day_itself_and_free_days_do_not_count() -> None:
    """Five working days before Monday the 23rd are the 16th to the 20th: what came on the Sunday before is late."""
    calendar = WorkCalendar(zone=ZoneInfo("Asia/Shanghai"), week=(*(((540, 1080),),) * 5, (), ()))
    assert day_before_working_days(date(2026, 11, 23), 5, calendar) == date(2026, 11, 15)
    assert day_before_working_days(date(2026, 11, 23), 0, calendar) == date(2026, 11, 22)
