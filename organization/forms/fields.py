"""The fields the forms of this app share: names in three languages, departments, days, moments, shifts, people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organization import queries
from organization.domain import shifts
from organization.models import Department, Employee
from organization.services.names import texts
from servicecenter.clock import now_db
from servicecenter.forms import WorkForm
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import Shift
from servicecenter.wording import rule_text


class DepartmentField(forms.ModelChoiceField):
    """A department that is open, drawn as the tree; posted by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Department.objects.filter(closed_on=None).order_by(queries.TreeOrder()),
            to_field_name="code",
            **kwargs,
        )

    def label_from_instance(self, obj: Department) -> str:
        """The name, moved in by its depth."""
        return "\u3000" * (obj.path.count("/") - 2) + obj.name


class PersonField(forms.ModelChoiceField):
    """An employee, posted by work number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Employee.objects.none())
        super().__init__(to_field_name="work_number", **kwargs)

    def label_from_instance(self, obj: Employee) -> str:
        """Name and work number: namesakes are told apart."""
        return f"{obj.name} {obj.work_number}"


class PeopleField(forms.ModelMultipleChoiceField):
    """Several employees, posted by work number."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Employee.objects.none())
        super().__init__(to_field_name="work_number", **kwargs)

    label_from_instance = PersonField.label_from_instance


class ShiftsField(forms.CharField):
    """Shifts as people write them; cleans to minutes after midnight."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> tuple[Shift, ...]:  # type: ignore[override]
        """The shifts; the words of the broken rule when they cannot be read."""
        try:
            return shifts.read(super().to_python(value) or "")
        except RuleBroken as problem:
            raise forms.ValidationError(rule_text(problem)) from problem

    def run_validators(self, value: Any) -> None:
        """The length is checked on the text by the widget and the database's type, not on the tuple."""

    def validate(self, value: Any) -> None:
        """A required field needs a shift."""
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def prepare_value(self, value: Any) -> Any:
        """Minutes back into words."""
        return value if isinstance(value, str) or value is None else shifts.write(value)


class NamesForm(WorkForm):
    """A name in simplified characters; the traditional form is drafted when it is left empty."""

    name = forms.CharField(label=_("Name"), max_length=60)
    name_hant = forms.CharField(
        label=_("In traditional characters"), max_length=60, required=False, help_text=_("Empty: converted.")
    )
    name_en = forms.CharField(label=_("In English"), max_length=80, required=False)

    def names(self) -> dict[str, str]:
        """The name by language."""
        data = self.cleaned_data
        return texts(data["name"], data["name_hant"], data["name_en"])

    @staticmethod
    def initial_of(names: dict[str, str]) -> dict[str, str]:
        """The fields' first values."""
        return {
            "name": names.get("zh-Hans", ""),
            "name_hant": names.get("zh-Hant", ""),
            "name_en": names.get("en", ""),
        }


def employed_people() -> QuerySet[Employee]:
    """Everybody employed today, by pinyin."""
    rows = Employee.objects.select_related("department")
    return queries.employed(rows, now_db()).order_by("name_key", "work_number")
