"""To which department and person a service incident is attributed (CMP-43)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ticket:
    """What one ticket of the incident says about who is concerned; `sequence` orders them."""

    sequence: int
    routed_to: int | None = None
    respondent_department: int | None = None
    respondent_employee: int | None = None
    responsible_department: int | None = None
    responsible_employee: int | None = None


@dataclass(frozen=True)
class Attribution:
    """The department and the person; either may be unknown."""

    department_id: int | None = None
    employee_id: int | None = None


def attribute(tickets: Iterable[Ticket]) -> Attribution:
    """By the newest finding; without one, whoever the newest complaint complains of; else where the first was sent.

    A later complaint that names the department alone does not release the person whom an earlier one named there.
    """
    oldest_first = sorted(tickets, key=lambda ticket: ticket.sequence)
    newest_first = oldest_first[::-1]
    for ticket in newest_first:
        if ticket.responsible_department is not None:
            return Attribution(ticket.responsible_department, ticket.responsible_employee)
    for ticket in newest_first:
        if ticket.respondent_department is not None:
            there = (one for one in newest_first if one.respondent_department == ticket.respondent_department)
            named = (one.respondent_employee for one in there if one.respondent_employee is not None)
            return Attribution(ticket.respondent_department, next(named, None))
    return Attribution(next((one.routed_to for one in oldest_first if one.routed_to is not None), None))
