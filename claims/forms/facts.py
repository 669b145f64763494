"""The determination screen: closed questions, each with its evidence; who was the driver, the loader … (CLM-03)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.choices import EvidenceKind, PartyRole
from claims.forms.parts import ClaimForm, DepartmentField
from servicecenter.forms import Line

OPEN = _("open")
NOBODY = "none"


class FactsForm(ClaimForm):
    """The facts as one form: built from the rows of `queries.facts_form`; '' is a fact that is not known yet."""

    def __init__(self, *args: Any, rows: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            BUILDERS[row.kind](self, row)

    def values(self) -> dict[str, Any]:
        """Every fact by name, as `judge_liability` takes it; None is not known. Shape alone is checked here."""
        said = self.cleaned_data
        found: dict[str, Any] = {}
        for row in self.rows:
            value = said.get(row.name)
            if row.kind == "parties":
                stands = said.get(f"{row.name}_is")
                value = None if not stands else [] if stands == "no" else list(value or ())
            found[row.name] = None if value in ("", None) else value
        return found

    def clean(self) -> dict[str, Any]:
        """Who says that somebody left the post says who."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.rows:
            if row.kind == "parties" and said.get(f"{row.name}_is") == "yes" and not said.get(row.name):
                self.add_error(row.name, _("Say who."))
        return said


def _choice(form: FactsForm, row: Any) -> None:
    form.fields[row.name] = forms.ChoiceField(
        label=row.label, choices=[*row.choices, ("", OPEN)], required=False, widget=forms.RadioSelect
    )
    form.initial.setdefault(row.name, _plain(row.value))


def _plain(value: Any) -> Any:
    """A stored value as the form posts it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _parties(form: FactsForm, row: Any) -> None:
    form.fields[f"{row.name}_is"] = forms.ChoiceField(
        label=row.label,
        choices=[("no", _("nobody")), ("yes", _("somebody")), ("", OPEN)],
        required=False,
        widget=forms.RadioSelect,
    )
    form.fields[row.name] = forms.MultipleChoiceField(
        label=_("Who"), choices=row.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    known = row.value
    form.initial.setdefault(f"{row.name}_is", "" if known is None else "yes" if known else "no")
    form.initial.setdefault(row.name, list(known or ()))


def _pieces(form: FactsForm, row: Any) -> None:
    form.fields[row.name] = forms.IntegerField(
        label=row.label,
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num", "size": 6}),
    )
    form.initial.setdefault(row.name, row.value)


BUILDERS = {"choice": _choice, "party": _choice, "parties": _parties, "pieces": _pieces}


class EvidenceForm(ClaimForm):
    """What a fact rests on; files by choice, paste and drop."""

    evidence = forms.ChoiceField(
        label=_("Evidence"), choices=[row for row in EvidenceKind.choices if row[0] != NOBODY]
    )
    note = Line(label=_("About the evidence"), required=False)


class PartyForm(ClaimForm):
    """Who a party is: one of ours by name, a department, or somebody outside."""

    role = forms.ChoiceField(label=_("Liable party"), choices=PartyRole.choices)
    employee = Line(label=_("Person"), required=False, max_length=60)
    department = DepartmentField(label=_("Department"), required=False)
    outside = Line(label=_("Outside the company"), required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        """Exactly one of the three. A department beside a person says where the person is looked for."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        said["person"] = None
        if said.get("employee") or str(self.data.get("employee_number", "")).strip():
            said["person"] = self.person("employee", said.get("department"))
        elif not said.get("department") and not said.get("outside"):
            self.add_error("employee", _("Name a person, a department, or somebody outside the company."))
        return said
