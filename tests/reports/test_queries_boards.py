"""Every kept number equals the live query, written here by hand and by another way (D12, RPT-20 to RPT-24)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from complaints.models import Complaint
from organization.models import User
from reports.domain.boards import MONTHS
from reports.queries import boards_claims, boards_management, boards_stock, boards_tickets
from servicecenter import kept
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.months import months_until
from servicecenter.models import KeptNumber
from tests import people
from tests.complaints import cases as tickets

OPEN = "('registered', 'routed', 'investigating', 'answered', 'resolved', 'reopened')"
TODAY = "(clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"


pytestmark = pytest.mark.usefixtures("undone")


def rows(sql: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def one(sql: str) -> Any:
    return rows(sql)[0][0]


def management() -> User:
    """Who sees everything."""
    return User.objects.get(work_number="0001")


def late(count: int) -> None:
    """Tickets that fell due two hours ago, and one that nobody has taken."""
    at = now_db()
    chosen = list(Complaint.objects.open().order_by("pk").values_list("pk", flat=True)[: count + 1])
    Complaint.objects.filter(pk__in=chosen[:count]).update(due_at=at - timedelta(hours=2))
    Complaint.objects.filter(pk=chosen[count]).update(accepted_at=None, due_at=at + timedelta(minutes=30))


def test_open_tickets_are_counted_by_state_age_and_urgency() -> None:
    """RPT-20."""
    late(3)
    kept.compute()
    board = boards_tickets.supervisor_board(management(), whole=True)
    totals = board.totals
    assert totals["n"] == one(f"SELECT count(*) FROM complaints_complaint WHERE state IN {OPEN}")
    assert totals["n"] > 8
    due = f"SELECT count(*) FROM complaints_complaint WHERE state IN {OPEN} AND due_at"
    assert totals["breached"] == one(f"{due} < clock_timestamp()") >= 3
    soon = f"{due} BETWEEN clock_timestamp() AND clock_timestamp() + interval '1 hour'"
    assert totals["due_soon"] == one(soon) >= 1
    assert totals["unassigned"] == one(
        f"SELECT count(*) FROM complaints_complaint WHERE state IN {OPEN} AND accepted_at IS NULL"
    )
    assert totals["waiting"] == one(
        f"SELECT count(*) FROM complaints_complaint WHERE state IN {OPEN} AND next_step = 'await_statement'"
    )
    ages = rows(
        "SELECT state, count(*) FILTER (WHERE age < interval '8 hours'),"
        " count(*) FILTER (WHERE age >= interval '8 hours' AND age < interval '24 hours'),"
        " count(*) FILTER (WHERE age >= interval '24 hours' AND age < interval '72 hours'),"
        " count(*) FILTER (WHERE age >= interval '72 hours')"
        " FROM (SELECT state, clock_timestamp() - registered_at AS age FROM complaints_complaint"
        f" WHERE state IN {OPEN}) open GROUP BY state"
    )
    assert {state: tuple(counts.values()) for state, counts in board.states.items()} == {
        state: tuple(counts) for state, *counts in ages
    }


def test_the_load_of_each_person_is_what_that_person_owns() -> None:
    kept.compute()
    board = boards_tickets.supervisor_board(management(), whole=True)
    owned = rows(
        "SELECT u.work_number, count(*), count(*) FILTER (WHERE c.due_at < clock_timestamp())"
        " FROM complaints_complaint c JOIN organization_user u ON u.id = c.owner_id"
        f" WHERE c.state IN {OPEN} GROUP BY 1"
    )
    assert {load.number: (load.open, load.breached) for load in board.loads} == {
        number: (count, breached) for number, count, breached in owned
    }
    assert [load.open for load in board.loads] == sorted((load.open for load in board.loads), reverse=True)


def test_a_ticket_whose_clock_has_ended_is_counted_as_driven_by_nothing() -> None:
    """CMP-24: the target is 0, and a defect is seen."""
    assert boards_tickets.supervisor_board(management(), whole=True).totals["undriven"] == 0
    row = Complaint.objects.open().select_related("clock").first()
    assert row is not None
    assert row.clock is not None
    row.clock.__class__.objects.filter(pk=row.clock_id).update(
        state="met", ended_at=now_db(), next_at=None, paused_at=None
    )
    kept.compute()
    assert boards_tickets.supervisor_board(management(), whole=True).totals["undriven"] == 1


def test_todays_intake_stands_beside_the_same_weekday_of_eight_weeks() -> None:
    """RPT-20."""
    agent, now = people.user("agent"), now_db()
    for number, weeks in enumerate((0, 0, 0, 1, 1, 2, 9)):
        tickets.register(
            agent,
            at=now - timedelta(weeks=weeks),
            caller_telephone=f"1370000000{number}",
            waybill_number=f"8629000000{number}",
        )
    kept.compute()
    found = boards_tickets.supervisor_board(management(), whole=True).intake
    assert sum(found["today"]) == one(
        f"SELECT count(*) FROM complaints_complaint WHERE registered_on = {TODAY}"
    )
    usual = rows(
        "WITH days AS (SELECT registered_on AS day, extract(hour FROM registered_at AT TIME ZONE 'Asia/Shanghai') AS h"
        f" FROM complaints_complaint WHERE registered_on < {TODAY} AND registered_on >= {TODAY} - 56"
        f" AND extract(isodow FROM registered_on) = extract(isodow FROM {TODAY}))"
        " SELECT h::int, round(count(*)::numeric / (SELECT count(DISTINCT day) FROM days), 3) FROM days GROUP BY h"
    )
    assert {hour: count for hour, count in enumerate(found["usual"]) if count} == {
        hour: float(count) for hour, count in usual if count
    }
    assert sum(found["today"]) >= 3
    assert sum(found["usual"]) > 0


def test_service_incidents_of_today_are_those_not_withdrawn() -> None:
    first, second, third = one("SELECT array_agg(id ORDER BY id) FROM complaints_serviceincident")[:3]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_serviceincident SET opened_at = clock_timestamp() WHERE id IN (%s, %s, %s)",
            [first, second, third],
        )
        cursor.execute(
            "UPDATE complaints_serviceincident SET state = 'withdrawn', withdrawn_at = clock_timestamp(),"
            " withdrawn_reason = '重复登记' WHERE id = %s",
            [third],
        )
    kept.compute()
    found = boards_tickets.supervisor_board(management(), whole=True).incidents
    assert found["n"] == one(
        "SELECT count(*) FROM complaints_serviceincident WHERE state <> 'withdrawn'"
        f" AND (opened_at AT TIME ZONE 'Asia/Shanghai')::date = {TODAY}"
    )
    assert found["n"] >= 2


LIVE_MONTHS = f"""
FROM complaints_complaint c JOIN complaints_category k ON k.id = c.category_id
WHERE state NOT IN ('cancelled', 'merged') AND registered_on >= date_trunc('month', {TODAY}) - interval '11 months'
"""
SECOND = "count(*) FILTER (WHERE sequence > 1 AND NOT is_suspected)"
CONCERNED = "coalesce(responsible_department_id, respondent_department_id, department_id)"


def by_hand() -> set[tuple[Any, ...]]:
    """Month, category, department, number, second ones; and month, tier, number, second ones."""
    month = "to_char(registered_on, 'YYYY-MM')"
    cells = f"SELECT {month}, k.code, {CONCERNED}, count(*), {SECOND} {LIVE_MONTHS} GROUP BY 1, 2, 3"
    tiers = f"SELECT {month}, tier, count(*), {SECOND} {LIVE_MONTHS} GROUP BY 1, 2"
    return {*rows(cells), *rows(tiers)}


def as_kept() -> set[tuple[Any, ...]]:
    """The same as the kept numbers have it."""
    found: set[tuple[Any, ...]] = set()
    for row in KeptNumber.objects.filter(name__startswith="board.month."):
        month = row.name.removeprefix("board.month.")
        found |= {(month, *cell) for cell in row.value["cells"]}
        found |= {(month, tier, *sums) for tier, sums in row.value["tiers"].items()}
    return found


def total(what: str) -> int:
    """Over the twelve months, by hand."""
    found: int = one(f"SELECT {what} {LIVE_MONTHS}")
    return found


def test_the_months_are_what_was_registered_in_them_by_category_department_and_tier() -> None:
    """RPT-21."""
    kept.compute()
    assert as_kept() == by_hand()
    assert len({month for month, *_cell in by_hand()}) == 12
    board = boards_management.management_board(management())
    assert board.count(board.months) == total("count(*)")
    assert board.second(board.months) == total(SECOND) > 0
    assert sum(board.heat(board.months).values()) == total("count(*)")


def test_a_minute_goes_over_this_month_and_one_past_month_and_a_turn_over_all() -> None:
    """A correction of this month shows at once, one of a past month within the turn of eleven minutes."""
    kept.compute()
    months = months_until(business_date(now_db()), MONTHS)
    finance = people.department("finance")
    for days in ((months[3], months[4]), (months[-1], months[-1] + timedelta(days=31))):
        found = Complaint.objects.filter(registered_on__range=days).exclude(state__in=["cancelled", "merged"])
        assert Complaint.objects.filter(pk=found[0].pk).update(responsible_department=finance) == 1
    assert as_kept() != by_hand()
    kept.compute()
    this = f"{months[-1]:%Y-%m}"
    assert {row for row in as_kept() if row[0] == this} == {row for row in by_hand() if row[0] == this}
    gone_over = set(kept.values("board.months")["board.months"].value["months"])
    assert len(gone_over) == 2
    for _minute in range(10):
        boards_management.keep_months()
    assert as_kept() == by_hand()


def test_a_month_that_is_no_longer_shown_is_forgotten() -> None:
    kept.keep("board.month.2019-01", {"cells": [], "tiers": {}})
    kept.compute()
    assert not KeptNumber.objects.filter(name="board.month.2019-01").exists()
    assert KeptNumber.objects.filter(name__startswith="board.month.").count() == 12


def test_costs_are_the_vouchers_paid_by_the_month_of_payment() -> None:
    kept.compute()
    found = kept.values("board.costs")["board.costs"].value
    this = f"{business_date(now_db()):%Y-%m}"
    assert found[this] == [1, "1680.32"]
    assert sum(count for count, _amount in found.values()) == 1
    assert len(found) == 12


def test_tiers_count_the_customers() -> None:
    kept.compute()
    board = boards_management.management_board(management())
    assert board.tiers == dict(rows("SELECT tier, count(*) FROM customers_customer GROUP BY tier"))


def test_claims_are_counted_by_state_and_age_with_their_reserves() -> None:
    """RPT-22, CLM-17: one of forty days, one whose voucher waits, one paid."""
    kept.compute()
    board = boards_claims.claims_board(management())
    found = {row["state"]: row for row in board.open}
    assert {state: row["n"] for state, row in found.items()} == {
        "reported": 1,
        "voucher_issued": 1,
        "paid": 1,
    }
    assert (found["reported"]["age_over_30d"], found["reported"]["untaken"]) == (1, 1)
    assert found["voucher_issued"]["age_3d_7d"] == 1
    assert found["paid"]["age_under_3d"] == 1
    reserved = one(
        "SELECT sum(reserve) FROM claims_claim WHERE state NOT IN ('paid', 'closed', 'rejected', 'withdrawn')"
    )
    assert board.reserved == (2, reserved)
    assert reserved > 0
    assert (board.vouchers["n"], board.vouchers["amount"]) == (1, "1680.32")
    assert (board.vouchers["expired"], board.vouchers["paid"]) == (0, "1680.32")


def test_shares_to_recover_are_what_parties_still_owe_and_never_the_companys() -> None:
    """CLM-11: 1 680.32 in thirds of loader, driver and branch."""
    kept.compute()
    owed = boards_claims.claims_board(management()).owed
    assert (owed["owed"], owed["claims"], owed["debtors"]) == ("1680.32", 1, 3)
    assert sorted(Decimal(debt["owed"]) for debt in owed["largest"]) == [
        Decimal("560.10"),
        Decimal("560.11"),
        Decimal("560.11"),
    ]
    assert sorted(debt["parties"] for debt in owed["largest"]) == [["branch"], ["driver"], ["loader"]]


def test_stock_that_waits_moves_is_broken_or_low() -> None:
    """RPT-23: two purchases and the inbound side of the transfer wait; two wrenches lie where ten should."""
    kept.compute()
    board = boards_stock.stock_board(management())
    assert {row["warehouse__code"]: row["n"] for row in board.documents} == {"BP-W": 2, "NP-W": 1}
    assert (board.under_way["n"], board.under_way["first"][0]["lines"]) == (1, 1)
    assert {row["warehouse__code"]: (row["low"], row["damaged"]) for row in board.stock} == {
        "BP-W": (1, 0),
        "BP-S": (0, 1),
    }


def test_the_whole_centres_board_is_one_statement_whatever_the_size(django_assert_num_queries: Any) -> None:
    """D12: no board counts a large table."""
    kept.compute()
    user = management()
    with django_assert_num_queries(2):  # the kept numbers, and the time
        boards_tickets.supervisor_board(user, whole=True)
    with django_assert_num_queries(6):  # the same twice, categories, departments, recurrences
        boards_management.management_board(user)


def test_before_the_clock_has_run_a_board_asks_live_and_says_now() -> None:
    """RPT-24."""
    user = management()
    assert not KeptNumber.objects.filter(name__startswith="board.").exists()
    live = boards_tickets.supervisor_board(user, whole=True)
    assert live.reading.as_of == live.reading.now
    months = boards_management.management_board(user)
    assert months.count(months.months) == total("count(*)")


def test_the_age_of_a_board_is_that_of_its_oldest_figure() -> None:
    """RPT-24."""
    kept.compute()
    old = now_db() - timedelta(minutes=7)
    KeptNumber.objects.filter(name="board.intake").update(computed_at=old)
    assert boards_tickets.supervisor_board(management(), whole=True).reading.as_of == old
