"""Reference data of a registration in one statement: category, subcases, routes, departments, teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from complaints.domain.routing import Route, choose
from complaints.models import Category, Routing, Subcase
from organization.choices import DepartmentKind
from organization.models import Department
from servicecenter.kernel.errors import RuleBroken

VIP = "vip"
VIP_TIERS = frozenset({"A", "B"})
TEAM_BY_CHANNEL = {
    "telephone": "telephone",
    "chat": "online",
    "online": "online",
    "email": "online",
    "api": "online",
    "survey": "online",
}
OTHER_TEAM = "complaints"
TEAM_CODES = [VIP, OTHER_TEAM, *dict.fromkeys(TEAM_BY_CHANNEL.values())]


@dataclass(frozen=True)
class Reference:
    """What a registration must know of the rules. `departments` are the open ones it may need, by id."""

    category: Category
    subcases: dict[str, Subcase]
    routes: tuple[Route, ...]
    departments: dict[int, Department]
    teams: dict[str, int]

    @property
    def centre(self) -> Department:
        """The customer service centre. Raises RuleBroken `complaint.no_centre`."""
        rows = [row for row in self.departments.values() if row.kind == DepartmentKind.SERVICE_CENTRE]
        if not rows:
            raise RuleBroken("complaint.no_centre")
        return min(rows, key=lambda row: row.path)

    def subcase(self, code: str) -> Subcase | None:
        """The subcase of that code; RuleBroken `complaint.subcase_unknown` for one of another category."""
        if not code:
            return None
        if code not in self.subcases:
            raise RuleBroken("complaint.subcase_unknown", field="subcase", status=400, subcase=code)
        return self.subcases[code]

    def department(self, pk: int | None, *, field: str) -> Department | None:
        """An open department by id; RuleBroken `complaint.department_unknown` for one that is closed or not there."""
        if pk is None:
            return None
        if pk not in self.departments:
            raise RuleBroken("complaint.department_unknown", field=field, status=400)
        return self.departments[pk]

    def destination(self, subcase: str, *, on: date) -> Department | None:
        """Where the category sends it that day; None: the supervisor decides (CMP-10k)."""
        return _resolve(
            choose(self.routes, category=self.category.code, subcase=subcase, on=on),
            self.departments.values(),
        )

    def team(self, *, channel: str, tier: str) -> int | None:
        """The team whose ticket it is (ORG-06): the VIP team for A and B customers, else by channel; None: no team."""
        wanted = [VIP] if tier in VIP_TIERS else []
        wanted += [TEAM_BY_CHANNEL.get(channel, OTHER_TEAM), OTHER_TEAM]
        return next((self.teams[code] for code in wanted if code in self.teams), None)


# Written by hand: it is asked at every registration, and wording it took longer than asking it.
REFERENCE = """
SELECT c.id, c.code, c.rule, c.names::json, c.ordinal,
  (SELECT json_agg(json_build_object('id', s.id, 'code', s.code, 'names', s.names, 'ordinal', s.ordinal) ORDER BY s.id)
   FROM complaints_subcase s WHERE s.category_id = c.id AND s.closed_on IS NULL),
  (SELECT json_agg(json_build_object('subcase', s.code, 'department_kind', r.department_kind,
     'department_id', r.department_id, 'valid_from', r.valid_from, 'valid_until', r.valid_until) ORDER BY r.id)
   FROM complaints_routing r LEFT JOIN complaints_subcase s ON s.id = r.subcase_id WHERE r.category_id = c.id),
  (SELECT json_agg(json_build_object('id', d.id, 'code', d.code, 'names', d.names, 'kind', d.kind, 'path', d.path))
   FROM organization_department d
   WHERE d.closed_on IS NULL AND (d.kind = %(centre)s OR d.id = ANY(%(named)s)
     OR d.kind IN (SELECT r.department_kind FROM complaints_routing r WHERE r.category_id = c.id)
     OR d.id IN (SELECT r.department_id FROM complaints_routing r WHERE r.category_id = c.id))),
  (SELECT json_agg(json_build_object('id', t.id, 'code', t.code)) FROM organization_team t
   WHERE t.code = ANY(%(teams)s))
FROM complaints_category c WHERE c.code = %(code)s AND c.closed_on IS NULL
"""


def reference(category: str, *, departments: Iterable[int | None] = ()) -> Reference:
    """Everything about a category, and the departments named besides, in one statement.

    Raises RuleBroken `complaint.category_unknown` for a category that is not there or no longer used.
    """
    values: dict[str, Any] = {
        "code": category,
        "centre": DepartmentKind.SERVICE_CENTRE.value,
        "named": [pk for pk in departments if pk is not None],
        "teams": list(TEAM_CODES),
    }
    with connection.cursor() as cursor:
        cursor.execute(REFERENCE, values)
        found = cursor.fetchone()
    if found is None:
        raise RuleBroken("complaint.category_unknown", field="category", status=400, category=category)
    pk, code, rule, names, ordinal, subcases, routes, places, teams = found
    row = Category(pk=pk, code=code, rule=rule, names=names, ordinal=ordinal)
    row._state.adding, row._state.db = False, "default"
    return Reference(
        category=row,
        subcases={one["code"]: Subcase(category=row, **one) for one in subcases or ()},
        routes=tuple(_route(code, one) for one in routes or ()),
        departments={one["id"]: Department(**one) for one in places or ()},
        teams={one["code"]: one["id"] for one in teams or ()},
    )


def _route(category: str, row: dict[str, Any]) -> Route:
    return Route(
        category=category,
        subcase=row["subcase"] or "",
        department_kind=row["department_kind"],
        department_id=row["department_id"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
    )


def _resolve(route: Route | None, departments: Iterable[Department]) -> Department | None:
    """The open department a row names, outright or by its kind (the topmost one)."""
    if route is None:
        return None
    rows = [
        row
        for row in departments
        if row.pk == route.department_id or (route.department_kind and row.kind == route.department_kind)
    ]
    return min(rows, key=lambda row: row.path, default=None)


def destinations(*, on: date) -> dict[tuple[str, str], int | None]:
    """Where every category and subcase goes that day: (category code, subcase code) → department id, or None."""
    departments = list(Department.objects.filter(closed_on=None))
    rows = [
        Route(
            category=category,
            subcase=subcase or "",
            department_kind=kind,
            department_id=department_id,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        for category, subcase, kind, department_id, valid_from, valid_until in Routing.objects.values_list(
            "category__code", "subcase__code", "department_kind", "department_id", "valid_from", "valid_until"
        )
    ]
    pairs = {(code, "") for code in Category.objects.values_list("code", flat=True)}
    pairs |= set(Subcase.objects.values_list("category__code", "code"))
    found: dict[tuple[str, str], int | None] = {}
    for category, subcase in sorted(pairs):
        chosen = _resolve(choose(rows, category=category, subcase=subcase, on=on), departments)
        found[category, subcase] = chosen.pk if chosen else None
    return found
