"""The supervisor's board (RPT-20): what burns today, each figure with the way to its rows; also for a wall screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from complaints import queries as complaints
from complaints.choices import OPEN_STATES, ComplaintState, IncidentKind
from complaints.permissions import Right as Tickets
from complaints.permissions import scope_of
from organization.models import Department
from organization.permissions import me
from organization.queries import topmost
from organization.views.door import needs
from reports.domain import boards as domain
from reports.permissions import Right
from reports.queries.boards_tickets import Load, SupervisorBoard, supervisor_board
from reports.views.boards_parts import BOARDS, Tile, address, shown
from servicecenter import charts, countdown, dates
from servicecenter.i18n import listed, say

LIST, INCIDENT_LIST = "complaint-list", "incident-list"
# Old is not late: red is kept for what is overdue.
AGE_TONES = ("age1", "age2", "age3", "age4")
# On the page, on the wall.
MOST_LOADS, MOST_ON_WALL = 12, 6
DUE_NEXT = 7
# An axis of counts ends no lower, so that it counts in ones.
LEAST_TOP = 4


@needs(*(right for _url_name, _label, right in BOARDS.values()))
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The whole centre's for who sees every ticket, otherwise the own departments'; others go on to their own board."""
    user, wall = me(request), "wall" in request.GET
    if not user.has_right(Right.VIEW_BOARD):
        return redirect(next(url for url, _label, right in BOARDS.values() if user.has_right(right)))
    whole = scope_of(user).is_unlimited
    found = supervisor_board(user, whole=whole)
    now = dates.local(found.reading.now)
    context = {
        "day": now.date(),
        "scope": "" if whole else scope_words(user),
        "intake": intake_chart(found, wall=wall),
        "intake_legend": charts.legend([(0, _("today")), (6, usual_words(found))]),
        "states": state_chart(found, wall=wall),
        "ages": list(complaints.AGES.values()),
        "age_legend": charts.legend(
            [(tone, str(age.label)) for tone, age in zip(AGE_TONES, complaints.AGES.values(), strict=True)]
        ),
        "state_rows": state_rows(found),
        "loads": load_chart(found, wall=wall) if whole else None,
        # The wall has room for one of the two: they take turns, minute by minute.
        "turn": "loads" if wall and whole and now.minute % 2 else "states" if wall else "",
        "load_rows": [(load, load_ways(load)) for load in found.loads],
        "load_legend": charts.legend(
            [("age2", _("in hand")), ("soon", _("due within the hour")), ("late", _("overdue"))]
        ),
        "due_next": [] if wall else due_next(user),
    }
    return shown(request, "supervisor", reading=found.reading, tiles=tiles(found, user), context=context)


def scope_words(user: Any) -> str:
    """The departments whose tickets a head of department sees."""
    held = Department.objects.filter(path__in=topmost(user.rights.paths(Tickets.VIEW_COMPLAINT)))
    return listed(row.name for row in held.order_by("path"))


def tiles(found: SupervisorBoard, user: Any) -> list[Tile]:
    """The eight figures, what burns first."""
    totals, incidents = found.totals, found.incidents
    sees_incidents = user.rights.has_any((Tickets.VIEW_INCIDENT, Tickets.VIEW_ALL))
    today = found.intake["day"]
    day = {"registered_after": today, "registered_before": today}
    now = dates.local(found.reading.now)
    return [
        Tile(
            "breached",
            _("Overdue"),
            totals["breached"],
            _longest(found),
            address(LIST, queue="breached", order="due"),
            "hot",
        ),
        Tile(
            "due_soon",
            _("Due within the hour"),
            totals["due_soon"],
            _whose(found.loads),
            address(LIST, queue="due_soon", order="due"),
            "warn",
        ),
        Tile(
            "unassigned",
            _("Unassigned"),
            totals["unassigned"],
            _("oldest since %(when)s") % {"when": dates.say_when(found.first_in)} if found.first_in else "",
            address(LIST, queue="unassigned", order="due"),
        ),
        Tile(
            "waiting",
            _("Waiting for statement"),
            totals["waiting"],
            _("%(n)s late") % {"n": totals["late"]} if totals["late"] else _("none late"),
            address(LIST, queue="waiting_statement", order="due"),
        ),
        Tile(
            "incidents",
            _("Service incidents today"),
            incidents["n"],
            _incident(incidents["newest"]),
            address(
                INCIDENT_LIST,
                state="standing",
                opened_after=incidents["day"],
                opened_before=incidents["day"],
            )
            if sees_incidents
            else "",
            "hot",
        ),
        Tile(
            "undriven",
            _("No owner or clock"),
            totals["undriven"],
            _("target 0"),
            address(LIST, undriven="true"),
            "zero",
        ),
        Tile(
            "open",
            _("Open tickets"),
            totals["n"],
            _("%(n)s wait for the customer") % {"n": totals["customer"]},
            address(LIST, state="open", order="due"),
        ),
        Tile(
            "today",
            _("Registered today"),
            sum(found.intake["today"]),
            _("usual by now: %(n)s") % {"n": domain.usual_until(found.intake["usual"], now)},
            address(LIST, **day),
        ),
    ]


