"""Opening a claim, correcting what it says, its goods line by line, its reserve (CLM-01, CLM-04, CLM-17, CLM-19)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.choices import ClaimKind, Gravity, Profile, ReductionReason
from claims.domain.intake import ClaimIntake
from claims.forms.parts import ClaimForm, DepartmentField, Kilograms, ReasonForm, Tristate, Yuan
from customers import queries as customers
from customers.domain import waybills
from organization.choices import DepartmentKind
from servicecenter.forms import Day, Line, Moment, Text
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text

LINES_SHOWN = 3
MOST_LINES = 60
# What of the form is the claim's own, by the names of ClaimIntake.
SAID = (
    "incident_on", "pieces_group", "claimant", "claimed_amount", "incident_report", "reporter", "gravity", "profile",
    "noticed_at", "receipt_remarked", "packing_kept", "hidden_damage", "declared_value", "goods_value", "freight",
    "weight", "cap_told",
)  # fmt: skip


class ChangeForm(ClaimForm):
    """What a claim says of itself, but for its kind and where it is paid."""

    incident_on = Day(label=_("Day of the cargo incident"), help_text=_("It chooses the rules that apply."))
    gravity = forms.ChoiceField(
        label=_("Gravity"), choices=Gravity.choices, initial=Gravity.SIMPLE, widget=forms.RadioSelect
    )
    profile = forms.ChoiceField(
        label=_("Terms"),
        choices=Profile.choices,
        initial=Profile.CN_LTL,
        required=False,
        help_text=_("By when the claim is acknowledged, answered and paid."),
    )
    pieces_group = Line(
        label=_("Group of pieces"),
        required=False,
        max_length=60,
        help_text=_("Only where one waybill has several claims of one kind: which pieces this one is about."),
    )
    claimant = Line(label=_("Claimant"), required=False, max_length=60)
    claimed_amount = Yuan(label=_("Claimed amount"), required=False)
    incident_report = Text(
        label=_("Incident report"), required=False, help_text=_("By the person concerned, in the own words.")
    )
    reporter = Line(label=_("Report signed by"), required=False, max_length=60)
    noticed_at = Moment(label=_("Customer gave notice"), required=False)
    receipt_remarked = Tristate(label=_("Remark on the signed receipt"))
    packing_kept = Tristate(label=_("Packing kept"))
    hidden_damage = forms.BooleanField(label=_("Hidden damage, found after unpacking"), required=False)
    declared_value = Yuan(label=_("Declared value"), required=False)
    goods_value = Yuan(label=_("Value of the whole consignment"), required=False)
    freight = Yuan(label=_("Freight of the part"), required=False)
    weight = Kilograms(label=_("Weight of the part (kg)"), required=False)
    cap_told = forms.BooleanField(
        label=_("It is proven that the customer was told of the limit of compensation"), required=False
    )

    def clean_profile(self) -> str:
        """Left out, it is that of road freight."""
        return self.cleaned_data["profile"] or Profile.CN_LTL.value

    def said(self) -> dict[str, Any]:
        """What was filled in, by the names of ClaimIntake."""
        return {name: self.cleaned_data[name] for name in SAID}


class OpenForm(ChangeForm):
    """A new claim: from a complaint, or directly on a waybill (CLM-01)."""

    waybill = Line(label=_("Waybill number"), max_length=40)
    kind = forms.ChoiceField(
        label=pgettext_lazy("claim", "What happened"), choices=ClaimKind.choices, widget=forms.RadioSelect
    )
    branch = DepartmentField(label=_("Paid out by the branch"))

    def __init__(self, *args: Any, complaint: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # not the parent's: that one is the ticket acted on, whose version would be asked
        self.opened_from = complaint
        branch = self.fields["branch"]
        branch.queryset = branch.queryset.filter(kind=DepartmentKind.BRANCH)  # type: ignore[attr-defined]
        if complaint is not None:
            self.fields["waybill"].required = complaint.waybill_id is None

    def clean_waybill(self) -> str:
        """The number as it is kept; what is wrong is said with the digits that lack."""
        typed = self.cleaned_data["waybill"]
        if not typed.strip():
            return ""
        try:
            return str(waybills.normalise(typed))
        except RuleBroken as problem:
            raise forms.ValidationError(rule_text(problem.code, **problem.params)) from problem

    def waybill_found(self) -> Any:
        """The waybill of that number that the user may see, or None with an error at the field."""
        number = self.cleaned_data["waybill"]
        found = customers.waybills_visible_to(self.user).filter(number=number).first() if number else None
        if number and found is None:
            self.add_error("waybill", _("No waybill of this number is known. Register its facts first."))
        return found

    def intake(self) -> ClaimIntake:
        """What was filled in, as the service takes it."""
        customer = self.opened_from.customer_id if self.opened_from else None
        return ClaimIntake(
            kind=self.cleaned_data["kind"],
            branch_id=self.cleaned_data["branch"].pk,
            customer_id=customer,
            **self.said(),
        )


class LineForm(forms.Form):
    """One goods line (CLM-04). An award of zero stays zero."""

    goods = Line(label=_("Goods"), max_length=120)
    pieces = forms.IntegerField(
        label=_("Pieces"), min_value=1, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"})
    )
    weight = Kilograms(label=_("Weight (kg)"), required=False)
    declared_value = Yuan(label=_("Declared value"), required=False)
    claimed = Yuan(label=_("Claimed"))
    assessed = Yuan(label=_("Assessed"), required=False)
    reduction = forms.ChoiceField(
        label=_("Why less"), choices=[("", ""), *ReductionReason.choices], required=False
    )
    remark = Line(label=_("Remark"), required=False, max_length=200)


LineFormSet = formset_factory(
    LineForm, extra=LINES_SHOWN, max_num=MOST_LINES, validate_max=True, can_delete=True
)


class ReserveForm(ReasonForm):
    """The expected payout, changed with a reason (CLM-17)."""

    amount = Yuan(label=_("Reserve"))
    field_order = ("amount", "reason")
