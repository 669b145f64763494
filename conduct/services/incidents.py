"""What a service incident does to people: sanction drafts (SAN-09) and lost merit (SAN-11), made and taken back.

All of it is set-based and idempotent by the database's unique constraints, since complaints call it inside the
transaction that opens the incident, and again with every further complaint of the event (CMP-44).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from conduct.choices import SanctionState
from conduct.domain.targets import Target, singles
from conduct.models import MeritDisqualification, Sanction
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.numbering import next_numbers
from servicecenter.trail import Line

VIOLATION = "SAN-09"
SANCTION = "conduct.sanction"
DISQUALIFICATION = "conduct.meritdisqualification"

PROPOSE = """
INSERT INTO conduct_sanction (
  number, state, version, target_employee_id, target_department_id, violation_id,
  source_kind, source_id, source_number, source_confirmed, measure, month,
  reason, range_reason, additional_reason, proposed_at, withdrawn_reason)
SELECT wanted.number, 'proposed', 1, wanted.employee_id, wanted.department_id, violation.id,
       %(kind)s, %(id)s, %(source_number)s, %(confirmed)s, 'undecided', %(month)s,
       '', '', '', %(at)s, ''
FROM unnest(%(numbers)s::text[], %(employees)s::bigint[], %(departments)s::bigint[])
       AS wanted (number, employee_id, department_id),
     conduct_violation AS violation
WHERE violation.code = %(violation)s
ON CONFLICT DO NOTHING
RETURNING id, number, target_employee_id, target_department_id, violation_id
"""

DISQUALIFY = """
INSERT INTO conduct_meritdisqualification (
  target_employee_id, target_department_id, month, source_kind, source_id, source_number,
  created_at, created_by_id, withdrawn_reason)
SELECT wanted.employee_id, wanted.department_id, %(month)s, %(kind)s, %(id)s, %(source_number)s, %(at)s, %(by)s, ''
FROM unnest(%(employees)s::bigint[], %(departments)s::bigint[]) AS wanted (employee_id, department_id)
ON CONFLICT DO NOTHING
RETURNING id, target_employee_id, target_department_id
"""


def _check_month(month: date) -> None:
    if month.day != 1:
        raise ValueError("a month is named by its first day")


def _insert(sql: str, **values: Any) -> list[dict[str, Any]]:
    """The rows that were new, as RETURNING names them, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return sorted(
            (dict(zip(names, row, strict=True)) for row in cursor.fetchall()), key=lambda row: row["id"]
        )


@transaction.atomic(savepoint=False)
def propose_for_incident(
    *,
    incident_kind: str,
    incident_id: int,
    incident_number: str,
    targets: Sequence[Target],
    month: date,
    by: Any | None,
    at: datetime,
    confirmed: bool = False,
) -> list[Sanction]:
    """Draft a sanction for each person and each department, by the system, without amount (SAN-09, CMP-43).

    Once per target and incident: calling again adds nothing. `confirmed` says whether the incident itself is, since
    a draft may rest on a suspected one (SAN-10). `by` goes to the trail: the proposer is the system. Three
    statements: numbers, rows, trail. Returns the new ones.
    """
    _check_month(month)
    wanted = singles(targets)
    if not wanted:
        return []
    made = _insert(
        PROPOSE,
        numbers=next_numbers("sanction", len(wanted), at=at),
        employees=[target.employee_id for target in wanted],
        departments=[target.department_id for target in wanted],
        violation=VIOLATION,
        kind=incident_kind,
        id=incident_id,
        source_number=incident_number,
        confirmed=confirmed,
        month=month,
        at=at,
    )
    rows = [
        Sanction(
            **row,
            source_kind=incident_kind,
            source_id=incident_id,
            source_number=incident_number,
            source_confirmed=confirmed,
            month=month,
            proposed_at=at,
        )
        for row in made
    ]
    if rows:
        trail.record_many(
            [
                Line(
                    SANCTION,
                    row.pk,
                    row.number,
                    "sanction.drafted",
                    {"source": incident_number, "violation": VIOLATION},
                )
                for row in rows
            ],
            by=by,
            at=at,
        )
    return rows


