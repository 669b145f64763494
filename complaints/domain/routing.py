"""Where a complaint goes (CMP-10a to CMP-11), and who must answer (CMP-21, CMP-35b). Pure: the rows are passed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

COD_WITH_BRANCH = ("branch_procedure", "cod_not_returned")
COD_REMITTANCE = ("late_remittance", "")


@dataclass(frozen=True)
class Route:
    """One row of the routing table. Neither kind nor department: the supervisor decides."""

    category: str
    subcase: str = ""
    department_kind: str = ""
    department_id: int | None = None
    valid_from: date = date.min
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force that day; both ends count."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def by_cod_state(category: str, subcase: str, *, with_branch: bool | None) -> tuple[str, str]:
    """Category and subcase of a complaint about COD money: the waybill's COD state decides (CMP-11, WBL-05).

    With the branch still: CMP-10b; handed in, or the state unknown: CMP-10d. Other complaints stay what they are.
    """
    if (category, subcase) != COD_WITH_BRANCH and category != COD_REMITTANCE[0]:
        return category, subcase
    return COD_WITH_BRANCH if with_branch else COD_REMITTANCE


def choose(routes: Iterable[Route], *, category: str, subcase: str, on: date) -> Route | None:
    """The row that counts: of the subcase before the category, of several the one that began last. None: no row."""
    valid = [row for row in routes if row.category == category and row.holds_on(on)]
    for wanted in dict.fromkeys((subcase, "")):
        rows = [row for row in valid if row.subcase == wanted]
        if rows:
            return max(rows, key=lambda row: row.valid_from)
    return None


@dataclass(frozen=True)
class Passing:
    """One handover to be made: to whom, and whether the department's own statement is required."""

    department_id: int
    statement_required: bool
    employee_id: int | None = None


def passings(*, routed_to: int, concerned: int | None, employee_id: int | None = None) -> tuple[Passing, ...]:
    """The handovers of a routing.

    The respondent hands in the statement (CMP-21). Where the category sends the ticket elsewhere than to the
    respondent, that department answers within its limit (CMP-35b) and the respondent's statement is asked for too;
    where no respondent is known, the department routed to gives the statement.
    """
    if concerned is None or concerned == routed_to:
        return (Passing(routed_to, True, employee_id if concerned else None),)
    return (Passing(concerned, True, employee_id), Passing(routed_to, False))
