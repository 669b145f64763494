"""What a transfer must carry, and who may make it (INV-01 to INV-05, INV-24, INV-25, INV-40 to INV-44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.choices import TransferKind, WarehouseKind
from inventory.domain import quantities
from inventory.domain.categories import CROSS_KINDS, TRANSFER_PAIRS
from inventory.domain.documents import MOST_LINES, ItemFacts
from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class TransferHead:
    """The head of a transfer as it is typed; ids of its warehouses. No date: today's (of the centre)."""

    kind: str
    source_id: int
    target_id: int
    business_date: date | None = None
    requisition: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class TransferLineIn:
    """A line of a transfer as it is typed; quantity in base units."""

    code: str
    quantity: Decimal
    remarks: str = ""


@dataclass(frozen=True)
class Sides:
    """What is known of both ends: kinds, the business departments they belong to, and the asking user's rights.

    `drafts_both`: the right to make transfers is held for both ends; `plans`: for transfers across departments.
    """

    source_kind: str
    target_kind: str
    source_department: int
    target_department: int
    drafts_both: bool
    plans: bool

    @property
    def is_cross(self) -> bool:
        """The warehouses' business departments differ (INV-05)."""
        return self.source_department != self.target_department


def right_faults(sides: Sides, *, through_planning: bool) -> list[RuleBroken]:
    """INV-03, INV-05: across departments only business management; within one its accountant, unless INV-Q2 says no."""
    if sides.plans:
        return []
    if sides.is_cross:
        return [RuleBroken("transfer.cross_department", status=403)]
    if through_planning:
        return [RuleBroken("transfer.through_planning", status=403)]
    return [] if sides.drafts_both else [RuleBroken("lifecycle.no_right", status=403, action="save")]


def head_faults(head: TransferHead, sides: Sides) -> list[RuleBroken]:
    """What is missing or wrong in the head."""
    found: list[RuleBroken] = []
    if head.source_id == head.target_id:
        found.append(RuleBroken("transfer.same_warehouse", field="target", status=400))
    elif sides.source_kind != sides.target_kind or WarehouseKind(sides.source_kind) not in TRANSFER_PAIRS:
        found.append(RuleBroken("transfer.kinds", field="target"))
    if head.kind not in TransferKind.values:
        return [*found, RuleBroken("transfer.kind_needed", field="kind", status=400)]
    if (head.kind in CROSS_KINDS) != sides.is_cross:
        code = "transfer.kind_across" if sides.is_cross else "transfer.kind_within"
        found.append(RuleBroken(code, field="kind", status=400))
    if head.kind == TransferKind.DIRECTIVE and not head.requisition.strip():
        found.append(RuleBroken("transfer.requisition_needed", field="requisition", status=400))
    if head.kind == TransferKind.NEGOTIATED and not head.remarks.strip():
        found.append(RuleBroken("transfer.consent_needed", field="remarks", status=400))
    return found


def line_faults(lines: Sequence[TransferLineIn], items: Sequence[ItemFacts | None]) -> list[RuleBroken]:
    """What is wrong in the lines; `items` in the same order, None where the code is unknown."""
    if not lines:
        return [RuleBroken("document.lines_needed", field="lines", status=400)]
    if len(lines) > MOST_LINES:
        return [RuleBroken("document.too_many_lines", field="lines", status=400, limit=MOST_LINES)]
    found: list[RuleBroken] = []
    for number, (line, item) in enumerate(zip(lines, items, strict=True), 1):
        at = f"lines.{number}"
        if item is None:
            found.append(
                RuleBroken(
                    "line.unknown_item", field=f"{at}.code", status=400, line=number, item=line.code[:40]
                )
            )
        elif item.is_closed:
            found.append(RuleBroken("line.closed_item", field=f"{at}.code", line=number, item=item.code))
        if (wrong := quantities.check(line.quantity, field=f"{at}.quantity")) is not None:
            wrong.params = wrong.params | {"line": number}
            found.append(wrong)
        elif line.quantity < 0:
            found.append(RuleBroken("line.blue_above_zero", field=f"{at}.quantity", status=400, line=number))
        if len(line.remarks) > 200:
            found.append(
                RuleBroken("line.too_long", field=f"{at}.remarks", status=400, line=number, limit=200)
            )
    return found
