"""Service incidents and follow-ups: lists of their own (CMP-40 to CMP-45, CMP-25)."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import queries
from complaints.filters import IncidentFilter
from complaints.permissions import HANDLING, INCIDENT_READERS, Right
from complaints.views.columns import follow_up_columns, incident_columns
from complaints.views.door import propose_url
from organization.permissions import me
from organization.views.door import demand, needs
from servicecenter import answers, keyset
from servicecenter.components import Counter, Crumb
from servicecenter.permissions import can_export


@needs(*INCIDENT_READERS)
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
    export_url = reverse("incident-export") if can_export(me(request)) else ""
    context = {"filterset": filterset, "page": page, "export_url": export_url}
    return render(request, "complaints/incidents.html", context)


@needs(*INCIDENT_READERS)
@require_POST
def incident_export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV; logged (PRV-04)."""
    demand(can_export(me(request)))
    filterset = IncidentFilter(request.GET, queryset=queries.incident_rows(me(request)), request=request)
    rows = keyset.iterate(filterset.qs, order=queries.INCIDENT_ORDER)
    return answers.exported(request, name=_("service incidents"), columns=incident_columns(), rows=rows)


@needs(*INCIDENT_READERS)
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


@needs(*HANDLING)
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
    export_url = reverse("follow-up-export") if me(request).has_right(Right.EXPORT_COMPLAINTS) else ""
    context = {"page": page, "counters": counters, "export_url": export_url}
    return render(request, "complaints/follow_ups.html", context)


@needs(Right.EXPORT_COMPLAINTS)
@require_POST
def follow_up_export(request: HttpRequest) -> FileResponse:
    """The calls to make, as XLSX or CSV; masked as the page is, logged (PRV-04)."""
    rows = keyset.iterate(queries.follow_up_rows(me(request)), order=queries.ORDERS["due"])
    columns = follow_up_columns(me(request))
    return answers.exported(request, name=_("follow-up calls"), columns=columns, rows=rows)
