"""Grades: proposals confirmed or not followed, grades by hand, and the tier of each customer on its day (CUS-12).

Order of locks: customers by id, then their proposals and grades.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from customers.choices import GradeSource, ProposalState, Standing, Tier
from customers.domain.grades import Span, placed
from customers.models import Customer, TierGrade, TierProposal
from customers.services.rows import locked_customer
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.i18n import listed
from servicecenter.kernel.errors import RuleBroken
from servicecenter.trail import Line

KIND = "customers.customer"
MOST_AT_ONCE = 200


@transaction.atomic
def confirm_proposals(
    *,
    proposals: Iterable[TierProposal],
    effective_on: date | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> list[TierGrade]:
    """Confirm proposed tiers, all or none; they hold from `effective_on` (today when left out) (CUS-12).

    Complaints that are open keep their tier and their clocks (CMP-39). Raises RuleBroken `tier.decided`,
    `tier.in_the_past`, `tier.by_hand_holds`, `tier.planned`, `tier.too_many`, `customer.closed`.
    """
    rows, customers = _locked(proposals)
    moment = at or now_db()
    today = business_date(moment)
    first_day = effective_on or today
    if first_day < today:
        raise RuleBroken("tier.in_the_past", field="effective_on", status=400)
    made, lines = [], []
    for row in rows:
        customer = customers[row.customer_id]
        if customer.standing == Standing.CLOSED:
            raise RuleBroken("customer.closed", number=customer.number)
        TierProposal.objects.filter(pk=row.pk).update(
            state=ProposalState.CONFIRMED, decided_at=moment, decided_by=by, effective_on=first_day
        )
        made.append(
            _place(
                customer,
                TierGrade(
                    customer=customer,
                    tier=row.tier,
                    valid_from=first_day,
                    source=GradeSource.PROPOSAL,
                    proposal=row,
                    given_at=moment,
                    given_by=by,
                ),
            )
        )
        lines.append(
            Line(
                KIND,
                customer.pk,
                customer.number,
                "customer.tier_confirmed",
                {"tier": row.tier, "day": first_day},
            )
        )
    trail.record_many(lines, by=by, at=moment)
    if first_day == today:
        _apply(today, by=by, at=moment, ids=list(customers))
    return made


@transaction.atomic
def reject_proposals(
    *, proposals: Iterable[TierProposal], reason: str, by: Any | None, at: datetime | None = None
) -> int:
    """Do not follow proposed tiers, with a reason; the grades stay. Raises RuleBroken `tier.decided`, `tier.too_many`,
    `lifecycle.reason_needed`."""
    words = reason.strip()
    if not words:
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="reject")
    rows, customers = _locked(proposals)
    moment = at or now_db()
    TierProposal.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=ProposalState.REJECTED, decided_at=moment, decided_by=by, rejected_because=words
    )
    numbers = {pk: customer.number for pk, customer in customers.items()}
    trail.record_many(
        [
            Line(
                KIND, row.customer_id, numbers[row.customer_id], "customer.tier_rejected",
                {"tier": row.tier, "reason": words},
            )
            for row in rows
        ],
        by=by,
        at=moment,
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def grade_by_hand(
    *,
    customer: Customer,
    tier: str,
    valid_until: date | None,
    reason: str,
    valid_from: date | None = None,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> TierGrade:
    """A grade by hand, with a reason and the day before which it ends; what held before goes on then (CUS-12).

    A proposal that waits lapses. Raises RuleBroken `lifecycle.reason_needed`, `tier.end_needed`, `tier.in_the_past`,
    `tier.end_before_begin`, `tier.planned`, `lifecycle.stale`, `customer.closed`.
    """
    row = locked_customer(customer, version=version)
    moment = at or now_db()
    today = business_date(moment)
    first_day = valid_from or today
    words = reason.strip()
    if not words:
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="grade")
    if valid_until is None:
        raise RuleBroken("tier.end_needed", field="valid_until", status=400)
    if first_day < today:
        raise RuleBroken("tier.in_the_past", field="valid_from", status=400)
    if valid_until <= first_day:
        raise RuleBroken("tier.end_before_begin", field="valid_until", status=400)
    TierProposal.objects.filter(customer=row, state=ProposalState.WAITING).update(
        state=ProposalState.LAPSED, decided_at=moment
    )
    made = _place(
        row,
        TierGrade(
            customer=row,
            tier=Tier(tier),
            valid_from=first_day,
            valid_until=valid_until,
            source=GradeSource.BY_HAND,
            reason=words,
            given_at=moment,
            given_by=by,
        ),
    )
    trail.record(
        row,
        "customer.tier_by_hand",
        by=by,
        at=moment,
        tier=made.tier,
        day=first_day,
        until=valid_until,
        reason=words,
    )
    if first_day == today:
        _apply(today, by=by, at=moment, ids=[row.pk])
    return made


def take_over_grade(*, customer: Customer, tier: str, since: date, by: Any | None, at: datetime) -> TierGrade:
    """The first grade of a customer that is being registered, from an older file. The caller holds the transaction."""
    return TierGrade.objects.create(
        customer=customer,
        tier=Tier(tier),
        valid_from=since,
        source=GradeSource.TAKEN_OVER,
        given_at=at,
        given_by=by,
    )


@transaction.atomic
def apply_grades(*, at: datetime | None = None) -> int:
    """Every customer bears the tier of the grade that holds today; the clock runs it. Returns how many changed."""
    moment = at or now_db()
    return _apply(business_date(moment), by=None, at=moment, ids=None)


# Grades begin and end on a day: only those that did so lately can differ.
APPLY = """
WITH due AS (
  SELECT customer_id FROM customers_tiergrade WHERE valid_from <= %(today)s AND valid_from > %(since)s
  UNION
  SELECT customer_id FROM customers_tiergrade WHERE valid_until <= %(today)s AND valid_until > %(since)s
), held AS (
  SELECT c.id, c.number, c.tier AS before, coalesce(g.tier, '') AS tier, g.valid_from
  FROM customers_customer AS c
  LEFT JOIN customers_tiergrade AS g ON g.customer_id = c.id AND g.valid_from <= %(today)s
    AND coalesce(g.valid_until, 'infinity') > %(today)s
  WHERE {which} AND (c.tier, c.tier_since) IS DISTINCT FROM (coalesce(g.tier, ''), g.valid_from)
  ORDER BY c.id FOR UPDATE OF c
)
UPDATE customers_customer AS customer SET tier = held.tier, tier_since = held.valid_from
FROM held WHERE customer.id = held.id
RETURNING customer.id, held.number, held.before, held.tier
"""
LATELY = 40


def _apply(today: date, *, by: Any | None, at: datetime, ids: list[int] | None) -> int:
    which = "c.id IN (SELECT customer_id FROM due)" if ids is None else "c.id = ANY(%(ids)s)"
    since = date.fromordinal(today.toordinal() - LATELY)
    with connection.cursor() as cursor:
        cursor.execute(APPLY.format(which=which), {"today": today, "since": since, "ids": ids})
        changed = [row for row in cursor.fetchall() if row[2] != row[3]]
    trail.record_many(
        [
            Line(KIND, pk, number, "customer.tier", {}, {"tier": [before, after]})
            for pk, number, before, after in sorted(changed)
        ],
        by=by,
        at=at,
    )
    return len(changed)


def _locked(proposals: Iterable[TierProposal]) -> tuple[list[TierProposal], dict[int, Customer]]:
    """The proposals and their customers under lock, all of them still to be decided."""
    wanted = {row.pk: row.customer_id for row in proposals}
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise RuleBroken("tier.too_many", status=400, most=MOST_AT_ONCE)
    customers = {
        row.pk: row
        for row in Customer.objects.select_for_update().filter(pk__in=set(wanted.values())).order_by("pk")
    }
    rows = list(TierProposal.objects.select_for_update().filter(pk__in=wanted).order_by("customer_id"))
    decided = [customers[row.customer_id].number for row in rows if row.state != ProposalState.WAITING]
    if decided:
        raise RuleBroken("tier.decided", numbers=listed(decided[:5]))
    return rows, customers


def _place(customer: Customer, new: TierGrade) -> TierGrade:
    """Write a grade among those there are: what it cuts ends before it, and goes on behind it if it has an end."""
    held = list(TierGrade.objects.select_for_update().filter(customer=customer).order_by("valid_from", "id"))
    spans = [Span(row.pk, row.tier, row.source, row.valid_from, row.valid_until) for row in held]
    plan = placed(
        spans, Span(0, new.tier, new.source, new.valid_from, new.valid_until), number=customer.number
    )
    for pk, end in plan.ends:
        TierGrade.objects.filter(pk=pk).update(valid_until=end)
    new.save(force_insert=True)
    if plan.resumed is not None:
        TierGrade.objects.create(
            customer=customer,
            tier=plan.resumed.tier,
            valid_from=plan.resumed.first,
            valid_until=plan.resumed.end,
            source=GradeSource.RESUMED,
            given_at=new.given_at,
            given_by=new.given_by,
        )
    return new
