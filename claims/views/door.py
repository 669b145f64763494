"""The door of every claims page: who may enter, and the claim or voucher that one may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import queries
from claims.models import Claim, Voucher
from claims.permissions import Right
from complaints.views.door import kept_files
from organization.permissions import me
from servicecenter.components import Crumb

__all__ = ["READ", "claim_or_404", "crumbs", "kept_files", "refused", "voucher_or_404"]

READ = (Right.VIEW_CLAIM,)


def claim_or_404(request: HttpRequest, number: str) -> Claim:
    """The claim of that number; one that the user may not see is not there (404)."""
    try:
        return queries.claim_for(me(request), number)
    except Claim.DoesNotExist as problem:
        raise Http404 from problem


def voucher_or_404(request: HttpRequest, number: str) -> Voucher:
    """The voucher of that number, with its claim and part."""
    found = (
        queries.vouchers_visible_to(me(request))
        .select_related(
            "claim__waybill", "claim__branch", "part", "branch", "paid_by", "issued_by", "voided_by"
        )
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def crumbs(claim: Claim, last: str = "") -> list[Crumb]:
    """Claims › number › what is done."""
    path = [Crumb(_("Claims"), reverse("claim-list"))]
    if not last:
        return [*path, Crumb(claim.number)]
    return [*path, Crumb(claim.number, reverse("claim-detail", args=[claim.number])), Crumb(last)]


def refused(form: Any) -> int:
    """The status of a page with its form: 422 when the form was sent and came back."""
    return 422 if form.is_bound else 200
