"""One claim with everything that belongs to it, in a fixed number of statements; liability only with the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, Sum
from django.utils.translation import gettext as _

from claims.choices import ClaimKind, DeterminationStatus, FoundChoice
from claims.domain.payout import work_out
from claims.models import (
    ApprovalRequest,
    ApprovalStep,
    Assessment,
    Claim,
    ClaimFact,
    ClaimParty,
    Determination,
    FoundGoods,
    GoodsLine,
    HandlingOpinion,
    Instalment,
    Insurance,
    InvestigationResult,
    Objection,
    Offer,
    OutsideRecovery,
    Part,
    Salvage,
    Share,
    Voucher,
)
from claims.permissions import may_see_liability
from claims.queries.clocks import clocks_of_claim, policy_of
from claims.queries.inquiry import requests_of, results_of
from claims.queries.payouts import case_of
from claims.reasons import PAYOUT_WARNINGS, step_text
from customers.choices import EventKind
from deadlines.queries import ClockView
from servicecenter import attachments, figures, policies
from servicecenter.clock import now_db
from servicecenter.i18n import listed
from servicecenter.models import Attachment


@dataclass(frozen=True)
class Balance:
    """What a liable party owes: charged less reversed, recovered or written off, still open."""

    party: str
    who: str
    charged: Decimal
    recovered: Decimal
    open: Decimal


@dataclass(frozen=True)
class ClaimCard:
    """A claim page's data. Facts, parties, determinations, opinion and objections are empty without the right."""

    claim: Claim
    lines: Sequence[GoodsLine]
    facts: Sequence[ClaimFact]
    parties: Sequence[ClaimParty]
    offers: Sequence[Offer]
    assessment: Assessment | None
    assessments: Sequence[Assessment]
    request: ApprovalRequest | None
    requests: Sequence[ApprovalRequest]
    determination: Determination | None
    determinations: Sequence[Determination]
    parts: Sequence[Part]
    vouchers: Sequence[Voucher]
    opinion: HandlingOpinion | None
    objections: Sequence[Objection]
    balances: Sequence[Balance]
    warnings: Sequence[str]
    files: Sequence[Attachment]
    clocks: Sequence[ClockView]
    asked: Sequence[Any]
    results: Sequence[InvestigationResult]
    insurance: Insurance | None
    salvage: Salvage | None
    found: FoundGoods | None
    outside: Sequence[OutsideRecovery]
    instalments: Sequence[Instalment]


def claim_card(claim: Claim, user: Any) -> ClaimCard:
    """Everything of one claim that the user may see."""
    sees = may_see_liability(user)
    steps = ApprovalStep.objects.select_related("decided_by__employee").order_by("ordinal")
    requests = list(
        claim.approvals.select_related("requested_by__employee")
        .prefetch_related(Prefetch("steps", steps))
        .order_by("-requested_at", "-pk")
    )
    assessments = list(claim.assessments.order_by("ordinal"))
    determinations = _determinations(claim) if sees else []
    # a provisional one does not shake what stands already
    firm = [row for row in determinations if row.status != DeterminationStatus.PROVISIONAL]
    standing = firm or determinations
    last = standing[-1] if standing else None
    facts = list(claim.facts.order_by("pk")) if sees else []
    found = FoundGoods.objects.filter(claim=claim).first() if claim.kind == ClaimKind.LOSS else None
    return ClaimCard(
        claim=claim,
        lines=list(claim.lines.order_by("ordinal")),
        facts=facts,
        parties=list(claim.parties.select_related("employee", "department").order_by("role")) if sees else [],
        offers=list(claim.offers.select_related("made_by__employee").order_by("ordinal")),
        assessment=assessments[-1] if assessments else None,
        assessments=assessments,
        request=next((row for row in requests if row.state == "waiting"), None),
        requests=requests,
        determination=last,
        determinations=determinations,
        parts=list(claim.parts.filter(replaced_at=None).order_by("ordinal")),
        vouchers=list(
            claim.vouchers.select_related("branch", "issued_by", "paid_by", "claim").order_by(
                "issued_at", "pk"
            )
        ),
        opinion=_opinion(claim) if sees else None,
        objections=_objections(claim) if sees else [],
        balances=_balances(claim) if sees else [],
        warnings=[*warnings_of(claim), *_found_again(claim, found)],
        files=_files(claim, facts),
        clocks=clocks_of_claim(claim),
        asked=requests_of(claim) if sees else [],
        results=results_of(claim) if sees else [],
        insurance=Insurance.objects.filter(claim=claim).first(),
        salvage=Salvage.objects.filter(claim=claim).first(),
        found=found,
        outside=list(claim.outside.select_related("received_by__employee").order_by("pk")),
        instalments=_instalments(claim) if sees else [],
    )


def _determinations(claim: Claim) -> list[Determination]:
    rows = claim.determinations.select_related("ruleset", "determined_by__employee", "claim")
    return list(rows.order_by("ordinal"))


def _opinion(claim: Claim) -> HandlingOpinion | None:
    rows = HandlingOpinion.objects.filter(determination__claim=claim).select_related(
        "drawn_up_by__employee", "approved_by__employee", "document"
    )
    return rows.order_by("-determination__ordinal").first()


def _objections(claim: Claim) -> list[Objection]:
    rows = Objection.objects.filter(determination__claim=claim).select_related(
        "share__employee", "share__department", "decided_by__employee"
    )
    return list(rows.order_by("-filed_at", "-pk"))


