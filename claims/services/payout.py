"""What the customer is paid: worked out by policy, negotiated, approved by others (CLM-05, CLM-06, CLM-08)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from claims.choices import ConfirmationWay, OfferMove, RequestState
from claims.domain import payout
from claims.domain.policy import ApprovalPolicy
from claims.models import ApprovalRequest, ApprovalStep, Assessment, Claim, Offer
from claims.permissions import may_sign
from claims.queries.payouts import case_of
from claims.services.acting import Act, amount_or_refuse, lock, lock_waybill
from claims.services.ledger import charge, settle_if_nothing_is_owed
from claims.services.telling import tell_adjuster, tell_approvers
from organization.models import User
from servicecenter import policies
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def assess(
    *,
    claim: Claim,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
    exclusion: str = "",
) -> Assessment:
    """Work the payout out by the policy of the claim's day, every step kept (CLM-06).

    `exclusion` names why nothing is paid. Raises RuleBroken `claim.no_lines`, `claim.waits_for_approval`.
    """
    act = Act.begin(claim, "assess", by=by, at=at, version=version)
    act.begin_investigation()
    row = act.claim
    found = policies.find("claims.payout", at=row.reported_at)
    case = case_of(row, exclusion=exclusion.strip()[:200])
    result = payout.work_out(case, found.value)
    made = Assessment.objects.create(
        claim=row,
        ordinal=row.assessments.count() + 1,
        method=result.method.value,
        inputs={name: str(value) for name, value in vars(case).items() if value is not None and value != ""},
        steps=[
            {"code": step.code, "params": step.params, "amount": str(step.amount)} for step in result.steps
        ],
        warnings=list(result.warnings),
        amount=result.amount,
        policy_id=found.policy_id,
        assessed_at=act.at,
        assessed_by=by,
    )
    act.set(
        assessed_amount=result.amount, agreed_amount=None, agreed_at=None, agreed_way="", answered_at=None
    )
    act.move("assess", amount=str(result.amount), payout_method=result.method.value)
    act.finish()
    return made


@transaction.atomic
def negotiate(
    *,
    claim: Claim,
    move: str,
    amount: Decimal | None = None,
    text: str = "",
    way: str = "",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Offer:
    """Note one move of the negotiation; `agree` fixes the price with the customer's confirmation (CLM-05).

    Raises RuleBroken `offer.move`, `offer.way`, `claim.amount`.
    """
    if move not in OfferMove.values:
        raise RuleBroken("offer.move", field="move", status=400)
    agrees = move == OfferMove.AGREE
    if agrees and way not in ConfirmationWay.values:
        raise RuleBroken("offer.way", field="way", status=400)
    sum_ = None if amount is None and move == OfferMove.REFUSE else amount_or_refuse(amount, "amount")
    act = Act.begin(claim, "agree" if agrees else "negotiate", by=by, at=at, version=version)
    row = act.claim
    made = Offer.objects.create(
        claim=row,
        ordinal=row.offers.count() + 1,
        move=move,
        amount=sum_,
        text=text.strip()[:300],
        way=way if agrees else "",
        made_at=act.at,
        made_by=by,
    )
    if agrees:
        act.set(agreed_amount=sum_, agreed_at=act.at, agreed_way=way, answered_at=act.at)
        act.move("agree", amount=str(sum_), confirmed_by=way)
    else:
        # after our offer the claimant has the word, after the claimant's we have it (CLM-14)
        answered_at = act.at if move == OfferMove.OFFER else None
        act.set(agreed_amount=None, agreed_at=None, agreed_way="", answered_at=answered_at)
        act.move("negotiate", code=f"claim.{move}", amount="" if sum_ is None else str(sum_), text=made.text)
    act.finish()
    return made


@transaction.atomic
def request_approval(
    *, claim: Claim, by: User, at: datetime | None = None, version: int | None = None
) -> ApprovalRequest:
    """Put the agreed payout before those who may approve it: by the sum over the waybill's live claims (CLM-08).

    Raises RuleBroken `claim.not_agreed`, `claim.waits_for_approval`.
    """
    lock_waybill(claim.waybill_id)
    act = Act.begin(claim, "request_approval", by=by, at=at, version=version)
    row = act.claim
    amount = row.agreed_amount or Decimal("0.00")
    found = policies.find("claims.approval", at=act.at)
    policy: ApprovalPolicy = found.value
    cumulative = amount + others_of_waybill(row)
    made = ApprovalRequest.objects.create(
        claim=row,
        amount=amount,
        cumulative=cumulative,
        policy_id=found.policy_id,
        requested_at=act.at,
        requested_by=by,
    )
    ApprovalStep.objects.bulk_create(
        [
            ApprovalStep(request=made, ordinal=ordinal, level=level, requested_by=by, requested_at=act.at)
            for ordinal, level in enumerate(policy.levels(cumulative), 1)
        ]
    )
    act.known["has_request"] = True
    act.note("claim.request_approval", amount=str(amount), cumulative=str(cumulative))
    act.finish()
    made.claim = row
    tell_approvers(made, at=act.at)
    return made


def others_of_waybill(row: Claim) -> Decimal:
    """What the waybill's other live claims are paid or are agreed to be paid, in yuan."""
    others = Claim.objects.live().filter(waybill=row.waybill_id).exclude(pk=row.pk)
    found: Decimal | None = others.aggregate(sum=Sum("agreed_amount"))["sum"]
    return found or Decimal("0.00")


