"""Policy numbers of the house: versioned rows, checked by dataclasses, read with the date they apply to (D19)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Policy


@dataclass(frozen=True)
class Found:
    """A policy value with the row (version) it came from; `policy_id` None is the built-in default."""

    value: Any
    policy_id: int | None
    key: str


@cache
def policy_type(code: str) -> type:
    """The dataclass that checks the values of that code."""
    return import_string(settings.POLICY_TYPES[code])


def parse(code: str, value: dict[str, Any]) -> Any:
    """The value as its dataclass; RuleBroken `policy.invalid` names what is wrong."""
    kind = policy_type(code)
    known = {field.name for field in dataclasses.fields(kind)}
    if unknown := set(value) - known:
        raise RuleBroken("policy.unknown_field", status=400, names=", ".join(sorted(unknown)))
    try:
        return kind(**value)
    except (TypeError, ValueError) as problem:
        raise RuleBroken("policy.invalid", status=400, problem=str(problem)) from problem


# Asked several times by every act: worded by hand.
VALID = """
SELECT DISTINCT ON (key) key, id, value::json FROM servicecenter_policy
WHERE code = %(code)s AND key = ANY(%(keys)s) AND valid_from <= %(at)s
ORDER BY key, valid_from DESC, version DESC
"""


def find(code: str, *, at: datetime, keys: Sequence[str] = ("",)) -> Found:
    """The value of the first key in `keys` (most specific first) that has a version valid at `at`.

    Without any row the dataclass's own defaults apply, so that a fresh database works.
    """
    with connection.cursor() as cursor:
        cursor.execute(VALID, {"code": code, "keys": list(keys), "at": at})
        by_key = {key: (pk, value) for key, pk, value in cursor.fetchall()}
    for key in keys:
        if key in by_key:
            pk, value = by_key[key]
            return Found(parse(code, value), pk, key)
    return Found(policy_type(code)(), None, "")


def value(code: str, *, at: datetime, key: str = "") -> Any:
    """Just the value: the key's, else the general one, else the default."""
    return find(code, at=at, keys=(key, "") if key else ("",)).value


@transaction.atomic
def set_policy(
    *,
    code: str,
    key: str = "",
    value: dict[str, Any],
    by: Any | None,
    reason: str,
    valid_from: datetime | None = None,
) -> Policy:
    """A new version of a policy. Raises RuleBroken when the value does not fit, contradicts the other rows of its
    code (the type's `check_among`), or the reason is missing."""
    if code not in settings.POLICY_TYPES:
        raise RuleBroken("policy.unknown", status=400, policy=code)
    if not reason.strip():
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action=code)
    parse(code, value)
    with connection.cursor() as cursor:
        # Per code, not per key: rows of one code are checked against each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [code])
    at = now_db()
    _check_among(code, key, parse(code, value), valid_from or at)
    last = Policy.objects.filter(code=code, key=key).order_by("-version").first()
    row = Policy.objects.create(
        code=code,
        key=key,
        value=value,
        version=(last.version if last else 0) + 1,
        valid_from=valid_from or at,
        by=by,
        reason=reason,
    )
    trail.record(
        row,
        "policy.set",
        by=by,
        at=at,
        changes={key or code: [last.value if last else None, value]},
        policy=code,
        reason=reason,
    )
    return row


def _check_among(code: str, key: str, value: Any, valid_from: datetime) -> None:
    """Where the type has a `check_among(values by key)`, ask it for every instant from which the rows differ."""
    check = getattr(policy_type(code), "check_among", None)
    if check is None:
        return
    rows = [
        (row.valid_from, row.version, row.key, parse(code, row.value))
        for row in Policy.objects.filter(code=code)
    ]
    newest = max((version for _at, version, of, _value in rows if of == key), default=0)
    rows.append((valid_from, newest + 1, key, value))
    rows.sort(key=lambda row: row[:2])
    for instant in sorted({at for at, *_rest in rows if at >= valid_from}):
        check({of: held for at, _version, of, held in rows if at <= instant})
