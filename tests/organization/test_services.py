"""Departments, people, logins, roles, teams: every write (ORG-01, ORG-02, ORG-03, ORG-05, ORG-06)."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate

from organization import queries, services
from organization.models import Assignment, Department, Duty, Employee, Role, User
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.models import TrailEntry
from tests import people
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
NAMES = {"zh-Hans": "杭州分公司", "zh-Hant": "杭州分公司", "en": "Hangzhou branch"}


@pytest.fixture
def admin() -> User:
    return people.user("administrator")


class TestDepartments:
    def test_org_01_a_new_branch_lies_below_branch_management(self, admin: User) -> None:
        above = people.department("branch_management")
        made = services.add_department(code="branch_hz", names=NAMES, kind="branch", parent=above, by=admin)
        assert made.path == f"{above.path}{made.pk}/"
        (entry,) = trail.entries_of(made)
        assert (entry.code, entry.by) == ("department.added", admin)

    def test_org_01_there_is_one_head_office(self, admin: User) -> None:
        people.centre()
        with refusal("department.one_root"):
            services.add_department(code="two", names=NAMES, kind="head_office", parent=None, by=admin)
        assert not Department.objects.filter(code="two").exists()

    def test_inv_06_a_site_cannot_stand_below_a_branch(self, admin: User) -> None:
        with refusal("department.place"):
            services.add_department(
                code="s", names=NAMES, kind="site", parent=people.department("branch_east"), by=admin
            )

    def test_a_code_is_used_once(self, admin: User) -> None:
        with refusal("department.code_taken"):
            services.add_department(
                code="branch_east",
                names=NAMES,
                kind="branch",
                parent=people.department("head_office"),
                by=admin,
            )

    def test_a_rename_keeps_the_old_name_in_the_trail(self, admin: User) -> None:
        east = people.department("branch_east")
        services.rename_department(department=east, names=NAMES, by=admin)
        (entry,) = trail.entries_of(east)
        assert entry.changes["names"][0]["zh-Hans"] == "城东分公司"
        assert entry.changes["names"][1]["zh-Hans"] == "杭州分公司"

    def test_a_rename_to_the_same_name_leaves_no_trace(self, admin: User) -> None:
        east = people.department("branch_east")
        services.rename_department(department=east, names=east.names, by=admin)
        assert not trail.entries_of(east).exists()

    def test_d7_moving_a_department_moves_the_rights_over_what_lies_below(self, admin: User) -> None:
        tree = people.centre()
        manager = people.user("department_manager", department="field_business")
        assert manager.has_right("complaints.view_complaint", tree["site"])
        second = services.add_department(
            code="field_two", names=NAMES, kind="field_business", parent=tree["business_management"], by=admin
        )
        services.move_department(department=tree["site"], parent=second, by=admin)
        site = Department.objects.get(code="site")
        assert site.path == f"{second.path}{site.pk}/"
        assert not User.objects.get(pk=manager.pk).has_right("complaints.view_complaint", site)

    def test_a_move_into_the_own_subtree_is_refused(self, admin: User) -> None:
        tree = people.centre()
        with refusal("department.circle"):
            services.move_department(
                department=tree["branch_management"], parent=tree["branch_east"], by=admin
            )
        assert Department.objects.get(code="branch_management").parent_id == tree["head_office"].pk

    def test_a_department_with_people_is_not_closed(self, admin: User) -> None:
        people.employee("branch_east")
        with refusal("department.in_use"):
            services.close_department(department=people.department("branch_east"), by=admin)

    def test_an_empty_department_closes_and_opens_again(self, admin: User) -> None:
        west = people.department("branch_west")
        closed = services.close_department(department=west, closed_on=date(2026, 11, 30), by=admin)
        assert closed.closed_on == date(2026, 11, 30)
        with refusal("department.closed"):
            services.hire(work_number="7001", name="王二", department=closed, by=admin)
        assert services.reopen_department(department=west, by=admin).closed_on is None
        assert [entry.code for entry in trail.entries_of(west)] == [
            "department.reopened",
            "department.closed",
        ]


class TestPeople:
    def test_org_02_hiring_makes_a_pinyin_key_and_a_trail_entry(self, admin: User) -> None:
        made = services.hire(
            work_number=" 7001 ", name="  陈 晓燕 ", department=people.department("service_centre"), by=admin
        )
        assert (made.work_number, made.name) == ("7001", "陈 晓燕")
        assert made.name_key.startswith("chen")
        assert [entry.code for entry in trail.entries_of(made)] == ["employee.hired"]

    def test_org_02_full_width_digits_are_the_same_work_number(self, admin: User) -> None:
        centre = people.department("service_centre")
        services.hire(work_number="7001", name="王二", department=centre, by=admin)
        with refusal("employee.number_taken"):
            services.hire(work_number="\uff17\uff10\uff10\uff11", name="李三", department=centre, by=admin)
        assert not Employee.objects.filter(name="李三").exists()

    @pytest.mark.parametrize(
        ("number", "name", "code"), [("", "王二", "employee.no_number"), ("7001", " ", "employee.no_name")]
    )
    def test_org_02_number_and_name_are_needed(self, admin: User, number: str, name: str, code: str) -> None:
        with refusal(code):
            services.hire(
                work_number=number, name=name, department=people.department("service_centre"), by=admin
            )

    def test_a_transfer_keeps_the_roles_of_the_old_department(self, admin: User) -> None:
        handler = people.user("handler")
        services.transfer(employee=handler.employee, department=people.department("branch_west"), by=admin)
        fresh = User.objects.get(pk=handler.pk)
        assert fresh.employee.department.code == "branch_west"
        assert fresh.has_right("complaints.hand_in_statement", people.department("branch_east"))
        assert not fresh.has_right("complaints.hand_in_statement", people.department("branch_west"))

    def test_org_02_who_leaves_loses_rights_login_team_and_later_duties_but_not_the_record(
        self, admin: User
    ) -> None:
        agent = people.user("agent")
        team = people.team(members=(agent,))
        now = now_db()
        people.duty("agent", agent, now + timedelta(days=3), now + timedelta(days=4), team=team)
        yesterday = (now - timedelta(days=1)).date()
        services.leave(employee=agent.employee, last_day=yesterday, by=admin)
        fresh = User.objects.get(pk=agent.pk)
        assert fresh.employee.left_on == yesterday
        assert not fresh.has_right("complaints.register_contact")
        assert authenticate(username=agent.work_number, password=people.PASSWORD) is None
        assert not team.members.exists() and not Duty.objects.exists()
        assert Assignment.objects.get(employee=agent.employee).valid_until == yesterday

    def test_the_last_day_still_counts(self, admin: User) -> None:
        agent = people.user("agent")
        services.leave(employee=agent.employee, by=admin)
        fresh = User.objects.get(pk=agent.pk)
        assert fresh.has_right("complaints.register_contact")
        assert authenticate(username=agent.work_number, password=people.PASSWORD) == agent

    def test_leaving_twice_and_before_the_first_day_is_refused(self, admin: User) -> None:
        person = people.employee()
        with refusal("employee.dates"):
            services.leave(employee=person, last_day=date(2019, 12, 31), by=admin)
        services.leave(employee=person, by=admin)
        with refusal("employee.gone"):
            services.leave(employee=person, by=admin)

    def test_who_comes_back_keeps_the_work_number_and_has_no_role_yet(self, admin: User) -> None:
        agent = people.user("agent")
        services.leave(employee=agent.employee, last_day=date(2026, 1, 31), by=admin)
        back = services.come_back(
            employee=agent.employee, department=people.department("branch_east"), by=admin
        )
        assert (back.left_on, back.work_number) == (None, agent.work_number)
        assert not User.objects.get(pk=agent.pk).has_right("complaints.register_contact")

    def test_the_last_administrator_cannot_leave_be_locked_or_lose_the_role(self, admin: User) -> None:
        with refusal("administrator.last"):
            services.leave(employee=admin.employee, by=admin)
        with refusal("administrator.last"):
            services.lock(user=admin, reason="休假", by=admin)
        with refusal("administrator.last"):
            services.end_assignment(assignment=Assignment.objects.get(employee=admin.employee), by=admin)
        assert User.objects.get(pk=admin.pk).has_right("organization.administer")

    def test_one_of_two_administrators_may_leave(self, admin: User) -> None:
        other = people.user("administrator")
        services.leave(employee=other.employee, by=admin)
        assert Employee.objects.get(pk=other.employee_id).left_on is not None


class TestLogins:
    def test_a_login_without_role_may_do_nothing(self, admin: User) -> None:
        made = services.open_login(employee=people.employee(), password="correct-horse-7", by=admin)
        assert authenticate(username=made.work_number.lower(), password="correct-horse-7") == made
        assert made.rights.by_right == {}

    def test_a_second_login_a_weak_password_and_a_broken_address_are_refused(self, admin: User) -> None:
        person = people.employee()
        with refusal("password.weak"):
            services.open_login(employee=person, password="12345", by=admin)
        with refusal("login.email"):
            services.open_login(employee=person, password="correct-horse-7", email="a@", by=admin)
        services.open_login(employee=person, password="correct-horse-7", by=admin)
        with refusal("login.exists"):
            services.open_login(employee=person, password="correct-horse-7", by=admin)

    def test_a_password_is_never_in_the_trail(self, admin: User) -> None:
        made = services.open_login(employee=people.employee(), password="correct-horse-7", by=admin)
        services.set_password(user=made, password="another-horse-8", by=admin)
        assert authenticate(username=made.work_number, password="correct-horse-7") is None
        for entry in TrailEntry.objects.filter(object_id=made.pk, kind="organization.user"):
            assert "horse" not in str(entry.params) + str(entry.changes)

    def test_a_locked_login_is_closed_and_opens_again(self, admin: User) -> None:
        agent = people.user("agent")
        with refusal("login.reason"):
            services.lock(user=agent, reason=" ", by=admin)
        services.lock(user=agent, reason="工号卡遗失", by=admin)
        assert authenticate(username=agent.work_number, password=people.PASSWORD) is None
        services.unlock(user=agent, by=admin)
        assert authenticate(username=agent.work_number, password=people.PASSWORD) == agent

    def test_prv_09_an_address_enters_the_trail_masked(self, admin: User) -> None:
        agent = people.user("agent")
        services.set_email(user=agent, email="chen.xiaoyan@example.invalid", by=admin)
        (entry,) = trail.entries_of(agent)
        assert entry.changes["email"][1]["masked"] == "c***@example.invalid"
        assert "xiaoyan" not in str(entry.changes)


class TestRoles:
    def test_d7_a_role_holds_for_the_department_and_below_it(self, admin: User) -> None:
        tree = people.centre()
        person = people.user()
        services.assign_role(
            employee=person.employee,
            role=Role.objects.get(code="handler"),
            department=tree["branch_management"],
            by=admin,
        )
        fresh = User.objects.get(pk=person.pk)
        assert fresh.has_right("complaints.hand_in_statement", tree["branch_east"])
        assert not fresh.has_right("complaints.hand_in_statement", tree["settlement"])

    def test_the_same_role_twice_in_one_time_is_refused(self, admin: User) -> None:
        agent = people.user("agent")
        role, centre = Role.objects.get(code="agent"), people.department("service_centre")
        with refusal("assignment.overlap"):
            services.assign_role(employee=agent.employee, role=role, department=centre, by=admin)
        with refusal("assignment.dates"):
            services.assign_role(
                employee=agent.employee,
                role=Role.objects.get(code="supervisor"),
                department=centre,
                valid_from=date(2026, 12, 1),
                valid_until=date(2026, 11, 30),
                by=admin,
            )
        assert Assignment.objects.filter(employee=agent.employee).count() == 1

    def test_an_ended_role_is_gone_at_once_and_stays_in_the_history(self, admin: User) -> None:
        agent = people.user("agent")
        row = Assignment.objects.get(employee=agent.employee)
        services.end_assignment(assignment=row, by=admin)
        assert not User.objects.get(pk=agent.pk).has_right("complaints.register_contact")
        assert Assignment.objects.filter(employee=agent.employee).count() == 1
        with refusal("assignment.ended"):
            services.end_assignment(assignment=row, by=admin)

    def test_a_role_from_tomorrow_gives_nothing_today(self, admin: User) -> None:
        person = people.user()
        services.assign_role(
            employee=person.employee,
            role=Role.objects.get(code="agent"),
            department=people.department("service_centre"),
            valid_from=now_db().date() + timedelta(days=2),
            by=admin,
        )
        assert queries.rights_of(person).by_right == {}
        assert queries.rights_of(person, now_db() + timedelta(days=3)).has("complaints.register_contact")

    def test_who_manages_people_cannot_make_administrators_nor_reach_other_departments(
        self, admin: User
    ) -> None:
        role = Role.objects.create(
            code="personnel", names={"zh-Hans": "人事"}, rights=["organization.manage_people"]
        )
        clerk = people.user()
        people.assign(clerk, "personnel", "branch_east")
        person = people.employee("branch_east")
        with refusal("assignment.reach"):
            services.assign_role(
                employee=person,
                role=Role.objects.get(code="administrator"),
                department=people.department("branch_east"),
                by=clerk,
            )
        with refusal("assignment.reach"):
            services.assign_role(
                employee=person, role=role, department=people.department("branch_east"), by=clerk
            )
        with refusal("assignment.reach"):
            services.assign_role(
                employee=person,
                role=Role.objects.get(code="agent"),
                department=people.department("service_centre"),
                by=clerk,
            )
        services.assign_role(
            employee=person,
            role=Role.objects.get(code="handler"),
            department=people.department("branch_east"),
            by=clerk,
        )
        assert Assignment.objects.filter(employee=person).count() == 1

    def test_a_changed_role_is_told_with_its_reason(self, admin: User) -> None:
        role = Role.objects.get(code="cashier")
        with refusal("role.reason"):
            services.change_role(
                role=role, names=role.names, rights=[], needs_second_factor=False, reason="", by=admin
            )
        services.change_role(
            role=role,
            names=role.names,
            rights=["customers.view_waybill"],
            needs_second_factor=True,
            reason="结算部要求",
            by=admin,
        )
        (entry,) = trail.entries_of(role)
        assert entry.params["reason"] == "结算部要求"
        assert entry.changes["needs_second_factor"] == [False, True]


class TestTeams:
    def test_org_06_a_team_has_exactly_the_members_it_was_given(self, admin: User) -> None:
        first, second = people.user("agent"), people.user("agent")
        team = services.add_team(
            code="vip", names={"zh-Hans": "贵宾组"}, department=people.department("service_centre"), by=admin
        )
        services.set_members(team=team, members=[first.employee], by=admin)
        services.set_members(team=team, members=[second.employee], by=admin)
        assert list(team.members.all()) == [second.employee]
        assert [entry.code for entry in trail.entries_of(team)] == [
            "team.members_set",
            "team.members_set",
            "team.added",
        ]

    def test_somebody_who_left_joins_no_team(self, admin: User) -> None:
        person = people.employee()
        Employee.objects.filter(pk=person.pk).update(left_on=date(2026, 1, 1))
        person.refresh_from_db()
        with refusal("employee.gone"):
            services.set_members(team=people.team(), members=[person], by=admin)


def test_at_is_the_time_of_the_act_in_the_trail(admin: User) -> None:
    moment = datetime(2026, 10, 1, 8, tzinfo=now_db().tzinfo)
    made = services.hire(
        work_number="7001", name="王二", department=people.department("service_centre"), by=admin, at=moment
    )
    (entry,) = trail.entries_of(made)
    assert entry.at == moment
    assert entry.recorded_at > moment
    assert made.hired_on == date(2026, 10, 1)
