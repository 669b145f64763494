"""Requests for item codes as lists and pages show them (INV-16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from inventory.choices import ItemRequestState, PhotoSlot
from inventory.domain import coding
from inventory.models import Item, ItemRequest, Warehouse
from inventory.permissions import Right, can_draft, can_edit_items, may
from inventory.queries.catalogue import pick_items
from inventory.queries.scope import warehouse_ids
from organization.queries import within
from servicecenter import attachments
from servicecenter.kernel.lifecycle import Answer
from servicecenter.keyset import Order
from servicecenter.models import Attachment
from servicecenter.subjects import Subject, kind_of

REQUEST_ORDERS = {"newest": Order("newest", ("created_at",), descending=True)}
JOINED = (
    "warehouse__department",
    "item",
    "created_by__employee",
    "passed_by__employee",
    "decided_by__employee",
)
MOST_ALIKE = 5


def item_requests_visible_to(user: Any) -> QuerySet[ItemRequest]:
    """Requests of the visible warehouses."""
    ids = warehouse_ids(user)
    rows = ItemRequest.objects.all()
    return rows if ids is None else rows.filter(warehouse_id__in=ids)


def item_request_rows(rows: QuerySet[ItemRequest]) -> QuerySet[ItemRequest]:
    """The rows of a list with all that they name."""
    return rows.select_related(*JOINED)


def item_requests_waiting_for(user: Any) -> QuerySet[ItemRequest]:
    """What this user has to pass on, or to decide."""
    stores = Warehouse.objects.filter(within(user.rights.paths(Right.AUDIT_DOCUMENT)))
    mine = Q(state=ItemRequestState.REQUESTED, warehouse__in=stores)
    if can_edit_items(user):
        mine |= Q(state=ItemRequestState.PASSED)
    return ItemRequest.objects.filter(mine)


def search_item_requests(rows: QuerySet[ItemRequest], text: str) -> QuerySet[ItemRequest]:
    """By number or its figure, by words of name and specification, by the code that was made."""
    word = text.strip()
    if not word:
        return rows
    condition = (
        Q(number__istartswith=word)
        | Q(name__icontains=word)
        | Q(spec__icontains=word)
        | Q(item__code=word.upper())
    )
    if word.isdigit():
        condition |= Q(number__endswith=f"-{word}")
    return rows.filter(condition)


def item_request_rights(user: Any | None, row: ItemRequest) -> Callable[[str], bool]:
    """Answers the lifecycle's questions: the site asks, its accountant passes on, business management decides.

    Whoever has it before him may refuse it: the accountant before he passed it on, business management always.
    """

    def has_right(right: str) -> bool:
        if right == coding.ASK:
            return can_draft(user, row.warehouse)
        if right == coding.REFUSE:
            before_him = row.state == ItemRequestState.REQUESTED and may(
                user, Right.AUDIT_DOCUMENT, row.warehouse
            )
            return before_him or can_edit_items(user)
        if right == coding.DECIDE:
            return can_edit_items(user)
        return may(user, right, row.warehouse)

    return has_right


@dataclass(frozen=True)
class Photo:
    """One of the three pictures; a slot may hold several files."""

    slot: PhotoSlot
    files: list[Attachment]


@dataclass(frozen=True)
class ItemRequestPage:
    """A request with what its page and the API show. `alike`: codes there are already that its name fits."""

    item_request: ItemRequest
    answers: dict[str, Answer]
    photos: list[Photo]
    alike: list[Item]


def item_request_page(user: Any, number: str) -> ItemRequestPage | None:
    """One request, if the user may see it; what may be done with it now, and why not."""
    row = item_request_rows(item_requests_visible_to(user)).filter(number=number).first()
    if row is None:
        return None
    offered = coding.ITEM_REQUEST.offered(state=row.state, facts={}, has_right=item_request_rights(user, row))
    files = list(attachments.of(row))
    return ItemRequestPage(
        row,
        {answer.action.code: answer for answer in offered},
        [Photo(slot, [file for file in files if file.role == slot]) for slot in PhotoSlot],
        pick_items(row.name, limit=MOST_ALIKE) if row.state in coding.OPEN else [],
    )


def subject_item_request(*, object_id: int, user: Any | None) -> Subject | None:
    """The request for notices and files (port servicecenter.subject)."""
    rows = ItemRequest.objects.all() if user is None else item_requests_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    there = reverse("stock-item-request", args=[row.number])
    return Subject(kind_of(row), row.pk, row.number, row.name, there)
