"""Somebody as a filter: by whole work number alone, else by name, initials or the number's beginning."""

from __future__ import annotations

from typing import Any

import pytest

from organization.filters import PersonFilter
from organization.models import User
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> list[User]:
    """陈晓燕 and 陈晓明 of numbers of which one begins as the other."""
    found = [people.user("agent", name="陈晓燕"), people.user("agent", name="陈晓明")]
    for user, number in zip(found, ("0217", "02171"), strict=True):
        type(user.employee).objects.filter(pk=user.employee_id).update(work_number=number)
    return found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0217", ["陈晓燕"]),
        ("02171", ["陈晓明"]),
        ("021", ["陈晓燕", "陈晓明"]),
        ("晓明", ["陈晓明"]),
        ("曉明", ["陈晓明"]),
        ("cxy", ["陈晓燕"]),
        ("chenxiao", ["陈晓燕", "陈晓明"]),
        ("nobody", []),
        ("", ["陈晓燕", "陈晓明"]),
    ],
)
def test_a_whole_number_means_one_person_and_anything_else_whoever_answers(
    staff: Any, typed: str, found: list[str]
) -> None:
    rows = PersonFilter(field_name="employee").filter(User.objects.order_by("work_number"), typed)
    assert [user.employee.name for user in rows] == found
