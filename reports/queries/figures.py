"""The indicators and sums of a report: what each is of, and its value for every period of a frame (chapter 06)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reports.domain.formulas import defects_per_million, fen, share, sigma_level
from reports.domain.policy import TargetPolicy
from reports.domain.snapshot import Unit
from reports.queries import claims, conduct, tickets, waybills
from reports.queries.claims import Claims
from reports.queries.conduct import Sanctions
from reports.queries.frame import Frame
from reports.queries.tickets import Answers, Tickets
from reports.queries.waybills import Waybills

Parts = tuple[int, int]


@dataclass(frozen=True)
class Facts:
    """What was counted of one period."""

    tickets: Tickets = field(default_factory=Tickets)
    answers: Answers = field(default_factory=Answers)
    follow_ups: Parts = (0, 0)
    recurrences: int = 0
    sanctions: Sanctions = field(default_factory=Sanctions)
    claims: Claims = field(default_factory=Claims)
    waybills: Waybills = field(default_factory=Waybills)


@dataclass(frozen=True)
class Spec:
    """One figure: `value` gives a number, or the parts of a share; `target` names a field of the policy."""

    code: str
    unit: Unit
    value: Callable[[Facts], int | Parts | None]
    rows: str = ""
    target: str = ""
    at_most: bool = False

    def of(self, facts: Facts) -> tuple[int | None, Parts | None]:
        """(value, parts) of a period."""
        found = self.value(facts)
        return (share(*found), found) if isinstance(found, tuple) else (found, None)

    def target_of(self, policy: TargetPolicy) -> int | None:
        """The target in the figure's own unit; None where none is set."""
        asked: int = getattr(policy, self.target) if self.target else 0
        return asked * (10 if self.unit == Unit.SHARE else 1) or None


def _cost(facts: Facts) -> int | None:
    revenue = facts.waybills.freight
    return None if revenue is None else share(facts.claims.paid, revenue)


