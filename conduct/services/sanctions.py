"""The life of one sanction: proposed, given its amount, confirmed by another, settled, or withdrawn (SAN-10)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from conduct.choices import Measure, SanctionState
from conduct.domain import lifecycle
from conduct.domain.fines import Verdict, Weight, check_measure, is_outside, weigh
from conduct.models import Sanction, Violation
from conduct.permissions import Right, may
from conduct.queries.sanctions import facts_of, points_policy, range_of
from organization.models import Department, Employee
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform
from servicecenter.numbering import next_number


@transaction.atomic
def propose(
    *,
    violation: Violation,
    source_kind: str,
    source_id: int,
    source_number: str,
    month: date,
    employee: Employee | None = None,
    department: Department | None = None,
    source_confirmed: bool = False,
    measure: str = Measure.UNDECIDED,
    amount: Decimal | None = None,
    reason: str = "",
    range_reason: str = "",
    additional_reason: str = "",
    by: Any | None,
    at: datetime | None = None,
) -> Sanction:
    """Propose a sanction by hand (SAN-10). The amount in yuan may be left open until it is known.

    One event, one fine (SAN-18): where the same source already sanctions the same target, the higher one counts: a
    lower proposal is withdrawn in favour of this one, otherwise this one is refused; a further one needs the centre
    manager's `additional_reason`. Raises RuleBroken `lifecycle.no_right`, `sanction.target_needed`,
    `sanction.violation_closed`, `sanction.one_event`, `sanction.additional_right`, and what `check_measure` raises.
    """
    if not may(by, Right.PROPOSE_SANCTION):
        raise RuleBroken("lifecycle.no_right", status=403, action="propose")
    if employee is None and department is None:
        raise RuleBroken("sanction.target_needed", field="employee", status=400)
    override = may(by, Right.OVERRIDE_RANGE)
    if additional_reason.strip() and not override:
        raise RuleBroken("sanction.additional_right", field="additional_reason", status=403)
    standing = _standing(source_kind, source_id, employee, department)
    moment = at or now_db()
    if violation.closed_on is not None and violation.closed_on <= business_date(moment):
        raise RuleBroken("sanction.violation_closed", field="violation", violation=violation.code)
    policy = range_of(violation, at=moment)
    if measure != Measure.UNDECIDED:
        check_measure(
            measure=measure,
            amount=amount,
            policy=policy,
            reason=reason,
            reason_required=violation.reason_required,
            range_reason=range_reason,
            may_override=override,
        )
    replaced = None
    if standing is not None:
        replaced = _weighed(standing, Weight(amount, policy), additional_reason, moment)
    number = next_number("sanction", at=moment)
    if replaced is not None:
        _withdraw_for(replaced, number, by=by, at=moment)
    decided = measure != Measure.UNDECIDED
    points = _points(measure, amount, employee is not None, moment)
    row = Sanction(
        number=number,
        target_employee=employee,
        target_department=department,
        violation=violation,
        source_kind=source_kind,
        source_id=source_id,
        source_number=source_number,
        source_confirmed=source_confirmed,
        measure=measure if points is None else Measure.POINTS,
        amount=amount if points is None else None,
        points=points,
        month=month.replace(day=1),
        reason=reason.strip(),
        range_reason=range_reason.strip() if is_outside(amount, policy) else "",
        additional_reason=additional_reason.strip() if standing is not None else "",
        proposed_at=moment,
        proposed_by=by,
        amount_set_at=moment if decided else None,
        amount_set_by=by if decided else None,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        if "sanction_one_per_event" not in str(twice):
            raise
        raise RuleBroken("sanction.one_event", number=source_number, field="violation") from twice
    trail.record(
        row,
        "sanction.proposed",
        by=by,
        at=moment,
        source=source_number,
        violation=violation.code,
        reason=reason,
    )
    return row


def _points(measure: str, amount: Decimal | None, is_person: bool, at: datetime) -> int | None:
    """The points that a fine becomes, where it is on a person and policy says so (CLM-21)."""
    return points_policy(at=at).points(amount) if is_person and measure == Measure.FINE else None


def _standing(
    source_kind: str, source_id: int, employee: Employee | None, department: Department | None
) -> Sanction | None:
    """The live sanction of the same event and target, locked."""
    return (
        Sanction.objects.select_for_update(of=("self",))
        .filter(
            source_kind=source_kind,
            source_id=source_id,
            target_employee=employee,
            target_department=department,
            additional_reason="",
        )
        .exclude(state=SanctionState.WITHDRAWN)
        .select_related("violation")
        .first()
    )


def _weighed(standing: Sanction, further: Weight, additional_reason: str, at: datetime) -> Sanction | None:
    """The standing sanction when it gives way, None when the further one is added; else RuleBroken (SAN-18)."""
    verdict = weigh(
        standing=Weight(standing.amount, range_of(standing.violation, at=at)),
        further=further,
        standing_is_proposal=standing.state == SanctionState.PROPOSED,
        additional_reason=additional_reason,
    )
    if verdict is Verdict.GIVES_WAY:
        raise RuleBroken("sanction.one_event", number=standing.number, field="violation")
    return standing if verdict is Verdict.REPLACES else None


def _withdraw_for(standing: Sanction, number: str, *, by: Any | None, at: datetime) -> None:
    """SAN-18 takes the lower proposal away; no right to withdraw is asked, since the rule decides."""
    perform(
        lifecycle.SANCTION,
        standing,
        "withdraw",
        by=by,
        at=at,
        has_right=lambda right: True,
        reason=f"SAN-18: {number}",
        changes={"withdrawn_at": at, "withdrawn_by": by, "withdrawn_reason": f"SAN-18: {number}"},
        replaced_by=number,
    )


def _locked(sanction: Sanction) -> Sanction:
    return Sanction.objects.select_for_update(of=("self",)).select_related("violation").get(pk=sanction.pk)


def _check_version(row: Sanction, version: int | None) -> None:
    if version is not None and version != row.version:
        raise RuleBroken("lifecycle.stale", number=row.number)


@transaction.atomic
def set_amount(
    *,
    sanction: Sanction,
    measure: str = Measure.FINE,
    amount: Decimal | None,
    reason: str = "",
    range_reason: str = "",
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Sanction:
    """Decide what the sanction is: a fine in yuan, a warning or a notice of criticism.

    Whoever sets or changes it counts as proposer (SAN-10). Policy may turn a fine on a person into points (CLM-21).
    Raises what `check_measure` and the lifecycle raise.
    """
    row = _locked(sanction)
    _check_version(row, version)
    moment = at or now_db()
    policy = range_of(row.violation, at=moment)

    def has_right(right: str) -> bool:
        return may(by, right)

    answer = lifecycle.SANCTION.decide("set_amount", state=row.state, facts={}, has_right=has_right)
    if answer.allowed:
        check_measure(
            measure=measure,
            amount=amount,
            policy=policy,
            reason=reason or row.reason,
            reason_required=row.violation.reason_required,
            range_reason=range_reason,
            may_override=may(by, Right.OVERRIDE_RANGE),
        )
    points = _points(measure, amount, row.target_employee_id is not None, moment) if answer.allowed else None
    perform(
        lifecycle.SANCTION,
        row,
        "set_amount",
        by=by,
        at=moment,
        has_right=has_right,
        changes={
            "measure": Measure(measure).value if points is None else Measure.POINTS.value,
            "amount": amount if points is None else None,
            "points": points,
            "reason": reason.strip() or row.reason,
            "range_reason": range_reason.strip() if is_outside(amount, policy) else "",
            "amount_set_at": moment,
            "amount_set_by": by,
        },
        code="sanction.amount_set",
    )
    return row


@transaction.atomic
def confirm(
    *,
    sanction: Sanction,
    source_confirmed: bool = False,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Sanction:
    """Confirm a proposal; `source_confirmed` says the inspector confirms the source with it (at the latest now).

    Raises RuleBroken `sanction.four_eyes`, `sanction.four_eyes_amount`, `sanction.measure_needed`,
    `sanction.source_unconfirmed`, or what the lifecycle raises.
    """
    row = _locked(sanction)
    _check_version(row, version)
    moment = at or now_db()
    confirmed = row.source_confirmed or source_confirmed
    perform(
        lifecycle.SANCTION,
        row,
        "confirm",
        by=by,
        at=moment,
        has_right=lambda right: may(by, right),
        facts=facts_of(row, by) | {"source_confirmed": confirmed},
        changes={"source_confirmed": confirmed, "confirmed_at": moment, "confirmed_by": by},
    )
    return row


@transaction.atomic
def settle(
    *, sanction: Sanction, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Sanction:
    """The fine was taken, or the warning or criticism was given: the end of a confirmed sanction."""
    row = _locked(sanction)
    _check_version(row, version)
    moment = at or now_db()
    perform(
        lifecycle.SANCTION,
        row,
        "settle",
        by=by,
        at=moment,
        has_right=lambda right: may(by, right),
        changes={"settled_at": moment, "settled_by": by},
    )
    return row


@transaction.atomic
def withdraw(
    *, sanction: Sanction, reason: str, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Sanction:
    """Withdraw a sanction that is not settled, with a reason."""
    row = _locked(sanction)
    _check_version(row, version)
    moment = at or now_db()
    perform(
        lifecycle.SANCTION,
        row,
        "withdraw",
        by=by,
        at=moment,
        has_right=lambda right: may(by, right),
        reason=reason,
        changes={
            "withdrawn_at": moment,
            "withdrawn_by": by,
            "withdrawn_reason": reason.strip()[:300],
        },
    )
    return row
