"""What is printed of many papers at once is told in the trail of each (INV-43)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.models import Transfer
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.subjects import kind_of


@transaction.atomic
def note_batch(
    *, transfers: Iterable[Transfer], month: str, by: Any | None, at: datetime | None = None
) -> None:
    """Each of these negotiated transfers was printed with those of its month (`2026-11`)."""
    moment = at or now_db()
    lines = [
        trail.Line(kind_of(row), row.pk, row.number, "transfer.batch_printed", {"month": month}, {})
        for row in transfers
    ]
    trail.record_many(lines, by=by, at=moment)
