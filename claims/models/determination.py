"""Who bears the payout: determinations, shares, fines, the liability ledger, objections, the handling opinion."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.choices import DeterminationStatus, EntryKind, ManualOutcome, PartyRole
from claims.models.claim import Claim
from claims.models.columns import who, yuan
from claims.models.investigation import AT_MOST_ONE_BOUND, Bound
from claims.models.ruleset import RuleSetVersion
from conduct.models import Sanction
from servicecenter.models import IssuedDocument


class Determination(models.Model):
    """责任认定: the outcome over frozen facts and persons, with the reason for every row (LR-33). Append-only.

    The newest one counts. `facts`, `persons`, `evidence` and `trace` are as they were; `trace` is a list of
    `{"row", "holds", "failed": [[fact, value]], "open_on": [fact]}`. `outcome` is a row's id or a manual reason.
    """

    number = models.CharField(_("determination number"), max_length=24, unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="determinations", verbose_name=_("claim"))
    ordinal = models.PositiveSmallIntegerField(_("no."))
    ruleset = models.ForeignKey(RuleSetVersion, models.PROTECT, related_name="+", verbose_name=_("rules"))
    other_version = models.BooleanField(_("under other rules than those of the day"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=DeterminationStatus)
    outcome = models.CharField(_("outcome"), max_length=30)
    sub_code = models.CharField(_("pattern"), max_length=10, blank=True, default="")
    also_matched = models.JSONField(_("also matched"), default=list, blank=True)
    depends_on = models.JSONField(_("still decided by"), default=list, blank=True)
    nearest = models.JSONField(_("nearest rules"), default=list, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    facts = models.JSONField(_("facts"))
    persons = models.JSONField(_("persons"))
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    trace = models.JSONField(_("reasons"))
    # What the rules alone said, where a person decided otherwise.
    rule_outcome = models.CharField(_("outcome by the rules"), max_length=30, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    determined_at = models.DateTimeField(_("determined at"))
    determined_by = who(_("determined by"), null=False)

    class Meta:
        verbose_name = _("determination")
        verbose_name_plural = _("determinations")
        ordering = ["claim_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "ordinal"], name="determination_place"),
            models.CheckConstraint(
                name="determination_statuses", condition=Q(status__in=DeterminationStatus.values)
            ),
            models.CheckConstraint(
                name="determination_by_hand_has_a_reason",
                condition=Q(status__in=["provisional", "final"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_by_hand(self) -> bool:
        """A person decided: the rules gave no row, or were overridden."""
        return self.status in (DeterminationStatus.MANUAL, DeterminationStatus.OVERRIDDEN)

    @property
    def outcome_word(self) -> str:
        """The row's id, or the manual reason in words."""
        return (
            str(ManualOutcome(self.outcome).label) if self.outcome in ManualOutcome.values else self.outcome
        )


