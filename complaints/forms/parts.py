"""What the forms of this app are made of: text that is never cut off, times, departments, people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization import queries as organization
from organization.filters import DepartmentChoice
from organization.models import Department, Employee
from servicecenter.forms import Line, WorkForm


class DepartmentField(DepartmentChoice):
    """A department that is open, posted by its code; drawn as the tree. `share` has a form's fields read them once."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "")
        super().__init__(queryset=organization.open_departments(), to_field_name="code", **kwargs)

    def to_python(self, value: Any) -> Department | None:
        """The open department of that code, or None for nothing. Raises ValidationError for another code."""
        if value in self.empty_values:
            return None
        code = value.code if isinstance(value, Department) else str(value)
        self.validate_no_null_characters(code)
        found = organization.open_department(code)
        if found is None:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            )
        return found

    @staticmethod
    def share(fields: Iterable[forms.Field], kept: list[Department]) -> None:
        """Those of `fields` that are of this kind offer what is `kept`, which the first one drawn reads."""
        for field in fields:
            if isinstance(field, DepartmentField):
                field.kept = kept


class ActForm(WorkForm):
    """Every act on a ticket: carries the version that the writer saw (CMP-51).

    `user` asks; `complaint` is the ticket acted on, or None. `takes_template` names the text that a reply template
    may be put into (CMP-50).
    """

    takes_template = ""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, complaint: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.complaint = complaint
        if complaint is not None:
            self.initial.setdefault("version", complaint.version)
        DepartmentField.share(self.fields.values(), [])
        # Employees that a name could mean, by the field where it was typed: the form offers them to choose from.
        self.hits: dict[str, Sequence[Employee]] = {}

    def person(self, name: str, department: Department | None = None) -> Employee | None:
        """The employee meant by what was typed in `name` or chosen as `<name>_number`.

        Adds an error when nobody fits, or when several do and none was chosen.
        """
        chosen = str(self.data.get(self.add_prefix(f"{name}_number"), "")).strip()
        typed = str(self.cleaned_data.get(name) or "").strip()
        if not typed and not chosen:
            return None
        # "杨勇 4112": whoever writes a work number means it.
        number = chosen or next((word for word in typed.split() if word.isascii() and word.isdigit()), "")
        found = organization.find_employees(number or typed, department, user=self.user).people
        exact = [one for one in found if one.work_number == number] or [
            one for one in found if one.name == typed and not number
        ]
        matches = exact or ([] if chosen else list(found))
        if len(matches) == 1:
            return matches[0]
        self.hits[name] = tuple(found)
        self.add_error(name, self._not_one(typed, matches, needed=self.fields[name].required))
        return None

    def _not_one(self, typed: str, matches: Sequence[Employee], *, needed: bool) -> str:
        if not matches and needed:
            return _(
                "There is nobody of that name or work number there. Name one of the department's people."
            )
        if not matches:
            return _("There is nobody of that name or work number there. Leave it empty if you do not know.")
        listed = _(", ").join(" ".join(p for p in (one.work_number, one.position) if p) for one in matches)
        return _("%(count)s people fit “%(name)s”. Choose by work number: %(listed)s") % {
            "count": len(matches),
            "name": typed,
            "listed": listed,
        }


class ReasonForm(ActForm):
    """An act that only asks why."""

    reason = Line(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(ActForm):
    """An act that asks nothing but the confirmation itself."""
