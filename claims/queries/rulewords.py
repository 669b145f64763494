"""A version of the liability rules as people read it (LR-30, LR-32)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from claims.domain import situations
from claims.domain.derived import DERIVED
from claims.models import RuleSetVersion
from claims.queries.rulesets import rules_of
from claims.queries.verdicts import condition_words, outcome_word, party_label
from claims.reasons import ROLES, SUB_CODES
from servicecenter import figures
from servicecenter.i18n import listed, say

# The regulation whose rules come with the system, as the seeded version's note names it, and the same in words.
REGULATION_TITLE = "货物交接的相关责任划分"
REGULATION = _("Division of liability at the hand-over of goods")


@dataclass(frozen=True)
class RuleLine:
    """One row in words."""

    id: str
    tier: str
    priority: int
    sentence: str
    condition: str
    shares: str
    fines: str


@dataclass(frozen=True)
class Gap:
    """Situations that no row decides: the pattern or reason, in words, and how many there are."""

    code: str
    sentence: str
    count: int


def rule_rows(ruleset: RuleSetVersion) -> list[RuleLine]:
    """The rows in order of precedence, in the reader's language."""
    return [
        RuleLine(
            id=row.id,
            tier=row.tier,
            priority=row.priority,
            sentence=say(row.sentence),
            condition=condition_words(row),
            shares=listed((f"{_named(party)} {share}" for party, share in row.shares), "，"),
            fines=listed(
                (f"{_named(fine.party)} {_range(fine.minimum, fine.maximum)}" for fine in row.fines), "，"
            ),
        )
        for row in rules_of(ruleset).rows
    ]


def note_words(ruleset: RuleSetVersion) -> str:
    """What stands over the version: the regulation's own title in the reader's language, else the note as typed."""
    return str(REGULATION) if ruleset.note == REGULATION_TITLE else ruleset.note


def fact_vocabulary() -> list[tuple[str, str]]:
    """Every fact that a condition may ask, with its values: what may be typed into a row."""
    return [(name, ", ".join(derived.values)) for name, derived in DERIVED.items()]


def _named(party: str) -> str:
    return str(ROLES[party]) if party in ROLES else party_label(party)


def _range(low: int, high: int) -> str:
    return figures.money(low) if low == high else f"{figures.money(low)}–{figures.money(high)}"


def ruleset_report(ruleset: RuleSetVersion) -> list[Gap]:
    """What no row covers, counted over all situations; worked out once for each text of the rules."""
    key = json.dumps(ruleset.data, sort_keys=True, ensure_ascii=False)
    return [
        Gap(code, str(SUB_CODES[code]) if code in SUB_CODES else outcome_word(outcome), count)
        for code, outcome, count in _gaps(key, _Version(ruleset))
    ]


class _Version:
    """Carries the version past the cache's key: all with the same text are one."""

    def __init__(self, row: RuleSetVersion) -> None:
        self.row = row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _gaps(key: str, version: _Version) -> tuple[tuple[str, str, int], ...]:
    return tuple((gap.code, str(gap.outcome), gap.count) for gap in situations.gaps(rules_of(version.row)))
