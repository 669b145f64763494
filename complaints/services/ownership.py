"""Who is responsible for a ticket (CMP-05, CMP-07, CMP-24, CMP-50)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from complaints.models import Complaint
from complaints.permissions import works_in_centre
from complaints.queries.people import supervisors
from complaints.services import telling
from complaints.services.acting import KIND, Act, centre_or_refuse
from deadlines.choices import ClockKind
from deadlines.services import reassign
from organization.models import User
from organization.queries import is_absent
from servicecenter.kernel.errors import RuleBroken

MOST_AT_ONCE = 200


@transaction.atomic
def accept(
    *, complaint: Complaint, by: User, at: datetime | None = None, version: int | None = None
) -> Complaint:
    """Take a ticket that was passed on to one, or that nobody has taken yet: from now on one is responsible (CMP-07).

    Raises RuleBroken `complaint.not_offered`, `complaint.already_yours`.
    """
    act = Act.begin(complaint, "accept", by=by, at=at, version=version)
    before = act.complaint.owner
    _own(act, by)
    act.move("accept", owner=by.name)
    row = act.finish()
    if before is not None:
        telling.person([before], "complaint.accepted", row, at=act.at, by=by, key="accept")
    return row


@transaction.atomic
def assign(
    *,
    complaint: Complaint,
    owner: User,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """Pass a ticket on to `owner`: the present owner stays responsible until it is accepted (CMP-07).

    Who passes it to oneself takes it at once. Raises RuleBroken `complaint.owner_unfit`,
    `complaint.owner_away`, `lifecycle.reason_needed`.
    """
    act = Act.begin(complaint, "assign", by=by, at=at, version=version, reason=reason)
    row = act.complaint
    if row.owner_id != owner.pk:
        _check_owner(owner, act.at)
    if row.owner_id == owner.pk and row.accepted_at is not None and row.offered_to_id is None:
        raise RuleBroken("complaint.owned_already", field="owner", name=owner.name)
    before = row.owner.name if row.owner else ""
    if by is not None and by.pk == owner.pk:
        _own(act, owner)
    elif row.owner_id == owner.pk:
        # Back to whoever is responsible anyway: the offer is withdrawn.
        act.set(offered_to=None, offered_at=None, offered_by=None)
    else:
        act.set(offered_to=owner, offered_at=act.at, offered_by=by)
    act.move("assign", owner=owner.name, before=before)
    row = act.finish()
    telling.person([owner], "complaint.offered", row, at=act.at, by=by, key="offer", reason=act.reason)
    return row


@transaction.atomic
def assign_many(
    *,
    complaints: Iterable[Complaint],
    owner: User,
    reason: str,
    by: User,
    at: datetime | None = None,
) -> list[Complaint]:
    """Pass several tickets on, all or none (CMP-50). Those the owner has already are left alone.

    Raises RuleBroken `complaint.too_many`, and whatever `assign` refuses.
    """
    chosen: Sequence[Complaint] = sorted(complaints, key=lambda row: row.pk)
    if len(chosen) > MOST_AT_ONCE:
        raise RuleBroken("complaint.too_many", status=400, most=MOST_AT_ONCE)
    rows = list(
        Complaint.objects.select_for_update(no_key=True)
        .filter(pk__in=[row.pk for row in chosen])
        .order_by("pk")
    )
    return [
        assign(complaint=row, owner=owner, reason=reason, by=by, at=at)
        for row in rows
        if row.owner_id != owner.pk or row.offered_to_id is not None
    ]


@transaction.atomic
def take_over(
    *, complaint: Complaint, by: User | None, at: datetime | None = None, version: int | None = None
) -> Complaint:
    """The supervisor takes a ticket, one reported upward above all (CMP-31)."""
    act = Act.begin(complaint, "take_over", by=by, at=at, version=version)
    before = act.complaint.owner
    act.meet(ClockKind.SUPERVISOR_TAKES, ClockKind.REPORT_UPWARD)
    if by is not None:
        _own(act, by)
    act.move("take_over", before=before.name if before else "")
    row = act.finish()
    if before is not None:
        telling.person([before], "complaint.taken_over", row, at=act.at, by=by, key="take")
    return row


@transaction.atomic
def report_upward(
    *,
    complaint: Complaint,
    text: str = "",
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """What is beyond the agent's authority goes to the supervisor, who takes it within an hour (CMP-05, 31)."""
    act = Act.begin(complaint, "report_upward", by=by, at=at, version=version)
    home = centre_or_refuse()
    act.meet(ClockKind.REPORT_UPWARD)
    act.start(act.spec(ClockKind.SUPERVISOR_TAKES, home))
    act.move("report_upward", text=text.strip()[:500])
    row = act.finish()
    telling.person(
        supervisors(home, act.at),
        "complaint.reported",
        row,
        at=act.at,
        by=by,
        key=f"report{row.version}",
        text=text.strip()[:300],
    )
    return row


def _own(act: Act, owner: User) -> None:
    """The ticket is this user's from now on; its clocks tell this user."""
    act.set(owner=owner, accepted_at=act.at, offered_to=None, offered_at=None, offered_by=None)
    reassign(subject_kind=KIND, subject_id=act.complaint.pk, owner=owner)


def give(act: Act, owner: User) -> None:
    """The ticket goes to somebody who has not taken it yet (ORG-08)."""
    act.set(owner=owner, accepted_at=None, offered_to=None, offered_at=None, offered_by=None)
    reassign(subject_kind=KIND, subject_id=act.complaint.pk, owner=owner)


def _check_owner(owner: User, at: datetime) -> None:
    if not owner.is_active or not works_in_centre(owner):
        raise RuleBroken("complaint.owner_unfit", field="owner", status=400, name=owner.name)
    if is_absent(owner.employee, at):
        raise RuleBroken("complaint.owner_away", field="owner", name=owner.name)
