"""Asking for a report: which one, of which period, of whom (RPT-25)."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.filters import DepartmentChoice
from organization.queries import open_departments
from reports.choices import PERIODS, Basis, PeriodKind, ReportCode
from reports.domain.period import Period, parse, period_of
from reports.paper import saying
from reports.permissions import can_make
from servicecenter.dates import today
from servicecenter.forms import WorkForm
from servicecenter.kernel.errors import RuleBroken

# How many periods back are offered, the running one before them; others are typed into the address.
OFFERED = {PeriodKind.WEEK: 9, PeriodKind.MONTH: 13, PeriodKind.QUARTER: 5, PeriodKind.YEAR: 3}
PARTED = "/"


def offered(code: str, day: date) -> list[Period]:
    """The periods a report is offered for, newest first: of each kind the running one and those before it."""
    found: list[Period] = []
    for kind in PERIODS[code]:
        found += islice(period_of(kind, day).back(), OFFERED[kind])  # type: ignore[index]
    return found


class MakeForm(WorkForm):
    """One report. `again` and `basis` are asked for only when it has been made already."""

    code = forms.ChoiceField(label=gettext_lazy("Report"))
    period = forms.ChoiceField(
        label=gettext_lazy("Period"), widget=forms.Select(attrs={"data-group-of": "code"})
    )
    department = DepartmentChoice(
        label=gettext_lazy("Scope"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("The whole company"),
    )
    again = forms.BooleanField(widget=forms.HiddenInput, required=False)
    basis = forms.ChoiceField(
        label=gettext_lazy("Records"), choices=Basis.choices, initial=Basis.CLOSING, required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exists = False
        codes = [code for code in reversed(ReportCode) if may_anywhere(user, code)]
        self.fields["code"].choices = [(code.value, code.label) for code in codes]  # type: ignore[attr-defined]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (
                str(code.label),
                [(f"{code.value}{PARTED}{period}", _title(period)) for period in offered(code, today())],
            )
            for code in codes
        ]
        if codes and "period" not in self.initial:
            # the last one that is over
            code = self.initial.setdefault("code", codes[0].value)
            ended = (
                [period for period in offered(code, today()) if period.end < today()]
                if code in PERIODS
                else []
            )
            self.initial["period"] = f"{code}{PARTED}{ended[0]}" if ended else ""
        self.fields["department"].queryset = open_departments()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The period belongs to the report that is chosen."""
        data: dict[str, Any] = super().clean() or {}
        code, _parted, text = str(data.get("period") or "").partition(PARTED)
        if data.get("code") and text:
            if code != data["code"]:
                self.add_error("period", _("Choose a period of this report."))
            else:
                try:
                    data["period"] = parse(text)
                except RuleBroken as problem:
                    self.refuse(problem)
        return data

    def refuse(self, problem: Any) -> None:
        """A report that has been made already is asked about, not refused."""
        if isinstance(problem, RuleBroken) and problem.code == "report.exists":
            self.exists = True
            return
        super().refuse(problem)


def may_anywhere(user: Any, code: str) -> bool:
    """Whether the user may have this report made of the company or of some department."""
    return can_make(user, code, None) or any(can_make(user, code, one) for one in open_departments())


def _title(period: Period) -> str:
    said = saying.period(period.start, period.end)
    return _("%(period)s, so far") % {"period": said} if period.end >= today() else said


class RetryForm(WorkForm):
    """Try a failed making again."""
