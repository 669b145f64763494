"""The supervisor's board: open tickets, today's intake beside the usual, today's service incidents (RPT-20, CMP-24)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour

from complaints import queries as complaints
from complaints.choices import HandoverState, IncidentState, NextStep
from complaints.models import Complaint, Handover, ServiceIncident
from reports.domain.boards import HOURS, same_weekdays, usual_hours
from reports.queries.boards import Figure, Reading, instant, read
from servicecenter.clock import business_date, centre_zone, now_db

OPEN, INTAKE, INCIDENTS = "board.open", "board.intake", "board.incidents"
# Of today's service incidents the board names the newest; the others stand in the list.
NAMED = 2


def tickets_of(user: Any) -> QuerySet[Complaint]:
    """Every ticket for the kept numbers, otherwise those that the user sees."""
    return Complaint.objects.all() if user is None else complaints.visible_to(user)


def open_tickets(user: Any = None) -> dict[str, Any]:
    """The open tickets by owner and state with everything that is counted of them: one statement over open rows."""
    at = now_db()
    breached, unassigned = Q(due_at__lt=at), Q(accepted_at=None)
    waiting = Q(next_step=NextStep.AWAIT_STATEMENT)
    late = Handover.objects.filter(complaint=OuterRef("pk"), state=HandoverState.WAITING, due_at__lt=at)
    ages = {code: age.condition("registered_at", at) for code, age in complaints.AGES.items()}
    groups = (
        tickets_of(user)
        .open()  # type: ignore[attr-defined]
        .values("owner__work_number", "owner__employee__name", "state")
        .annotate(
            n=Count("pk"),
            breached=Count("pk", filter=breached),
            due_soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=at + timedelta(hours=1))),
            unassigned=Count("pk", filter=unassigned),
            waiting=Count("pk", filter=waiting),
            late=Count("pk", filter=waiting & Q(Exists(late))),
            customer=Count("pk", filter=Q(next_step=NextStep.AWAIT_CUSTOMER)),
            undriven=Count("pk", filter=complaints.UNDRIVEN),
            first_due=Min("due_at", filter=breached),
            first_in=Min("registered_at", filter=unassigned),
            **{f"age_{code}": Count("pk", filter=condition) for code, condition in ages.items()},
        )
        .order_by("owner__work_number", "state")
    )
    return {"at": at, "groups": list(groups)}


def intake(user: Any = None) -> dict[str, Any]:
    """Today's tickets by the hour, and the usual day: the same weekday of the last eight weeks, the mean by hour.

    Today's are those registered today, whatever became of them; one statement over nine days.
    """
    today = business_date(now_db())
    past = same_weekdays(today)
    rows = (
        tickets_of(user)
        .filter(registered_on__in=[today, *past])
        .annotate(hour=ExtractHour("registered_at", tzinfo=centre_zone()))
        .values_list("registered_on", "hour")
        .annotate(n=Count("pk"))
        .order_by()
    )
    days: dict[Any, list[int]] = defaultdict(lambda: [0] * HOURS)
    for day, hour, count in rows:
        days[day][hour] += count
    return {"day": today, "today": days[today], "usual": usual_hours(days[day] for day in past)}


def incidents_today(user: Any = None) -> dict[str, Any]:
    """The service incidents opened today and not withdrawn, with what the newest are about."""
    today = business_date(now_db())
    start = datetime.combine(today, time.min, tzinfo=centre_zone())
    rows = ServiceIncident.objects.all() if user is None else complaints.incidents_visible_to(user)
    found = list(
        rows.filter(opened_at__gte=start, opened_at__lt=start + timedelta(days=1))
        .exclude(state=IncidentState.WITHDRAWN)
        .order_by("-opened_at", "-pk")
        .values("number", "kind", "department__names")
    )
    return {"day": today, "n": len(found), "newest": found[:NAMED]}


FIGURES: dict[str, Figure] = {OPEN: open_tickets, INTAKE: intake, INCIDENTS: incidents_today}


@dataclass
class Load:
    """What one person has in hand; `number` is '' for tickets without owner."""

    number: str
    name: str
    open: int = 0
    due_soon: int = 0
    breached: int = 0

    @property
    def calm(self) -> int:
        """Neither overdue nor due within the hour."""
        return self.open - self.due_soon - self.breached


@dataclass
class SupervisorBoard:
    """The figures of the board, summed up; times are instants, `None` where there is nothing."""

    reading: Reading
    totals: dict[str, int] = field(default_factory=dict)
    states: dict[str, dict[str, int]] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)
    first_due: datetime | None = None
    first_in: datetime | None = None

    @property
    def intake(self) -> Any:
        """Day, today's hours, the usual hours."""
        return self.reading.values[INTAKE]

    @property
    def incidents(self) -> Any:
        """Day, how many, the newest."""
        return self.reading.values[INCIDENTS]


COUNTED = ("n", "breached", "due_soon", "unassigned", "waiting", "late", "customer", "undriven")


def supervisor_board(user: Any, *, whole: bool) -> SupervisorBoard:
    """The board for a user; the whole centre's in one statement."""
    return summed(read(user, FIGURES, whole=whole))


def summed(reading: Reading) -> SupervisorBoard:
    """Totals, states by age, and loads, the heaviest first, from the groups."""
    groups = reading.values[OPEN]["groups"]
    board = SupervisorBoard(reading, totals={name: sum(row[name] for row in groups) for name in COUNTED})
    loads: dict[str, Load] = {}
    for row in groups:
        state = board.states.setdefault(row["state"], dict.fromkeys(complaints.AGES, 0))
        for code in complaints.AGES:
            state[code] += row[f"age_{code}"]
        number = row["owner__work_number"] or ""
        load = loads.setdefault(number, Load(number, row["owner__employee__name"] or ""))
        load.open += row["n"]
        load.due_soon += row["due_soon"]
        load.breached += row["breached"]
    board.loads = sorted(loads.values(), key=lambda load: (-load.open, load.number))
    board.first_due = _first(row["first_due"] for row in groups)
    board.first_in = _first(row["first_in"] for row in groups)
    return board


def _first(texts: Iterable[str | None]) -> datetime | None:
    known = [at for at in map(instant, texts) if at is not None]
    return min(known, default=None)