INDICATORS = (
    Spec(
        "KPI-01.share",
        Unit.SHARE,
        lambda f: (f.answers.responses_in_time, f.answers.responses),
        "responses.in_time",
        "first_response_permille",
    ),
    Spec("KPI-01.median", Unit.SPAN, lambda f: f.answers.median, "responses.answered", at_most=True),
    Spec("KPI-01.p90", Unit.SPAN, lambda f: f.answers.p90, "responses.answered", at_most=True),
    Spec(
        "KPI-02.resolved",
        Unit.SHARE,
        lambda f: (f.tickets.resolved, f.tickets.counted),
        "complaints.resolved",
        "resolution_permille",
    ),
    Spec(
        "KPI-02.in_time",
        Unit.SHARE,
        lambda f: (f.tickets.in_time, f.tickets.counted),
        "complaints.in_time",
        "in_time_permille",
    ),
    Spec(
        "KPI-03.handled",
        Unit.SHARE,
        lambda f: (f.tickets.handled, f.tickets.counted),
        "complaints.handled",
        "handling_permille",
    ),
    Spec(
        "KPI-03.follow_up",
        Unit.SHARE,
        lambda f: (f.follow_ups[1], f.follow_ups[0]),
        "follow_ups.in_time",
        "follow_up_permille",
    ),
    Spec(
        "KPI-04.second",
        Unit.SHARE,
        lambda f: (f.tickets.second, f.tickets.counted),
        "complaints.second",
        "second_permille",
        at_most=True,
    ),
    Spec("KPI-04.recurrences", Unit.COUNT, lambda f: f.recurrences, "recurrences", at_most=True),
    Spec(
        "KPI-08.dpmo",
        Unit.COUNT,
        lambda f: defects_per_million(f.waybills.defects, f.waybills.shipped),
        "defects",
        "dpmo",
        at_most=True,
    ),
    Spec(
        "KPI-08.sigma", Unit.RATIO, lambda f: sigma_level(f.waybills.defects, f.waybills.shipped), "defects"
    ),
    Spec("KPI-09.cost", Unit.SHARE, _cost, "payments", "cost_permille", at_most=True),
    Spec(
        "KPI-11.share",
        Unit.SHARE,
        lambda f: (f.answers.reports_in_time, f.answers.reports),
        "upward.in_time",
        "report_upward_permille",
    ),
)
COMPLAINTS = (
    Spec("complaints.registered", Unit.COUNT, lambda f: f.tickets.registered, "complaints", at_most=True),
    Spec(
        "complaints.unresolved",
        Unit.COUNT,
        lambda f: f.tickets.counted - f.tickets.resolved,
        "complaints.unresolved",
        at_most=True,
    ),
    Spec("complaints.second", Unit.COUNT, lambda f: f.tickets.second, "complaints.second", at_most=True),
    Spec("complaints.needs", Unit.COUNT, lambda f: f.tickets.needs, "complaints.needs"),
    # Neither is recorded by the system yet: never nought, but nothing.
    Spec("complaints.outside", Unit.COUNT, lambda f: None),
    Spec("complaints.suggestions", Unit.COUNT, lambda f: None),
)
CONDUCT = (
    Spec("conduct.sanctions", Unit.COUNT, lambda f: f.sanctions.count, "sanctions", at_most=True),
    Spec("conduct.fines", Unit.MONEY, lambda f: fen(f.sanctions.fines), "sanctions", at_most=True),
    Spec(
        "conduct.disqualified",
        Unit.COUNT,
        lambda f: f.sanctions.disqualified,
        "disqualifications",
        at_most=True,
    ),
    Spec("conduct.rewards", Unit.COUNT, lambda f: None),
)
CLAIMS = (
    Spec("claims.reported", Unit.COUNT, lambda f: f.claims.reported, "claims", at_most=True),
    Spec("claims.claimed", Unit.MONEY, lambda f: fen(f.claims.claimed), "claims", at_most=True),
    Spec("claims.approved", Unit.MONEY, lambda f: fen(f.claims.approved), "claims", at_most=True),
    Spec("claims.payments", Unit.COUNT, lambda f: f.claims.payments, "payments", at_most=True),
    Spec("claims.paid", Unit.MONEY, lambda f: fen(f.claims.paid), "payments", at_most=True),
    Spec("claims.charged", Unit.MONEY, lambda f: fen(f.claims.charged), "entries"),
    Spec("claims.recovered", Unit.MONEY, lambda f: fen(f.claims.recovered), "entries"),
    Spec("claims.insurance", Unit.MONEY, lambda f: fen(f.claims.insurance), "outside.insurer"),
    Spec("claims.reserve", Unit.MONEY, lambda f: fen(f.claims.reserve), "reserves", at_most=True),
    Spec("claims.goodwill", Unit.MONEY, lambda f: None),
)
FREIGHT = Spec("KPI-09.freight", Unit.MONEY, lambda f: fen(f.waybills.freight))


def facts(frame: Frame, wanted: set[str]) -> dict[int, Facts]:
    """What was counted of every period of the frame, by n; `wanted` names the chapters asked for."""
    needs_tickets = bool(wanted & {"indicators", "RPT-01"})
    needs_claims = bool(wanted & {"indicators", "RPT-03"})
    found: dict[str, dict[int, object]] = {}
    if needs_tickets:
        found["tickets"] = dict(tickets.tickets(frame))
    if "indicators" in wanted:
        found["answers"] = dict(tickets.answers(frame))
        found["follow_ups"] = dict(tickets.follow_ups(frame))
        recurrences: dict[int, int] = {}
        for n, _department, count in tickets.recurrences(frame):
            recurrences[n] = recurrences.get(n, 0) + count
        found["recurrences"] = dict(recurrences)
        found["waybills"] = dict(waybills.waybills(frame))
    if "RPT-02" in wanted:
        found["sanctions"] = dict(conduct.sanctions(frame))
    if needs_claims:
        found["claims"] = dict(claims.claims(frame))
    return {
        n: Facts(**{name: by_n[n] for name, by_n in found.items() if n in by_n})  # type: ignore[arg-type]
        for n, _period, _as_of in frame.periods
    }
