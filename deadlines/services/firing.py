"""The one statement that does due steps: with their history, notices and messages, exactly once (CMP-37, D4).

It locks clocks, marks the due steps of their present generation, and from what it could mark, and nothing else,
writes the trail, the notices and the outbox; whom to tell it finds by joins with the organization. Two sweepers
never do a step twice: a locked clock is passed over, and a step marked meanwhile is not marked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from deadlines.models import Clock
from deadlines.permissions import Right
from organization.choices import DutyKind
from servicecenter import context, ports
from servicecenter.models import Notice, OutboxMessage

PORT = "deadlines.step_fired"


@dataclass(frozen=True)
class FiredStep:
    """A step that has just been done, for the subject's app (port `deadlines.step_fired`)."""

    step_id: int
    clock_id: int
    clock_kind: str
    step_kind: str
    subject_kind: str
    subject_id: int
    number: str
    part: str
    round: int
    department_id: int
    due_at: datetime
    fired_at: datetime


# Which clocks: the due ones, oldest first, behind the place where the last batch ended …
DUE = """
  SELECT c.* FROM deadlines_clock c
  WHERE c.next_at <= (SELECT t FROM moment) AND (c.next_at, c.id) > (%(after_at)s, %(after_id)s)
  ORDER BY c.next_at, c.id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
"""
# … or some that the caller has locked already.
NAMED = """
  SELECT c.* FROM deadlines_clock c
  WHERE c.id = ANY(%(ids)s) AND c.next_at <= (SELECT t FROM moment)
  ORDER BY c.next_at, c.id FOR NO KEY UPDATE
"""

