"""Rights of complaints, and who may do what with which ticket (ORG-04, D7, PRV-10).

A ticket belongs to the customer service centre. A right of the centre's kind counts when it is held for the centre,
or for the department the ticket was routed to (an inspector works on what is with inspection). A department's people
see what was handed to their department or below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from complaints.models import Complaint, CorrectiveAction, Handover
from organization.choices import DepartmentKind
from organization.models import Department
from servicecenter.prepared import Prepared


class Right(StrEnum):
    """The rights, as roles hold them."""

    REGISTER_CONTACT = "complaints.register_contact"
    VIEW_COMPLAINT = "complaints.view_complaint"
    WORK_COMPLAINT = "complaints.work_complaint"
    ASSIGN_COMPLAINT = "complaints.assign_complaint"
    SUPERVISE_COMPLAINT = "complaints.supervise_complaint"
    CLOSE_NOT_AGREED = "complaints.close_not_agreed"
    HAND_IN_STATEMENT = "complaints.hand_in_statement"
    CANCEL_COMPLAINT = "complaints.cancel_complaint"
    CONFIRM_INCIDENT = "complaints.confirm_incident"
    VIEW_INCIDENT = "complaints.view_incident"
    VIEW_ALL = "complaints.view_all"
    IMPORT_CONTACTS = "complaints.import_contacts"
    EDIT_CATEGORIES = "complaints.edit_categories"
    GIVE_APPROVAL = "complaints.give_approval"
    EXPORT_COMPLAINTS = "complaints.export_complaints"
    RELEASE_PERSONAL = "complaints.release_personal"
    REVIEW_ACTION = "complaints.review_action"


# What the doors of pages and API ask for alike.
HANDLING = (Right.WORK_COMPLAINT, Right.SUPERVISE_COMPLAINT)
WRITERS = (*HANDLING, Right.HAND_IN_STATEMENT)
READERS = (Right.VIEW_COMPLAINT, Right.VIEW_ALL)
TICKET_READERS = (*READERS, Right.HAND_IN_STATEMENT)
INCIDENT_READERS = (Right.VIEW_INCIDENT, Right.VIEW_ALL)

# Asked of the ticket's handovers, not of the centre.
OF_THE_DEPARTMENT = frozenset({Right.HAND_IN_STATEMENT, Right.REVIEW_ACTION})


@dataclass(frozen=True)
class Scope:
    """What a user may see: everything, the centre's tickets, or what is handed to the departments in `paths`."""

    sees_all: bool
    sees_centre: bool
    paths: frozenset[str]
    centre_path: str

    @property
    def is_unlimited(self) -> bool:
        """Every ticket."""
        return self.sees_all or self.sees_centre


# Nearly every request asks it.
_CENTRE = Prepared(
    lambda: Department.objects.filter(kind=DepartmentKind.SERVICE_CENTRE, closed_on=None).order_by("path")[:1]
)


def centre() -> Department | None:
    """The customer service centre: the topmost open department of that kind."""
    return _CENTRE.first()


def scope_of(user: Any) -> Scope:
    """The user's scope; asked once per user object, i.e. once per request."""
    known: Scope | None = user.__dict__.get("_complaint_scope")
    if known is None:
        home = centre()
        path = home.path if home else "-"
        rights = user.rights
        held = rights.paths(Right.VIEW_COMPLAINT)
        known = Scope(
            sees_all=bool(rights.paths(Right.VIEW_ALL)),
            sees_centre=_covers(held, path),
            paths=held,
            centre_path=path,
        )
        user.__dict__["_complaint_scope"] = known
    return known


def _covers(held: Iterable[str], path: str) -> bool:
    return any(path.startswith(above) for above in held)


def holds(user: Any | None, right: str, complaint: Complaint) -> bool:
    """Whether the user holds the right for this ticket; None is the system, which may all.

    `complaint.department` must be loaded.
    """
    if user is None:
        return True
    held = user.rights.paths(right)
    if not held or right in OF_THE_DEPARTMENT:
        return bool(held)
    routed_to = complaint.department
    return _covers(held, scope_of(user).centre_path) or (
        routed_to is not None and _covers(held, routed_to.path)
    )


def asking(user: Any | None, complaint: Complaint) -> Callable[[str], bool]:
    """`holds` for one user and ticket, as the lifecycle table asks it."""
    return lambda right: holds(user, right, complaint)


def is_handed_to(user: Any | None, handover: Handover, right: str = Right.HAND_IN_STATEMENT) -> bool:
    """Whether the handover went to a department for which the user holds the right; `department` must be loaded."""
    return user is None or _covers(user.rights.paths(right), handover.department.path)


def can_review_action(user: Any, action: CorrectiveAction) -> bool:
    """The department manager of the department in charge, and not who carried it out (CMP-27)."""
    return (
        _covers(user.rights.paths(Right.REVIEW_ACTION), action.department.path)
        and action.done_by_id != user.pk
    )


def can_do_action(user: Any, action: CorrectiveAction) -> bool:
    """Whoever answers for the department in charge."""
    return _covers(user.rights.paths(Right.HAND_IN_STATEMENT), action.department.path)


def works_in_centre(user: Any) -> bool:
    """Whether the user may act as an agent of the centre."""
    return _covers(user.rights.paths(Right.WORK_COMPLAINT), scope_of(user).centre_path)


def is_respondent(user: Any | None, complaint: Complaint) -> bool:
    """Whether the user belongs to the department complained of and has no right of the centre's (CMP-20)."""
    if user is None or works_in_centre(user):
        return False
    against = complaint.respondent_department or complaint.department
    return against is not None and user.employee.department.path.startswith(against.path)


def sees_personal(user: Any | None, complaint: Complaint) -> bool:
    """Whether the user may see (masked, with reveal) the complainant's number, and the name in full (PRV-10).

    The centre and those who read everything may; so may who works on the ticket in the department it was routed to,
    unless that department is the one complained of. The respondent may once the centre has released them.
    """
    if user is None or scope_of(user).is_unlimited or complaint.personal_released_at is not None:
        return True
    routed_to = complaint.department
    if routed_to is None or complaint.respondent_department_id in {None, routed_to.pk}:
        return False
    return _covers(user.rights.paths(Right.WORK_COMPLAINT), routed_to.path)


def may_register(user: Any, centre: Department | None = None) -> bool:
    """Registers contacts of the centre; `centre` if the caller has it at hand."""
    path = centre.path if centre is not None else scope_of(user).centre_path
    return _covers(user.rights.paths(Right.REGISTER_CONTACT), path)


def may_assign(user: Any) -> bool:
    """Passes the centre's tickets to others."""
    return _covers(user.rights.paths(Right.ASSIGN_COMPLAINT), scope_of(user).centre_path)


def can_edit_categories(user: Any) -> bool:
    """Changes categories, routings and keywords (CMP-11)."""
    return bool(user.has_right(Right.EDIT_CATEGORIES))


def can_view_incidents(user: Any) -> bool:
    """Sees service incidents (those of the tickets it sees)."""
    return bool(user.has_right(Right.VIEW_INCIDENT))


def can_export(user: Any) -> bool:
    """Takes lists away (PRV-04)."""
    return bool(user.has_right(Right.EXPORT_COMPLAINTS))


def can_release(user: Any, complaint: Complaint) -> bool:
    """Shows the complainant's number and name to the respondent, with a reason (PRV-10)."""
    return holds(user, Right.RELEASE_PERSONAL, complaint)
