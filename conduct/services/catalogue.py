"""The catalogue of violations is kept up: wording, order of closing; ranges are policies (SAN-01 … SAN-16)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from conduct.models import Violation
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.i18n import validate_texts
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def change_violation(
    *,
    violation: Violation,
    sentences: Mapping[str, str],
    targets: Mapping[str, str],
    amounts: Mapping[str, str],
    reason_required: bool,
    closed_on: date | None,
    by: Any | None,
    at: datetime | None = None,
) -> Violation:
    """Change the texts of a violation, whether a reason is required, and from when it is no longer used.

    Raises RuleBroken `violation.texts` when simplified Chinese is missing.
    """
    row = Violation.objects.select_for_update().get(pk=violation.pk)
    for name, texts in (("sentences", sentences), ("targets", targets), ("amounts", amounts)):
        try:
            validate_texts(dict(texts))
        except ValidationError as wrong:
            raise RuleBroken("violation.texts", field=name, status=400) from wrong
    after = {
        "sentences": dict(sentences),
        "targets": dict(targets),
        "amounts": dict(amounts),
        "reason_required": reason_required,
        "closed_on": closed_on,
    }
    changes = trail.changes_between({name: getattr(row, name) for name in after}, after)
    if changes:
        for name in changes:
            setattr(row, name, after[name])
        row.save(update_fields=list(changes))
        trail.record(row, "violation.changed", by=by, at=at or now_db(), changes=changes, violation=row.code)
    return row
