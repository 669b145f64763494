"""The claims of the months before: judged, paid, recovered, the oldest closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from claims import services
from claims.demo.stage import P23, TERM, Stage
from claims.services.ledger import owed
from customers.models import Waybill
from servicecenter.clock import business_date


@dataclass(frozen=True)
class Past:
    """A claim reported so many days ago: sum in yuan, pieces, and the facts that were not ordinary."""

    days: int
    amount: str
    pieces: int
    facts: Mapping[str, Any] = field(default_factory=dict)


# Older ones are closed too.
CLOSED = 60
PAST = (
    Past(84, "640.00", 2, P23),
    Past(77, "1260.00", 3, {"driver_record": "none"}),
    Past(69, "388.80", 1, {"notice": "noted"}),
    Past(58, "2150.00", 6, P23),
    Past(51, "720.00", 2),
    Past(46, "455.00", 1, {"driver_record": "none", "loader_record": "none"}),
    Past(38, "980.00", 4, {"notice": "noted"}),
    Past(33, "1540.00", 5, P23),
)


def play(stage: Stage, *, spared: set[int]) -> None:
    """Each on a consignment of its week; those of `spared` (ids) are left alone."""
    for past in PAST:
        bill = _bill(stage, past, spared)
        if bill is not None:
            spared.add(bill.pk)
            _course(stage, bill, past)


def _bill(stage: Stage, past: Past, spared: set[int]) -> Waybill | None:
    """A whole consignment that had arrived by then."""
    day = business_date(stage.now) - timedelta(days=past.days)
    rows = Waybill.objects.filter(
        is_stub=False, pieces__gte=past.pieces, destination__kind="branch",
        shipped_on__range=(day - timedelta(days=9), day - timedelta(days=2)),
    )  # fmt: skip
    return rows.exclude(pk__in=spared).order_by("number").first()


def _course(stage: Stage, bill: Waybill, past: Past) -> None:
    """From the report to the last instalment."""
    hours = past.days * 24.0
    claim = stage.open(bill, hours, past.amount)
    stage.investigate(claim, hours - 8, **past.facts)
    stage.determine(claim, hours - 26)
    stage.price(claim, hours - 30, past.amount, past.pieces)
    stage.approve(claim, hours - 50)
    (voucher,) = stage.voucher(claim, hours - 56)
    stage.pay(voucher, hours - 75)
    services.finalise_due(at=stage.ago(hours - 26 - TERM))
    left = owed(claim)
    for share in claim.determinations.get().shares.order_by("ordinal"):
        if left.get(share.pk):
            services.record_recovery(
                share=share,
                amount=left[share.pk],
                note="工资抵扣",
                by=stage.adjuster,
                at=stage.ago(hours - 430),
            )
    if past.days > CLOSED:
        stage.close(claim, hours - 440)
