"""The catalogue of violations for administrators; every change goes through its service."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from conduct import services
from conduct.models import MeritDisqualification, Sanction, Violation
from servicecenter.admin import ReadOnlyAdmin


@admin.register(Violation)
class ViolationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Texts and closing can be changed; violations are neither added nor deleted, ranges are policies."""

    list_display = ("code", "__str__", "reason_required", "to_inspection", "closed_on")
    ordering = ("ordinal",)
    fields = ("code", "sentences", "targets", "amounts", "reason_required", "closed_on")
    readonly_fields = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Violation, form: Any, change: bool) -> None:
        names = ("sentences", "targets", "amounts", "reason_required", "closed_on")
        services.change_violation(
            violation=obj, by=request.user, **{name: form.cleaned_data[name] for name in names}
        )


@admin.register(Sanction)
class SanctionAdmin(ReadOnlyAdmin):
    """To look at; sanctions have their own pages."""

    list_display = ("number", "state", "violation", "target_department", "month", "proposed_at")
    list_filter = ("state",)
    search_fields = ("number", "source_number")


@admin.register(MeritDisqualification)
class DisqualificationAdmin(ReadOnlyAdmin):
    """To look at; lost merit has its own page."""

    list_display = ("source_number", "target_department", "month", "created_at", "withdrawn_at")
    search_fields = ("source_number",)
