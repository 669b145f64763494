"""Tiers as they are shown: why a customer has one, what is proposed, what held, when a visit is due (CUS-10 … 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DateField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import LessThan
from django.urls import reverse

from customers.choices import GradeSource, ProposalState, Reading, Standing, Tier
from customers.domain.grading import GradingFacts, Reason, is_gradable
from customers.domain.policy import TierService
from customers.domain.visits import due_on
from customers.models import Customer, TierGrade, TierProposal, TierRound, Visit
from customers.permissions import Right
from customers.queries.grading import Scoring, facts_of
from customers.queries.scope import customers_visible_to
from servicecenter import policies
from servicecenter.clock import business_date
from servicecenter.keyset import Order
from servicecenter.subjects import Subject, kind_of

PROPOSAL_ORDERS = {"newest": Order("newest", ("proposed_at",), descending=True)}
VISITS_SHOWN = 12


@dataclass(frozen=True)
class Criterion:
    """One criterion as it is drawn: its points of how many, and the width of its bar in percent."""

    code: str
    level: str
    points: Decimal
    most: Decimal
    figures: Mapping[str, Any]

    @property
    def width(self) -> int:
        """The bar's width."""
        return int(self.points * 100 / self.most) if self.most else 0

    @classmethod
    def of(cls, reason: Reason | Mapping[str, Any]) -> Criterion:
        """From the domain's reason, or from what was kept of one."""
        kept = reason.kept() if isinstance(reason, Reason) else reason
        return cls(
            kept["criterion"], kept["level"], Decimal(kept["points"]), Decimal(kept["most"]), kept["figures"]
        )


@dataclass(frozen=True)
class Why:
    """Why a tier: points, from how many it begins, criterion by criterion, and the two readings beside it (CUS-11)."""

    tier: str
    points: Decimal
    line: int
    criteria: tuple[Criterion, ...]
    value: str
    growth: str

    @property
    def value_label(self) -> str:
        """Value contribution in a word."""
        return str(Reading(self.value).label)

    @property
    def growth_label(self) -> str:
        """Growth potential in a word."""
        return str(Reading(self.growth).label)


@dataclass(frozen=True)
class GradeCard:
    """Why the customer has its tier.

    `why` is what was judged when a proposal was confirmed, else what today's facts say (`is_live`); None for whoever
    never shipped. `today` is what the facts say now. `planned` begins later, `waiting` is to be confirmed.
    """

    grade: TierGrade | None
    why: Why | None
    is_live: bool
    today: Why | None
    planned: TierGrade | None
    waiting: TierProposal | None
    history: tuple[TierGrade, ...]
    facts: GradingFacts

    @property
    def by_hand(self) -> bool:
        """Whether the tier was given by hand."""
        return self.grade is not None and self.grade.source == GradeSource.BY_HAND

    @property
    def judged(self) -> bool:
        """Whether a confirmed proposal gave it."""
        return self.grade is not None and self.grade.proposal_id is not None


@dataclass(frozen=True)
class VisitCard:
    """The visits of a customer, newest first, and the day before which the next is due (CUS-21)."""

    visits: tuple[Visit, ...]
    due_on: date | None
    days_late: int

    @property
    def last(self) -> Visit | None:
        """The last one."""
        return self.visits[0] if self.visits else None


def why_of(proposal: TierProposal) -> Why:
    """What a proposal was judged by."""
    return Why(
        proposal.tier,
        proposal.points,
        proposal.line,
        tuple(Criterion.of(reason) for reason in proposal.reasons),
        proposal.value_contribution,
        proposal.growth_potential,
    )


def grade_card(customer: Customer, *, at: datetime) -> GradeCard:
    """Why this customer has its tier, what is proposed and what held before; five statements."""
    today = business_date(at)
    grades = list(
        TierGrade.objects.filter(customer=customer)
        .select_related("given_by__employee", "proposal")
        .order_by("-valid_from", "-id")
    )
    grade = next((row for row in grades if _holds(row, today)), None)
    planned = next(
        (row for row in reversed(grades) if row.valid_from > today and row.valid_until != row.valid_from),
        None,
    )
    waiting = TierProposal.objects.filter(customer=customer, state=ProposalState.WAITING).first()
    facts = facts_of(customer.pk, until=today)
    live = _live(facts, customer.tier, at)
    judged = grade.proposal if grade is not None else None
    return GradeCard(
        grade=grade,
        why=why_of(judged) if judged is not None else live,
        is_live=judged is None,
        today=live,
        planned=planned,
        waiting=waiting,
        history=tuple(grades),
        facts=facts,
    )