STATEMENT = """
WITH moment AS MATERIALIZED (SELECT coalesce(%(at)s::timestamptz, clock_timestamp()) AS t),
picked AS MATERIALIZED ({picked}),
-- A generation written after this statement's snapshot is not seen here: nothing fires, and next_at stays as it is.
seen AS MATERIALIZED (
  SELECT p.id, p.next_at AS was,
         min(s.due_at) FILTER (WHERE s.due_at > m.t AND s.fired_at IS NULL AND s.void_at IS NULL) AS next_at
  FROM picked p CROSS JOIN moment m
  JOIN deadlines_step s ON s.clock_id = p.id AND s.generation = p.generation
  GROUP BY p.id, p.next_at),
moved AS (
  UPDATE deadlines_clock c SET next_at = seen.next_at FROM seen WHERE c.id = seen.id),
marked AS (
  UPDATE deadlines_step s SET fired_at = m.t
  FROM picked p CROSS JOIN moment m
  WHERE s.clock_id = p.id AND s.generation = p.generation AND s.due_at <= m.t
    AND s.fired_at IS NULL AND s.void_at IS NULL
  RETURNING s.id, s.clock_id, s.generation, s.ordinal, s.kind, s.due_at),
fired AS MATERIALIZED (
  SELECT s.id, s.clock_id, s.ordinal, s.kind AS step_kind, s.due_at, m.t AS fired_at,
         'clock.' || s.kind AS code, 'clock:' || s.clock_id || ':' || s.generation || ':' || s.ordinal AS key,
         p.kind AS clock_kind, p.subject_kind, p.subject_id, p.number, p.part, p.round, p.department_id,
         coalesce(p.owner_id, 0) AS owner_id, p.owner_right, p.supervisor_right,
         jsonb_build_object('clock', p.kind, 'step', s.id, 'due_at', s.due_at, 'clock_due_at', p.due_at,
                            'fired_at', m.t, 'department', d.names,
                            'number', p.number, 'part', p.part, 'round', p.round) AS params
  FROM marked s JOIN picked p ON p.id = s.clock_id JOIN organization_department d ON d.id = p.department_id
  CROSS JOIN moment m),
recorded AS (
  INSERT INTO servicecenter_trailentry
    (kind, object_id, number, code, params, changes, by_id, via, address, request_id, at)
  SELECT subject_kind, subject_id, number, code, params, '{{}}', NULL, %(via)s, NULL, %(request_id)s, fired_at
  FROM fired ORDER BY due_at, clock_id, ordinal),
-- Whom to tell, once per owner, department and right that occur (there are few), not once per step.
here AS MATERIALIZED (
  SELECT u.id AS user_id, u.employee_id, u.email,
         EXISTS (SELECT FROM organization_absence a
                 WHERE a.employee_id = e.id AND a.starts_at <= m.t AND a.ends_at > m.t) AS away
  FROM organization_user u JOIN organization_employee e ON e.id = u.employee_id CROSS JOIN moment m
  WHERE u.is_active AND (e.left_on IS NULL OR e.left_on >= (m.t AT TIME ZONE %(zone)s)::date)
    AND EXISTS (SELECT FROM fired)),
duty AS MATERIALIZED (
  SELECT r.kind, r.team_id, h.user_id
  FROM organization_duty r CROSS JOIN moment m JOIN here h ON h.employee_id = r.employee_id AND NOT h.away
  WHERE r.starts_at <= m.t AND r.ends_at > m.t),
wanted AS MATERIALIZED (
  SELECT supervisor_right AS held FROM fired WHERE step_kind IN ('warning', 'breach')
  UNION SELECT owner_right FROM fired WHERE owner_right <> ''
  UNION SELECT %(manager_right)s FROM fired WHERE step_kind = 'ladder_manager'
  UNION SELECT %(enterprise_right)s FROM fired WHERE step_kind = 'ladder_enterprise'),
holder AS MATERIALIZED (
  SELECT DISTINCT w.held, a.department_id, h.user_id, h.away
  FROM wanted w JOIN organization_role r ON r.rights @> ARRAY[w.held]::varchar[]
  JOIN organization_assignment a ON a.role_id = r.id JOIN here h ON h.employee_id = a.employee_id
  CROSS JOIN moment m
  WHERE a.valid_from <= (m.t AT TIME ZONE %(zone)s)::date
    AND (a.valid_until IS NULL OR a.valid_until >= (m.t AT TIME ZONE %(zone)s)::date)),
-- Candidates by group, the lowest rank of a group is told; somebody away only when there is nobody else.
owner_side AS (
  SELECT DISTINCT owner_id FROM fired),
candidate (grp, owner_id, department_id, held, rank, user_id) AS (
  SELECT 'owner', o.owner_id, 0::bigint, '', CASE WHEN h.away THEN 9 ELSE 1 END, h.user_id
  FROM owner_side o JOIN here h ON h.user_id = o.owner_id
  UNION ALL
  SELECT 'owner', o.owner_id, 0, '', 2, d.user_id
  FROM owner_side o JOIN organization_user u ON u.id = o.owner_id
  JOIN organization_team_members t ON t.employee_id = u.employee_id
  JOIN duty d ON d.kind = %(duty_agent)s AND d.team_id = t.team_id
  UNION ALL
  SELECT 'owner', o.owner_id, 0, '', 3, d.user_id FROM owner_side o JOIN duty d ON d.kind = %(duty_agent)s
  UNION ALL
  SELECT 'owner', o.owner_id, 0, '', 4, d.user_id FROM owner_side o JOIN duty d ON d.kind = %(duty_supervisor)s
  UNION ALL
  SELECT 'side', 0, x.department_id, x.owner_right, CASE WHEN h.away THEN 9 ELSE 1 END, h.user_id
  FROM (SELECT DISTINCT f.department_id, f.owner_right, dep.path
        FROM fired f JOIN organization_department dep ON dep.id = f.department_id
        WHERE f.owner_right <> '' AND f.step_kind IN ('warning', 'breach')) x
  JOIN holder h ON h.held = x.owner_right AND x.path LIKE '%%/' || h.department_id || '/%%'
  UNION ALL
  SELECT 'supervisor', 0, 0, x.held, 1, d.user_id
  FROM (SELECT DISTINCT supervisor_right AS held FROM fired WHERE step_kind = 'breach') x
  JOIN duty d ON d.kind = %(duty_supervisor)s
  UNION ALL
  SELECT 'supervisor', 0, 0, x.held, CASE WHEN h.away THEN 9 ELSE 2 END, h.user_id
  FROM (SELECT DISTINCT supervisor_right AS held FROM fired WHERE step_kind = 'breach') x
  JOIN holder h ON h.held = x.held
  UNION ALL
  SELECT 'manager', 0, 0, '', 1, d.user_id FROM duty d WHERE d.kind = %(duty_manager)s
  UNION ALL
  SELECT 'manager', 0, 0, '', CASE WHEN h.away THEN 9 ELSE 2 END, h.user_id
  FROM holder h WHERE h.held = %(manager_right)s
  UNION ALL
  SELECT 'enterprise', 0, 0, '', CASE WHEN h.away THEN 9 ELSE 1 END, h.user_id
  FROM holder h WHERE h.held = %(enterprise_right)s),
chosen AS MATERIALIZED (
  SELECT DISTINCT grp, owner_id, department_id, held, user_id
  FROM (SELECT c.*, min(rank) OVER (PARTITION BY grp, owner_id, department_id, held) AS best FROM candidate c) c
  WHERE rank = best),
told AS MATERIALIZED (
  SELECT f.id, c.user_id FROM fired f JOIN chosen c ON c.grp = 'owner' AND c.owner_id = f.owner_id
  WHERE f.step_kind = 'breach' OR (f.step_kind = 'warning' AND NOT EXISTS (
    SELECT FROM chosen s WHERE s.grp = 'side' AND s.department_id = f.department_id AND s.held = f.owner_right))
  UNION
  SELECT f.id, c.user_id FROM fired f
  JOIN chosen c ON c.grp = 'side' AND c.department_id = f.department_id AND c.held = f.owner_right
  WHERE f.step_kind IN ('warning', 'breach')
  UNION
  SELECT f.id, c.user_id FROM fired f JOIN chosen c ON c.grp = 'supervisor' AND c.held = f.supervisor_right
  WHERE f.step_kind = 'breach'
  UNION
  SELECT f.id, c.user_id FROM fired f JOIN chosen c ON c.grp = 'manager' WHERE f.step_kind = 'ladder_manager'
  UNION
  SELECT f.id, c.user_id FROM fired f JOIN chosen c ON c.grp = 'enterprise'
  WHERE f.step_kind = 'ladder_enterprise'),
noticed AS (
  INSERT INTO servicecenter_notice (user_id, code, params, kind, object_id, number, level, at)
  SELECT t.user_id, f.code, f.params, f.subject_kind, f.subject_id, f.number,
         CASE f.step_kind WHEN 'warning' THEN %(level_warning)s ELSE %(level_grave)s END, f.fired_at
  FROM told t JOIN fired f ON f.id = t.id ORDER BY f.due_at, f.clock_id, f.ordinal),
-- Nobody with an address: the centre's own is told, so that every step has its message (I3).
mailed AS (
  INSERT INTO servicecenter_outboxmessage
    (channel, recipient, user_id, code, params, kind, object_id, number, dedup_key)
  SELECT %(email)s, coalesce(m.email, %(centre)s), m.user_id, f.code, f.params, f.subject_kind, f.subject_id,
         f.number, f.key || ':' || coalesce(m.user_id::text, 'centre')
  FROM fired f LEFT JOIN (
    SELECT t.id, h.user_id, h.email FROM told t JOIN here h ON h.user_id = t.user_id WHERE h.email <> ''
  ) m ON m.id = f.id
  ORDER BY f.due_at, f.clock_id, f.ordinal
  ON CONFLICT (dedup_key) DO NOTHING)
SELECT (SELECT count(*) FROM picked), (SELECT count(*) FROM fired),
       (SELECT max(next_at) FROM picked),
       (SELECT max(id) FROM picked WHERE next_at = (SELECT max(next_at) FROM picked)),
       (SELECT json_agg(json_build_object(
          'step_id', id, 'clock_id', clock_id, 'clock_kind', clock_kind, 'step_kind', step_kind,
          'subject_kind', subject_kind, 'subject_id', subject_id, 'number', number, 'part', part, 'round', round,
          'department_id', department_id, 'due_at', due_at, 'fired_at', fired_at) ORDER BY due_at, clock_id, ordinal)
        FROM fired WHERE subject_kind = ANY(%(heard)s))
"""


