"""What must hold of claims at any moment (I6 to I8), as questions to the database that name what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from claims.choices import LIVE_VOUCHERS, OPEN_STATES, UNTIMED_STATES, ClaimClock
from claims.domain.lifecycle import LIABILITY, PAYOUT
from claims.domain.voucher import number_of
from servicecenter.invariants import Check, Violation, rows_of
from servicecenter.kernel.lifecycle import Lifecycle

# I6: every determination's shares, to be added up as fractions: no decimal holds a third.
_SHARES = """
SELECT d.number, array_agg(s.numerator), array_agg(s.denominator)
FROM claims_determination d JOIN claims_share s ON s.determination_id = d.id GROUP BY d.id ORDER BY d.id
"""
# I6: the determination that counts charges the payout less what came from outside (CLM-18), each party within a fen of
# its exact part; former ones
# are reversed; no party has paid more than it was charged.
_CHARGES = """
WITH counting AS (
  SELECT DISTINCT ON (claim_id) claim_id, id FROM claims_determination WHERE status <> 'provisional'
  ORDER BY claim_id, ordinal DESC),
charged AS (
  SELECT c.id AS claim_id, c.number, s.id, s.party,
         greatest(c.approved_amount - coalesce((SELECT sum(o.amount) FROM claims_outsiderecovery o
                                                WHERE o.claim_id = c.id), 0), 0) AS approved_amount,
         s.determination_id = k.id AS counts, s.numerator, s.denominator,
         coalesce(sum(e.amount) FILTER (WHERE e.kind IN ('charge', 'reversal')), 0) AS charged,
         coalesce(sum(e.amount), 0) AS owed
  FROM claims_share s
  JOIN claims_determination d ON d.id = s.determination_id
  JOIN claims_claim c ON c.id = d.claim_id
  LEFT JOIN counting k ON k.claim_id = c.id
  LEFT JOIN claims_liabilityentry e ON e.share_id = s.id
  GROUP BY c.id, s.id, k.id)
SELECT number, party || ' is charged ' || charged || ', its share is ' || CASE WHEN counts
         THEN round(coalesce(approved_amount, 0) * numerator / denominator, 4) ELSE 0 END
FROM charged WHERE abs(charged - CASE WHEN counts
         THEN coalesce(approved_amount, 0) * numerator / denominator ELSE 0 END) >= 0.01
UNION ALL
SELECT number, party || ' has paid ' || -owed || ' more than it was charged' FROM charged WHERE owed < 0
UNION ALL
SELECT number, 'its parties are charged ' || sum(charged) || ', the payout is ' || coalesce(approved_amount, 0)
FROM charged WHERE counts GROUP BY claim_id, number, approved_amount HAVING sum(charged) <> coalesce(approved_amount, 0)
"""
# I6: the parts that stand make the payout.
_PARTS = """
SELECT c.number, 'its parts sum to ' || sum(p.amount) || ', the payout is ' || coalesce(c.approved_amount, 0)
FROM claims_claim c JOIN claims_part p ON p.claim_id = c.id AND p.replaced_at IS NULL
GROUP BY c.id HAVING sum(p.amount) <> coalesce(c.approved_amount, 0)
"""
# I7: one live voucher for each part, over its sum; together never more than the payout.
_LIVE = """
SELECT min(v.number), count(*) || ' live vouchers are for one part' FROM claims_voucher v
WHERE v.state = ANY(%(live)s) GROUP BY v.part_id HAVING count(*) > 1
UNION ALL
SELECT v.number, 'is over ' || v.amount || ', its part over ' || p.amount
FROM claims_voucher v JOIN claims_part p ON p.id = v.part_id WHERE v.amount <> p.amount
UNION ALL
SELECT c.number, 'its live vouchers sum to ' || sum(v.amount) || ', the payout is ' || coalesce(c.approved_amount, 0)
FROM claims_claim c JOIN claims_voucher v ON v.claim_id = c.id AND v.state = ANY(%(live)s)
GROUP BY c.id HAVING sum(v.amount) > coalesce(c.approved_amount, 0)
UNION ALL
SELECT v.number, 'has no document' FROM claims_voucher v WHERE v.document_id IS NULL
"""
# I7: the figures of a branch's month are one to n, and the counter stands at n.
_COUNTED = """
SELECT coalesce(c.branch_code, v.branch_code) || ' ' || to_char(coalesce(c.month, v.month), 'YYYY-MM'),
       'counts ' || coalesce(c.last, 0) || ', there are ' || coalesce(v.n, 0) || ' from ' || coalesce(v.low, 0)
       || ' to ' || coalesce(v.high, 0)
FROM claims_vouchercounter c
FULL JOIN (SELECT branch_code, month, count(*) AS n, count(DISTINCT sequence) AS apart, min(sequence) AS low,
                  max(sequence) AS high FROM claims_voucher GROUP BY branch_code, month) v
  ON v.branch_code = c.branch_code AND v.month = c.month
WHERE coalesce(c.last, 0) <> coalesce(v.n, 0) OR v.apart <> v.n OR v.low <> 1 OR v.high <> v.n ORDER BY 1
"""
_NUMBERS = "SELECT number, branch_code, month, sequence FROM claims_voucher ORDER BY id"

# I8: every change of a track follows on the one before, is one of the table's, and the last is the state.
_UNREACHED = """
WITH changed AS (
  SELECT t.object_id, t.code, t.changes->%(track)s->>0 AS was, t.changes->%(track)s->>1 AS now,
         lag(t.changes->%(track)s->>1, 1, %(first)s) OVER (PARTITION BY t.object_id ORDER BY t.id) AS before,
         lead(t.id) OVER (PARTITION BY t.object_id ORDER BY t.id) IS NULL AS newest
  FROM servicecenter_trailentry t WHERE t.kind = 'claims.claim' AND t.changes ? %(track)s)