def _holds(grade: TierGrade, day: date) -> bool:
    return grade.valid_from <= day and (grade.valid_until is None or grade.valid_until > day)


def _live(facts: GradingFacts, tier: str, at: datetime) -> Why | None:
    if not is_gradable(facts, tier):
        return None
    found = Scoring.at(at).of(facts)
    return Why(
        found.tier,
        found.points,
        found.line,
        tuple(map(Criterion.of, found.reasons)),
        found.value,
        found.growth,
    )


def visit_card(customer: Customer, *, months: int, today: date) -> VisitCard:
    """The visits of a customer and when the next is due; one statement. `months`: the tier's interval, 0 for none."""
    visits = tuple(
        Visit.objects.filter(customer=customer)
        .select_related("visitor")
        .order_by("-held_on", "-id")[:VISITS_SHOWN]
    )
    due = due_on(last=visits[0].held_on if visits else None, graded_since=customer.tier_since, months=months)
    late = (today - due).days if due is not None and due < today else 0
    return VisitCard(visits, due, late)


class _MonthsLater(Func):
    """A day so many months later, as `servicecenter.kernel.months.add_months` counts them."""

    output_field = DateField()

    def __init__(self, day: Any, months: int) -> None:
        super().__init__(
            day, Value(months), template="(%(expressions)s)::date", arg_joiner=" + interval '1 month' * "
        )


def visits_due(rows: QuerySet[Customer], *, until: date, at: datetime) -> QuerySet[Customer]:
    """The customers whose next visit is due before a day (CUS-21); the intervals are those of their tiers."""
    last = Visit.objects.filter(customer=OuterRef("pk")).order_by("-held_on").values("held_on")[:1]
    rows = rows.annotate(counted_from=Greatest(F("tier_since"), Coalesce(Subquery(last), F("tier_since"))))
    found = Q(pk__in=[])
    for tier in Tier.values:
        service: TierService = policies.find("customers.tier_service", at=at, keys=(f"tier={tier}", "")).value
        if service.visit_months:
            due = _MonthsLater(F("counted_from"), service.visit_months)
            found |= Q(LessThan(due, Value(until)), tier=tier)
    return rows.filter(found).exclude(standing=Standing.CLOSED)


def proposals_visible_to(user: Any) -> QuerySet[TierProposal]:
    """Proposals for those who confirm them, of the customers they see."""
    rows = TierProposal.objects.all()
    if not user.has_right(Right.CONFIRM_TIERS):
        return rows.none()
    return rows.filter(customer__in=customers_visible_to(user))


def proposal_rows(rows: QuerySet[TierProposal]) -> QuerySet[TierProposal]:
    """The rows of a list with all that it shows."""
    return rows.select_related("customer__account_manager", "round", "decided_by__employee").defer(
        "customer__search", "customer__search_text"
    )


def waiting_count(user: Any) -> int:
    """How many proposals wait for this user, counted to a thousand."""
    return proposals_visible_to(user).filter(state=ProposalState.WAITING)[:1000].count()


def last_round() -> TierRound | None:
    """The newest month that was gone through."""
    return TierRound.objects.order_by("-period").first()


def subject_round(*, object_id: int, user: Any | None) -> Subject | None:
    """A month's proposals for notices (port servicecenter.subject): for those who confirm them."""
    row = TierRound.objects.filter(pk=object_id).first()
    if row is None or (user is not None and not user.has_right(Right.CONFIRM_TIERS)):
        return None
    return Subject(
        kind_of(row), row.pk, f"{row.period:%Y-%m}", str(row._meta.verbose_name), reverse("customer-tiers")
    )
