"""Complaints of a period: how many, how fast, how well (RPT-01, KPI-01 to KPI-04, KPI-11).

The complaints of a period are those registered in it and live: neither cancelled nor merged at the moment the report
knows (CMP-45). Imported history counts among them and in no indicator: it has no clocks and was never handled here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.domain.formulas import seconds
from reports.queries.frame import CONCERNED, Frame

# The ticket as it was known: an ended one keeps in `due_at` when it ended.
LIVE = "NOT (c.state IN ('cancelled', 'merged') AND c.due_at <= p.as_of)"
# Of several rounds the newest counts that had begun (CMP-23); closed as not agreed is not resolved.
RESOLVED = """(CASE WHEN c.round = 1 THEN coalesce(c.resolved_at <= p.as_of, false)
     ELSE coalesce((SELECT r.resolved_at <= p.as_of FROM complaints_round r
                    WHERE r.complaint_id = c.id AND r.started_at <= p.as_of ORDER BY r.number DESC LIMIT 1), false) END
   AND NOT (c.close_mark = 'not_agreed' AND c.closed_at <= p.as_of))"""
# A confirmed second complaint (CMP-40): another live one of the same event came before it.
SECOND = """(c.sequence > 1 AND NOT c.is_suspected
   AND EXISTS (SELECT FROM complaints_incidentticket t JOIN complaints_serviceincident i ON i.id = t.incident_id
               WHERE t.complaint_id = c.id AND i.kind = 'second_complaint' AND i.confirmed_at <= p.as_of
                 AND (i.withdrawn_at IS NULL OR i.withdrawn_at > p.as_of))
   AND EXISTS (SELECT FROM complaints_complaint e WHERE e.event_id = c.event_id AND e.sequence < c.sequence
               AND NOT (e.state IN ('cancelled', 'merged') AND e.due_at <= p.as_of)))"""
# A clock that went past its due point: ended after it, or still running, or paused after it.
BREACHED = "(k.due_at < least(coalesce(k.ended_at, k.paused_at, {as_of}), {as_of}))"
CLOCKS = "k.subject_kind = 'complaints.complaint' AND k.subject_id = c.id"


def cohort(frame: Frame, columns: str, *, live_only: bool = False) -> str:
    """The CTE `c` of the complaints of the periods."""
    origin = "AND c.origin = 'live'" if live_only else ""
    return f"""c AS MATERIALIZED (
  SELECT p.n, p.as_of, c.id, {columns}
  FROM period p JOIN complaints_complaint c ON c.registered_on BETWEEN p.first AND p.last AND c.registered_at <= p.as_of
  WHERE {LIVE} {origin} {frame.scope(CONCERNED)})"""


@dataclass(frozen=True)
class Tickets:
    """Complaints of one period. `handled` are resolved or in handling with no breached clock (KPI-03)."""

    registered: int = 0
    imported: int = 0
    # Of those registered for real:
    counted: int = 0
    resolved: int = 0
    in_time: int = 0
    handled: int = 0
    second: int = 0
    needs: int = 0


def tickets(frame: Frame) -> dict[int, Tickets]:
    """KPI-02, KPI-03, KPI-04 of every period of the frame, by n."""
    breached = BREACHED.format(as_of="c.as_of")
    sql = f"""WITH {{periods}},
{cohort(frame, f"c.origin = 'live' AS live, {RESOLVED} AS resolved, {SECOND} AS second, c.demand <> '' AS needs")},
late AS (
  SELECT c.n, c.id, bool_or(k.kind = 'resolution') AS resolution
  FROM c JOIN deadlines_clock k ON {CLOCKS} WHERE {breached} GROUP BY c.n, c.id)
SELECT c.n, count(*), count(*) FILTER (WHERE NOT live), count(*) FILTER (WHERE live),
       count(*) FILTER (WHERE live AND resolved),
       count(*) FILTER (WHERE live AND resolved AND NOT coalesce(late.resolution, false)),
       count(*) FILTER (WHERE live AND (resolved OR late.id IS NULL)),
       count(*) FILTER (WHERE live AND second), count(*) FILTER (WHERE needs)
FROM c LEFT JOIN late ON late.n = c.n AND late.id = c.id GROUP BY c.n"""
    return {n: Tickets(*counts) for n, *counts in frame.ask(sql)}


@dataclass(frozen=True)
class Answers:
    """First responses and reports upward of one period: decided, and of those in time; spans in seconds."""

    responses: int = 0
    responses_in_time: int = 0
    median: int | None = None
    p90: int | None = None
    reports: int = 0
    reports_in_time: int = 0


def answers(frame: Frame) -> dict[int, Answers]:
    """KPI-01 and KPI-11 of every period of the frame, by n.

    Decided is what was answered, or what is past its time. Reported upward at once, when it was registered, is in time:
    then the supervisor's hour runs and no other (CMP-31).
    """
    breached = BREACHED.format(as_of="c.as_of")
    sql = f"""WITH {{periods}}, {cohort(frame, "0", live_only=True)},
