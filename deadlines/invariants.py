"""What must hold of clocks at any moment (I1 to I3), as questions to the database that answer with what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from servicecenter.invariants import Check, Violation

# No promise is broken before this: a step happens at most so many seconds late.
PROMISE_SECONDS = 60
STEP_CODES = ("clock.warning", "clock.breach", "clock.ladder_manager", "clock.ladder_enterprise")

UNDONE = """
WITH undone AS (
  SELECT c.id, c.number, c.kind, c.next_at, min(s.due_at) AS due_at
  FROM deadlines_clock c
  LEFT JOIN deadlines_step s ON s.clock_id = c.id AND s.generation = c.generation
                             AND s.fired_at IS NULL AND s.void_at IS NULL
  WHERE c.state = 'running' GROUP BY c.id)
SELECT number, kind,
       CASE WHEN due_at < now() - %(promise)s * interval '1 second' THEN 'its step is undone since ' || due_at
            ELSE 'next_at is ' || coalesce(next_at::text, 'empty') || ', its next step is due '
                 || coalesce(due_at::text, 'never') END
FROM undone
WHERE due_at < now() - %(promise)s * interval '1 second' OR next_at IS DISTINCT FROM due_at
UNION ALL
SELECT c.number, c.kind, 'has no breach step to come and none done'
FROM deadlines_clock c
WHERE c.state = 'running' AND NOT EXISTS (
  SELECT FROM deadlines_step s WHERE s.clock_id = c.id AND s.kind = 'breach' AND s.void_at IS NULL)
"""

TWICE = """
SELECT min(number), code, 'recorded ' || count(*) || ' times' FROM servicecenter_trailentry
WHERE code = ANY(%(codes)s) GROUP BY params->>'step', code HAVING count(*) > 1
UNION ALL
SELECT min(number), code, 'told ' || count(*) || ' times to user ' || user_id FROM servicecenter_notice
WHERE code = ANY(%(codes)s) GROUP BY params->>'step', code, user_id HAVING count(*) > 1
UNION ALL
SELECT c.number, s.kind, 'fired ' || count(*) || ' times for one due time'
FROM deadlines_step s JOIN deadlines_clock c ON c.id = s.clock_id
WHERE s.fired_at IS NOT NULL GROUP BY c.id, s.kind, s.due_at HAVING count(*) > 1
"""

UNTOLD = """
WITH fired AS (
  SELECT s.id, s.kind, c.number FROM deadlines_step s JOIN deadlines_clock c ON c.id = s.clock_id
  WHERE s.fired_at IS NOT NULL)
SELECT f.number, f.kind, 'has no history entry' FROM fired f
WHERE NOT EXISTS (SELECT FROM servicecenter_trailentry t
                  WHERE t.code = 'clock.' || f.kind AND (t.params->>'step')::bigint = f.id)
UNION ALL
SELECT f.number, f.kind, 'has no message in the outbox' FROM fired f
WHERE NOT EXISTS (SELECT FROM servicecenter_outboxmessage o
                  WHERE o.code = 'clock.' || f.kind AND (o.params->>'step')::bigint = f.id)
"""


def undone() -> Iterable[Violation]:
    """I1: a running clock whose step is overdue by more than the promise, or would never come."""
    return _ask(UNDONE, {"promise": PROMISE_SECONDS})


def twice() -> Iterable[Violation]:
    """I2: an effect that happened more than once for one step."""
    return _ask(TWICE, {"codes": list(STEP_CODES)})


def untold() -> Iterable[Violation]:
    """I3: a fired step without its history entry or its outbox row."""
    return _ask(UNTOLD, {})


def _ask(question: str, params: dict[str, Any]) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(question, params)
        return [Violation(f"{number} {what}", problem) for number, what, problem in cursor.fetchall()]


CHECKS = [
    Check("I1", _("no running clock is past due by more than 60 seconds with its step undone"), undone),
    Check("I2", _("at most one effect per clock, step and generation"), twice),
    Check("I3", _("every fired step has its history entry and its outbox row"), untold),
]
