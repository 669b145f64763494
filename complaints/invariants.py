"""What must hold of complaints at any moment (I8, I11, I12), as questions to the database that name what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from complaints.choices import DEAD_STATES, OPEN_STATES
from complaints.domain.lifecycle import STEPS
from complaints.queries.standing import KIND
from complaints.services.consequences import KIND as INCIDENT
from servicecenter.invariants import Check, Violation

INCIDENT_STEPS = [
    (None, "suspected"), (None, "confirmed"), ("suspected", "confirmed"), ("confirmed", "suspected"),
    ("suspected", "withdrawn"), ("confirmed", "withdrawn"), ("confirmed", "ended"), ("ended", "withdrawn"),
]  # fmt: skip

# Every change of state in the history follows on the one before, is one of the table's, and the last is the state.
UNREACHED = """
WITH changed AS (
  SELECT t.object_id, t.id, t.code, t.changes->'state'->>0 AS was, t.changes->'state'->>1 AS now,
         lag(t.changes->'state'->>1) OVER (PARTITION BY t.object_id ORDER BY t.id) AS before,
         lead(t.id) OVER (PARTITION BY t.object_id ORDER BY t.id) AS next
  FROM servicecenter_trailentry t
  WHERE t.kind = %(kind)s AND t.changes ? 'state'),
imported AS (
  SELECT object_id FROM servicecenter_trailentry WHERE kind = %(kind)s AND code = 'complaint.imported')
SELECT d.number, 'its history goes from ' || coalesce(c.was, 'nothing') || ' to ' || c.now || ' (' || c.code || ')'
FROM changed c JOIN {table} d ON d.id = c.object_id
WHERE c.was IS DISTINCT FROM c.before
   OR (coalesce(c.was, ''), c.now) NOT IN (SELECT * FROM unnest(%(sources)s::text[], %(targets)s::text[]))
UNION ALL
SELECT d.number, 'it is ' || d.state || ', its history says ' || coalesce(c.now, 'nothing')
FROM {table} d LEFT JOIN changed c ON c.object_id = d.id AND c.next IS NULL
WHERE c.now IS DISTINCT FROM d.state AND d.id NOT IN (SELECT object_id FROM imported)
"""

UNDRIVEN = """
SELECT c.number, CASE
    WHEN c.owner_id IS NULL THEN 'has no owner'
    WHEN c.next_step = '' THEN 'has no next step'
    WHEN k.id IS NULL THEN 'has no clock'
    WHEN k.subject_kind <> %(kind)s OR k.subject_id <> c.id THEN 'runs by the clock of another record'
    WHEN k.ended_at IS NOT NULL THEN 'runs by a clock that has ended'
    WHEN k.due_at <> c.due_at THEN 'is due ' || c.due_at || ', its clock ' || k.due_at
    ELSE 'does not run by the clock that is due first' END
FROM complaints_complaint c LEFT JOIN deadlines_clock k ON k.id = c.clock_id
WHERE c.state = ANY(%(open)s) AND (
  c.owner_id IS NULL OR c.next_step = '' OR k.id IS NULL OR k.subject_kind <> %(kind)s OR k.subject_id <> c.id
  OR k.ended_at IS NOT NULL OR k.due_at <> c.due_at
  OR EXISTS (SELECT FROM deadlines_clock o WHERE o.subject_kind = %(kind)s AND o.subject_id = c.id
             AND o.state = 'running' AND (k.state = 'paused' OR o.due_at < k.due_at)))
UNION ALL
SELECT c.number, 'has ended, and a clock of it runs on'
FROM complaints_complaint c
WHERE c.state <> ALL(%(open)s) AND EXISTS (
  SELECT FROM deadlines_clock o WHERE o.subject_kind = %(kind)s AND o.subject_id = c.id AND o.ended_at IS NULL)
UNION ALL
SELECT c.number, 'a handover waits although its round is over'
FROM complaints_handover h JOIN complaints_complaint c ON c.id = h.complaint_id
WHERE h.state = 'waiting' AND (c.state <> ALL(%(open)s) OR h.round <> c.round)
"""

MISCOUNTED = """
WITH places AS (
  SELECT event_id, sequence, number FROM complaints_complaint
  UNION ALL
  SELECT refuted_from_id, refuted_sequence, number FROM complaints_complaint WHERE refuted_from_id IS NOT NULL),
counted AS (
  SELECT e.id, e.last_sequence, count(p.sequence) AS n, count(DISTINCT p.sequence) AS apart,
         min(p.sequence) AS low, max(p.sequence) AS high, min(p.number) AS number
  FROM complaints_event e LEFT JOIN places p ON p.event_id = e.id GROUP BY e.id)
SELECT coalesce(number, 'event ' || id), 'its event counts ' || last_sequence || ', there are ' || n
FROM counted
WHERE n <> last_sequence OR apart <> n OR (n > 0 AND (low <> 1 OR high <> n))
UNION ALL
SELECT min(c.number), count(DISTINCT c.id) || ' live complaints of one event and '
       || (SELECT count(*) FROM complaints_serviceincident i
           WHERE i.event_id = e.id AND i.state <> 'withdrawn') || ' service incidents'
FROM complaints_event e
LEFT JOIN complaints_complaint c ON c.event_id = e.id AND c.state <> ALL(%(dead)s)
GROUP BY e.id
HAVING (count(c.id) >= 2) <> ((SELECT count(*) FROM complaints_serviceincident i
                               WHERE i.event_id = e.id AND i.state <> 'withdrawn') = 1)
UNION ALL
SELECT c.number, 'is a live complaint of an event with a service incident that does not name it'
FROM complaints_complaint c
JOIN complaints_serviceincident i ON i.event_id = c.event_id AND i.state <> 'withdrawn'
WHERE c.state <> ALL(%(dead)s) AND NOT EXISTS (
  SELECT FROM complaints_incidentticket t WHERE t.incident_id = i.id AND t.complaint_id = c.id)
"""


def _ask(sql: str, **values: Any) -> Iterable[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Violation(subject or "", problem) for subject, problem in cursor.fetchall()]


def _unreached(table: str, kind: str, steps: Iterable[tuple[str | None, str | None]]) -> Iterable[Violation]:
    pairs = sorted({(source or "", target or "") for source, target in steps})
    return _ask(
        UNREACHED.format(table=table),
        kind=kind,
        sources=[source for source, _target in pairs],
        targets=[target for _source, target in pairs],
    )


def states_not_reached() -> Iterable[Violation]:
    """I8 for complaints and service incidents."""
    return [
        *_unreached("complaints_complaint", KIND, STEPS),
        *_unreached("complaints_serviceincident", INCIDENT, INCIDENT_STEPS),
    ]


def tickets_without_drive() -> Iterable[Violation]:
    """I11, CMP-24; and nothing of an ended ticket runs on."""
    return _ask(UNDRIVEN, kind=KIND, open=list(OPEN_STATES))


def events_miscounted() -> Iterable[Violation]:
    """I12, CMP-44, CMP-45."""
    return _ask(MISCOUNTED, dead=list(DEAD_STATES))


CHECKS = [
    Check(
        "I8",
        _("every complaint's and service incident's state is reachable from its history"),
        states_not_reached,
    ),
    Check(
        "I11",
        _("every open complaint has owner, next step and the running clock that is due first"),
        tickets_without_drive,
    ),
    Check(
        "I12",
        _("complaints of an event count 1 to n; two live ones have exactly one service incident"),
        events_miscounted,
    ),
]
