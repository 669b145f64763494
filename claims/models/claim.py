"""The claim and its goods (CLM-01, CLM-02, CLM-04)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.choices import (
    DEAD_STATES,
    ENDED_STATES,
    OPEN_STATES,
    UNTIMED_STATES,
    ClaimKind,
    ConfirmationWay,
    Gravity,
    LiabilityState,
    PayoutState,
    Profile,
    ReductionReason,
)
from claims.models.columns import who, yuan
from complaints.models import Complaint
from customers.models import Customer, Waybill
from organization.models import Department
from servicecenter.models import public_id

OPEN = Q(state__in=OPEN_STATES)


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Named filters."""

    def open(self) -> Self:
        """Not closed, rejected or withdrawn."""
        return self.filter(OPEN)

    def live(self) -> Self:
        """Neither rejected nor withdrawn: stands in the way of another one for the same pieces (CLM-13)."""
        return self.exclude(state__in=DEAD_STATES)


class Claim(models.Model):
    """理赔: two tracks that do not wait for each other, the payout in `state` and the liability (CLM-02).

    `branch` is where the customer is paid: the voucher's number is of that branch (CLM-09). `incident_on` is the day
    of the cargo incident, which chooses the rules (LR-31). `pieces_group` tells claims of one waybill apart.
    """

    number = models.CharField(_("claim number"), max_length=20, unique=True)
    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    kind = models.CharField(pgettext_lazy("claim", "kind"), max_length=10, choices=ClaimKind)
    gravity = models.CharField(_("gravity"), max_length=10, choices=Gravity, default=Gravity.SIMPLE)
    profile = models.CharField(
        _("terms"), max_length=20, choices=Profile, default=Profile.CN_LTL, db_default=Profile.CN_LTL
    )
    waybill = models.ForeignKey(
        Waybill, models.PROTECT, related_name="claims", db_index=False, verbose_name=_("waybill")
    )
    pieces_group = models.CharField(_("group of pieces"), max_length=60, blank=True, default="")
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("complaint")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("customer")
    )
    claimant = models.CharField(_("claimant"), max_length=60, blank=True, default="")
    former = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reopened_as",
        verbose_name=_("reopened from"),
    )
    branch = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("paid out by the branch")
    )
    adjuster = who(_("adjuster"))

    state = models.CharField(_("payout"), max_length=16, choices=PayoutState, default=PayoutState.REPORTED)
    liability_state = models.CharField(
        _("liability"), max_length=12, choices=LiabilityState, default=LiabilityState.OPEN
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    incident_on = models.DateField(_("day of the cargo incident"))
    incident_report = models.TextField(_("incident report"), blank=True, default="")
    reporter = models.CharField(_("report signed by"), max_length=60, blank=True, default="")
    reported_at = models.DateTimeField(pgettext_lazy("claim", "reported at"))
    reported_on = models.DateField(_("reported on"))
    reported_by = who(_("opened by"))
    # Notice of damage or loss (CLM-19): late notice warns and never refuses by itself.
    noticed_at = models.DateTimeField(_("customer gave notice"), null=True, blank=True)
    receipt_remarked = models.BooleanField(_("remark on the signed receipt"), null=True, blank=True)
    packing_kept = models.BooleanField(_("packing kept"), null=True, blank=True)
    hidden_damage = models.BooleanField(_("hidden damage"), default=False)

    # What the payout is worked out from (CLM-06), in yuan and kg.
    declared_value = yuan(_("declared value"))
    goods_value = yuan(_("value of the whole consignment"))
    freight = yuan(_("freight of the part"))
    weight = models.DecimalField(
        _("weight of the part (kg)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    cap_told = models.BooleanField(_("customer was told of the limit"), default=False)
    claimed_amount = yuan(_("claimed amount"))
    reserve = yuan(_("reserve"), null=False)
    assessed_amount = yuan(_("assessed amount"))
    agreed_amount = yuan(_("agreed amount"))
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    agreed_way = models.CharField(
        _("confirmed by the customer"), max_length=10, choices=ConfirmationWay, blank=True, default=""
    )
    # Since when an offer stands that the claimant has not answered (CLM-14).
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    approved_amount = yuan(_("approved amount"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    # The due time of the clock that ends first, kept here so that queues read one index; of an ended claim: its end.
    due_at = models.DateTimeField(_("due"))
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True, default="")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = who(_("closed by"))
    search_text = models.TextField(editable=False, default="")

    objects = models.Manager.from_queryset(ClaimQuerySet)()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["due_at", "id"], name="claim_queue", condition=OPEN),
            models.Index(fields=["adjuster", "due_at", "id"], name="claim_mine", condition=OPEN),
            models.Index(fields=["-reported_at", "-id"], name="claim_newest"),
            models.Index(fields=["waybill", "-reported_at"], name="claim_waybill"),
            models.Index(Right("number", 4), name="claim_last_four"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["waybill", "kind", "pieces_group"],
                condition=~Q(state__in=DEAD_STATES),
                name="claim_one_live",
            ),
            models.CheckConstraint(name="claim_states", condition=Q(state__in=PayoutState.values)),
            models.CheckConstraint(
                name="claim_liability_states", condition=Q(liability_state__in=LiabilityState.values)
            ),
            models.CheckConstraint(name="claim_profiles", condition=Q(profile__in=Profile.values)),
            models.CheckConstraint(name="claim_kinds", condition=Q(kind__in=ClaimKind.values)),
            models.CheckConstraint(
                name="claim_amounts",
                condition=Q(reserve__gte=0)
                & (Q(claimed_amount=None) | Q(claimed_amount__gte=0))
                & (Q(assessed_amount=None) | Q(assessed_amount__gte=0))
                & (Q(agreed_amount=None) | Q(agreed_amount__gte=0))
                & (Q(approved_amount=None) | Q(approved_amount__gte=0)),
            ),
            models.CheckConstraint(
                name="claim_agreed",
                condition=Q(agreed_amount=None, agreed_at=None, agreed_way="")
                | (Q(agreed_amount__isnull=False, agreed_at__isnull=False) & ~Q(agreed_way="")),
            ),
            models.CheckConstraint(
                name="claim_approved",
                condition=Q(
                    state__in=["approved", "voucher_issued", "paid", "closed"],
                    approved_amount__isnull=False,
                    approved_at__isnull=False,
                )
                | Q(state="litigation")
                | (
                    ~Q(state__in=["approved", "voucher_issued", "paid", "closed"])
                    & Q(approved_amount=None, approved_at=None)
                ),
            ),
            models.CheckConstraint(
                name="claim_approved_as_agreed",
                condition=Q(approved_amount=None) | Q(approved_amount=F("agreed_amount")),
            ),
            models.CheckConstraint(
                name="claim_closed",
                condition=(Q(state__in=ENDED_STATES) & Q(closed_at__isnull=False))
                | (~Q(state__in=ENDED_STATES) & Q(closed_at=None, closed_by=None)),
            ),
            models.CheckConstraint(
                name="claim_closes_when_both_tracks_end",
                condition=~Q(state="closed") | Q(liability_state__in=["recovered", "written_off"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Not closed, rejected or withdrawn."""
        return self.state in OPEN_STATES

    @property
    def is_timed(self) -> bool:
        """Whether a term of CLM-14 still runs: open, and not yet paid or before a court."""
        return self.is_open and self.state not in UNTIMED_STATES

    @property
    def title(self) -> str:
        """What it is about, in the reader's language: kind and goods; `waybill` must be loaded."""
        kind = str(self.get_kind_display())
        return f"{kind}: {self.waybill.goods}" if self.waybill.goods else kind


class GoodsLine(models.Model):
    """货物明细: goods of a claim, with what was claimed and assessed, and why it is less (CLM-04). Zero stays zero."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name=_("claim"))
    ordinal = models.PositiveSmallIntegerField(_("line"))
    goods = models.CharField(_("goods"), max_length=120)
    pieces = models.PositiveIntegerField(_("pieces"))
    weight = models.DecimalField(_("weight (kg)"), max_digits=12, decimal_places=3, null=True, blank=True)
    declared_value = yuan(_("declared value"))
    claimed = yuan(_("claimed"), null=False)
    assessed = yuan(_("assessed"))
    reduction = models.CharField(
        _("why less"), max_length=14, choices=ReductionReason, blank=True, default=""
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("goods line")
        verbose_name_plural = _("goods lines")
        ordering = ["claim_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "ordinal"], name="goods_line_place"),
            models.CheckConstraint(
                name="goods_line_amounts",
                condition=Q(claimed__gte=0) & (Q(assessed=None) | Q(assessed__gte=0)),
            ),
            models.CheckConstraint(
                name="goods_line_reduced_for_a_reason",
                condition=Q(assessed=None) | Q(assessed__gte=F("claimed")) | ~Q(reduction=""),
            ),
            models.CheckConstraint(name="goods_line_pieces", condition=Q(pieces__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.goods} × {self.pieces}"
