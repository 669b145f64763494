"""What may be done with a claim now, on both tracks, and why not (CLM-02)."""

from __future__ import annotations

from typing import Any

from claims.choices import BEFORE_APPROVAL, LIVE_VOUCHERS, ClaimKind
from claims.domain.lifecycle import LIABILITY, PAYOUT
from claims.models import ApprovalRequest, Claim, FoundGoods, Objection, Share, Voucher
from claims.permissions import asking, may_see_liability
from claims.queries.checklist import missing_papers
from servicecenter.kernel.lifecycle import Answer, Lifecycle

# States with a step that a missing paper stops.
PAPERS_COUNT_IN = (*BEFORE_APPROVAL, "paid")
# Acts of the system, or with a place of their own (signatures, vouchers): no buttons of the claim's head.
INNER = frozenset(
    {
        "approve", "decline", "nothing_to_pay", "last_voucher_void", "all_paid", "void_voucher", "pay_voucher",
        "issue_voucher", "reissue_voucher", "agree", "uphold", "dismiss", "recover", "determine_provisionally",
    }
)  # fmt: skip


def actions_of(claim: Claim, user: Any) -> list[Answer]:
    """Every act of the payout track with why it is refused, for the buttons."""
    return _offered(PAYOUT, claim.state, claim, user)


def liability_actions_of(claim: Claim, user: Any) -> list[Answer]:
    """Every act of the liability track; nothing for those who do not see it."""
    return _offered(LIABILITY, claim.liability_state, claim, user) if may_see_liability(user) else []


def _offered(table: Lifecycle, state: str, claim: Claim, user: Any) -> list[Answer]:
    answers = table.offered(state=state, facts=guard_facts(claim), has_right=asking(user))
    return [answer for answer in answers if answer.action.code not in INNER]


def guard_facts(row: Claim) -> dict[str, Any]:
    """What the tables' guards ask of a claim."""
    return {
        "missing": missing_papers(row) if row.state in PAPERS_COUNT_IN else {},
        "has_request": ApprovalRequest.objects.filter(claim=row, state="waiting").exists(),
        "has_lines": row.lines.exists(),
        "is_agreed": row.agreed_amount is not None,
        "has_voucher": Voucher.objects.filter(claim=row, state__in=LIVE_VOUCHERS).exists(),
        "is_settled": row.liability_state in ("recovered", "written_off"),
        "has_objection": Objection.objects.filter(determination__claim=row, decided_at=None).exists(),
        "is_loss": row.kind == ClaimKind.LOSS,
        "found_choice": _found_choice(row),
        "has_shares": Share.objects.filter(determination__claim=row).exists(),
    }


def _found_choice(row: Claim) -> str:
    """What the customer chose when the goods of a loss were found (CLM-19); '' for other claims and till then."""
    if row.kind != ClaimKind.LOSS:
        return ""
    return FoundGoods.objects.filter(claim=row).values_list("choice", flat=True).first() or ""
