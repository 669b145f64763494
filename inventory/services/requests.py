"""Requests for item codes: the site asks, the department passes on, business management makes the code (INV-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.choices import PhotoSlot
from inventory.domain import coding
from inventory.domain.coding import Wanted
from inventory.models import Item, ItemRequest
from inventory.permissions import Right, can_draft
from inventory.queries.requests import JOINED, item_request_rights
from inventory.services.catalogue import add_item
from inventory.services.rows import (
    REQUEST_PREFIX,
    check_allowed,
    next_numbers,
    others,
    raise_all,
    stale,
    warehouse_of,
)
from organization.queries import holders
from servicecenter import attachments, notices, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform


@transaction.atomic
def ask_item_code(
    *,
    wanted: Wanted,
    photos: Mapping[str, Sequence[str]],
    by: Any | None,
    at: datetime | None = None,
) -> ItemRequest:
    """存货编码申请: goods without a code, with three pictures; the department's accountant is told.

    `photos`: slot -> public ids of uploads of `by`. Raises RuleBroken `lifecycle.no_right`,
    `itemrequest.photo_needed`, `itemrequest.photo_kind`, `attachment.unknown` and those of its words.
    """
    warehouse = warehouse_of(wanted.warehouse_id)
    if not can_draft(by, warehouse):
        raise RuleBroken("lifecycle.no_right", field="warehouse", status=403, action="ask")
    raise_all(coding.wanted_faults(wanted, photos))
    moment = at or now_db()
    row = ItemRequest.objects.create(
        number=next_numbers(REQUEST_PREFIX, 1, at=moment)[0],
        warehouse=warehouse,
        item_class=wanted.item_class,
        created_at=moment,
        created_by=by,
        **wanted.texts(),
    )
    trail.record(row, "itemrequest.made", by=by, at=moment, item_name=row.name, warehouse=warehouse.code)
    for slot in PhotoSlot.values:
        for file in attachments.bind(public_ids=photos[slot], to=row, by=by, at=moment, role=slot):
            if not file.media_type.startswith("image/"):
                raise RuleBroken("itemrequest.photo_kind", field=slot, status=400, name=file.name)
    above = holders(Right.EDIT_ITEMS)
    notices.tell_all(
        others(holders(Right.AUDIT_DOCUMENT, warehouse.department).exclude(pk__in=above.values("pk")), by),
        "stock.code_to_pass_on",
        about=row,
        at=moment,
        key=f"{row.pk}:{row.version}",
        number=row.number,
        item_name=row.name,
        warehouse=warehouse.names,
    )
    return row


def locked_request(item_request: ItemRequest, *, version: int | None = None) -> ItemRequest:
    """A request under lock with its warehouse. Raises RuleBroken `lifecycle.stale`."""
    row = ItemRequest.objects.select_for_update(of=("self",)).select_related(*JOINED).get(pk=item_request.pk)
    stale(row, version)
    return row


def _perform(row: ItemRequest, action: str, by: Any | None, at: datetime, **more: Any) -> None:
    perform(coding.ITEM_REQUEST, row, action, by=by, at=at, has_right=item_request_rights(by, row), **more)


def _tell_askers(row: ItemRequest, code: str, by: Any | None, at: datetime, **params: Any) -> None:
    """Who asked and who passed it on, but for whoever did it himself."""
    people = [user for user in (row.created_by, row.passed_by) if user is not None and user != by]
    if people:
        notices.tell(
            people,
            code,
            about=row,
            at=at,
            key=f"{row.pk}:{row.version}",
            number=row.number,
            item_name=row.name,
            **params,
        )


@transaction.atomic
def pass_on_item_request(
    *, item_request: ItemRequest, version: int | None = None, by: Any | None, at: datetime | None = None
) -> ItemRequest:
    """The department's accountant has looked at it; business management is told."""
    row = locked_request(item_request, version=version)
    moment = at or now_db()
    _perform(row, "pass_on", by, moment, changes={"passed_at": moment, "passed_by": by})
    notices.tell_all(
        others(holders(Right.EDIT_ITEMS), by),
        "stock.code_to_decide",
        about=row,
        at=moment,
        key=f"{row.pk}:{row.version}",
        number=row.number,
        item_name=row.name,
        warehouse=row.warehouse.names,
    )
    return row


@transaction.atomic
def grant_item_request(
    *,
    item_request: ItemRequest,
    code: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
    **fields: Any,
) -> Item:
    """Business management makes the code; whoever asked and passed it on is told it.

    `fields`: of the item as in `add_item`; what is left out is as it was asked. Raises RuleBroken `item.*`.
    """
    row = locked_request(item_request, version=version)
    check_allowed(coding.ITEM_REQUEST, "grant", row, rights=item_request_rights(by, row))
    moment = at or now_db()
    asked: dict[str, Any] = {
        "names": {"zh-Hans": row.name},
        "spec": row.spec,
        "unit": row.unit,
        "item_class": row.item_class,
    }
    item = add_item(code=code, by=by, at=moment, **asked | fields)
    _perform(
        row,
        "grant",
        by,
        moment,
        changes={"decided_at": moment, "decided_by": by, "item": item},
        item=item.code,
    )
    _tell_askers(row, "stock.code_made", by, moment, item=item.code)
    return item


def _end(
    item_request: ItemRequest, action: str, *, reason: str, version: int | None, by: Any | None, at: datetime
) -> ItemRequest:
    """The request ends without a code, and says why."""
    row = locked_request(item_request, version=version)
    answer = reason.strip()[:300]
    changes = {"decided_at": at, "decided_by": by, "answer": answer}
    _perform(row, action, by, at, changes=changes, reason=answer)
    return row


@transaction.atomic
def refuse_item_request(
    *,
    item_request: ItemRequest,
    reason: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> ItemRequest:
    """No code, and why: the accountant before passing it on, business management always; whoever asked is told."""
    moment = at or now_db()
    row = _end(item_request, "refuse", reason=reason, version=version, by=by, at=moment)
    _tell_askers(row, "stock.code_refused", by, moment, reason=row.answer)
    return row


@transaction.atomic
def withdraw_item_request(
    *,
    item_request: ItemRequest,
    reason: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> ItemRequest:
    """The site needs no code any more; its number stays."""
    return _end(item_request, "withdraw", reason=reason, version=version, by=by, at=at or now_db())
