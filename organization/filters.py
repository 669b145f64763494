"""What the list of people can be filtered by: page, API and export share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from organization import queries
from organization.models import Assignment, Department, Employee, Role
from organization.queries import CentreToday, valid_assignments
from servicecenter.filtering import ListFilter
from servicecenter.prepared import Prepared

# Every page of a list asks it.
OPEN_DEPARTMENTS = Prepared(queries.open_departments)


class _Options(ModelChoiceIterator):
    """The departments to choose from; those of one form or set of filters are read once, whatever fields show them."""

    field: DepartmentChoice

    def __iter__(self) -> Iterator[Any]:
        kept = self.field.kept
        if kept is None:
            yield from super().__iter__()
            return
        if not kept:
            kept.extend(self.field.offered())
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for row in kept:
            yield self.choice(row)
        chosen = self.field.chosen
        if chosen is not None and chosen not in kept:
            yield self.choice(chosen)


class DepartmentChoice(forms.ModelChoiceField):
    """Departments by code, as the tree."""

    iterator = _Options
    kept: list[Department] | None = None
    chosen: Department | None = None

    def offered(self) -> Iterable[Department]:
        """The departments that the control shows."""
        return self.queryset or ()

    def label_from_instance(self, obj: Any) -> str:
        """The name, moved in by its depth."""
        return "\u3000" * max(obj.path.count("/") - 2, 0) + obj.name


class AnyDepartment(DepartmentChoice):
    """Any department, closed ones too: records keep them. Offered are the open ones and the one that is chosen."""

    def offered(self) -> Iterable[Department]:
        """The open ones."""
        return OPEN_DEPARTMENTS.rows()

    def to_python(self, value: Any) -> Department | None:
        """The department of that code. Raises ValidationError for a code that there never was."""
        self.chosen = super().to_python(value)
        return self.chosen

    def label_from_instance(self, obj: Any) -> str:
        """A closed one says so."""
        if obj == self.chosen and obj not in (self.kept or ()):
            return str(_("%(name)s (closed)") % {"name": obj.name})
        return super().label_from_instance(obj)


class DepartmentFilter(django_filters.ModelChoiceFilter):
    """A department, its code in the address; what lies below it is meant too."""

    field_class = AnyDepartment

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "")
        super().__init__(queryset=Department.objects.all(), to_field_name="code", **kwargs)

    @property
    def field(self) -> Any:
        """The control; it shares the departments with the other filters of this set."""
        made = super().field
        made.kept = self.parent.__dict__.setdefault("_departments", []) if hasattr(self, "parent") else []
        return made

    def filter(self, qs: QuerySet[Any], value: Department | None) -> QuerySet[Any]:
        """Rows of the subtree."""
        return qs if value is None else qs.filter(**{f"{self.field_name}__path__startswith": value.path})


class PersonFilter(django_filters.CharFilter):
    """Somebody by name, pinyin or work number; a whole number is one person. `field_name` leads to an employee."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows of whoever answers."""
        if not value:
            return qs
        people = Employee.objects.all()
        exact = people.filter(work_number__iexact=value)
        named = queries.matching(people, value)
        found = named if not exact.exists() else exact
        return qs.filter(**{f"{self.field_name}__in": found.order_by().values("pk")})


class PeopleFilter(ListFilter):
    """People by name, pinyin or number, department and below, role today, and whether they have left."""

    q = django_filters.CharFilter(label=_("Name, pinyin, work number"), method="by_text")
    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        queryset=Department.objects.order_by(queries.TreeOrder()),
        to_field_name="code",
        method="by_department",
    )
    role = django_filters.ModelChoiceFilter(
        label=_("Role"), queryset=Role.objects.order_by("pk"), to_field_name="code", method="by_role"
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("here", _("employed")),
            ("gone", _("left")),
            ("locked", _("login locked")),
            ("roleless", _("login without role")),
        ],
        method="by_state",
    )

    class Meta:
        model = Employee
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Employee], name: str, value: str) -> QuerySet[Employee]:
        """Name, pinyin or number."""
        return queries.matching(rows, value)

    def by_department(self, rows: QuerySet[Employee], name: str, value: Department) -> QuerySet[Employee]:
        """The department and everything below it."""
        return rows.filter(department__path__startswith=value.path)

    def by_role(self, rows: QuerySet[Employee], name: str, value: Role) -> QuerySet[Employee]:
        """Who holds the role today."""
        holding = Assignment.objects.filter(valid_assignments(CentreToday()), role=value)
        return rows.filter(pk__in=holding.values("employee_id"))

    def by_state(self, rows: QuerySet[Employee], name: str, value: str) -> QuerySet[Employee]:
        """Employed, left, or locked."""
        if value == "roleless":
            return queries.roleless(rows)
        conditions: dict[str, Any] = {
            "here": Q(left_on=None) | Q(left_on__gte=CentreToday()),
            "gone": Q(left_on__lt=CentreToday()),
            "locked": Q(user__is_active=False),
        }
        return rows.filter(conditions[value])
