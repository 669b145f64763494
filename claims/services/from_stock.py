"""What the stock lost on its way becomes a claim like any other (port inventory.claim; LED-06, INV-82)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from claims.choices import ClaimKind
from claims.domain.intake import ClaimIntake
from claims.permissions import home
from claims.services.opening import open_claim
from customers.models import Waybill
from servicecenter.kernel.errors import RuleBroken
from servicecenter.subjects import kind_of


@transaction.atomic
def open_from_stock(
    *,
    waybill: str,
    incident_on: date,
    is_damage: bool,
    amount: Decimal | None,
    claimant: str,
    report: str,
    by: Any | None,
    at: datetime,
) -> tuple[str, str, str]:
    """Open the claim on the waybill the goods travelled with; (kind, public id, number) of it.

    The branch that pays is the waybill's own, else the claims department.
    The stock's own right stands behind it: the asking side proved the loss and its approval. Raises RuleBroken
    `claim.no_waybill`, `claim.duplicate`, `claim.branch`.
    """
    bill = Waybill.objects.filter(number=waybill.replace(" ", "")).first()
    if bill is None:
        raise RuleBroken("claim.no_waybill", field="waybill", status=400)
    office = home()
    branch = bill.destination_id or bill.origin_id or (office.pk if office is not None else None)
    if branch is None:
        raise RuleBroken("claim.branch", field="waybill", status=400)
    row = open_claim(
        intake=ClaimIntake(
            kind=(ClaimKind.DAMAGE if is_damage else ClaimKind.LOSS).value,
            incident_on=incident_on,
            branch_id=branch,
            claimant=claimant,
            claimed_amount=amount,
            goods_value=amount,
            incident_report=report,
            reporter=by.name if by is not None else "",
        ),
        waybill=bill,
        by=None,
        at=at,
    )
    return kind_of(row), row.public_id, row.number
