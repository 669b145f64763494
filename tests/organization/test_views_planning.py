"""Pages of calendar, rota and policies."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from organization import services
from organization.models import (
    Absence,
    CalendarDay,
    Duty,
    ServiceHours,
)
from organization.policy_texts import said
from servicecenter import policies
from servicecenter.clock import business_date, now_db
from servicecenter.models import Policy
from tests import people
from tests.organization.doors import logged_in

pytestmark = pytest.mark.django_db


class TestCalendar:
    def test_the_year_shows_the_holiday_and_the_make_up_day(self, admin: Client) -> None:
        services.load_holidays(2026)
        page = admin.get(reverse("calendar-year") + "?year=2026").content.decode()
        assert "国庆节" in page and "make_up" in page

    @pytest.mark.parametrize("year", ["1066", "abc", "99999", "-1", ""])
    def test_a_year_out_of_range_is_this_year(self, admin: Client, year: str) -> None:
        page = admin.get(reverse("calendar-year") + f"?year={year}")
        assert page.status_code == 200 and page.context["year"] == business_date(now_db()).year

    def test_a_day_is_set_and_cleared(self, admin: Client) -> None:
        sent = {"day": "2026-12-24", "kind": "hours", "shifts": "8:00-12:00", "name": "盘点"}
        assert admin.post(reverse("calendar-day"), sent).status_code == 302
        row = CalendarDay.objects.get()
        assert (row.shifts, row.names["zh-Hans"], row.is_edited) == ([[480, 720]], "盘点", True)
        admin.post(reverse("calendar-day-clear", args=[row.pk]), {})
        assert not CalendarDay.objects.exists()

    def test_hours_that_cannot_be_read_come_back_in_words(self, admin: Client) -> None:
        sent = {"day": "2026-12-24", "kind": "hours", "shifts": "早八晚五", "name": "盘点"}
        answer = admin.post(reverse("calendar-day"), sent)
        assert answer.status_code == 422 and "早八晚五" in answer.content.decode()
        assert not CalendarDay.objects.exists()

    def test_the_centre_manager_edits_the_centres_calendar_and_not_the_companys(self) -> None:
        client = logged_in("centre_manager")
        sent = {"day": "2026-12-24", "kind": "off", "name": "盘点"}
        assert client.post(reverse("calendar-day"), sent).status_code == 403
        assert client.post(reverse("calendar-day") + "?department=branch_east", sent).status_code == 403
        assert client.post(reverse("calendar-day") + "?department=service_centre", sent).status_code == 302
        assert CalendarDay.objects.get().department.code == "service_centre"

    def test_service_hours_are_set_as_people_write_them(self, admin: Client) -> None:
        people.centre()
        sent = {f"day_{n}": "7:00-22:00" for n in range(7)} | {"works_on_holidays": "on"}
        assert admin.post(reverse("calendar-hours-set", args=["service_centre"]), sent).status_code == 302
        row = ServiceHours.objects.get()
        assert (row.week[6], row.works_on_holidays) == ([[420, 1320]], True)
        assert "7:00–22:00" in admin.get(reverse("calendar-hours")).content.decode()


class TestRota:
    @pytest.fixture
    def planner(self) -> Client:
        return logged_in("supervisor")

    def test_the_week_shows_duties_and_gaps(self, planner: Client) -> None:
        agent = people.user("agent", name="陈晓燕")
        team = people.team(members=(agent,))
        start = datetime(2026, 11, 16, 0, tzinfo=UTC)
        people.duty("agent", agent, start, start + timedelta(hours=8), team=team)
        page = planner.get(reverse("duty-rota") + "?week=2026-11-18")
        assert page.context["days"][0].isoformat() == "2026-11-16"
        assert "陈晓燕" in page.content.decode() and 'class="gap"' in page.content.decode()

    @pytest.mark.parametrize("week", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30"])
    def test_a_week_that_is_none_is_this_week(self, planner: Client, week: str) -> None:
        assert planner.get(reverse("duty-rota") + f"?week={week}").status_code == 200

    @pytest.mark.parametrize(
        "start",
        ["", "x", "0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-23:00", "2026-12-01T08:00+08:00"],
    )
    def test_a_duty_begins_when_the_address_says_or_tomorrow(self, planner: Client, start: str) -> None:
        people.team("telephone")
        page = planner.get(reverse("duty-plan", args=["agent-telephone"]), {"from": start})
        assert page.status_code == 200
        assert ("2026-12-01T08:00" in page.content.decode()) == (start == "2026-12-01T08:00+08:00")

    def test_a_duty_is_planned_handed_on_and_struck(self, planner: Client) -> None:
        first, second = people.user("agent"), people.user("agent")
        people.team("telephone", members=(first, second))
        sent = {"employee": first.work_number, "starts_at": "2026-12-01T08:00", "ends_at": "2026-12-01T20:00"}
        assert planner.post(reverse("duty-plan", args=["agent-telephone"]), sent).status_code == 302
        duty = Duty.objects.get()
        assert duty.starts_at == datetime(2026, 12, 1, 0, tzinfo=UTC)
        planner.post(reverse("duty-hand", args=[duty.pk]), {"employee": second.work_number})
        assert Duty.objects.get().employee == second.employee
        planner.post(reverse("duty-strike", args=[duty.pk]), {})
        assert not Duty.objects.exists()

    def test_turns_begin_with_whom_was_named(self, planner: Client) -> None:
        first, second = people.user("agent", name="阿一"), people.user("agent", name="阿二")
        people.team("telephone", members=(first, second))
        sent = {
            "people": [first.work_number, second.work_number],
            "begins": first.work_number,
            "first": "2026-12-01",
            "last": "2026-12-02",
            "shifts": "0:00-12:00 12:00-24:00",
        }
        assert planner.post(reverse("duty-turns", args=["agent-telephone"]), sent).status_code == 302
        order = list(Duty.objects.order_by("starts_at").values_list("employee__name", flat=True))
        assert order == ["阿一", "阿二", "阿一", "阿二"]

    def test_an_overlap_is_refused_in_words(self, planner: Client) -> None:
        who = people.user("supervisor", name="林志远")
        sent = {"employee": who.work_number, "starts_at": "2026-12-01T08:00", "ends_at": "2026-12-01T20:00"}
        planner.post(reverse("duty-plan", args=["supervisor"]), sent)
        answer = planner.post(reverse("duty-plan", args=["supervisor"]), sent)
        assert answer.status_code == 422 and "林志远" in answer.content.decode()
        assert Duty.objects.count() == 1

    def test_an_agent_notes_the_own_absence_and_nobody_elses(self) -> None:
        client = logged_in("agent")
        other = people.user("agent")
        sent = {"starts_at": "2026-12-01T00:00", "ends_at": "2026-12-03T00:00", "reason": "年假"}
        mine = sent | {"employee": client.user.work_number}  # type: ignore[attr-defined]
        assert client.post(reverse("absence-add"), mine).status_code == 302
        assert client.post(reverse("absence-add"), sent | {"employee": other.work_number}).status_code == 422
        assert Absence.objects.get().employee == client.user.employee  # type: ignore[attr-defined]

    def test_an_agent_does_not_see_why_others_are_away(self) -> None:
        other = people.user("agent")
        now = now_db()
        row = people.absence(other, now, now + timedelta(days=1), reason="腰椎手术")
        client = logged_in("agent")
        assert "腰椎手术" not in client.get(reverse("absence-list")).content.decode()
        assert (
            "腰椎手术" not in client.get(reverse("person-detail", args=[other.work_number])).content.decode()
        )
        assert client.post(reverse("absence-end", args=[row.pk]), {}).status_code == 404
        assert "腰椎手术" in logged_in("supervisor").get(reverse("absence-list")).content.decode()

    def test_an_interruption_shows_on_every_page_until_it_ends(self, planner: Client) -> None:
        sent = {"text": "电话线路检修", "expected_end": "2099-01-01T12:00"}
        assert planner.post(reverse("duty-interruption-add"), sent).status_code == 302
        reader = logged_in("handler")
        assert "电话线路检修" in reader.get(reverse("interruption-banner")).content.decode()
        from organization.models import ServiceInterruption

        row = ServiceInterruption.objects.get()
        planner.post(reverse("duty-interruption-end", args=[row.pk]), {})
        assert "电话线路检修" not in reader.get(reverse("interruption-banner")).content.decode()


class TestPolicies:
    def test_every_policy_is_listed_in_words_with_what_holds(self, admin: Client) -> None:
        page = admin.get(reverse("policy-list")).content.decode()
        for code in ("organization.duty", "servicecenter.uploads", "deadlines.clock"):
            assert reverse("policy-detail", args=[code]) in page

    @pytest.mark.parametrize(
        "code",
        [
            "organization.duty",
            "servicecenter.uploads",
            "complaints.handling",
            "conduct.fine",
            "deadlines.clock",
            "customers.tier_service",
        ],
    )
    def test_every_policy_page_and_form_opens(self, admin: Client, code: str) -> None:
        people.user("centre_manager")
        assert admin.get(reverse("policy-detail", args=[code])).status_code == 200
        assert admin.get(reverse("policy-change", args=[code])).status_code == 200

    def test_the_administrator_changes_a_figure_on_the_managers_word(self, admin: Client) -> None:
        manager = people.user("centre_manager")
        sent = {
            "rota_days_ahead": "14",
            "reason": "夜班人少",
            "consent": manager.work_number,
        }
        address = reverse("policy-change", args=["organization.duty"])
        missing = admin.post(address, sent | {"consent": ""})
        assert missing.status_code == 422 and not Policy.objects.filter(code="organization.duty").exists()
        assert admin.post(address, sent).status_code == 302
        row = Policy.objects.get(code="organization.duty")
        assert row.value == {"rota_days_ahead": 14}
        page = admin.get(reverse("policy-detail", args=["organization.duty"])).content.decode()
        assert "夜班人少" in page

    def test_seconds_are_typed_in_hours(self) -> None:
        client = logged_in("centre_manager")
        address = reverse("policy-change", args=["deadlines.clock"]) + "?key=resolution"
        page = client.get(address)
        assert page.context["form"]["limit_seconds"].value() == 86_400
        sent = {
            "limit_seconds_0": "30",
            "limit_seconds_1": "3600",
            "warn_percent": "75",
            "basis": "elapsed",
            "reason": "试行",
        }
        assert client.post(address, sent).status_code == 302
        row = Policy.objects.filter(code="deadlines.clock", key="resolution").order_by("-version").first()
        assert row.value["limit_seconds"] == 108_000

    def test_cmp_22_a_contradiction_is_refused_in_words(self) -> None:
        client = logged_in("centre_manager")
        address = reverse("policy-change", args=["deadlines.clock"]) + "?key=statement"
        sent = {
            "limit_seconds_0": "30",
            "limit_seconds_1": "3600",
            "warn_percent": "75",
            "basis": "elapsed",
            "reason": "试行",
        }
        before = Policy.objects.count()
        answer = client.post(address, sent)
        assert answer.status_code == 422 and Policy.objects.count() == before

    def test_a_new_row_for_a_tier(self) -> None:
        client = logged_in("centre_manager")
        sent = {
            "key_of": "answer",
            "key_tier": "A",
            "key_category": "",
            "key_channel": "",
            "limit_seconds_0": "6",
            "limit_seconds_1": "3600",
            "warn_percent": "50",
            "basis": "elapsed",
            "reason": "甲级客户",
        }
        address = reverse("policy-change", args=["deadlines.clock"]) + "?new=1"
        assert client.get(address).status_code == 200
        assert client.post(address, sent).status_code == 302
        row = Policy.objects.filter(code="deadlines.clock", key="answer|tier=A").order_by("-version").first()
        assert row.value["limit_seconds"] == 21_600

    def test_a_share_is_typed_and_told_in_per_cent_and_nothing_asked_for_is_said(self) -> None:
        client = logged_in("centre_manager")
        address = reverse("policy-change", args=["reports.targets"])
        form = client.get(address).context["form"]
        assert form["resolution_permille"].value() == 90
        sent = {name: form[name].value() for name in form.kinds_in_order()}
        sent |= {"resolution_permille": "95.5", "reason": "试行"}
        assert client.post(address, sent).status_code == 302
        row = Policy.objects.filter(code="reports.targets").order_by("-version").first()
        assert (row.value["resolution_permille"], row.value["handling_permille"]) == (955, 1000)
        with translation.override("en"):
            told = dict(said("reports.targets", policies.parse(row.code, row.value)))
        assert list(told.values())[1:5] == ["95.5%", "not set", "100%", "100%"]

    @pytest.mark.parametrize("wrong", ["-1", "99999", "abc", ""])
    def test_a_figure_that_does_not_fit_comes_back_in_words(self, wrong: str) -> None:
        client = logged_in("centre_manager")
        answer = client.post(
            reverse("policy-change", args=["organization.duty"]),
            {"rota_days_ahead": wrong, "reason": "x"},
        )
        assert answer.status_code == 422
        assert not Policy.objects.filter(code="organization.duty").exists()
