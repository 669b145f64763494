"""The duty rota by week (ORG-08): who is on duty, which hours nobody covers, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries, services
from organization.choices import DutyKind
from organization.forms import time as forms
from organization.models import Duty, Team
from organization.permissions import Right, me
from organization.queries import Lane
from organization.views.door import ask, data_of, demand, needs, rota_places
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.forms import WorkForm
from servicecenter.idempotency import idempotent

ONE_DAY = timedelta(days=1)
# What an address may ask for.
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Item:
    """A duty, or a stretch that nobody covers, from when it begins on that day."""

    start: datetime
    duty: Duty | None


@dataclass(frozen=True)
class Cell:
    """One day of one lane: the duties that begin or run then and the gaps, as the day goes."""

    day: date
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Row:
    """One lane with its seven days."""

    lane: Lane
    cells: tuple[Cell, ...]
    may_plan: bool

    @property
    def code(self) -> str:
        """How the lane is named in addresses: the team's code, or supervisor, or manager."""
        return f"agent-{self.lane.team.code}" if self.lane.team else self.lane.kind


@needs(Right.VIEW_PEOPLE)
def rota(request: HttpRequest) -> HttpResponse:
    """Seven days from Monday: lanes down, days across."""
    now = now_db()
    today = business_date(now)
    monday = _monday(request.GET.get("week", ""), today)
    days = [monday + number * ONE_DAY for number in range(7)]
    start, end = _midnight(days[0]), _midnight(days[-1] + ONE_DAY)
    user = me(request)
    rows = [
        Row(
            lane,
            tuple(_cell(lane, day) for day in days),
            queries.can_plan_lane(user, lane.team),
        )
        for lane in queries.rota(start, end)
    ]
    today_lanes = queries.rota(now, now + timedelta(seconds=1))
    return render(
        request,
        "organization/rota.html",
        {
            "tabs": rota_places(request, "duty-rota"),
            "rows": rows,
            "days": days,
            "today": today,
            "now": now,
            "on_duty": [(lane, lane.duties[0] if lane.duties else None) for lane in today_lanes],
            "before": monday - 7 * ONE_DAY,
            "after": monday + 7 * ONE_DAY,
            "gaps": sum(len(row.lane.gaps) for row in rows),
        },
    )


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if day.year not in YEARS:
        day = today
    return day - day.weekday() * ONE_DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), centre_zone())


def _cell(lane: Lane, day: date) -> Cell:
    start, end = _midnight(day), _midnight(day + ONE_DAY)
    items = [
        Item(max(duty.starts_at, start), duty)
        for duty in lane.duties
        if duty.starts_at < end and duty.ends_at > start
    ]
    items += [Item(max(gap.start, start), None) for gap in lane.gaps if gap.start < end and gap.end > start]
    return Cell(day, tuple(sorted(items, key=lambda item: item.start)))


def _lane(request: HttpRequest, code: str) -> tuple[str, Team | None]:
    """The lane named in an address; 404 for none, 403 without the right to plan it."""
    kind, _dash, team_code = code.partition("-")
    if kind not in DutyKind.values or (kind == DutyKind.AGENT) != bool(team_code):
        raise Http404
    team = get_object_or_404(Team.objects.select_related("department"), code=team_code) if team_code else None
    demand(queries.can_plan_lane(me(request), team))
    return kind, team


def _lane_words(kind: str, team: Team | None) -> str:
    return f"{DutyKind(kind).label} {team}" if team else str(DutyKind(kind).label)


def _back(day: date) -> str:
    return reverse("duty-rota") + f"?week={day.isoformat()}"


@needs(Right.PLAN_DUTY)
@idempotent
def plan(request: HttpRequest, lane: str) -> HttpResponse:
    """One duty."""
    kind, team = _lane(request, lane)
    start = _start(request)
    form = forms.DutyForm(
        data_of(request),
        people=forms.duty_people(me(request), team),
        initial={"starts_at": start, "ends_at": start + timedelta(hours=8)},
    )
    return ask(
        request,
        form=form,
        question=_("Plan a duty: %(lane)s") % {"lane": _lane_words(kind, team)},
        verb=_("Plan the duty"),
        icon="calendar",
        act=lambda f: services.plan_duty(kind=kind, team=team, by=me(request), **f.values()),
        to=lambda made: _back(business_date(made.starts_at)),
        toast=_("Planned"),
    )


def _start(request: HttpRequest) -> datetime:
    """The moment a gap begins, from the address; else tomorrow at eight."""
    try:
        start = datetime.fromisoformat(request.GET.get("from", ""))
        if start.year in YEARS:
            return start.astimezone(centre_zone())
    except ValueError:
        pass
    return _midnight(business_date(now_db()) + ONE_DAY) + timedelta(hours=8)


@needs(Right.PLAN_DUTY)
@idempotent
def turns(request: HttpRequest, lane: str) -> HttpResponse:
    """People in turn over several days."""
    kind, team = _lane(request, lane)
    first = business_date(now_db()) + ONE_DAY
    form = forms.TurnsForm(
        data_of(request),
        people=forms.duty_people(me(request), team),
        initial={"first": first, "last": first + 13 * ONE_DAY},
    )

    return ask(
        request,
        form=form,
        question=_("Plan in turn: %(lane)s") % {"lane": _lane_words(kind, team)},
        text=_("The people take the shifts one after the other; who is away is passed over."),
        verb=_("Plan the turns"),
        icon="users",
        act=lambda f: services.plan_turns(kind=kind, team=team, by=me(request), **f.plan()),
        to=lambda made: _back(business_date(made[0].starts_at)) if made else reverse("duty-rota"),
        toast=_("Planned"),
    )


def _duty(request: HttpRequest, pk: int) -> Duty:
    row = get_object_or_404(Duty.objects.select_related("team__department", "employee"), pk=pk)
    demand(queries.can_plan_lane(me(request), row.team))
    return row


@needs(Right.PLAN_DUTY)
@idempotent
def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else takes the duty."""
    row = _duty(request, pk)
    return ask(
        request,
        form=forms.HandForm(data_of(request), people=forms.duty_people(me(request), row.team)),
        question=_("Who takes the duty of %(name)s?") % {"name": row.employee.name},
        verb=_("Hand it on"),
        icon="hand",
        act=lambda f: services.hand_duty_to(duty=row, employee=f.cleaned_data["employee"], by=me(request)),
        to=_back(business_date(row.starts_at)),
        toast=_("Handed on"),
        template="organization/duty_hand.html",
        duty=row,
    )


@needs(Right.PLAN_DUTY)
@idempotent
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a duty out of the rota."""
    row = _duty(request, pk)
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Strike the duty of %(name)s?") % {"name": row.employee.name},
        text=_("The hours stand uncovered until somebody else is planned."),
        verb=_("Strike the duty"),
        keep=_("Keep it"),
        icon="ban",
        stop=True,
        act=lambda f: services.strike_duty(duty=row, by=me(request)),
        to=_back(business_date(row.starts_at)),
        toast=_("Struck"),
    )