@transaction.atomic
def sign(
    *, step: ApprovalStep, approved: bool, remark: str = "", by: User, at: datetime | None = None
) -> ApprovalRequest:
    """Give or refuse one signature; the last one approves the payout (CLM-08). A refusal says why.

    Raises RuleBroken `approval.not_yours` for whoever lacks the level, made the request or works on the claim,
    `approval.done`, `approval.order`, `approval.twice` for a second signature of one person.
    """
    row = lock(step.request.claim)
    request = ApprovalRequest.objects.select_for_update().get(pk=step.request_id)
    steps = list(request.steps.select_for_update().order_by("ordinal"))
    mine = next(one for one in steps if one.pk == step.pk)
    mine.request, request.claim = request, row
    if request.state != RequestState.WAITING or mine.approved is not None:
        raise RuleBroken("approval.done", number=row.number)
    if not may_sign(by, mine):
        raise RuleBroken("approval.not_yours", status=403, level=mine.level)
    if any(one.approved is None for one in steps if one.ordinal < mine.ordinal):
        raise RuleBroken("approval.order")
    if any(one.decided_by_id == by.pk for one in steps):
        raise RuleBroken("approval.twice")
    act = Act(row, by, at or now_db(), remark.strip()[:300], known={"has_request": True})
    if not approved:
        act.ask("decline")
    mine.approved, mine.remark, mine.decided_at, mine.decided_by = approved, act.reason, act.at, by
    mine.save(update_fields=["approved", "remark", "decided_at", "decided_by"])
    if not approved:
        _end(request, RequestState.DECLINED, act.at)
        act.set(agreed_amount=None, agreed_at=None, agreed_way="", answered_at=None)
        act.move("decline", level=mine.level)
        act.finish()
        tell_adjuster(row, "claim.declined", at=act.at, key=str(request.pk), by=by, reason=act.reason)
        return request
    if any(one.approved is None for one in steps):
        act.note("claim.signed", level=mine.level, reason=act.reason)
        act.finish()
        tell_approvers(request, at=act.at)
        return request
    _end(request, RequestState.APPROVED, act.at)
    _approve(act, request, mine.level)
    return request


def _approve(act: Act, request: ApprovalRequest, level: str) -> None:
    """The payout is fixed: what the liable parties owe follows from it (CLM-18); nothing to pay is paid at once."""
    row = act.claim
    act.set(approved_amount=request.amount, approved_at=act.at)
    act.move("approve", amount=str(request.amount), level=level)
    if request.amount == 0:
        act.move("nothing_to_pay")
    charge(act)
    settle_if_nothing_is_owed(act)
    act.finish()
    tell_adjuster(
        row, "claim.approved", at=act.at, key=str(request.pk), by=act.by, amount=str(request.amount)
    )


def _end(request: ApprovalRequest, state: str, at: datetime) -> None:
    request.state, request.decided_at = state, at
    request.save(update_fields=["state", "decided_at"])


@transaction.atomic
def withdraw_request(
    *, claim: Claim, by: User, at: datetime | None = None, version: int | None = None
) -> Claim:
    """Take the request for approval back, to change the price."""
    act = Act.begin(claim, "withdraw_request", by=by, at=at, version=version)
    request = ApprovalRequest.objects.select_for_update().get(claim=act.claim, state=RequestState.WAITING)
    _end(request, RequestState.WITHDRAWN, act.at)
    act.move("withdraw_request")
    return act.finish()
