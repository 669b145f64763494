"""Waybills of a period: how many, how many went wrong, what they earned (KPI-08, KPI-09)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reports.queries.claims import REPORTED
from reports.queries.frame import CONCERNED, Frame
from reports.queries.tickets import LIVE

# Shipped in the period; a stub has no date until its facts are known (WBL-08).
SHIPPED = "FROM period p JOIN customers_waybill w ON w.shipped_on BETWEEN p.first AND p.last"
# An event that stands: neither corrected nor void (WBL-02). What was signed for was delivered, said or not.
_STANDS = """{x}.kind IN ('delivered', 'signed') AND NOT {x}.is_void AND {x}.recorded_at <= p.as_of
  AND NOT EXISTS (SELECT FROM customers_waybillevent y WHERE y.corrects_id = {x}.id AND y.recorded_at <= p.as_of)"""
# The first delivery that stands came after the promised time.
LATE = f"""FROM period p JOIN customers_waybillevent x ON x.occurred_at >= p.since AND x.occurred_at < p.until
  AND {_STANDS.format(x="x")}
JOIN customers_waybill w ON w.id = x.waybill_id AND w.promised_at < x.occurred_at
WHERE NOT EXISTS (SELECT FROM customers_waybillevent z WHERE z.waybill_id = x.waybill_id
  AND z.occurred_at < x.occurred_at AND {_STANDS.format(x="z")})"""


@dataclass(frozen=True)
class Waybills:
    """Waybills of one period; each counts at most once per kind of defect. `freight` is None where none is recorded."""

    shipped: int = 0
    complained: int = 0
    claimed: int = 0
    late: int = 0
    freight: Decimal | None = None

    @property
    def defects(self) -> int:
        """Complaints, claims and late deliveries."""
        return self.complained + self.claimed + self.late


def waybills(frame: Frame) -> dict[int, Waybills]:
    """Sums of every period of the frame, by n. A department's are those sent from it or to it."""
    ends = ""
    if frame.department is not None:
        ends = """AND EXISTS (SELECT FROM organization_department s
  WHERE s.id IN (w.origin_id, w.destination_id) AND s.path LIKE %(path)s)"""
    sql = f"""WITH {{periods}},
w AS (SELECT p.n, count(*) AS shipped, sum(w.freight_amount) AS freight {SHIPPED} {ends} GROUP BY p.n),
c AS (SELECT p.n, count(DISTINCT c.waybill_id) AS complained
      FROM period p JOIN complaints_complaint c ON c.registered_on BETWEEN p.first AND p.last
        AND c.registered_at <= p.as_of AND c.origin = 'live'
      WHERE {LIVE} {frame.scope(CONCERNED)} GROUP BY p.n),
l AS (SELECT p.n, count(DISTINCT c.waybill_id) AS claimed {REPORTED} WHERE true {frame.scope("c.branch_id")}
      GROUP BY p.n),
x AS (SELECT p.n, count(DISTINCT w.id) AS late {LATE} {ends} GROUP BY p.n)
SELECT p.n, coalesce(shipped, 0), coalesce(complained, 0), coalesce(claimed, 0), coalesce(late, 0), freight
FROM period p LEFT JOIN w USING (n) LEFT JOIN c USING (n) LEFT JOIN l USING (n) LEFT JOIN x USING (n)"""
    return {n: Waybills(*sums) for n, *sums in frame.ask(sql)}
