"""The stage of the demo: its clock, its people, and the acts in the order of their times.

Every act happens at its own instant; before it the clocks that fell due meanwhile are swept at theirs, so that
histories look as on a working day. What lies after `now` is never done: those tickets are open when the curtain rises.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from complaints.models import Complaint, Handover
from complaints.services import hand_to_duty, resume_overdue_pauses
from deadlines.models import Clock
from deadlines.services import sweep
from organization.models import Department, Employee, User
from servicecenter.clock import centre_zone

SEED = 20261118
AGENTS = ("0217", "0218", "0219", "0220", "0221", "0222", "0224", "0225", "0226")
# Who writes for a department, by its code.
HANDLERS = {
    "inspection": "0302", "branch_management": "0402", "settlement": "0502", "business": "0702", "operations": "0802",
    "claims": "0902", "branch_east": "3106", "branch_west": "3201", "branch_hangzhou": "3301", "branch_beipo": "3401",
    "branch_xiaonan": "3501",
}  # fmt: skip
OPENS, CLOSES = 8, 18
Act = Callable[[datetime], Any]


class Stage:
    """The demo under way. `at(time, act)` plans an act; `run()` does all that lie before `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.chance = Random(SEED)
        self._planned: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()

    def at(self, time: datetime, act: Act) -> None:
        """Plan an act; one that would lie after the curtain is not done."""
        if time <= self.now:
            heapq.heappush(self._planned, (time, next(self._order), act))

    def run(self) -> None:
        """Do everything planned, also what acts plan, in the order of time, sweeping as time goes by."""
        day = None
        while self._planned:
            time, _number, act = heapq.heappop(self._planned)
            self._sweep(time)
            if day is not None and time.date() != day:
                hand_to_duty(at=time)
                resume_overdue_pauses(at=time)
            day = time.date()
            act(time)
        self._sweep(self.now)
        hand_to_duty(at=self.now)

    def _sweep(self, until: datetime) -> None:
        """Do the steps that fell due, each some seconds after its time."""
        while True:
            due = (
                Clock.objects.filter(next_at__lte=until)
                .order_by("next_at")
                .values_list("next_at", flat=True)
                .first()
            )
            if due is None:
                return
            sweep(at=min(due + timedelta(seconds=3), until))

    # People and places ------------------------------------------------------------------------------------------

    @cached_property
    def users(self) -> dict[str, User]:
        """Logins by work number."""
        return {user.work_number: user for user in User.objects.all()}

    @cached_property
    def departments(self) -> dict[str, Department]:
        """Departments by code."""
        return {row.code: row for row in Department.objects.all()}

    def handler(self, department: Department) -> User:
        """Who answers for a department."""
        return self.users[HANDLERS[department.code]]

    @staticmethod
    def concerned(handed: Handover, by: User) -> Employee | None:
        """Whom `by` names in the statement: who is meant, else himself; a plain answer names nobody (CMP-21)."""
        return (handed.employee or by.employee) if handed.statement_required else None

    def agent(self) -> User:
        """An agent by chance."""
        return self.users[self.chance.choice(AGENTS)]

    def ticket(self, pk: int) -> Complaint:
        """A ticket as it is now."""
        return Complaint.objects.get(pk=pk)

    # Times ------------------------------------------------------------------------------------------------------

    def hour(self, days_ago: int, hour: float) -> datetime:
        """That hour of a day before now, at the centre."""
        local = self.now.astimezone(centre_zone())
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=days_ago) + timedelta(hours=hour)

    def soon(self, time: datetime, low: float, high: float) -> datetime:
        """So many hours later, by chance, with odd seconds."""
        return time + timedelta(seconds=round(self.chance.uniform(low, high) * 3600))

    def in_office(self, time: datetime) -> datetime:
        """The same time, or the next morning when the office is closed."""
        local = time.astimezone(centre_zone())
        if OPENS <= local.hour < CLOSES:
            return time
        morning = local.replace(
            hour=OPENS, minute=self.chance.randrange(5, 50), second=self.chance.randrange(60)
        )
        return morning if local.hour < OPENS else morning + timedelta(days=1)
