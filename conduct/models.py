"""Violations, sanctions and lost merit (SAN-01 … SAN-19)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conduct.choices import Measure, SanctionState
from servicecenter.i18n import LocalizedField, say
from servicecenter.models import ClockTimestamp

FIRST_OF_MONTH = models.Q(month__day=1)
USER = settings.AUTH_USER_MODEL


def _who(label: Any) -> Any:
    """A user who did a step; none is the system."""
    return models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Violation(models.Model):
    """违规项: one row of the catalogue SAN-01 … SAN-16; the range of amounts is policy `conduct.fine` by code."""

    code = models.CharField(_("rule"), max_length=10, unique=True)
    ordinal = models.PositiveSmallIntegerField(_("order"), unique=True)
    sentences = LocalizedField(_("violation"))
    targets = LocalizedField(_("who is sanctioned"))
    amounts = LocalizedField(_("amount"))
    reason_required = models.BooleanField(_("reason required"), default=False)
    to_inspection = models.BooleanField(_("goes to inspection"), default=False)
    closed_on = models.DateField(_("no longer used from"), null=True, blank=True)

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")

    def __str__(self) -> str:
        return f"{self.code} {say(self.sentences)}"


class Sanction(models.Model):
    """处罚: person and/or department, violation, source, amount, month; proposed → confirmed → settled (SAN-10).

    The source is a record of a higher part, pointed at by kind, id and number. `amount` is in yuan and fen.
    `additional_reason` is the centre manager's reason for a further sanction in the same event (SAN-18).
    """

    number = models.CharField(_("sanction number"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=SanctionState, default=SanctionState.PROPOSED)
    version = models.PositiveIntegerField(default=1, editable=False)
    target_employee = models.ForeignKey(
        "organization.Employee",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
        verbose_name=_("person"),
    )
    target_department = models.ForeignKey(
        "organization.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
        verbose_name=_("department"),
    )
    violation = models.ForeignKey(
        Violation, models.PROTECT, related_name="sanctions", verbose_name=_("violation")
    )
    source_kind = models.CharField(_("kind of source"), max_length=60)
    source_id = models.BigIntegerField(_("source"))
    source_number = models.CharField(_("source number"), max_length=40)
    source_confirmed = models.BooleanField(_("source confirmed"), default=False)
    measure = models.CharField(_("measure"), max_length=10, choices=Measure, default=Measure.UNDECIDED)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    # what stands for a fine on a person where policy says so (CLM-21)
    points = models.PositiveIntegerField(pgettext_lazy("sanction", "points"), null=True, blank=True)
    month = models.DateField(_("counts in month"))
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    range_reason = models.CharField(
        _("reason for an amount outside the range"), max_length=300, blank=True, default=""
    )
    additional_reason = models.CharField(
        _("reason for a further sanction in the same event"), max_length=300, blank=True, default=""
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = _who(_("proposed by"))
    amount_set_at = models.DateTimeField(_("amount set at"), null=True, blank=True)
    amount_set_by = _who(_("amount set by"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = _who(_("confirmed by"))
    settled_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    settled_by = _who(_("carried out by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = _who(_("withdrawn by"))
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        indexes = [
            models.Index(fields=["-proposed_at", "-id"], name="sanction_newest"),
            models.Index(
                fields=["-proposed_at", "-id"], name="sanction_waiting", condition=models.Q(state="proposed")
            ),
            models.Index(fields=["source_kind", "source_id"], name="sanction_source"),
            models.Index(fields=["month", "target_department"], name="sanction_month"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sanction_target",
                condition=models.Q(target_employee__isnull=False) | models.Q(target_department__isnull=False),
            ),
            models.CheckConstraint(name="sanction_month_first", condition=FIRST_OF_MONTH),
            models.CheckConstraint(
                name="sanction_states", condition=models.Q(state__in=SanctionState.values)
            ),
            models.CheckConstraint(name="sanction_measures", condition=models.Q(measure__in=Measure.values)),
            models.CheckConstraint(
                name="sanction_amount",
                condition=models.Q(measure="fine", amount__isnull=False, amount__gt=0)
                | (~models.Q(measure="fine") & models.Q(amount=None)),
            ),
            models.CheckConstraint(
                name="sanction_points",
                condition=models.Q(
                    measure="points", points__isnull=False, points__gt=0, target_employee__isnull=False
                )
                | (~models.Q(measure="points") & models.Q(points=None)),
            ),
            models.CheckConstraint(
                name="sanction_amount_setter",
                condition=(models.Q(measure="undecided", amount_set_at=None, amount_set_by=None))
                | (~models.Q(measure="undecided") & models.Q(amount_set_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="sanction_confirmed",
                condition=models.Q(state="proposed", confirmed_at=None, confirmed_by=None)
                | models.Q(state="withdrawn")
                | models.Q(
                    state__in=["confirmed", "settled"],
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    source_confirmed=True,
                )
                & ~models.Q(measure="undecided"),
            ),
            models.CheckConstraint(
                name="sanction_four_eyes",
                condition=models.Q(confirmed_by=None)
                | (
                    (models.Q(proposed_by=None) | ~models.Q(confirmed_by=models.F("proposed_by")))
                    & (models.Q(amount_set_by=None) | ~models.Q(confirmed_by=models.F("amount_set_by")))
                ),
            ),
            models.CheckConstraint(
                name="sanction_settled",
                condition=models.Q(state="settled", settled_at__isnull=False)
                | (~models.Q(state="settled") & models.Q(settled_at=None, settled_by=None)),
            ),
            models.CheckConstraint(
                name="sanction_withdrawn",
                condition=(
                    models.Q(state="withdrawn", withdrawn_at__isnull=False) & ~models.Q(withdrawn_reason="")
                )
                | (
                    ~models.Q(state="withdrawn")
                    & models.Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                ),
            ),
            # SAN-18: one event, one live sanction per target; a further one carries the centre manager's reason.
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "target_employee", "target_department"],
                condition=~models.Q(state="withdrawn") & models.Q(additional_reason=""),
                nulls_distinct=False,
                name="sanction_one_per_event",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MeritDisqualification(models.Model):
    """取消评先资格 (一票否决): a person or department loses the merit of a month by a service incident (SAN-11)."""

    target_employee = models.ForeignKey(
        "organization.Employee",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disqualifications",
        verbose_name=_("person"),
    )
    target_department = models.ForeignKey(
        "organization.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disqualifications",
        verbose_name=_("department"),
    )
    month = models.DateField(_("month"))
    source_kind = models.CharField(_("kind of source"), max_length=60)
    source_id = models.BigIntegerField(_("source"))
    source_number = models.CharField(_("source number"), max_length=40)
    created_at = models.DateTimeField(_("since"))
    created_by = _who(_("by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = _who(_("withdrawn by"))
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("merit disqualification")
        verbose_name_plural = _("merit disqualifications")
        indexes = [
            models.Index(fields=["month", "id"], name="disqualification_month"),
            models.Index(fields=["source_kind", "source_id"], name="disqualification_source"),
        ]
        constraints = [
            models.CheckConstraint(
                name="disqualification_target",
                condition=models.Q(target_employee__isnull=False, target_department=None)
                | models.Q(target_employee=None, target_department__isnull=False),
            ),
            models.CheckConstraint(name="disqualification_month_first", condition=FIRST_OF_MONTH),
            models.CheckConstraint(
                name="disqualification_withdrawn",
                condition=models.Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_reason="")),
            ),
            models.UniqueConstraint(
                fields=["target_employee", "target_department", "month", "source_kind", "source_id"],
                condition=models.Q(withdrawn_at=None),
                nulls_distinct=False,
                name="disqualification_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_employee or self.target_department} {self.month:%Y-%m}"

    @property
    def is_live(self) -> bool:
        """Not withdrawn."""
        return self.withdrawn_at is None


class MeritIssue(models.Model):
    """评先名单发布: a month's merit list was issued; what changes afterwards is a correction in the next (SAN-19)."""

    month = models.DateField(_("month"), unique=True)
    issued_at = models.DateTimeField(_("issued at"), db_default=ClockTimestamp())
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("issued by"))

    class Meta:
        verbose_name = _("issued merit list")
        verbose_name_plural = _("issued merit lists")
        constraints = [models.CheckConstraint(name="merit_issue_month_first", condition=FIRST_OF_MONTH)]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
