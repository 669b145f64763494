"""A small organization for tests: `centre()` builds it in a few statements, `user("agent")` adds a person with a login.

Department codes equal their kinds where there is one of the kind; branches are `branch_east` and `branch_west`.
Every function may be called again: what is there already is used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from organization.models import Absence, Assignment, Department, Duty, Employee, Role, Team, User
from servicecenter.search import name_key

PASSWORD = "demo-password-217"
SINCE = date(2020, 1, 1)

# code -> (kind, parent, simplified, traditional, English)
TREE: dict[str, tuple[str, str | None, str, str, str]] = {
    "head_office": ("head_office", None, "远桥物流", "遠橋物流", "Yuanqiao Logistics"),
    "service_centre": ("service_centre", "head_office", "客服中心", "客服中心", "Customer service centre"),
    "inspection": ("inspection", "head_office", "监察部", "監察部", "Inspection"),
    "branch_management": (
        "branch_management", "head_office", "分公司管理部", "分公司管理部", "Branch management",
    ),
    "settlement": ("settlement", "head_office", "结算部", "結算部", "Settlement"),
    "finance": ("finance", "head_office", "财务部", "財務部", "Finance"),
    "business": ("business", "head_office", "业务部", "業務部", "Business department"),
    "customer_relations": (
        "customer_relations", "business", "客户关系部", "客戶關係部", "Customer relations",
    ),
    "operations": ("operations", "head_office", "运营部", "運營部", "Operations"),
    "claims": ("claims", "head_office", "理赔部", "理賠部", "Claims"),
    "enterprise_management": (
        "enterprise_management", "head_office", "企管部", "企管部", "Enterprise management",
    ),
    "production_management": (
        "production_management", "head_office", "生产管理部", "生產管理部", "Production management",
    ),
    "purchasing": ("purchasing", "head_office", "采购部", "採購部", "Purchasing"),
    "branch_east": ("branch", "branch_management", "城东分公司", "城東分公司", "East branch"),
    "branch_west": ("branch", "branch_management", "城西分公司", "城西分公司", "West branch"),
    "business_management": (
        "business_management", "head_office", "业务管理部", "業務管理部", "Business management",
    ),
    "field_business": (
        "field_business", "business_management", "第一业务部", "第一業務部", "Field business one",
    ),
    "site": ("site", "field_business", "北坡现场", "北坡現場", "North slope site"),
}  # fmt: skip

# role -> (home department, a name)
HOMES = {
    "agent": ("service_centre", "陈晓燕"),
    "supervisor": ("service_centre", "林志远"),
    "centre_manager": ("service_centre", "周启明"),
    "inspector": ("inspection", "郑国栋"),
    "adjuster": ("claims", "何静"),
    "cashier": ("settlement", "王秀兰"),
    "handler": ("branch_east", "许国梁"),
    "account_manager": ("customer_relations", "赵敏"),
    "storekeeper": ("site", "马建军"),
    "site_representative": ("site", "高峰"),
    "stock_accountant": ("field_business", "苏敏"),
    "stock_planner": ("field_business", "丁磊"),
    "department_manager": ("branch_east", "孟凡"),
    "department_supervisor": ("field_business", "罗兵"),
    "business_manager": ("business", "邓文博"),
    "management": ("head_office", "顾长海"),
    "finance": ("finance", "冯洁"),
    "business_management_accountant": ("business_management", "吕芳"),
    "business_management_planner": ("business_management", "汪涛"),
    "production_planner": ("production_management", "石磊"),
    "purchaser": ("purchasing", "姚远"),
    "enterprise_management": ("enterprise_management", "沈岚"),
    "controller": ("head_office", "方正"),
    "administrator": ("head_office", "管理员"),
}
ROLE_CODES = tuple(HOMES)

_numbers: Iterator[int] = itertools.count(5001)


@dataclass(frozen=True)
class Centre:
    """The departments by code: `centre()["branch_east"]`."""

    departments: dict[str, Department]

    def __getitem__(self, code: str) -> Department:
        return self.departments[code]


def centre() -> Centre:
    """The department tree, built if it is not there yet."""
    found = {row.code: row for row in Department.objects.filter(code__in=TREE)}
    level: list[str | None] = [None]
    while level and len(found) < len(TREE):
        rows = [
            Department(
                code=code,
                kind=kind,
                parent=found[parent] if parent else None,
                names={"zh-Hans": hans, "zh-Hant": hant, "en": english},
            )
            for code, (kind, parent, hans, hant, english) in TREE.items()
            if parent in level and code not in found
        ]
        for row in Department.objects.bulk_create(rows):
            found[row.code] = row
        level = [code for code, (_kind, parent, *_names) in TREE.items() if parent in level]
    return Centre(found)


def department(code: str) -> Department:
    """One department of the tree."""
    return centre()[code]


def employee(department: Department | str = "service_centre", *, name: str = "杨勇") -> Employee:
    """A new employee without login."""
    home = centre()[department] if isinstance(department, str) else department
    return Employee.objects.create(
        work_number=str(next(_numbers)), name=name, name_key=name_key(name), department=home, hired_on=SINCE
    )


def user(
    *roles: str,
    department: Department | str | None = None,
    name: str | None = None,
    language: str = "zh-hans",
    email: bool = False,
) -> User:
    """A new user with these roles at `department` (default: the first role's home). No role: a login without rights.

    The password is `PASSWORD`; with `email` the address is `<work number>@example.invalid`.
    """
    home_code, usual_name = HOMES[roles[0]] if roles else ("service_centre", "杨勇")
    tree = centre()
    home = tree[department] if isinstance(department, str) else department or tree[home_code]
    person = employee(home, name=name or usual_name)
    made = User.objects.create(
        work_number=person.work_number,
        employee=person,
        password=make_password(PASSWORD),
        language=language,
        email=f"{person.work_number}@example.invalid" if email else "",
    )
    for role in roles:
        assign(person, role, home)
    return made


def assign(
    person: Employee | User, role: str, department: Department | str, *, since: date = SINCE
) -> Assignment:
    """Give a person a further role."""
    where = centre()[department] if isinstance(department, str) else department
    who = person.employee if isinstance(person, User) else person
    if isinstance(person, User):
        person.__dict__.pop("_rights", None)
    return Assignment.objects.create(
        employee=who, role=Role.objects.get(code=role), department=where, valid_from=since
    )


def team(code: str = "telephone", *, members: tuple[User, ...] = ()) -> Team:
    """A team of the centre with these members added."""
    made, _new = Team.objects.get_or_create(
        code=code, defaults={"names": {"zh-Hans": code, "en": code}, "department": centre()["service_centre"]}
    )
    made.members.add(*(member.employee for member in members))
    return made


def duty(kind: str, who: User, starts_at: datetime, ends_at: datetime, *, team: Team | None = None) -> Duty:
    """Put a person on duty: `duty("supervisor", user, from, until)`."""
    return Duty.objects.create(
        kind=kind, employee=who.employee, starts_at=starts_at, ends_at=ends_at, team=team
    )


def absence(who: User, starts_at: datetime, ends_at: datetime, *, reason: str = "休假") -> Absence:
    """Note a person's absence."""
    return Absence.objects.create(employee=who.employee, starts_at=starts_at, ends_at=ends_at, reason=reason)
