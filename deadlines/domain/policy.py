"""The policy numbers of the clocks: terms, warning points, the ladder, and which row applies.

CMP-26 and CMP-30 to CMP-37; what rows may not say together: CMP-22, CMP-36.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from deadlines.choices import Basis, ClockKind
from servicecenter.kernel.errors import RuleBroken

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SHORTEST, LONGEST = 10, 3_650 * DAY
# The 24-hour clock and the statement clock are elapsed time (CMP-36).
ELAPSED_ONLY = (ClockKind.RESOLUTION, ClockKind.STATEMENT)
TIERS = ("A", "B", "C", "D")
CONDITIONS = ("tier", "category", "channel")
# Every choice of them, the most first; among as many, in the order of the conditions.
PICKS = tuple(names for count in range(len(CONDITIONS), -1, -1) for names in combinations(CONDITIONS, count))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class ClockPolicy:
    """The term of one kind of clock.

    `limit_seconds`: from start to due. `warn_percent`: at which part of the term the owner is told (CMP-37).
    `basis`: `elapsed` or `business` (the calendar of the department that must act, ORG-07).
    """

    limit_seconds: int = 24 * HOUR
    warn_percent: int = 75
    basis: str = Basis.ELAPSED.value

    def __post_init__(self) -> None:
        if not _whole(self.limit_seconds) or not SHORTEST <= self.limit_seconds <= LONGEST:
            raise RuleBroken(
                "clock.policy_limit", field="limit_seconds", status=400, least=SHORTEST, most=LONGEST
            )
        if not _whole(self.warn_percent) or not 1 <= self.warn_percent <= 99:
            raise RuleBroken("clock.policy_warn", field="warn_percent", status=400, least=1, most=99)
        if self.basis not in Basis.values:
            raise RuleBroken("clock.policy_basis", field="basis", status=400, allowed=", ".join(Basis.values))

    @staticmethod
    def check_among(values: Mapping[str, ClockPolicy]) -> None:
        """Refuse a set of rows (key → value, as valid at one instant) that contradicts itself.

        `clock.policy_key`: a key that no clock asks for. `clock.policy_elapsed` (CMP-36): the 24-hour and the
        statement clock run in elapsed time. `clock.policy_statement_longer` (CMP-22): for some ticket the
        statement term would be longer than the resolution term. `clock.policy_tier_slower` (CMP-36): a better
        tier would wait longer.
        """
        for key, value in values.items():
            kind = parse_key(key).kind
            if kind in ELAPSED_ONLY and value.basis != Basis.ELAPSED:
                raise RuleBroken("clock.policy_elapsed", field="basis", status=400, clock=kind)
        for at in _tickets(values):
            _check_ticket(values, **at)


@dataclass(frozen=True)
class LadderPolicy:
    """How long after due the centre manager and enterprise management are told (CMP-37); seconds of elapsed time."""

    manager_after_seconds: int = 4 * HOUR
    enterprise_after_seconds: int = 24 * HOUR

    def __post_init__(self) -> None:
        first, second = self.manager_after_seconds, self.enterprise_after_seconds
        if not _whole(first) or not _whole(second) or not 0 < first < second <= LONGEST:
            raise RuleBroken("clock.policy_ladder", field="enterprise_after_seconds", status=400)

    @staticmethod
    def check_among(values: Mapping[str, LadderPolicy]) -> None:
        """Refuse a key that no clock asks for: `clock.policy_key`."""
        for key in values:
            if key:
                parse_key(key)


# The book's own terms; the seeds write them as rows, and a database without rows works by them.
DEFAULTS: dict[str, ClockPolicy] = {
    ClockKind.FIRST_RESPONSE.value: ClockPolicy(5 * MINUTE),  # CMP-30
    ClockKind.REPORT_UPWARD.value: ClockPolicy(HOUR),  # CMP-31
    ClockKind.SUPERVISOR_TAKES.value: ClockPolicy(HOUR),  # CMP-31
    ClockKind.STATEMENT.value: ClockPolicy(4 * HOUR),  # CMP-32
    ClockKind.RESOLUTION.value: ClockPolicy(24 * HOUR),  # CMP-33
    ClockKind.QUOTATION.value: ClockPolicy(8 * HOUR, basis=Basis.BUSINESS.value),  # CMP-34
    ClockKind.FOLLOW_UP.value: ClockPolicy(48 * HOUR),  # CMP-35
    ClockKind.ROUTING.value: ClockPolicy(30 * MINUTE),  # CMP-35a
    ClockKind.ANSWER.value: ClockPolicy(12 * HOUR),  # CMP-35b
    ClockKind.WAITING.value: ClockPolicy(72 * HOUR),  # CMP-35c: at most
    ClockKind.SUSPECTED.value: ClockPolicy(HOUR),  # CMP-35d
    ClockKind.APPROVAL.value: ClockPolicy(4 * HOUR),  # CMP-26
    ClockKind.OUTSIDE.value: ClockPolicy(72 * HOUR),  # CMP-46: where the source names no date
    ClockKind.CORRECTIVE.value: ClockPolicy(7 * DAY),  # CMP-27: where the finding names no date
    # CLM-03, CLM-11, CLM-14: claims name their dates themselves; from here they take when they warn.
    ClockKind.CLAIM_ACKNOWLEDGE.value: ClockPolicy(DAY),
    ClockKind.CLAIM_ANSWER.value: ClockPolicy(2 * DAY),
    ClockKind.CLAIM_REPLY.value: ClockPolicy(3 * DAY),
    ClockKind.CLAIM_PAYMENT.value: ClockPolicy(7 * DAY),
    ClockKind.CLAIM_EVIDENCE.value: ClockPolicy(DAY),
    ClockKind.CLAIM_INSURER.value: ClockPolicy(2 * DAY),
}
# Clocks whose dates stand in another policy: no row here, until a house wants another warning point.
DATED_ELSEWHERE = frozenset(kind.value for kind in ClockKind if kind.value.startswith("claim_"))
# A-tier customers: the owner is warned at half of the term.
TIER_A_WARNS_AT = 50
TIER_A_WARNED = (ClockKind.STATEMENT, ClockKind.RESOLUTION, ClockKind.ANSWER, ClockKind.FOLLOW_UP)


def seeded() -> dict[str, ClockPolicy]:
    """Key → value of every row the first installation begins with."""
    rows = {kind: value for kind, value in DEFAULTS.items() if kind not in DATED_ELSEWHERE}
    for kind in TIER_A_WARNED:
        base = DEFAULTS[kind.value]
        rows[f"{kind.value}|tier=A"] = ClockPolicy(base.limit_seconds, TIER_A_WARNS_AT, base.basis)
    return rows


@dataclass(frozen=True)
class Key:
    """A policy key taken apart: the kind of clock and the conditions it names."""

    kind: str
    tier: str = ""
    category: str = ""
    channel: str = ""


def parse_key(key: str) -> Key:
    """`resolution|tier=A|category=delay` taken apart; RuleBroken `clock.policy_key` when no clock asks for it."""
    kind, *parts = key.split("|")
    conditions = dict(part.partition("=")[::2] for part in parts)
    ordered = [name for name in CONDITIONS if name in conditions]
    known = kind in ClockKind.values and len(parts) == len(ordered) == len(conditions)
    if (
        not known
        or "" in conditions.values()
        or key != "|".join([kind, *(f"{n}={conditions[n]}" for n in ordered)])
    ):
        raise RuleBroken("clock.policy_key", field="key", status=400, key=key)
    if conditions.get("tier", "A") not in TIERS:
        raise RuleBroken("clock.policy_key", field="key", status=400, key=key)
    return Key(kind, **conditions)


def resolution_keys(kind: str, *, tier: str = "", category: str = "", channel: str = "") -> list[str]:
    """Every key that fits a ticket, most specific first; the first with a valid row decides.

    More conditions come before fewer; among as many, tier before category before channel: so
    `|tier|category|channel`, `|tier|category`, `|tier|channel`, `|category|channel`, `|tier`, `|category`,
    `|channel`, and the kind alone.
    """
    given = {"tier": tier, "category": category, "channel": channel}
    return [
        "|".join([str(kind), *(f"{name}={given[name]}" for name in names)])
        for names in PICKS
        if all(given[name] for name in names)
    ]


def resolve(
    values: Mapping[str, ClockPolicy], kind: str, *, tier: str = "", category: str = "", channel: str = ""
) -> ClockPolicy:
    """The value that applies to such a ticket, or the book's own term."""
    for key in resolution_keys(kind, tier=tier, category=category, channel=channel):
        if key in values:
            return values[key]
    return DEFAULTS[kind]


