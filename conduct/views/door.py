"""What every page of this app begins with: the places of the workspace, the row one may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from conduct import queries
from conduct.permissions import Right
from servicecenter import components


def places(request: HttpRequest, current: str) -> list[components.Tab]:
    """The tabs of the workspace that this user may open; `current` is a URL name."""
    user: Any = request.user
    known = [
        ("sanction-list", _("Sanctions"), Right.VIEW_SANCTION),
        ("merit", _("Merit list"), Right.VIEW_MERIT),
        ("conduct-catalogue", _("Catalogue of violations"), Right.VIEW_SANCTION),
    ]
    return [
        components.Tab(label, reverse(name), current=name == current)
        for name, label, right in known
        if user.has_right(right)
    ]


def sanction_or_404(request: HttpRequest, number: str) -> queries.SanctionView:
    """The sanction of that number, as far as the user may see it; 404 else."""
    found = queries.sanction_view(request.user, number)
    if found is None:
        raise Http404
    return found
