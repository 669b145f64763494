"""Red letters: goods returned, or a document corrected; linked to the original, never beyond it (INV-26, LED-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from inventory.choices import Category, Colour, RedReason, ReturnLetter
from inventory.domain import lifecycle
from inventory.domain.categories import RETURNABLE, RETURNS, rule_of
from inventory.domain.documents import date_faults
from inventory.models import Document, DocumentLine
from inventory.permissions import can_backdate
from inventory.queries.facts import document_facts, document_rights, home_of
from inventory.queries.periods import is_open
from inventory.queries.scope import stock_policy
from inventory.services.rows import check_allowed, locked_document, next_numbers, raise_all
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def draft_red(
    *,
    original: Document,
    reason: str,
    quantities: Mapping[int, Decimal] | None = None,
    business_date: date | None = None,
    remarks: str = "",
    by: Any | None,
    at: datetime | None = None,
) -> Document:
    """A saved red letter of an audited document, prefilled with all that is left of it, or with `quantities` by line.

    Quantities are given above zero. Its date is today's unless another is given: a red letter stands in an open period,
    wherever the original stands. Raises RuleBroken `red.reason`, `red.of_red`, `red.nothing_left`,
    `red.beyond_original` for every line beyond, `lifecycle.no_right`.
    """
    row = locked_document(original)
    moment = at or now_db()
    policy = stock_policy(at=moment)
    facts = document_facts(row, by, policy=policy, actions=("red",))
    check_allowed(lifecycle.DOCUMENT, "red", row, rights=document_rights(by, row, at=moment), facts=facts)
    if row.warehouse.closed_on is not None:
        raise RuleBroken("warehouse.closed", name=row.warehouse.name)
    category = red_category(row, reason, inbound_always=policy.returns == ReturnLetter.INBOUND)
    day = business_date or _today(moment)
    lines = list(DocumentLine.objects.filter(document=row).select_related("item").order_by("ordinal"))
    wanted = _wanted(lines, quantities)
    raise_all(
        [
            *date_faults(
                day,
                today=_today(moment),
                made_on=_today(moment),
                is_open=is_open(day),
                may_backdate=can_backdate(by, home_of(row)),
            ),
            *_faults(lines, wanted),
        ]
    )
    rule = rule_of(category)
    red = Document.objects.create(
        number=next_numbers(rule.prefix, 1, at=moment)[0],
        category=category,
        direction=rule.direction,
        colour=Colour.RED,
        warehouse=row.warehouse,
        business_date=day,
        supplier=row.supplier,
        requisition=row.requisition,
        red_reason=RedReason(reason),
        original=row,
        transfer=row.transfer,
        remarks=remarks.strip()[:300],
        created_at=moment,
        created_by=by,
    )
    _lines_of(red, lines, wanted)
    trail.record(
        red,
        "stockdoc.red_made",
        by=by,
        at=moment,
        original=row.number,
        red_reason=str(RedReason(reason).value),
        lines=len(wanted),
    )
    return red


def red_category(original: Document, reason: str, *, inbound_always: bool) -> Category:
    """The category of a red letter: a return by its reason (INV-27, INV-Q1), a correction as the original (LED-10).

    Raises RuleBroken `red.reason` when goods of that document cannot be returned for that reason.
    """
    if reason not in RedReason.values:
        raise RuleBroken("red.reason_needed", field="reason", status=400)
    if reason == RedReason.CORRECTION:
        return Category(original.category)
    cause = RedReason(reason)
    if original.category not in RETURNABLE[cause]:
        raise RuleBroken("red.reason", field="reason", stock_category=original.category, red_reason=reason)
    if inbound_always and cause is not RedReason.ARRIVED:
        # Read to the letter, every return is a red inbound of which stock falls: it has no sense for issued goods.
        raise RuleBroken("red.inbound_only", field="reason")
    return RETURNS[cause][1]


def _today(at: datetime) -> date:
    return business_date(at)


def _wanted(lines: list[DocumentLine], given: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    if given is None:
        return {
            line.ordinal: line.quantity - line.returned for line in lines if line.quantity > line.returned
        }
    return {ordinal: quantity for ordinal, quantity in given.items() if quantity}


def _faults(lines: list[DocumentLine], wanted: Mapping[int, Decimal]) -> list[RuleBroken]:
    if not wanted:
        return [RuleBroken("document.lines_needed", field="lines", status=400)]
    left = {line.ordinal: line.quantity - line.returned for line in lines}
    found = []
    for ordinal, quantity in sorted(wanted.items()):
        field = f"lines.{ordinal}.quantity"
        if ordinal not in left:
            found.append(RuleBroken("red.no_such_line", field=field, status=400, line=ordinal))
        elif quantity < 0 or not quantity.is_finite():
            found.append(RuleBroken("red.above_zero", field=field, status=400, line=ordinal))
        elif quantity > left[ordinal]:
            found.append(RuleBroken("red.beyond_original", field=field, line=ordinal, left=left[ordinal]))
    return found


def _lines_of(red: Document, lines: list[DocumentLine], wanted: Mapping[int, Decimal]) -> None:
    chosen = [line for line in lines if line.ordinal in wanted]
    DocumentLine.objects.bulk_create(
        DocumentLine(
            document=red,
            ordinal=number,
            colour=Colour.RED,
            item=line.item,
            quantity=-wanted[line.ordinal],
            price=line.price,
            location=line.location,
            expires_on=line.expires_on,
            original_line=line,
            transfer_line_id=line.transfer_line_id,
        )
        for number, line in enumerate(chosen, 1)
    )
