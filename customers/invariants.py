"""What must hold of tiers at any moment, as questions to the database that answer with what is wrong (CUS-12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from servicecenter.clock import business_date, now_db
from servicecenter.invariants import Check, Violation

# The clock gives each customer its tier within minutes of a day's beginning.
GRACE = timedelta(minutes=30)

OVERLAPPING = """
SELECT c.number, count(*) FROM customers_tiergrade a
JOIN customers_tiergrade b ON b.customer_id = a.customer_id AND b.id > a.id
 AND daterange(a.valid_from, a.valid_until) && daterange(b.valid_from, b.valid_until)
JOIN customers_customer c ON c.id = a.customer_id
GROUP BY c.number ORDER BY c.number
"""
OTHER_TIER = """
SELECT c.number, c.tier, coalesce(g.tier, '') FROM customers_customer c
LEFT JOIN customers_tiergrade g ON g.customer_id = c.id AND g.valid_from <= %(day)s
 AND coalesce(g.valid_until, 'infinity') > %(day)s
WHERE c.tier <> coalesce(g.tier, '') ORDER BY c.number
"""


def overlapping() -> Iterable[Violation]:
    """Two grades of one customer on the same day."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPPING)
        return [
            Violation(number, f"{count} pairs of its grades hold on the same day")
            for number, count in cursor.fetchall()
        ]


def other_tier() -> Iterable[Violation]:
    """A customer whose tier is not that of the grade which holds today."""
    day = business_date(now_db() - GRACE)
    if day != business_date(now_db()):
        return []
    with connection.cursor() as cursor:
        cursor.execute(OTHER_TIER, {"day": day})
        return [
            Violation(number, f"bears tier {tier or 'none'}, its grade of today says {held or 'none'}")
            for number, tier, held in cursor.fetchall()
        ]


CHECKS = [
    Check("T1", _("grades of a customer never overlap"), overlapping),
    Check("T2", _("a customer's tier is that of the grade valid today"), other_tier),
]
