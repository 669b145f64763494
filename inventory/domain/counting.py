"""The life of a count and what it must carry: counted, explained, approved by another (INV-50 to INV-56, LED-07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inventory.choices import CountKind, CountMode, DifferenceCause, ItemClass
from inventory.domain.categories import COUNTED_KINDS
from inventory.domain.documents import MOST_LINES
from inventory.domain.quantities import MOST, STEP
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.lifecycle import Action, Lifecycle, Refusal

COUNTING, COUNTED, SUBMITTED, APPROVED, VOIDED = "counting", "counted", "submitted", "approved", "voided"
OPEN = frozenset({COUNTING, COUNTED, SUBMITTED})
COUNT, APPROVE, AGAIN = "inventory.count", "inventory.approve_document", "inventory.recount"


@dataclass(frozen=True)
class CountHead:
    """What a count is begun with: one warehouse, or one class of its items."""

    warehouse_id: int
    kind: str
    due_on: date
    mode: str = CountMode.SELF.value
    is_blind: bool = False
    item_class: str = ""
    witness: str = ""
    with_empty: bool = False
    remarks: str = ""


@dataclass(frozen=True)
class Counted:
    """What was found of one item; None is not counted (yet, or any more). `at` is its line in a form or file.

    `cause` and `reason` explain the difference; None leaves what is there.
    """

    code: str
    quantity: Decimal | None
    cause: str | None = None
    reason: str | None = None
    location: str | None = None
    at: int = 0


def all_counted(facts: Mapping[str, Any]) -> Refusal | None:
    """Nothing is left out: zero is typed where nothing lies."""
    if not facts["lines"]:
        return Refusal("stocktake.no_lines")
    return Refusal("stocktake.uncounted", {"count": facts["uncounted"]}) if facts["uncounted"] else None


def all_explained(facts: Mapping[str, Any]) -> Refusal | None:
    """INV-54: cause and explanation on every line with a difference."""
    if facts["unexplained"]:
        return Refusal("stocktake.unexplained", {"count": facts["unexplained"]})
    return None


def by_another(facts: Mapping[str, Any]) -> Refusal | None:
    """INV-55: neither whoever made it nor whoever handed it in approves it."""
    if facts["by"] is not None and facts["by"] in facts["own"]:
        return Refusal("stocktake.approve_own")
    return None


STOCKTAKE = Lifecycle(
    name="stocktake",
    states=(COUNTING, COUNTED, SUBMITTED, APPROVED, VOIDED),
    actions=(
        Action("count", frozenset({COUNTING}), right=COUNT),
        Action("finish", frozenset({COUNTING}), COUNTED, right=COUNT, guard=all_counted),
        Action("explain", frozenset({COUNTED}), right=COUNT),
        Action("hand_in", frozenset({COUNTED}), SUBMITTED, right=COUNT, guard=all_explained),
        Action("recount", frozenset({COUNTED, SUBMITTED}), COUNTING, right=AGAIN, reason_needed=True),
        Action("approve", frozenset({SUBMITTED}), APPROVED, right=APPROVE, guard=by_another),
        Action("void", OPEN, VOIDED, right=COUNT, reason_needed=True),
        Action("print", OPEN | {APPROVED}),
    ),
)


def head_faults(head: CountHead, *, warehouse_kind: str, today: date) -> list[RuleBroken]:
    """What is missing or wrong before a count is begun."""
    found: list[RuleBroken] = []
    if warehouse_kind not in COUNTED_KINDS:
        found.append(RuleBroken("stocktake.warehouse_kind", field="warehouse"))
    for name, value, known in (
        ("kind", head.kind, CountKind.values),
        ("mode", head.mode, CountMode.values),
        ("item_class", head.item_class, ["", *ItemClass.values]),
    ):
        if value not in known:
            found.append(RuleBroken("document.field_needed", field=name, status=400))
    if head.due_on < today:
        found.append(RuleBroken("stocktake.due_past", field="due_on", status=400))
    if head.item_class and head.kind != CountKind.SPOT:
        found.append(RuleBroken("stocktake.whole", field="item_class", status=400))
    return found


def entry_faults(entries: Iterable[Counted]) -> list[RuleBroken]:
    """What is wrong in what was typed: figures of three decimals from zero on, known causes, texts not too long."""
    found: list[RuleBroken] = []
    seen: set[str] = set()
    for entry in entries:
        at = f"lines.{entry.at}"
        quantity = entry.quantity
        if quantity is not None and (
            not quantity.is_finite() or quantity < 0 or quantity > MOST or quantity != quantity.quantize(STEP)
        ):
            found.append(
                RuleBroken(
                    "stocktake.quantity", field=f"{at}.quantity", status=400, line=entry.at, item=entry.code
                )
            )
        if entry.cause and entry.cause not in DifferenceCause.values:
            found.append(RuleBroken("stocktake.cause", field=f"{at}.cause", status=400, line=entry.at))
        for name, text, most in (("reason", entry.reason, 200), ("location", entry.location, 40)):
            if len(text or "") > most:
                found.append(
                    RuleBroken("line.too_long", field=f"{at}.{name}", status=400, line=entry.at, limit=most)
                )
        if entry.code in seen:
            found.append(
                RuleBroken("line.follows_twice", field=f"{at}.code", line=entry.at, item=entry.code[:40])
            )
        seen.add(entry.code)
    return found


def report_faults(
    *, mode: str, witness: str, differing: int, liability: str, proposal: str
) -> list[RuleBroken]:
    """INV-53, INV-55: who watched; and where something differs, who answers for it and what is proposed."""
    found = []
    if mode == CountMode.WITNESSED and not witness.strip():
        found.append(RuleBroken("stocktake.witness_needed", field="witness", status=400))
    for name, text in (("liability", liability), ("proposal", proposal)):
        if differing and not text.strip():
            found.append(RuleBroken("document.field_needed", field=name, status=400))
    return found


def too_many(lines: int) -> RuleBroken | None:
    """A count has as many lines as its documents may have."""
    return RuleBroken("stocktake.too_many", limit=MOST_LINES) if lines > MOST_LINES else None
