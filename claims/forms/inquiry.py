"""Evidence asked of departments, the result of the investigation (CLM-03)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.choices import FactName
from claims.forms.parts import ClaimForm, DepartmentField
from servicecenter.forms import Line, Moment, Text


class AskForm(ClaimForm):
    """What is asked of which department, by when."""

    department = DepartmentField(label=_("Department"))
    text = Text(label=_("What is asked"), max_length=500)
    fact = forms.ChoiceField(
        label=_("Evidence of the fact"), choices=[("", "—"), *FactName.choices], required=False
    )
    due_at = Moment(label=_("By"), required=False, help_text=_("Left empty: within the term of the policy."))


class AnswerForm(ClaimForm):
    """The department's answer."""

    answer = Text(label=_("Answer"), max_length=2000)


class ResultForm(ClaimForm):
    """What the investigation found."""

    text = Text(label=_("Result"), max_length=2000)


class ConfirmResultForm(ClaimForm):
    """Confirmed, or sent back with a remark."""

    confirmed = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", pgettext_lazy("result", "confirm")), ("no", pgettext_lazy("result", "send back"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    remark = Line(label=_("Remark"), required=False, max_length=300)
