"""What the customer file asks upward: all that happened with a customer or a waybill, from whichever app keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, order=True)
class Mark:
    """A place in the timeline. Entries of one instant stand by kind, then by id."""

    at: datetime
    kind: str
    id: int


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `what` names its kind in a word; `number` leads to `url` where there is one."""

    mark: Mark
    what: str
    text: str = ""
    number: str = ""
    url: str = ""
    who: str = ""
    icon: str = "dot"
    tone: str = ""


class TimelinePort(Protocol):
    """The newest `limit` things of one app that happened with a customer before a mark, as far as the user sees."""

    def __call__(self, *, customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]: ...


class WaybillLifePort(Protocol):
    """The newest `limit` things that one app knows of a waybill (WBL-09), as far as the user sees them."""

    def __call__(self, *, waybill_id: int, user: Any, limit: int) -> list[Entry]: ...


@dataclass(frozen=True)
class Alert:
    """What whoever speaks with the customer should know first: a pill in the head of the page, leading to `url`."""

    text: str
    url: str = ""
    icon: str = "alert"
    tone: str = "red"


class AlertPort(Protocol):
    """What one app has to warn of before this customer is spoken with, as far as the user sees it."""

    def __call__(self, *, customer_id: int, user: Any) -> list[Alert]: ...


def older(rows: QuerySet[M], field: str, kind: str, before: Mark | None) -> QuerySet[M]:
    """The rows of a kind that stand behind a mark, newest first; `field` is the time they are ordered by."""
    rows = rows.order_by(f"-{field}", "-pk")
    if before is None:
        return rows
    if kind == before.kind:
        return rows.filter(Q(**{f"{field}__lt": before.at}) | Q(**{field: before.at}, pk__lt=before.id))
    return rows.filter(**{f"{field}__lte" if kind < before.kind else f"{field}__lt": before.at})
