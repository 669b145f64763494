"""Rows as the services take and keep them: locked, versioned, searchable. Order of locks: customer, waybill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import phonenumbers

from customers.choices import CustomerKind, Standing
from customers.domain import telephones
from customers.models import Customer, Waybill
from servicecenter import trail
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.lifecycle import write
from servicecenter.search import fold, searchable

# How personal values enter the trail (PRV-09).
WAYBILL_MASKS: dict[str, Callable[[str], str]] = {
    "consignor_name": mask_name,
    "consignor_telephone": mask_telephone,
    "consignee_name": mask_name,
    "consignee_telephone": mask_telephone,
}
NAME_LENGTH = 120


def locked_customer(customer: Customer, *, version: int | None = None, closed: bool = False) -> Customer:
    """The customer's row under lock. Raises RuleBroken `lifecycle.stale` or, unless `closed`, `customer.closed`."""
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    if version is not None and version != row.version:
        raise RuleBroken("lifecycle.stale", number=row.number)
    if not closed and row.standing == Standing.CLOSED:
        raise RuleBroken("customer.closed", number=row.number)
    return row


def locked_waybill(waybill: Waybill, *, version: int | None = None) -> Waybill:
    """The waybill's row under lock. Raises RuleBroken `lifecycle.stale`."""
    row = Waybill.objects.select_for_update().get(pk=waybill.pk)
    if version is not None and version != row.version:
        raise RuleBroken("lifecycle.stale", number=row.number)
    return row


def change(
    row: Any, after: Mapping[str, Any], code: str, *, by: Any | None, at: datetime, **params: Any
) -> bool:
    """Write what differs and record it. False when nothing does: then nothing is written."""
    before = {name: getattr(row, name) for name in after}
    changes = trail.changes_between(before, after, _personal_of(row))
    if not changes:
        return False
    write(row, expected_version=row.version, **{name: after[name] for name in changes})
    trail.record(row, code, by=by, at=at, changes=changes, **params)
    return True


def _personal_of(row: Any) -> dict[str, Callable[[str], str]]:
    """The name of a person is personal, that of a company is not; a waybill's own number is not a telephone."""
    if isinstance(row, Waybill):
        return WAYBILL_MASKS
    return {"name": mask_name} if row.kind == CustomerKind.PERSON else {}


def read_telephone(text: str, *, field: str = "telephone") -> telephones.Number:
    """A telephone number as it is kept; foreign ones must be possible in their country's plan.

    Raises RuleBroken `telephone.*` at `field`.
    """
    try:
        number = telephones.normalise(text)
    except RuleBroken as problem:
        problem.field = field
        raise
    if number.is_foreign:
        try:
            parsed = phonenumbers.parse(f"+{number.number[2:]}")
        except phonenumbers.NumberParseException as wrong:
            raise RuleBroken("telephone.foreign", field=field, status=400) from wrong
        if not phonenumbers.is_possible_number(parsed):
            raise RuleBroken("telephone.foreign", field=field, status=400)
    return number


def read_name(text: str, *, field: str = "name", length: int = NAME_LENGTH) -> str:
    """A name without surplus blanks. Raises RuleBroken `name.empty`, `name.too_long`."""
    name = " ".join(text.split())
    if not name:
        raise RuleBroken("name.empty", field=field, status=400)
    if len(name) > length:
        raise RuleBroken("name.too_long", field=field, status=400, most=length, length=len(name))
    return name


def customer_text(row: Customer, people: Iterable[str]) -> str:
    """What the search of a customer sees: number, names in signs and pinyin, trade, region, contact people."""
    words = [row.number, searchable(row.name), *(searchable(name) for name in people), row.trade, row.region]
    return fold(" ".join(words))


def waybill_text(row: Waybill) -> str:
    """What the search of a waybill sees: number, both names, goods, places."""
    words = [
        row.number,
        *(searchable(name) for name in (row.consignor_name, row.consignee_name) if name),
        row.goods,
        row.origin_text,
        row.destination_text,
    ]
    return fold(" ".join(words))
