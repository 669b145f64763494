"""Attacks on the database of claims, and what refuses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The statements inside are refused by the guard of that name, at the latest when their transaction ends."""
    connection.check_constraints()  # what was waiting before is settled
    with pytest.raises(DatabaseError) as problem, transaction.atomic():
        yield
        connection.check_constraints()
    told = getattr(problem.value.__cause__, "diag", None)
    assert name in (getattr(told, "constraint_name", None) or str(problem.value)), str(problem.value)


def run(statement: str, *parameters: object) -> None:
    """One statement, as somebody with a database console would write it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
