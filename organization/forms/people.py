"""Forms about departments, people, logins, roles, teams."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.choices import DepartmentKind
from organization.forms.fields import DepartmentField, NamesForm, PeopleField, employed_people
from organization.models import Employee, Role, Team
from servicecenter.forms import Day, WorkForm


class DepartmentForm(NamesForm):
    """A new department."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Latin letters, for imports and links; never changes.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in DepartmentKind.choices if choice[0] != DepartmentKind.HEAD_OFFICE],
    )
    parent = DepartmentField(label=_("Department above"), empty_label=None)


class RenameForm(NamesForm):
    """Another name of a department or team."""


class MoveForm(WorkForm):
    """Another place in the tree."""

    parent = DepartmentField(label=_("Department above"), empty_label=None)


class CloseForm(WorkForm):
    """The day from which a department is closed."""

    closed_on = Day(label=_("Closed from"), required=False, help_text=_("Empty: today."))


class HireForm(WorkForm):
    """A new employee."""

    work_number = forms.CharField(label=_("Work number"), max_length=12)
    name = forms.CharField(label=_("Full name"), max_length=60)
    department = DepartmentField(label=_("Department"), empty_label=None)
    position = forms.CharField(label=_("Position"), max_length=60, required=False)
    hired_on = Day(label=_("Employed from"), required=False, help_text=_("Empty: today."))


class CorrectForm(WorkForm):
    """Name and position."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    position = forms.CharField(label=_("Position"), max_length=60, required=False)


class TransferForm(WorkForm):
    """Another department."""

    department = DepartmentField(label=_("Department"), empty_label=None)
    position = forms.CharField(label=_("Position"), max_length=60, required=False)


class LeaveForm(WorkForm):
    """The last day of employment."""

    last_day = Day(
        label=_("Last day"), required=False, help_text=_("Empty: today. The last day still counts.")
    )


class ReturnForm(WorkForm):
    """The department of somebody who is employed again."""

    department = DepartmentField(label=_("Department"), empty_label=None)


class LoginForm(WorkForm):
    """A new login."""

    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; the person changes it on the profile page."),
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)


class PasswordForm(WorkForm):
    """Another password for somebody."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Every open session of the person ends."),
    )


class ReasonForm(WorkForm):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea)


class EmailForm(WorkForm):
    """Where notices go by e-mail."""

    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)


class AssignForm(WorkForm):
    """A role for a department."""

    role = forms.ModelChoiceField(
        label=_("Role"), queryset=Role.objects.order_by("pk"), to_field_name="code", empty_label=None
    )
    department = DepartmentField(
        label=_("For"), empty_label=None, help_text=_("Holds for this department and all below it.")
    )
    valid_from = Day(label=_("From"), required=False, help_text=_("Empty: today."))
    valid_until = Day(label=_("Until"), required=False, help_text=_("Empty: until it is ended."))


class EndForm(WorkForm):
    """The last day of a role."""

    last_day = Day(label=_("Last day"), required=False, help_text=_("Empty: the role is gone at once."))


class TeamForm(NamesForm):
    """A new team."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    department = DepartmentField(label=_("Department"), empty_label=None)


class MembersForm(WorkForm):
    """Who belongs to a team."""

    members = PeopleField(label=_("Members"), required=False)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"members": list(team.members.values_list("work_number", flat=True))})
        super().__init__(*args, **kwargs)
        near = Q(department__path__startswith=team.department.path) | Q(pk__in=team.members.values("pk"))
        self.fields["members"].queryset = (  # type: ignore[attr-defined]
            Employee.objects.filter(pk__in=employed_people().values("pk")).filter(near).order_by("name_key")
        )
