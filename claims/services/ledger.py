"""What the liable parties owe: charges from shares, reversals, recoveries, write-offs (CLM-11, CLM-18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from claims.choices import DeterminationStatus, EntryKind, PartyRole
from claims.domain.lifecycle import LIABILITY
from claims.domain.money import split, to_fen, to_yuan
from claims.domain.recovery import surplus
from claims.models import Claim, Determination, LiabilityEntry, Share
from claims.services.acting import Act, amount_or_refuse
from organization.models import User
from servicecenter.kernel.errors import RuleBroken

ZERO = Decimal("0.00")
POSTED = (EntryKind.CHARGE, EntryKind.REVERSAL)
WRITTEN = (EntryKind.WRITE_OFF, EntryKind.WRITE_BACK)


def current(claim: Claim) -> Determination | None:
    """The determination that counts: the newest that is not provisional."""
    return (
        Determination.objects.filter(claim=claim)
        .exclude(status=DeterminationStatus.PROVISIONAL)
        .order_by("-ordinal")
        .first()
    )


def charge(act: Act) -> None:
    """Post what follows from the approved payout, less what came from outside, and the determination that counts:
    reversals of what no longer holds, then the charges (MON-02, MON-03, CLM-18). Nothing while either is missing; never
    edits. Who has paid more than the new charge is to be paid back."""
    row = act.claim
    determination = current(row)
    shares = list(determination.shares.order_by("ordinal")) if determination else []
    due = _due(base_of(row), shares)
    posted = {
        item["share_id"]: item["sum"]
        for item in LiabilityEntry.objects.filter(claim=row, kind__in=POSTED)
        .values("share_id")
        .annotate(sum=Sum("amount"))
        .order_by("share_id")
    }
    entries = []
    for share_id, amount in posted.items():
        if amount and due.get(share_id) != amount:
            entries.append(entry(act, share_id, EntryKind.REVERSAL, -amount))
    for share_id, amount in due.items():
        if posted.get(share_id, ZERO) != amount:
            entries.append(entry(act, share_id, EntryKind.CHARGE, amount))
    if entries:
        LiabilityEntry.objects.bulk_create(entries)
        total = sum(due.values(), start=ZERO)
        act.note("claim.charged", amount=str(total), count=len(entries))
        _give_back(act)


def base_of(claim: Claim) -> Decimal | None:
    """What the liable parties bear: the approved payout less insurance, salvage and third parties (CLM-18)."""
    if claim.approved_amount is None:
        return None
    outside = claim.outside.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return max(claim.approved_amount - outside, ZERO)


def _give_back(act: Act) -> None:
    """Nobody pays more than the share, and the company keeps no surplus (CLM-18)."""
    over = {pk: left for pk, left in owed(act.claim).items() if left < 0}
    if not over:
        return
    written = {
        item["share_id"]: -item["sum"]
        for item in LiabilityEntry.objects.filter(share__in=over, kind__in=WRITTEN)
        .values("share_id")
        .annotate(sum=Sum("amount"))
        .order_by("share_id")
    }
    entries = []
    for pk, left in over.items():
        back, refund = surplus(to_fen(left), to_fen(written.get(pk, ZERO)))
        if back:
            entries.append(entry(act, pk, EntryKind.WRITE_BACK, to_yuan(back)))
        if refund:
            entries.append(entry(act, pk, EntryKind.REFUND, to_yuan(refund)))
    LiabilityEntry.objects.bulk_create(entries)
    refunded = sum((one.amount for one in entries if one.kind == EntryKind.REFUND), start=ZERO)
    if refunded:
        act.note("claim.to_refund", amount=str(refunded))


def _due(total: Decimal | None, shares: Sequence[Share]) -> dict[int, Decimal]:
    """Share id → amount, to the fen; the fen left over follow the order of the shares."""
    if total is None or not shares:
        return {}
    parts = split(to_fen(total), [(str(share.pk), share.fraction) for share in shares])
    return {int(pk): to_yuan(fen) for pk, fen in parts.items()}


def entry(act: Act, share_id: int, kind: str, amount: Decimal, note: str = "") -> LiabilityEntry:
    """One posting, not yet saved; `amount` has the sign of its kind."""
    return LiabilityEntry(
        claim=act.claim,
        share_id=share_id,
        kind=kind,
        amount=amount,
        note=note,
        posted_at=act.at,
        posted_by=act.by,
    )


def owed(claim: Claim) -> dict[int, Decimal]:
    """Share id → what is still owed by its party; the company owes itself nothing."""
    rows = (
        LiabilityEntry.objects.filter(claim=claim)
        .exclude(share__party=PartyRole.COMPANY)
        .values("share_id")
        .annotate(sum=Sum("amount"))
        .order_by("share_id")
    )
    return {item["share_id"]: item["sum"] for item in rows if item["sum"]}


def settle_if_nothing_is_owed(act: Act) -> None:
    """With nothing (left) to recover it is recovered at once (CLM-02)."""
    row = act.claim
    if row.liability_state in ("final", "recovering") and row.approved_amount is not None and not owed(row):
        act.move("recover", table=LIABILITY)


@transaction.atomic
def record_recovery(
    *, share: Share, amount: Decimal, note: str = "", by: User, at: datetime | None = None
) -> LiabilityEntry:
    """A liable party has paid (wage, set-off, insurer): never more than it owes (CLM-11, CLM-18).

    Raises RuleBroken `recovery.too_much`, `claim.amount`.
    """
    paid = amount_or_refuse(amount, "amount", least=Decimal("0.01"))
    act = Act.begin(share.determination.claim, "record_recovery", by=by, at=at, table=LIABILITY)
    left = owed(act.claim).get(share.pk, ZERO)
    if paid > left:
        raise RuleBroken("recovery.too_much", field="amount", left=str(left))
    made = entry(act, share.pk, EntryKind.RECOVERY, -paid, note.strip()[:300])
    made.save(force_insert=True)
    act.move("record_recovery", table=LIABILITY, party=share.party, who=share.who, amount=str(paid))
    settle_if_nothing_is_owed(act)
    act.finish()
    return made


@transaction.atomic
def write_off(
    *, claim: Claim, reason: str, by: User, at: datetime | None = None, version: int | None = None
) -> Claim:
    """Give up what is still owed; the company bears it (CLM-02)."""
    act = Act.begin(claim, "write_off", by=by, at=at, reason=reason, table=LIABILITY, version=version)
    left = owed(act.claim)
    LiabilityEntry.objects.bulk_create(
        [entry(act, pk, EntryKind.WRITE_OFF, -amount, act.reason[:300]) for pk, amount in left.items()]
    )
    act.move("write_off", table=LIABILITY, amount=str(sum(left.values(), start=ZERO)))
    return act.finish()
