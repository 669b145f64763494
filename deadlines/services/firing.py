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
  WHERE c.next_at <= (SELECT t FROM moment) AND (c.next_at, c.id) > (%(after_at)s, %(after_id)s)
  ORDER BY c.next_at, c.id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
"""
# … or some that the caller has locked already.
NAMED = """
  WHERE c.id = ANY(%(ids)s) AND c.next_at <= (SELECT t FROM moment) ORDER BY c.next_at, c.id FOR NO KEY UPDATE
"""

STATEMENT = """
WITH moment AS MATERIALIZED (SELECT coalesce(%(at)s::timestamptz, clock_timestamp()) AS t),
picked AS MATERIALIZED (
  SELECT c.id, c.generation, c.next_at, c.kind, c.subject_kind, c.subject_id, c.number, c.part, c.round,
         c.department_id, coalesce(c.owner_id, 0) AS owner_id, c.owner_right, c.supervisor_right, c.due_at
  FROM deadlines_clock c {which}),
-- A generation written after this statement's snapshot is not seen here: nothing fires, and next_at stays as it is.
step AS MATERIALIZED (
  SELECT s.id, s.clock_id, s.due_at, s.due_at <= m.t AS is_due
  FROM picked p CROSS JOIN moment m
  JOIN deadlines_step s ON s.clock_id = p.id AND s.generation = p.generation
                        AND s.fired_at IS NULL AND s.void_at IS NULL),
moved AS (
  UPDATE deadlines_clock c SET next_at = n.next_at
  FROM (SELECT clock_id, min(due_at) FILTER (WHERE NOT is_due) AS next_at FROM step GROUP BY clock_id) n
  WHERE c.id = n.clock_id),
marked AS (
  UPDATE deadlines_step s SET fired_at = m.t
  FROM step d CROSS JOIN moment m
  WHERE s.id = d.id AND d.is_due AND s.fired_at IS NULL AND s.void_at IS NULL
  RETURNING s.id, s.clock_id, s.generation, s.ordinal, s.kind, s.due_at),
