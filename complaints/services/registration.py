"""One registration under way: what was read, the place taken, what is written for it (CMP-01 to CMP-07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from complaints.choices import LIVE_CHANNELS, Channel, CloseMark, ComplaintState, ContactKind, NextStep
from complaints.domain.attribution import Attribution
from complaints.domain.facts import Facts
from complaints.domain.next_step import Running, next_of
from complaints.domain.policy import HandlingPolicy
from complaints.domain.priority import rank_of
from complaints.domain.routing import Passing, passings
from complaints.domain.summary import summary_of
from complaints.models import Complaint, Contact, Handover, Round
from complaints.queries.people import owner_for, supervisors
from complaints.queries.standing import KIND, handling_policy
from complaints.services import consequences, incidents, telling
from complaints.services.acting import part_of, start_of
from complaints.services.files import bind_files
from complaints.services.places import Place
from complaints.services.reading import Reading
from complaints.services.searching import search_text_of
from deadlines.choices import ClockKind
from deadlines.models import Clock
from deadlines.services import Start, start_many
from organization.models import Department, User
from servicecenter import numbering, trail
from servicecenter.clock import business_date
from servicecenter.inserting import insert
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_name, mask_telephone


class Registration:
    """What was read and the place taken; `save()` writes everything, its history last."""

    def __init__(self, found: Reading, place: Place, by: User | None, at: datetime) -> None:
        self.found, self.place, self.by, self.at = found, place, by, at
        self.intake = found.intake
        self.today = business_date(at)
        self.lines: list[trail.Line] = []
        if self.intake.occurred_on is not None and self.intake.occurred_on > self.today:
            raise RuleBroken("complaint.in_the_future", field="occurred_on", status=400)
        # The event's other live tickets, locked: with them it is a second complaint.
        others = incidents.earlier_tickets(place.event_id) if place.sequence > 1 else []
        self.others = [row for row in others if row.is_live]
        self.is_second = bool(self.others)
        self.is_suspected = self.is_second and found.is_suspected
        if self.is_second and self.intake.settle == "on_spot":
            raise RuleBroken("complaint.second_not_on_spot", field="settle")
        # Where the agent or the category sends it; None: the supervisor decides (CMP-10k).
        self.by_rule = found.destination(self.today)
        self.destination = self._destination()
        self.policy = handling_policy(at) if self.is_second else HandlingPolicy()

    def _destination(self) -> Department | None:
        """Where it goes at once. A second complaint goes to the department whatever else is done: to the one concerned
        where no rule names one (CMP-42); a suspected one does so when it is confirmed."""
        if self.intake.settle == "on_spot" or (self.intake.settle == "report" and not self.is_second):
            return None
        if self.by_rule is not None or not self.is_second or self.is_suspected:
            return self.by_rule
        return self.found.respondent_department or consequences.department_of(self._before, open_only=True)

    @property
    def is_reported(self) -> bool:
        """Passed to the supervisor: by the agent, or because no rule says where it goes (CMP-05, CMP-10k)."""
        if self.intake.settle == "report":
            return True
        return self.intake.settle == "route" and self.by_rule is None

    @property
    def by_category(self) -> bool:
        """It goes where its category sends it."""
        return self.found.chosen is None and self.by_rule is not None

    def save(self) -> Complaint:
        """Write everything; the order of the statements is the order of the locks."""
        self.complaint = self._complaint()
        self.passings = self._passings()
        clocks = start_many(self._clocks(), at=self.at)
        self._settle(clocks)
        contact = self._contact()
        self.complaint.contact = contact
        insert([self.complaint])
        self._round()
        handovers = self._handovers(clocks)
        self._lines()
        if self.is_second:
            self._join_event()
        trail.record_many(self.lines, by=self.by, at=self.at)
        telling.departments(handovers, self.complaint, at=self.at)
        self._tell()
        self._attach(contact)
        return self.complaint

    # What the ticket is -----------------------------------------------------------------------------------------

    def _complaint(self) -> Complaint:
        found, intake = self.found, self.intake
        tier = found.customer.tier if found.customer else ""
        team_id = found.reference.team(channel=intake.channel, tier=tier)
        owner = self._owner(team_id)
        taken = owner == self.by and intake.channel != Channel.IMPORT
        number = numbering.worded("complaint", self.place.figure, at=self.at)
        confirmed = self.is_second and not self.is_suspected
        caller_name = intake.caller_name.strip()
        return Complaint(
            pk=self.place.complaint_id,
            number=number,
            category=found.reference.category,
            subcase=found.subcase,
            channel=intake.channel,
            summary=summary_of(intake.text),
            text=intake.text.strip(),
            demand=intake.demand.strip(),
            occurred_on=intake.occurred_on,
            customer=found.customer,
            tier=tier,
            party_role=intake.party_role,
            caller_name=caller_name,
            caller_telephone=found.telephone,
            waybill=found.waybill,
            event_id=self.place.event_id,
            sequence=self.place.sequence,
            contest_reason=intake.other_matter_reason.strip() if found.is_contested else "",
            linked_to=found.linked_to,
            state=ComplaintState.REGISTERED,
            owner=owner,
            accepted_at=self.at if taken else None,
            team_id=team_id,
            department=self.destination,
            respondent_department=found.respondent_department or self._earlier_respondent(),
            respondent_employee=found.respondent_employee,
            rank=rank_of(confirmed_incident=confirmed, chases=0, tier=tier),
            is_incident=confirmed,
            is_suspected=self.is_suspected,
            registered_at=self.at,
            registered_on=self.today,
            registered_by=self.by,
            search_text=search_text_of(
                number=number,
                waybill=found.waybill.number if found.waybill else "",
                text=f"{intake.product} {intake.text}",
                demand=intake.demand,
                personal=[caller_name, found.customer.name if found.customer else ""],
            ),
        )

    def _owner(self, team_id: int | None) -> User:
        """Who registers, owns (CMP-07); what a machine brings goes to whoever is on duty."""
        if self.by is not None and (not self.found.is_machine or self.intake.channel == Channel.IMPORT):
            return self.by
        return owner_for(self.found.reference.centre, team_id, self.at)

    def _earlier_respondent(self) -> Department | None:
        """Of a second complaint that names nobody: the department that the event is about, if the ticket does not go
        there anyway (CMP-42). Of `no_feedback` it is the one that did not answer (CMP-10j)."""
        if self.destination is not None and self.destination.pk == self._before.department_id:
            return None
        return consequences.department_of(self._before, open_only=True)

    @cached_property
    def _before(self) -> Attribution:
        """Whom the event's earlier tickets are about."""
        return consequences.attribution_of(self.others)

    def _passings(self) -> tuple[Passing, ...]:
        if self.destination is None:
            return ()
        row = self.complaint
        return passings(
            routed_to=self.destination.pk,
            concerned=row.respondent_department_id,
            employee_id=row.respondent_employee_id,
        )

    # Its clocks ---------------------------------------------------------------------------------------------------

    def _clocks(self) -> list[Start]:
        row, centre = self.complaint, self.found.reference.centre
        if self.intake.settle == "on_spot":
            confirmed = self.intake.customer_confirmed
            return [] if confirmed else [start_of(row, ClockKind.FOLLOW_UP, centre)]
        starts = [start_of(row, ClockKind.RESOLUTION, centre)]
        if self.intake.channel not in LIVE_CHANNELS:
            starts.append(start_of(row, ClockKind.FIRST_RESPONSE, centre))
        if self.destination is None:
            starts.append(start_of(row, ClockKind.ROUTING, centre))
        if self.is_reported and self.found.is_machine:
            starts.append(start_of(row, ClockKind.REPORT_UPWARD, centre))
        elif self.is_reported:
            starts.append(start_of(row, ClockKind.SUPERVISOR_TAKES, centre))
        if self.is_suspected:
            starts.append(start_of(row, ClockKind.SUSPECTED, centre))
        return starts + [self._department_clock(one) for one in self.passings]

    def _department_clock(self, one: Passing) -> Start:
        kind = ClockKind.STATEMENT if one.statement_required else ClockKind.ANSWER
        return start_of(
            self.complaint, kind, self._department(one.department_id), part=part_of(one.department_id)
        )

    def _department(self, pk: int) -> Department:
        named = (self.destination, self.complaint.respondent_department)
        return next(row for row in named if row is not None and row.pk == pk)

    def _settle(self, clocks: Iterable[Clock]) -> None:
        """State, running clock and next step as they will be when all is saved."""
        row = self.complaint
        if self.destination is not None:
            row.state, row.routed_at = ComplaintState.ROUTED, self.at
        if self.intake.settle == "on_spot":
            self._settle_on_spot()
        if not row.is_open:
            row.due_at = self.at
            return
        chosen = next_of(
            [Running(clock.pk, clock.kind, clock.due_at) for clock in clocks],
            state=row.state,
            facts=Facts(waiting=len(self.passings), is_reported=self.is_reported),
            has_destination=self.by_rule is not None,
        )
        row.clock_id, row.due_at, row.next_step = chosen.key, chosen.due_at, NextStep(chosen.step)

    def _settle_on_spot(self) -> None:
        row = self.complaint
        row.settled_on_spot, row.resolved_at, row.replied_at = True, self.at, self.at
        row.state = ComplaintState.RESOLVED
        if self.intake.customer_confirmed:
            row.state, row.closed_at = ComplaintState.CLOSED, self.at
            row.close_mark = CloseMark.CONFIRMED_ON_SPOT

    # What belongs to it -------------------------------------------------------------------------------------------

    def _contact(self) -> Contact:
        row = self.complaint
        made = Contact(
            kind=ContactKind.COMPLAINT,
            channel=row.channel,
            at=self.at,
            agent=self.by,
            customer=row.customer,
            waybill=row.waybill,
            caller_name=row.caller_name,
            caller_telephone=row.caller_telephone,
            party_role=row.party_role,
            text=row.text,
            external_key=self.intake.external_key or None,
        )
        insert([made])
        return made

    def _round(self) -> None:
        settled = self.intake.settle == "on_spot"
        made = Round(
            complaint=self.complaint,
            number=1,
            started_at=self.at,
            started_by=self.by,
            resolved_at=self.at if settled else None,
            resolved_by=self.by if settled else None,
            resolution=self.intake.resolution.strip() if settled else "",
            customer_confirmed=settled and self.intake.customer_confirmed,
        )
        insert([made])

    def _handovers(self, clocks: list[Clock]) -> Sequence[Handover]:
        by_part = {clock.part: clock for clock in clocks if clock.part}
        return insert(
            [
                Handover(
                    complaint=self.complaint,
                    round=1,
                    department=self._department(one.department_id),
                    employee=self.found.respondent_employee if one.employee_id else None,
                    statement_required=one.statement_required,
                    demand=self.intake.demand.strip(),
                    reason=self.intake.route_reason.strip(),
                    by_category=self.by_category,
                    clock=by_part[part_of(one.department_id)],
                    due_at=by_part[part_of(one.department_id)].due_at,
                    handed_at=self.at,
                    handed_by=self.by,
                )
                for one in self.passings
            ]
        )

    def _note(self, code: str, changes: dict[str, Any] | None = None, **params: Any) -> None:
        row = self.complaint
        self.lines.append(trail.Line(KIND, row.pk, row.number, code, params, changes or {}))

    def _lines(self) -> None:
        """The history of the saving: every transition has its line, none is skipped (CMP-20)."""
        row, intake = self.complaint, self.intake
        self._note(
            "complaint.registered",
            {"state": [None, "registered"]},
            channel=row.channel,
            category=row.category.names,
            sequence=row.sequence,
            caller=trail.masked(row.caller_name, mask_name),
            telephone=trail.masked(row.caller_telephone, mask_telephone),
        )
        if self.found.linked_to is not None:
            self._note("complaint.linked", number=self.found.linked_to.number)
        if intake.other_matter:
            self._note(
                "complaint.other_matter",
                reason=intake.other_matter_reason.strip(),
                number=self.found.verdict.of.number if self.found.verdict.of else "",
            )
        if self.is_reported:
            self._note("complaint.report_upward")
        if self.destination is not None:
            self._note(
                "complaint.route",
                {"state": ["registered", "routed"]},
                department=self.destination.names,
                by_category=self.by_category,
                reason=intake.route_reason.strip(),
            )
        for one in self.passings:
            if self.destination is None or one.department_id != self.destination.pk:
                self._note("complaint.statement_asked", department=self._department(one.department_id).names)
        if intake.settle == "on_spot":
            self._note("complaint.settle_on_spot", {"state": ["registered", "resolved"]})
            if intake.customer_confirmed:
                self._note("complaint.close_on_spot", {"state": ["resolved", "closed"]})

    def _join_event(self) -> None:
        row = self.complaint
        attribution = consequences.attribution_of([*self.others, row])
        named = {one.pk: one for one in (row.department, row.respondent_department) if one is not None}
        department = named.get(attribution.department_id or 0) or consequences.department_of(attribution)
        incident = incidents.add_to_event(
            row,
            self.others,
            suspected=self.is_suspected,
            policy=self.policy,
            concerned=department,
            by=self.by,
            at=self.at,
            lines=self.lines,
        )
        code = "complaint.suspected" if self.is_suspected else "complaint.second"
        first = min(self.others, key=lambda one: one.sequence)
        self._note(code, incident=incident.number, first=first.number, sequence=row.sequence)
        previous = max(self.others, key=lambda one: one.sequence)
        told = {"number": row.number, "incident": incident.number}
        self.lines.append(trail.Line(KIND, previous.pk, previous.number, "complaint.followed_by", told))

    def _tell(self) -> None:
        row = self.complaint
        if self.is_reported:
            telling.person(
                supervisors(self.found.reference.centre, self.at),
                "complaint.reported",
                row,
                at=self.at,
                by=self.by,
                key="report",
            )
        if self.is_suspected or row.accepted_at is None:
            code = "complaint.suspected" if self.is_suspected else "complaint.unassigned"
            telling.person([row.owner], code, row, at=self.at, by=None, key="owner")

    def _attach(self, contact: Contact) -> None:
        """The files that came with the contact (CMP-03)."""
        bind_files(self.intake.attachment_ids, self.complaint, contact, by=self.by, at=self.at, role="intake")
