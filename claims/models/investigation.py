"""What the adjuster found: facts with their evidence, and the people behind the parties (CLM-03)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import EvidenceKind, FactName, PartyRole
from claims.models.claim import Claim
from claims.models.columns import who
from organization.models import Department, Employee


class ClaimFact(models.Model):
    """查明事实: one fact of a claim with its evidence; the files are bound to this row. No row is an unknown fact.

    `value` is as in `judge_liability`: a text, `"yes"`/`"no"`, a list of parties, a number of pieces; none while there
    is evidence only.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="facts", verbose_name=_("claim"))
    name = models.CharField(_("fact"), max_length=24, choices=FactName)
    value = models.JSONField(_("value"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=16, choices=EvidenceKind, default=EvidenceKind.NONE)
    evidence_note = models.CharField(_("about the evidence"), max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = who(_("recorded by"))

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(fields=["claim", "name"], name="claim_fact_once"),
            models.CheckConstraint(name="claim_fact_names", condition=Q(name__in=FactName.values)),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


def party_key(employee: int | None, department: int | None, outside: str) -> str:
    """The key of a person, a department or somebody outside; '' for nobody."""
    if employee:
        return f"employee:{employee}"
    if department:
        return f"department:{department}"
    return f"outside:{outside}" if outside else ""


class Bound(models.Model):
    """One of employee, department, outside name."""

    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    outside = models.CharField(_("outside the company"), max_length=80, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """Who it is, as the judgement compares people (LR-21); '' for nobody."""
        return party_key(self.employee_id, self.department_id, self.outside)

    @property
    def who(self) -> str:
        """The name, in the reader's language; '' for nobody."""
        bound: Any = self.employee or self.department
        return str(bound) if bound else self.outside


ONE_BOUND = (
    Q(employee__isnull=False, department=None, outside="")
    | (Q(employee=None, department__isnull=False) & Q(outside=""))
    | (Q(employee=None, department=None) & ~Q(outside=""))
)
AT_MOST_ONE_BOUND = ONE_BOUND | Q(employee=None, department=None, outside="")


class ClaimParty(Bound):
    """当事人: who was the driver, the loader … of this cargo incident: a person, a department, or someone outside."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="parties", verbose_name=_("claim"))
    role = models.CharField(_("party"), max_length=14, choices=PartyRole)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = who(_("recorded by"))

    class Meta:
        verbose_name = _("party of a claim")
        verbose_name_plural = _("parties of a claim")
        constraints = [
            models.UniqueConstraint(fields=["claim", "role"], name="claim_party_once"),
            models.CheckConstraint(name="claim_party_bound", condition=ONE_BOUND),
            models.CheckConstraint(name="claim_party_roles", condition=Q(role__in=PartyRole.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.who}"