class Share(Bound):
    """责任份额: a party's share as a fraction; the shares of a determination sum to one (MON-03, database)."""

    determination = models.ForeignKey(
        Determination, models.PROTECT, related_name="shares", verbose_name=_("determination")
    )
    ordinal = models.PositiveSmallIntegerField(_("no."))
    party = models.CharField(_("party"), max_length=14, choices=PartyRole)
    numerator = models.PositiveIntegerField(_("numerator"))
    denominator = models.PositiveIntegerField(_("denominator"))

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["determination_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["determination", "ordinal"], name="share_place"),
            models.CheckConstraint(
                name="share_fraction",
                condition=Q(denominator__gte=1, numerator__gte=1, numerator__lte=F("denominator")),
            ),
            models.CheckConstraint(name="share_bound", condition=AT_MOST_ONE_BOUND),
            models.CheckConstraint(name="share_parties", condition=Q(party__in=PartyRole.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()} {self.fraction}"

    @property
    def fraction(self) -> Fraction:
        """The share, exactly."""
        return Fraction(self.numerator, self.denominator)


class FineProposal(Bound):
    """规则罚款: a fine that a rule imposes beside the shares (LR-20); it becomes a sanction (SAN-07). Append-only but
    for its sanction."""

    determination = models.ForeignKey(
        Determination, models.PROTECT, related_name="fines", verbose_name=_("determination")
    )
    party = models.CharField(_("party"), max_length=14, choices=PartyRole)
    rule = models.CharField(_("rule"), max_length=10)
    minimum = yuan(_("from"), null=False)
    maximum = yuan(_("to"), null=False)
    sanction = models.ForeignKey(
        Sanction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sanction")
    )

    class Meta:
        verbose_name = _("fine of a rule")
        verbose_name_plural = _("fines of rules")
        ordering = ["determination_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["determination", "rule", "party"], name="fine_once"),
            models.CheckConstraint(name="fine_range", condition=Q(minimum__gte=0, maximum__gte=F("minimum"))),
            models.CheckConstraint(name="fine_bound", condition=AT_MOST_ONE_BOUND),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.get_party_display()}"


class LiabilityEntry(models.Model):
    """责任分摊流水: what each liable party owes: charges from shares, their reversals, recoveries (CLM-11, MON-03).

    Append-only. The charges of a share less their reversals are its part of the approved payout less what came from
    outside; all of them together are that (database). A recovery or write-off is negative; what is paid back, or need
    no longer be written off, because money came from outside later (CLM-18), is positive.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="entries", verbose_name=_("claim"))
    share = models.ForeignKey(Share, models.PROTECT, related_name="entries", verbose_name=_("share"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    amount = yuan(_("amount"), null=False)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    posted_at = models.DateTimeField(_("posted at"))
    posted_by = who(_("posted by"))

    class Meta:
        verbose_name = _("liability entry")
        verbose_name_plural = _("liability entries")
        ordering = ["claim_id", "id"]
        constraints = [
            models.CheckConstraint(name="entry_kinds", condition=Q(kind__in=EntryKind.values)),
            models.CheckConstraint(
                name="entry_sign",
                condition=Q(kind__in=["charge", "refund", "write_back"], amount__gte=0)
                | (~Q(kind__in=["charge", "refund", "write_back"]) & Q(amount__lte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class Objection(models.Model):
    """异议: a liable party contests the determination in time; decided by somebody else (CLM-15)."""

    determination = models.ForeignKey(
        Determination, models.PROTECT, related_name="objections", verbose_name=_("determination")
    )
    share = models.ForeignKey(Share, models.PROTECT, related_name="objections", verbose_name=_("share"))
    text = models.CharField(_("objection"), max_length=1000)
    filed_at = models.DateTimeField(_("filed at"))
    filed_by = who(_("noted by"), null=False)
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    answer = models.CharField(_("decision"), max_length=1000, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = who(_("decided by"))

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.UniqueConstraint(
                fields=["share"], condition=Q(decided_at=None), name="objection_one_open"
            ),
            models.CheckConstraint(
                name="objection_decided",
                condition=Q(upheld=None, decided_at=None, decided_by=None, answer="")
                | (
                    Q(upheld__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(answer="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.determination} {self.text[:40]}"


class HandlingOpinion(models.Model):
    """事故处理意见: the internal document made from a determination; never for the customer (CLM-16)."""

    determination = models.OneToOneField(
        Determination, models.PROTECT, related_name="opinion", verbose_name=_("determination")
    )
    cause = models.TextField(_("cause"))
    measures = models.TextField(_("measures"), blank=True, default="")
    drawn_up_at = models.DateTimeField(_("drawn up at"))
    drawn_up_by = who(_("drawn up by"), null=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = who(_("approved by"))
    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    class Meta:
        verbose_name = _("handling opinion")
        verbose_name_plural = _("handling opinions")
        constraints = [
            models.CheckConstraint(
                name="opinion_approved",
                condition=Q(approved_at=None, approved_by=None, document=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, document__isnull=False),
            ),
            models.CheckConstraint(
                name="opinion_four_eyes", condition=Q(approved_by=None) | ~Q(approved_by=F("drawn_up_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.determination)
