"""Teams of agents (ORG-06): telephone, online, complaints, VIP and whatever else is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from organization.models import Department, Employee, Team, User
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def add_team(
    *,
    code: str,
    names: Mapping[str, str],
    department: Department,
    by: User | None,
    at: datetime | None = None,
) -> Team:
    """A new team. Raises RuleBroken `team.code_taken`."""
    if Team.objects.filter(code=code).exists():
        raise RuleBroken("team.code_taken", field="code", team=code)
    moment = at or now_db()
    row = Team.objects.create(code=code, names=dict(names), department=department)
    trail.record(row, "team.added", by=by, at=moment, name=row.names)
    return row


@transaction.atomic
def rename_team(*, team: Team, names: Mapping[str, str], by: User | None, at: datetime | None = None) -> Team:
    """Other names."""
    row = Team.objects.select_for_update().get(pk=team.pk)
    moment = at or now_db()
    if row.names != dict(names):
        changes = {"names": [row.names, dict(names)]}
        row.names = dict(names)
        row.save(update_fields=["names"])
        trail.record(row, "team.renamed", by=by, at=moment, changes=changes, name=row.names)
    return row


@transaction.atomic
def set_members(
    *, team: Team, members: Iterable[Employee], by: User | None, at: datetime | None = None
) -> Team:
    """Exactly these people are the team. Raises RuleBroken `employee.gone` for somebody who has left."""
    row = Team.objects.select_for_update().get(pk=team.pk)
    wanted = {person.pk: person for person in members}
    known = {person.pk: person for person in row.members.all()}
    for pk, person in wanted.items():
        if pk not in known and person.left_on is not None:
            raise RuleBroken(
                "employee.gone", field="members", name=person.name, day=person.left_on.isoformat()
            )
    moment = at or now_db()
    if wanted.keys() != known.keys():
        row.members.set(wanted)
        trail.record(
            row,
            "team.members_set",
            by=by,
            at=moment,
            changes={
                "members": [
                    sorted(person.name for person in known.values()),
                    sorted(person.name for person in wanted.values()),
                ]
            },
            name=row.names,
        )
    return row
