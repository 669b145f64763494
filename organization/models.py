"""People and where they stand: departments, employees, users, roles, teams, calendars, duty rota (chapter 01)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.choices import DayKind, Density, DepartmentKind, DutyKind, Theme
from servicecenter.clock import business_date, now_db
from servicecenter.i18n import LocalizedField, say


class Department(models.Model):
    """部门: a node of the tree (ORG-01).

    `path` is `/1/4/9/`: the ids from the root to itself. The database alone writes it, from `parent`
    (migration 0002), and refuses a parent inside the own subtree.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = LocalizedField(_("names"))
    kind = models.CharField(_("kind"), max_length=30, choices=DepartmentKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    path = models.CharField(max_length=200, editable=False, db_default="")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        indexes = [models.Index(fields=["path"], name="department_path", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return say(self.names)


class Employee(models.Model):
    """员工: never deleted; leaves with an end date (ORG-02)."""

    work_number = models.CharField(_("work number"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_key = models.CharField(max_length=200, db_index=True, editable=False, default="")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="employees", verbose_name=_("department")
    )
    position = models.CharField(_("position"), max_length=60, blank=True, default="")
    hired_on = models.DateField(_("employed from"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        constraints = [
            models.CheckConstraint(
                name="employee_dates",
                condition=models.Q(left_on=None) | models.Q(left_on__gte=models.F("hired_on")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds users by work number, with employee and department joined."""

    def get_queryset(self) -> models.QuerySet[User]:
        """Every user comes with the employee: a name is shown wherever a user is."""
        return super().get_queryset().select_related("employee__department")

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of that work number, case ignored."""
        return self.get(work_number__iexact=(username or "").strip())


class User(AbstractBaseUser):
    """用户: an employee's login. Rights come from assignments alone (D7)."""

    work_number = models.CharField(_("work number"), max_length=12, unique=True)
    employee = models.OneToOneField(Employee, models.PROTECT, related_name="user", verbose_name=_("employee"))
    email = models.EmailField(_("e-mail"), blank=True, default="")
    is_active = models.BooleanField(_("may log in"), default=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.AUTO)
    density = models.CharField(_("row height"), max_length=8, choices=Density, default=Density.COSY)
    is_demo = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "work_number"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The employee's name."""
        return self.employee.name

    @property
    def may_log_in(self) -> bool:
        """Not locked, and still employed: the last day counts. The clock is asked only of those who leave."""
        left = self.employee.left_on
        return self.is_active and (left is None or left >= business_date(now_db()))

    @property
    def is_staff(self) -> bool:
        """Administrators alone enter Django's admin (D7)."""
        return self.is_active and self.has_right("organization.administer")

    @property
    def is_superuser(self) -> bool:
        """Django asks; rights decide."""
        return self.is_staff

    @property
    def rights(self) -> Any:
        """This user's rights now (organization.queries.Rights), read once per instance, i.e. once per request."""
        if not hasattr(self, "_rights"):
            from organization.queries import rights_of

            self._rights = rights_of(self)
        return self._rights

    def has_right(self, right: str, department: Department | int | None = None) -> bool:
        """Whether an assignment gives `right` — for that department, or anywhere when none is named."""
        return self.rights.has(right, department)

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the user's roles asks for a one-time code at login."""
        return self.rights.needs_second_factor

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's admin asks this; administrators have all, nobody else any."""
        return self.is_staff

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        """As `has_perm`, for several."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """As `has_perm`, for an app."""
        return self.is_staff


class Role(models.Model):
    """角色: a named set of rights (ORG-03), as strings `"<app>.<verb>_<noun>"` of the apps' permissions.py."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = LocalizedField(_("names"))
    rights = ArrayField(models.CharField(max_length=60), verbose_name=_("rights"), default=list)
    needs_second_factor = models.BooleanField(_("needs a second factor"), default=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return say(self.names)


class Assignment(models.Model):
    """任职: (employee, role, department, from, until); scopes to the department's subtree (D7)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="assignments")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, related_name="assignments")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "role", "department", "valid_from"], name="assignment_once"
            ),
            models.CheckConstraint(
                name="assignment_dates",
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.role} {self.department}"


class Team(models.Model):
    """团队: telephone, online, complaints, VIP and others as data (ORG-06)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = LocalizedField(_("names"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="teams")
    members = models.ManyToManyField(Employee, related_name="teams", verbose_name=_("members"))

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return say(self.names)


class ServiceHours(models.Model):
    """服务时间: a department's weekly shifts, dated (ORG-07). `week` is seven lists of `[from, to]` minutes.

    A department that `works_on_holidays` keeps its week on the company's holidays too.
    """

    department = models.ForeignKey(Department, models.PROTECT, related_name="service_hours")
    valid_from = models.DateField(_("from"))
    week = models.JSONField(_("week"))
    works_on_holidays = models.BooleanField(_("works on public holidays"), default=False)

    class Meta:
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")
        constraints = [
            models.UniqueConstraint(fields=["department", "valid_from"], name="service_hours_once")
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.valid_from}"


class CalendarDay(models.Model):
    """日历例外: a date that differs from the week: day off, make-up working day 调休, other hours (D18).

    `ordinary` says that the week holds although the company's calendar, or the law's, says otherwise. Without
    department it holds for the whole company; a department's own row wins. `is_edited` days were set by a person:
    loading the statutory holidays again leaves them alone.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="calendar_days"
    )
    day = models.DateField(_("date"))
    names = LocalizedField(_("reason"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind, default=DayKind.OFF)
    shifts = models.JSONField(_("shifts"), default=list, blank=True)
    is_edited = models.BooleanField(_("set by hand"), default=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "day"], name="calendar_day_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="calendar_day_shifts",
                condition=models.Q(kind="hours") & ~models.Q(shifts=[])
                | ~models.Q(kind="hours") & models.Q(shifts=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {say(self.names)}"


class Duty(models.Model):
    """值班: who is on duty from when to when (ORG-08). A team's agent, or the centre's supervisor or manager."""

    kind = models.CharField(_("kind"), max_length=12, choices=DutyKind)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="duties")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="duties")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duty rota")
        indexes = [models.Index(fields=["kind", "starts_at", "ends_at"], name="duty_when")]
        constraints = [
            models.CheckConstraint(name="duty_order", condition=models.Q(ends_at__gt=models.F("starts_at"))),
            models.CheckConstraint(
                name="duty_team",
                condition=models.Q(kind="agent", team__isnull=False) | ~models.Q(kind="agent"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.employee}"


class Absence(models.Model):
    """缺勤: off, on leave, ill. The owner's tickets are shown to the duty agent meanwhile (ORG-08)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                name="absence_order", condition=models.Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.starts_at:%Y-%m-%d}"


class ServiceInterruption(models.Model):
    """服务中断: announced with its reason and expected end (ORG-07)."""

    texts = LocalizedField(_("announcement"))
    starts_at = models.DateTimeField(_("from"))
    expected_end = models.DateTimeField(_("expected end"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("service interruption")
        verbose_name_plural = _("service interruptions")
        constraints = [
            models.CheckConstraint(
                name="interruption_order",
                condition=models.Q(expected_end__gt=models.F("starts_at"))
                & (models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("starts_at"))),
            )
        ]

    def __str__(self) -> str:
        return say(self.texts)
