"""One act on one ticket: lock, ask the table, change, settle the next step, write once, record once (CMP-20, CMP-24).

Rows are locked in this order everywhere: waybill, event, complaints by id, service incident, handovers, clocks. The
sweep holds clocks and never waits for a ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaints.domain.lifecycle import COMPLAINT
from complaints.domain.next_step import Running, next_of
from complaints.domain.priority import rank_of
from complaints.models import Complaint, Event, IncidentTicket
from complaints.permissions import asking, centre
from complaints.queries.routing import destinations
from complaints.queries.scope import SEARCHED
from complaints.queries.standing import KIND, Standing, standing_of
from deadlines.choices import ClockState
from deadlines.models import Clock
from deadlines.services import Start, end_all, meet_many, start_many
from organization.models import Department, User
from servicecenter import lifecycle, trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.prepared import Prepared, given

LOADED = (
    "category", "subcase", "customer", "waybill", "owner__employee", "department", "respondent_department",
    "responsible_department", "contact",
)  # fmt: skip


_LOCKED: Prepared[Complaint] = Prepared(
    lambda: (
        Complaint.objects.select_for_update(of=("self",), no_key=True)
        .select_related(*LOADED)
        .defer(*SEARCHED)
        .filter(pk=given("id"))
    )
)


def lock(complaint: Complaint, *, version: int | None = None) -> Complaint:
    """The ticket as it is now, locked. Raises RuleBroken `lifecycle.stale` when it is not what the user saw."""
    row = _LOCKED.first(id=complaint.pk)
    if row is None:
        raise Complaint.DoesNotExist
    if version is not None and row.version != version:
        raise RuleBroken("lifecycle.stale", number=row.number)
    return row


def lock_with_event(complaint: Complaint, *, version: int | None = None) -> Complaint:
    """The same with its event locked before it: for acts that may end the event's service incident."""
    event_id = Complaint.objects.values_list("event_id", flat=True).get(pk=complaint.pk)
    Event.objects.select_for_update(no_key=True).get(pk=event_id)
    row = lock(complaint, version=version)
    if row.event_id != event_id:
        raise RuleBroken("lifecycle.stale", number=row.number)
    return row


