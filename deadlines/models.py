"""Clocks and their steps as rows (D4). Subjects are known by kind and id only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deadlines.choices import Basis, ClockKind, ClockState, StepKind
from organization.models import Department
from servicecenter.models import ClockTimestamp, Policy

OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)
ENDED_STATES = (ClockState.MET, ClockState.MET_LATE, ClockState.CANCELLED)


class ClockQuerySet(models.QuerySet["Clock"]):
    """Named filters."""

    def open(self) -> ClockQuerySet:
        """Neither met nor cancelled; a paused clock is open."""
        return self.filter(ended_at=None)

    def of(self, subject_kind: str, *subject_ids: int) -> ClockQuerySet:
        """The clocks of one or several subjects of a kind."""
        return self.filter(subject_kind=subject_kind, subject_id__in=subject_ids)


class Clock(models.Model):
    """时限: one deadline of one subject (CMP-36).

    It carries what its steps need (owner, rights, department, subject), so that the sweep finds whom to tell by
    joins with the organization alone. `limit_seconds` is the time allowed from start to due, pauses not counted.
    """

    kind = models.CharField(_("clock"), max_length=20, choices=ClockKind)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=40)
    # What one subject may have several of: the handover, the corrective action … ('' when there is one).
    part = models.CharField(max_length=40, blank=True, default="")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("department that must act"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("owner"),
    )
    # Not the owner but whoever holds this right in the department must act (statement, department's answer).
    owner_right = models.CharField(max_length=60, blank=True, default="")
    supervisor_right = models.CharField(max_length=60, default="complaints.supervise_complaint")
    basis = models.CharField(_("counted in"), max_length=10, choices=Basis, default=Basis.ELAPSED)
    limit_seconds = models.PositiveIntegerField(_("time allowed"))
    # The policy's numbers, kept so that a later change of due is judged by the version it began under (CMP-39).
    warn_percent = models.PositiveSmallIntegerField(default=75)
    manager_after_seconds = models.PositiveIntegerField(default=4 * 3600)
    enterprise_after_seconds = models.PositiveIntegerField(default=24 * 3600)
    state = models.CharField(_("state"), max_length=10, choices=ClockState, default=ClockState.RUNNING)
    generation = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(_("started"))
    warn_at = models.DateTimeField(_("warning point"))
    due_at = models.DateTimeField(_("due"))
    # The first step not yet done; NULL when nothing can fire any more (ended, paused or all fired).
    next_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(_("paused for"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=ClockTimestamp())

    objects = models.Manager.from_queryset(ClockQuerySet)()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        # No index beyond these: the sweep rewrites `next_at`, and every further index would be written with it.
        indexes = [
            models.Index(fields=["next_at", "id"], name="clock_sweep", condition=Q(next_at__isnull=False)),
            models.Index(fields=["subject_kind", "subject_id"], name="clock_subject"),
            models.Index(
                fields=["department", "due_at", "id"], name="clock_open_due", condition=Q(ended_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind", "part"],
                name="clock_one_open",
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="clock_ended",
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | Q(state__in=ENDED_STATES, ended_at__isnull=False, next_at=None),
            ),
            models.CheckConstraint(
                name="clock_paused",
                condition=Q(state=ClockState.PAUSED, paused_at__isnull=False, next_at=None)
                | (~Q(state=ClockState.PAUSED) & Q(paused_at=None)),
            ),
            # An outside deadline may have passed before its ticket was registered: then warning and due coincide.
            models.CheckConstraint(
                name="clock_order",
                condition=Q(due_at__gte=F("warn_at"))
                & (Q(warn_at__gte=F("started_at")) | Q(warn_at=F("due_at"))),
            ),
            models.CheckConstraint(
                name="clock_numbers",
                condition=Q(warn_percent__range=(1, 100), manager_after_seconds__gt=0, round__gte=1)
                & Q(enterprise_after_seconds__gt=F("manager_after_seconds"), generation__gte=1),
            ),
            models.CheckConstraint(name="clock_kind", condition=Q(kind__in=ClockKind.values)),
            models.CheckConstraint(name="clock_basis", condition=Q(basis__in=Basis.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_open(self) -> bool:
        """Neither met nor cancelled."""
        return self.ended_at is None


class Step(models.Model):
    """时限步骤: one step of one generation of a clock; fires once (I2). Void when its generation or clock is past."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="steps", db_index=False)
    generation = models.PositiveIntegerField()
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(_("deadline step"), max_length=20, choices=StepKind)
    due_at = models.DateTimeField(_("due"))
    fired_at = models.DateTimeField(_("done at"), null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("deadline step")
        verbose_name_plural = _("deadline steps")
        ordering = ["clock", "generation", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "generation", "ordinal"], name="step_once"),
            models.CheckConstraint(name="step_fired_or_void", condition=Q(fired_at=None) | Q(void_at=None)),
            models.CheckConstraint(
                name="step_never_early", condition=Q(fired_at=None) | Q(fired_at__gte=F("due_at"))
            ),
            models.CheckConstraint(
                name="step_order",
                condition=Q(ordinal=1, kind=StepKind.WARNING)
                | Q(ordinal=2, kind=StepKind.BREACH)
                | Q(ordinal=3, kind=StepKind.LADDER_MANAGER)
                | Q(ordinal=4, kind=StepKind.LADDER_ENTERPRISE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_at:%Y-%m-%d %H:%M}"
