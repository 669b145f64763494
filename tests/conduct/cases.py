"""Sanction proposals for tests, made through the services."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from conduct import services
from conduct.choices import Measure
from conduct.domain.targets import Target
from conduct.models import Sanction, Violation
from tests import people

AT = datetime(2026, 11, 18, 2, 45, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
INCIDENT = {"incident_kind": "complaints.serviceincident", "incident_id": 41}


def proposal(by: Any, violation: str = "SAN-02", **changed: Any) -> Sanction:
    """A fine proposed for one of the branch's employees; `changed` replace single values."""
    values: dict[str, Any] = {
        "violation": Violation.objects.get(code=violation),
        "source_kind": "complaints.complaint",
        "source_id": 7,
        "source_number": "TS261118-10007",
        "source_confirmed": True,
        "employee": changed.pop("employee", None) or people.employee("branch_east"),
        "month": NOVEMBER,
        "measure": Measure.FINE,
        "amount": Decimal("80.00"),
        "by": by,
        "at": AT,
    }
    return services.propose(**{**values, **changed})


def drafted(*targets: Target, **changed: Any) -> list[Sanction]:
    """The proposals a service incident brings about for these targets."""
    values = {
        **INCIDENT,
        "incident_number": "SG2611-1203",
        "month": NOVEMBER,
        "by": None,
        "at": AT,
        "confirmed": True,
    }
    return services.propose_for_incident(targets=targets, **{**values, **changed})
