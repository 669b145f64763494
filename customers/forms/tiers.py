"""Forms of tiers and visits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.choices import Tier
from customers.forms.customers import VersionedForm
from organization.forms.fields import PersonField
from organization.models import Employee
from servicecenter.forms import Day, WorkForm


class ChosenForm(WorkForm):
    """What is decided on several proposals; the customers' numbers go along."""

    row = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput, required=False)

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["row"]
        field.choices = [(number, number) for number in numbers]
        field.initial = numbers


class ConfirmForm(ChosenForm):
    """From which day the confirmed tiers hold."""

    effective_on = Day(label=_("Takes effect on"))


class RejectForm(ChosenForm):
    """Why proposals are not followed."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class GradeForm(VersionedForm):
    """A grade by hand: reason and end are needed (CUS-12)."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, widget=forms.RadioSelect)
    valid_until = Day(label=_("Until before"), help_text=_("On this day the tier that held before goes on."))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class VisitForm(VersionedForm):
    """A visit that was held (CUS-21)."""

    held_on = Day(label=_("Held on"))
    visitor = PersonField(label=_("Visitor"))
    summary = forms.CharField(
        label=_("What was spoken of"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["visitor"]
        field.queryset = Employee.objects.none() if people is None else people
