"""A verdict as plain data: what `judge_liability` prints, and what a determination keeps (LR-33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from claims.domain.conditions import Holds, TraceRow
from claims.domain.liability import Verdict
from claims.domain.ruleset import RuleSet


def plain_shares(shares: Mapping[str, Fraction]) -> dict[str, str]:
    """`{"driver": "1/3"}`."""
    return {party: str(share) for party, share in shares.items()}


def plain_trace(rows: Iterable[TraceRow]) -> list[dict[str, Any]]:
    """Every row: matched, or which facts failed with their values, or which unknown facts leave it open."""
    return [
        {
            "row": item.row,
            "holds": str(item.holds),
            "failed": [list(pair) for pair in item.failed],
            "open_on": list(item.open_on),
        }
        for item in rows
    ]


def trace_from(rows: Iterable[Mapping[str, Any]]) -> list[TraceRow]:
    """What `plain_trace` made, read again."""
    return [
        TraceRow(
            row["row"],
            Holds(row["holds"]),
            tuple((name, value) for name, value in row["failed"]),
            tuple(row["open_on"]),
        )
        for row in rows
    ]


def plain_verdict(verdict: Verdict, rules: RuleSet, *, trace: bool = False) -> dict[str, Any]:
    """The verdict as JSON: rule or manual reason, shares and fines by party, what is still open; the trace if asked."""
    found: dict[str, Any] = {
        "outcome": str(verdict.outcome),
        "sub_code": verdict.sub_code or None,
        "shares": plain_shares(verdict.shares),
        "fines": [
            {"party": fine.party, "rule": fine.rule, "min": fine.minimum, "max": fine.maximum}
            for fine in verdict.fines
        ],
        "also_matched": list(verdict.also_matched),
        "provisional": verdict.provisional,
        "depends_on": list(verdict.depends_on),
    }
    if verdict.suggestion:
        found["suggestion"] = plain_shares(verdict.suggestion)
    if verdict.nearest:
        found["nearest"] = [item.row for item in verdict.nearest]
    if verdict.warnings:
        found["warnings"] = list(verdict.warnings)
    found["ruleset"] = rules.version
    if trace:
        found["trace"] = plain_trace(verdict.trace)
    return found
