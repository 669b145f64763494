"""What trail, clocks, notices and files of claims point at (port `servicecenter.subject`)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from claims.models import (
    Claim,
    ClaimFact,
    ClaimPaper,
    Determination,
    EvidenceRequest,
    HandlingOpinion,
    Voucher,
)
from claims.permissions import may_answer, may_see_liability
from claims.queries.desk import claims_visible_to
from claims.queries.vouchers import vouchers_visible_to
from servicecenter.subjects import Subject, kind_of


def subject_claim(*, object_id: int, user: Any | None) -> Subject | None:
    """A claim, if the user may see it."""
    rows = Claim.objects.all() if user is None else claims_visible_to(user)
    row = rows.filter(pk=object_id).first()
    return _of_claim(row, kind_of(Claim), object_id, row.number) if row else None


def _of_claim(row: Claim, kind: str, object_id: int, number: str, tab: str = "") -> Subject:
    url = reverse("claim-detail", args=[row.number]) + (f"?tab={tab}" if tab else "")
    return Subject(kind, object_id, number, row.claimant or str(row.get_kind_display()), url)


def _inside(user: Any | None, claim: Claim) -> bool:
    if user is None:
        return True
    return may_see_liability(user) and claims_visible_to(user).filter(pk=claim.pk).exists()


def subject_determination(*, object_id: int, user: Any | None) -> Subject | None:
    """A determination: for the inside alone (CLM-07)."""
    row = Determination.objects.select_related("claim").filter(pk=object_id).first()
    if row is None or not _inside(user, row.claim):
        return None
    return _of_claim(row.claim, kind_of(Determination), object_id, row.number, "liability")


def subject_opinion(*, object_id: int, user: Any | None) -> Subject | None:
    """A handling opinion: for the inside alone (CLM-16)."""
    row = HandlingOpinion.objects.select_related("determination__claim").filter(pk=object_id).first()
    if row is None or not _inside(user, row.determination.claim):
        return None
    claim = row.determination.claim
    return _of_claim(claim, kind_of(HandlingOpinion), object_id, row.determination.number, "liability")


def subject_fact(*, object_id: int, user: Any | None) -> Subject | None:
    """A fact, for the files of its evidence: for those who see liability."""
    row = ClaimFact.objects.select_related("claim").filter(pk=object_id).first()
    if row is None or not _inside(user, row.claim):
        return None
    return _of_claim(row.claim, kind_of(ClaimFact), object_id, row.claim.number)


def subject_paper(*, object_id: int, user: Any | None) -> Subject | None:
    """A paper of the checklist, for its scans: for whoever sees the claim."""
    row = ClaimPaper.objects.select_related("claim").filter(pk=object_id).first()
    if row is None or (user is not None and not claims_visible_to(user).filter(pk=row.claim_id).exists()):
        return None
    return _of_claim(row.claim, kind_of(ClaimPaper), object_id, str(row))


def subject_request(*, object_id: int, user: Any | None) -> Subject | None:
    """What a department is asked: for that department, and for those who see the claim and its liability."""
    row = EvidenceRequest.objects.select_related("claim", "department").filter(pk=object_id).first()
    if row is None:
        return None
    if user is not None and may_answer(user, row):
        url = reverse("claim-asked-one", args=[row.pk])
        return Subject(kind_of(EvidenceRequest), object_id, row.claim.number, row.text, url)
    if not _inside(user, row.claim):
        return None
    return _of_claim(row.claim, kind_of(EvidenceRequest), object_id, row.claim.number)


def subject_voucher(*, object_id: int, user: Any | None) -> Subject | None:
    """A voucher, if the user may see it."""
    rows = Voucher.objects.all() if user is None else vouchers_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(
        kind_of(Voucher), object_id, row.number, row.payee, reverse("voucher-detail", args=[row.number])
    )
