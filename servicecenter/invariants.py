"""What must always be true (FAULTS I1 … I12), collected from every app's `invariants.py`, and what a sound machine has.

An app's module holds `CHECKS: list[Check]` and `DOCTOR: list[Callable[[], Iterable[Finding]]]`; both may be missing.
Here stand the ground floor's own: I9 and I10.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from servicecenter import heartbeat, notices, outbox, ports
from servicecenter.clock import now_db
from servicecenter.models import Notice

log = logging.getLogger("servicecenter.verify")
MOST_NAMED = 50
# After an interruption what fell due meanwhile is made up for within the promise of 60 seconds: no alarm before that.
SETTLING_SECONDS = 75.0


@dataclass(frozen=True)
class Violation:
    """One record that breaks an invariant: which, and how."""

    subject: str
    problem: str


@dataclass(frozen=True)
class Check:
    """An invariant: its code, its sentence, and the search for what breaks it.

    `find` runs alone in a read-only snapshot; in its SQL the time is `now()`, the moment of that snapshot.
    """

    code: str
    sentence: Any
    find: Callable[[], Iterable[Violation]]


@dataclass(frozen=True)
class Finding:
    """One line of `manage.py doctor`: what was looked at, whether it is sound, what there is, what to do."""

    name: str
    good: bool
    text: str
    remedy: str = ""


@dataclass
class Result:
    """What one check found; at most fifty violations are named, all are counted."""

    code: str
    sentence: str
    count: int = 0
    violations: list[Violation] = field(default_factory=list)

    def add(self, violation: Violation) -> None:
        """Count a violation, and name it among the first fifty."""
        self.count += 1
        if len(self.violations) < MOST_NAMED:
            self.violations.append(violation)

    def as_json(self) -> dict[str, Any]:
        """For `manage.py verify --json`."""
        return asdict(self) | {"holds": self.count == 0}


def checks() -> list[Check]:
    """Every app's checks, in the order of their numbers. One invariant may have a check for each kind of record."""
    return sorted(_collected("CHECKS"), key=lambda check: (len(check.code), check.code))


def doctors() -> list[Callable[[], Iterable[Finding]]]:
    """Every app's questions to the installation."""
    return list(_collected("DOCTOR"))


def waits_for_the_clock(result: Result) -> bool:
    """Whether nothing is damaged, and only what the clock process does is not done: it was away, or starts now."""
    return result.code in {"I1", "I10"} or (result.code == "I9" and result.violations[0].problem == _UNSEALED)


def verify(codes: set[str] | None = None) -> Iterator[Result]:
    """Run every check, or those of these codes, each in a snapshot of its own that cannot write.

    Yields the results as they come.
    """
    for check in checks():
        if codes is not None and check.code not in codes:
            continue
        result = Result(check.code, str(check.sentence))
        try:
            with _snapshot():
                for violation in check.find():
                    result.add(violation)
        except (
            Exception
        ) as problem:  # what cannot be checked does not hold; the others are checked all the same
            log.exception("%s could not be checked", check.code)
            reason = str(problem).strip().split("\n")[0]
            result.add(Violation("check", f"could not run: {type(problem).__name__}: {reason}"))
        yield result


def verify_and_report(*, settling: float = SETTLING_SECONDS) -> dict[str, Any]:
    """The nightly run: the log, the heartbeat, and a notice to the administrators when something is wrong.

    What does not hold is looked at again `settling` seconds later: right after a start the clock is still making up
    for what fell due meanwhile, and tells nobody to get up for it.
    """
    broken = [result for result in verify() if result.count]
    if broken and settling:
        log.info("%s again in %s s", ", ".join(result.code for result in broken), round(settling))
        time.sleep(settling)
        broken = [result for result in verify({result.code for result in broken}) if result.count]
    for result in broken:
        log.error("%s violated %s times: %s", result.code, result.count, result.violations[:5])
    codes = list(dict.fromkeys(result.code for result in broken))
    summary: dict[str, Any] = {"violations": sum(result.count for result in broken), "codes": codes}
    at = now_db()
    with transaction.atomic():
        heartbeat.beat("verify", **summary)
        if broken:
            notices.tell(
                ports.administrators(),
                "verify.violations",
                about=None,
                at=at,
                level=Notice.Level.GRAVE,
                key=at.isoformat(),
                count=summary["violations"],
                codes=", ".join(codes),
            )
    return summary


def _collected(name: str) -> Iterator[Any]:
    for app in reversed(settings.LOCAL_APPS):
        if find_spec(f"{app}.invariants") is not None:
            yield from getattr(import_module(f"{app}.invariants"), name, [])


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment for a whole check, read-only, however long it takes. Inside a transaction that moment is as it is."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def rows_of(statement: str, parameters: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of one statement, in chunks."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        while chunk := cursor.fetchmany(1000):
            yield from chunk


# I9: the trail's seals

_UNSEALED = "is unsealed for more than five minutes"
_UNSEALED_TOO_LONG = f"""
SELECT entry_id, '{_UNSEALED}' FROM servicecenter_trailunsealed
WHERE noted_at < now() - interval '5 minutes' ORDER BY entry_id
"""
_NOT_IN_EXACTLY_ONE = """
WITH held AS (
  SELECT unnest(entry_ids) AS id FROM servicecenter_trailseal
  UNION ALL SELECT entry_id FROM servicecenter_trailunsealed
), counted AS (SELECT id, count(*) AS times FROM held GROUP BY id)
SELECT coalesce(e.id, c.id),
       CASE WHEN c.id IS NULL THEN 'is in no seal' WHEN e.id IS NULL THEN 'is sealed but gone'
            ELSE 'is held ' || c.times || ' times' END
FROM servicecenter_trailentry e FULL JOIN counted c ON c.id = e.id
WHERE c.id IS NULL OR e.id IS NULL OR c.times > 1 ORDER BY 1
"""
_BROKEN_SEALS = """
SELECT id, CASE WHEN previous <> expected THEN 'does not follow the seal before it'
                ELSE 'does not fit the rows it seals' END
FROM (SELECT id, previous, digest, entry_ids,
             lag(digest, 1, repeat('0', 64)) OVER (ORDER BY id) AS expected FROM servicecenter_trailseal) s
WHERE previous <> expected OR digest <> trail_digest(previous, entry_ids) ORDER BY id
"""


def broken_seals() -> Iterator[Violation]:
    """I9: every trail row is in exactly one seal or waits for one for less than five minutes; the seals recompute."""
    # damage first: what only waits for the clock must not hide it
    for statement, kind in (
        (_BROKEN_SEALS, "servicecenter.trailseal"),
        (_NOT_IN_EXACTLY_ONE, "servicecenter.trailentry"),
        (_UNSEALED_TOO_LONG, "servicecenter.trailentry"),
    ):
        for pk, problem in rows_of(statement):
            yield Violation(f"{kind} {pk}", problem)


# I10: the outbox


def unsent_messages() -> Iterator[Violation]:
    """I10: no outbox row unsent for more than five minutes without being parked and reported."""
    for message in outbox.waiting_too_long():
        yield Violation(
            f"servicecenter.outboxmessage {message.pk}",
            f"{message.code} waits since {message.created_at:%Y-%m-%d %H:%M:%S}Z, {message.tries} tries",
        )


CHECKS = [
    Check("I9", _("Every trail row is in one seal, and the chain of seals recomputes."), broken_seals),
    Check("I10", _("No message waits for more than five minutes without being reported."), unsent_messages),
]
