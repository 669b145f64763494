"""Liability by hand, objections, recovery, the handling opinion (CLM-11, CLM-15, CLM-16, LR-23, LR-33)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from claims.choices import ManualOutcome, PartyRole
from claims.forms.parts import ClaimForm, LanguageForm, ReasonForm, Yuan
from servicecenter.forms import Line, Text

SHARES_SHOWN = 3


class HandForm(ReasonForm):
    """The rules gave no row: a person decides, with a reason (LR-23)."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ManualOutcome.choices)
    reason = Line(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("outcome", "reason")


class OverrideForm(ReasonForm):
    """Against the rules' result: a reason, and one level more (CLM-08)."""

    reason = Line(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ShareForm(forms.Form):
    """A party's share as a fraction: 1/3, 7/10, 1."""

    party = forms.ChoiceField(label=_("Liable party"), choices=[("", ""), *PartyRole.choices])
    share = forms.RegexField(
        label=_("Share"),
        regex=r"^\s*\d{1,4}\s*(/\s*\d{1,4})?\s*$",
        error_messages={"invalid": _("Write a fraction, as 1/3.")},
        widget=forms.TextInput(attrs={"size": 8, "placeholder": "1/3"}),
    )


ShareFormSet = formset_factory(ShareForm, extra=SHARES_SHOWN, max_num=len(PartyRole))


class OpinionForm(ClaimForm):
    """The internal document made from the determination (CLM-16)."""

    cause = Text(label=_("Cause"), max_length=2000)
    measures = Text(label=_("Measures"), required=False, max_length=2000)


class ApproveOpinionForm(LanguageForm):
    """Approve it: the PDF is issued."""


class ObjectionForm(ClaimForm):
    """A liable party contests the determination (CLM-15)."""

    share = forms.ChoiceField(label=_("Liable party"))
    text = Text(label=_("Objection"), max_length=1000)

    def __init__(self, *args: Any, shares: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares = {str(row.pk): row for row in shares}
        self.fields["share"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.get_party_display()} {row.who}".strip()) for key, row in self.shares.items()
        ]


class DecideForm(ClaimForm):
    """The decision on an objection, by somebody who neither investigated nor approved."""

    upheld = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("uphold")), ("no", _("dismiss"))], widget=forms.RadioSelect
    )
    answer = Text(label=_("Grounds"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class RecoveryForm(ObjectionForm):
    """Money that a liable party paid back (CLM-11)."""

    text = None  # type: ignore[assignment]
    amount = Yuan(label=_("Amount"))
    note = Line(label=_("Note"), required=False)
