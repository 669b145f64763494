"""Insurers, salvage, money from outside, instalments, settlements without a claim (CLM-11, CLM-12, CLM-18, CLM-20)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import ConfirmationWay, FoundChoice, OutsideSource, SalvageKeeper, SettledBy
from claims.forms.liability import ObjectionForm
from claims.forms.parts import ClaimForm, DepartmentField, Yuan
from customers import queries as customers
from customers.domain import waybills
from servicecenter.forms import Day, Line
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


class InsureForm(ClaimForm):
    """Who insures it."""

    insurer = Line(label=_("Insurer"), max_length=80)
    policy_number = Line(label=_("Insurance policy no."), required=False, max_length=60)


class TellInsurerForm(ClaimForm):
    """The insurer has been told."""

    reference = Line(label=_("Insurer's reference"), required=False, max_length=60)


class SalvageForm(ClaimForm):
    """Who keeps what is left."""

    keeper = forms.ChoiceField(
        label=_("Who keeps the salvage"), choices=SalvageKeeper.choices, widget=forms.RadioSelect
    )
    value = Yuan(label=_("Value of the salvage"))
    note = Line(label=_("Note"), required=False, max_length=200)


class FoundForm(ClaimForm):
    """Lost goods were found: where, and what the customer chooses, once that is known (CLM-19)."""

    found_on = Day(label=_("Found on"), initial=timezone.localdate)
    place = Line(label=_("Where they were found"), max_length=120)
    choice = forms.ChoiceField(
        label=_("The customer chooses"),
        choices=[("", _("not asked yet")), *FoundChoice.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("Confirmed by the customer"), choices=[("", ""), *ConfirmationWay.choices], required=False
    )

    def __init__(self, *args: Any, found: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if found is not None:
            self.initial = {"found_on": found.found_on, "place": found.place, **self.initial}


class OutsideForm(ClaimForm):
    """Money that came from outside."""

    source = forms.ChoiceField(label=_("From"), choices=OutsideSource.choices, widget=forms.RadioSelect)
    amount = Yuan(label=_("Amount"))
    note = Line(label=_("Note"), required=False, max_length=200)


class PlanForm(ObjectionForm):
    """Instalments of a liable party."""

    text = None  # type: ignore[assignment]
    monthly = Yuan(label=_("A month at most"))
    first = Day(label=_("From the month of"))
    wage = Yuan(
        label=_("Wage of a month"),
        required=False,
        help_text=_("Where it is known: instalments and fines of a month stay under its part by policy."),
    )


class SettlementForm(ClaimForm):
    """What was settled with the customer without a claim (RPT-04)."""

    settled_on = Day(label=_("Settled on"))
    settled_by = forms.ChoiceField(label=_("Settled by"), choices=SettledBy.choices, widget=forms.RadioSelect)
    department = DepartmentField(label=_("Branch or market"))
    driver_or_loader = Line(label=_("Driver or loader"), required=False, max_length=60)
    waybill = Line(label=_("Waybill number"), max_length=40)
    amount = Yuan(label=_("Amount"))
    agreed_by = Line(label=_("Agreed by"), max_length=60)
    note = Line(label=_("Note"), required=False, max_length=300)

    def clean_waybill(self) -> Any:
        """The waybill that the user may see."""
        try:
            number = str(waybills.normalise(self.cleaned_data["waybill"]))
        except RuleBroken as problem:
            raise forms.ValidationError(rule_text(problem.code, **problem.params)) from problem
        found = customers.waybills_visible_to(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("No waybill of this number is known. Register its facts first."))
        return found
