"""Who is meant by a sanction or a disqualification: a person, a department, or both (SAN-10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Target:
    """An employee's id, a department's id, or both."""

    employee_id: int | None = None
    department_id: int | None = None

    def __post_init__(self) -> None:
        if self.employee_id is None and self.department_id is None:
            raise ValueError("a target names a person, a department, or both")


def singles(targets: Iterable[Target]) -> list[Target]:
    """Each person and each department by itself, once, departments first (SAN-09: separately; SAN-11)."""
    departments = {target.department_id for target in targets if target.department_id is not None}
    people = {target.employee_id for target in targets if target.employee_id is not None}
    return [Target(department_id=pk) for pk in sorted(departments)] + [
        Target(employee_id=pk) for pk in sorted(people)
    ]
