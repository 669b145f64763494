"""The checklist of a claim's papers: what each step needs, what has come in, what was printed (CLM-02, CLM-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.choices import BEFORE_APPROVAL, Paper
from claims.domain.papers import PaperPolicy, missing
from claims.models import Claim, ClaimPaper, Insurance, Salvage
from claims.queries.papers import goods_of, pieces_of
from servicecenter import attachments, policies
from servicecenter.clock import business_date
from servicecenter.models import Attachment, IssuedDocument
from servicecenter.subjects import kind_of

LETTER = "claims.missing_papers"
CLOSING = {"release": "claims.release", "assignment": "claims.assignment", "salvage": "claims.salvage"}
# What is printed for the customer, whom it shows neither shares nor fines (CLM-07).
FOR_CUSTOMERS = (LETTER, *CLOSING.values())


@dataclass(frozen=True)
class Item:
    """One paper of the checklist: for which step it is needed ('' none), whether and when it came, its scans."""

    paper: str
    step: str
    row: ClaimPaper | None
    in_words: bool
    files: Sequence[Attachment]

    @property
    def is_there(self) -> bool:
        """Received, or written down in the claim itself."""
        return self.row is not None or self.in_words


@dataclass(frozen=True)
class Checklist:
    """All papers of a claim, and the documents printed for it."""

    items: Sequence[Item]
    printed: Sequence[IssuedDocument]

    @property
    def missing(self) -> list[Item]:
        """What a step still lacks."""
        return [item for item in self.items if item.step and not item.is_there]


def policy_of_papers(claim: Claim) -> PaperPolicy:
    """What is required for such a claim, as it stood when it was reported (D19)."""
    found: PaperPolicy = policies.value("claims.papers", key=claim.kind, at=claim.reported_at)
    return found


def _in_words(claim: Claim) -> set[str]:
    """An incident report that is written down with who signed it is there (CLM-01)."""
    return {Paper.INCIDENT_REPORT.value} if claim.incident_report and claim.reporter else set()


def missing_papers(claim: Claim) -> dict[str, tuple[str, ...]]:
    """Step → papers that it lacks, of the steps that lie ahead: what closing needs is not asked before the approval."""
    there = set(claim.papers.values_list("paper", flat=True)) | _in_words(claim)
    before = claim.state in BEFORE_APPROVAL
    found = missing(policy_of_papers(claim), there)
    return {step: papers for step, papers in found.items() if (step != "close") is before}


def checklist(claim: Claim) -> Checklist:
    """The papers required and received, in the order of the steps."""
    rows = {row.paper: row for row in claim.papers.select_related("received_by__employee")}
    files = attachments.of_many(ClaimPaper, [row.pk for row in rows.values()])
    steps: dict[str, str] = {}
    for step, papers in policy_of_papers(claim).steps.items():
        for paper in papers:
            steps.setdefault(paper, step)
    wanted = [*steps, *(paper for paper in Paper.values if paper in rows and paper not in steps)]
    written = _in_words(claim)
    items = [
        Item(
            paper,
            steps.get(paper, ""),
            rows.get(paper),
            paper in written,
            files.get(rows[paper].pk, []) if paper in rows else [],
        )
        for paper in wanted
    ]
    printed = IssuedDocument.objects.filter(
        kind=kind_of(Claim), object_id=claim.pk, code__in=FOR_CUSTOMERS
    ).order_by("-issued_at", "-pk")
    return Checklist(items, list(printed))


def letter_data(claim: Claim, papers: Sequence[str], *, by: Any, at: datetime) -> dict[str, Any]:
    """The letter that names what is missing; nothing of the inside."""
    return {**_head(claim), "papers": list(papers), "by": str(by), "on": business_date(at).isoformat()}


def closing_data(claim: Claim, *, by: Any, at: datetime) -> dict[str, Any]:
    """Release, assignment of rights, salvage: what both sides sign (CLM-20)."""
    amount = claim.approved_amount if claim.approved_amount is not None else claim.agreed_amount
    insurance = Insurance.objects.filter(claim=claim).first()
    salvage = Salvage.objects.filter(claim=claim).first()
    return {
        **_head(claim),
        "insurer": insurance.insurer if insurance else "",
        "policy_number": insurance.policy_number if insurance else "",
        "salvage": (
            {"keeper": salvage.keeper, "value": f"{salvage.value:.2f}", "note": salvage.note}
            if salvage
            else None
        ),
        "amount": f"{amount:.2f}" if amount is not None else "",
        "pieces": pieces_of(claim),
        "by": str(by),
        "on": business_date(at).isoformat(),
    }


def _head(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.number,
        "waybill": claim.waybill.number,
        "kind": claim.kind,
        "claimant": claim.claimant,
        "incident_on": claim.incident_on.isoformat(),
        "goods": goods_of(claim) or claim.waybill.goods,
        "branch": claim.branch.names,
    }
