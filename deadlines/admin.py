"""Clocks for administrators: to look at, never to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from deadlines.models import Clock, Step


class ReadOnly:
    """No adding, changing or deleting: clocks move by acts on their subjects."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StepInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The steps of one clock, all generations."""

    model = Step
    fields = ("generation", "ordinal", "kind", "due_at", "fired_at", "void_at")
    extra = 0


@admin.register(Clock)
class ClockAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Clocks with their steps, found by the number of the subject."""

    list_display = ("number", "kind", "round", "state", "department", "started_at", "due_at", "ended_at")
    list_filter = ("state", "kind")
    list_select_related = ("department",)
    search_fields = ("=number",)
    show_full_result_count = False
    ordering = ("-id",)
    inlines = (StepInline,)
