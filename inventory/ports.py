"""What the stock asks sideways: a proven loss becomes a claim, in whichever app keeps claims (LED-06, INV-82)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol


class ClaimPort(Protocol):
    """Open a claim on the waybill that the goods travelled with; (kind, public id, number) of it.

    `amount` is in yuan, None where no price is known. Raises RuleBroken with the claims' own codes.
    """

    def __call__(
        self,
        *,
        waybill: str,
        incident_on: date,
        is_damage: bool,
        amount: Decimal | None,
        claimant: str,
        report: str,
        by: Any | None,
        at: datetime,
    ) -> tuple[str, str, str]: ...
