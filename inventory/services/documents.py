"""Stock documents before their audit: made, changed, approved, deleted (INV-10 to INV-15, INV-20 to INV-32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from inventory.choices import Colour, DocumentState
from inventory.domain import lifecycle
from inventory.domain.categories import rule_of
from inventory.domain.documents import (
    Head,
    ItemFacts,
    Line,
    OriginalFacts,
    date_faults,
    head_faults,
    line_faults,
)
from inventory.models import Document, DocumentLine, Supplier, Warehouse
from inventory.permissions import can_backdate
from inventory.queries.facts import document_facts, document_rights, home_of
from inventory.queries.periods import is_open
from inventory.queries.scope import drafts, stock_policy
from inventory.services.following import followed_lines
from inventory.services.rows import (
    check_allowed,
    items_of,
    locked_document,
    next_numbers,
    raise_all,
    stale,
    warehouse_of,
)
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform, write

HEAD = (
    "category",
    "warehouse_id",
    "business_date",
    "supplier_id",
    "requisition",
    "application",
    "cause",
    "use",
)
# What a red letter and a transfer's document take from what they follow.
KEPT_OF_RED = ("category", "warehouse_id", "supplier_id", "original_id")


@transaction.atomic
def save_document(
    *,
    head: Head,
    lines: Sequence[Line],
    document: Document | None = None,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Document:
    """Make a document, or save a changed one: 保存 (INV-10, INV-11). It moves no stock until it is audited.

    Statements do not grow with the lines. Everything that is wrong is told at once (RulesBroken; a single fault as
    RuleBroken): head fields by their names, lines as `lines.<n>.<column>`. Raises RuleBroken `lifecycle.no_right`,
    `lifecycle.stale`, `lifecycle.wrong_state`, and INV-13's `document.warehouse_kept`.
    """
    if document is None:
        return _make(head, lines, by, at)
    row = locked_document(document, version=version)
    moment = at or now_db()
    check_allowed(lifecycle.DOCUMENT, "save", row, rights=document_rights(by, row, at=moment))
    head = _kept(row, head)
    return _save(row, head, lines, by, moment)


def _make(head: Head, lines: Sequence[Line], by: Any | None, at: datetime | None) -> Document:
    """A new blue document of the maker's own."""
    try:
        rule = rule_of(head.category)
    except ValueError as unknown:
        raise RuleBroken("document.field_needed", field="category", status=400) from unknown
    if not rule.is_by_hand:
        raise RuleBroken("document.not_by_hand", field="category", stock_category=head.category)
    warehouse = warehouse_of(head.warehouse_id)
    moment = at or now_db()
    if not drafts(by, warehouse, at=moment):
        raise RuleBroken("lifecycle.no_right", field="warehouse", status=403, action="save")
    day = head.business_date or business_date(moment)
    head = replace(head, business_date=day)
    row = Document(
        category=head.category,
        direction=rule.direction,
        colour=Colour.BLUE,
        warehouse=warehouse,
        business_date=day,
        created_at=moment,
        created_by=by,
    )
    faults, items, _followed = _faults(row, head, lines, by, moment)
    raise_all(faults)
    _fill(row, head, by, moment)
    row.number = next_numbers(rule.prefix, 1, at=moment)[0]
    row.save(force_insert=True)
    insert_lines(row, lines, items)
    trail.record(row, "stockdoc.made", by=by, at=moment, stock_category=head.category, lines=len(lines))
    return row


def _kept(row: Document, head: Head) -> Head:
    """What stays of a document that follows another, whatever was typed; its date when none was."""
    head = replace(head, business_date=head.business_date or row.business_date)
    if row.colour == Colour.RED or row.transfer_id is not None:
        head = replace(head, **{name: getattr(row, name) for name in KEPT_OF_RED})
    return head


