"""What the tests of the clocks share: an instant, and clocks of throw-away subjects."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from deadlines import services
from deadlines.models import Clock
from tests import people

SUBJECT = "tests.subject"
# 10:07 in the centre's zone, a Wednesday.
MORNING = datetime(2026, 11, 18, 2, 7, tzinfo=UTC)
_ids = itertools.count(7_000_001)


@pytest.fixture
def running() -> Callable[..., Clock]:
    """`running("resolution", at=…)`: a started clock of a new subject, in the customer service centre."""

    def begin(kind: str = "resolution", **given: Any) -> Clock:
        subject_id = given.pop("subject_id", None) or next(_ids)
        department = given.pop("department", None) or people.department("service_centre")
        return services.start(
            **{
                "kind": kind,
                "subject_kind": SUBJECT,
                "subject_id": subject_id,
                "number": f"TS261118-{subject_id}",
                "department": department,
                "at": MORNING,
                **given,
            }
        )

    return begin
