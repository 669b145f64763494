"""A prepared query asks what its queryset asks, and is worded once."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from organization.models import Department, Employee, User
from servicecenter.prepared import Prepared, given
from tests import people

pytestmark = pytest.mark.django_db
USERS = Prepared(
    lambda: (
        User.objects.filter(Q(work_number=given("number")) | Q(pk=given("pk")))
        .select_related("employee__department__parent")
        .order_by("pk")
    )
)
NAMES = Prepared(
    lambda: (
        Department.objects.filter(code__any=given("codes"))
        .order_by("code")
        .values_list("names", "parent__code")
    )
)
KINDS = Prepared(
    lambda: Department.objects.exclude(kind=given("kind")).order_by("pk").values_list("kind", flat=True)
)
SOME = Prepared(
    lambda: (
        Employee.objects.only("name", "department__code")
        .select_related("department")
        .annotate(loud=Upper("name"))
        .filter(hired_on__lte=given("day"), department__path__startswith=F("department__path"))
        .order_by("pk")[:2]
    )
)
LOCKED = Prepared(lambda: Department.objects.select_for_update(no_key=True).filter(code=given("code")))


def test_its_rows_are_those_of_the_queryset_with_their_joined_records() -> None:
    first, second = people.user("agent"), people.user("handler")

    rows = USERS.rows(number=first.work_number, pk=second.pk)

    assert rows == [first, second]
    with CaptureQueriesContext(connection) as asked:
        assert rows[1].employee.department.parent.code == "branch_management"
        assert rows[1].employee.department.name == "城东分公司", "JSON is read as JSON"
        assert rows[0].email == first.email
    assert len(asked) == 0
    assert not rows[0]._state.adding


def test_other_values_give_other_rows_by_the_same_words() -> None:
    first, second = people.user("agent"), people.user("handler")
    USERS.rows(number="", pk=0)

    with patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("worded again")):
        assert USERS.rows(number=first.work_number, pk=0) == [first]
        assert USERS.first(number="none", pk=second.pk) == second
        assert USERS.first(number="none", pk=0) is None


def test_a_list_is_one_value_however_long() -> None:
    people.centre()

    found = NAMES.rows(codes=["branch_east", "claims"])

    assert [(names["en"], parent) for names, parent in found] == [
        ("East branch", "branch_management"),
        ("Claims", "head_office"),
    ]
    assert NAMES.rows(codes=[]) == []


def test_single_values_come_as_such() -> None:
    people.centre()
    wanted = list(Department.objects.exclude(kind="branch").order_by("pk").values_list("kind", flat=True))
    assert KINDS.rows(kind="branch") == wanted


def test_chosen_columns_annotations_and_a_limit_hold() -> None:
    people.user("agent"), people.user("handler"), people.user("cashier")

    rows: list[Any] = SOME.rows(day="2030-01-01")

    assert len(rows) == 2
    assert [row.loud for row in rows] == [row.name.upper() for row in rows]
    assert rows[0].get_deferred_fields() >= {"hired_on", "position"}
    assert rows[0].department.code == "service_centre"


def test_a_value_never_becomes_part_of_the_words() -> None:
    people.centre()
    assert KINDS.rows(kind="' OR 1=1 --") == list(
        Department.objects.order_by("pk").values_list("kind", flat=True)
    )
    with pytest.raises(KeyError):
        KINDS.rows()


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_at_every_use() -> None:
    people.centre()
    with transaction.atomic():
        assert [row.code for row in LOCKED.rows(code="claims")] == ["claims"]
    with pytest.raises(transaction.TransactionManagementError):
        LOCKED.rows(code="claims")


def test_what_it_cannot_fetch_it_refuses() -> None:
    with pytest.raises(TypeError):
        Prepared(lambda: Department.objects.prefetch_related("employees")).rows()
