"""What the clocks ask upward: a step has fired, and the subject's app may add its own consequence."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from deadlines.services.firing import FiredStep


class StepFiredPort(Protocol):
    """Called once per kind of subject with the steps a statement has just done, inside its transaction.

    The clocks are locked. An implementation writes for all steps at once (up to a whole batch), may insert rows
    and must not wait for a lock on a subject: services lock the subject first and its clocks later.
    """

    def __call__(self, *, steps: list[FiredStep], at: datetime) -> None: ...
