"""Papers of a claim: received, asked for by letter, printed to be signed (CLM-01, CLM-02, CLM-20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from claims.choices import Paper
from claims.models import Claim, ClaimPaper
from claims.queries.checklist import CLOSING, LETTER, closing_data, letter_data, missing_papers
from claims.services.acting import Act
from organization.models import User
from servicecenter import attachments as files
from servicecenter import pdf
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IssuedDocument

LETTER_TEMPLATE, CLOSING_TEMPLATE = "claims/paper/missing.html", "claims/paper/{}.html"


@transaction.atomic
def receive_papers(
    *,
    claim: Claim,
    papers: Sequence[str],
    note: str = "",
    attachments: Sequence[str] = (),
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> list[ClaimPaper]:
    """Papers have come in; the scans belong to each of them. One that came before keeps its day, and gets the scans.

    Raises RuleBroken `paper.none`, `paper.several` for scans of several papers at once.
    """
    wanted = list(dict.fromkeys(papers))
    if not wanted or set(wanted) - set(Paper.values):
        raise RuleBroken("paper.none", field="papers", status=400)
    if attachments and len(wanted) > 1:
        raise RuleBroken("paper.several", field="papers", status=400)
    act = Act.begin(claim, "receive_papers", by=by, at=at, version=version)
    known = {row.paper: row for row in act.claim.papers.all()}
    made = [
        ClaimPaper(claim=act.claim, paper=paper, note=note.strip()[:200], received_at=act.at, received_by=by)
        for paper in wanted
        if paper not in known
    ]
    ClaimPaper.objects.bulk_create(made)
    rows = {row.paper: row for row in [*known.values(), *made]}
    files.bind(public_ids=attachments, to=rows[wanted[0]], by=by, at=act.at, role="paper")
    act.note("claim.receive_papers", papers=",".join(wanted), text=note.strip()[:200])
    act.finish()
    return [rows[paper] for paper in wanted]


@transaction.atomic
def print_letter(
    *, claim: Claim, language: str = "zh-hans", by: User, at: datetime | None = None
) -> IssuedDocument:
    """The letter to the claimant that names every missing paper (CLM-02). Raises RuleBroken `paper.nothing_missing`."""
    act = Act.begin(claim, "print_letter", by=by, at=at)
    lacking = list(dict.fromkeys(paper for papers in missing_papers(act.claim).values() for paper in papers))
    # An incident report is written by our own people: the claimant is not asked for it.
    lacking = [paper for paper in lacking if paper != Paper.INCIDENT_REPORT]
    if not lacking:
        raise RuleBroken("paper.nothing_missing")
    with translation.override(_language(language)):
        data = letter_data(act.claim, lacking, by=by, at=act.at)
    return _printed(act, LETTER, LETTER_TEMPLATE, data, language)


@transaction.atomic
def print_paper(
    *, claim: Claim, paper: str, language: str = "zh-hans", by: User, at: datetime | None = None
) -> IssuedDocument:
    """A closing paper to be signed: release, assignment of rights, salvage (CLM-20). Never shares or fines (CLM-07).

    Raises RuleBroken `paper.kind`, `paper.no_price` while no price is agreed.
    """
    if paper not in CLOSING:
        raise RuleBroken("paper.kind", field="paper", status=400)
    act = Act.begin(claim, "print_paper", by=by, at=at)
    if act.claim.agreed_amount is None:
        raise RuleBroken("paper.no_price")
    with translation.override(_language(language)):
        data = closing_data(act.claim, by=by, at=act.at)
    return _printed(act, CLOSING[paper], CLOSING_TEMPLATE.format(paper), data, language)


def _language(code: str) -> str:
    if code not in dict(settings.LANGUAGES):
        raise RuleBroken("voucher.language", field="language", status=400)
    return code


def _printed(act: Act, code: str, template: str, data: dict[str, object], language: str) -> IssuedDocument:
    made = pdf.store_document(
        code=code, template=template, data=data, of=act.claim, language=language, by=act.by, at=act.at
    )
    act.finish()
    return made
