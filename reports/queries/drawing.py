"""A report drawn from the records: every figure with the period before, its target, its history, its rows (RPT-07)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Min

from claims.models import RuleSetVersion
from complaints.models import Category, Complaint
from conduct.models import Violation
from organization.models import Department
from reports.choices import Basis, ReportCode
from reports.domain import snapshot as shape
from reports.domain.formulas import fen
from reports.domain.period import TREND, Period
from reports.domain.policy import SchedulePolicy, TargetPolicy
from reports.domain.snapshot import Cell, Chapter, Column, Figure, Snapshot, Table, Unit
from reports.models import ReportRevision
from reports.queries import claims, conduct, figures, tickets
from reports.queries.figures import Facts, Spec
from reports.queries.frame import Frame, one_moment
from servicecenter import policies
from servicecenter.clock import centre_zone
from servicecenter.models import Policy

CHAPTERS: dict[str, tuple[str, ...]] = {
    ReportCode.QUALITY: ("indicators", "RPT-01", "RPT-02", "RPT-03"),
    ReportCode.COMPLAINTS: ("RPT-01",),
    ReportCode.CONDUCT: ("RPT-02",),
    ReportCode.CLAIMS: ("RPT-03",),
}
SPECS: dict[str, tuple[Spec, ...]] = {
    "indicators": (*figures.INDICATORS, figures.FREIGHT),
    "RPT-01": figures.COMPLAINTS,
    "RPT-02": figures.CONDUCT,
    "RPT-03": figures.CLAIMS,
}
# Of categories and departments together those pairs that have most complaints: more are no map any more.
MOST_PAIRS = 200


def schedule(code: str, at: datetime) -> SchedulePolicy:
    """When the report is made and who reads it, as the policy says at that time."""
    found: SchedulePolicy = policies.value("reports.schedule", at=at, key=code)
    return found


def closing(code: str, period: Period, at: datetime) -> datetime:
    """When a period is closed for this report (RPT-25): the hour is the policy's at its last instant, or at `at`."""
    zone = centre_zone()
    return period.closes(zone, schedule(code, min(at, period.until(zone))).hour)


@dataclass(frozen=True)
class Order:
    """What to draw: `as_of` is the moment up to which the records are known."""

    code: str
    period: Period
    department: Department | None
    basis: str
    as_of: datetime


def draw(order: Order, *, drawn_at: datetime) -> Snapshot:
    """Draw a report. The same order gives the same figures whenever it is drawn (ADR 0008)."""
    with one_moment():
        found = _Drawing(order)
        chapters = tuple(found.chapter(code) for code in CHAPTERS[order.code])
    return Snapshot(
        code=order.code,
        start=order.period.start,
        end=order.period.end,
        scope=dict(order.department.names) if order.department else None,
        drawn_at=drawn_at,
        policies=found.policies,
        chapters=chapters,
        as_of=order.as_of,
        basis=order.basis,
    )


