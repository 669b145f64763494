"""Passing a ticket on, and what departments do with it (CMP-04, CMP-10a to CMP-10k, CMP-21, CMP-35b)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import choices
from complaints.forms.parts import ActForm, DepartmentField, ReasonForm
from complaints.models import Handover
from servicecenter.forms import Line, Text

LONGEST_LIMIT = 72


class RouteForm(ActForm):
    """Route by category, or elsewhere with a reason (CMP-11)."""

    department = DepartmentField(
        label=gettext_lazy("Pass on to"), required=False, empty_label=gettext_lazy("By category")
    )
    reason = Line(label=gettext_lazy("Why not by category"), required=False)
    demand = Line(label=gettext_lazy("What is asked of the department"), required=False, max_length=500)
    respondent_department = DepartmentField(label=gettext_lazy("Department complained of"), required=False)
    respondent = Line(label=gettext_lazy("Person complained of"), required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        """Elsewhere needs a reason; the person must be one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("department") and not cleaned.get("reason"):
            self.add_error("reason", _("Another way than by category needs a reason."))
        if "respondent" not in self.errors:
            cleaned["employee"] = self.person("respondent", cleaned.get("respondent_department"))
        return cleaned


class HandOverForm(ActForm):
    """A further department must answer, within a limit (CMP-35b)."""

    department = DepartmentField(label=gettext_lazy("Hand over to"))
    demand = Line(
        label=gettext_lazy("What is asked of the department"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    limit_hours = forms.IntegerField(
        label=gettext_lazy("Answer within (hours)"), min_value=1, max_value=LONGEST_LIMIT, initial=12
    )
    statement_required = forms.BooleanField(
        label=gettext_lazy("A statement is required, not only an answer"), required=False
    )


class ReturnForm(ReasonForm):
    """Not our department: why, so that the centre can route it again."""


class WaiveForm(ReasonForm):
    """The supervisor does without a statement (CMP-20)."""


class StatementForm(ActForm):
    """The respondent's own account of the whole cause; not editable after it is handed in (CMP-21).

    Whether a person is to be named is the service's to say; the control shows it beforehand.
    """

    employee = Line(label=gettext_lazy("Person concerned"), max_length=60)
    stage = forms.ChoiceField(label=gettext_lazy("Where it happened"), required=False)
    text = Text(
        label=gettext_lazy("Course and cause"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    measures = Text(
        label=gettext_lazy("Measures taken"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, handover: Handover, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department = handover.department
        self.fields["employee"].required = handover.statement_required
        self.fields["stage"].choices = [("", ""), *choices.DutyStage.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The person is one of the department (or below it)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "employee" not in self.errors:
            cleaned["person"] = self.person("employee", self.department)
        return cleaned
