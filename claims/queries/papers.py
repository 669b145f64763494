"""What stands on the papers of a claim, frozen with them: voucher, stub, handling opinion (CLM-07, CLM-09, CLM-16)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from claims.domain.money import capitals
from claims.domain.ruleset import RuleSet
from claims.models import Claim, Determination, HandlingOpinion, Voucher
from claims.queries.rulesets import rules_of
from organization.models import User
from servicecenter.clock import business_date

SCRIPTS = ("zh-Hans", "zh-Hant")


def pieces_of(row: Claim) -> int:
    """How many pieces the claim is about."""
    found: int | None = row.lines.aggregate(sum=Sum("pieces"))["sum"]
    return found or 0


def goods_of(row: Claim) -> str:
    """Goods and pieces in one line, in the active language."""
    lines = [
        _("%(goods)s, %(n)s pieces") % {"goods": line.goods, "n": line.pieces}
        for line in row.lines.order_by("ordinal")
    ]
    return "；".join(lines)[:200]


def cause_of(row: Claim) -> str:
    """Why it is paid, in the active language; nothing of who bears it (CLM-07)."""
    pieces = pieces_of(row)
    words = {"kind": row.get_kind_display(), "n": pieces}
    return (_("%(kind)s, %(n)s pieces, agreed by both sides") % words)[:200]


def voucher_data(row: Voucher, *, code: str) -> dict[str, Any]:
    """The customer's part: never shares or fines (CLM-07). `code` is the QR code's random text."""
    return {"qr": settings.SITE_URL + reverse("counter") + f"?number={code}", **_face(row)}


def _face(row: Voucher) -> dict[str, Any]:
    claim = row.claim
    return {
        "number": row.number,
        "payee": row.payee,
        "payee_kind": row.part.payee_kind,
        "identity_last_four": row.identity_last_four,
        "amount": f"{row.amount:.2f}",
        "capitals": {script: capitals(row.amount, script) for script in SCRIPTS},
        "waybill": claim.waybill.number,
        "claim": claim.number,
        "goods": row.goods,
        "cause": row.cause,
        "issued_on": row.issued_on.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "branch": claim.branch.names,
        "method": row.part.method,
        "handled_by": str(claim.adjuster or row.issued_by),
        "approved_by": approvers_of(claim),
        "replaces": row.replaces.number if row.replaces else "",
        "language": row.language,
    }


def approvers_of(row: Claim) -> list[str]:
    """Who signed the approved payout, in order."""
    request = row.approvals.filter(state="approved").order_by("-pk").first()
    if request is None:
        return []
    steps = request.steps.select_related("decided_by__employee").order_by("ordinal")
    return [str(step.decided_by) for step in steps]


def stub_data(row: Voucher, determination: Determination) -> dict[str, Any]:
    """The inside stub: the voucher without its code, and the split."""
    return {**_face(row), **split_data(determination)}


def split_data(determination: Determination) -> dict[str, Any]:
    """Determination, shares and fines as papers print them; amounts where the payout is approved."""
    rules: RuleSet = rules_of(determination.ruleset)
    posted = charged(determination)
    sentence: dict[str, str] = {}
    if any(row.id == determination.outcome for row in rules.rows):
        sentence = dict(rules.row(determination.outcome).sentence)
    return {
        "determination": {
            "number": determination.number,
            "outcome": determination.outcome,
            "sub_code": determination.sub_code,
            "ruleset": determination.ruleset.code,
            "status": determination.status,
            "sentence": sentence,
            "reason": determination.reason,
            "also_matched": determination.also_matched,
            "by": str(determination.determined_by),
            "on": business_date(determination.determined_at).isoformat(),
        },
        "shares": [
            {
                "party": share.party,
                "who": share.who,
                "share": str(share.fraction),
                "amount": f"{posted[share.pk]:.2f}" if share.pk in posted else "",
            }
            for share in determination.shares.select_related("employee", "department").order_by("ordinal")
        ],
        "fines": [
            {
                "rule": fine.rule,
                "party": fine.party,
                "who": fine.who,
                "min": f"{fine.minimum:.2f}",
                "max": f"{fine.maximum:.2f}",
            }
            for fine in determination.fines.select_related("employee", "department").order_by("pk")
        ],
    }


def charged(determination: Determination) -> dict[int, Decimal]:
    """Share id → what its party is charged now; empty before the payout is approved."""
    rows = (
        determination.claim.entries.filter(
            share__determination=determination, kind__in=["charge", "reversal"]
        )
        .values("share_id")
        .annotate(sum=Sum("amount"))
        .order_by("share_id")
    )
    return {item["share_id"]: item["sum"] for item in rows}


def opinion_data(
    opinion: HandlingOpinion, *, approved_by: User, at: datetime, language: str
) -> dict[str, Any]:
    """The handling opinion: cause, payout, shares, fines; for the inside alone (CLM-16)."""
    determination = opinion.determination
    claim = determination.claim
    assessment = claim.assessments.order_by("-ordinal").first()
    with translation.override(language):
        goods = goods_of(claim)
    amount = claim.approved_amount
    if amount is None:
        amount = claim.agreed_amount if claim.agreed_amount is not None else claim.assessed_amount
    return {
        "claim": claim.number,
        "waybill": claim.waybill.number,
        "kind": claim.kind,
        "incident_on": claim.incident_on.isoformat(),
        "claimant": claim.claimant,
        "goods": goods,
        "cause": opinion.cause,
        "measures": opinion.measures,
        "facts": [[name, value] for name, value in determination.facts.items()],
        "payout": {
            "amount": f"{amount or Decimal(0):.2f}",
            "steps": assessment.steps if assessment else [],
        },
        "drawn_up_by": str(opinion.drawn_up_by),
        "approved_by": str(approved_by),
        "approved_at": business_date(at).isoformat(),
        **split_data(determination),
    }
