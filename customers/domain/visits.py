"""When a customer is to be visited (CUS-21)."""

from __future__ import annotations

from datetime import date

from servicecenter.kernel.months import add_months


def due_on(*, last: date | None, graded_since: date | None, months: int) -> date | None:
    """The later of the last visit and the start of the grade, plus the tier's interval; None where none is required."""
    if not months or graded_since is None:
        return None
    return add_months(max(last or graded_since, graded_since), months)
