"""How one ticket stands: what was asked and answered, its clocks and pauses; what may be done (CMP-20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Min, Prefetch

from complaints.domain.facts import Facts
from complaints.domain.lifecycle import BUTTONS, COMPLAINT
from complaints.domain.policy import HandlingPolicy
from complaints.domain.rounds import Asked, given_back, pause_left, waiting
from complaints.models import Complaint, Handover, Pause, Statement
from complaints.permissions import (
    Right,
    asking,
    holds,
    is_handed_to,
    is_respondent,
    works_in_centre,
)
from deadlines.choices import ClockKind
from deadlines.models import Clock
from servicecenter import policies
from servicecenter.clock import now_db
from servicecenter.kernel.lifecycle import Answer
from servicecenter.prepared import Prepared, given
from servicecenter.subjects import kind_of

KIND = kind_of(Complaint)


@dataclass
class Standing:
    """A ticket with what guards and the next step read. `handovers` are of the present round, with `first_at`."""

    complaint: Complaint
    at: datetime
    policy: HandlingPolicy
    handovers: list[Handover] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    has_finding: bool = False
    is_notified: bool = False

    @property
    def asked(self) -> list[Asked]:
        """The handovers as the domain reads them."""
        return [asked_of(row) for row in self.handovers]

    def clock(self, kind: str, part: str = "") -> Clock | None:
        """The open clock of a kind."""
        return next(
            (row for row in self.clocks if row.kind == kind and row.part == part and row.ended_at is None),
            None,
        )

    def facts(self, user: Any | None) -> Facts:
        """What the lifecycle's guards and the next step read, for one user (None: the system)."""
        row, asked = self.complaint, self.asked
        mine = [one for one in self.handovers if is_handed_to(user, one)] if _answers(user) else []
        pauses = [(one.started_at, one.ended_at) for one in self.pauses]
        return Facts(
            round=row.round,
            not_agreed_from=self.policy.not_agreed_from_round,
            waiting=waiting(asked),
            given_back=given_back(asked),
            answered=sum(one.state == "answered" for one in asked),
            has_finding=self.has_finding,
            is_notified=self.is_notified,
            is_paused=row.is_paused,
            pause_left=pause_left(pauses, at=self.at, policy=self.policy),
            is_suspected=row.is_suspected,
            is_history=row.origin == "history",
            is_accepted=row.accepted_at is not None,
            is_owner=user is not None and row.owner_id == user.pk,
            is_offered_to_me=user is not None and row.offered_to_id == user.pk,
            is_offered=row.offered_to_id is not None,
            is_reported=self.clock(ClockKind.SUPERVISOR_TAKES) is not None,
            is_released=row.personal_released_at is not None,
            contested_by_me=bool(row.contest_reason) and user is not None and row.registered_by_id == user.pk,
            mine_waiting=sum(one.state == "waiting" for one in mine),
            mine_handed=sum(one.state in {"waiting", "answered"} for one in mine),
            as_respondent=is_respondent(user, row),
            may_note=user is None or bool(mine) or holds(user, Right.WORK_COMPLAINT, row),
        )


def _answers(user: Any | None) -> bool:
    return user is None or bool(user.rights.paths(Right.HAND_IN_STATEMENT))


def asked_of(row: Handover) -> Asked:
    """One handover as the domain reads it; `first_at` annotated."""
    return Asked(
        state=row.state,
        handed_at=row.handed_at,
        due_at=row.due_at,
        statement_required=row.statement_required,
        arrived_at=row.first_at,  # type: ignore[attr-defined]
        ended_at=row.ended_at,
    )


_HANDOVERS: Prepared[Handover] = Prepared(
    lambda: (
        Handover.objects.filter(complaint_id=given("id"), round=given("round"))
        .select_related("department")
        .annotate(first_at=Min("statements__handed_in_at"))
        .order_by("handed_at", "id")
    )
)
_PAUSES: Prepared[Pause] = Prepared(
    lambda: Pause.objects.filter(complaint_id=given("id"), round=given("round"))
)
_OPEN_CLOCKS: Prepared[Clock] = Prepared(
    lambda: Clock.objects.open().filter(subject_kind=KIND, subject_id=given("id")).order_by("due_at", "id")
)


def standing_of(complaint: Complaint, *, at: datetime, policy: HandlingPolicy | None = None) -> Standing:
    """How a ticket stands, in five statements whatever its history."""
    here = {"id": complaint.pk, "round": complaint.round}
    has_finding, is_notified = told(complaint)
    return Standing(
        complaint=complaint,
        at=at,
        policy=policy or handling_policy(complaint.registered_at),
        handovers=_HANDOVERS.rows(**here),
        pauses=_PAUSES.rows(**here),
        clocks=_OPEN_CLOCKS.rows(id=complaint.pk),
        has_finding=has_finding,
        is_notified=is_notified,
    )


TOLD = """
SELECT EXISTS (SELECT FROM complaints_finding WHERE complaint_id = %(id)s),
       EXISTS (SELECT FROM complaints_writtennotice WHERE complaint_id = %(id)s AND round = %(round)s)
"""


def told(complaint: Complaint) -> tuple[bool, bool]:
    """(a finding is recorded, the customer was told in writing in this round)."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {"id": complaint.pk, "round": complaint.round})
        found: tuple[bool, bool] = cursor.fetchone()
    return found


def handling_policy(at: datetime) -> HandlingPolicy:
    """The handling policy as valid at an instant: a ticket keeps the one of its registration (CMP-39)."""
    found: HandlingPolicy = policies.value("complaints.handling", at=at)
    return found


def answers(standing: Standing, user: Any) -> dict[str, Answer]:
    """Every act with whether it is allowed now, or why not, by action code."""
    facts = standing.facts(user).as_mapping()
    has_right = asking(user, standing.complaint)
    return {
        code: COMPLAINT.decide(
            code, state=standing.complaint.state, facts=facts, has_right=has_right, reason="…"
        )
        for code in BUTTONS
    }


def allowed_actions(complaint: Complaint, user: Any) -> dict[str, Answer]:
    """`answers` for a ticket, read now."""
    return answers(standing_of(complaint, at=now_db()), user)


def statements_prefetch() -> Prefetch[Any]:
    """The statements of handovers as `statement_list`, with who wrote them."""
    return Prefetch(
        "statements",
        queryset=Statement.objects.select_related("employee", "handed_in_by__employee__department"),
        to_attr="statement_list",
    )


def is_agent(user: Any) -> bool:
    """Whether the user works at the centre's desk."""
    return works_in_centre(user)
