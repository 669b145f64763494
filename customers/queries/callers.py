"""Whose telephone numbers these are, for files with many rows."""

from __future__ import annotations

from collections.abc import Iterable

from customers.domain.telephones import normalise
from customers.models import Customer, Telephone
from servicecenter.kernel.errors import RuleBroken


def customers_by_telephone(numbers: Iterable[str]) -> dict[str, Customer]:
    """The customer of each number that belongs to exactly one, keyed by the number as given; one query.

    A number that is malformed, unknown or several customers' is left out: a file cannot ask which one is meant.
    """
    digits: dict[str, str] = {}
    for number in numbers:
        try:
            digits[number] = normalise(number).number
        except RuleBroken:
            continue
    owners: dict[str, dict[int, Customer]] = {}
    rows = Telephone.objects.filter(number__in=set(digits.values())).select_related("customer")
    for row in rows:
        owners.setdefault(row.number, {})[row.customer_id] = row.customer
    single = {number: next(iter(found.values())) for number, found in owners.items() if len(found) == 1}
    return {given: single[number] for given, number in digits.items() if number in single}
