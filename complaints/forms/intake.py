"""The one screen on which a complaint is registered (CMP-06), and the chase that is no complaint (CMP-09)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import choices, queries
from complaints.domain.intake import Intake
from complaints.forms.parts import ActForm, DepartmentField
from customers import queries as customers
from customers.domain import telephones, waybills
from servicecenter.forms import Day, Line, Text
from servicecenter.kernel.errors import RuleBroken

# An agent registers what came in; what machines bring has its own doors (CMP-40).
AGENT_CHANNELS = [
    (member.value, member.label) for member in choices.Channel if member not in choices.MACHINE_CHANNELS
]
SETTLE = [
    ("on_spot", _("Settle on the spot")),
    ("route", _("Pass on")),
    ("report", _("Report upward")),
]


class IntakeForm(ActForm):
    """Three bands: who and which waybill; what; what is done about it."""

    channel = forms.ChoiceField(label=_("Channel"), choices=AGENT_CHANNELS, initial="telephone")
    telephone = Line(label=_("Telephone"), required=False, max_length=40)
    waybill = Line(label=_("Waybill number"), required=False, max_length=40)
    caller_name = Line(label=_("Caller"), required=False, max_length=60)
    party_role = forms.ChoiceField(
        label=_("Calls as"), choices=choices.PartyRole.choices, initial=choices.PartyRole.OTHER
    )
    # Chosen at the side, when several customers share the telephone.
    customer = forms.CharField(required=False, max_length=20)

    category = forms.ChoiceField(label=_("Category"))
    subcase = forms.ChoiceField(label=_("Subcase"), required=False)
    text = Text(label=_("The customer's words and what happened"))
    demand = Line(label=_("What the customer wants"), required=False)
    occurred_on = Day(label=_("Happened on"), required=False)

    settle = forms.ChoiceField(
        label=_("How it is handled"), choices=SETTLE, widget=forms.RadioSelect, initial="route"
    )
    department = DepartmentField(label=_("Pass on to"), required=False, empty_label=_("By category"))
    route_reason = Line(label=_("Why not by category"), required=False)
    respondent_department = DepartmentField(label=_("Department complained of"), required=False)
    respondent = Line(label=_("Person complained of"), required=False, max_length=60)
    resolution = Text(
        label=_("What was done and agreed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    customer_confirmed = forms.BooleanField(
        label=_("The customer confirmed in this contact that it is settled"), required=False
    )

    # These three stand beside the form, at the earlier tickets that they speak of.
    linked_number = forms.CharField(required=False, max_length=20)
    other_matter = forms.BooleanField(required=False)
    other_matter_reason = Line(label=_("Why it is another matter"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = queries.categories_today()
        self.fields["category"].choices = [("", ""), *((row.code, str(row)) for row in self.categories)]  # type: ignore[attr-defined]
        self.fields["subcase"].choices = [("", _("none named")), *self._subcases()]  # type: ignore[attr-defined]

    def _subcases(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Under the category's name; the page shows those of the category chosen."""
        return [
            (str(row), [(sub.code, str(sub)) for sub in row.subcases])
            for row in self.categories
            if row.subcases
        ]

    def clean_telephone(self) -> str:
        """Digits as they are kept; what is wrong is said with the digits that lack."""
        typed = self.cleaned_data["telephone"]
        return _normal(telephones.normalise, typed).number if typed.strip() else ""

    def clean_waybill(self) -> str:
        """The number as it is kept; an unknown one is no error (WBL-08)."""
        typed = self.cleaned_data["waybill"]
        return str(_normal(waybills.normalise, typed)) if typed.strip() else ""

    def clean_customer(self) -> str:
        """A customer that was chosen among several of one telephone; one that the user may not see is nobody."""
        number = self.cleaned_data["customer"]
        found = customers.customers_visible_to(self.user).filter(number=number).first() if number else None
        self.cleaned_data["customer_id"] = found.pk if found else None
        return number if found else ""

    def clean(self) -> dict[str, Any]:
        """What is needed together: somebody to answer, a reason for another way, what was agreed on the spot."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_subcase(cleaned)
        settle = cleaned.get("settle")
        if settle == "on_spot" and not cleaned.get("resolution") and "resolution" not in self.errors:
            self.add_error("resolution", _("Say what was done and agreed with the customer."))
        if settle == "route" and cleaned.get("department") and not cleaned.get("route_reason"):
            self.add_error("route_reason", _("Another way than by category needs a reason."))
        if "respondent" not in self.errors:
            cleaned["employee"] = self.person("respondent", cleaned.get("respondent_department"))
        return cleaned

    def _check_subcase(self, cleaned: dict[str, Any]) -> None:
        """One of another category is dropped: it was chosen before the category was changed."""
        chosen = next((row for row in self.categories if row.code == cleaned.get("category")), None)
        own = {sub.code for sub in chosen.subcases} if chosen else set()
        if cleaned.get("subcase") not in own:
            cleaned["subcase"] = ""

    def intake(self, *, attachments: tuple[str, ...] = ()) -> Intake:
        """What the services take; readable also from a form that is not complete yet (preview)."""
        cleaned = self.cleaned_data
        department, respondent = cleaned.get("department"), cleaned.get("respondent_department")
        employee = cleaned.get("employee")
        on_spot = cleaned.get("settle") == "on_spot"
        return Intake(
            channel=cleaned.get("channel") or "telephone",
            caller_telephone=cleaned.get("telephone") or "",
            caller_name=cleaned.get("caller_name") or "",
            waybill_number=cleaned.get("waybill") or "",
            party_role=cleaned.get("party_role") or "other",
            category=cleaned.get("category") or "",
            subcase=cleaned.get("subcase") or "",
            text=cleaned.get("text") or "",
            demand=cleaned.get("demand") or "",
            occurred_on=cleaned.get("occurred_on"),
            settle=cleaned.get("settle") or "route",
            department_id=department.pk if department and cleaned.get("settle") == "route" else None,
            route_reason=cleaned.get("route_reason") or "",
            respondent_department_id=respondent.pk if respondent else None,
            respondent_employee_id=employee.pk if employee else None,
            linked_number=cleaned.get("linked_number") or "",
            other_matter=bool(cleaned.get("other_matter")),
            other_matter_reason=cleaned.get("other_matter_reason") or "",
            resolution=(cleaned.get("resolution") or "") if on_spot else "",
            customer_confirmed=bool(on_spot and cleaned.get("customer_confirmed")),
            customer_id=cleaned.get("customer_id"),
            attachment_ids=attachments,
        )


def _normal(read: Any, typed: str) -> Any:
    """Read what was typed; a broken rule becomes the field's error."""
    from servicecenter.wording import rule_text

    try:
        return read(typed)
    except RuleBroken as problem:
        raise forms.ValidationError(rule_text(problem), code=problem.code) from problem


class ChaseForm(ActForm):
    """A customer asks how an open matter stands; what the customer was told is kept (CMP-09)."""

    text = Text(
        label=_("What the customer asks"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    answer = Text(
        label=_("What the customer was told"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
