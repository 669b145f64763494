"""The organization in the API, and Django's admin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from organization.models import Absence, Duty, Role
from servicecenter import trail
from servicecenter.clock import now_db
from tests import people

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)


def logged_in(*roles: str, **kwargs: object) -> Client:
    client = Client()
    client.user = people.user(*roles, **kwargs)  # type: ignore[attr-defined]
    client.force_login(client.user)
    return client


class TestReading:
    def test_me_says_who_i_am_and_what_i_may_do(self) -> None:
        client = logged_in("handler")
        found = client.get("/api/v1/me/").json()
        assert (found["department"], found["roles"]) == ("branch_east", ["handler"])
        assert "complaints.hand_in_statement" in found["rights"]
        assert "organization.administer" not in found["rights"]

    @pytest.mark.parametrize("path", ["me", "departments", "people", "duties", "absences"])
    def test_nobody_reads_without_login(self, path: str) -> None:
        answer = Client().get(f"/api/v1/{path}/")
        assert answer.status_code == 401 and set(answer.json()) == {"code", "message", "fields"}

    @pytest.mark.parametrize("path", ["departments", "people", "duties", "absences"])
    def test_a_login_without_role_reads_nothing(self, path: str) -> None:
        assert logged_in().get(f"/api/v1/{path}/").status_code == 403

    def test_departments_are_filtered_by_subtree_and_kind(self) -> None:
        client = logged_in("agent")
        rows = client.get("/api/v1/departments/?within=branch_management&kind=branch").json()["results"]
        assert [(row["code"], row["parent"]) for row in rows] == [
            ("branch_east", "branch_management"),
            ("branch_west", "branch_management"),
        ]
        assert client.get("/api/v1/departments/branch_east/").json()["name"] == "城东分公司"
        assert client.get("/api/v1/departments/nowhere/").status_code == 404

    def test_people_show_name_number_and_department_and_no_address(self) -> None:
        other = people.user("handler", name="许国梁", email=True)
        answer = logged_in("agent").get(f"/api/v1/people/{other.work_number}/")
        assert answer.json() == {
            "work_number": other.work_number,
            "name": "许国梁",
            "department": "branch_east",
            "department_name": "城东分公司",
            "position": "",
            "left_on": None,
        }

    def test_people_are_paged_by_cursor_each_once(self) -> None:
        for _n in range(7):
            people.employee("branch_east")
        client = logged_in("agent")
        seen, cursor = [], ""
        while True:
            page = client.get("/api/v1/people/", {"page_size": 3, "cursor": cursor}).json()
            seen += [row["work_number"] for row in page["results"]]
            if not (cursor := page["next"]):
                break
        assert len(seen) == len(set(seen)) == 8

    def test_why_somebody_is_away_is_for_the_planner_and_the_person(self) -> None:
        away = people.user("agent")
        people.absence(away, now_db(), now_db() + timedelta(days=1), reason="腰椎手术")
        assert logged_in("agent").get("/api/v1/absences/").json()["results"] == []
        assert len(logged_in("supervisor").get("/api/v1/absences/").json()["results"]) == 1


class TestWriting:
    def test_a_duty_is_planned_once_by_key_and_an_overlap_is_409(self) -> None:
        client = logged_in("supervisor")
        agent = people.user("agent", name="陈晓燕")
        people.team("telephone", members=(agent,))
        sent = {
            "kind": "agent",
            "team": "telephone",
            "employee": agent.work_number,
            "starts_at": "2026-12-01T12:00:00+08:00",
            "ends_at": "2026-12-01T20:00:00+08:00",
        }
        post = {"content_type": "application/json", "headers": {"Idempotency-Key": "k-1"}}
        first = client.post("/api/v1/duties/", sent, **post)
        again = client.post("/api/v1/duties/", sent, **post)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert Duty.objects.get().starts_at == NOON
        other = client.post("/api/v1/duties/", sent, content_type="application/json")
        assert (other.status_code, other.json()["code"]) == (409, "duty.taken")
        assert "陈晓燕" in other.json()["message"]

    def test_an_agent_plans_nothing(self) -> None:
        client = logged_in("agent")
        sent = {
            "kind": "supervisor",
            "employee": client.user.work_number,  # type: ignore[attr-defined]
            "starts_at": NOON.isoformat(),
            "ends_at": (NOON + timedelta(hours=1)).isoformat(),
        }
        assert client.post("/api/v1/duties/", sent, content_type="application/json").status_code == 403
        assert not Duty.objects.exists()

    def test_a_duty_is_struck_by_the_planner_alone(self) -> None:
        who = people.user("supervisor")
        row = people.duty("supervisor", who, NOON, NOON + timedelta(hours=1))
        assert logged_in("agent").delete(f"/api/v1/duties/{row.pk}/").status_code == 403
        branch = logged_in("department_manager")
        assert branch.user.has_right("organization.plan_duty")  # type: ignore[attr-defined]
        assert branch.delete(f"/api/v1/duties/{row.pk}/").status_code == 403
        assert logged_in("centre_manager").delete(f"/api/v1/duties/{row.pk}/").status_code == 204
        assert not Duty.objects.exists()

    def test_an_absence_of_oneself_and_not_of_others(self) -> None:
        client = logged_in("agent")
        other = people.user("agent")
        sent = {
            "starts_at": NOON.isoformat(),
            "ends_at": (NOON + timedelta(days=1)).isoformat(),
            "reason": "年假",
        }
        mine = sent | {"employee": client.user.work_number}  # type: ignore[attr-defined]
        assert client.post("/api/v1/absences/", mine, content_type="application/json").status_code == 201
        theirs = client.post(
            "/api/v1/absences/", sent | {"employee": other.work_number}, content_type="application/json"
        )
        assert theirs.status_code == 403
        assert Absence.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong", [{}, {"kind": "cook"}, {"employee": "none"}, {"starts_at": "yesterday"}, {"team": "none"}]
    )
    def test_bad_input_is_400_with_its_fields(self, wrong: dict) -> None:
        client = logged_in("administrator")
        sent = {"kind": "supervisor", "employee": "0", "starts_at": "x", "ends_at": "y"} | wrong
        answer = client.post("/api/v1/duties/", sent, content_type="application/json")
        assert answer.status_code == 400 and answer.json()["fields"]


class TestDjangosAdmin:
    MODELS = (
        *("role", "department", "employee", "user", "assignment", "team"),
        *("servicehours", "calendarday", "duty", "absence", "serviceinterruption"),
    )

    @pytest.mark.parametrize("model", MODELS)
    def test_administrators_alone_look_at_the_rows(self, model: str) -> None:
        address = f"/admin/organization/{model}/"
        assert logged_in("administrator").get(address).status_code == 200
        assert logged_in("supervisor").get(address).status_code in {302, 403}

    def test_it_has_no_login_of_its_own(self) -> None:
        answer = Client().get("/admin/login/")
        assert answer.status_code == 302 and answer["Location"].startswith("/login/")

    def test_a_password_hash_is_never_shown(self) -> None:
        client = logged_in("administrator")
        page = client.get(f"/admin/organization/user/{client.user.pk}/change/").content.decode()  # type: ignore[attr-defined]
        assert "argon2" not in page

    def test_a_role_changes_with_a_reason_and_a_trail(self) -> None:
        client = logged_in("administrator")
        role = Role.objects.get(code="cashier")
        address = f"/admin/organization/role/{role.pk}/change/"
        sent = {
            "names": '{"zh-Hans": "结算员", "en": "cashier"}',
            "rights": ["organization.view_people", "customers.view_waybill"],
        }
        assert client.post(address, sent).status_code == 200, "no reason: the form comes back"
        assert not trail.entries_of(role).exists()
        assert client.post(address, sent | {"reason": "收紧权限"}).status_code == 302
        role.refresh_from_db()
        assert role.rights == ["customers.view_waybill", "organization.view_people"]
        (entry,) = trail.entries_of(role)
        assert (entry.code, entry.params["reason"]) == ("role.changed", "收紧权限")

    def test_the_administrators_role_keeps_its_right(self) -> None:
        client = logged_in("administrator")
        role = Role.objects.get(code="administrator")
        sent = {"names": '{"zh-Hans": "系统管理员"}', "rights": ["organization.view_people"], "reason": "x"}
        assert client.post(f"/admin/organization/role/{role.pk}/change/", sent).status_code == 200
        assert "organization.administer" in Role.objects.get(pk=role.pk).rights
