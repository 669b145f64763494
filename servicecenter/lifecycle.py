"""Performing an action of a lifecycle table: ask the table, write by conditional update, record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from servicecenter import trail
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.lifecycle import Lifecycle


def perform(
    table: Lifecycle,
    obj: Any,
    action: str,
    *,
    by: Any | None,
    at: datetime,
    has_right: Callable[[str], bool],
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    code: str | None = None,
    **params: Any,
) -> None:
    """Do `action` on a row that the caller has locked; `obj` needs `state` and `version`.

    `changes` are further columns to write in the same UPDATE. Raises RuleBroken with the table's refusal, or
    `lifecycle.stale` when another session was faster (zero rows changed).
    """
    answer = table.decide(action, state=obj.state, facts=facts or {}, has_right=has_right, reason=reason)
    if answer.refusal is not None:
        status = 403 if not answer.visible else 409
        params_of: dict[str, Any] = {"table": table.name, **answer.refusal.params}
        raise RuleBroken(answer.refusal.code, status=status, **params_of)
    before = {"state": obj.state}
    after: dict[str, Any] = {"state": answer.action.target or obj.state}
    columns = dict(changes or {})
    before |= {name: getattr(obj, name) for name in columns}
    after |= columns
    write(obj, expected_version=obj.version, state=after["state"], **columns)
    if reason:
        params["reason"] = reason
    trail.record(
        obj,
        code or f"{table.name}.{action}",
        by=by,
        at=at,
        changes=trail.changes_between(before, after),
        **params,
    )


def write(obj: Any, *, expected_version: int, **columns: Any) -> None:
    """UPDATE … WHERE id and version; zero rows is a conflict told to the user. Raises version on success."""
    rows = (
        type(obj)
        ._base_manager.filter(pk=obj.pk, version=expected_version)
        .update(version=models.F("version") + 1, **columns)
    )
    if rows == 0:
        raise RuleBroken("lifecycle.stale", number=getattr(obj, "number", ""))
    for name, value in columns.items():
        setattr(obj, name, value)
    obj.version = expected_version + 1