@transaction.atomic(savepoint=False)
def disqualify_for_incident(
    *,
    incident_kind: str,
    incident_id: int,
    incident_number: str,
    targets: Sequence[Target],
    month: date,
    by: Any | None,
    at: datetime,
) -> list[MeritDisqualification]:
    """Take the month's merit from each person and each department (SAN-11), once per target and incident.

    `month` is the month in which the second complaint was registered (SAN-19). Returns the new rows.
    """
    _check_month(month)
    wanted = singles(targets)
    if not wanted:
        return []
    made = _insert(
        DISQUALIFY,
        employees=[target.employee_id for target in wanted],
        departments=[target.department_id for target in wanted],
        kind=incident_kind,
        id=incident_id,
        source_number=incident_number,
        month=month,
        at=at,
        by=by.pk if by is not None else None,
    )
    rows = [
        MeritDisqualification(
            **row,
            source_kind=incident_kind,
            source_id=incident_id,
            source_number=incident_number,
            month=month,
            created_at=at,
            created_by=by,
        )
        for row in made
    ]
    if rows:
        trail.record_many(
            [
                Line(
                    DISQUALIFICATION,
                    row.pk,
                    incident_number,
                    "merit.lost",
                    {"month": f"{month:%Y-%m}", "source": incident_number},
                )
                for row in rows
            ],
            by=by,
            at=at,
        )
    return rows


@transaction.atomic
def confirm_source_of_incident(
    *, incident_kind: str, incident_id: int, by: Any | None, at: datetime | None = None
) -> int:
    """The incident was confirmed: its open drafts now rest on a confirmed source (SAN-10). Returns how many."""
    rows = list(
        Sanction.objects.select_for_update()
        .filter(
            source_kind=incident_kind,
            source_id=incident_id,
            source_confirmed=False,
            state=SanctionState.PROPOSED,
        )
        .order_by("pk")
    )
    if not rows:
        return 0
    moment = at or now_db()
    Sanction.objects.filter(pk__in=[row.pk for row in rows]).update(
        source_confirmed=True, version=F("version") + 1
    )
    trail.record_many(
        [
            Line(
                SANCTION,
                row.pk,
                row.number,
                "sanction.source_confirmed",
                {"source": row.source_number},
                {"source_confirmed": [False, True]},
            )
            for row in rows
        ],
        by=by,
        at=moment,
    )
    return len(rows)


@dataclass(frozen=True)
class Withdrawn:
    """How much a withdrawn incident took back. `kept` counts settled sanctions, which stay as they are."""

    sanctions: int
    disqualifications: int
    kept: int


@transaction.atomic
def withdraw_for_incident(
    *,
    incident_kind: str,
    incident_id: int,
    reason: str,
    by: Any | None,
    at: datetime | None = None,
    keep: Sequence[Target] = (),
) -> Withdrawn:
    """The incident was withdrawn: so are its sanctions, unless settled, and its disqualifications, visibly (SAN-11).

    Merit is restored by it, and the list shows why. What was done to those in `keep` stays: the incident stands and is
    theirs alone. Raises RuleBroken `lifecycle.reason_needed`.
    """
    if not reason.strip():
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="withdraw")
    source = {"source_kind": incident_kind, "source_id": incident_id}
    theirs = {(target.employee_id, target.department_id) for target in singles(keep)}
    sanctions = [
        row
        for row in Sanction.objects.select_for_update()
        .filter(**source)
        .exclude(state=SanctionState.WITHDRAWN)
        .order_by("pk")
        if (row.target_employee_id, row.target_department_id) not in theirs
    ]
    lost = [
        row
        for row in MeritDisqualification.objects.select_for_update()
        .filter(**source, withdrawn_at=None)
        .order_by("pk")
        if (row.target_employee_id, row.target_department_id) not in theirs
    ]
    moment = at or now_db()
    words = reason.strip()[:300]
    open_ones = [row for row in sanctions if row.state != SanctionState.SETTLED]
    if open_ones:
        Sanction.objects.filter(pk__in=[row.pk for row in open_ones]).update(
            state=SanctionState.WITHDRAWN,
            version=F("version") + 1,
            withdrawn_at=moment,
            withdrawn_by=by,
            withdrawn_reason=words,
        )
    if lost:
        MeritDisqualification.objects.filter(pk__in=[row.pk for row in lost]).update(
            withdrawn_at=moment, withdrawn_by=by, withdrawn_reason=words
        )
    lines = [
        Line(
            SANCTION,
            row.pk,
            row.number,
            "sanction.withdraw",
            {"reason": words},
            {"state": [row.state, SanctionState.WITHDRAWN.value]},
        )
        for row in open_ones
    ] + [
        Line(
            DISQUALIFICATION,
            row.pk,
            row.source_number,
            "merit.restored",
            {"month": f"{row.month:%Y-%m}", "reason": words},
        )
        for row in lost
    ]
    if lines:
        trail.record_many(lines, by=by, at=moment)
    return Withdrawn(len(open_ones), len(lost), len(sanctions) - len(open_ones))