def _save(row: Document, head: Head, lines: Sequence[Line], by: Any | None, at: datetime) -> Document:
    """Write a changed head and its lines; a former approval falls."""
    if head.warehouse_id != row.warehouse_id:
        if row.first_audited_at is not None:
            raise RuleBroken("document.warehouse_kept", field="warehouse", number=row.number)
        target = warehouse_of(head.warehouse_id)
        if not drafts(by, target, at=at):
            raise RuleBroken("lifecycle.no_right", field="warehouse", status=403, action="save")
        row.warehouse = target
    if rule_of(head.category).direction != row.direction:
        raise RuleBroken("document.direction_kept", field="category", status=400)
    faults, items, followed = _faults(row, head, lines, by, at)
    raise_all(faults)
    before = _line_texts(row)
    columns = _columns(row, head, by, at)
    changed = trail.changes_between({name: getattr(row, name) for name in columns}, columns)
    replace_lines(row, lines, items, followed)
    after = {
        f"line {number}": _said(line.code.strip().upper(), line.quantity, line.price)
        for number, line in enumerate(lines, 1)
    }
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            changed[name] = [before.get(name), after.get(name)]
    state = row.state
    write(row, expected_version=row.version, state=DocumentState.SAVED, **columns)
    if state != DocumentState.SAVED:
        changed["state"] = [state, DocumentState.SAVED]
    trail.record(row, "stockdoc.save", by=by, at=at, changes=changed, lines=len(lines))
    return row


def _faults(
    row: Document, head: Head, lines: Sequence[Line], by: Any | None, at: datetime
) -> tuple[list[RuleBroken], list[ItemFacts | None], list[DocumentLine | None]]:
    """Everything that is wrong, with the items and the followed lines that were looked up on the way."""
    rule = rule_of(head.category)
    policy = stock_policy(at=at)
    warehouse: Warehouse = row.warehouse
    original = Document.objects.filter(pk=head.original_id).first() if head.original_id is not None else None
    seen = OriginalFacts(original.category, original.colour, original.state) if original is not None else None
    faults = head_faults(head, rule, kind=warehouse.kind, colour=row.colour, original=seen)
    if (
        head.supplier_id is not None
        and not Supplier.objects.filter(pk=head.supplier_id, closed_on=None).exists()
    ):
        faults.append(RuleBroken("supplier.unknown", field="supplier", status=400))
    day = head.business_date or row.business_date
    faults += date_faults(
        day,
        today=business_date(at),
        made_on=business_date(row.created_at),
        is_open=is_open(day),
        may_backdate=can_backdate(by, home_of(row)),
    )
    items = items_of([line.code for line in lines], at=at)
    faults += line_faults(
        lines,
        items,
        category=head.category,
        colour=row.colour,
        class_one=policy.class_one,
        head_remarks=head.remarks,
    )
    followed, wrong = followed_lines(row, lines, items)
    return faults + wrong, items, followed


def _columns(row: Document, head: Head, by: Any | None, at: datetime) -> dict[str, Any]:
    """The head's columns; a count is noted when it is first ticked and falls when it is not (INV-20)."""
    counted = row.counted_at is not None
    columns: dict[str, Any] = {name: getattr(head, name) for name in HEAD}
    for name in ("requisition", "application"):
        columns[name] = columns[name].strip()[:40]
    columns["original_id"] = head.original_id
    columns["remarks"] = head.remarks.strip()[:300]
    if head.counted != counted:
        columns["counted_at"] = at if head.counted else None
        columns["counted_by_id"] = by.pk if head.counted and by is not None else None
    if row.approved_at is not None:
        columns["approved_at"] = columns["approved_by_id"] = None
    return columns


def _fill(row: Document, head: Head, by: Any | None, at: datetime) -> None:
    for name, value in _columns(row, head, by, at).items():
        setattr(row, name, value)


def insert_lines(
    row: Document,
    lines: Sequence[Line],
    items: Sequence[ItemFacts | None],
    followed: Sequence[Any] = (),
) -> None:
    """The lines of a document in one statement; `followed` are the lines they follow, in the same order."""
    of_transfer = row.transfer_id is not None
    DocumentLine.objects.bulk_create(
        DocumentLine(
            document=row,
            ordinal=number,
            colour=row.colour,
            item_id=item.id,
            quantity=line.quantity,
            price=line.price,
            location=line.location.strip(),
            expires_on=line.expires_on,
            remarks=line.remarks.strip(),
            original_line_id=followed[number - 1].pk
            if followed and followed[number - 1] is not None and row.colour == Colour.RED
            else None,
            transfer_line_id=_transfer_line(followed[number - 1]) if followed and of_transfer else None,
        )
        for number, (line, item) in enumerate(zip(lines, items, strict=True), 1)
        if item is not None
    )


