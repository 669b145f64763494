"""The facts by which tiers are proposed: a year of waybills by consignor, in one statement a batch (CUS-10, WBL-14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from customers.domain.grading import YEAR, GradingFacts, Proposal, criteria_code, grade
from customers.domain.policy import GradingPolicy, SalesCriteria, TradeCriteria
from servicecenter import policies
from servicecenter.kernel.months import add_months

# Bills are those the consignor owes: freight to be collected is the consignee's.
FACTS = """
SELECT customer.id, customer.kind, customer.trade, customer.tier,
       coalesce(year.sent, 0), coalesce(year.priced, 0), coalesce(year.amount, 0), coalesce(year.kilograms, 0),
       coalesce(year.sent_before, 0), coalesce(year.before, 0),
       coalesce(year.bills, 0), coalesce(year.late, 0), coalesce(year.worst, 0)
FROM customers_customer AS customer
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE w.shipped_on >= %(since)s) AS sent,
         count(w.freight_amount) FILTER (WHERE w.shipped_on >= %(since)s) AS priced,
         sum(w.freight_amount) FILTER (WHERE w.shipped_on >= %(since)s) AS amount,
         sum(w.weight) FILTER (WHERE w.shipped_on >= %(since)s) AS kilograms,
         count(*) FILTER (WHERE w.shipped_on < %(since)s) AS sent_before,
         sum(w.freight_amount) FILTER (WHERE w.shipped_on < %(since)s) AS before,
         count(*) FILTER (WHERE w.bill) AS bills,
         count(*) FILTER (WHERE w.bill AND w.days > 0) AS late,
         max(w.days) FILTER (WHERE w.bill) AS worst
  FROM (
    SELECT shipped_on, freight_amount, weight,
           coalesce(freight_paid_on, %(until)s) - freight_due_on AS days,
           shipped_on >= %(since)s AND freight_terms <> 'collect' AND freight_due_on < %(until)s AS bill
    FROM customers_waybill
    WHERE consignor_id = customer.id AND shipped_on >= %(before)s AND shipped_on < %(until)s
  ) AS w
) AS year ON true
WHERE {which}
ORDER BY customer.id
"""
BATCH = """customer.id IN (
  SELECT c.id FROM customers_customer AS c WHERE c.id > %(after)s ORDER BY c.id LIMIT %(size)s)
  AND customer.standing <> 'closed'
  AND NOT EXISTS (
    SELECT FROM customers_tiergrade AS held WHERE held.customer_id = customer.id AND held.source = 'by_hand'
      AND held.valid_from <= %(today)s AND held.valid_until > %(today)s)
  AND NOT EXISTS (
    SELECT FROM customers_tiergrade AS planned WHERE planned.customer_id = customer.id
      AND planned.valid_from > %(today)s AND coalesce(planned.valid_until, 'infinity') > planned.valid_from)"""
FIRST = "SELECT min(shipped_on) FROM customers_waybill WHERE shipped_on IS NOT NULL"
LAST_OF_BATCH = """
SELECT max(id), count(*) FROM (SELECT id FROM customers_customer WHERE id > %s ORDER BY id LIMIT %s) AS batch
"""


@dataclass(frozen=True)
class Scoring:
    """The scoring in force at an instant, and the versions it came from (D19)."""

    policy: GradingPolicy
    criteria: TradeCriteria | SalesCriteria
    versions: tuple[int, ...]

    @classmethod
    def at(cls, moment: datetime) -> Scoring:
        """Read it: two statements."""
        general = policies.find("customers.grading", at=moment)
        criteria = policies.find(criteria_code(general.value.preset), at=moment)
        found = [found.policy_id for found in (general, criteria) if found.policy_id is not None]
        return cls(general.value, criteria.value, tuple(found))

    def of(self, facts: GradingFacts) -> Proposal:
        """What these facts propose."""
        return grade(facts, self.policy, self.criteria)


@dataclass(frozen=True)
class Examined:
    """One customer of a batch: its tier now and its facts."""

    customer_id: int
    tier: str
    facts: GradingFacts


def last_of_batch(after: int, size: int) -> tuple[int | None, int]:
    """The last id of the next batch of customers, and how many it holds; (None, 0) behind the last."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_OF_BATCH, [after, size])
        last, count = cursor.fetchone()
    return last, count


def facts_of_batch(*, after: int, size: int, until: date, today: date) -> Iterator[Examined]:
    """The facts of the next customers by id: those whose tier may be proposed, one statement.

    Left out are closed files, whoever has a grade by hand, and whoever has one decided for a later day.
    """
    yield from _facts(BATCH, until, after=after, size=size, today=today)


def facts_of(customer_id: int, *, until: date) -> GradingFacts:
    """The facts of one customer."""
    (found,) = _facts("customer.id = %(id)s", until, id=customer_id)
    return found.facts


def _facts(which: str, until: date, **values: Any) -> Iterator[Examined]:
    days = {"until": until, "since": add_months(until, -12), "before": add_months(until, -24)}
    covered = covered_days(until)
    with connection.cursor() as cursor:
        cursor.execute(FACTS.format(which=which), {**values, **days})
        for row in cursor.fetchall():
            yield Examined(row[0], row[3], _read(row, covered))


def covered_days(until: date) -> int:
    """How many days of the year before a day our waybills cover: all of it, unless they begin later. One index."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST)
        first = cursor.fetchone()[0]
    if first is None or first >= until:
        return 0
    return YEAR if first <= add_months(until, -12) else (until - first).days


def _read(row: Sequence[Any], covered: int) -> GradingFacts:
    return GradingFacts(
        kind=row[1],
        trade=row[2],
        sent=row[4],
        priced=row[5],
        amount=Decimal(row[6]),
        kilograms=Decimal(row[7]),
        sent_before=row[8],
        before=Decimal(row[9]),
        bills=row[10],
        late=row[11],
        worst_days=max(row[12], 0),
        days=covered,
    )
