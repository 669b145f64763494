"""Reference data of a registration in one statement: category, subcases, routes, departments, teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from complaints.domain.routing import Route, choose
from complaints.models import Category, Routing, Subcase
from organization.choices import DepartmentKind
from organization.models import Department, Team
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


def reference(category: str, *, departments: Iterable[int | None] = ()) -> Reference:
    """Everything about a category, and the departments named besides, in one statement.

    Raises RuleBroken `complaint.category_unknown` for a category that is not there or no longer used.
    """
    own = Routing.objects.filter(category__code=category)
    named = [pk for pk in departments if pk is not None]
    wanted = (
        Q(kind=DepartmentKind.SERVICE_CENTRE)
        | Q(pk__in=named)
        | Q(kind__in=own.exclude(department_kind="").values("department_kind"))
        | Q(pk__in=own.exclude(department=None).values("department_id"))
    )
    row = (
        Category.objects.filter(code=category, closed_on=None)
        .annotate(
            found_subcases=ArraySubquery(
                Subcase.objects.filter(category=OuterRef("pk"), closed_on=None).values(
                    json=JSONObject(id="pk", code="code", names="names", ordinal="ordinal")
                )
            ),
            found_routes=ArraySubquery(
                own.values(
                    json=JSONObject(
                        subcase="subcase__code",
                        department_kind="department_kind",
                        department_id="department_id",
                        valid_from="valid_from",
                        valid_until="valid_until",
                    )
                )
            ),
            found_departments=ArraySubquery(
                Department.objects.filter(wanted, closed_on=None).values(
                    json=JSONObject(id="pk", code="code", names="names", kind="kind", path="path")
                )
            ),
            found_teams=ArraySubquery(
                Team.objects.filter(code__in=TEAM_CODES).values(json=JSONObject(id="pk", code="code"))
            ),
        )
        .first()
    )
    if row is None:
        raise RuleBroken("complaint.category_unknown", field="category", status=400, category=category)
    return Reference(
        category=row,
        subcases={one["code"]: Subcase(category=row, **one) for one in row.found_subcases},
        routes=tuple(_route(row.code, one) for one in row.found_routes),
        departments={one["id"]: Department(**one) for one in row.found_departments},
        teams={one["code"]: one["id"] for one in row.found_teams},
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
