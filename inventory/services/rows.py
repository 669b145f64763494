"""Rows as the services take them: locked in the order of LED-04, versioned, numbered.

The order: period → parent transfer → documents by id → original lines by id → balances by (warehouse, item).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from inventory.domain.documents import ItemFacts
from inventory.models import Document, Item, Transfer, Warehouse
from inventory.queries.facts import JOINED, TRANSFER_JOINED, WAITING
from servicecenter.clock import business_date, centre_zone
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.kernel.lifecycle import Lifecycle

TRANSFER_PREFIX, COUNT_PREFIX, REQUEST_PREFIX = "DB", "PD", "BM"
SEQUENCES = {
    TRANSFER_PREFIX: "number_transfer",
    COUNT_PREFIX: "number_stocktake",
    REQUEST_PREFIX: "number_itemrequest",
}


def stale(row: Any, version: int | None) -> None:
    """Raises RuleBroken `lifecycle.stale` when the caller saw another version."""
    if version is not None and version != row.version:
        raise RuleBroken("lifecycle.stale", number=row.number)


def locked_transfer(pk: int, *, version: int | None = None) -> Transfer:
    """A transfer under lock, with its warehouses. Raises RuleBroken `lifecycle.stale`."""
    row = Transfer.objects.select_for_update(of=("self",)).select_related(*TRANSFER_JOINED).get(pk=pk)
    stale(row, version)
    return row


def locked_document(document: Document, *, version: int | None = None) -> Document:
    """A document under lock after its parent transfer, with all that rights and guards look at (LED-04).

    The waiting documents of the same transfer are locked with it, by id: its audit writes them too.
    """
    if document.transfer_id is None:
        rows = Document.objects.filter(pk=document.pk)
    else:
        Transfer.objects.select_for_update().get(pk=document.transfer_id)
        waiting = Document.objects.filter(transfer_id=document.transfer_id, state__in=WAITING)
        rows = Document.objects.filter(pk=document.pk) | waiting
    found = rows.select_for_update(of=("self",)).select_related(*JOINED).order_by("pk")
    row = next(row for row in found if row.pk == document.pk)
    stale(row, version)
    return row


def warehouse_of(pk: int, *, field: str = "warehouse") -> Warehouse:
    """An open warehouse by id. Raises RuleBroken `warehouse.unknown`, `warehouse.closed`."""
    row = Warehouse.objects.select_related("department").filter(pk=pk).first()
    if row is None:
        raise RuleBroken("warehouse.unknown", field=field, status=400)
    if row.closed_on is not None:
        raise RuleBroken("warehouse.closed", field=field, name=row.name)
    return row


def items_of(codes: Iterable[str], *, at: datetime) -> list[ItemFacts | None]:
    """The items of these codes, in their order; None where there is none. One statement (INV-15)."""
    wanted = [code.strip().upper() for code in codes]
    day = business_date(at)
    found = {
        item.code: ItemFacts(
            item.pk, item.code, item.repair_class, item.closed_on is not None and item.closed_on <= day
        )
        for item in Item.objects.filter(code__in=set(wanted)).only("pk", "code", "repair_class", "closed_on")
    }
    return [found.get(code) for code in wanted]


def check_allowed(
    table: Lifecycle,
    action: str,
    row: Any,
    *,
    rights: Callable[[str], bool],
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Ask the table before anything is looked at, so that a wrong state is said and not, say, a shortage."""
    answer = table.decide(action, state=row.state, facts=facts or {}, has_right=rights, reason="…")
    if answer.refusal is not None:
        params: dict[str, Any] = {"table": table.name, **answer.refusal.params}
        raise RuleBroken(answer.refusal.code, status=409 if answer.visible else 403, **params)


def others(people: QuerySet[Any], by: Any | None) -> QuerySet[Any]:
    """Whom to tell: everybody but the one who did it."""
    return people.exclude(pk=by.pk) if by is not None else people


def raise_all(faults: Sequence[RuleBroken]) -> None:
    """One fault as itself, several together; nothing when there is none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RulesBroken(list(faults))


def next_numbers(prefix: str, count: int, *, at: datetime) -> list[str]:
    """Document numbers: prefix of the category, month, running figure from one sequence (LED-09, INV-10)."""
    sequence = SEQUENCES.get(prefix, "number_stock")
    stamp = at.astimezone(centre_zone()).strftime("%y%m")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [f"{prefix}{stamp}-{figure}" for (figure,) in cursor.fetchall()]
