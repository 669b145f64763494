"""One act on one claim: lock, ask the table, change, write once, record once (CLM-02).

Rows are locked in this order everywhere: waybill, claim, request for approval, parts, vouchers, and last the counter of
voucher numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from claims.choices import EvidenceKind
from claims.domain.lifecycle import LIABILITY, PAYOUT
from claims.models import Claim
from claims.permissions import asking
from claims.queries.actions import guard_facts
from claims.services import clocks
from customers.models import Waybill
from organization.models import User
from servicecenter import lifecycle, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.lifecycle import Lifecycle, Refusal
from servicecenter.subjects import kind_of

LOADED = ("waybill", "branch", "customer", "complaint", "adjuster__employee")
STATES = {PAYOUT.name: "state", LIABILITY.name: "liability_state"}


def lock(claim: Claim, *, version: int | None = None) -> Claim:
    """The claim as it is now, locked. Raises RuleBroken `lifecycle.stale` when it is not what the user saw."""
    row = Claim.objects.select_for_update(of=("self",), no_key=True).select_related(*LOADED).get(pk=claim.pk)
    if version is not None and row.version != version:
        raise RuleBroken("lifecycle.stale", number=row.number)
    return row


def lock_waybill(waybill_id: int) -> None:
    """Claims of one waybill are opened and put to approval one after another (CLM-08, CLM-13)."""
    Waybill.objects.select_for_update(no_key=True).only("pk").get(pk=waybill_id)


def refuse(refusal: Refusal, *, visible: bool) -> RuleBroken:
    """The table's refusal as the exception that doors know."""
    lacks_reason = refusal.code == "lifecycle.reason_needed"
    status = 403 if not visible else 400 if lacks_reason else 409
    return RuleBroken(refusal.code, field="reason" if lacks_reason else None, status=status, **refusal.params)


@dataclass
class Act:
    """What is being done to one locked claim. Begin it, change, `finish()`: one UPDATE, one INSERT of the trail."""

    claim: Claim
    by: User | None
    at: datetime
    reason: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    lines: list[trail.Line] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def begin(
        cls,
        claim: Claim,
        action: str,
        *,
        by: User | None,
        at: datetime | None = None,
        version: int | None = None,
        reason: str = "",
        table: Lifecycle = PAYOUT,
    ) -> Act:
        """Lock the claim and ask the table whether `action` may happen; RuleBroken with the table's refusal."""
        row = lock(claim, version=version)
        act = cls(row, by, at or now_db(), reason.strip(), known=guard_facts(row))
        act.ask(action, table=table)
        return act

    def ask(self, action: str, *, table: Lifecycle = PAYOUT) -> None:
        """Raise the table's refusal of `action`, if any."""
        answer = table.decide(
            action,
            state=getattr(self.claim, STATES[table.name]),
            facts=self.known,
            has_right=asking(self.by),
            reason=self.reason,
        )
        if answer.refusal is not None:
            raise refuse(answer.refusal, visible=answer.visible)

    def set(self, **columns: Any) -> None:
        """Columns to be written by `finish()`; they are seen at once."""
        for name, value in columns.items():
            if getattr(self.claim, name) != value:
                self.columns[name] = value
                setattr(self.claim, name, value)

    def note(self, code: str, *, changes: Mapping[str, Any] | None = None, **params: Any) -> None:
        """A line for the claim's history."""
        row = self.claim
        self.lines.append(trail.Line(kind_of(Claim), row.pk, row.number, code, params, changes or {}))

    def move(self, action: str, *, table: Lifecycle = PAYOUT, code: str = "", **params: Any) -> None:
        """Do the table's action: its state, and its line in the history with what it was before."""
        name = STATES[table.name]
        target, before = table.action(action).target, getattr(self.claim, name)
        if before not in table.action(action).sources:
            raise RuleBroken("lifecycle.wrong_state", action=action, state=before)
        changes = {}
        if target is not None and target != before:
            changes[name] = [before, target]
            self.set(**{name: target})
        if self.reason:
            params.setdefault("reason", self.reason)
        self.note(code or f"{table.name}.{action}", changes=changes, **params)

    def begin_investigation(self) -> None:
        """Whoever does something on a claim that nobody has taken takes it (CLM-03)."""
        if self.claim.state == "reported":
            self.set(adjuster=self.by)
            clocks.hand_over(self.claim)
            self.move("take")

    def finish(self) -> Claim:
        """Set the clocks right, write the claim once with its due time, record all lines once."""
        row = self.claim
        if clocks.RESTS_ON & set(self.columns):
            due_at = clocks.settle(row, by=self.by, at=self.at)
            if due_at is not None:
                self.set(due_at=due_at)
        if self.columns:
            lifecycle.write(row, expected_version=row.version, **self.columns)
        if self.lines:
            trail.record_many(self.lines, by=self.by, at=self.at)
        return row


def evidence_or_refuse(kind: str) -> str:
    """A kind of evidence that there is. Raises RuleBroken `fact.evidence`."""
    if kind not in EvidenceKind.values:
        raise RuleBroken("fact.evidence", field="evidence", status=400, evidence=kind)
    return kind


def amount_or_refuse(amount: Any, field_name: str, *, least: Decimal = Decimal("0.00")) -> Decimal:
    """Yuan with at most two places, not below `least`. Raises RuleBroken `claim.amount`."""
    try:
        found = Decimal(amount)
        whole = found.is_finite() and found == found.quantize(Decimal("0.01"))
    except (ArithmeticError, TypeError, ValueError):
        whole = False
    if not whole or not least <= found < Decimal(10**12):
        raise RuleBroken("claim.amount", field=field_name, status=400, amount=str(amount))
    return found.quantize(Decimal("0.01"))
