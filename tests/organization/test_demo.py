"""The demonstration's organization and the commands around it."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from organization import demo, queries
from organization.invariants import holidays_known, somebody_administers
from organization.models import CalendarDay, Duty, Employee, Role, Team, User
from organization.services import keep_calendar
from servicecenter.clock import business_date, now_db
from servicecenter.models import TrailEntry
from tests import people

NOW = datetime(2026, 11, 19, 2, 42, tzinfo=UTC)


@pytest.mark.django_db
class TestDemo:
    @pytest.fixture(autouse=True)
    def _seeded(self, db: None) -> None:
        demo.seed(at=NOW)

    def test_every_role_has_one_demo_login(self) -> None:
        codes = [row.role.code for user in demo.accounts() for row in user.employee.assignments.all()]
        assert sorted(codes) == sorted(Role.objects.values_list("code", flat=True))

    def test_the_demo_password_opens_a_demo_login(self) -> None:
        agent = User.objects.get(work_number="0217")
        assert agent.check_password(demo.PASSWORD)
        assert (agent.name, agent.employee.department.code, agent.is_demo) == (
            "陈晓燕",
            "service_centre",
            True,
        )
        assert User.objects.get(work_number="3106").has_right("complaints.hand_in_statement")

    def test_all_addresses_are_nobodys(self) -> None:
        assert all(user.email.endswith("@example.invalid") for user in User.objects.all())

    def test_org_08_every_hour_of_the_rota_is_covered(self) -> None:
        start = NOW - timedelta(days=6)
        for lane in queries.rota(start, NOW + timedelta(days=29)):
            assert lane.gaps == (), lane.label
        assert queries.on_duty("manager", at=NOW).name == "周启明"
        assert queries.on_duty("agent", Team.objects.get(code="telephone"), NOW) is not None

    def test_the_two_yang_yong_are_two(self) -> None:
        found = queries.find_employees("杨勇", user=User.objects.get(work_number="3106"))
        assert [person.work_number for person in found.people] == ["4112", "4207"]

    def test_the_service_centre_works_on_the_national_day_and_the_branches_on_saturdays(self) -> None:
        departments = {user.employee.department.code: user.employee.department for user in User.objects.all()}
        day = CalendarDay.objects.get(day="2026-10-01").day
        assert queries.calendar_for(departments["service_centre"], NOW).shifts_on(day) == ((420, 1320),)
        assert queries.calendar_for(departments["branch_east"], NOW).shifts_on(day) == ()
        assert queries.calendar_for(departments["branch_east"], NOW).week[5] == ((480, 1080),)

    def test_seeding_again_adds_nothing(self) -> None:
        counts = [model.objects.count() for model in (Employee, Duty, TrailEntry)]
        demo.seed(at=NOW)
        assert [model.objects.count() for model in (Employee, Duty, TrailEntry)] == counts

    def test_the_accounts_are_printed_with_their_password(self) -> None:
        told = StringIO()
        call_command("demo_accounts", stdout=told)
        assert demo.PASSWORD in told.getvalue()
        assert "0217  陈晓燕  客服员 (agent), 客服中心" in told.getvalue()

    def test_outside_the_demo_no_account_is_printed(self, settings) -> None:
        settings.DEMO = False
        told = StringIO()
        call_command("demo_accounts", stdout=told)
        assert told.getvalue() == ""


@pytest.mark.django_db
class TestCommands:
    def test_d18_load_holidays_says_what_it_did(self) -> None:
        told = StringIO()
        call_command("load_holidays", "2026", stdout=told)
        call_command("load_holidays", "2026", stdout=told)
        first, second = told.getvalue().splitlines()
        assert first.startswith("2026: ") and "0 kept" in first
        assert second.startswith("2026: 0 added")
        with pytest.raises(CommandError):
            call_command("load_holidays", "1066")

    def test_the_first_administrator_of_a_fresh_installation(self, monkeypatch) -> None:
        monkeypatch.setenv("ADMINISTRATOR_PASSWORD", "correct-horse-7")
        with pytest.raises(CommandError, match="head office"):
            call_command("make_administrator", "0001", "宋哲")
        call_command("make_administrator", "0001", "宋哲", company="远桥物流", stdout=StringIO())
        call_command("make_administrator", "0001", "宋哲", stdout=StringIO())
        (user,) = User.objects.all()
        assert user.is_staff and user.check_password("correct-horse-7")

    def test_a_weak_password_makes_no_administrator(self, monkeypatch) -> None:
        monkeypatch.setenv("ADMINISTRATOR_PASSWORD", "123")
        with pytest.raises(CommandError):
            call_command("make_administrator", "0001", "宋哲", company="远桥物流")
        assert not Employee.objects.exists()


@pytest.mark.django_db
class TestDoctor:
    def test_d18_a_year_without_holidays_is_red_with_its_remedy(self) -> None:
        this, following = list(holidays_known())
        assert not this.good and this.remedy.startswith("manage.py load_holidays 20")
        call_command("load_holidays", stdout=StringIO())
        assert [finding.good for finding in holidays_known()] == [True, True]
        assert following.remedy.split()[-1] == str(int(this.remedy.split()[-1]) + 1)

    def test_an_installation_without_administrator_is_red(self) -> None:
        assert [finding.good for finding in somebody_administers()] == [False]
        people.user("administrator")
        assert [finding.good for finding in somebody_administers()] == [True]

    def test_d18_the_clock_loads_this_and_next_year_and_then_nothing(self) -> None:
        this = business_date(now_db()).year
        # thirteen days a year are statutory; the make-up days of a year come when they are published
        assert keep_calendar() == CalendarDay.objects.count() >= 2 * 13
        assert set(CalendarDay.objects.values_list("day__year", flat=True)) == {this, this + 1}
        assert keep_calendar() == 0
