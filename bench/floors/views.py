"""Django views as somebody would write them for speed alone: raw SQL and the product's row templates, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from bench.floors import fetch, statements
from bench.floors.rewriting import Written
from complaints.views.columns import chosen

# The statements of registrations to come, by waybill number.
READY: dict[str, Written] = {}
OPEN = {"registered", "routed", "investigating", "answered", "resolved", "reopened"}


def use_floors(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the floors' addresses."""

    def serve(request: HttpRequest) -> HttpResponse:
        request.urlconf = "bench.floors.urls"  # type: ignore[attr-defined]
        return get_response(request)

    return serve


class Named:
    """Something that is only called by its name."""

    def __init__(self, name: str, **more: Any) -> None:
        self.name = name
        self.__dict__.update(more)

    def __str__(self) -> str:
        return self.name


def row_of(values: tuple[Any, ...]) -> SimpleNamespace:
    """A ticket as the row template reads it."""
    (
        number, state, summary, caller, telephone, tier, next_step, due_at, registered_at, round_, is_incident,
        is_suspected, is_paused, clock_id, category, customer, kind, waybill, owner, department, clock_state,
        started_at, warn_at, clock_due, paused_at, part, clock_department, _rank, _pk,
    ) = values  # fmt: skip
    awaited = Named(clock_department) if clock_department else None
    clock = SimpleNamespace(
        state=clock_state, started_at=started_at, warn_at=warn_at, due_at=clock_due, paused_at=paused_at, part=part,
        department=awaited, _state=SimpleNamespace(fields_cache={"department": awaited}),
    )  # fmt: skip
    return SimpleNamespace(
        number=number, state=state, summary=summary, caller_name=caller, caller_telephone=telephone, tier=tier,
        next_step=next_step, due_at=due_at, registered_at=registered_at, round=round_, is_incident=is_incident,
        is_suspected=is_suspected, is_paused=is_paused, is_open=state in OPEN, clock_id=clock_id,
        clock=clock if clock_id else None, category=category, customer=Named(customer, kind=kind) if customer else None,
        waybill=SimpleNamespace(number=waybill) if waybill else None, owner=Named(owner) if owner else None,
        department=Named(department) if department else None,
    )  # fmt: skip


def _table(request: HttpRequest, rows: list[tuple[Any, ...]], *, others: bool = False) -> HttpResponse:
    now: datetime = timezone.now()
    context = {
        "page": SimpleNamespace(rows=[row_of(values) for values in rows[:50]]),
        "columns": chosen("", others=others),
        "order": "due",
        "shell": SimpleNamespace(user=None, now=now),
        "request": request,
    }
    return HttpResponse(render_to_string("complaints/_table.html", context))


def queue(request: HttpRequest) -> HttpResponse:
    """All open tickets by due time."""
    assert request.user.is_authenticated
    return _table(request, fetch("queue"), others=True)


def handed(request: HttpRequest) -> HttpResponse:
    """The newest tickets of some departments."""
    assert request.user.is_authenticated
    return _table(request, fetch("queue", [[int(pk) for pk in request.GET.getlist("d")]], part=1))


def counts(request: HttpRequest) -> HttpResponse:
    """The figures over the queues, rendered as they are shown."""
    assert request.user.is_authenticated
    figures = fetch("queue", {"user": request.user.pk}, part=2)[0]
    return HttpResponse(
        render_to_string("complaints/_desk_counts.html", {"counters": figures[:1], "sides": ()})
    )


# What the ticket's template shows, made beforehand by the product: the floor pays for reading the rows and for drawing.
TICKETS: dict[str, dict[str, Any]] = {}


def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Every row that the ticket's page shows, read by hand-written SQL; the page's own template draws."""
    assert request.user.is_authenticated
    [head] = fetch("ticket", [number])
    for part in range(1, len(statements("ticket"))):
        fetch("ticket", {"id": head[0], "contact": head[1], "event": head[2]}, part=part)
    return HttpResponse(render_to_string("complaints/ticket.html", TICKETS[number], request))


def register(request: HttpRequest) -> HttpResponse:
    """Writes the rows of a registration, whose statements the case has put ready, in one transaction."""
    assert request.user.is_authenticated
    number = request.POST["waybill"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id, consignor_id FROM customers_waybill WHERE number = %s", [number])
        cursor.fetchone()
        for statement, values in READY.pop(number):
            cursor.execute(statement, values)
    return HttpResponse(status=302, headers={"Location": "/"})
