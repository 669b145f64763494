"""Kept numbers (D12): figures the clock recomputes each minute, so that a board never counts a large table."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from servicecenter.models import KeptNumber
from servicecenter.trail import plain

log = logging.getLogger("servicecenter.kept")

_KEEP = """
INSERT INTO servicecenter_keptnumber (name, value, computed_at) VALUES (%s, %s::jsonb, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET value = excluded.value, computed_at = excluded.computed_at
"""


@dataclass(frozen=True)
class Kept:
    """A figure, and when it was computed: the page shows the age of what it shows."""

    value: Any
    computed_at: datetime


class NotAllComputed(Exception):
    """Some of the figures could not be computed; the message names them. The others are fresh."""


def compute() -> int:
    """Recompute every figure of `KEPT_NUMBERS`, each in its own transaction. Returns how many.

    Raises NotAllComputed after all have been tried.
    """
    failed = []
    for name, path in settings.KEPT_NUMBERS.items():
        try:
            with transaction.atomic():
                compute_one(name, path)
        except Exception:  # one figure's defect leaves the others fresh
            log.exception("the kept number %s could not be computed", name)
            failed.append(name)
    if failed:
        raise NotAllComputed(", ".join(failed))
    return len(settings.KEPT_NUMBERS)


def compute_one(name: str, path: str) -> None:
    """Recompute one figure by the function named `path`."""
    keep(name, import_string(path)())


def keep(name: str, figure: Any) -> None:
    """Keep a figure as of now; for a job of `KEPT_NUMBERS` whose figures come in several rows, too."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [name, json.dumps(plain(figure), ensure_ascii=False)])


def forget(prefix: str, *, but: Iterable[str]) -> None:
    """Forget the figures whose names begin so, except some."""
    KeptNumber.objects.filter(name__startswith=prefix).exclude(name__in=list(but)).delete()


def value(name: str) -> Kept | None:
    """The figure as last computed, or None before the first time."""
    return values(name).get(name)


def values(*names: str) -> dict[str, Kept]:
    """Those of the figures that have been computed, in one statement."""
    rows = KeptNumber.objects.filter(name__in=names)
    return {row.name: Kept(row.value, row.computed_at) for row in rows}