fired AS MATERIALIZED (
  SELECT s.id, s.clock_id, s.ordinal, s.kind AS step_kind, s.due_at, m.t AS fired_at,
         'clock.' || s.kind AS code, 'clock:' || s.clock_id || ':' || s.generation || ':' || s.ordinal AS key,
         p.kind AS clock_kind, p.subject_kind, p.subject_id, p.number, p.part, p.round, p.department_id,
         p.owner_id, p.owner_right, p.supervisor_right, d.path,
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
-- Whom each step asks for, by a key: an owner, the holders of a right in a department, a station of the ladder.
-- `unless`: only when nobody is found under that key.
wanted AS MATERIALIZED (
  SELECT f.id, k.key, k.unless, k.owner_id, k.path, k.held, k.duty
  FROM fired f CROSS JOIN LATERAL (VALUES
    ('owner:' || f.owner_id, CASE WHEN f.step_kind = 'warning' AND f.owner_right <> ''
                                  THEN 'side:' || f.department_id || f.owner_right END,
     f.owner_id, NULL, NULL, %(duty_agent)s, f.step_kind IN ('warning', 'breach')),
    ('side:' || f.department_id || f.owner_right, NULL, NULL, f.path, f.owner_right, NULL,
     f.step_kind IN ('warning', 'breach') AND f.owner_right <> ''),
    (f.supervisor_right, NULL, NULL, NULL, f.supervisor_right, %(duty_supervisor)s, f.step_kind = 'breach'),
    (%(manager_right)s, NULL, NULL, NULL, %(manager_right)s, %(duty_manager)s, f.step_kind = 'ladder_manager'),
    (%(enterprise_right)s, NULL, NULL, NULL, %(enterprise_right)s, NULL, f.step_kind = 'ladder_enterprise')
  ) AS k (key, unless, owner_id, path, held, duty, asked)
  WHERE k.asked),
-- Found once per key (there are few), not once per step.
asked AS MATERIALIZED (SELECT DISTINCT key, owner_id, path, held, duty FROM wanted),
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
holder AS MATERIALIZED (
  SELECT DISTINCT w.held, a.department_id, h.user_id, h.away
  FROM (SELECT DISTINCT held FROM asked WHERE held IS NOT NULL) w
  JOIN organization_role r ON r.rights @> ARRAY[w.held]::varchar[]
  JOIN organization_assignment a ON a.role_id = r.id JOIN here h ON h.employee_id = a.employee_id
  CROSS JOIN moment m
  WHERE a.valid_from <= (m.t AT TIME ZONE %(zone)s)::date
    AND (a.valid_until IS NULL OR a.valid_until >= (m.t AT TIME ZONE %(zone)s)::date)),
-- The lowest rank of a key is told; somebody away only when there is nobody else.
candidate (key, rank, user_id) AS (
  SELECT a.key, CASE WHEN h.away THEN 9 ELSE 1 END, h.user_id FROM asked a JOIN here h ON h.user_id = a.owner_id
  UNION ALL
  -- For an owner: the duty agent of a team of his, then any, then the duty supervisor. For a station: who is on duty.
  SELECT a.key, CASE WHEN a.owner_id IS NULL THEN 1 WHEN d.kind <> a.duty THEN 4
                     WHEN EXISTS (SELECT FROM organization_team_members t JOIN organization_user u
                                  ON u.employee_id = t.employee_id
                                  WHERE t.team_id = d.team_id AND u.id = a.owner_id) THEN 2 ELSE 3 END, d.user_id
  FROM asked a JOIN duty d ON d.kind = a.duty OR (a.owner_id IS NOT NULL AND d.kind = %(duty_supervisor)s)
  UNION ALL
  SELECT a.key, CASE WHEN h.away THEN 9 ELSE 2 END, h.user_id
  FROM asked a JOIN holder h ON h.held = a.held
  WHERE a.path IS NULL OR a.path LIKE '%%/' || h.department_id || '/%%'),
chosen AS MATERIALIZED (
  SELECT DISTINCT c.key, c.user_id, h.email
  FROM (SELECT key, user_id, rank, min(rank) OVER (PARTITION BY key) AS best FROM candidate) c
  JOIN here h USING (user_id) WHERE c.rank = c.best),
told AS MATERIALIZED (
  SELECT DISTINCT w.id, c.user_id, c.email FROM wanted w JOIN chosen c USING (key)
  WHERE w.unless IS NULL OR w.unless NOT IN (SELECT key FROM chosen)),
-- Written as FULL JOINs, which hash: of millions of steps the planner expects one to fire, and would compare each
-- with each.
noticed AS (
  INSERT INTO servicecenter_notice (user_id, code, params, kind, object_id, number, level, at)
  SELECT t.user_id, f.code, f.params, f.subject_kind, f.subject_id, f.number,
         CASE f.step_kind WHEN 'warning' THEN %(level_warning)s ELSE %(level_grave)s END, f.fired_at
  FROM told t FULL JOIN fired f ON f.id = t.id WHERE coalesce(t.user_id, 0) > 0 AND coalesce(f.id, 0) > 0
  ORDER BY f.due_at, f.clock_id, f.ordinal),
-- Nobody with an address: the centre's own is told, so that every step has its message (I3).
mailed AS (
  INSERT INTO servicecenter_outboxmessage
    (channel, recipient, user_id, code, params, kind, object_id, number, dedup_key)
  SELECT %(email)s, coalesce(t.email, %(centre)s), t.user_id, f.code, f.params, f.subject_kind, f.subject_id,
         f.number, f.key || ':' || coalesce(t.user_id::text, 'centre')
  FROM fired f FULL JOIN (SELECT id, user_id, email FROM told WHERE email <> '') t ON t.id = f.id
  WHERE coalesce(f.id, 0) > 0
  ORDER BY f.due_at, f.clock_id, f.ordinal
  ON CONFLICT (dedup_key) DO NOTHING)
SELECT (SELECT count(*) FROM picked), (SELECT count(*) FROM fired),
       (SELECT next_at FROM picked ORDER BY next_at DESC, id DESC LIMIT 1),
       (SELECT id FROM picked ORDER BY next_at DESC, id DESC LIMIT 1),
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


_DUE = STATEMENT.format(which=DUE)
_NAMED = STATEMENT.format(which=NAMED)


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
