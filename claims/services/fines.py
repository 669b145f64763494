"""Fines of the liability rules become sanctions: a ledger of their own, beside the shares (LR-20, SAN-07)."""

from __future__ import annotations

from claims.models import Determination, FineProposal
from claims.services.acting import Act
from conduct.choices import Measure
from conduct.models import Sanction, Violation
from conduct.services import propose, withdraw_for_incident
from servicecenter.clock import business_date
from servicecenter.kernel.errors import RuleBroken
from servicecenter.subjects import kind_of

VIOLATION = "SAN-07"


def propose_fines(act: Act, made: Determination) -> list[FineProposal]:
    """Draft a sanction for each fine on a known person or department, by the system; the amount stays open where the
    rule gives a range. Fines on people outside, or not named, stay with the determination alone."""
    fines = list(made.fines.select_related("employee", "department").order_by("pk"))
    violation = Violation.objects.filter(code=VIOLATION).first()
    for fine in fines:
        if violation is not None and (fine.employee_id or fine.department_id):
            fine.sanction = _proposed(act, fine, violation)
            fine.save(update_fields=["sanction"])
    return fines


def _proposed(act: Act, fine: FineProposal, violation: Violation) -> Sanction:
    source = {
        "source_kind": kind_of(FineProposal),
        "source_id": fine.pk,
        "source_number": act.claim.number,
        "source_confirmed": True,
        "month": business_date(act.at).replace(day=1),
        "reason": f"{fine.rule} {fine.determination.number}",
        "employee": fine.employee,
        "department": fine.department,
        "by": None,
        "at": act.at,
    }
    if fine.minimum == fine.maximum:
        try:
            return propose(violation=violation, measure=Measure.FINE, amount=fine.minimum, **source)  # type: ignore[arg-type]
        except RuleBroken:
            # the rule set names a sum that the policy of fines does not: whoever confirms decides it
            pass
    return propose(violation=violation, **source)  # type: ignore[arg-type]


def withdraw_fines(act: Act, made: Determination) -> None:
    """The sanctions of the determinations before: another one takes their place."""
    former = FineProposal.objects.filter(
        determination__claim=act.claim, determination__ordinal__lt=made.ordinal, sanction__isnull=False
    ).exclude(sanction__state__in=["withdrawn", "settled"])
    for fine in former.order_by("pk"):
        withdraw_for_incident(
            incident_kind=kind_of(FineProposal), incident_id=fine.pk, reason=made.number, by=act.by, at=act.at
        )