@dataclass(frozen=True)
class Batch:
    """What one statement did: clocks taken, steps done, and the place behind which the next batch begins."""

    clocks: int
    steps: int
    last: tuple[datetime, int] | None


def fire_batch(*, limit: int, after: tuple[datetime | str, int], at: datetime | None = None) -> Batch:
    """Do every due step of at most `limit` clocks behind `after` (their `next_at` and id), oldest first.

    The caller holds the transaction. `at` None: the database's clock. The subjects' apps add their consequences
    through the port, in the same transaction.
    """
    params = {"limit": limit, "after_at": after[0], "after_id": after[1]}
    return _run(_DUE, at=at, params=params)


def fire_due(clocks: Sequence[Clock], *, at: datetime) -> int:
    """Do the due steps of clocks that the caller has locked, before it changes them; usually none, at no cost."""
    ids = [clock.pk for clock in clocks if clock.next_at is not None and clock.next_at <= at]
    return _run(_NAMED, at=at, params={"ids": ids}).steps if ids else 0


_DUE = STATEMENT.format(picked=DUE)
_NAMED = STATEMENT.format(picked=NAMED)


def _run(statement: str, *, at: datetime | None, params: dict[str, Any]) -> Batch:
    heard = list(settings.PORTS.get(PORT, {}))
    fixed = {
        "at": at,
        "zone": settings.TIME_ZONE,
        "via": "clock",
        "request_id": context.current().request_id,
        "centre": settings.CENTRE_EMAIL,
        "email": OutboxMessage.Channel.EMAIL.value,
        "level_warning": Notice.Level.WARNING.value,
        "level_grave": Notice.Level.GRAVE.value,
        "manager_right": Right.LADDER_MANAGER.value,
        "enterprise_right": Right.LADDER_ENTERPRISE.value,
        "duty_agent": DutyKind.AGENT.value,
        "duty_supervisor": DutyKind.SUPERVISOR.value,
        "duty_manager": DutyKind.MANAGER.value,
        "heard": heard,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, fixed | params)
        clocks, steps, last_at, last_id, told = cursor.fetchone()
    _tell_subjects(told or [])
    return Batch(clocks, steps, None if last_at is None else (last_at, last_id))


def _tell_subjects(rows: list[dict[str, Any]]) -> None:
    """One call per kind of subject, with its steps in the order they were due."""
    by_kind: dict[str, list[FiredStep]] = {}
    for row in rows:
        instants = {name: datetime.fromisoformat(row[name]) for name in ("due_at", "fired_at")}
        step = FiredStep(**row | instants)
        by_kind.setdefault(step.subject_kind, []).append(step)
    for kind, steps in by_kind.items():
        ports.call(PORT, kind, steps=steps, at=steps[0].fired_at)
