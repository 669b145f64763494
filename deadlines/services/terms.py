"""Which term applies: the policy row of a clock, found for several clocks in one query (CMP-36, D19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deadlines.domain.policy import DEFAULTS, ClockPolicy, LadderPolicy, resolution_keys
from deadlines.domain.steps import Terms
from servicecenter import policies
from servicecenter.models import Policy
from servicecenter.policies import Found
from servicecenter.prepared import Prepared, given

CLOCK, LADDER = "deadlines.clock", "deadlines.ladder"
_VERSIONS = Prepared(
    lambda: Policy.objects.filter(
        code__in=(CLOCK, LADDER), key__any=given("keys"), valid_from__lte=given("latest")
    ).order_by("-valid_from", "-version")
)


@dataclass(frozen=True)
class Ask:
    """What decides a term: the kind of clock and the ticket's tier, category and channel; `at` fixes the version."""

    kind: str
    tier: str
    category: str
    channel: str
    at: datetime

    @property
    def keys(self) -> list[str]:
        """The keys that fit, most specific first."""
        return resolution_keys(self.kind, tier=self.tier, category=self.category, channel=self.channel)


@dataclass(frozen=True)
class Term:
    """The answer: the policy found (with the row it came from), and the ladder."""

    found: Found
    ladder: LadderPolicy

    @property
    def policy(self) -> ClockPolicy:
        """Limit, warning point, basis."""
        value: ClockPolicy = self.found.value
        return value

    @property
    def terms(self) -> Terms:
        """The numbers a clock keeps."""
        return Terms(
            self.policy.warn_percent,
            self.ladder.manager_after_seconds,
            self.ladder.enterprise_after_seconds,
        )


def policy_for(kind: str, *, tier: str = "", category: str = "", channel: str = "", at: datetime) -> Found:
    """The `ClockPolicy` of such a clock as valid at `at`, with the row's id; `policy_id` None: the book's own term."""
    ask = Ask(kind, tier, category, channel, at)
    return find([ask])[ask].found


def find(asks: Iterable[Ask]) -> dict[Ask, Term]:
    """The terms of several clocks, in one query."""
    wanted = {ask: ask.keys for ask in asks}
    asked = {key for keys in wanted.values() for key in keys}
    latest = max((ask.at for ask in wanted), default=None)
    if latest is None:
        return {}
    rows = _VERSIONS.rows(keys=[*asked, ""], latest=latest)
    return {ask: _term(ask, keys, rows) for ask, keys in wanted.items()}


def _term(ask: Ask, keys: list[str], rows: list[Policy]) -> Term:
    valid = [row for row in rows if row.valid_from <= ask.at]
    clock = _first(CLOCK, keys, valid)
    ladder = _first(LADDER, [*keys, ""], valid)
    return Term(
        Found(policies.parse(CLOCK, clock.value), clock.pk, clock.key)
        if clock
        else Found(DEFAULTS[ask.kind], None, ""),
        policies.parse(LADDER, ladder.value) if ladder else LadderPolicy(),
    )


def _first(code: str, keys: list[str], rows: list[Policy]) -> Policy | None:
    """The newest row of the most specific key; `rows` come newest first."""
    for key in keys:
        for row in rows:
            if row.code == code and row.key == key:
                return row
    return None
