"""Versions of the liability rules: which one applies, its rows in words, what its check finds (LR-30 to LR-32)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from claims.domain import situations
from claims.domain.ruleset import RuleSet, load
from claims.models import RuleSetVersion
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
KEPT_RULESETS = 32


@dataclass(frozen=True)
class Report:
    """What the check of a version finds: contradictions block it, gaps must be acknowledged (LR-32)."""

    code: str
    overlaps: tuple[situations.Overlap, ...]
    gaps: tuple[situations.Gap, ...]
    broken_cases: tuple[str, ...]
    changes: int | None
    former: str

    @property
    def is_sound(self) -> bool:
        """Nothing contradicts; the golden cases pass."""
        return not self.overlaps and not self.broken_cases


def ruleset_for(day: date) -> RuleSetVersion:
    """The version for cargo incidents of that day (LR-31). Raises RuleBroken `ruleset.none`."""
    row = (
        RuleSetVersion.objects.exclude(state="draft")
        .filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)
        .first()
    )
    if row is None:
        raise RuleBroken("ruleset.none", field="incident_on", day=day.isoformat())
    return row


def ruleset_named(code: str) -> RuleSetVersion:
    """The version of that code; today's for ''. Raises RuleBroken `ruleset.unknown`, `ruleset.none`."""
    if not code:
        return ruleset_for(business_date(now_db()))
    row = RuleSetVersion.objects.filter(code=code).first()
    if row is None:
        raise RuleBroken("ruleset.unknown", status=400, version=code)
    return row


def rules_of(row: RuleSetVersion) -> RuleSet:
    """The rows of a version, loaded once as long as they do not change. Raises BadRuleSet for a bad draft."""
    return _loaded(json.dumps(row.data, sort_keys=True, ensure_ascii=False))


def shipped_rules() -> RuleSet:
    """The rules a new installation begins with, from their file: for judging without a database."""
    return load(json.loads((SEEDS / "ruleset.json").read_text(encoding="utf-8")))


@lru_cache(maxsize=KEPT_RULESETS)
def _loaded(data: str) -> RuleSet:
    return load(json.loads(data))


def golden_cases() -> list[dict[str, Any]]:
    """Cases that every version must decide as they say."""
    found: list[dict[str, Any]] = json.loads((SEEDS / "golden.json").read_text(encoding="utf-8"))
    return found


def report_of(row: RuleSetVersion) -> Report:
    """Check a version: contradictions, gaps, golden cases, and how many situations it decides differently than the
    version before it."""
    rules = rules_of(row)
    former = former_of(row)
    return Report(
        row.code,
        tuple(situations.overlaps(rules)),
        tuple(situations.gaps(rules)),
        tuple(situations.broken_cases(rules, golden_cases())),
        situations.changes(rules_of(former), rules) if former else None,
        former.code if former else "",
    )


def former_of(row: RuleSetVersion) -> RuleSetVersion | None:
    """The version that applied before it."""
    return (
        RuleSetVersion.objects.exclude(state="draft")
        .exclude(pk=row.pk)
        .filter(valid_from__lt=row.valid_from)
        .order_by("-valid_from")
        .first()
    )


def read_fact_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """The facts of a file: JSON lines, or one JSON array. Yields the line (of an array: the place) with the facts, or
    with what is wrong; empty lines are passed over."""
    plain = text.removeprefix("\ufeff")
    if plain.lstrip().startswith("["):
        yield from _array(plain)
        return
    for number, line in enumerate(plain.split("\n"), 1):
        if line.strip():
            yield number, _parsed(line)


def _array(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    try:
        items = json.loads(text, object_pairs_hook=_once)
    except ValueError as problem:
        yield 1, f"not JSON: {problem}"
        return
    for number, item in enumerate(items, 1):
        yield number, item if isinstance(item, dict) else "not an object of facts"


def _parsed(line: str) -> Mapping[str, Any] | str:
    try:
        item = json.loads(line, object_pairs_hook=_once)
    except ValueError as problem:
        return f"not JSON: {problem}"
    return item if isinstance(item, dict) else "not an object of facts"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{', '.join(twice)} stands twice")
    return found
