"""Who owns a telephone number: the question of intake and of every import (CMP-01)."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Case, Q, Value, When

from customers.choices import Standing
from customers.domain import parties
from customers.models import Customer

OWNERS = """
SELECT customer.id, customer.name, coalesce(array_agg(person.name) FILTER (WHERE person.name IS NOT NULL), '{}')
FROM customers_telephone AS telephone
JOIN customers_customer AS customer ON customer.id = telephone.customer_id
LEFT JOIN customers_contactperson AS person ON person.customer_id = customer.id
WHERE telephone.number = %s
GROUP BY customer.id
ORDER BY (customer.standing = 'closed'), customer.id DESC
LIMIT 20
"""


def owners_of(number: str) -> list[parties.Candidate]:
    """Customers who own a number in its kept form, with their names; open ones first, newest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(OWNERS, [number])
        return [parties.Candidate(pk, (name, *people)) for pk, name, people in cursor.fetchall()]


def customers_of(number: str) -> list[tuple[Customer, parties.Candidate]]:
    """The same as whole rows, each with its names: for intake, which goes on with the customer. One statement."""
    named = ArrayAgg("contact_people__name", filter=Q(contact_people__isnull=False), default=Value([]))
    closed = Case(When(standing=Standing.CLOSED, then=1), default=0)
    rows = (
        Customer.objects.filter(telephones__number=number)
        .annotate(people=named, is_closed=closed)
        .order_by("is_closed", "-pk")[:20]
    )
    return [(row, parties.Candidate(row.pk, (row.name, *row.people))) for row in rows]


OWNERS_OF_MANY = """
SELECT telephone.number, customer.id, customer.name,
       coalesce(array_agg(person.name) FILTER (WHERE person.name IS NOT NULL), '{}')
FROM customers_telephone AS telephone
JOIN customers_customer AS customer ON customer.id = telephone.customer_id
LEFT JOIN customers_contactperson AS person ON person.customer_id = customer.id
WHERE telephone.number = ANY(%s)
GROUP BY telephone.number, customer.id
ORDER BY telephone.number, (customer.standing = 'closed'), customer.id DESC
"""


def owners_of_many(numbers: Collection[str]) -> dict[str, list[parties.Candidate]]:
    """The owners of many numbers, in one statement."""
    found: dict[str, list[parties.Candidate]] = {}
    if not numbers:
        return found
    with connection.cursor() as cursor:
        cursor.execute(OWNERS_OF_MANY, [list(numbers)])
        for number, pk, name, people in cursor.fetchall():
            found.setdefault(number, []).append(parties.Candidate(pk, (name, *people)))
    return found
