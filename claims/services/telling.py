"""Who is told of what: adjusters, approvers, liable parties (CLM-01, CLM-08, CLM-15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.models import (
    ApprovalRequest,
    Claim,
    Determination,
    EvidenceRequest,
    FineProposal,
    InvestigationResult,
    Share,
)
from claims.permissions import APPROVES, Right, home
from organization.models import User
from organization.queries import holders
from servicecenter import notices


def tell_adjusters(row: Claim, code: str, *, at: datetime) -> None:
    """The claims department, that a claim waits to be taken."""
    notices.tell_all(
        holders(Right.WORK_CLAIM, home(), at=at),
        code,
        about=row,
        at=at,
        key=row.number,
        number=row.number,
        claim_kind=row.kind,
        waybill=row.waybill.number,
    )


def tell_approvers(request: ApprovalRequest, *, at: datetime) -> None:
    """Whoever may give the next signature."""
    step = request.steps.filter(approved=None).order_by("ordinal").first()
    if step is None:
        return
    row = request.claim
    people = holders(APPROVES[step.level], at=at).exclude(
        pk__in=[pk for pk in (request.requested_by_id, row.adjuster_id) if pk]
    )
    notices.tell_all(
        people,
        "claim.to_approve",
        about=row,
        at=at,
        key=f"{request.pk}:{step.ordinal}",
        number=row.number,
        amount=str(request.amount),
    )


def tell_asked(request: EvidenceRequest, *, at: datetime) -> None:
    """Who answers for the department that is asked."""
    notices.tell_all(
        holders(Right.ANSWER_REQUEST, request.department, at=at),
        "claim.evidence_asked",
        about=request,
        at=at,
        key=str(request.pk),
        number=request.claim.number,
        text=request.text[:120],
    )


def tell_confirmers(result: InvestigationResult, *, at: datetime) -> None:
    """Whoever may confirm the result, but for those who made it."""
    makers = [pk for pk in (result.reported_by_id, result.claim.adjuster_id) if pk]
    notices.tell_all(
        holders(APPROVES[result.level], at=at).exclude(pk__in=makers),
        "claim.to_confirm",
        about=result.claim,
        at=at,
        key=f"result:{result.pk}",
        number=result.claim.number,
    )


def tell_adjuster(
    row: Claim, code: str, *, at: datetime, key: str, by: User | None = None, **params: Any
) -> None:
    """The claim's adjuster, unless it is the one who acts."""
    if row.adjuster is not None and (by is None or row.adjuster_id != by.pk):
        notices.tell([row.adjuster], code, about=row, at=at, key=key, number=row.number, **params)


def tell_liable(
    determination: Determination,
    shares: list[Share],
    fines: list[FineProposal],
    *,
    amounts: dict[int, str],
    at: datetime,
) -> None:
    """Each liable party inside the company in writing: rule, share, amount, fine (CLM-15)."""
    row = determination.claim
    told: dict[str, dict[str, Any]] = {}
    for share in shares:
        if share.key:
            words = told.setdefault(share.key, {"bound": share, "share": "", "amount": "", "fine": ""})
            words["share"], words["amount"] = str(share.fraction), amounts.get(share.pk, "")
    for fine in fines:
        if fine.key:
            words = told.setdefault(fine.key, {"bound": fine, "share": "", "amount": "", "fine": ""})
            span = (
                f"{fine.minimum:f}" if fine.minimum == fine.maximum else f"{fine.minimum:f}–{fine.maximum:f}"
            )
            words["fine"] = ", ".join(part for part in (words["fine"], f"{fine.rule} ¥{span}") if part)
    for key, words in told.items():
        people = _people_of(words["bound"])
        if people is None:
            continue
        code = "claim.liable" if words["share"] else "claim.fined"
        notices.tell(
            people,
            code,
            about=row,
            at=at,
            key=f"{determination.number}:{key}",
            number=row.number,
            outcome=determination.outcome,
            share=words["share"],
            amount=words["amount"],
            fine=words["fine"],
        )


def _people_of(bound: Share | FineProposal) -> list[User] | None:
    """The person's login, or who answers for the department; None for someone outside."""
    if bound.employee_id is not None:
        return list(User.objects.filter(employee_id=bound.employee_id, is_active=True))
    if bound.department is not None:
        return list(holders("complaints.hand_in_statement", bound.department))
    return None
