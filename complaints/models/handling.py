"""What is done about a ticket: rounds, messages, findings, measures, pauses, follow-ups (CMP-20 ff.)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import Channel, FollowUpResult, Founded, MessageKind, NoticeWay
from complaints.models.contact import Contact
from complaints.models.ticket import Complaint
from organization.models import Department, Employee, User

USER = settings.AUTH_USER_MODEL


class Round(models.Model):
    """处理轮次: one course of handling; never overwritten (CMP-23)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField(_("round"))
    started_at = models.DateTimeField(pgettext_lazy("round", "started"))
    started_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    rebased_at = models.DateTimeField(_("24 hours counted from"), null=True, blank=True)
    resolved_at = models.DateTimeField(pgettext_lazy("round", "resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.TextField(_("result"), blank=True, default="")
    customer_confirmed = models.BooleanField(_("customer confirmed"), default=False)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="round_once"),
            models.CheckConstraint(name="round_number", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="round_resolved",
                condition=Q(resolved_at=None, resolved_by=None, resolution="")
                | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.number}"


class Message(models.Model):
    """往来与备注: a note, a reply to the customer, or what the customer sent. Append-only."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="messages", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, blank=True, default="")
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    mentions: models.ManyToManyField[User, Any] = models.ManyToManyField(
        USER, related_name="+", blank=True, verbose_name=_("mentioned")
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["complaint", "-at", "-id"], name="message_complaint")]
        constraints = [
            models.CheckConstraint(name="message_kinds", condition=Q(kind__in=MessageKind.values)),
            models.CheckConstraint(name="message_written", condition=~Q(text="")),
            models.CheckConstraint(
                name="message_reply_channel", condition=Q(kind="note") | Q(channel__in=Channel.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.complaint_id}"


class Chase(models.Model):
    """催办: asks how an open matter stands; counted, and answered with the present state (CMP-09)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="chases", db_index=False)
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="chase")
    ordinal = models.PositiveSmallIntegerField(_("no."))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("what the customer was told"), max_length=500)

    class Meta:
        verbose_name = _("chase")
        verbose_name_plural = _("chases")
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "ordinal"], name="chase_once"),
            models.CheckConstraint(name="chase_answered", condition=~Q(answer="") & Q(ordinal__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.ordinal}"


class Finding(models.Model):
    """调查结论: founded or not, who is responsible, measures (CMP-27). A further one replaces it, both are kept."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="findings")
    round = models.PositiveSmallIntegerField(_("round"))
    founded = models.CharField(_("finding"), max_length=10, choices=Founded)
    text = models.TextField(_("findings"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible person"),
    )
    not_ours = models.BooleanField(_("not our responsibility"), default=False)
    measures = models.TextField(_("measures for the customer"), blank=True, default="")
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="finding_names_responsible",
                condition=Q(founded="unfounded", department=None, employee=None)
                | Q(not_ours=True, department=None, employee=None)
                | Q(not_ours=False, department__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_written", condition=~Q(text="") & Q(founded__in=Founded.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.founded}"


class CorrectiveAction(models.Model):
    """纠正措施 / 预防措施: with owner and due date, reviewed by the department, verified by the centre (CMP-27)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="actions")
    is_preventive = models.BooleanField(_("preventive"), default=False)
    text = models.CharField(_("what is to be done"), max_length=500)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", db_index=False, verbose_name=_("department")
    )
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    due_on = models.DateField(_("due on"))
    created_at = models.DateTimeField(_("ordered"))
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(_("result"), max_length=500, blank=True, default="")
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(_("effect verified"), null=True, blank=True)
    verified_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    effect = models.CharField(_("effect"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["department", "due_on", "id"], name="action_open", condition=Q(done_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                name="action_done",
                condition=Q(done_at=None, done_by=None, result="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="action_reviewed",
                condition=Q(reviewed_at=None, reviewed_by=None)
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False, done_at__isnull=False)
                    & ~Q(reviewed_by=F("done_by"))
                ),
            ),
            models.CheckConstraint(
                name="action_verified",
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False, reviewed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Pause(models.Model):
    """待客户: waiting for the customer pauses the resolution clock, at most 72 hours in all (CMP-38)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="pauses")
    round = models.PositiveSmallIntegerField(_("round"))
    reason = models.CharField(_("what is missing"), max_length=300)
    promised_until = models.DateTimeField(_("promised until"))
    started_at = models.DateTimeField(pgettext_lazy("pause", "started"))
    started_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("clock", "pause")
        verbose_name_plural = pgettext_lazy("clock", "pauses")
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], name="pause_one_open", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="pause_order",
                condition=Q(promised_until__gt=F("started_at"))
                & (Q(ended_at=None) | Q(ended_at__gte=F("started_at"))),
            ),
            models.CheckConstraint(name="pause_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.started_at:%m-%d %H:%M}"


class WrittenNotice(models.Model):
    """书面告知: the customer is told the result in writing, and confirms (CMP-25); an issued document."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="written_notices")
    round = models.PositiveSmallIntegerField(_("round"))
    way = models.CharField(_("way"), max_length=8, choices=NoticeWay)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    text = models.TextField(_("text"))
    document_number = models.CharField(_("document"), max_length=40, unique=True)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("customer confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("written notice")
        verbose_name_plural = _("written notices")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="written_notice_ways", condition=Q(way__in=NoticeWay.values) & ~Q(text="")
            )
        ]

    def __str__(self) -> str:
        return self.document_number


class FollowUp(models.Model):
    """回访: one follow-up call and its result (CMP-25)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="follow_ups", db_index=False)
    round = models.PositiveSmallIntegerField(_("round"))
    ordinal = models.PositiveSmallIntegerField(_("no."))
    result = models.CharField(_("result"), max_length=12, choices=FollowUpResult)
    remarks = models.CharField(_("remarks"), max_length=500, blank=True, default="")
    at = models.DateTimeField(_("time"))
    on = models.DateField(_("day"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["round", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "round", "ordinal"], name="follow_up_once"),
            models.CheckConstraint(name="follow_up_results", condition=Q(result__in=FollowUpResult.values)),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.result}"
