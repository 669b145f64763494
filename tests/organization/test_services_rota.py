"""Calendar, rota, absences, interruptions, policies: every write (ORG-07, ORG-08, D18, D19)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from organization import services
from organization.choices import DayKind
from organization.domain.shifts import read
from organization.models import Absence, CalendarDay, Duty, ServiceHours, User
from servicecenter import policies, trail
from servicecenter.clock import now_db
from servicecenter.models import Notice, Policy
from tests import people
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
DAILY = [[[480, 1200]]] * 7
NOON = datetime(2026, 11, 16, 4, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture
def manager() -> User:
    return people.user("centre_manager")


class TestHours:
    def test_org_07_hours_hold_from_a_day_and_keep_the_old_ones(self, manager: User) -> None:
        centre = people.department("service_centre")
        services.set_service_hours(
            department=centre, week=DAILY, valid_from=date(2026, 12, 1), by=manager, at=NOON
        )
        services.set_service_hours(
            department=centre,
            week=[[[0, 1440]]] * 7,
            valid_from=date(2027, 1, 1),
            works_on_holidays=True,
            by=manager,
            at=NOON,
        )
        assert [row.week[0] for row in ServiceHours.objects.order_by("valid_from")] == [
            [[480, 1200]],
            [[0, 1440]],
        ]

    def test_hours_of_days_that_are_over_do_not_change(self, manager: User) -> None:
        with refusal("hours.past"):
            services.set_service_hours(
                department=people.department("service_centre"),
                week=DAILY,
                valid_from=date(2026, 11, 15),
                by=manager,
                at=NOON,
            )
        assert not ServiceHours.objects.exists()

    @pytest.mark.parametrize(
        ("week", "code"),
        [
            ([[]] * 7, "hours.empty"),
            ([[[480, 1200]]] * 6, "shifts.week"),
            ([[[480, 1200], [1100, 1300]]] * 7, "shifts.order"),
        ],
    )
    def test_a_week_that_makes_no_sense_is_refused(self, manager: User, week: list, code: str) -> None:
        with refusal(code):
            services.set_service_hours(
                department=people.department("service_centre"), week=week, by=manager, at=NOON
            )


class TestCalendar:
    def test_d18_the_year_2026_has_its_holidays_and_make_up_days(self) -> None:
        counts = services.load_holidays(2026)
        kinds = dict(CalendarDay.objects.values_list("day", "kind"))
        assert kinds[date(2026, 10, 1)] == "off"
        assert kinds[date(2026, 10, 10)] == "make_up"
        assert kinds[date(2026, 2, 21)] == "off", "the Saturday inside the Spring Festival"
        assert date(2026, 10, 8) not in kinds
        assert counts == {"added": len(kinds), "changed": 0, "removed": 0, "kept": 0}
        assert CalendarDay.objects.get(day=date(2026, 1, 1)).names["zh-Hans"] == "元旦"

    def test_d18_loading_again_adds_nothing(self) -> None:
        first = services.load_holidays(2026)
        assert services.load_holidays(2026) == {
            "added": 0,
            "changed": 0,
            "removed": 0,
            "kept": first["added"],
        }

    def test_d18_a_year_whose_arrangement_is_not_out_yet_has_its_statutory_days(self) -> None:
        assert services.load_holidays(2027)["added"] >= 7
        assert CalendarDay.objects.filter(day=date(2027, 1, 1), kind="off").exists()

    def test_d18_a_day_set_by_hand_stays(self, manager: User) -> None:
        services.load_holidays(2026)
        services.set_calendar_day(
            department=None,
            day=date(2026, 10, 10),
            kind=DayKind.OFF,
            names={"zh-Hans": "集团休息"},
            by=manager,
        )
        services.load_holidays(2026)
        assert CalendarDay.objects.get(day=date(2026, 10, 10)).kind == "off"

    def test_d18_a_cleared_holiday_does_not_come_back(self, manager: User) -> None:
        services.load_holidays(2026)
        services.clear_calendar_day(row=CalendarDay.objects.get(day=date(2026, 10, 1)), by=manager)
        services.load_holidays(2026)
        assert CalendarDay.objects.get(day=date(2026, 10, 1)).kind == "ordinary"

    def test_d18_a_loaded_day_that_no_longer_holds_goes(self) -> None:
        CalendarDay.objects.create(day=date(2026, 3, 2), names={"zh-Hans": "旧安排"}, is_edited=False)
        assert services.load_holidays(2026)["removed"] == 1
        assert not CalendarDay.objects.filter(day=date(2026, 3, 2)).exists()

    def test_a_day_set_by_hand_and_cleared_leaves_the_trail(self, manager: User) -> None:
        row = services.set_calendar_day(
            department=people.department("branch_east"), day=date(2026, 12, 24), kind=DayKind.HOURS,
            names={"zh-Hans": "盘点"}, shifts=read("8:00-12:00"), by=manager,
        )  # fmt: skip
        pk = row.pk
        services.clear_calendar_day(row=row, by=manager)
        row.pk = pk
        assert not CalendarDay.objects.exists()
        assert [entry.code for entry in trail.entries_of(row)] == ["calendar.day_cleared", "calendar.day_set"]

    @pytest.mark.parametrize(
        ("kind", "shifts"), [("hours", ()), ("off", ((480, 720),)), ("make_up", ((480, 720),))]
    )
    def test_hours_go_with_other_hours_alone(self, manager: User, kind: str, shifts: tuple) -> None:
        with refusal("calendar.shifts"):
            services.set_calendar_day(
                department=None,
                day=date(2026, 12, 24),
                kind=kind,
                names={"zh-Hans": "x"},
                shifts=shifts,
                by=manager,
            )


class TestRota:
    def test_org_08_one_duty_agent_a_team_at_a_time(self, manager: User) -> None:
        first, second = people.user("agent", name="陈晓燕"), people.user("agent")
        team = people.team(members=(first, second))
        services.plan_duty(
            kind="agent",
            team=team,
            employee=first.employee,
            starts_at=NOON,
            ends_at=NOON + timedelta(hours=4),
            by=manager,
        )
        with refusal("duty.taken") as problem:
            services.plan_duty(
                kind="agent", team=team, employee=second.employee, starts_at=NOON + timedelta(hours=3),
                ends_at=NOON + timedelta(hours=5), by=manager,
            )  # fmt: skip
        assert problem.value.params == {
            "name": "陈晓燕",
            "start": "2026-11-16 12:00",
            "end": "2026-11-16 16:00",
        }
        services.plan_duty(
            kind="agent", team=team, employee=second.employee, starts_at=NOON + timedelta(hours=4),
            ends_at=NOON + timedelta(hours=5), by=manager,
        )  # fmt: skip
        assert Duty.objects.count() == 2

    def test_supervisor_and_manager_stand_beside_each_other(self, manager: User) -> None:
        who = people.user("supervisor")
        for kind in ("supervisor", "manager"):
            services.plan_duty(
                kind=kind,
                team=None,
                employee=who.employee,
                starts_at=NOON,
                ends_at=NOON + timedelta(hours=4),
                by=manager,
            )
        assert Duty.objects.count() == 2

    def test_a_duty_agent_belongs_to_the_team(self, manager: User) -> None:
        with refusal("duty.not_member"):
            services.plan_duty(
                kind="agent", team=people.team(), employee=people.user("agent").employee, starts_at=NOON,
                ends_at=NOON + timedelta(hours=4), by=manager,
            )  # fmt: skip
        with refusal("duty.team"):
            services.plan_duty(
                kind="agent", team=None, employee=people.user("agent").employee, starts_at=NOON,
                ends_at=NOON + timedelta(hours=4), by=manager,
            )  # fmt: skip

    def test_nobody_is_planned_for_an_absence(self, manager: User) -> None:
        who = people.user("supervisor")
        people.absence(who, NOON, NOON + timedelta(days=1))
        with refusal("duty.away"):
            services.plan_duty(
                kind="supervisor", team=None, employee=who.employee, starts_at=NOON + timedelta(hours=2),
                ends_at=NOON + timedelta(hours=4), by=manager,
            )  # fmt: skip

    def test_turns_pass_over_who_is_away(self, manager: User) -> None:
        first, second, third = (people.user("agent") for _ in range(3))
        team = people.team(members=(first, second, third))
        people.absence(second, datetime(2026, 11, 16, 16, tzinfo=UTC), datetime(2026, 11, 17, 16, tzinfo=UTC))
        made = services.plan_turns(
            kind="agent", team=team, people=[first.employee, second.employee, third.employee],
            first=date(2026, 11, 16), last=date(2026, 11, 19), shifts=((0, 1440),), by=manager,
        )  # fmt: skip
        assert [duty.employee_id for duty in made] == [
            first.employee_id, third.employee_id, third.employee_id, first.employee_id,
        ]  # fmt: skip
        assert [entry.code for entry in trail.entries_of(team)] == ["duty.turns_planned"]

    def test_turns_replace_what_is_planned_only_when_asked(self, manager: User) -> None:
        """ORG-05: what is struck has its own line, each duty one."""
        first, second = people.user("agent", name="陈晓燕"), people.user("agent")
        team = people.team(members=(first, second))
        plan = {
            "kind": "agent",
            "team": team,
            "first": date(2026, 11, 16),
            "last": date(2026, 11, 17),
            "shifts": ((0, 1440),),
            "by": manager,
        }
        services.plan_turns(people=[first.employee], **plan)
        with refusal("duty.taken"):
            services.plan_turns(people=[second.employee], **plan)
        services.plan_turns(people=[second.employee], replace=True, **plan)
        assert set(Duty.objects.values_list("employee_id", flat=True)) == {second.employee_id}
        struck = [entry for entry in trail.entries_of(team) if entry.code == "duty.struck"]
        assert sorted((one.params["name"], one.params["start"], one.params["end"]) for one in struck) == [
            ("陈晓燕", "2026-11-16 00:00", "2026-11-17 00:00"),
            ("陈晓燕", "2026-11-17 00:00", "2026-11-18 00:00"),
        ]
        assert {one.by for one in struck} == {manager}

    def test_a_duty_is_handed_on_and_struck_with_a_trace(self, manager: User) -> None:
        first, second = people.user("agent", name="陈晓燕"), people.user("agent", name="方敏")
        team = people.team(members=(first, second))
        duty = services.plan_duty(
            kind="agent",
            team=team,
            employee=first.employee,
            starts_at=NOON,
            ends_at=NOON + timedelta(hours=4),
            by=manager,
        )
        services.hand_duty_to(duty=duty, employee=second.employee, by=manager)
        services.strike_duty(duty=duty, by=manager)
        assert not Duty.objects.exists()
        assert [(entry.code, entry.changes) for entry in trail.entries_of(team)] == [
            ("duty.struck", {}),
            ("duty.handed", {"employee": ["陈晓燕", "方敏"]}),
            ("duty.planned", {}),
        ]


class TestAbsences:
    def test_org_08_the_planner_is_told_when_an_absence_uncovers_a_duty(self, manager: User) -> None:
        who = people.user("agent", name="陈晓燕")
        people.duty("agent", who, NOON, NOON + timedelta(hours=4), team=people.team(members=(who,)))
        services.note_absence(
            employee=who.employee,
            starts_at=NOON - timedelta(days=1),
            ends_at=NOON + timedelta(days=1),
            reason="病假",
            by=who,
        )
        (told,) = Notice.objects.filter(code="duty.uncovered")
        assert (told.user, told.params["name"], told.params["count"]) == (manager, "陈晓燕", 1)

    def test_an_absence_without_duty_tells_nobody(self, manager: User) -> None:
        who = people.user("agent")
        services.note_absence(
            employee=who.employee, starts_at=NOON, ends_at=NOON + timedelta(days=1), reason="年假", by=who
        )
        assert not Notice.objects.exists()

    @pytest.mark.parametrize(
        ("hours", "reason", "code"),
        [(0, "病假", "absence.order"), (24, " ", "absence.reason"), (24, "病假", "absence.overlap")],
    )
    def test_an_absence_that_makes_no_sense_is_refused(
        self, manager: User, hours: int, reason: str, code: str
    ) -> None:
        who = people.user("agent")
        people.absence(who, NOON + timedelta(hours=2), NOON + timedelta(hours=3))
        with refusal(code):
            services.note_absence(
                employee=who.employee,
                starts_at=NOON,
                ends_at=NOON + timedelta(hours=hours),
                reason=reason,
                by=manager,
            )
        assert Absence.objects.count() == 1

    def test_who_is_back_early_is_here(self, manager: User) -> None:
        who = people.user("agent")
        begun = people.absence(who, NOON, NOON + timedelta(days=3))
        coming = people.absence(who, NOON + timedelta(days=10), NOON + timedelta(days=11))
        back = NOON + timedelta(days=1)
        assert services.end_absence(absence=begun, by=manager, at=back).ends_at == back
        assert services.end_absence(absence=coming, by=manager, at=back) is None
        assert Absence.objects.count() == 1
        with refusal("absence.over"):
            services.end_absence(absence=begun, by=manager, at=back)


class TestInterruptions:
    def test_org_07_an_interruption_is_announced_prolonged_and_ended(self, manager: User) -> None:
        row = services.announce_interruption(
            texts={"zh-Hans": "电话线路检修"}, expected_end=NOON + timedelta(hours=2), by=manager, at=NOON
        )
        services.prolong_interruption(
            interruption=row, expected_end=NOON + timedelta(hours=4), by=manager, at=NOON
        )
        ended = services.end_interruption(interruption=row, by=manager, at=NOON + timedelta(hours=3))
        assert ended.ended_at == NOON + timedelta(hours=3)
        with refusal("interruption.ended"):
            services.end_interruption(interruption=row, by=manager, at=NOON)
        assert [entry.code for entry in trail.entries_of(row)] == [
            "interruption.ended", "interruption.prolonged", "interruption.announced",
        ]  # fmt: skip

    def test_an_end_before_the_beginning_is_refused(self, manager: User) -> None:
        with refusal("interruption.order"):
            services.announce_interruption(texts={"zh-Hans": "检修"}, expected_end=NOON, by=manager, at=NOON)
        with refusal("interruption.text"):
            services.announce_interruption(
                texts={"zh-Hans": " "}, expected_end=NOON + timedelta(hours=1), by=manager, at=NOON
            )


class TestPolicies:
    CHANGE = {"code": "organization.duty", "value": {"rota_days_ahead": 14}, "reason": "节前排满"}

    def test_d19_the_centre_manager_changes_a_policy_on_own_word(self, manager: User) -> None:
        services.change_policy(by=manager, **self.CHANGE)
        assert policies.value("organization.duty", at=now_db()).rota_days_ahead == 14
        assert not Notice.objects.exists()

    def test_d19_the_administrator_names_the_manager_who_consented_and_who_is_told(
        self, manager: User
    ) -> None:
        admin = people.user("administrator")
        with refusal("policy.consent"):
            services.change_policy(by=admin, **self.CHANGE)
        with refusal("policy.consent"):
            services.change_policy(by=admin, consent=people.user("supervisor"), **self.CHANGE)
        assert not Policy.objects.filter(code="organization.duty").exists()
        row = services.change_policy(by=admin, consent=manager, **self.CHANGE)
        (told,) = Notice.objects.all()
        assert (told.user, told.code) == (manager, "policy.consent_named")
        assert {entry.code for entry in trail.entries_of(row)} == {"policy.set", "policy.consented"}

    def test_d19_nobody_else_changes_a_policy(self) -> None:
        with refusal("policy.no_right"):
            services.change_policy(by=people.user("supervisor"), **self.CHANGE)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"value": {"rota_days_ahead": -1}}, "duty.policy_days"),
            ({"value": {"hours": 1}}, "policy.unknown_field"),
            ({"code": "nothing.here"}, "policy.unknown"),
            ({"reason": " "}, "lifecycle.reason_needed"),
            ({"valid_from": datetime(2020, 1, 1, tzinfo=UTC)}, "policy.past"),
        ],
    )
    def test_d19_a_change_that_does_not_fit_is_refused(self, manager: User, change: dict, code: str) -> None:
        with refusal(code):
            services.change_policy(by=manager, **(self.CHANGE | change))
        assert not Policy.objects.filter(code="organization.duty").exists()

    def test_d19_the_value_in_force_is_no_change(self, manager: User) -> None:
        services.change_policy(by=manager, **self.CHANGE)
        with refusal("policy.same"):
            services.change_policy(by=manager, **self.CHANGE)
        assert Policy.objects.filter(code="organization.duty").count() == 1
