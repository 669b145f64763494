"""What saving an intake would do, said before it is done (CMP-06, CMP-40): nothing is locked, nothing written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from complaints.choices import LIVE_CHANNELS
from complaints.domain.events import NO_FEEDBACK, Party, candidates
from complaints.domain.intake import Intake
from complaints.domain.routing import passings
from complaints.models import Complaint
from complaints.queries.earlier import earlier, looking_alike
from complaints.queries.people import count_told_of_incident
from complaints.queries.scope import row_queryset
from complaints.queries.standing import handling_policy
from complaints.services import consequences, reading
from complaints.services.reading import Reading
from customers.domain import telephones
from customers.domain import waybills as waybill_numbers
from customers.models import Customer, Waybill
from deadlines.choices import Basis, ClockKind
from deadlines.domain.arithmetic import advance
from deadlines.services import policy_for
from organization.models import Department, User
from organization.queries import calendar_for
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken

SHOWN = 8
# One more than a figure says: beyond it stands 1,000+.
MOST_COUNTED = 1_001


@dataclass(frozen=True)
class PreviewEffect:
    """One thing that saving does: a code for `wording.EFFECTS`, its parameters, by when; `grave` ones are red."""

    code: str
    params: dict[str, Any]
    at: datetime | None = None
    grave: bool = False


@dataclass(frozen=True)
class Preview:
    """What the agent is shown while typing. `second`: whether it is a second complaint; `first` the ticket that makes
    it one. `earlier`: the newest of `earlier_count` tickets (counted no further than `MOST_COUNTED`), and whichever
    else it may belong to. `candidates`: those of them that might be the same event; none where it is plain already
    which one is and the agent has linked none. `category` and `subcase` are those it would have."""

    second: Literal["no", "yes", "suspected"] = "no"
    first: Complaint | None = None
    candidates: list[Complaint] = field(default_factory=list)
    why: dict[int, str] = field(default_factory=dict)
    earlier: list[Complaint] = field(default_factory=list)
    earlier_count: int = 0
    effects: list[PreviewEffect] = field(default_factory=list)
    department: Department | None = None
    waybill: Waybill | None = None
    waybill_unknown: bool = False
    customer: Customer | None = None
    category: str = ""
    subcase: str = ""
    phrase: str = "first_contact"

    @property
    def chaseable(self) -> list[Complaint]:
        """The open tickets that a mere chase may belong to, whatever is chosen yet, newest first (CMP-09); none when
        silence is the complaint (CMP-10j)."""
        return [] if self.category == NO_FEEDBACK else [row for row in self.earlier if row.is_open]

    @property
    def chase_of(self) -> Complaint | None:
        """The likeliest of them: the newest of the same event, else the newest."""
        joins = self.first.event_id if self.first is not None else None
        of_event = [row for row in self.chaseable if joins is not None and row.event_id == joins]
        return next(iter(of_event or self.chaseable), None)


def preview(*, intake: Intake, by: User) -> Preview:
    """Read an intake that may be half typed. What cannot be read yet is simply not told."""
    telephone = _read(lambda: telephones.normalise(intake.caller_telephone).number, intake.caller_telephone)
    number = _read(lambda: waybill_numbers.normalise(intake.waybill_number), intake.waybill_number)
    waybill, unknown = reading.find_for_preview(number)
    customer = reading.known_customer(intake, telephone, waybill)
    before = earlier(waybill=waybill, telephone=telephone, customer=customer, user=by)
    shown = list(before[: SHOWN + 1])
    base = Preview(
        earlier=shown[:SHOWN],
        earlier_count=before.order_by()[:MOST_COUNTED].count() if len(shown) > SHOWN else len(shown),
        waybill=waybill,
        waybill_unknown=unknown,
        customer=customer,
    )
    if not intake.category:
        return _with(base, phrase="again" if shown else "first_contact")
    found = reading.read(
        intake, telephone=telephone, by=by, waybill=waybill, find_customer=lambda _row: customer
    )
    return _judged(base, found, by)


def _read(parse: Any, typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return str(parse())
    except RuleBroken:
        return ""


def _judged(base: Preview, found: Reading, by: User) -> Preview:
    at = now_db()
    policy = handling_policy(at)
    live = (
        list(
            Complaint.objects.live()
            .filter(event_id=found.verdict.event_id)
            .select_related("category", "department", "respondent_department", "responsible_department")
            .order_by("sequence")
        )
        if found.verdict.event_id
        else []
    )
    second: Literal["no", "yes", "suspected"] = "no"
    if live:
        second = "suspected" if found.is_suspected else "yes"
    similar = looking_alike(
        waybill_id=found.waybill.pk if found.waybill else None,
        party=Party(found.intake.party_role, found.customer.pk if found.customer else None, found.telephone),
        text=found.intake.text,
        since=at - timedelta(days=policy.similar_days),
    )
    offered = candidates(found.matter, [one for one, _row in similar], threshold=policy.similar_percent / 100)
    if second == "yes" and not found.intake.linked_number:
        offered = []
    known = {row.pk: row for row in base.earlier}
    others = {one.earlier.complaint_id for one in offered} | {row.pk for row in live}
    known |= {row.pk: row for row in row_queryset(by).filter(pk__in=others - set(known))}
    shown = [one for one in offered if one.earlier.complaint_id in known]
    by_rule = found.destination(business_date(at))
    destination = by_rule
    if by_rule is None and second == "yes":
        destination = found.respondent_department or _concerned(live)
    return _with(
        base,
        second=second,
        first=live[0] if live else None,
        candidates=[known[one.earlier.complaint_id] for one in shown],
        why={one.earlier.complaint_id: one.why for one in shown},
        earlier=sorted(known.values(), key=lambda row: (row.registered_at, row.pk), reverse=True),
        earlier_count=max(base.earlier_count, len(known)),
        effects=_effects(found, live, second, destination, at, is_reported=by_rule is None),
        department=destination,
        category=found.reference.category.code,
        subcase=found.subcase.code if found.subcase else "",
        phrase="again" if live or base.earlier else "first_contact",
    )


def _with(base: Preview, **changes: Any) -> Preview:
    return Preview(**{**base.__dict__, **changes})


def _effects(
    found: Reading,
    live: list[Complaint],
    second: str,
    destination: Department | None,
    at: datetime,
    *,
    is_reported: bool,
) -> list[PreviewEffect]:
    intake, centre = found.intake, found.reference.centre
    effects = _incident_effects(found, live, second, destination, at) if live else []
    if intake.settle == "on_spot":
        effects.append(PreviewEffect("closed.on_spot" if intake.customer_confirmed else "closed.settled", {}))
        if not intake.customer_confirmed:
            effects.append(PreviewEffect("follow_up.due", {}, _due(found, ClockKind.FOLLOW_UP, centre, at)))
        return effects
    if intake.channel not in LIVE_CHANNELS:
        effects.append(
            PreviewEffect("resolution.first_response", {}, _due(found, ClockKind.FIRST_RESPONSE, centre, at))
        )
    if intake.settle == "report" or is_reported:
        effects.append(
            PreviewEffect("supervisor.told", {}, _due(found, ClockKind.SUPERVISOR_TAKES, centre, at))
        )
    if destination is not None and (intake.settle == "route" or live):
        effects += _department_effects(found, live, destination, at)
    tier = found.customer.tier if found.customer else ""
    effects.append(
        PreviewEffect("resolution.due", {"tier": tier}, _due(found, ClockKind.RESOLUTION, centre, at))
    )
    return effects


def _incident_effects(
    found: Reading, live: list[Complaint], second: str, destination: Department | None, at: datetime
) -> list[PreviewEffect]:
    if second == "suspected":
        due = _due(found, ClockKind.SUSPECTED, found.reference.centre, at)
        return [PreviewEffect("incident.suspected", {"first": live[0].number}, due, grave=True)]
    policy = handling_policy(at)
    mine = Complaint(
        sequence=live[-1].sequence + 1,
        department=destination,
        respondent_department=found.respondent_department,
        respondent_employee=found.respondent_employee,
    )
    attribution = consequences.attribution_of([*live, mine])
    concerned = consequences.department_of(attribution)
    people = count_told_of_incident(policy.incident_roles, policy.leader_roles, concerned, at)
    return [
        PreviewEffect("incident.opened", {"people": people}, at, grave=True),
        PreviewEffect(
            "sanction.proposed",
            {
                "department": concerned.names if concerned else {},
                "person": found.respondent_employee.name if found.respondent_employee else "",
                "month": business_date(at).strftime("%Y-%m"),
            },
            at,
            grave=True,
        ),
    ]


def _concerned(live: list[Complaint]) -> Department | None:
    """The department that the event is about, if it can be asked still."""
    return consequences.department_of(consequences.attribution_of(live), open_only=True)


def _department_effects(
    found: Reading, live: list[Complaint], destination: Department, at: datetime
) -> list[PreviewEffect]:
    against = found.respondent_department
    if against is None and live:
        against = _concerned(live)
    by_id = {row.pk: row for row in (destination, against) if row is not None}
    wanted = passings(routed_to=destination.pk, concerned=against.pk if against else None)
    return [
        PreviewEffect(
            "statement.due" if one.statement_required else "statement.answer",
            {"department": by_id[one.department_id].names},
            _due(
                found,
                ClockKind.STATEMENT if one.statement_required else ClockKind.ANSWER,
                by_id[one.department_id],
                at,
            ),
        )
        for one in wanted
    ]


def _due(found: Reading, kind: str, department: Department, at: datetime) -> datetime:
    """When such a clock would be due."""
    policy = policy_for(
        kind,
        tier=found.customer.tier if found.customer else "",
        category=found.reference.category.code,
        channel=found.intake.channel,
        at=at,
    ).value
    calendar = calendar_for(department, at) if policy.basis == Basis.BUSINESS else None
    return advance(at, policy.limit_seconds, calendar)
