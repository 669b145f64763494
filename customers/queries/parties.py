"""Who owns a telephone number: the question of intake and of every import (CMP-01)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from customers.domain import parties

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
