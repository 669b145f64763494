"""The trail (操作记录): who did what, when, before and after, through which door, from where (ORG-05, D6).

Rows are written in the business transaction and worded when read. Personal values enter masked, with a keyed
hash, so that the trail outlives the erasure of a person (PRV-09).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.utils.functional import Promise

from servicecenter import context
from servicecenter.inserting import insert
from servicecenter.models import TrailEntry
from servicecenter.subjects import kind_of

log = logging.getLogger("servicecenter.trail")
GENESIS = "0" * 64


@dataclass(frozen=True)
class Line:
    """One trail row about to be written."""

    kind: str
    object_id: int
    number: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)


def keyed_hash(value: str) -> str:
    """HMAC-SHA-256 of a personal value under the secret key: comparable, not reversible."""
    return hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def masked(value: str, mask: Callable[[str], str]) -> dict[str, str]:
    """A personal value as the trail may hold it."""
    return {"masked": mask(value), "hash": keyed_hash(value)[:16]} if value else {"masked": ""}


def plain(value: Any) -> Any:
    """A value as JSON and PostgreSQL hold it: dates in ISO form, decimals as text, records by their name.

    Raises TypeError for what has no such form, so that nothing enters the trail as `<object at 0x…>`.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | Promise):
        # PostgreSQL's JSON cannot hold the character zero
        return str(value).replace("\0", "\ufffd")
    if isinstance(value, datetime | date | clock_time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal | UUID | models.Model):
        return plain(str(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    raise TypeError(f"{type(value).__name__} has no plain form")


def record(
    obj: models.Model,
    code: str,
    *,
    by: Any | None,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    **params: Any,
) -> TrailEntry:
    """Write one act on one record. `changes` is `{field: [before, after]}`; `params` word the entry."""
    line = Line(kind_of(obj), obj.pk, getattr(obj, "number", "") or "", code, params, changes or {})
    return record_many([line], by=by, at=at)[0]


def record_many(lines: Iterable[Line], *, by: Any | None, at: datetime) -> Sequence[TrailEntry]:
    """Write many acts in one statement."""
    act = context.current()
    return insert(
        [
            TrailEntry(
                kind=line.kind,
                object_id=line.object_id,
                number=line.number,
                code=line.code,
                params=plain(dict(line.params)),
                changes=plain(dict(line.changes)),
                by=by,
                via=act.via,
                address=act.address,
                request_id=act.request_id,
                at=at,
            )
            for line in lines
        ]
    )


def changes_between(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    personal: Mapping[str, Callable[[str], str]] | None = None,
) -> dict[str, list[Any]]:
    """`{field: [old, new]}` for the fields that differ; fields in `personal` are masked by their function."""
    personal = personal or {}
    found: dict[str, list[Any]] = {}
    for name in after:
        if before.get(name) != after[name]:
            pair = [before.get(name), after[name]]
            found[name] = [masked(str(v or ""), personal[name]) for v in pair] if name in personal else pair
    return found


def entries_of(obj: models.Model) -> models.QuerySet[TrailEntry]:
    """The trail of one record, newest first."""
    return (
        TrailEntry.objects.filter(kind=kind_of(obj), object_id=obj.pk)
        .select_related("by__employee")
        .order_by("-at", "-id")
    )


def seal(limit: int = 20_000) -> int:
    """Seal what is not sealed yet: one row over the previous digest and the rows' hashes in id order (I9).

    One sealer at a time; no business transaction waits for it. Returns the number of rows sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail_seal_now(%s)", [limit])
        return cursor.fetchone()[0]


def log_digest() -> str:
    """Write the newest digest to the log, once a day: kept elsewhere, it proves the trail against its own database."""
    digest = newest_digest()
    log.info("trail digest %s", digest)
    return digest


def newest_digest() -> str:
    """The digest that stands for the whole trail so far; goes to the log daily and onto every report."""
    from servicecenter.models import TrailSeal

    return TrailSeal.objects.order_by("-id").values_list("digest", flat=True).first() or GENESIS