class _Drawing:
    """The facts of one report, and its chapters from them."""

    def __init__(self, order: Order) -> None:
        self.order = order
        wanted = set(CHAPTERS[order.code])
        first = Complaint.objects.aggregate(first=Min("registered_on"))["first"] or order.period.start
        self.length = TREND[order.period.kind]  # type: ignore[index]
        periods = list(islice(order.period.back(), self.length))
        self.issued = _issued(order, periods[1:])
        zone = centre_zone()
        asked = [(0, order.period, order.as_of)]
        for n, period in enumerate(periods[1:], 1):
            # the tables want the period before in any case
            if period.end >= first and (n == 1 or n not in self.issued):
                asked.append((n, period, closing(order.code, period, order.as_of)))
        self.frame = Frame(tuple(asked), order.department)
        self.facts = figures.facts(self.frame, wanted)
        self.running = order.as_of < order.period.until(zone)
        target = policies.find("reports.targets", at=order.as_of)
        plan = policies.find("reports.schedule", at=order.as_of, keys=(order.code, ""))
        self.targets: TargetPolicy = target.value
        self.policies = _versions({"reports.targets": target.policy_id, "reports.schedule": plan.policy_id})
        self.names = {row.pk: dict(row.names) for row in Department.objects.all()}

    def chapter(self, code: str) -> Chapter:
        """One chapter: its figures, tables and remarks."""
        tables: dict[str, Callable[[], Iterable[Table]]] = {
            "indicators": self._indicator_tables,
            "RPT-01": self._complaint_tables,
            "RPT-02": self._conduct_tables,
            "RPT-03": self._claim_tables,
        }
        return Chapter(
            code,
            tuple(self._figure(spec) for spec in SPECS[code]),
            tuple(table for table in tables[code]() if table.rows),
            tuple(self._remarks(code)),
        )

    def _figure(self, spec: Spec) -> Figure:
        value, parts = spec.of(self.facts[0])
        trend: list[int | None] = [self._at(spec, n) for n in range(self.length - 1, 0, -1)]
        return Figure(
            spec.code,
            spec.unit,
            value,
            before=trend[-1] if trend else None,
            target=spec.target_of(self.targets),
            at_most=spec.at_most,
            parts=parts,
            history=(*trend, value),
            rows=spec.rows,
        )

    def _at(self, spec: Spec, n: int) -> int | None:
        """A figure of an earlier period: as it was issued, else as it is known now of that time."""
        if n in self.issued and spec.code in self.issued[n]:
            return self.issued[n][spec.code]
        return spec.of(self.facts[n])[0] if n in self.facts else None

    # Remarks: what is not there, and why -----------------------------------------------------------------------

    def _remarks(self, code: str) -> Iterable[tuple[str, dict[str, Any]]]:
        facts: Facts = self.facts[0]
        if code == CHAPTERS[self.order.code][0]:
            if self.running:
                yield "running", {"as_of": self.order.as_of.isoformat()}
            else:
                yield f"basis.{self.order.basis}", {"as_of": self.order.as_of.isoformat()}
        match code:
            case "indicators":
                if not facts.waybills.shipped:
                    yield "no_waybills", {}
                if facts.waybills.freight is None:
                    yield "no_freight", {}
                yield "cost_logistics", {}
            case "RPT-01":
                if facts.tickets.imported:
                    yield "imported", {"count": facts.tickets.imported}
                yield "not_recorded.outside", {}
                yield "not_recorded.suggestions", {}
            case "RPT-02":
                yield "not_recorded.rewards", {}
            case "RPT-03":
                yield "not_recorded.goodwill", {}

    # Tables ------------------------------------------------------------------------------------------------------

    def _department(self, pk: int | None) -> Cell:
        return self.names.get(pk) if pk else None

    def _indicator_tables(self) -> Iterable[Table]:
        counted: dict[int | None, list[int]] = {}
        for n, department, count in tickets.recurrences(self.frame):
            if n < 2:
                counted.setdefault(department, [0, 0])[n] += count
        rows = sorted(counted.items(), key=lambda item: (-item[1][0], -item[1][1], item[0] or 0))
        yield Table(
            "recurrences.department",
            (Column("department"), Column("count", Unit.COUNT), Column("before", Unit.COUNT)),
            tuple((self._department(pk), now, before) for pk, (now, before) in rows),
            chart="bars",
            detail="recurrences",
        )
        w = self.facts[0].waybills
        if w.shipped:
            yield Table(
                "defects.kind",
                (Column("defect", Unit.CHOICE, "reports.choices.Defect"), Column("count", Unit.COUNT)),
                (("complaint", w.complained), ("claim", w.claimed), ("late", w.late)),
                total=(None, w.defects),
                detail="defects",
            )

    def _complaint_tables(self) -> Iterable[Table]:
        groups = tickets.groups(self.frame)
        names = {row.pk: dict(row.names) for row in Category.objects.all()}
        order = {pk: place for place, pk in enumerate(names)}
        department, channel = (
            Column("department"),
            Column("channel", Unit.CHOICE, "complaints.choices.Channel"),
        )
        outcome = Column("outcome", Unit.CHOICE, "reports.choices.Outcome")
        labels: dict[str, tuple[tuple[Column, ...], Callable[[Any], tuple[Cell, ...]]]] = {
            "category": ((Column("category"),), lambda key: (names.get(key),)),
            "department": ((department,), lambda key: (self._department(key),)),
            "channel": ((channel,), lambda key: (key,)),
            "outcome": ((outcome,), lambda key: (key or "none",)),
            "category_department": (
                (Column("category"), department),
                lambda key: (names.get(key[0]), self._department(key[1])),
            ),
        }
        for by, (columns, label) in labels.items():
            now = {group.key: group for group in groups if group.n == 0 and group.by == by}
            before = {group.key: group.registered for group in groups if group.n == 1 and group.by == by}
            nothing = tickets.Group(0, by, None, 0, 0, 0, 0, 0)
            ranked = sorted(
                now.keys() | before.keys(),
                key=lambda key: (-now.get(key, nothing).registered, order.get(key, 0), str(key)),
            )
            rows: tuple[tuple[Cell, ...], ...] = tuple(
                (*label(key), g.registered, before.get(key, 0), g.resolved, g.founded, g.second)
                for key in ranked[: MOST_PAIRS if by == "category_department" else None]
                for g in [now.get(key, nothing)]
            )
            yield Table(
                f"complaints.{by}",
                (
                    *columns,
                    Column("registered", Unit.COUNT),
                    Column("before", Unit.COUNT),
                    Column("resolved", Unit.COUNT),
                    Column("founded", Unit.COUNT),
                    Column("second", Unit.COUNT),
                ),
                rows,
                total=None if by == "category_department" else _total(rows),
                chart="bars" if len(columns) == 1 else "heat",
                detail="complaints",
            )
        needs = sorted(
            ((g.needs, g.key) for g in groups if g.n == 0 and g.by == "category" and g.needs),
            key=lambda pair: (-pair[0], order.get(pair[1], 0)),
        )
        rows = tuple((names.get(key), count) for count, key in needs)
        yield Table(
            "complaints.needs",
            (Column("category"), Column("needs", Unit.COUNT)),
            rows,
            total=_total(rows),
            detail="complaints.needs",
        )

    def _conduct_tables(self) -> Iterable[Table]:
        texts = {row.code: dict(row.sentences) for row in Violation.objects.all()}
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (self._department(pk), _person(number, name), code, texts.get(code), measure, count, fen(amount))
            for pk, number, name, code, measure, count, amount in conduct.sheet(self.frame)
        )
        yield Table(
            "conduct.sheet",
            (
                Column("department"),
                Column("person"),
                Column("rule"),
                Column("violation"),
                Column("measure", Unit.CHOICE, "conduct.choices.Measure"),
                Column("count", Unit.COUNT),
                Column("amount", Unit.MONEY),
            ),
            rows,
            total=_total(rows, labels=5),
            detail="sanctions",
        )
        yield Table(
            "conduct.disqualifications",
            (Column("department"), Column("person"), Column("month", Unit.DAY), Column("sources")),
            tuple(
                (self._department(pk), _person(number, name), month.isoformat(), sources)
                for pk, number, name, month, sources in conduct.lost_merit(self.frame)
            ),
            detail="disqualifications",
        )

    def _claim_tables(self) -> Iterable[Table]:
        groups = claims.groups(self.frame)
        sums = tuple(Column(code, Unit.MONEY) for code in ("claimed", "approved", "paid"))
        kind = Column("kind", Unit.CHOICE, "claims.choices.ClaimKind")
        labels: dict[str, tuple[tuple[Column, ...], Callable[[Any], tuple[Cell, ...]]]] = {
            "cause": (
                (Column("cause", Unit.CHOICE, "reports.choices.Cause"), Column("sentence")),
                lambda key: (key or "none", _sentences().get(key)),
            ),
            "kind": ((kind,), lambda key: (key,)),
            "place": (
                (Column("place", Unit.CHOICE, "reports.choices.Place"),),
                lambda key: (key or "none",),
            ),
            "route": ((Column("origin"), Column("destination")), self._route),
            "branch": ((Column("branch"),), lambda key: (self._department(key),)),
        }
        for by, (columns, label) in labels.items():
            mine = sorted(
                (group for group in groups if group.by == by),
                key=lambda group: (-group.approved, -group.claimed, -group.count, str(group.key)),
            )
            rows: tuple[tuple[Cell, ...], ...] = tuple(
                (*label(g.key), g.count, g.losses, fen(g.claimed), fen(g.approved), fen(g.paid)) for g in mine
            )
            yield Table(
                f"claims.{by}",
                (*columns, Column("count", Unit.COUNT), Column("losses", Unit.COUNT), *sums),
                rows,
                total=_total(rows, labels=len(columns)),
                chart="bars" if by in {"cause", "branch"} else "",
                detail="claims",
            )
        rows = tuple(
            (party, count, fen(charged), fen(recovered), fen(written_off))
            for party, count, charged, recovered, written_off in claims.parties(self.frame)
        )
        yield Table(
            "claims.party",
            (
                Column("party", Unit.CHOICE, "claims.choices.PartyRole"),
                Column("claims", Unit.COUNT),
                Column("charged", Unit.MONEY),
                Column("recovered", Unit.MONEY),
                Column("written_off", Unit.MONEY),
            ),
            rows,
            # a claim with two parties stands in two rows: claims are not added up
            total=(None, None, *(_total(rows) or ())[2:]) if rows else None,
            detail="entries",
        )

    def _route(self, key: list[Any]) -> tuple[Cell, ...]:
        origin, origin_text, destination, destination_text = key
        return (self._department(origin) or origin_text, self._department(destination) or destination_text)


