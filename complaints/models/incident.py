"""Second complaints and recurrences are service incidents (CMP-40 to CMP-45)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import IncidentKind, IncidentState
from complaints.models.catalogue import Category
from complaints.models.contact import Event
from complaints.models.ticket import Complaint
from organization.models import Department, Employee


class ServiceIncident(models.Model):
    """事故 (二次投诉就是事故): opened by a second complaint or a recurrence (CMP-40 to CMP-45).

    `month` is the month in which the second complaint, or the one that completed the recurrence, was registered
    (SAN-19). `department` and `employee` are those concerned when it was opened.
    """

    number = models.CharField(_("service incident number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=IncidentKind)
    state = models.CharField(_("state"), max_length=10, choices=IncidentState)
    version = models.PositiveIntegerField(default=1, editable=False)
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        db_index=False,
        verbose_name=_("same event"),
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department concerned"),
    )
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person concerned"),
    )
    month = models.DateField(_("counts in month"))
    opened_at = models.DateTimeField(pgettext_lazy("service incident", "opened"))
    confirmed_at = models.DateTimeField(pgettext_lazy("service incident", "confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True, default="")
    complaints = models.ManyToManyField(Complaint, through="IncidentTicket", related_name="incidents")

    class Meta:
        verbose_name = _("service incident")
        verbose_name_plural = _("service incidents")
        indexes = [models.Index(fields=["-opened_at", "-id"], name="incident_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], name="incident_one_standing", condition=~Q(state="withdrawn")
            ),
            models.UniqueConstraint(
                fields=["category", "department"],
                name="recurrence_one_open",
                condition=Q(kind="recurrence", state="confirmed"),
            ),
            models.CheckConstraint(
                name="incident_rests_on",
                condition=Q(kind="second_complaint", event__isnull=False)
                | Q(kind="recurrence", event=None, department__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_states",
                condition=Q(state="suspected", confirmed_at=None, ended_at=None, withdrawn_at=None)
                | Q(state="confirmed", confirmed_at__isnull=False, ended_at=None, withdrawn_at=None)
                | Q(state="ended", kind="recurrence", ended_at__isnull=False, withdrawn_at=None)
                | (Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(name="incident_month_first", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return self.number


class IncidentTicket(models.Model):
    """事故关联投诉单: a ticket concerned by a service incident (CMP-42)."""

    incident = models.ForeignKey(ServiceIncident, models.PROTECT, related_name="tickets", db_index=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="incident_links")
    linked_at = models.DateTimeField(_("linked"))

    class Meta:
        verbose_name = _("ticket of a service incident")
        verbose_name_plural = _("tickets of service incidents")
        constraints = [models.UniqueConstraint(fields=["incident", "complaint"], name="incident_ticket_once")]

    def __str__(self) -> str:
        return f"{self.incident} {self.complaint}"
