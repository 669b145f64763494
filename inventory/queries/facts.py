"""What the lifecycle tables ask of a document or transfer, and what a user may do with it now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db.models import F

from inventory.choices import Category, Colour, Direction, DocumentState, RedReason
from inventory.domain import lifecycle
from inventory.domain.categories import rule_of
from inventory.domain.policy import StockPolicy
from inventory.domain.transfers import Sides, right_faults
from inventory.models import Document, DocumentLine, Transfer, TransferLine, Warehouse
from inventory.permissions import Right, can_void, may
from inventory.queries.scope import business_departments, drafts, stock_policy
from servicecenter.kernel.lifecycle import Answer

LIVE = (DocumentState.EDITING, DocumentState.SAVED, DocumentState.AUDITED)
WAITING = (DocumentState.EDITING, DocumentState.SAVED)
ALL_ACTIONS = frozenset(action.code for action in lifecycle.DOCUMENT.actions)
# What a document's rights and guards look at.
JOINED = (
    "warehouse__department",
    "original",
    "supplier",
    "stocktake__warehouse",
    "transfer__source__department",
    "transfer__target__department",
    "transfer__transit__department",
)
TRANSFER_JOINED = ("source__department", "target__department", "transit__department")


def home_of(document: Document) -> Warehouse:
    """The warehouse whose people are responsible for a document: a loss in transit is the sender's."""
    if document.category == Category.TRANSIT_LOSS_OUT and document.transfer is not None:
        return document.transfer.source
    return document.warehouse


def document_rights(
    user: Any | None, document: Document, *, at: datetime | None = None
) -> Callable[[str], bool]:
    """Answers the lifecycle's questions for rights on this document."""
    home = home_of(document)

    def has_right(right: str) -> bool:
        if right == lifecycle.DRAFT:
            return drafts(user, home, at=at)
        if right == lifecycle.VOID:
            return can_void(user, document) or (user is not None and may(user, Right.AUDIT_DOCUMENT, home))
        return may(user, right, home)

    return has_right


def document_facts(
    document: Document, by: Any | None, *, policy: StockPolicy, actions: Collection[str] = ALL_ACTIONS
) -> dict[str, Any]:
    """What the guards of these actions read; each asks the database for its own part alone."""
    rule = rule_of(document.category)
    is_red = document.colour == Colour.RED
    of_transfer = document.transfer_id is not None
    is_loss = document.category == Category.TRANSIT_LOSS_OUT
    original = document.original
    facts: dict[str, Any] = {
        "by": by.pk if by is not None else None,
        "created_by": document.created_by_id,
        "is_red": is_red,
        "needs_two": policy.needs_two,
        "needs_count": rule.needs_count and not is_red,
        "counted": document.counted_at is not None,
        "needs_approval": rule.needs_approval and not is_red,
        "approved": document.approved_at is not None,
        "is_transfer_out": of_transfer and not is_loss and not is_red and document.direction == Direction.OUT,
        "is_loss": (is_loss and not is_red) or document.red_reason == RedReason.ARRIVED,
        "claimed": bool(document.claim_public_id),
        "of_count": document.stocktake_id is not None,
        "original_state": original.state if original is not None else "",
        "original_number": original.number if original is not None else "",
        "awaits_outbound": False,
        "followers": [],
        "nothing_left": False,
    }
    if (
        "audit" in actions
        and document.transfer_id is not None
        and document.direction == Direction.IN
        and not is_red
    ):
        facts["awaits_outbound"] = not on_its_way(document.transfer_id)
    if "unaudit" in actions and document.state == DocumentState.AUDITED:
        facts["followers"] = followers_of(document)
    if "red" in actions and document.state == DocumentState.AUDITED and not is_red:
        lines = DocumentLine.objects.filter(document=document, returned__lt=F("quantity"))
        facts["nothing_left"] = not lines.exists()
    return facts


def on_its_way(transfer_id: int) -> bool:
    """Whether something of a transfer is in transit."""
    return TransferLine.objects.filter(transfer_id=transfer_id, issued__gt=F("received") + F("lost")).exists()


