"""Transfers: ordered, agreed or within a department; each side audits its own; transit between (INV-40 to INV-47)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from inventory.choices import Category, DocumentState, WarehouseKind
from inventory.domain import lifecycle
from inventory.domain.categories import TRANSFER_PAIRS
from inventory.domain.documents import ItemFacts, date_faults
from inventory.domain.transfers import TransferHead, TransferLineIn, head_faults, line_faults, right_faults
from inventory.models import Document, Transfer, TransferLine, Warehouse
from inventory.permissions import Right, can_backdate
from inventory.queries.facts import (
    WAITING,
    document_facts,
    sides_of,
    transfer_facts,
    transfer_rights,
)
from inventory.queries.periods import is_open
from inventory.queries.scope import stock_policy
from inventory.services.arriving import make_document
from inventory.services.documents import void_locked
from inventory.services.rows import (
    TRANSFER_PREFIX,
    check_allowed,
    items_of,
    locked_transfer,
    next_numbers,
    others,
    raise_all,
    warehouse_of,
)
from organization.queries import holders, ids_of
from servicecenter import notices, trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform, write

HEAD = ("kind", "source_id", "target_id", "business_date", "requisition", "remarks")


@transaction.atomic
def save_transfer(
    *,
    head: TransferHead,
    lines: Sequence[TransferLineIn],
    transfer: Transfer | None = None,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Transfer:
    """Make a transfer, or save a changed one (INV-40). Nothing moves until its documents are audited.

    Everything wrong is told at once. Raises `transfer.cross_department` (INV-05) for departments' accountants,
    `transfer.through_planning` (INV-Q2), `transfer.no_transit` where no transit warehouse stands above both ends.
    """
    row = locked_transfer(transfer.pk, version=version) if transfer is not None else None
    moment = at or now_db()
    policy = stock_policy(at=moment)
    source, target = _ends(row, head)
    sides = sides_of(source, target, by)
    raise_all(right_faults(sides, through_planning=policy.through_planning))
    if row is not None:
        check_allowed(lifecycle.TRANSFER, "save", row, rights=lambda right: True)
    day = head.business_date or (row.business_date if row is not None else business_date(moment))
    head = replace(head, business_date=day)
    items = items_of([line.code for line in lines], at=moment)
    faults = head_faults(head, sides)
    faults += date_faults(
        day,
        today=business_date(moment),
        made_on=business_date(row.created_at if row is not None else moment),
        is_open=is_open(day),
        may_backdate=can_backdate(by, source),
    )
    faults += line_faults(lines, items)
    raise_all(faults)
    if row is None:
        return _make(head, lines, items, source, target, by, moment)
    return _save(row, head, lines, items, source, target, by, moment)


def _ends(row: Transfer | None, head: TransferHead) -> tuple[Warehouse, Warehouse]:
    """Both warehouses; after the first audit they stay (INV-13)."""
    if row is not None and row.first_audited_at is not None:
        for name in ("source", "target"):
            if getattr(row, f"{name}_id") != getattr(head, f"{name}_id"):
                raise RuleBroken("document.warehouse_kept", field=name, number=row.number)
    return warehouse_of(head.source_id, field="source"), warehouse_of(head.target_id, field="target")


def _make(
    head: TransferHead,
    lines: Sequence[TransferLineIn],
    items: Sequence[ItemFacts | None],
    source: Warehouse,
    target: Warehouse,
    by: Any | None,
    at: datetime,
) -> Transfer:
    row = Transfer.objects.create(
        number=next_numbers(TRANSFER_PREFIX, 1, at=at)[0],
        transit=_transit_between(source, target),
        created_at=at,
        created_by=by,
        **_columns(head),
    )
    row.source, row.target = source, target
    _insert_lines(row, lines, items)
    trail.record(row, "transfer.made", by=by, at=at, kind=head.kind, lines=len(lines))
    return row


def _save(
    row: Transfer,
    head: TransferHead,
    lines: Sequence[TransferLineIn],
    items: Sequence[ItemFacts | None],
    source: Warehouse,
    target: Warehouse,
    by: Any | None,
    at: datetime,
) -> Transfer:
    before = _line_texts(row)
    columns = _columns(head)
    if row.first_audited_at is None:
        columns["transit_id"] = _transit_between(source, target).pk
    changed = trail.changes_between({name: getattr(row, name) for name in columns}, columns)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_transferline WHERE transfer_id = %s", [row.pk])
    _insert_lines(row, lines, items)
    after = {
        f"line {number}": f"{line.code.strip().upper()} {line.quantity:.3f}"
        for number, line in enumerate(lines, 1)
    }
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            changed[name] = [before.get(name), after.get(name)]
    if row.state != DocumentState.SAVED:
        changed["state"] = [row.state, DocumentState.SAVED]
    write(row, expected_version=row.version, state=DocumentState.SAVED, **columns)
    trail.record(row, "transfer.save", by=by, at=at, changes=changed, lines=len(lines))
    return row


def _columns(head: TransferHead) -> dict[str, Any]:
    columns = {name: getattr(head, name) for name in HEAD}
    return columns | {
        "requisition": head.requisition.strip()[:40],
        "remarks": head.remarks.strip()[:300],
    }


def _insert_lines(row: Transfer, lines: Sequence[TransferLineIn], items: Sequence[ItemFacts | None]) -> None:
    TransferLine.objects.bulk_create(
        TransferLine(
            transfer=row,
            ordinal=number,
            item_id=item.id,
            quantity=line.quantity,
            remarks=line.remarks.strip(),
        )
        for number, (line, item) in enumerate(zip(lines, items, strict=True), 1)
        if item is not None
    )


def _line_texts(row: Transfer) -> dict[str, str]:
    rows = TransferLine.objects.filter(transfer=row).values_list("ordinal", "item__code", "quantity")
    return {f"line {ordinal}": f"{code} {quantity:.3f}" for ordinal, code, quantity in rows}


def _transit_between(source: Warehouse, target: Warehouse) -> Warehouse:
    """The nearest transit warehouse above both ends (LED-06). Raises RuleBroken `transfer.no_transit`."""
    above = set(ids_of(source.department.path)) & set(ids_of(target.department.path))
    rows = Warehouse.objects.filter(kind=WarehouseKind.TRANSIT, closed_on=None, department_id__in=above)
    found = sorted(rows.select_related("department"), key=lambda row: (-len(row.department.path), row.pk))
    if not found:
        raise RuleBroken("transfer.no_transit", field="target")
    return found[0]


@transaction.atomic
def edit_transfer(
    *, transfer: Transfer, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Transfer:
    """修改: take a saved transfer into editing."""
    return _step(transfer, "edit", version, by, at)


@transaction.atomic
def abandon_transfer_edit(
    *, transfer: Transfer, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Transfer:
    """放弃: leave editing; what was saved before stands."""
    return _step(transfer, "abandon", version, by, at)


@transaction.atomic
def void_transfer(
    *,
    transfer: Transfer,
    reason: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Transfer:
    """删除: only what is not audited, softly: the number is kept."""
    return _step(
        transfer,
        "void",
        version,
        by,
        at,
        reason=reason,
        changes=lambda moment: {"voided_at": moment, "voided_by": by, "void_reason": reason.strip()[:300]},
    )


@transaction.atomic
def audit_transfer(
    *, transfer: Transfer, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Transfer:
    """审核 by planning, or within a department by its accountant (INV-01, INV-41, INV-44): makes the paired outbound
    and inbound documents; the issuing side is told (INV-42)."""
    row = locked_transfer(transfer.pk, version=version)
    moment = at or now_db()
    if not is_open(row.business_date):
        raise RuleBroken("period.closed", field="business_date", month=f"{row.business_date:%Y-%m}")
    policy = stock_policy(at=moment)
    perform(
        lifecycle.TRANSFER,
        row,
        "audit",
        by=by,
        at=moment,
        has_right=transfer_rights(by, row, policy=policy, at=moment),
        changes={
            "audited_at": moment,
            "audited_by": by,
            "first_audited_at": row.first_audited_at or moment,
        },
    )
    outbound, inbound = TRANSFER_PAIRS[WarehouseKind(row.source.kind)]
    made = make_document(row, category=outbound, day=row.business_date, ordered=True, by=by, at=moment)
    make_document(row, category=inbound, day=row.business_date, ordered=True, by=by, at=moment)
    notices.tell_all(
        others(holders(Right.AUDIT_DOCUMENT, row.source.department), by),
        "stock.to_issue",
        about=row,
        at=moment,
        key=f"{row.pk}:{row.version}",
        document=made.number,
        warehouse=row.target.names,
    )
    return row


@transaction.atomic
def unaudit_transfer(
    *, transfer: Transfer, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Transfer:
    """弃审, after its inbound and its outbound (LED-06): its waiting documents are voided, their numbers kept."""
    row = locked_transfer(transfer.pk, version=version)
    waiting = list(
        Document.objects.select_for_update()
        .filter(transfer=row, state__in=WAITING)
        .select_related("warehouse__department")
        .order_by("pk")
    )
    moment = at or now_db()
    policy = stock_policy(at=moment)
    rights = transfer_rights(by, row, policy=policy, at=moment)
    facts = transfer_facts(row)
    check_allowed(lifecycle.TRANSFER, "unaudit", row, rights=rights, facts=facts)
    for document in waiting:
        document.transfer = row
        gone = document_facts(document, None, policy=policy, actions=()) | {"is_transfer_out": False}
        void_locked(document, reason=row.number, by=by, at=moment, facts=gone, system=True)
    perform(
        lifecycle.TRANSFER,
        row,
        "unaudit",
        by=by,
        at=moment,
        has_right=rights,
        facts=facts,
        changes={"audited_at": None, "audited_by": None},
    )
    return row


@transaction.atomic
def receive_rest(*, transfer: Transfer, by: Any | None, at: datetime | None = None) -> Document:
    """A further inbound for what is still under way, dated today (LED-06).

    Raises RuleBroken `transfer.nothing_in_transit`, `transfer.inbound_waiting`.
    """
    row = locked_transfer(transfer.pk)
    moment = at or now_db()
    rights = transfer_rights(by, row, policy=stock_policy(at=moment), at=moment)
    check_allowed(lifecycle.TRANSFER, "receive_rest", row, rights=rights, facts=transfer_facts(row))
    _outbound, inbound = TRANSFER_PAIRS[WarehouseKind(row.source.kind)]
    return make_document(row, category=inbound, day=business_date(moment), ordered=False, by=by, at=moment)


@transaction.atomic
def draft_transit_loss(
    *,
    transfer: Transfer,
    remarks: str,
    quantities: Mapping[int, Decimal] | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Document:
    """A document of what was lost on the way, by the sender's side: to be approved by another, then audited (LED-06).

    All that is under way, or `quantities` by the transfer's line. Raises RuleBroken `lifecycle.reason_needed`,
    `transfer.nothing_in_transit`, `transfer.beyond_transit` for every line beyond.
    """
    if not remarks.strip():
        raise RuleBroken("lifecycle.reason_needed", field="remarks", status=400, action="transit_loss")
    row = locked_transfer(transfer.pk)
    moment = at or now_db()
    rights = transfer_rights(by, row, policy=stock_policy(at=moment), at=moment)
    check_allowed(lifecycle.TRANSFER, "transit_loss", row, rights=rights, facts=transfer_facts(row))
    made = make_document(
        row,
        category=Category.TRANSIT_LOSS_OUT,
        day=business_date(moment),
        ordered=False,
        by=by,
        at=moment,
        remarks=remarks.strip()[:300],
    )
    if quantities is not None:
        _only(made, quantities)
    return made


def _only(document: Document, quantities: Mapping[int, Decimal]) -> None:
    """Keep these quantities of the document's lines, named by the transfer's lines."""
    lines = {line.transfer_line.ordinal: line for line in document.lines.select_related("transfer_line")}  # type: ignore[union-attr]
    wanted = {ordinal: quantity for ordinal, quantity in quantities.items() if quantity}
    faults = []
    for ordinal, quantity in sorted(wanted.items()):
        left = lines[ordinal].quantity if ordinal in lines else Decimal(0)
        if quantity < 0 or quantity > left:
            field = f"lines.{ordinal}.quantity"
            faults.append(RuleBroken("transfer.beyond_transit", field=field, line=ordinal, left=left))
    if not wanted:
        faults.append(RuleBroken("document.lines_needed", field="lines", status=400))
    raise_all(faults)
    document.lines.exclude(pk__in=[lines[ordinal].pk for ordinal in wanted]).delete()
    for ordinal, quantity in wanted.items():
        lines[ordinal].quantity = quantity
    document.lines.bulk_update([lines[ordinal] for ordinal in wanted], ["quantity"])


def _step(
    transfer: Transfer,
    action: str,
    version: int | None,
    by: Any | None,
    at: datetime | None,
    *,
    reason: str = "",
    changes: Any = None,
) -> Transfer:
    row = locked_transfer(transfer.pk, version=version)
    moment = at or now_db()
    perform(
        lifecycle.TRANSFER,
        row,
        action,
        by=by,
        at=moment,
        has_right=transfer_rights(by, row, policy=stock_policy(at=moment), at=moment),
        reason=reason,
        changes=changes(moment) if changes is not None else None,
    )
    return row
