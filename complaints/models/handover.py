"""Passing a ticket to a department, and what the department answers (CMP-04, CMP-21, CMP-35b)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import DutyStage, HandoverState
from complaints.models.ticket import Complaint
from deadlines.models import Clock
from organization.models import Department, Employee


class Handover(models.Model):
    """转办: a ticket passed to the department that must answer it, with a demand and a limit (CMP-04, CMP-21).

    With `statement_required` the department's own statement is due (CMP-32), otherwise its answer within the limit
    set (CMP-35b). Whether it is late is true when read; `is_late` keeps it once the due time has passed.
    """

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="handovers", verbose_name=_("complaint")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="handovers",
        db_index=False,
        verbose_name=_("department"),
    )
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("respondent"),
    )
    statement_required = models.BooleanField(_("statement required"), default=True)
    demand = models.CharField(_("demand"), max_length=500, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    by_category = models.BooleanField(_("by category"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=HandoverState, default=HandoverState.WAITING)
    clock = models.OneToOneField(Clock, models.PROTECT, related_name="+", verbose_name=_("clock"))
    due_at = models.DateTimeField(_("due"))
    handed_at = models.DateTimeField(_("handed over"))
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True, default="")
    is_late = models.BooleanField(pgettext_lazy("statement", "late"), default=False)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        indexes = [
            models.Index(
                fields=["department", "due_at", "id"], name="handover_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["department", "complaint"], name="handover_scope"),
            models.Index(
                fields=["department", "-ended_at", "-id"],
                name="handover_done",
                condition=Q(state="answered"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "round", "department"],
                name="handover_one_waiting",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="handover_ended",
                condition=Q(state="waiting", ended_at=None, ended_by=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="handover_end_reason",
                condition=~Q(state__in=["waived", "returned"]) | ~Q(end_reason=""),
            ),
            models.CheckConstraint(name="handover_states", condition=Q(state__in=HandoverState.values)),
            models.CheckConstraint(name="handover_round", condition=Q(round__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} → {self.department}"


class Statement(models.Model):
    """书面报告: the respondent's own text, not editable once handed in; a correction is a further one (CMP-21)."""

    handover = models.ForeignKey(
        Handover, models.PROTECT, related_name="statements", verbose_name=_("handover")
    )
    ordinal = models.PositiveSmallIntegerField(_("no."))
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person concerned"),
    )
    stage = models.CharField(_("where it happened"), max_length=12, choices=DutyStage, blank=True, default="")
    text = models.TextField(_("course and cause"))
    measures = models.TextField(_("measures taken"), blank=True, default="")
    handed_in_at = models.DateTimeField(_("handed in"))
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed in by")
    )
    is_late = models.BooleanField(pgettext_lazy("statement", "late"), default=False)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "ordinal"], name="statement_once"),
            models.CheckConstraint(name="statement_written", condition=~Q(text="") & Q(ordinal__gte=1)),
            models.CheckConstraint(name="statement_stages", condition=Q(stage__in=["", *DutyStage.values])),
        ]

    def __str__(self) -> str:
        return f"{self.handover} {self.ordinal}"
