"""What the payout of a claim is worked out from (CLM-06)."""

from __future__ import annotations

from claims.domain.payout import Case, total
from claims.models import Claim


def case_of(row: Claim, *, exclusion: str = "") -> Case:
    """The assessed loss of the goods lines (claimed, where not assessed) and the values of the consignment."""
    lines = list(row.lines.order_by("ordinal"))
    return Case(
        loss=total([line.claimed if line.assessed is None else line.assessed for line in lines]),
        declared_value=row.declared_value,
        goods_value=row.goods_value,
        freight=row.freight,
        weight=row.weight,
        cap_told=row.cap_told,
        exclusion=exclusion,
    )
