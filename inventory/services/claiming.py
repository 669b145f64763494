"""A loss in transit, or goods that arrived lost or damaged, offered to claims (INV-82, LED-06)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from inventory.domain import lifecycle
from inventory.models import Document, DocumentLine
from inventory.queries.facts import document_facts, document_rights, home_of
from inventory.queries.scope import stock_policy
from inventory.services.rows import locked_document
from servicecenter import ports
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform

PORT, ANSWERED_BY = "inventory.claim", "claims"


@transaction.atomic
def claim_loss(
    *,
    document: Document,
    waybill: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> str:
    """Have a claim opened for what an audited document says is lost; its number. The document keeps kind and public id.

    Amount: the sum of the lines, where each has a price. Raises RuleBroken `document.claim_none`,
    `document.claimed_already`, `document.claims_away`, and what claims refuse.
    """
    row = locked_document(document, version=version)
    moment = at or now_db()
    rights = document_rights(by, row, at=moment)
    facts = document_facts(row, by, policy=stock_policy(at=moment), actions=("claim",))
    answer = lifecycle.DOCUMENT.decide("claim", state=row.state, facts=facts, has_right=rights)
    if answer.allowed and not waybill.strip():
        raise RuleBroken("document.field_needed", field="waybill", status=400)
    opened = _opened(row, waybill.strip(), by, moment) if answer.allowed else ("", "", "")
    kind, public_id, number = opened
    perform(
        lifecycle.DOCUMENT,
        row,
        "claim",
        by=by,
        at=moment,
        has_right=rights,
        facts=facts,
        changes={"claim_kind": kind, "claim_public_id": public_id},
        claim=number,
        waybill=waybill.strip(),
    )
    return number


def _opened(row: Document, waybill: str, by: Any | None, at: datetime) -> tuple[str, str, str]:
    lines = list(DocumentLine.objects.filter(document=row).select_related("item").order_by("ordinal"))
    said = [f"{line.item.code} {line.item.name} {abs(line.quantity):.3f} {line.item.unit}" for line in lines]
    goods = "\n".join([row.number, *said, row.remarks]).strip()
    opened = ports.call(
        PORT,
        ANSWERED_BY,
        waybill=waybill,
        incident_on=row.business_date,
        is_damage=row.transfer_id is None,
        amount=amount_of(lines),
        claimant=str(home_of(row).department.name),
        report=goods[:8_000],
        by=by,
        at=at,
    )
    if opened is None:
        raise RuleBroken("document.claims_away")
    return opened  # type: ignore[no-any-return]


def amount_of(lines: list[DocumentLine]) -> Decimal | None:
    """What the lines are worth, in yuan; None where a price is missing."""
    prices = [line.price for line in lines]
    if not lines or any(price is None for price in prices):
        return None
    worth = sum((abs(line.quantity) * line.price for line in lines if line.price is not None), Decimal(0))
    return worth.quantize(Decimal("0.01"))