def _transfer_line(followed: Any) -> int | None:
    """The line of the transfer: itself, or that of the original of a red letter."""
    if followed is None:
        return None
    return followed.transfer_line_id if isinstance(followed, DocumentLine) else followed.pk


def replace_lines(
    row: Document, lines: Sequence[Line], items: Sequence[ItemFacts | None], followed: Sequence[Any]
) -> None:
    """New lines in the place of the old ones: two statements. The ledger names lines by number, never by row."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_documentline WHERE document_id = %s", [row.pk])
    insert_lines(row, lines, items, followed)


def _line_texts(row: Document) -> dict[str, str]:
    """The lines as the trail tells them."""
    rows = DocumentLine.objects.filter(document=row).values_list("ordinal", "item__code", "quantity", "price")
    return {f"line {ordinal}": _said(code, quantity, price) for ordinal, code, quantity, price in rows}


def _said(code: str, quantity: Any, price: Any) -> str:
    return f"{code} {quantity:.3f}" + (f" à {price:.2f}" if price is not None else "")


@transaction.atomic
def edit_document(
    *, document: Document, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Document:
    """修改: take a saved document into editing; it cannot be audited meanwhile (INV-12)."""
    return _step(document, "edit", version, by, at)


@transaction.atomic
def abandon_edit(
    *, document: Document, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Document:
    """放弃: leave editing; what was saved before stands."""
    return _step(document, "abandon", version, by, at)


@transaction.atomic
def approve_document(
    *, document: Document, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Document:
    """Approve scrapping or a loss in transit (INV-32, LED-06): another person than its maker.

    Raises RuleBroken `document.no_approval_needed`, `document.approved_already`, `document.approve_own`.
    """
    row = locked_document(document, version=version)
    moment = at or now_db()
    perform(
        lifecycle.DOCUMENT,
        row,
        "approve",
        by=by,
        at=moment,
        has_right=document_rights(by, row, at=moment),
        facts=document_facts(row, by, policy=stock_policy(at=moment), actions=("approve",)),
        changes={"approved_at": moment, "approved_by": by},
    )
    return row


@transaction.atomic
def void_document(
    *,
    document: Document,
    reason: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Document:
    """删除: only what is not audited, softly: the number is kept (INV-14). Raises RuleBroken `document.of_transfer`."""
    row = locked_document(document, version=version)
    moment = at or now_db()
    void_locked(
        row, reason=reason, by=by, at=moment, facts=document_facts(row, by, policy=stock_policy(at=moment))
    )
    return row


def void_locked(
    row: Document, *, reason: str, by: Any | None, at: datetime, facts: dict[str, Any], system: bool = False
) -> None:
    """Void a document under lock; `system` when its transfer goes, and no right is asked."""
    rights = document_rights(None if system else by, row, at=at)
    answer = lifecycle.DOCUMENT.decide("void", state=row.state, facts=facts, has_right=rights, reason=reason)
    if answer.allowed:
        # What it followed may be changed again; the trail and the head keep the connection.
        row.lines.update(original_line=None, transfer_line=None)
    perform(
        lifecycle.DOCUMENT,
        row,
        "void",
        by=by,
        at=at,
        has_right=rights,
        facts=facts,
        reason=reason,
        changes={"voided_at": at, "voided_by": by, "void_reason": reason.strip()[:300]},
    )


@transaction.atomic
def note_print(*, document: Document, by: Any | None, at: datetime | None = None) -> Document:
    """Count a print of the document."""
    moment = at or now_db()
    Document.objects.filter(pk=document.pk).update(print_count=F("print_count") + 1)
    document.refresh_from_db(fields=["print_count"])
    trail.record(document, "stockdoc.printed", by=by, at=moment, ordinal=document.print_count)
    return document


def _step(
    document: Document, action: str, version: int | None, by: Any | None, at: datetime | None
) -> Document:
    row = locked_document(document)
    stale(row, version)
    moment = at or now_db()
    perform(lifecycle.DOCUMENT, row, action, by=by, at=moment, has_right=document_rights(by, row, at=moment))
    return row
