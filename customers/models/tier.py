"""Tiers: the month's round, what it proposes, the grades that held and hold, and visits (CUS-10 … 13, CUS-21)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.choices import GradeSource, ProposalState, Reading, Tier
from customers.models.customer import Customer
from servicecenter.models import ClockTimestamp


class TierRound(models.Model):
    """等级评定: one month's going through all customers (CUS-12); `last_customer_id` is how far it is."""

    period = models.DateField(_("month"), unique=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    last_customer_id = models.BigIntegerField(default=0, editable=False)
    examined = models.PositiveIntegerField(_("customers examined"), default=0)
    proposed = models.PositiveIntegerField(_("tiers proposed"), default=0)

    class Meta:
        verbose_name = _("grading round")
        verbose_name_plural = _("grading rounds")
        constraints = [
            models.CheckConstraint(name="tier_round_month", condition=Q(period__day=1)),
            models.CheckConstraint(
                name="tier_round_counts", condition=Q(proposed__gte=0) & Q(proposed__lte=F("examined"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m}"


class TierProposal(models.Model):
    """等级建议: the tier that a month's facts propose, with the reason of each criterion (CUS-12).

    `reasons` is a list of criterion, level, points, most, figures, as `customers.domain.grading.Reason` keeps them; the
    three policies are the versions by which it was judged. `effective_on` is the day from which a confirmed one holds.
    """

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,  # the unique constraint begins with it
        related_name="tier_proposals",
        verbose_name=_("customer"),
    )
    round = models.ForeignKey(
        TierRound, models.PROTECT, related_name="proposals", verbose_name=_("grading round")
    )
    tier_before = models.CharField(_("tier before"), max_length=1, choices=Tier, blank=True, default="")
    tier = models.CharField(_("proposed tier"), max_length=1, choices=Tier)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=1)
    line = models.PositiveSmallIntegerField(_("line of the tier"), default=0)
    reasons = models.JSONField(_("reasons"))
    value_contribution = models.CharField(_("value contribution"), max_length=10, choices=Reading)
    growth_potential = models.CharField(_("growth potential"), max_length=10, choices=Reading)
    policies = models.JSONField(_("policy versions"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    effective_on = models.DateField(_("takes effect on"), null=True, blank=True)
    rejected_because = models.CharField(_("why it is not followed"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("tier proposal")
        verbose_name_plural = _("tier proposals")
        indexes = [
            models.Index(fields=["-proposed_at", "-id"], name="tier_proposal_newest"),
            models.Index(
                fields=["-proposed_at", "-id"],
                name="tier_proposal_waiting",
                condition=Q(state="waiting"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "round"], name="tier_proposal_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="waiting"), name="tier_proposal_one_waits"
            ),
            models.CheckConstraint(
                name="tier_proposal_values",
                condition=Q(tier__in=Tier.values)
                & Q(tier_before__in=["", *Tier.values])
                & Q(value_contribution__in=Reading.values)
                & Q(growth_potential__in=Reading.values),
            ),
            models.CheckConstraint(name="tier_proposal_changes", condition=~Q(tier=F("tier_before"))),
            models.CheckConstraint(
                name="tier_proposal_points", condition=Q(points__gte=0) & Q(points__lte=100)
            ),
            models.CheckConstraint(
                name="tier_proposal_decided",
                condition=Q(state__in=["waiting", "lapsed"], effective_on=None, rejected_because="")
                & Q(decided_by=None)
                | Q(
                    state="confirmed",
                    decided_at__isnull=False,
                    effective_on__isnull=False,
                    rejected_because="",
                )
                | Q(state="rejected", decided_at__isnull=False, effective_on=None) & ~Q(rejected_because=""),
            ),
            models.CheckConstraint(
                name="tier_proposal_waits_undecided", condition=~Q(state="waiting") | Q(decided_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.tier_before or '—'} → {self.tier}"


class TierGrade(models.Model):
    """客户等级记录: which tier a customer has from which day until before which (CUS-12). Grades never overlap.

    Nothing but its end changes once it is written; an end on its first day means that it never began.
    """

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,  # the index of its history begins with it
        related_name="grades",
        verbose_name=_("customer"),
    )
    tier = models.CharField(_("tier"), max_length=1, choices=Tier)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until before"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=GradeSource)
    proposal = models.OneToOneField(
        TierProposal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grade",
        verbose_name=_("tier proposal"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )

    class Meta:
        verbose_name = _("grade of a customer")
        verbose_name_plural = _("grades of customers")
        indexes = [
            models.Index(fields=["customer", "-valid_from", "-id"], name="tier_grade_history"),
            models.Index(fields=["valid_from"], name="tier_grade_begins"),
            models.Index(fields=["valid_until"], name="tier_grade_ends"),
        ]
        constraints = [
            models.CheckConstraint(name="tier_grade_tier", condition=Q(tier__in=Tier.values)),
            models.CheckConstraint(
                name="tier_grade_dates", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="tier_grade_source",
                condition=Q(source="proposal", proposal__isnull=False)
                | Q(source__in=["taken_over", "by_hand", "resumed"], proposal=None),
            ),
            # CUS-12: a grade by hand needs a reason and an end.
            models.CheckConstraint(
                name="tier_grade_by_hand",
                condition=~Q(source="by_hand") | Q(valid_until__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.tier} {self.valid_from}"


class Visit(models.Model):
    """巡访: a visit that was held at a customer's (CUS-21); it moves the day on which the next is due."""

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,  # the index of its list begins with it
        related_name="visits",
        verbose_name=_("customer"),
    )
    held_on = models.DateField(_("held on"))
    visitor = models.ForeignKey(
        "organization.Employee", models.PROTECT, related_name="visits", verbose_name=_("visitor")
    )
    summary = models.CharField(_("summary"), max_length=500)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["customer", "-held_on", "-id"], name="visit_of_customer")]
        constraints = [
            models.CheckConstraint(name="visit_summary", condition=~Q(summary="")),
            models.UniqueConstraint(fields=["customer", "held_on", "visitor"], name="visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.held_on}"
