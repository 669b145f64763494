"""Insurers, salvage, money from outside, instalments, settlements without a claim (CLM-11, CLM-12, CLM-18, CLM-20)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from claims.choices import OutsideSource, SalvageKeeper, SettledBy
from claims.domain.lifecycle import LIABILITY
from claims.domain.money import to_fen, to_yuan
from claims.domain.recovery import instalments, monthly_cap
from claims.models import Claim, Instalment, Insurance, OutsideRecovery, OwnSettlement, Salvage, Share
from claims.permissions import Right, holds, home
from claims.queries.accounts import taken_in_months
from claims.queries.clocks import policy_of
from claims.services.acting import Act, amount_or_refuse
from claims.services.ledger import charge, owed, settle_if_nothing_is_owed
from customers.models import Waybill
from deadlines import services as deadlines
from deadlines.choices import ClockKind
from organization.models import Department, User
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.subjects import kind_of

LEAST = Decimal("0.01")


@transaction.atomic
def insure(
    *,
    claim: Claim,
    insurer: str,
    policy_number: str = "",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Insurance:
    """Name the insurer, who is to be told within the term since the claim was reported (policy: 48 hours, CLM-11).

    Raises RuleBroken `insurance.insurer`, `insurance.told` once that has been done.
    """
    name = " ".join(insurer.split())[:80]
    if not name:
        raise RuleBroken("insurance.insurer", field="insurer", status=400)
    act = Act.begin(claim, "insure", by=by, at=at, version=version)
    row = act.claim
    made = Insurance.objects.filter(claim=row).first()
    if made is not None and made.told_at is not None:
        raise RuleBroken("insurance.told")
    if made is None:
        made = Insurance(claim=row)
        deadlines.start(
            kind=ClockKind.CLAIM_INSURER,
            subject_kind=kind_of(Claim),
            subject_id=row.pk,
            number=row.number,
            department=home() or row.branch,
            owner=row.adjuster or by,
            supervisor_right=Right.APPROVE_SUPERVISOR,
            due_at=row.reported_at + timedelta(hours=policy_of(row).insurer_hours),
            at=act.at,
        )
    made.insurer, made.policy_number = name, policy_number.strip()[:60]
    made.named_at, made.named_by = act.at, by
    made.save()
    act.note("claim.insure", insurer=name)
    act.finish()
    return made


@transaction.atomic
def tell_insurer(
    *, claim: Claim, reference: str = "", by: User, at: datetime | None = None, version: int | None = None
) -> Insurance:
    """The insurer has been told (CLM-11). Raises RuleBroken `insurance.none`, `insurance.told`."""
    act = Act.begin(claim, "tell_insurer", by=by, at=at, version=version)
    made = Insurance.objects.filter(claim=act.claim).first()
    if made is None:
        raise RuleBroken("insurance.none")
    if made.told_at is not None:
        raise RuleBroken("insurance.told")
    made.told_at, made.told_by, made.reference = act.at, by, reference.strip()[:60]
    made.save(update_fields=["told_at", "told_by", "reference"])
    deadlines.end_all(
        subject_kind=kind_of(Claim), subject_id=act.claim.pk, by=by, at=act.at, cancelled=False,
        kinds=[ClockKind.CLAIM_INSURER],
    )  # fmt: skip
    act.note("claim.tell_insurer", insurer=made.insurer, reference=made.reference)
    act.finish()
    return made


@transaction.atomic
def record_salvage(
    *,
    claim: Claim,
    keeper: str,
    value: Decimal,
    note: str = "",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Salvage:
    """Who keeps what is left, at which value (CLM-20); recorded anew it takes the former's place.

    Raises RuleBroken `salvage.keeper`, `claim.amount`.
    """
    if keeper not in SalvageKeeper.values:
        raise RuleBroken("salvage.keeper", field="keeper", status=400)
    worth = amount_or_refuse(value, "value")
    act = Act.begin(claim, "record_salvage", by=by, at=at, version=version)
    made = Salvage.objects.filter(claim=act.claim).first() or Salvage(claim=act.claim)
    made.keeper, made.value, made.note = keeper, worth, note.strip()[:200]
    made.recorded_at, made.recorded_by = act.at, by
    made.save()
    act.note("claim.record_salvage", keeper=keeper, amount=str(worth))
    act.finish()
    return made


@transaction.atomic
def record_outside(
    *,
    claim: Claim,
    source: str,
    amount: Decimal,
    note: str = "",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> OutsideRecovery:
    """Money of an insurer, of the salvage, of a third party: every party's balance sinks pro rata by reversal and new
    entries; who has paid more than the new share is to be paid back (CLM-18, MON-03).

    Raises RuleBroken `outside.source`, `outside.too_much`, `claim.amount`.
    """
    if source not in OutsideSource.values:
        raise RuleBroken("outside.source", field="source", status=400)
    sum_ = amount_or_refuse(amount, "amount", least=LEAST)
    act = Act.begin(claim, "record_outside", by=by, at=at, version=version)
    row = act.claim
    if row.approved_amount is not None:
        left = row.approved_amount - sum(row.outside.values_list("amount", flat=True), start=Decimal("0.00"))
        if sum_ > left:
            raise RuleBroken("outside.too_much", field="amount", left=str(left))
    made = OutsideRecovery.objects.create(
        claim=row, source=source, amount=sum_, note=note.strip()[:200], received_at=act.at, received_by=by
    )
    act.note("claim.record_outside", source=source, amount=str(sum_))
    charge(act)
    settle_if_nothing_is_owed(act)
    act.finish()
    return made


@transaction.atomic
def plan_recovery(
    *,
    share: Share,
    monthly: Decimal,
    first: date,
    wage: Decimal | None = None,
    by: User,
    at: datetime | None = None,
) -> list[Instalment]:
    """Instalments until nothing is owed (CLM-11), in place of those planned before. Where the wage is known, recoveries
    and fines of a month together stay under its part by policy (20 %, CLM-21).

    Raises RuleBroken `instalment.nothing_owed`, `instalment.too_small`, `claim.amount`.
    """
    amount = amount_or_refuse(monthly, "monthly", least=LEAST)
    act = Act.begin(share.determination.claim, "plan_recovery", by=by, at=at, table=LIABILITY)
    left = owed(act.claim).get(share.pk, Decimal("0.00"))
    if left <= 0:
        raise RuleBroken("instalment.nothing_owed")
    cap, taken = None, {}
    if wage is not None:
        pay = amount_or_refuse(wage, "wage", least=LEAST)
        cap = monthly_cap(to_fen(pay), policy_of(act.claim).wage_percent)
        if share.employee_id is not None:
            taken = taken_in_months(share)
    rows = instalments(to_fen(left), monthly=to_fen(amount), first=first, cap=cap, taken=taken)
    share.instalments.filter(replaced_at=None).update(replaced_at=act.at)
    made = [
        Instalment(share=share, month=month, amount=to_yuan(fen), planned_at=act.at, planned_by=by)
        for month, fen in rows
    ]
    Instalment.objects.bulk_create(made)
    act.note("liability.plan_recovery", party=share.party, who=share.who, count=len(made), amount=str(left))
    act.finish()
    return made


@transaction.atomic
def record_settlement(
    *,
    settled_on: date,
    settled_by: str,
    department: Department,
    waybill: Waybill,
    amount: Decimal,
    agreed_by: str,
    person: str = "",
    note: str = "",
    by: User,
    at: datetime | None = None,
) -> OwnSettlement:
    """A branch, market, driver or loader settled with the customer without a claim (CLM-12, RPT-04).

    Raises RuleBroken `settlement.by`, `settlement.day`, `settlement.agreed_by`, `settlement.person`, `claim.amount`.
    """
    if not holds(by, Right.RECORD_SETTLEMENT):
        raise RuleBroken("lifecycle.no_right", status=403, action="record_settlement")
    moment = at or now_db()
    if settled_by not in SettledBy.values:
        raise RuleBroken("settlement.by", field="settled_by", status=400)
    if settled_on > business_date(moment):
        raise RuleBroken("settlement.day", field="settled_on", status=400)
    who, agreed = " ".join(person.split())[:60], " ".join(agreed_by.split())[:60]
    if not agreed:
        raise RuleBroken("settlement.agreed_by", field="agreed_by", status=400)
    if settled_by in (SettledBy.DRIVER, SettledBy.LOADER) and not who:
        raise RuleBroken("settlement.person", field="driver_or_loader", status=400)
    made = OwnSettlement.objects.create(
        settled_on=settled_on,
        settled_by=settled_by,
        department=department,
        person=who,
        waybill=waybill,
        amount=amount_or_refuse(amount, "amount"),
        agreed_by=agreed,
        note=note.strip()[:300],
        recorded_at=moment,
        recorded_by=by,
    )
    trail.record(
        made, "claim.settled_without", by=by, at=moment, waybill=waybill.number, amount=str(made.amount)
    )
    return made