SELECT c.number, 'its history goes from ' || h.was || ' to ' || h.now || ' (' || h.code || ')'
FROM changed h JOIN claims_claim c ON c.id = h.object_id
WHERE h.was IS DISTINCT FROM h.before
   OR (h.was, h.now) NOT IN (SELECT * FROM unnest(%(sources)s::text[], %(targets)s::text[]))
UNION ALL
SELECT c.number, 'it is ' || c.{column} || ', its history says ' || coalesce(h.now, %(first)s)
FROM claims_claim c LEFT JOIN changed h ON h.object_id = c.id AND h.newest
WHERE c.{column} <> coalesce(h.now, %(first)s)
"""
# I8: who paid it, or made it void, stands in its trail once; nobody's trail says so of another.
_VOUCHERS = """
SELECT v.number, 'is ' || v.state || ', its trail says paid ' || count(t.id) FILTER (WHERE t.code = 'voucher.paid')
       || ' and void ' || count(t.id) FILTER (WHERE t.code = 'voucher.voided') || ' times'
FROM claims_voucher v
LEFT JOIN servicecenter_trailentry t ON t.kind = 'claims.voucher' AND t.object_id = v.id
GROUP BY v.id
HAVING count(t.id) FILTER (WHERE t.code = 'voucher.paid') <> (v.state = 'paid')::int
    OR count(t.id) FILTER (WHERE t.code = 'voucher.voided') <> (v.state = 'void')::int
"""

# I11: a claim that is neither paid nor ended nor before a court has running clocks, and keeps the first due of them
# (CLM-14); nothing of another claim's payout track runs on.
_CLOCKS = """
WITH running AS (
  SELECT k.subject_id, min(k.due_at) AS due_at FROM deadlines_clock k
  WHERE k.subject_kind = 'claims.claim' AND k.kind = ANY(%(kinds)s) AND k.ended_at IS NULL GROUP BY k.subject_id)
SELECT c.number, CASE
         WHEN r.due_at IS NULL THEN 'is ' || c.state || ' and has no running clock'
         WHEN NOT c.state = ANY(%(timed)s) THEN 'is ' || c.state || ', its clock runs on'
         ELSE 'is due ' || c.due_at || ', its clocks say ' || r.due_at END
FROM claims_claim c LEFT JOIN running r ON r.subject_id = c.id
WHERE (c.state = ANY(%(timed)s)) <> (r.due_at IS NOT NULL)
   OR (c.state = ANY(%(timed)s) AND c.due_at <> r.due_at)
ORDER BY c.id
"""


def shares_and_charges() -> Iterator[Violation]:
    """I6: shares sum to one, amounts to the payout, to the fen."""
    for number, numerators, denominators in rows_of(_SHARES):
        whole = sum(
            (Fraction(n, d) for n, d in zip(numerators, denominators, strict=True)), start=Fraction(0)
        )
        if whole != 1:
            yield Violation(number, f"its shares sum to {whole}")
    for statement in (_CHARGES, _PARTS):
        yield from _asked(statement)


def vouchers() -> Iterator[Violation]:
    """I7: one live voucher for each part; numbers unique and without gaps."""
    yield from _asked(_LIVE, {"live": list(LIVE_VOUCHERS)})
    yield from _asked(_COUNTED)
    for number, branch_code, month, sequence in rows_of(_NUMBERS):
        if number != number_of(branch_code, month, sequence):
            yield Violation(number, f"is voucher {sequence} of {branch_code} in {month:%Y-%m}")


def unreached() -> Iterator[Violation]:
    """I8: a track of a claim that its history does not lead to, a voucher whose end is not in its trail."""
    for column, table in (("state", PAYOUT), ("liability_state", LIABILITY)):
        steps = _steps(table)
        parameters = {
            "track": column,
            "first": table.states[0],
            "sources": [source for source, _target in steps],
            "targets": [target for _source, target in steps],
        }
        yield from _asked(_UNREACHED.format(column=column), parameters)
    yield from _asked(_VOUCHERS)


def clocks() -> Iterable[Violation]:
    """I11: every claim that waits for us or the claimant has its clock (CLM-14)."""
    timed = [state for state in OPEN_STATES if state not in UNTIMED_STATES]
    return _asked(_CLOCKS, {"kinds": ClaimClock.values, "timed": timed})


def _steps(table: Lifecycle) -> list[tuple[str, str]]:
    return sorted(
        {(source, action.target) for action in table.actions if action.target for source in action.sources}
    )


def _asked(statement: str, parameters: dict[str, Any] | None = None) -> Iterable[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Violation(subject, problem) for subject, problem in cursor.fetchall()]


CHECKS = [
    Check(
        "I6",
        _("shares sum to one, what the parties are charged to the payout, to the fen"),
        shares_and_charges,
    ),
    Check("I7", _("one live voucher for each part of a claim, numbers without gaps"), vouchers),
    Check(
        "I8",
        _("every claim's tracks are reached by its history, every voucher's end is in its trail"),
        unreached,
    ),
    Check(
        "I11",
        _("every claim not yet paid has its running clock and keeps the due time that comes first"),
        clocks,
    ),
]
