"""Rights, people, calendars and duty as they are read (D7, ORG-04, ORG-07, ORG-08)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Q

from organization import queries, services
from organization.models import Absence, Assignment, Department, Employee, Role, ServiceHours, User
from servicecenter.clock import now_db
from tests import people

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 16, 4, tzinfo=UTC)


class TestRights:
    def test_org_04_an_agent_holds_the_centre_and_not_the_branch(self) -> None:
        agent = people.user("agent")
        assert agent.has_right("complaints.register_contact")
        assert agent.has_right("complaints.view_complaint", people.department("service_centre").pk)
        assert not agent.has_right("complaints.view_complaint", people.department("branch_east"))
        assert not agent.has_right("complaints.assign_complaint")

    def test_d7_rights_of_several_roles_add_up(self) -> None:
        both = people.user("handler")
        people.assign(both, "handler", "branch_west")
        fresh = User.objects.get(pk=both.pk)
        paths = fresh.rights.paths("complaints.hand_in_statement")
        assert paths == {people.department("branch_east").path, people.department("branch_west").path}

    def test_a_subtree_inside_another_is_not_named_twice(self) -> None:
        manager = people.user("department_manager", department="branch_management")
        people.assign(manager, "handler", "branch_east")
        paths = User.objects.get(pk=manager.pk).rights.paths("complaints.hand_in_statement")
        assert paths == {people.department("branch_management").path}

    def test_rights_are_one_query_once_a_request(self, django_assert_num_queries) -> None:
        agent = User.objects.get(pk=people.user("agent").pk)
        with django_assert_num_queries(1):
            assert agent.has_right("complaints.register_contact")
            assert not agent.has_right("organization.administer")

    def test_controller_and_management_look_and_change_nothing(self) -> None:
        """Management decides on claims, as the last of their levels, and on nothing else (CLM-08, CLM-15).

        It may have a report drawn, which changes nothing of what the report tells (RPT-25).
        """
        for role in ("controller", "enterprise_management", "management"):
            for right in Role.objects.get(code=role).rights:
                app, verb = right.split("_")[0].split(".")
                deciding = (
                    {"approve", "override", "decide", "write"}
                    if (role, app) == ("management", "claims")
                    else set()
                )
                drawing = {"make"} if app == "reports" else set()
                assert verb in {"view", "ladder", "export"} | deciding | drawing, f"{role} may {right}"

    def test_org_03_all_roles_of_the_book_are_seeded_in_three_languages(self) -> None:
        rows = Role.objects.all()
        assert len(rows) == 24
        for role in rows:
            assert set(role.names) == {"zh-Hans", "zh-Hant", "en"}
            assert "organization.view_people" in role.rights

    @pytest.mark.parametrize(
        ("right", "roles"),
        [
            pytest.param("complaints.hand_in_statement", {
                "handler", "inspector", "adjuster", "site_representative", "department_manager",
                "department_supervisor", "business_manager",
            }, id="CMP-21"),
            pytest.param("complaints.close_not_agreed", {"centre_manager"}, id="CMP-23"),
            pytest.param("complaints.give_approval", {"business_manager"}, id="CMP-26"),
            pytest.param("complaints.cancel_complaint", {"supervisor", "centre_manager"}, id="CMP-20-cancel"),
            pytest.param("conduct.confirm_sanction", {"inspector"}, id="SAN-10"),
            pytest.param("conduct.override_range", {"centre_manager"}, id="SAN-10-range"),
            pytest.param("complaints.release_personal", {"supervisor", "centre_manager"}, id="PRV-10"),
            pytest.param("deadlines.edit_policies", {"centre_manager", "administrator"}, id="D19"),
            pytest.param("organization.administer", {"administrator"}, id="D7"),
        ],
    )  # fmt: skip
    def test_least_privilege(self, right: str, roles: set[str]) -> None:
        assert set(Role.objects.filter(rights__contains=[right]).values_list("code", flat=True)) == roles

    def test_holders_of_a_department_hold_it_there_or_above(self) -> None:
        east, west = people.user("handler"), people.user("handler", department="branch_west")
        above = people.user("department_manager", department="branch_management")
        found = queries.holders("complaints.hand_in_statement", people.department("branch_east"))
        assert set(found) == {east, above}
        assert set(queries.holders("complaints.hand_in_statement")) == {east, west, above}

    def test_who_is_locked_or_gone_holds_nothing(self) -> None:
        locked, gone = people.user("handler"), people.user("handler")
        User.objects.filter(pk=locked.pk).update(is_active=False)
        Employee.objects.filter(pk=gone.employee_id).update(left_on=date(2026, 1, 31))
        assert not queries.holders("complaints.hand_in_statement").exists()

    def test_rights_of_a_day_long_past(self) -> None:
        agent = people.user("agent")
        Assignment.objects.filter(employee=agent.employee).update(
            valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31)
        )
        last_minute = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
        assert queries.rights_of(agent, last_minute).has("complaints.register_contact")
        assert not queries.rights_of(agent, last_minute + timedelta(minutes=1)).by_right

    def test_within_no_path_is_nothing(self) -> None:
        people.centre()
        assert not Department.objects.filter(queries.within([], "path")).exists()
        assert isinstance(queries.within(["/1/"]), Q)

    def test_department_ids_are_those_of_the_subtree(self) -> None:
        tree = people.centre()
        found = queries.department_ids([tree["branch_management"].path])
        assert set(found) == {tree[code].pk for code in ("branch_management", "branch_east", "branch_west")}

    def test_administrators_are_told(self) -> None:
        admin = people.user("administrator")
        people.user("supervisor")
        assert queries.administrators() == [admin]


class TestPeople:
    @pytest.fixture(autouse=True)
    def _names(self) -> None:
        self.asking = people.user("agent", name="陈晓燕")
        self.one = people.employee("branch_east", name="杨勇")
        self.two = people.employee("branch_east", name="杨勇")

    @pytest.mark.parametrize(
        "text", ["陈晓燕", "晓燕", "陳曉燕", "chen", "cxy", "CXY", "chenxiao", "chen xiao", "xiao"]
    )
    def test_a_person_is_found_by_characters_and_pinyin(self, text: str) -> None:
        hits = queries.search_hits(user=self.asking, text=text, limit=8)
        assert [(hit.title, hit.number) for hit in hits] == [("陈晓燕", self.asking.work_number)]
        assert hits[0].kind == "organization.employee"

    @pytest.mark.parametrize("text", ["", "  ", "张三", "zhangsan", "%", "_"])
    def test_nothing_is_found_for_nothing(self, text: str) -> None:
        assert queries.search_hits(user=self.asking, text=text, limit=8) == []

    def test_a_person_is_found_by_the_beginning_of_the_work_number(self) -> None:
        hits = queries.search_hits(user=self.asking, text=self.two.work_number, limit=8)
        assert [hit.number for hit in hits] == [self.two.work_number]

    def test_namesakes_are_told_apart_by_work_number(self) -> None:
        found = queries.find_employees("杨勇", people.department("branch_management"), user=self.asking)
        assert [person.work_number for person in found.people] == sorted(
            [self.one.work_number, self.two.work_number]
        )
        (same,) = found.namesakes
        assert (same.department, same.name, same.count) == ("城东分公司", "杨勇", 2)

    def test_the_picker_stays_in_its_department_and_forgets_who_left(self) -> None:
        assert queries.find_employees("杨勇", people.department("branch_west"), user=self.asking).people == ()
        Employee.objects.filter(pk=self.one.pk).update(left_on=date(2026, 1, 1))
        found = queries.find_employees("杨勇", user=self.asking)
        assert (found.people, found.namesakes) == ((self.two,), ())

    def test_org_04_without_the_right_one_finds_only_oneself(self) -> None:
        nobody = people.user(name="钱七")
        assert queries.search_hits(user=nobody, text="杨勇", limit=8) == []
        assert [hit.title for hit in queries.search_hits(user=nobody, text="钱七", limit=8)] == ["钱七"]
        assert queries.subject(object_id=self.one.pk, user=nobody) is None
        assert queries.subject(object_id=self.one.pk, user=None).title == "杨勇"

    def test_d19_a_notice_about_a_policy_leads_to_its_page_for_who_may_open_it(self) -> None:
        manager = people.user("centre_manager")
        row = services.change_policy(
            code="organization.duty", value={"rota_days_ahead": 14}, reason="夜班人少", by=manager
        )
        found = queries.subject_policy(object_id=row.pk, user=manager)
        assert found.url == "/policies/organization.duty/"
        assert queries.subject_policy(object_id=row.pk, user=people.user("agent")) is None

    def test_the_tree_is_in_order_with_its_people_counted(self) -> None:
        nodes = {node.department.code: node for node in queries.tree(now_db())}
        assert nodes["branch_east"].people == 2
        assert (nodes["head_office"].depth, nodes["branch_management"].depth, nodes["branch_east"].depth) == (
            0,
            1,
            2,
        )

    def test_a_closed_department_is_shown_only_when_asked_for(self) -> None:
        services.close_department(department=people.department("branch_west"), by=None)
        codes = [node.department.code for node in queries.tree(now_db())]
        assert "branch_west" not in codes
        assert "branch_west" in [node.department.code for node in queries.tree(now_db(), closed=True)]
        assert "branch_west" not in queries.open_departments().values_list("code", flat=True)


class TestCalendar:
    def test_org_07_without_own_hours_the_next_above_count(self) -> None:
        services.set_service_hours(
            department=people.department("branch_management"), week=[[[540, 1080]]] * 7, by=None, at=NOON
        )
        assert queries.calendar_for(people.department("branch_east"), NOON).week[6] == ((540, 1080),)
        assert queries.calendar_for(people.department("claims"), NOON).week[6] == ()

    def test_org_07_own_hours_win_over_those_above(self) -> None:
        services.set_service_hours(
            department=people.department("head_office"), week=[[[0, 1440]]] * 7, by=None, at=NOON
        )
        services.set_service_hours(
            department=people.department("branch_east"), week=[[[540, 1080]]] * 7, by=None, at=NOON
        )
        assert queries.calendar_for(people.department("branch_east"), NOON).week[0] == ((540, 1080),)

    def test_d18_a_make_up_saturday_is_worked(self) -> None:
        services.load_holidays(2026)
        calendar = queries.calendar_for(people.department("claims"), NOON)
        assert calendar.shifts_on(date(2026, 10, 10)) == ((480, 720), (810, 1050))
        assert calendar.shifts_on(date(2026, 10, 1)) == ()

    def test_a_departments_own_day_reaches_those_below_and_not_beside(self) -> None:
        services.set_calendar_day(
            department=people.department("branch_management"),
            day=date(2026, 11, 18),
            kind="off",
            names={"zh-Hans": "团建"},
            by=None,
        )
        assert (
            queries.calendar_for(people.department("branch_east"), NOON).shifts_on(date(2026, 11, 18)) == ()
        )
        assert queries.calendar_for(people.department("claims"), NOON).shifts_on(date(2026, 11, 18)) != ()

    def test_a_calendar_is_two_queries(self, django_assert_num_queries) -> None:
        department = people.department("site")
        with django_assert_num_queries(2):
            queries.calendar_for(department, NOON)

    def test_the_year_view_shows_what_differs(self) -> None:
        services.load_holidays(2026)
        months = queries.year_of(2026, None)
        assert [len(month) for month in months] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        national = months[9][0]
        assert (national.shifts, national.row.kind) == ((), "off")
        assert months[9][7].row is None

    def test_the_hours_in_force_are_the_newest_begun(self) -> None:
        centre = people.department("service_centre")
        for day, end in ((date(2026, 1, 1), 1000), (date(2026, 11, 1), 1100), (date(2027, 1, 1), 1200)):
            ServiceHours.objects.create(department=centre, valid_from=day, week=[[[480, end]]] * 7)
        (row,) = queries.hours_now(NOON)
        assert row.week[0] == [[480, 1100]]


class TestDuty:
    @pytest.fixture(autouse=True)
    def _rota(self) -> None:
        self.agent, self.other = people.user("agent"), people.user("agent")
        self.supervisor, self.second = people.user("supervisor"), people.user("supervisor")
        self.team = people.team(members=(self.agent, self.other))

    def test_org_08_the_one_on_duty_from_the_first_to_the_last_second(self) -> None:
        people.duty("agent", self.agent, NOON, NOON + timedelta(hours=4), team=self.team)
        assert queries.on_duty("agent", self.team, NOON) == self.agent
        assert (
            queries.on_duty("agent", self.team, NOON + timedelta(hours=4) - timedelta(seconds=1))
            == self.agent
        )
        assert queries.on_duty("agent", self.team, NOON + timedelta(hours=4)) is None
        assert queries.on_duty("agent", people.team("online"), NOON) is None

    def test_cmp_37_the_duty_supervisor_alone_is_told(self) -> None:
        people.duty("supervisor", self.supervisor, NOON, NOON + timedelta(hours=4))
        told = queries.recipients("supervisor", "complaints.supervise_complaint", at=NOON)
        assert told == [self.supervisor]

    def test_cmp_37_without_rota_all_supervisors_are_told(self) -> None:
        told = queries.recipients("supervisor", "complaints.supervise_complaint", at=NOON)
        assert set(told) == {self.supervisor, self.second}

    def test_cmp_37_a_duty_supervisor_on_leave_is_not_the_one(self) -> None:
        people.duty("supervisor", self.supervisor, NOON, NOON + timedelta(hours=4))
        people.absence(self.supervisor, NOON - timedelta(days=1), NOON + timedelta(days=1))
        assert queries.on_duty("supervisor", at=NOON) is None
        assert queries.recipients("supervisor", "complaints.supervise_complaint", at=NOON) == [self.second]

    def test_cmp_37_when_all_are_away_all_are_told_rather_than_nobody(self) -> None:
        for who in (self.supervisor, self.second):
            people.absence(who, NOON - timedelta(days=1), NOON + timedelta(days=1))
        told = queries.recipients("supervisor", "complaints.supervise_complaint", at=NOON)
        assert set(told) == {self.supervisor, self.second}

    def test_org_08_absent_and_gone_people_are_away(self) -> None:
        people.absence(self.agent, NOON, NOON + timedelta(hours=2))
        Employee.objects.filter(pk=self.other.employee_id).update(left_on=date(2026, 11, 15))
        assert set(queries.unavailable(NOON)) == {self.agent.employee, self.other.employee}
        assert queries.is_absent(self.agent.employee, NOON)
        assert not queries.is_absent(self.agent.employee, NOON + timedelta(hours=2))
        assert queries.absent_since(self.agent.employee, NOON + timedelta(hours=1)) == NOON
        assert queries.absent_since(self.supervisor.employee, NOON) is None

    def test_org_08_the_rota_shows_the_hours_nobody_covers(self) -> None:
        end = NOON + timedelta(hours=8)
        people.duty("agent", self.agent, NOON, NOON + timedelta(hours=4), team=self.team)
        people.duty("agent", self.other, NOON + timedelta(hours=4), end, team=self.team)
        Absence.objects.create(
            employee=self.other.employee, starts_at=NOON + timedelta(hours=6), ends_at=end, reason="病假"
        )
        lanes = {(lane.kind, lane.team): lane for lane in queries.rota(NOON, end)}
        agent_lane = lanes["agent", self.team]
        assert [(gap.start, gap.end) for gap in agent_lane.gaps] == [(NOON + timedelta(hours=6), end)]
        assert len(agent_lane.duties) == 2
        assert [(gap.start, gap.end) for gap in lanes["manager", None].gaps] == [(NOON, end)]

    def test_an_interruption_shows_from_its_beginning_until_it_is_ended(self) -> None:
        row = services.announce_interruption(
            texts={"zh-Hans": "检修"},
            starts_at=NOON,
            expected_end=NOON + timedelta(hours=1),
            by=None,
            at=NOON,
        )
        assert not queries.current_interruptions(NOON - timedelta(minutes=1)).exists()
        assert list(queries.current_interruptions(NOON + timedelta(hours=2))) == [row]
        services.end_interruption(interruption=row, by=None, at=NOON + timedelta(hours=2))
        assert not queries.current_interruptions(NOON + timedelta(hours=3)).exists()


def test_org_08_who_is_on_duty_is_the_same_asked_team_by_team_or_at_once() -> None:
    now = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
    first, second, away = (people.user("agent", name=name) for name in ("陈一", "陈二", "陈三"))
    teams = [people.team(code) for code in ("telephone", "online", "vip", "complaints")]
    for team, who in zip(teams, (first, second, away), strict=False):
        people.duty("agent", who, now - timedelta(hours=1), now + timedelta(hours=1), team=team)
    people.absence(away, now - timedelta(hours=1), now + timedelta(hours=1))
    one_by_one = {team.pk: queries.on_duty("agent", team, now) for team in teams}
    at_once = queries.agents_on_duty(now)
    assert [at_once.get(team.pk) for team in teams] == [first, second, None, None]
    assert [one_by_one[team.pk] for team in teams] == [first, second, None, None]
