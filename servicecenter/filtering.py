"""What the filters of every list share."""

from __future__ import annotations

import django_filters


class ListFilter(django_filters.FilterSet):
    """Filters of a list. An empty list says that nothing was found where it is narrowed, else that there is nothing."""

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the whole list, or the whole queue, is asked for."""
        return self.form.is_valid() and any(
            value not in (None, "") for name, value in self.form.cleaned_data.items() if name != "queue"
        )
