"""Django's admin for administrators: rows to look at, and roles to change; every change goes through its service.

Entering it is the ordinary login, with its limiter and second factor.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from organization import services
from organization.models import (
    Absence,
    Assignment,
    CalendarDay,
    Department,
    Duty,
    Employee,
    Role,
    ServiceHours,
    ServiceInterruption,
    Team,
    User,
)
from organization.right_texts import RIGHTS
from servicecenter.admin import ReadOnlyAdmin
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


def _login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The site's own login page; who is logged in and no administrator is refused."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())


admin.site.login = _login  # type: ignore[method-assign]


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role with its rights as boxes, and why it is changed."""

    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=list(RIGHTS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    class Meta:
        model = Role
        fields = ("names", "rights", "needs_second_factor")

    def clean(self) -> dict[str, Any]:
        """Refuse here what the service would refuse: the page shows words, not an error."""
        data = super().clean() or {}
        losing = "organization.administer" in self.instance.rights and (
            "organization.administer" not in data.get("rights", [])
        )
        if losing:
            raise forms.ValidationError(rule_text("administrator.last"))
        return data


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Roles can be changed here; they are neither added nor deleted."""

    form = RoleForm
    list_display = ("code", "__str__", "needs_second_factor")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        data = form.cleaned_data
        try:
            services.change_role(
                role=obj,
                names=data["names"],
                rights=data["rights"],
                needs_second_factor=data["needs_second_factor"],
                reason=data["reason"],
                by=request.user,  # type: ignore[arg-type]
            )
        except RuleBroken as problem:
            raise PermissionDenied(rule_text(problem)) from problem


@admin.register(Department)
class DepartmentAdmin(ReadOnlyAdmin):
    """The tree as rows."""

    list_display = ("code", "__str__", "kind", "parent", "path", "closed_on")
    list_filter = ("kind",)
    search_fields = ("code", "names")
    ordering = ("path",)


@admin.register(Employee)
class EmployeeAdmin(ReadOnlyAdmin):
    """People."""

    list_display = ("work_number", "name", "department", "position", "hired_on", "left_on")
    search_fields = ("work_number", "name", "name_key")
    ordering = ("work_number",)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Logins; a password is never shown, not even hashed."""

    exclude = ("password",)
    list_display = ("work_number", "name", "is_active", "last_login", "is_demo")
    list_filter = ("is_active", "is_demo")
    search_fields = ("work_number", "employee__name")
    ordering = ("work_number",)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """Who holds which role where."""

    list_display = ("employee", "role", "department", "valid_from", "valid_until")
    list_filter = ("role",)
    search_fields = ("employee__name", "employee__work_number")
    ordering = ("-id",)


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    """Teams with their members."""

    list_display = ("code", "__str__", "department")
    ordering = ("code",)


@admin.register(ServiceHours)
class ServiceHoursAdmin(ReadOnlyAdmin):
    """Weekly hours by department and date."""

    list_display = ("department", "valid_from", "works_on_holidays")
    ordering = ("department", "-valid_from")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    """Days that differ from the week."""

    list_display = ("day", "kind", "department", "__str__", "is_edited")
    list_filter = ("kind", "is_edited")
    ordering = ("-day",)


@admin.register(Duty)
class DutyAdmin(ReadOnlyAdmin):
    """The rota as rows."""

    list_display = ("kind", "team", "employee", "starts_at", "ends_at")
    list_filter = ("kind", "team")
    ordering = ("-starts_at",)


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin):
    """Absences as rows."""

    list_display = ("employee", "starts_at", "ends_at", "reason")
    ordering = ("-starts_at",)


@admin.register(ServiceInterruption)
class ServiceInterruptionAdmin(ReadOnlyAdmin):
    """Interruptions as rows."""

    list_display = ("__str__", "starts_at", "expected_end", "ended_at")
    ordering = ("-starts_at",)
