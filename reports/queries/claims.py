"""Claims of a period: numbers and amounts, what is charged and recovered, reserves (RPT-03)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.queries.frame import Frame

NONE = Decimal(0)
# Reported in the period and not taken back since (as the report knows it).
REPORTED = """FROM period p JOIN claims_claim c ON c.reported_on BETWEEN p.first AND p.last AND c.reported_at <= p.as_of
  AND NOT (c.state = 'withdrawn' AND c.closed_at <= p.as_of)"""
PAID = """FROM period p JOIN claims_voucher x ON x.state = 'paid' AND x.paid_at >= p.since AND x.paid_at < p.until
  AND x.paid_at <= p.as_of JOIN claims_claim c ON c.id = x.claim_id"""
POSTED = """FROM period p JOIN claims_liabilityentry x ON x.posted_at >= p.since AND x.posted_at < p.until
  AND x.posted_at <= p.as_of JOIN claims_claim c ON c.id = x.claim_id"""
# Money of insurers, of the salvage, of third parties (CLM-11).
OUTSIDE = """FROM period p JOIN claims_outsiderecovery x ON x.received_at >= p.since AND x.received_at < p.until
  AND x.received_at <= p.as_of JOIN claims_claim c ON c.id = x.claim_id"""
# Open at the end of the period and not yet paid: what is still expected to be paid out (CLM-17).
RESERVED = """FROM period p JOIN claims_claim c ON c.reported_at < p.until AND c.reported_at <= p.as_of
  AND (c.closed_at IS NULL OR c.closed_at >= p.until OR c.closed_at > p.as_of)
LEFT JOIN LATERAL (SELECT max(v.paid_at) AS at FROM claims_voucher v WHERE v.claim_id = c.id AND v.state = 'paid')
  v ON true
WHERE NOT (c.state IN ('paid', 'closed') AND coalesce(v.at, c.approved_at) < least(p.until, p.as_of))"""
APPROVED = "(CASE WHEN c.approved_at <= p.as_of THEN c.approved_amount END)"
PAID_OF_CLAIM = """LEFT JOIN LATERAL (SELECT sum(v.amount) AS amount FROM claims_voucher v
  WHERE v.claim_id = c.id AND v.state = 'paid' AND v.paid_at <= p.as_of) v ON true"""
BRANCH = "c.branch_id"


@dataclass(frozen=True)
class Claims:
    """Sums of one period in yuan. `charged` is less reversals; `recovered` and `written_off` are positive."""

    reported: int = 0
    claimed: Decimal = NONE
    approved: Decimal = NONE
    payments: int = 0
    paid: Decimal = NONE
    charged: Decimal = NONE
    recovered: Decimal = NONE
    written_off: Decimal = NONE
    reserved: int = 0
    reserve: Decimal = NONE
    insurance: Decimal = NONE


def claims(frame: Frame) -> dict[int, Claims]:
    """Sums of every period of the frame, by n."""
    scope = frame.scope(BRANCH)
    sql = f"""WITH {{periods}},
c AS (SELECT p.n, count(*) AS reported, sum(c.claimed_amount) AS claimed, sum({APPROVED}) AS approved
      {REPORTED} WHERE true {scope} GROUP BY p.n),
v AS (SELECT p.n, count(*) AS payments, sum(x.amount) AS paid {PAID} WHERE true {scope} GROUP BY p.n),
e AS (SELECT p.n, sum(x.amount) FILTER (WHERE x.kind IN ('charge', 'reversal')) AS charged,
             -sum(x.amount) FILTER (WHERE x.kind = 'recovery') AS recovered,
             -sum(x.amount) FILTER (WHERE x.kind = 'write_off') AS written_off
      {POSTED} WHERE true {scope} GROUP BY p.n),
r AS (SELECT p.n, count(*) AS reserved, sum(c.reserve) AS reserve {RESERVED} {scope} GROUP BY p.n),
o AS (SELECT p.n, sum(x.amount) AS insurance {OUTSIDE} WHERE x.source = 'insurer' {scope} GROUP BY p.n)
SELECT p.n, coalesce(reported, 0), coalesce(claimed, 0), coalesce(approved, 0), coalesce(payments, 0),
       coalesce(paid, 0), coalesce(charged, 0), coalesce(recovered, 0), coalesce(written_off, 0),
       coalesce(reserved, 0), coalesce(reserve, 0), coalesce(insurance, 0)
FROM period p LEFT JOIN c USING (n) LEFT JOIN v USING (n) LEFT JOIN e USING (n) LEFT JOIN r USING (n)
  LEFT JOIN o USING (n)"""
    return {n: Claims(*sums) for n, *sums in frame.ask(sql)}


# The newest determination that the report knows.
DETERMINED = """LEFT JOIN LATERAL (SELECT d.outcome, d.facts ->> 'position' AS position
  FROM claims_determination d WHERE d.claim_id = c.id AND d.determined_at <= p.as_of
  ORDER BY d.ordinal DESC LIMIT 1) d ON true"""
ROUTE = """JOIN customers_waybill w ON w.id = c.waybill_id"""


@dataclass(frozen=True)
class ClaimGroup:
    """Claims reported in the period of one kind, branch, cause, place or route; amounts in yuan."""

    by: str
    key: Any
    count: int
    claimed: Decimal
    approved: Decimal
    paid: Decimal
    losses: int


def groups(frame: Frame) -> list[ClaimGroup]:
    """RPT-03: by kind, branch, cause (outcome of the determination), place of the incident, and route.

    A route is (origin id, origin text, destination id, destination text).
    """
    sql = f"""WITH {{periods}},
c AS MATERIALIZED (
  SELECT c.kind, c.branch_id AS branch, coalesce(d.outcome, '') AS cause, coalesce(d.position, '') AS place,
         jsonb_build_array(w.origin_id, w.origin_text, w.destination_id, w.destination_text) AS route,
         coalesce(c.claimed_amount, 0) AS claimed, coalesce({APPROVED}, 0) AS approved, coalesce(v.amount, 0) AS paid
  {REPORTED} {ROUTE} {DETERMINED} {PAID_OF_CLAIM} WHERE true {frame.scope(BRANCH)})
SELECT grouping(kind, branch, cause, place, route), kind, branch, cause, place, route::text,
       count(*), sum(claimed), sum(approved), sum(paid), count(*) FILTER (WHERE kind = 'loss')
FROM c GROUP BY GROUPING SETS ((kind), (branch), (cause), (place), (route))"""
    names = ("kind", "branch", "cause", "place", "route")
    found = []
    for mask, *row in frame.ask(sql, only=(0,)):
        place = next(i for i in range(5) if not mask >> (4 - i) & 1)
        key = json.loads(row[place]) if names[place] == "route" else row[place]
        found.append(ClaimGroup(names[place], key, *row[5:]))
    return found


def parties(frame: Frame) -> list[tuple[Any, ...]]:
    """CLM-11: by liable party what was posted: (party, claims, charged, recovered, written off), amounts in yuan."""
    sql = f"""WITH {{periods}}
SELECT h.party, count(DISTINCT x.claim_id),
       coalesce(sum(x.amount) FILTER (WHERE x.kind IN ('charge', 'reversal')), 0),
       coalesce(-sum(x.amount) FILTER (WHERE x.kind = 'recovery'), 0),
       coalesce(-sum(x.amount) FILTER (WHERE x.kind = 'write_off'), 0)
{POSTED} JOIN claims_share h ON h.id = x.share_id WHERE true {frame.scope(BRANCH)}
GROUP BY h.party ORDER BY 3 DESC, 1"""
    return frame.ask(sql, only=(0,))