@dataclass
class Act:
    """What is being done to one locked ticket. Begin it, change, `finish()`: one UPDATE, one INSERT of the trail."""

    complaint: Complaint
    by: User | None
    at: datetime
    standing: Standing
    reason: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    lines: list[trail.Line] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        complaint: Complaint,
        action: str,
        *,
        by: User | None,
        at: datetime | None = None,
        version: int | None = None,
        reason: str = "",
        with_event: bool = False,
    ) -> Act:
        """Lock the ticket and ask the table whether `action` may happen; RuleBroken with the table's refusal."""
        row = (lock_with_event if with_event else lock)(complaint, version=version)
        moment = at or now_db()
        act = cls(row, by, moment, standing_of(row, at=moment), reason.strip())
        act.ask(action)
        return act

    def ask(self, action: str) -> None:
        """Raise the table's refusal of `action`, if any."""
        answer = COMPLAINT.decide(
            action,
            state=self.complaint.state,
            facts=self.standing.facts(self.by).as_mapping(),
            has_right=asking(self.by, self.complaint),
            reason=self.reason,
        )
        if answer.refusal is not None:
            code = answer.refusal.code
            status = 403 if not answer.visible else 400 if code == "lifecycle.reason_needed" else 409
            field_name = "reason" if code == "lifecycle.reason_needed" else None
            raise RuleBroken(code, field=field_name, status=status, **answer.refusal.params)

    def set(self, **columns: Any) -> None:
        """Columns to be written by `finish()`; they are seen at once."""
        for name, value in columns.items():
            if getattr(self.complaint, name) != value:
                self.columns[name] = value
                setattr(self.complaint, name, value)

    def note(self, code: str, *, changes: Mapping[str, Any] | None = None, **params: Any) -> None:
        """A line for the ticket's history."""
        row = self.complaint
        self.lines.append(trail.Line(KIND, row.pk, row.number, code, params, changes or {}))

    def move(self, action: str, **params: Any) -> None:
        """Do the table's action: its state, and its line in the history with what it was before."""
        target = COMPLAINT.action(action).target
        changes = {}
        if target is not None and target != self.complaint.state:
            if self.complaint.state not in COMPLAINT.action(action).sources:
                raise RuleBroken("lifecycle.wrong_state", action=action, state=self.complaint.state)
            changes["state"] = [self.complaint.state, target]
            self.set(state=target)
        if self.reason:
            params.setdefault("reason", self.reason)
        self.note(f"complaint.{action}", changes=changes, **params)

    # Clocks ---------------------------------------------------------------------------------------------------

    def spec(self, kind: str, department: Department, **more: Any) -> Start:
        """A clock of this ticket, to be started; policies are those of its registration (CMP-39)."""
        return start_of(self.complaint, kind, department, **more)

    def start(self, *specs: Start) -> list[Clock]:
        """Start clocks; the standing knows them."""
        made = start_many(list(specs), at=self.at)
        self.standing.clocks += made
        return made

    def meet(self, *kinds: str) -> None:
        """End the open clocks of these kinds as met (or met late)."""
        self.meet_clocks([row for row in self.standing.clocks if row.kind in kinds])

    def meet_clocks(self, clocks: list[Clock]) -> None:
        """End these clocks as met (or met late)."""
        mine = [row for row in clocks if row.ended_at is None]
        if mine:
            meet_many(mine, by=self.by, at=self.at)
            gone = {row.pk for row in mine}
            self.standing.clocks = [row for row in self.standing.clocks if row.pk not in gone]

    def cancel(self, *kinds: str, parts: list[str] | None = None) -> None:
        """End the open clocks of these kinds (all when none is named) with what they were for."""
        mine = [
            row
            for row in self.standing.clocks
            if (not kinds or row.kind in kinds) and (parts is None or row.part in parts)
        ]
        if mine:
            end_all(
                subject_kind=KIND,
                subject_id=self.complaint.pk,
                by=self.by,
                at=self.at,
                kinds=kinds or None,
                parts=parts,
            )
            gone = {row.pk for row in mine}
            self.standing.clocks = [row for row in self.standing.clocks if row.pk not in gone]

    def replace_clock(self, clock: Clock) -> None:
        """A clock was re-dated: the standing holds the new one."""
        self.standing.clocks = [clock if row.pk == clock.pk else row for row in self.standing.clocks]

    # The end --------------------------------------------------------------------------------------------------

    def rerank(self) -> None:
        """The ticket's rank from what it is now: confirmed service incident, chases, tier."""
        row = self.complaint
        confirmed = IncidentTicket.objects.filter(
            complaint=row, incident__state__in=["confirmed", "ended"]
        ).exists()
        self.set(rank=self.rank_when(confirmed))

    def rank_when(self, confirmed: bool) -> int:
        """The rank it has when it is (not) a confirmed service incident."""
        row = self.complaint
        return rank_of(
            confirmed_incident=confirmed,
            chases=row.chase_count,
            tier=row.tier,
            chases_raise_at=self.standing.policy.chases_raise_at,
        )

    def finish(self) -> Complaint:
        """Settle owner's next step and running clock, write the ticket once, record all lines once."""
        row = self.complaint
        if row.is_open:
            self.set(**settled(self.standing))
        else:
            self.cancel()
            self.set(
                clock_id=None, next_step="", due_at=self.at, is_paused=False,
                offered_to=None, offered_at=None, offered_by=None,
            )  # fmt: skip
        if self.columns:
            lifecycle.write(row, expected_version=row.version, **self.columns)
        if self.lines:
            trail.record_many(self.lines, by=self.by, at=self.at)
        return row

    @property
    def today(self) -> Any:
        """The centre's day of the act."""
        return business_date(self.at)


def centre_or_refuse() -> Department:
    """The customer service centre; RuleBroken `complaint.no_centre` where there is none."""
    found = centre()
    if found is None:
        raise RuleBroken("complaint.no_centre")
    return found


def part_of(department_id: int) -> str:
    """How a department's clock is told apart from another's of the same ticket."""
    return f"h{department_id}"


def start_of(complaint: Complaint, kind: str, department: Department, **more: Any) -> Start:
    """A clock of a ticket, to be started; `department` must act, the owner is told."""
    return Start(
        **{
            "kind": kind,
            "subject_kind": KIND,
            "subject_id": complaint.pk,
            "number": complaint.number,
            "department": department,
            "owner": complaint.owner,
            "tier": complaint.tier,
            "category": complaint.category.code,
            "channel": complaint.channel,
            "round": complaint.round,
            "policy_at": complaint.registered_at,
            **more,
        }
    )


def settled(standing: Standing) -> dict[str, Any]:
    """`clock_id`, `due_at` and `next_step` of an open ticket from its open clocks (CMP-24)."""
    row = standing.complaint
    clocks = [clock for clock in standing.clocks if clock.ended_at is None]
    facts = standing.facts(None)
    begun = row.state in {"registered", "reopened"} or facts.given_back
    found = next_of(
        [Running(clock.pk, clock.kind, clock.due_at, clock.state == ClockState.PAUSED) for clock in clocks],
        state=row.state,
        facts=facts,
        has_destination=not begun or has_destination(row, standing.at),
    )
    return {"clock_id": found.key, "due_at": found.due_at, "next_step": found.step.value}


def has_destination(complaint: Complaint, at: datetime) -> bool:
    """Whether the ticket's category says where it goes; otherwise the supervisor decides (CMP-10k)."""
    if complaint.department_id is not None:
        return True
    table = destinations(on=business_date(at))
    code = complaint.category.code
    subcase = complaint.subcase.code if complaint.subcase else ""
    return table.get((code, subcase), table.get((code, ""))) is not None
