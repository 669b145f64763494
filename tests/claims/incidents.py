"""Facts for tests: an ordinary loss with all papers, changed as a test says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claims.domain.facts import Facts, facts_from
from claims.domain.liability import Verdict, judge
from claims.domain.ruleset import RuleSet, load

SEED = Path(__file__).resolve().parents[2] / "claims/seeds/ruleset.json"
DATA: dict[str, Any] = json.loads(SEED.read_text())
RULES: RuleSet = load(DATA)
ORDINARY: dict[str, Any] = {
    "kind": "loss",
    "position": "arrived",
    "copy_1": "clean",
    "copy_2": "clean",
    "copy_3": "clean",
    "copy_4": "clean",
    "noter": "unknown",
    "refused": "no",
    "slip": "no",
    "driver_record": "recorded",
    "loader_record": "recorded",
    "entered": "yes",
    "system_up": "yes",
    "notice": "clean",
    "loader_signature": "provable",
    "off_post": [],
    "swapped_post": [],
    "return_label_covered": "no",
    "traffic_or_theft": "no",
}
P23 = {"copy_1": "clean", "copy_2": "noted", "copy_3": "noted", "copy_4": "clean"}
GONE = {"copy_1": "missing", "copy_2": "missing", "copy_3": "missing"}


def facts(**changed: Any) -> Facts:
    """The ordinary loss with these facts changed; None makes one unknown."""
    return facts_from({**ORDINARY, **changed})


def verdict(**changed: Any) -> Verdict:
    """The ordinary loss with these facts changed, judged by the seeded rules."""
    return judge(facts(**changed), RULES)


def shares(found: Verdict) -> dict[str, str]:
    """The shares as text."""
    return {party: str(share) for party, share in found.shares.items()}


def fines(found: Verdict) -> list[tuple[str, str, int, int]]:
    """The fines as (party, rule, from, to)."""
    return [(fine.party, fine.rule, fine.minimum, fine.maximum) for fine in found.fines]
