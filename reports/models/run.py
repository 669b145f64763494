"""The making of a report, with its progress (RPT-25)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import OPEN_RUNS, Basis, RunState, RunStep
from reports.models.report import Report, ReportRevision
from servicecenter.models import ClockTimestamp, public_id

OPEN = Q(state__in=OPEN_RUNS)


class ReportRun(models.Model):
    """报告生成: one order to make a report, carried out once however often the worker is killed or told (RPT-25).

    A worker takes it for `lease_until` and renews that; a run whose lease has passed is taken up by the next, and
    `attempt` tells the two apart, so that the slow one writes nothing any more. `done` of `total` are steps really
    done. `as_of` stands from the first attempt on: every attempt draws the same figures.
    """

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="runs", verbose_name=_("report"))
    basis = models.CharField(_("basis"), max_length=8, choices=Basis)
    as_of = models.DateTimeField(_("records as of"), null=True, blank=True)
    languages = models.JSONField(_("languages of the PDF"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.WAITING)
    step = models.CharField(_("step"), max_length=10, choices=RunStep, default=RunStep.WAIT)
    done = models.PositiveSmallIntegerField(_("steps done"), default=0)
    total = models.PositiveSmallIntegerField(_("steps"), default=1)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # The next try, or the next time a worker is told of it.
    next_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=60, blank=True, default="")
    problem_params = models.JSONField(default=dict, blank=True)
    revision = models.OneToOneField(
        ReportRevision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="run",
        verbose_name=_("revision of a report"),
    )
    requested_at = models.DateTimeField(_("asked for at"), db_default=ClockTimestamp())
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("making of a report")
        verbose_name_plural = _("makings of reports")
        indexes = [models.Index(fields=["next_at", "id"], name="run_open", condition=OPEN)]
        constraints = [
            models.UniqueConstraint(fields=["report"], name="run_one_open", condition=OPEN),
            models.CheckConstraint(name="run_states", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(name="run_steps", condition=Q(step__in=RunStep.values)),
            models.CheckConstraint(
                name="run_progress", condition=Q(done__lte=models.F("total"), total__gte=1)
            ),
            models.CheckConstraint(
                name="run_done",
                condition=(Q(state="done", revision__isnull=False, finished_at__isnull=False, problem=""))
                | (Q(state="failed", finished_at__isnull=False) & ~Q(problem=""))
                | Q(state__in=OPEN_RUNS, finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.state}"

    @property
    def is_open(self) -> bool:
        """Neither made nor given up."""
        return self.state in OPEN_RUNS