def _person(number: str, name: str) -> str | None:
    return f"{name} {number}" if number else None


def _total(rows: tuple[tuple[Cell, ...], ...], *, labels: int = 1) -> tuple[Cell, ...] | None:
    """The sum of every column after the labels."""
    if not rows:
        return None
    sums = [sum(value for value in column if isinstance(value, int)) for column in zip(*rows, strict=True)]
    return (*(None for _label in range(labels)), *sums[labels:])


def _sentences() -> dict[str, dict[str, str]]:
    """The sentences of the liability rules published last, by number."""
    rules = RuleSetVersion.objects.filter(state="published").order_by("-valid_from").first()
    return {row["id"]: row["sentence"] for row in rules.data["rows"]} if rules else {}


def _versions(ids: dict[str, int | None]) -> dict[str, int]:
    """The versions of these policy rows; 0 is the built-in default."""
    known = dict(Policy.objects.filter(pk__in=[pk for pk in ids.values() if pk]).values_list("pk", "version"))
    return {code: known.get(pk, 0) if pk else 0 for code, pk in ids.items()}


def _issued(order: Order, periods: list[Period]) -> dict[int, dict[str, int | None]]:
    """What was issued for earlier periods, by n: the newest revision that knew the whole period."""
    zone = centre_zone()
    by_start: dict[date, int] = {period.start: n for n, period in enumerate(periods, 1)}
    found: dict[int, dict[str, int | None]] = {}
    rows = ReportRevision.objects.filter(
        report__code=order.code,
        report__period_kind=order.period.kind,
        report__department=order.department,
        report__start__in=list(by_start),
        drawn_at__lte=order.as_of,
    ).select_related("report")
    for row in rows.order_by("report_id", "ordinal"):
        if row.as_of >= row.report.period.until(zone):
            issued = shape.from_json(row.snapshot)
            found[by_start[row.report.start]] = {figure.code: figure.value for figure in issued.figures()}
    return found


def basis_of(basis: str, *, code: str, period: Period, now: datetime) -> tuple[str, datetime]:
    """(basis, as_of) of an order given now: a period not yet closed is drawn as of now."""
    closes = closing(code, period, now)
    if now < closes:
        return Basis.NOW.value, now
    return (Basis.CLOSING.value, closes) if basis == Basis.CLOSING else (Basis.NOW.value, now)