def _tickets(values: Mapping[str, ClockPolicy]) -> Iterable[dict[str, str]]:
    """Every combination of category and channel that some row distinguishes, and the ticket of neither."""
    keys = [parse_key(key) for key in values]
    categories = sorted({"", *(key.category for key in keys)})
    channels = sorted({"", *(key.channel for key in keys)})
    return ({"category": category, "channel": channel} for category, channel in product(categories, channels))


def _check_ticket(values: Mapping[str, ClockPolicy], *, category: str, channel: str) -> None:
    def term(kind: str, tier: str) -> ClockPolicy:
        return resolve(values, kind, tier=tier, category=category, channel=channel)

    for tier in ("", *TIERS):
        statement = term(ClockKind.STATEMENT.value, tier).limit_seconds
        resolution = term(ClockKind.RESOLUTION.value, tier).limit_seconds
        if statement > resolution:
            raise RuleBroken(
                "clock.policy_statement_longer",
                field="limit_seconds",
                status=400,
                statement=round(statement / HOUR, 2),
                resolution=round(resolution / HOUR, 2),
            )
    for kind in DEFAULTS:
        for tier, worse in pairwise(TIERS):
            mine, other = term(kind, tier).limit_seconds, term(kind, worse).limit_seconds
            if mine > other:
                key = resolution_keys(kind, tier=tier, category=category, channel=channel)[0]
                raise RuleBroken(
                    "clock.policy_tier_slower",
                    field="limit_seconds",
                    status=400,
                    clock=kind,
                    tier=tier,
                    other=worse,
                    hours=round(mine / HOUR, 2),
                    other_hours=round(other / HOUR, 2),
                    key=key,
                )
