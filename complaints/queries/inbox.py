"""The department's side: what must be answered, what was, which measures are due (CMP-21, CMP-27, PRV-10)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from complaints.choices import HandoverState
from complaints.models import Complaint, CorrectiveAction, Handover
from complaints.permissions import Right, sees_personal
from complaints.queries.scope import handovers_of, visible_to
from complaints.queries.standing import KIND, statements_prefetch
from organization.models import Department
from organization.queries import within
from servicecenter.clock import centre_zone
from servicecenter.keyset import Order, Page, paginate
from servicecenter.models import Attachment

LOADED = (
    "complaint__category", "complaint__subcase", "complaint__customer", "complaint__waybill",
    "complaint__owner__employee", "complaint__department", "complaint__respondent_department", "department", "employee",
    "clock",
)  # fmt: skip
WAITING = Order("due", ("due_at",))
DONE = Order("ended", ("ended_at",), descending=True)
ALL = Order("handed", ("handed_at",), descending=True)
RECTIFY = Order("due_on", ("due_on",))
SIZE = 30


def inbox(*, user: Any, tab: str, cursor: str = "") -> Page[Any]:
    """One page of a tab: `waiting`, `done`, `all` hold handovers, `rectify` holds corrective actions.

    Rows carry `is_masked`: whether the reader must not see who complained.
    """
    if tab == "rectify":
        measures: Page[Any] = paginate(
            _to_rectify(user), order=RECTIFY, cursor=cursor, size=SIZE, filters=tab
        )
        for row in measures.rows:
            row.end_of_day = datetime.combine(row.due_on + timedelta(days=1), time.min, tzinfo=centre_zone())
        return measures
    rows = handovers_of(user).select_related(*LOADED)
    if tab == "waiting":
        rows, order = rows.filter(state=HandoverState.WAITING), WAITING
    elif tab == "done":
        rows, order = rows.filter(state=HandoverState.ANSWERED), DONE
    else:
        order = ALL
    page: Page[Any] = paginate(rows, order=order, cursor=cursor, size=SIZE, filters=tab)
    for row in page.rows:
        row.is_masked = not sees_personal(user, row.complaint)
    return page


def _to_rectify(user: Any) -> QuerySet[CorrectiveAction]:
    return CorrectiveAction.objects.filter(
        within(user.rights.paths(Right.HAND_IN_STATEMENT)), reviewed_at=None
    ).select_related("complaint__category", "department", "employee", "done_by__employee")


def inbox_counts(user: Any) -> dict[str, int]:
    """How many stand under each tab: two statements."""
    found: dict[str, int] = handovers_of(user).aggregate(
        waiting=Count("pk", filter=Q(state=HandoverState.WAITING)),
        done=Count("pk", filter=Q(state=HandoverState.ANSWERED)),
        all=Count("pk"),
    )
    return {**found, "rectify": _to_rectify(user).count()}


def inbox_burden(user: Any) -> tuple[int, int]:
    """(waiting, late among them): one statement, for the figure at the rail."""
    found = (
        handovers_of(user)
        .filter(state=HandoverState.WAITING)
        .aggregate(waiting=Count("pk"), late=Count("pk", filter=Q(due_at__lt=Now())))
    )
    return found["waiting"], found["late"]


def handover_rows(user: Any) -> QuerySet[Handover]:
    """The handovers to the user's departments, with their statements; the centre's people: of all they see."""
    if user.rights.paths(Right.HAND_IN_STATEMENT):
        rows = handovers_of(user)
    else:
        rows = Handover.objects.filter(complaint__in=visible_to(user))
    return rows.select_related(*LOADED).prefetch_related(statements_prefetch())


def handover(*, user: Any, pk: int) -> Handover | None:
    """One handover to the user's departments, with its statements and whether the complainant is hidden."""
    found = (
        handovers_of(user)
        .select_related(
            *LOADED, "complaint__contact", "complaint__waybill__origin", "complaint__waybill__destination"
        )
        .prefetch_related(statements_prefetch())
        .filter(pk=pk)
        .first()
    )
    return _complete(found, user)


def handover_for_centre(*, user: Any, pk: int) -> Handover | None:
    """One handover of a ticket that the user sees."""
    found = (
        Handover.objects.filter(pk=pk, complaint__in=visible_to(user))
        .select_related(*LOADED)
        .prefetch_related(statements_prefetch())
        .first()
    )
    return _complete(found, user)


def _complete(found: Handover | None, user: Any) -> Handover | None:
    if found is None:
        return None
    found.is_masked = not sees_personal(user, found.complaint)  # type: ignore[attr-defined]
    by_role: dict[str, list[Attachment]] = {}
    for file in _files(found.complaint):
        by_role.setdefault(file.role, []).append(file)
    for statement in found.statement_list:  # type: ignore[attr-defined]
        statement.files = by_role.get(f"statement-{statement.pk}", [])
    return found


def files_for_handler(handover: Handover) -> list[Attachment]:
    """The files a department may see of a ticket: those of the intake, without recordings (PRV-10)."""
    return [file for file in _files(handover.complaint) if file.role == "intake"]


def _files(complaint: Complaint) -> QuerySet[Attachment]:
    return Attachment.objects.filter(kind=KIND, object_id=complaint.pk).order_by("bound_at", "id")


def last_answered(user: Any, limit: int = 5) -> list[Handover]:
    """What the departments answered last."""
    rows = handovers_of(user).filter(state=HandoverState.ANSWERED).select_related(*LOADED)
    found = list(rows.order_by("-ended_at", "-pk")[:limit])
    for row in found:
        row.is_masked = not sees_personal(user, row.complaint)  # type: ignore[attr-defined]
    return found


def departments_of_handler(user: Any) -> list[Department]:
    """The departments for which the user answers: the topmost ones."""
    paths = user.rights.paths(Right.HAND_IN_STATEMENT)
    return list(Department.objects.filter(path__in=list(paths), closed_on=None).order_by("path"))


def measure(*, user: Any, pk: int) -> CorrectiveAction | None:
    """A corrective action of the own departments, or of a ticket that the user sees."""
    return measures(user=user).filter(pk=pk).first()


def measures(*, user: Any) -> QuerySet[CorrectiveAction]:
    """Corrective actions of the own departments, and of the tickets that the user sees."""
    mine = within(user.rights.paths(Right.HAND_IN_STATEMENT)) | within(user.rights.paths(Right.REVIEW_ACTION))
    return CorrectiveAction.objects.filter(
        Q(pk__in=CorrectiveAction.objects.filter(mine)) | Q(complaint__in=visible_to(user))
    ).select_related(
        "complaint__category", "complaint__department", "department", "employee", "done_by__employee"
    )
