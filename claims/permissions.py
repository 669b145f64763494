"""Rights of claims, and who may see and do what with which claim (ORG-04, D7, CLM-08, CLM-15).

Claims are worked on by the claims department for the whole company: whoever holds the right to see them for it or for
another central department (the centre, settlement, finance, inspection …) sees all; any other department sees those
that its branch pays out, and those in which it or its people are parties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from claims.choices import Level
from claims.models import ApprovalStep, Claim
from organization.choices import DepartmentKind
from organization.models import Department


class Right(StrEnum):
    """The rights, as roles hold them."""

    OPEN_CLAIM = "claims.open_claim"
    VIEW_CLAIM = "claims.view_claim"
    WORK_CLAIM = "claims.work_claim"
    VIEW_LIABILITY = "claims.view_liability"
    DETERMINE_LIABILITY = "claims.determine_liability"
    OVERRIDE_LIABILITY = "claims.override_liability"
    DECIDE_OBJECTION = "claims.decide_objection"
    APPROVE_SUPERVISOR = "claims.approve_supervisor"
    APPROVE_CENTRE_MANAGER = "claims.approve_centre_manager"
    APPROVE_MANAGEMENT = "claims.approve_management"
    APPROVE_FINANCE = "claims.approve_finance"
    APPROVE_OPINION = "claims.approve_opinion"
    ISSUE_VOUCHER = "claims.issue_voucher"
    VIEW_VOUCHER = "claims.view_voucher"
    PAY_VOUCHER = "claims.pay_voucher"
    VOID_VOUCHER = "claims.void_voucher"
    REPRINT_VOUCHER = "claims.reprint_voucher"
    ANSWER_REQUEST = "claims.answer_request"
    RECORD_SETTLEMENT = "claims.record_settlement"
    EXPORT_CLAIMS = "claims.export_claims"
    REJECT_CLAIM = "claims.reject_claim"
    WRITE_OFF = "claims.write_off"
    VIEW_RULESET = "claims.view_ruleset"
    EDIT_RULESET = "claims.edit_ruleset"
    PUBLISH_RULESET = "claims.publish_ruleset"


APPROVES: dict[str, Right] = {
    Level.SUPERVISOR: Right.APPROVE_SUPERVISOR,
    Level.CENTRE_MANAGER: Right.APPROVE_CENTRE_MANAGER,
    Level.MANAGEMENT: Right.APPROVE_MANAGEMENT,
    Level.FINANCE: Right.APPROVE_FINANCE,
}
# Departments that work for the whole company on claims and their money.
CENTRAL = (
    DepartmentKind.CLAIMS,
    DepartmentKind.SERVICE_CENTRE,
    DepartmentKind.SETTLEMENT,
    DepartmentKind.FINANCE,
    DepartmentKind.INSPECTION,
    DepartmentKind.ENTERPRISE_MANAGEMENT,
)
ANY_APPROVAL = tuple(APPROVES.values())
# Who reads vouchers: those who see them, and those who pay them.
READ_VOUCHERS = (Right.VIEW_VOUCHER, Right.PAY_VOUCHER)


def home() -> Department | None:
    """The claims department: the topmost open one of that kind, else the customer service centre."""
    rows = Department.objects.filter(
        kind__in=[DepartmentKind.CLAIMS, DepartmentKind.SERVICE_CENTRE], closed_on=None
    ).order_by("path")
    found = {row.kind: row for row in reversed(rows)}
    return found.get(DepartmentKind.CLAIMS) or found.get(DepartmentKind.SERVICE_CENTRE)


def _covers(held: Iterable[str], path: str) -> bool:
    return any(path.startswith(above) for above in held)


def _central_paths() -> list[str]:
    return list(
        Department.objects.filter(kind__in=CENTRAL, closed_on=None)
        .order_by("path")
        .values_list("path", flat=True)
    )


def sees_all(user: Any) -> bool:
    """Sees every claim: holds the right to see them for a central department. Asked once per user."""
    known: bool | None = user.__dict__.get("_sees_all_claims")
    if known is None:
        held = user.rights.paths(Right.VIEW_CLAIM)
        known = bool(held) and any(_covers(held, path) for path in _central_paths())
        user.__dict__["_sees_all_claims"] = known
    return known


def holds(user: Any | None, right: str) -> bool:
    """Whether the user holds the right anywhere; None is the system, which may all."""
    return user is None or bool(user.has_right(right))


def asking(user: Any | None) -> Callable[[str], bool]:
    """`holds` for one user, as the lifecycle tables ask it."""
    return lambda right: holds(user, right)


def may_see_liability(user: Any) -> bool:
    """Determination, shares, fines and the handling opinion are for the inside (CLM-07, CLM-16)."""
    return holds(user, Right.VIEW_LIABILITY)


def may_sign(user: Any, step: ApprovalStep) -> bool:
    """Holds the level of the signature and is not one of the makers (CLM-08); `step.request.claim` must be loaded."""
    makers = {step.requested_by_id, step.request.claim.adjuster_id}
    return user.pk not in makers and holds(user, APPROVES[step.level])


def may_answer(user: Any, request: Any) -> bool:
    """Answers for the department that is asked (CLM-03)."""
    return _covers(user.rights.paths(Right.ANSWER_REQUEST), request.department.path)


def may_work(user: Any | None, claim: Claim) -> bool:
    """Works on claims, and this one is open."""
    return claim.is_open and holds(user, Right.WORK_CLAIM)


def can_pay(user: Any) -> bool:
    """Pays vouchers at the counter."""
    return holds(user, Right.PAY_VOUCHER)
