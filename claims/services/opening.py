"""A claim is opened from a complaint or directly, taken, changed, opened again (CLM-01, CLM-02, CLM-13, CLM-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from claims.choices import ClaimKind, Gravity, Profile
from claims.domain.intake import MAX_TEXT, ClaimIntake
from claims.models import Claim
from claims.permissions import Right, holds
from claims.queries.clocks import policy_of
from claims.services import clocks
from claims.services.acting import Act, amount_or_refuse, lock_waybill
from claims.services.telling import tell_adjusters
from complaints.models import Complaint
from customers.models import Waybill
from organization.models import Department, User
from servicecenter import attachments as files
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.numbering import next_number
from servicecenter.search import fold, searchable

AMOUNTS = ("claimed_amount", "declared_value", "goods_value", "freight")
FIXED = ("kind", "branch_id", "pieces_group")


@transaction.atomic
def open_claim(
    *,
    intake: ClaimIntake,
    waybill: Waybill | None = None,
    complaint: Complaint | None = None,
    attachments: Sequence[str] = (),
    by: User | None,
    at: datetime | None = None,
) -> Claim:
    """Open a claim on a waybill, or from a complaint on its waybill (CLM-01). None opens by itself.

    Raises RuleBroken `claim.no_waybill`, `claim.duplicate` for a live claim of the same pieces (CLM-13),
    `claim.incident_later`, `claim.amount`, `claim.kind`, `claim.branch`.
    """
    if not holds(by, Right.OPEN_CLAIM):
        raise RuleBroken("lifecycle.no_right", status=403, action="open_claim")
    bill = waybill or (complaint.waybill if complaint else None)
    if bill is None:
        raise RuleBroken("claim.no_waybill", field="waybill", status=400)
    lock_waybill(bill.pk)
    moment = at or now_db()
    row = _made(_checked(intake, moment), bill, complaint, by=by, at=moment)
    _save(row)
    clocks.begin(row, by=by)
    params: dict[str, Any] = {"waybill": bill.number, "claim_kind": row.kind}
    if complaint is not None:
        params["complaint"] = complaint.number
    trail.record(row, "claim.opened", by=by, at=moment, **params)
    files.bind(public_ids=attachments, to=row, by=by, at=moment, role="report")
    tell_adjusters(row, "claim.opened", at=moment)
    return row


def _checked(intake: ClaimIntake, at: datetime) -> ClaimIntake:
    values = asdict(intake)
    if intake.kind not in ClaimKind.values:
        raise RuleBroken("claim.kind", field="kind", status=400)
    if intake.gravity not in Gravity.values:
        raise RuleBroken("claim.gravity", field="gravity", status=400)
    if intake.profile not in Profile.values:
        raise RuleBroken("claim.profile", field="profile", status=400)
    if intake.incident_on > business_date(at):
        raise RuleBroken("claim.incident_later", field="incident_on", status=400)
    if len(intake.incident_report) > MAX_TEXT:
        raise RuleBroken("claim.too_long", field="incident_report", status=400, limit=MAX_TEXT)
    for name in AMOUNTS:
        if values[name] is not None:
            values[name] = amount_or_refuse(values[name], name)
    if intake.weight is not None and intake.weight < 0:
        raise RuleBroken("claim.amount", field="weight", status=400, amount=str(intake.weight))
    for name in ("pieces_group", "claimant", "reporter", "incident_report"):
        values[name] = " ".join(values[name].split()) if name != "incident_report" else values[name].strip()
    return ClaimIntake(**values)


def _made(
    intake: ClaimIntake, bill: Waybill, complaint: Complaint | None, *, by: User | None, at: datetime
) -> Claim:
    if not Department.objects.filter(pk=intake.branch_id, closed_on=None).exists():
        raise RuleBroken("claim.branch", field="branch", status=400)
    values = asdict(intake)
    if values["customer_id"] is None:
        values["customer_id"] = complaint.customer_id if complaint else None
    if not values["claimant"]:
        values["claimant"] = complaint.caller_name if complaint else bill.consignor_name
    row = Claim(
        number=next_number("claim", at=at),
        waybill=bill,
        complaint=complaint,
        reported_at=at,
        reported_on=business_date(at),
        reported_by=by,
        **values,
    )
    policy = policy_of(row)
    row.reserve = policy.reserve(intake.kind) if intake.claimed_amount is None else intake.claimed_amount
    row.due_at = min(clocks.wanted(row, at=at).values())
    row.search_text = searched(row)
    return row


def searched(row: Claim) -> str:
    """What a claim is found by: numbers, claimant in signs, pinyin and initials, goods."""
    parts = [row.number, row.waybill.number, row.complaint.number if row.complaint else ""]
    return fold(" ".join([*parts, searchable(row.claimant), row.waybill.goods]))


def _save(row: Claim) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        if "claim_one_live" not in str(twice):
            raise
        other = Claim.objects.live().get(waybill=row.waybill, kind=row.kind, pieces_group=row.pieces_group)
        raise RuleBroken("claim.duplicate", field="pieces_group", number=other.number) from twice


@transaction.atomic
def take_claim(*, claim: Claim, by: User, at: datetime | None = None, version: int | None = None) -> Claim:
    """Become the claim's adjuster; a reported one is under investigation from here (CLM-03)."""
    act = Act.begin(claim, "take" if _is_reported(claim) else "take_over", by=by, at=at, version=version)
    before = act.claim.adjuster
    act.set(adjuster=by)
    clocks.hand_over(act.claim)
    if act.claim.state == "reported":
        act.move("take")
    else:
        act.move("take_over", before=before.name if before else "")
    return act.finish()


