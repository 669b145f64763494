"""A subject port for tests of the ground floor: a department is seen by whoever belongs to it, and by the system."""

from __future__ import annotations

from typing import Any

from organization.models import Department
from servicecenter.subjects import Subject


def department(*, object_id: int, user: Any | None) -> Subject | None:
    """The department as a subject, if the user works there."""
    row = Department.objects.filter(pk=object_id).first()
    if row is None or (user is not None and user.employee.department_id != row.pk):
        return None
    return Subject("organization.department", row.pk, row.code, row.name, f"/departments/{row.code}/")
