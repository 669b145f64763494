"""Versions of the liability rules, as data (LR-30 to LR-32)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from claims.choices import RuleSetState
from claims.models.columns import who


class RuleSetVersion(models.Model):
    """责任规则版本: rows, shares, fines and switches of one version, and the days of cargo incident it is for.

    `data` is checked by `claims.domain.ruleset.load`. Published data never change (database). `gaps` are the
    situations without a rule that the publisher acknowledged, `changes` counts the situations whose outcome differs
    from the version before (LR-32).
    """

    code = models.CharField(_("version"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=RuleSetState, default=RuleSetState.DRAFT)
    valid_from = models.DateField(_("for incidents from"))
    valid_until = models.DateField(_("for incidents until"), null=True, blank=True)
    data = models.JSONField(_("rules"))
    note = models.CharField(_("what is new"), max_length=300, blank=True, default="")
    gaps = models.JSONField(_("situations without a rule"), default=list, blank=True)
    changes = models.PositiveIntegerField(_("situations decided differently"), null=True, blank=True)
    created_at = models.DateTimeField(_("drawn up at"))
    created_by = who(_("drawn up by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = who(_("published by"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = who(_("retired by"))

    class Meta:
        verbose_name = _("version of the liability rules")
        verbose_name_plural = _("versions of the liability rules")
        constraints = [
            models.CheckConstraint(name="ruleset_states", condition=Q(state__in=RuleSetState.values)),
            models.CheckConstraint(
                name="ruleset_days", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="ruleset_published",
                condition=Q(state="draft", published_at=None, published_by=None)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="ruleset_four_eyes",
                condition=Q(published_by=None) | Q(created_by=None) | ~Q(published_by=F("created_by")),
            ),
            ExclusionConstraint(
                name="ruleset_days_apart",
                expressions=[
                    (
                        Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=~Q(state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return self.code
