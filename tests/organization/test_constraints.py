"""The database itself holds the organization together: attacked past the services."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from organization.models import (
    Absence,
    Assignment,
    CalendarDay,
    Department,
    Duty,
    Employee,
    Role,
    ServiceHours,
    ServiceInterruption,
    User,
)
from tests import people

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 16, 4, tzinfo=UTC)


def sql(statement: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


class TestPath:
    def test_org_01_a_path_written_by_hand_is_put_right(self) -> None:
        east = people.department("branch_east")
        sql("UPDATE organization_department SET path = '/1/' WHERE id = %s", east.pk)
        assert Department.objects.get(pk=east.pk).path == east.path

    def test_org_01_everything_below_follows_a_move(self) -> None:
        tree = people.centre()
        sql(
            "UPDATE organization_department SET parent_id = %s WHERE id = %s",
            tree["operations"].pk,
            tree["business_management"].pk,
        )
        site = Department.objects.get(code="site")
        line = [
            tree[code].pk
            for code in ("head_office", "operations", "business_management", "field_business", "site")
        ]
        assert site.path == "/" + "/".join(str(pk) for pk in line) + "/"

    @pytest.mark.parametrize("below", ["business_management", "field_business", "site"])
    def test_org_01_a_circle_is_refused(self, below: str) -> None:
        tree = people.centre()
        with pytest.raises(IntegrityError, match=r"itself|own subtree"):
            sql(
                "UPDATE organization_department SET parent_id = %s WHERE id = %s",
                tree[below].pk,
                tree["business_management"].pk,
            )

    def test_an_unknown_parent_is_refused(self) -> None:
        with pytest.raises(IntegrityError):
            sql(
                "UPDATE organization_department SET parent_id = 999999 WHERE code = %s",
                people.department("site").code,
            )


@pytest.mark.django_db(transaction=True)
def test_org_01_two_moves_at_once_never_make_a_circle() -> None:
    tree = people.centre()
    pairs = [("claims", "operations"), ("operations", "claims")]
    start, problems = threading.Barrier(2), []

    def move(child: str, parent: str) -> None:
        try:
            start.wait()
            sql(
                "UPDATE organization_department SET parent_id = %s WHERE id = %s",
                tree[parent].pk,
                tree[child].pk,
            )
        except DatabaseError as problem:
            problems.append(problem)
        finally:
            connection.close()

    for _round in range(3):
        Department.objects.filter(code__in=["claims", "operations"]).update(parent=tree["head_office"])
        problems.clear()
        threads = [threading.Thread(target=move, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(problems) == 1
        for row in Department.objects.select_related("parent"):
            assert row.path == f"{row.parent.path if row.parent else '/'}{row.pk}/"


class TestNobodyIsDeleted:
    @pytest.mark.parametrize(
        "table",
        ["organization_assignment", "organization_user", "organization_employee", "organization_department"],
    )
    def test_org_02_people_and_departments_are_never_deleted(self, table: str) -> None:
        people.user("agent")
        with pytest.raises(IntegrityError, match="never deleted"):
            sql(f"DELETE FROM {table}")

    def test_org_02_a_work_number_is_used_once_whatever_its_case(self) -> None:
        made = people.user("agent")
        other = people.employee()
        Employee.objects.filter(pk=made.employee_id).update(work_number="K17")
        User.objects.filter(pk=made.pk).update(work_number="K17")
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(work_number="k17", employee=other)

    def test_nobody_leaves_before_the_first_day(self) -> None:
        person = people.employee()
        with pytest.raises(IntegrityError, match="employee_dates"), transaction.atomic():
            Employee.objects.filter(pk=person.pk).update(left_on=date(2019, 12, 31))

    def test_an_assignment_does_not_end_before_it_begins(self) -> None:
        people.user("agent")
        with pytest.raises(IntegrityError, match="assignment_dates"), transaction.atomic():
            Assignment.objects.update(valid_until=date(2019, 12, 31))

    def test_a_role_that_somebody_holds_cannot_go(self) -> None:
        people.user("agent")
        with pytest.raises(IntegrityError):
            sql("DELETE FROM organization_role WHERE code = 'agent'; SET CONSTRAINTS ALL IMMEDIATE")
        assert Role.objects.filter(code="agent").exists()


class TestRota:
    def test_org_08_two_duty_agents_of_one_team_cannot_overlap(self) -> None:
        first, second = people.user("agent"), people.user("agent")
        team, other = people.team(members=(first, second)), people.team("online", members=(second,))
        people.duty("agent", first, NOON, NOON + timedelta(hours=4), team=team)
        people.duty("agent", second, NOON + timedelta(hours=4), NOON + timedelta(hours=8), team=team)
        people.duty("agent", second, NOON, NOON + timedelta(hours=4), team=other)
        with pytest.raises(IntegrityError, match="duty_one_at_a_time"), transaction.atomic():
            people.duty(
                "agent", second, NOON + timedelta(hours=3, minutes=59), NOON + timedelta(hours=5), team=team
            )

    @pytest.mark.parametrize("kind", ["supervisor", "manager"])
    def test_org_08_one_supervisor_and_one_manager_at_a_time(self, kind: str) -> None:
        who = people.user("supervisor")
        people.duty(kind, who, NOON, NOON + timedelta(hours=4))
        with pytest.raises(IntegrityError, match="duty_one_at_a_time"), transaction.atomic():
            people.duty(kind, who, NOON + timedelta(hours=1), NOON + timedelta(hours=2))

    def test_a_duty_agent_without_team_and_a_duty_backwards_are_refused(self) -> None:
        who = people.user("agent")
        with pytest.raises(IntegrityError, match="duty_team"), transaction.atomic():
            people.duty("agent", who, NOON, NOON + timedelta(hours=1))
        with pytest.raises(IntegrityError), transaction.atomic():
            people.duty("supervisor", who, NOON, NOON)
        assert not Duty.objects.exists()

    def test_an_absence_and_an_interruption_run_forwards(self) -> None:
        who = people.user("agent")
        with pytest.raises(IntegrityError, match="absence_order"), transaction.atomic():
            Absence.objects.create(employee=who.employee, starts_at=NOON, ends_at=NOON, reason="x")
        with pytest.raises(IntegrityError, match="interruption_order"), transaction.atomic():
            ServiceInterruption.objects.create(texts={"zh-Hans": "x"}, starts_at=NOON, expected_end=NOON)


class TestShifts:
    @pytest.mark.parametrize(
        "week",
        [
            pytest.param([[]] * 6, id="six-days"),
            pytest.param([[[480]]] * 7, id="half-a-shift"),
            pytest.param([[[720, 480]]] * 7, id="backwards"),
            pytest.param([[[480, 720], [700, 800]]] * 7, id="overlapping"),
            pytest.param([[[480, 1441]]] * 7, id="beyond-midnight"),
            pytest.param([[["8", "12"]]] * 7, id="text"),
            pytest.param([[[480.5, 720]]] * 7, id="half-a-minute"),
            pytest.param({"monday": []}, id="no-list"),
        ],
    )
    def test_org_07_unsound_hours_do_not_enter(self, week: object) -> None:
        with pytest.raises(IntegrityError, match="service_hours_sound"), transaction.atomic():
            ServiceHours.objects.create(
                department=people.department("service_centre"), valid_from=date(2026, 1, 1), week=week
            )

    def test_org_07_sound_hours_do(self) -> None:
        ServiceHours.objects.create(
            department=people.department("service_centre"),
            valid_from=date(2026, 1, 1),
            week=[[[0, 720], [720, 1440]]] * 7,
        )

    def test_a_date_stands_once_for_the_company_and_once_a_department(self) -> None:
        day = date(2026, 10, 1)
        CalendarDay.objects.create(day=day, names={"zh-Hans": "国庆节"})
        CalendarDay.objects.create(day=day, names={"zh-Hans": "国庆节"}, department=people.department("site"))
        with pytest.raises(IntegrityError, match="calendar_day_once"), transaction.atomic():
            CalendarDay.objects.create(day=day, names={"zh-Hans": "国庆节"})

    def test_hours_without_kind_hours_are_refused(self) -> None:
        with pytest.raises(IntegrityError, match="calendar_day_shifts"), transaction.atomic():
            CalendarDay.objects.create(
                day=date(2026, 10, 1), names={"zh-Hans": "国庆节"}, kind="off", shifts=[[480, 720]]
            )
