"""Service incidents and follow-ups: lists of their own (CMP-40 to CMP-45, CMP-25)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from complaints import queries
from complaints.filters import IncidentFilter
from complaints.permissions import Right
from complaints.views.door import propose_url
from organization.permissions import me
from organization.views.door import needs
from servicecenter import keyset
from servicecenter.components import Counter, Crumb

READ = (Right.VIEW_INCIDENT, Right.VIEW_ALL)


@needs(*READ)
@require_GET
def incident_list(request: HttpRequest) -> HttpResponse:
    """All service incidents that one may see, newest first."""
    filterset = IncidentFilter(request.GET, queryset=queries.incident_rows(me(request)), request=request)
    marked = request.GET.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs,
        order=queries.INCIDENT_ORDER,
        cursor=request.GET.get("cursor", ""),
        filters=marked.urlencode(),
    )
    return render(request, "complaints/incidents.html", {"filterset": filterset, "page": page})


@needs(*READ)
@require_GET
def incident(request: HttpRequest, number: str) -> HttpResponse:
    """One service incident: its tickets, who was told and has read it, what follows from it."""
    view = queries.incident(user=me(request), number=number)
    if view is None:
        raise Http404
    crumbs = [Crumb(_("Service incidents"), reverse("incident-list")), Crumb(number)]
    context = {
        "view": view,
        "incident": view.incident,
        "crumbs": crumbs,
        "may_confirm": me(request).has_right(Right.CONFIRM_INCIDENT),
        "propose_url": propose_url(me(request), view.incident),
    }
    return render(request, "complaints/incident.html", context)


@needs(Right.WORK_COMPLAINT, Right.SUPERVISE_COMPLAINT)
@require_GET
def follow_ups(request: HttpRequest) -> HttpResponse:
    """The calls to make: overdue first, then today's, then those to come."""
    page = keyset.paginate(
        queries.follow_up_rows(me(request)),
        order=queries.ORDERS["due"],
        cursor=request.GET.get("cursor", ""),
    )
    counts = queries.follow_up_counts(me(request))
    here = reverse("follow-up-list")
    counters = [
        Counter(_("Overdue"), counts["overdue"], here, tone="hot"),
        Counter(_("Today"), counts["today"], here, tone="warn"),
        Counter(_("Later"), counts["later"], here),
    ]
    return render(request, "complaints/follow_ups.html", {"page": page, "counters": counters})
