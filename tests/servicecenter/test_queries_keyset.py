"""Keyset pages: every row exactly once, whatever ties, in both directions; cursors that cannot be forged (D12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organization.models import Employee
from servicecenter import keyset
from servicecenter.kernel.errors import RuleBroken
from servicecenter.keyset import Order
from servicecenter.models import Policy, TrailEntry
from tests import people

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)
ORDERS = [
    Order("newest", ("at",), descending=True),
    Order("oldest", ("at",)),
    Order("code", ("code", "at")),
    Order("number", ("number", "code"), descending=True),
]


def fill(rows: list[tuple[int, str, str]]) -> None:
    """Trail rows at so many minutes, with code and number: full of ties."""
    TrailEntry.objects.bulk_create(
        TrailEntry(
            kind="t", object_id=1, code=code, number=number, via="page", at=AT + timedelta(minutes=minute)
        )
        for minute, code, number in rows
    )


def pages(order: Order, size: int) -> list[list[int]]:
    found, cursor = [], ""
    while True:
        page = keyset.paginate(TrailEntry.objects.all(), order=order, cursor=cursor, size=size)
        found.append([row.pk for row in page.rows])
        if not page.next_cursor:
            return found
        cursor = page.next_cursor


def expected(order: Order) -> list[int]:
    return list(order.apply(TrailEntry.objects.all()).values_list("pk", flat=True))


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", "𠮷"]), st.sampled_from(["", "1", "10", "2"])),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, size=st.integers(1, 7), order=st.sampled_from(ORDERS))
def test_forwards_and_backwards_every_row_comes_exactly_once_and_in_order(
    db: None, rows: list[tuple[int, str, str]], size: int, order: Order
) -> None:
    from django.db import transaction

    with transaction.atomic():
        fill(rows)
        forwards = pages(order, size)
        assert [pk for page in forwards for pk in page] == expected(order)
        assert all(len(page) == size for page in forwards[:-1])
        assert [pk for page in backwards(order, size) for pk in page] == expected(order)
        iterated = keyset.iterate(TrailEntry.objects.all(), order=order, size=size)
        assert [row.pk for row in iterated] == expected(order)
        transaction.set_rollback(True)


def backwards(order: Order, size: int) -> list[list[int]]:
    """The pages reached by going to the end and coming back, first page first."""
    cursor, last = "", None
    while True:
        last = keyset.paginate(TrailEntry.objects.all(), order=order, cursor=cursor, size=size)
        if not last.next_cursor:
            break
        cursor = last.next_cursor
    found = [[row.pk for row in last.rows]]
    while last.previous_cursor:
        last = keyset.paginate(TrailEntry.objects.all(), order=order, cursor=last.previous_cursor, size=size)
        found.insert(0, [row.pk for row in last.rows])
        assert last.next_cursor
    return found


def test_page_400_of_equal_rows_holds_what_it_should_and_reads_no_more_than_page_1() -> None:
    fill([(0, "a", "")] * 2050)
    order = ORDERS[0]
    all_pages = pages(order, 5)
    assert len(all_pages) == 410
    assert all_pages[399] == expected(order)[1995:2000]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset.paginate(TrailEntry.objects.all(), order=order, size=5)
    assert len(queries) == 1


def test_a_row_that_comes_between_two_pages_shifts_nothing() -> None:
    fill([(minute, "a", "") for minute in range(6)])
    first = keyset.paginate(TrailEntry.objects.all(), order=ORDERS[0], size=3)
    fill([(9, "new", "")])
    second = keyset.paginate(TrailEntry.objects.all(), order=ORDERS[0], size=3, cursor=first.next_cursor)
    assert [row.at.minute for row in [*first.rows, *second.rows]] == [25, 24, 23, 22, 21, 20]


def test_the_first_and_the_last_page_have_no_cursor_beyond() -> None:
    fill([(0, "a", ""), (1, "a", "")])
    page = keyset.paginate(TrailEntry.objects.all(), order=ORDERS[0], size=2)
    assert (page.next_cursor, page.previous_cursor) == ("", "")
    assert keyset.paginate(TrailEntry.objects.none(), order=ORDERS[0]) == keyset.Page([], "", "")


def test_dates_decimals_and_relations_can_be_orders() -> None:
    for name in ("甲", "乙", "丙"):
        people.employee("branch_east", name=name)
    order = Order("department", ("department__path", "hired_on"))
    rows = Employee.objects.select_related("department")
    first = keyset.paginate(rows, order=order, size=2)
    second = keyset.paginate(rows, order=order, size=2, cursor=first.next_cursor)
    assert len({row.pk for row in [*first.rows, *second.rows]}) == 3
    assert keyset._unpacked(keyset._packed(date(2026, 2, 28))) == date(2026, 2, 28)


def test_a_column_that_may_be_null_cannot_be_an_order() -> None:
    people.employee("branch_east")
    people.employee("branch_east")
    with pytest.raises(TypeError, match="NOT NULL"):
        keyset.paginate(Employee.objects.all(), order=Order("left", ("left_on",)), size=1)


@pytest.mark.parametrize(
    "forge",
    [
        lambda cursor: cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        lambda cursor: "x" + cursor,
        lambda cursor: cursor.split(":")[0],
        lambda cursor: "'; DROP TABLE x; --",
        lambda cursor: "𠮷",
    ],
)
def test_a_forged_cursor_is_refused_in_words(forge: Any) -> None:
    fill([(0, "a", "")] * 3)
    cursor = keyset.paginate(TrailEntry.objects.all(), order=ORDERS[0], size=1).next_cursor
    with pytest.raises(RuleBroken) as caught:
        keyset.paginate(TrailEntry.objects.all(), order=ORDERS[0], size=1, cursor=forge(cursor))
    assert (caught.value.code, caught.value.status) == ("keyset.cursor", 400)


def test_a_cursor_of_another_order_or_filter_is_refused() -> None:
    fill([(0, "a", "")] * 3)
    rows = TrailEntry.objects.all()
    cursor = keyset.paginate(rows, order=ORDERS[0], size=1, filters="state=open").next_cursor
    assert keyset.paginate(rows, order=ORDERS[0], size=1, filters="state=open", cursor=cursor).rows
    for order, filters in ((ORDERS[1], "state=open"), (ORDERS[0], "state=closed"), (ORDERS[0], "")):
        with pytest.raises(RuleBroken, match="keyset"):
            keyset.paginate(rows, order=order, size=1, filters=filters, cursor=cursor)


def test_a_cursor_from_before_the_order_had_another_column_is_refused() -> None:
    """A bookmark of the former version: an order may get a column without a new name."""
    fill([(0, "a", "")] * 3)
    rows = TrailEntry.objects.all()
    cursor = keyset.paginate(rows, order=Order("due", ("at",)), size=1).next_cursor
    for now in (Order("due", ("code", "at")), Order("due", ())):
        with pytest.raises(RuleBroken) as caught:
            keyset.paginate(rows, order=now, size=1, cursor=cursor)
        assert (caught.value.code, caught.value.status, caught.value.field) == (
            "keyset.cursor",
            400,
            "cursor",
        )


def test_pages_use_the_index_and_never_count(django_assert_max_num_queries: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        keyset.paginate(Policy.objects.all(), order=Order("code", ("code", "key")), size=5)
    assert "COUNT" not in queries[0]["sql"].upper()
    assert "OFFSET" not in queries[0]["sql"].upper()
