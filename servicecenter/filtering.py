"""What the filters of every list share."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class YesNoField(forms.NullBooleanField):
    """Yes, no, or nothing said; any other word is an error, where Django would take it for nothing."""

    widget = forms.Select

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """True, False, or None for an empty value. Raises ValidationError for anything else."""
        found = super().to_python(value)
        if found is None and value not in self.empty_values:
            raise forms.ValidationError(_("Choose yes or no."), code="invalid_choice")
        return found


class YesNoFilter(django_filters.BooleanFilter):
    """`true` or `false` in the address."""

    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Select(choices=[("", ""), ("true", _("yes")), ("false", _("no"))]))
        super().__init__(*args, **kwargs)


class ListFilter(django_filters.FilterSet):
    """Filters of a list. An empty list says that nothing was found where it is narrowed, else that there is nothing.

    A value that is not valid finds nothing: a list never grows by what is asked of it. The API refuses it (400).
    """

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the whole list, or the whole queue, is asked for."""
        if not self.is_bound:
            return False
        return bool(self.errors) or any(
            value not in (None, "") for name, value in self.form.cleaned_data.items() if name != "queue"
        )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that fit every filter; none where one is not understood."""
        return queryset.none() if self.errors else super().filter_queryset(queryset)
