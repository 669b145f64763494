"""People and departments: lists, look-ups, the picker, the search box (ORG-01, ORG-02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.urls import reverse

from organization.models import Assignment, Department, Employee, Role, Team, User
from organization.permissions import EDIT_POLICIES, people_visible_to
from organization.policy_texts import text_of
from organization.queries.rights import CentreToday, TreeOrder, ids_of, valid_assignments
from servicecenter.clock import business_date, now_db
from servicecenter.i18n import in_script
from servicecenter.keyset import Order
from servicecenter.models import Policy
from servicecenter.ports import Hit
from servicecenter.prepared import Prepared, given
from servicecenter.search import fold, is_last_four, last_four
from servicecenter.subjects import Subject, kind_of

BY_NAME = Order("name", ("name_key",))
BY_NUMBER = Order("number", ("work_number",))
ORDERS = {order.name: order for order in (BY_NAME, BY_NUMBER)}


def visible_to(user: User) -> QuerySet[Employee]:
    """The employees a user may look up."""
    return people_visible_to(user)


def matching(rows: QuerySet[Employee], text: str) -> QuerySet[Employee]:
    """Employees by work number (beginning, last four), name (any part), pinyin syllables or initials (`cxy` 陈晓燕)."""
    folded = fold(text)
    if not folded:
        return rows
    letters = "".join(folded.split())
    if is_last_four(letters):
        return rows.filter(Q(work_number__startswith=letters) | last_four("work_number", letters))
    condition = (
        Q(work_number__istartswith=letters) | Q(name__icontains=folded) | Q(name__icontains=text.strip())
    )
    if folded.isascii():
        condition |= Q(name_key__startswith=folded) | Q(name_key__contains=f" {letters}")
        # 'chenxiao' as typed without spaces: compare with the syllables run together.
        condition |= Q(name_letters__startswith=letters)
    return rows.alias(name_letters=_run_together()).filter(condition)


def _run_together() -> Replace:
    return Replace(F("name_key"), Value(" "), Value(""))


def employed(rows: QuerySet[Employee], at: datetime) -> QuerySet[Employee]:
    """Those still employed on that day; the last day counts."""
    day = business_date(at)
    return rows.filter(Q(left_on=None) | Q(left_on__gte=day), hired_on__lte=day)


@dataclass(frozen=True)
class Found:
    """What the people picker shows: the employees, and whether a name among them is not unique."""

    text: str
    people: tuple[Employee, ...]
    namesakes: tuple[Namesakes, ...]


@dataclass(frozen=True)
class Namesakes:
    """Several people of one name in one department: the work number must decide."""

    name: str
    department: str
    count: int


def find_employees(text: str, department: Department | None = None, *, user: User, limit: int = 8) -> Found:
    """Employees for a picker: by name, pinyin or work number, of a department and below it, still employed."""
    rows = matching(employed(visible_to(user), now_db()), text)
    if department is not None:
        rows = rows.filter(department__path__startswith=department.path)
    people = tuple(rows.order_by("name_key", "work_number")[:limit])
    return Found(text, people, _namesakes(people))


def _namesakes(people: Sequence[Employee]) -> tuple[Namesakes, ...]:
    counted: dict[tuple[str, int], list[Employee]] = {}
    for person in people:
        counted.setdefault((person.name, person.department_id), []).append(person)
    return tuple(
        Namesakes(name, same[0].department.name, len(same))
        for (name, _department), same in counted.items()
        if len(same) > 1
    )


def search_hits(*, user: User, text: str, limit: int) -> list[Hit]:
    """People for the global search box, through `visible_to`."""
    if not fold(text):
        return []
    rows = matching(visible_to(user), text).order_by("left_on", "name_key", "id")
    return [
        Hit(
            kind=kind_of(Employee),
            number=person.work_number,
            title=person.name,
            detail=" · ".join(part for part in (person.department.name, in_script(person.position)) if part),
            url=reverse("person-detail", args=[person.work_number]),
        )
        for person in rows[:limit]
    ]


def subject(*, object_id: int, user: User | None) -> Subject | None:
    """An employee as subject of trail and notices (port servicecenter.subject), if `user` may see it."""
    rows = Employee.objects.all() if user is None else visible_to(user)
    person = rows.filter(pk=object_id).first()
    if person is None:
        return None
    return Subject(
        kind_of(Employee),
        person.pk,
        person.work_number,
        person.name,
        reverse("person-detail", args=[person.work_number]),
    )


def subject_policy(*, object_id: int, user: User | None) -> Subject | None:
    """A policy version as subject of notices (port servicecenter.subject): for whoever may open the editor."""
    row = Policy.objects.filter(pk=object_id).first()
    if row is None or (user is not None and not user.has_right(EDIT_POLICIES)):
        return None
    url = reverse("policy-detail", args=[row.code])
    return Subject(kind_of(Policy), row.pk, "", str(text_of(row.code).title), url)


@dataclass(frozen=True)
class Node:
    """A department in the tree: its depth, and how many people are employed in it."""

    department: Department
    depth: int
    people: int
    children: int


def tree(at: datetime, *, closed: bool = False) -> list[Node]:
    """All departments in tree order with the number of people employed; closed ones only when asked for."""
    day = business_date(at)
    rows = Department.objects.annotate(
        people=Count(
            "employees",
            filter=Q(employees__hired_on__lte=day)
            & (Q(employees__left_on=None) | Q(employees__left_on__gte=day)),
        )
    )
    found = {row.pk: row for row in rows}
    below: dict[int | None, list[Department]] = {}
    for row in sorted(found.values(), key=lambda row: row.pk):
        below.setdefault(row.parent_id, []).append(row)
    nodes: list[Node] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            shown = closed or row.closed_on is None or row.closed_on > day
            if shown:
                nodes.append(Node(row, depth, row.people, len(below.get(row.pk, []))))  # type: ignore[attr-defined]
                walk(row.pk, depth + 1)

    walk(None, 0)
    return nodes


def open_departments(at: datetime | None = None) -> QuerySet[Department]:
    """Departments that are not closed, in tree order."""
    day = business_date(at) if at else CentreToday()
    return Department.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day)).order_by(TreeOrder())


# Every registration asks it.
_OPEN_BY_CODE = Prepared(lambda: open_departments().order_by().filter(code=given("code")))


def open_department(code: str) -> Department | None:
    """The department of that code, unless it is closed."""
    return _OPEN_BY_CODE.first(code=code)


def line_of(department: Department) -> list[Department]:
    """The departments from the root to this one."""
    by_id = Department.objects.in_bulk(ids_of(department.path))
    return [by_id[pk] for pk in ids_of(department.path)]


def assignments_of(employee: Employee) -> QuerySet[Assignment]:
    """All assignments, those in force first."""
    return (
        Assignment.objects.filter(employee=employee)
        .select_related("role", "department")
        .order_by("-valid_until", "role__code", "id")
    )


def role_names(people: Iterable[Employee]) -> dict[int, list[str]]:
    """The roles held today by employee id, in words."""
    found: dict[int, list[str]] = {}
    rows = Assignment.objects.filter(valid_assignments(CentreToday()), employee__in=list(people))
    for row in rows.select_related("role").order_by("role_id"):
        if str(row.role) not in found.setdefault(row.employee_id, []):
            found[row.employee_id].append(str(row.role))
    return found


def roleless(rows: QuerySet[Employee]) -> QuerySet[Employee]:
    """People with an open login to whom no role is given today: they can log in and do nothing."""
    holding = Assignment.objects.filter(valid_assignments(CentreToday()))
    return rows.filter(user__is_active=True, left_on=None).exclude(pk__in=holding.values("employee_id"))


@dataclass(frozen=True)
class RoleRow:
    """A role with how many people hold it today."""

    role: Role
    people: int


def roles_today() -> list[RoleRow]:
    """Every role, in the order of the book, with the number of people who hold it today."""
    day = business_date(now_db())
    held = dict(
        Assignment.objects.filter(valid_assignments(day))
        .values_list("role_id")
        .annotate(n=Count("employee_id", distinct=True))
        .values_list("role_id", "n")
    )
    return [RoleRow(role, held.get(role.pk, 0)) for role in Role.objects.order_by("pk")]


def teams_with_members() -> QuerySet[Team]:
    """Every team with its people."""
    return Team.objects.select_related("department").prefetch_related("members__department").order_by("code")


def users_of(employees: Iterable[Employee]) -> dict[int, User]:
    """Logins by employee id."""
    return {user.employee_id: user for user in User.objects.filter(employee__in=list(employees))}