def _longest(found: SupervisorBoard) -> str:
    if found.first_due is None:
        return ""
    late = (found.reading.now - found.first_due).total_seconds()
    return _("longest %(span)s") % {"span": countdown.span(late, fine=False)}


def _whose(loads: list[Load]) -> str:
    """Whose tickets fall due first, of the two with the most."""
    most = sorted((load for load in loads if load.due_soon and load.name), key=lambda load: -load.due_soon)
    return "·".join(f"{load.name} {load.due_soon}" for load in most[:2])


def _incident(newest: list[Any]) -> str:
    """The newest: department and kind."""
    if not newest:
        return ""
    department = say(newest[0]["department__names"]) if newest[0]["department__names"] else ""
    kind = str(IncidentKind(newest[0]["kind"]).label)
    return f"{department}·{kind}" if department else kind


def usual_words(found: SupervisorBoard) -> str:
    """How the comparison is made."""
    weekday = formats.date_format(dates.local(found.reading.now), "l")
    return _("usual %(weekday)s (mean of the last 8 weeks)") % {"weekday": weekday}


def intake_chart(found: SupervisorBoard, *, wall: bool) -> charts.Chart:
    """Today's full hours beside the usual day."""
    now = dates.local(found.reading.now)
    today, usual = found.intake["today"], found.intake["usual"]
    hours = domain.shown_hours(today, usual)
    known = domain.full_hours(today, now)
    return charts.line(
        [f"{hour:02}:00" for hour in hours],
        [
            charts.Line(_("today"), [known[hour] for hour in hours], area=True),
            charts.Line(usual_words(found), [usual[hour] for hour in hours], dashed=True, series=6),
        ],
        title=_("Complaints registered today by the hour"),
        high=max(LEAST_TOP, *today, *usual),
        width=360 if wall else 680,
        height=150 if wall else 236,
        last_value=True,
    )


def state_rows(found: SupervisorBoard) -> list[dict[str, Any]]:
    """State by age, each figure with the way to its rows."""
    return [
        {
            "label": str(ComplaintState(state).label),
            "url": address(LIST, state=state, order="due"),
            "total": sum(found.states[state].values()),
            "cells": [
                (count, address(LIST, state=state, age=code, order="due"))
                for code, count in found.states[state].items()
            ],
        }
        for state in OPEN_STATES
        if state in found.states
    ]


def state_chart(found: SupervisorBoard, *, wall: bool) -> charts.Chart:
    """Open tickets: a bar a state, its parts by age."""
    return charts.age_bar(
        [
            charts.Stack(row["label"], [count for count, _url in row["cells"]], row["url"])
            for row in state_rows(found)
        ],
        tones=AGE_TONES,
        names=[str(age.label) for age in complaints.AGES.values()],
        title=_("Open complaints by state and age"),
        width=330 if wall else 480,
        thick=not wall,
    )


def load_chart(found: SupervisorBoard, *, wall: bool) -> charts.Chart:
    """Open tickets by owner, the heaviest load first."""
    most = MOST_ON_WALL if wall else MOST_LOADS
    return charts.age_bar(
        [
            charts.Stack(
                load.name or _("nobody"),
                [load.calm, load.due_soon, load.breached],
                address(LIST, state="open", owner=load.number, order="due") if load.number else "",
            )
            for load in found.loads[:most]
        ],
        tones=("age2", "soon", "late"),
        names=[_("in hand"), _("due within the hour"), _("overdue")],
        title=_("Open complaints by owner"),
        width=330 if wall else 480,
        thick=False,
    )


def load_ways(load: Load) -> dict[str, str]:
    """The ways to a person's tickets; none to those without owner, which the tile names."""
    if not load.number:
        return {}
    ways = {"open": {"state": "open"}, "due_soon": {"queue": "due_soon"}, "breached": {"queue": "breached"}}
    return {name: address(LIST, owner=load.number, order="due", **way) for name, way in ways.items()}


def due_next(user: Any) -> list[Any]:
    """The tickets that are due next, overdue ones first."""
    rows = complaints.row_queryset(user).open().order_by("due_at", "rank", "pk")  # type: ignore[attr-defined]
    return list(rows[:DUE_NEXT])