a AS (
  SELECT c.n, c.id,
    bool_or(k.kind = 'first_response' AND ({breached} OR k.state IN ('met', 'met_late') AND k.ended_at <= c.as_of))
      AS decided,
    bool_or(k.kind = 'first_response' AND {breached}) AS late,
    extract(epoch FROM min(k.ended_at - k.started_at) FILTER (
      WHERE k.kind = 'first_response' AND k.state IN ('met', 'met_late') AND k.ended_at <= c.as_of)) AS span,
    bool_or(k.kind = 'supervisor_takes' OR k.kind = 'report_upward'
            AND ({breached} OR k.state IN ('met', 'met_late') AND k.ended_at <= c.as_of)) AS reported,
    bool_or(k.kind = 'report_upward' AND {breached}) AS reported_late
  FROM c JOIN deadlines_clock k ON {CLOCKS}
  WHERE k.kind IN ('first_response', 'report_upward', 'supervisor_takes') AND k.started_at <= c.as_of
  GROUP BY c.n, c.id)
SELECT n, count(*) FILTER (WHERE decided), count(*) FILTER (WHERE decided AND NOT late),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY span), percentile_cont(0.9) WITHIN GROUP (ORDER BY span),
       count(*) FILTER (WHERE reported), count(*) FILTER (WHERE reported AND NOT reported_late)
FROM a GROUP BY n"""
    return {
        n: Answers(decided, quick, seconds(median), seconds(p90), reported, reported_in_time)
        for n, decided, quick, median, p90, reported, reported_in_time in frame.ask(sql)
    }


# Recorded in time, whatever came of it; or the customer came back before the call was due.
FOLLOWED = """(k.state = 'met' AND k.ended_at <= k.due_at
  OR EXISTS (SELECT FROM complaints_followup f WHERE f.complaint_id = k.subject_id AND f.round = k.round
             AND f.at <= k.due_at))"""
FOLLOW_UPS_DUE = """FROM period p
JOIN deadlines_clock k ON k.kind = 'follow_up' AND k.subject_kind = 'complaints.complaint'
  AND k.due_at >= p.since AND k.due_at < p.until AND k.due_at <= p.as_of AND k.started_at <= p.as_of
JOIN complaints_complaint c ON c.id = k.subject_id
WHERE NOT (k.state = 'cancelled' AND k.ended_at <= k.due_at)"""


def follow_ups(frame: Frame) -> dict[int, tuple[int, int]]:
    """KPI-03: follow-ups that fell due in each period, and those of them recorded in time, by n."""
    sql = f"""WITH {{periods}} SELECT p.n, count(*), count(*) FILTER (WHERE {FOLLOWED})
{FOLLOW_UPS_DUE} {frame.scope(CONCERNED)} GROUP BY p.n"""
    return {n: (due, followed) for n, due, followed in frame.ask(sql)}


RECURRENCES = """FROM period p JOIN complaints_serviceincident i ON i.kind = 'recurrence'
  AND i.confirmed_at >= p.since AND i.confirmed_at < p.until AND i.confirmed_at <= p.as_of
  AND (i.withdrawn_at IS NULL OR i.withdrawn_at > p.as_of)"""


def recurrences(frame: Frame) -> list[tuple[int, int, int]]:
    """KPI-04: recurrences confirmed in each period by department: (n, department id, how many)."""
    sql = f"""WITH {{periods}} SELECT p.n, i.department_id, count(*) {RECURRENCES}
WHERE true {frame.scope("i.department_id")} GROUP BY p.n, i.department_id"""
    return [(n, department, count) for n, department, count in frame.ask(sql)]


# What groups the complaints of a period, and the figures of each group.
BY = ("category", "department", "channel", "outcome", "category_department")
FINDING = """LEFT JOIN LATERAL (SELECT f.founded, f.department_id FROM complaints_finding f
  WHERE f.complaint_id = c.id AND f.at <= p.as_of ORDER BY f.id DESC LIMIT 1) f ON true"""


@dataclass(frozen=True)
class Group:
    """Complaints of one period of one category, department, channel, outcome, or category and department."""

    n: int
    by: str
    key: Any
    registered: int
    resolved: int
    founded: int
    second: int
    needs: int


def groups(frame: Frame) -> list[Group]:
    """RPT-01: complaints of the period and the one before by category, department, channel and outcome."""
    sql = f"""WITH {{periods}},
c AS MATERIALIZED (
  SELECT p.n, c.category_id AS category, c.channel, coalesce(f.founded, '') AS outcome,
         coalesce(f.department_id, c.respondent_department_id, c.department_id) AS department,
         {RESOLVED} AS resolved, {SECOND} AS second, c.demand <> '' AS needs
  FROM period p JOIN complaints_complaint c ON c.registered_on BETWEEN p.first AND p.last AND c.registered_at <= p.as_of
  {FINDING} WHERE {LIVE} {frame.scope(CONCERNED)})
SELECT n, grouping(category, department, channel, outcome), category, department, channel, outcome,
       count(*), count(*) FILTER (WHERE resolved), count(*) FILTER (WHERE outcome IN ('founded', 'partly')),
       count(*) FILTER (WHERE second), count(*) FILTER (WHERE needs)
FROM c GROUP BY GROUPING SETS ((n, category), (n, department), (n, channel), (n, outcome), (n, category, department))"""
    # grouping() sets the bit of each column that is not grouped by, the last column lowest
    which = {
        0b0111: "category",
        0b1011: "department",
        0b1101: "channel",
        0b1110: "outcome",
        0b0011: "category_department",
    }
    found = []
    for n, mask, category, department, channel, outcome, *counts in frame.ask(sql, only=(0, 1)):
        by = which[mask]
        keys = {
            "category": category,
            "department": department,
            "channel": channel,
            "outcome": outcome,
            "category_department": (category, department),
        }
        found.append(Group(n, by, keys[by], *counts))
    return found