def _balances(claim: Claim) -> list[Balance]:
    """What each party was charged, has paid and owes; what the company bears is not owed (CLM-11)."""
    rows = (
        Share.objects.filter(entries__claim=claim)
        .annotate(
            charged=Sum("entries__amount", filter=Q(entries__kind__in=["charge", "reversal"])),
            owed=Sum("entries__amount"),
        )
        .select_related("employee", "department")
        .order_by("determination__ordinal", "ordinal")
    )
    found = []
    for row in rows:
        charged = row.charged or Decimal("0.00")
        if charged:
            open_still = Decimal("0.00") if row.party == "company" else row.owed
            found.append(Balance(row.party, row.who, charged, charged - row.owed, open_still))
    return found


def _instalments(claim: Claim) -> list[Instalment]:
    rows = Instalment.objects.filter(share__determination__claim=claim, replaced_at=None)
    return list(rows.select_related("share__employee", "share__department").order_by("month", "pk"))


def _files(claim: Claim, facts: Sequence[ClaimFact]) -> list[Attachment]:
    """What is attached to the claim, and the evidence of its facts for those who see these."""
    found = list(attachments.of(claim))
    for rows in attachments.of_many(ClaimFact, [fact.pk for fact in facts]).values():
        found += rows
    return found


def warnings_of(claim: Claim) -> list[str]:
    """What the adjuster is warned of; none of it refuses anything (CLM-13, CLM-19)."""
    terms = policy_of(claim)
    found = []
    if late := _late_notice(claim, terms):
        found.append(late)
    declared = claim.declared_value
    others = (
        Claim.objects.live()
        .filter(waybill=claim.waybill_id)
        .aggregate(total=Sum("approved_amount"), agreed=Sum("agreed_amount"))
    )
    total = others["total"] or others["agreed"]
    if declared is not None and total is not None and total > declared:
        found.append(
            _("The payouts of this waybill, %(sum)s, pass its declared value, %(declared)s.")
            % {"sum": figures.money(total), "declared": figures.money(declared)}
        )
    found += _same_payee(claim, terms)
    return found


def _late_notice(claim: Claim, terms: Any) -> str:
    """Late notice of damage or loss warns the adjuster and never refuses by itself (CLM-19)."""
    if claim.noticed_at is None:
        return ""
    signed = (
        claim.waybill.events.filter(kind=EventKind.SIGNED, is_void=False)
        .order_by("-occurred_at")
        .values_list("occurred_at", flat=True)
        .first()
    )
    if signed is None or claim.receipt_remarked:
        return ""
    limit = timedelta(days=terms.hidden_days) if claim.hidden_damage else timedelta(hours=terms.notice_hours)
    if claim.noticed_at - signed <= limit:
        return ""
    if claim.hidden_damage:
        return _("Notice came later than %(n)s days after the signed receipt was given without remarks.") % {
            "n": terms.hidden_days
        }
    return _("Notice came later than %(n)s hours after the signed receipt was given without remarks.") % {
        "n": terms.notice_hours
    }


def _found_again(claim: Claim, found: FoundGoods | None) -> list[str]:
    """The goods of a loss are there again: the customer is to be asked, or takes them after all (CLM-19)."""
    if found is None or (not claim.is_open and found.choice != FoundChoice.GOODS):
        return []
    if not found.choice:
        return [_("The goods were found. Ask the customer: goods or money?")]
    if found.choice == FoundChoice.GOODS and claim.approved_amount:
        return [
            _("The customer takes the goods that were found: void what is not paid yet, ask back what is.")
        ]
    return []


def _same_payee(claim: Claim, terms: Any) -> list[str]:
    """The same payee's telephone or account within some days (CLM-13)."""
    mine = list(claim.parts.filter(replaced_at=None))
    telephones = [part.telephone for part in mine if part.telephone]
    accounts = [part.account_hash for part in mine if part.account]
    if not telephones and not accounts:
        return []
    since = now_db() - timedelta(days=terms.payee_days)
    numbers = (
        Part.objects.filter(Q(telephone__in=telephones) | Q(account_hash__in=accounts), made_at__gte=since)
        .exclude(claim=claim)
        .order_by("claim__number")
        .values_list("claim__number", flat=True)
        .distinct()[:5]
    )
    found = listed(numbers)
    return [_("The same payee was paid on %(claims)s lately.") % {"claims": found}] if found else []


@dataclass(frozen=True)
class StepLine:
    """One line of the computation in words, and the amount after it."""

    text: str
    amount: Decimal | None


@dataclass(frozen=True)
class PayoutCard:
    """A computation as the page shows it (CLM-06)."""

    method: str
    amount: Decimal
    steps: Sequence[StepLine]
    warnings: Sequence[str]


def payout_of(assessment: Assessment) -> PayoutCard:
    """An assessment in the reader's words."""
    return PayoutCard(
        assessment.method,
        assessment.amount,
        [
            StepLine(step_text(step["code"], step.get("params") or {}), Decimal(step["amount"]))
            for step in assessment.steps
        ],
        [str(PAYOUT_WARNINGS.get(code, code)) for code in assessment.warnings],
    )


def payout_preview(claim: Claim, exclusion: str = "") -> PayoutCard:
    """What assessing would give now; writes nothing."""
    case = case_of(claim, exclusion=exclusion)
    found = work_out(case, policies.value("claims.payout", at=claim.reported_at))
    return PayoutCard(
        str(found.method),
        found.amount,
        [StepLine(step_text(step.code, step.params), step.amount) for step in found.steps],
        [str(PAYOUT_WARNINGS.get(code, code)) for code in found.warnings],
    )