def _is_reported(claim: Claim) -> bool:
    return Claim.objects.filter(pk=claim.pk, state="reported").exists()


@transaction.atomic
def change_claim(
    *, claim: Claim, version: int, by: User | None, at: datetime | None = None, **columns: Any
) -> Claim:
    """Change what was said when the claim was opened, except its kind, branch and group of pieces; before approval.

    Raises as `open_claim`, and TypeError for a field that is none.
    """
    allowed = {item.name for item in fields(ClaimIntake)} - set(FIXED)
    if unknown := set(columns) - allowed:
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")
    act = Act.begin(claim, "change", by=by, at=at, version=version)
    row = act.claim
    whole = {item.name: getattr(row, item.name) for item in fields(ClaimIntake)} | columns
    checked = asdict(_checked(ClaimIntake(**whole), act.at))
    before = {name: getattr(row, name) for name in columns}
    act.set(**{name: checked[name] for name in columns})
    changes = trail.changes_between(before, {name: checked[name] for name in columns})
    if changes:
        act.set(search_text=searched(row))
        act.note("claim.change", changes=changes)
    return act.finish()


@transaction.atomic
def set_reserve(
    *,
    claim: Claim,
    amount: Decimal,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Claim:
    """Change the expected payout, with a reason (CLM-17)."""
    act = Act.begin(claim, "set_reserve", by=by, at=at, version=version, reason=reason)
    new, before = amount_or_refuse(amount, "amount"), act.claim.reserve
    act.set(reserve=new)
    act.note(
        "claim.set_reserve",
        changes=trail.changes_between({"reserve": before}, {"reserve": new}),
        reason=act.reason,
    )
    return act.finish()


@transaction.atomic
def reopen_claim(*, claim: Claim, reason: str, by: User | None, at: datetime | None = None) -> Claim:
    """Open a linked new claim for one that has ended (CLM-02). The former one stays as it is.

    A closed claim is live for CLM-13: the new one is told apart by its group of pieces, "(2)", "(3)" …
    """
    lock_waybill(claim.waybill_id)  # before the claim, as everywhere
    act = Act.begin(claim, "reopen", by=by, at=at, reason=reason)
    former = act.claim
    given = {item.name: getattr(former, item.name) for item in fields(ClaimIntake)}
    taken = set(
        Claim.objects.live()
        .filter(waybill=former.waybill, kind=former.kind)
        .values_list("pieces_group", flat=True)
    )
    group, ordinal = former.pieces_group, 2
    while group in taken:
        group, ordinal = f"{former.pieces_group} ({ordinal})".strip(), ordinal + 1
    row = _made(
        ClaimIntake(**{**given, "pieces_group": group}), former.waybill, former.complaint, by=by, at=act.at
    )
    row.former = former
    _save(row)
    clocks.begin(row, by=by)
    act.note("claim.reopen", number=row.number, reason=act.reason)
    act.finish()
    trail.record(
        row, "claim.reopened_from", by=by, at=act.at, number=former.number, waybill=former.waybill.number
    )
    return row