def followers_of(document: Document) -> list[str]:
    """The numbers of what stands on an audited document: red letters, what names it, the inbound of its transfer."""
    rows = Document.objects.filter(original=document, state__in=LIVE)
    if document.transfer_id is not None and document.direction == Direction.OUT:
        rows = rows | Document.objects.filter(
            transfer_id=document.transfer_id, state=DocumentState.AUDITED
        ).exclude(pk=document.pk).exclude(direction=Direction.OUT, category=document.category)
    return list(rows.order_by("pk").values_list("number", flat=True))


def answers_of(document: Document, user: Any) -> dict[str, Answer]:
    """What this user may do with a document now, and why not, by action code."""
    policy = stock_policy()
    offered = lifecycle.DOCUMENT.offered(
        state=document.state,
        facts=document_facts(document, user, policy=policy),
        has_right=document_rights(user, document),
    )
    return {answer.action.code: answer for answer in offered}


def sides_of(source: Warehouse, target: Warehouse, user: Any | None) -> Sides:
    """Both ends of a transfer as the domain asks for them, for this user; one statement."""
    departments = business_departments(source, target)
    return Sides(
        source_kind=source.kind,
        target_kind=target.kind,
        source_department=departments[0],
        target_department=departments[1],
        drafts_both=may(user, Right.DRAFT_TRANSFER, source) and may(user, Right.DRAFT_TRANSFER, target),
        plans=may(user, Right.PLAN_TRANSFER, source) and may(user, Right.PLAN_TRANSFER, target),
    )


def can_draft_transfer(user: Any | None, source: Warehouse, target: Warehouse) -> bool:
    """Make a transfer between these warehouses (INV-03, INV-05, INV-44, INV-Q2)."""
    sides = sides_of(source, target, user)
    return not right_faults(sides, through_planning=stock_policy().through_planning)


def may_audit_transfer(user: Any | None, sides: Sides, source: Warehouse, target: Warehouse) -> bool:
    """INV-01: within the own department its accountant; INV-03, INV-41: across departments business management."""
    if sides.plans:
        return True
    within = may(user, Right.AUDIT_TRANSFER, source) and may(user, Right.AUDIT_TRANSFER, target)
    return within and not sides.is_cross


def can_audit_transfer(user: Any | None, source: Warehouse, target: Warehouse) -> bool:
    """Audit and un-audit a transfer between these warehouses."""
    return may_audit_transfer(user, sides_of(source, target, user), source, target)


def transfer_rights(
    user: Any | None, transfer: Transfer, *, policy: StockPolicy, at: datetime | None = None
) -> Callable[[str], bool]:
    """Answers the lifecycle's questions for rights on this transfer."""
    sides = sides_of(transfer.source, transfer.target, user)

    def has_right(right: str) -> bool:
        if right == lifecycle.MAKE_TRANSFER:
            return not right_faults(sides, through_planning=policy.through_planning)
        if right == lifecycle.AUDIT_TRANSFER:
            return may_audit_transfer(user, sides, transfer.source, transfer.target)
        if right == lifecycle.RECEIVE:
            return drafts(user, transfer.target, at=at)
        return drafts(user, transfer.source, at=at)

    return has_right


def transfer_facts(transfer: Transfer) -> dict[str, Any]:
    """What the guards of a transfer read; two statements for an audited one, none else."""
    facts: dict[str, Any] = {"moved": [], "in_transit": False, "waiting_inbound": ""}
    if transfer.state != DocumentState.AUDITED:
        return facts
    documents = list(Document.objects.filter(transfer=transfer, state__in=LIVE).order_by("pk"))
    facts["moved"] = [row.number for row in documents if row.state == DocumentState.AUDITED]
    facts["waiting_inbound"] = next(
        (row.number for row in documents if row.direction == Direction.IN and row.state in WAITING), ""
    )
    facts["in_transit"] = on_its_way(transfer.pk)
    return facts


def transfer_answers(transfer: Transfer, user: Any) -> dict[str, Answer]:
    """What this user may do with a transfer now, and why not, by action code."""
    policy = stock_policy()
    offered = lifecycle.TRANSFER.offered(
        state=transfer.state,
        facts=transfer_facts(transfer),
        has_right=transfer_rights(user, transfer, policy=policy),
    )
    return {answer.action.code: answer for answer in offered}
