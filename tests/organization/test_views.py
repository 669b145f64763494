"""The pages of administration and rota: who may open them, what they show, what a form does."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from organization import services
from organization.models import (
    Assignment,
    Department,
    Employee,
    User,
)
from servicecenter.models import Policy
from tests import people
from tests.organization.doors import logged_in

pytestmark = pytest.mark.django_db


PAGES = [
    "administration",
    "department-list",
    "people-list",
    "role-list",
    "team-list",
    "calendar-year",
    "calendar-hours",
    "policy-list",
    "duty-rota",
    "absence-list",
    "duty-interruptions",
]
FORMS = [
    "department-add",
    "person-hire",
    "team-add",
    "calendar-day",
    "absence-add",
    "duty-interruption-add",
]


class TestDoors:
    @pytest.mark.parametrize("name", PAGES + FORMS)
    def test_an_administrator_opens_every_page(self, admin: Client, name: str) -> None:
        answer = admin.get(reverse(name))
        assert answer.status_code == 200, name
        assert answer.content.count(b"<h1") == (1 if name in PAGES else answer.content.count(b"<h1"))

    @pytest.mark.parametrize("name", PAGES + FORMS)
    def test_without_login_every_page_asks_for_one(self, name: str) -> None:
        answer = Client().get(reverse(name))
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("login"))

    @pytest.mark.parametrize(
        "name",
        [
            name
            for name in PAGES + FORMS
            if name not in {"people-list", "duty-rota", "absence-list", "duty-interruptions", "absence-add"}
        ],
    )
    def test_an_agent_administers_nothing(self, name: str) -> None:
        assert logged_in("agent").get(reverse(name)).status_code == 403

    def test_a_login_without_role_sees_nobody(self) -> None:
        client = logged_in()
        assert client.get(reverse("people-list")).status_code == 403
        assert client.get(reverse("duty-rota")).status_code == 403

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("department-rename", ["branch_east"]),
            ("department-move", ["branch_east"]),
            ("department-close", ["branch_east"]),
            ("calendar-hours-set", ["branch_east"]),
            ("policy-change", ["organization.duty"]),
            ("calendar-load", [2027]),
            ("duty-turns", ["supervisor"]),
            ("duty-plan", ["manager"]),
        ],
    )
    def test_a_handler_can_neither_see_nor_send_an_act(self, name: str, args: list) -> None:
        client = logged_in("handler")
        address = reverse(name, args=args)
        assert client.get(address).status_code == 403
        assert client.post(address, {"name": "x"}).status_code == 403
        assert not Policy.objects.filter(code="organization.duty").exists()

    @pytest.mark.parametrize(
        "address",
        [
            "/departments/nowhere/",
            "/people/99999/",
            "/roles/nobody/",
            "/policies/nothing.here/",
            "/rota/agent-none/plan/",
            "/rota/agent/plan/",
            "/rota/cook/turns/",
            "/calendar/3000/load/",
        ],
    )
    def test_what_is_not_there_is_404(self, admin: Client, address: str) -> None:
        people.centre()
        assert admin.get(address).status_code == 404

    def test_the_page_of_a_person_shows_no_address_and_no_acts_to_a_colleague(self) -> None:
        other = people.user("handler", email=True)
        page = logged_in("agent").get(reverse("person-detail", args=[other.work_number])).content.decode()
        assert other.employee.name in page
        assert other.email not in page
        assert reverse("person-leave", args=[other.work_number]) not in page

    def test_query_counts_do_not_grow_with_people(self, admin: Client, django_assert_max_num_queries) -> None:
        for _n in range(30):
            people.employee("branch_east")
        with django_assert_max_num_queries(14):
            admin.get(reverse("people-list"))


class TestDepartments:
    def test_a_department_is_added_and_shown_in_the_tree(self, admin: Client) -> None:
        people.centre()
        answer = admin.post(
            reverse("department-add"),
            {
                "name": "杭州分公司",
                "code": "branch_hz",
                "kind": "branch",
                "parent": "branch_management",
                "idempotency_key": "a",
            },
        )
        assert (answer.status_code, answer["Location"]) == (302, "/departments/branch_hz/")
        made = Department.objects.get(code="branch_hz")
        assert made.names == {"zh-Hans": "杭州分公司", "zh-Hant": "杭州分公司"}
        assert "杭州分公司" in admin.get(reverse("department-list")).content.decode()

    def test_a_double_click_adds_one(self, admin: Client) -> None:
        people.centre()
        sent = {
            "name": "杭州分公司",
            "code": "branch_hz",
            "kind": "branch",
            "parent": "branch_management",
            "idempotency_key": "same",
        }
        first, second = (admin.post(reverse("department-add"), sent) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert Department.objects.filter(code="branch_hz").count() == 1

    def test_a_refusal_comes_back_in_words_with_what_was_typed(self, admin: Client) -> None:
        people.centre()
        answer = admin.post(
            reverse("department-add"),
            {"name": "北三现场", "code": "s3", "kind": "site", "parent": "branch_east"},
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "北三现场" in page and "department.place" not in page
        assert not Department.objects.filter(code="s3").exists()

    def test_a_department_page_names_who_may_act_for_it(self, admin: Client) -> None:
        handler = people.user("handler")
        page = admin.get(reverse("department-detail", args=["branch_east"])).content.decode()
        assert handler.name in page and "branch_east" in page

    def test_close_asks_first_and_refuses_while_people_are_there(self, admin: Client) -> None:
        people.employee("branch_east")
        address = reverse("department-close", args=["branch_east"])
        assert admin.get(address).status_code == 200
        assert Department.objects.get(code="branch_east").closed_on is None
        assert admin.post(address, {}).status_code == 422
        assert admin.post(reverse("department-close", args=["branch_west"]), {}).status_code == 302
        assert Department.objects.get(code="branch_west").closed_on is not None


class TestPeople:
    def test_people_are_filtered_by_pinyin_department_role_and_state(self, admin: Client) -> None:
        agent, handler = people.user("agent", name="陈晓燕"), people.user("handler", name="许国梁")
        User.objects.filter(pk=handler.pk).update(is_active=False)
        for query, there, not_there in [
            ("q=cxy", agent, handler),
            ("department=branch_management", handler, agent),
            ("role=agent", agent, handler),
            ("state=locked", handler, agent),
        ]:
            page = admin.get(f"{reverse('people-list')}?{query}").content.decode()
            assert there.name in page and not_there.name not in page, query

    def test_a_filter_nobody_knows_is_no_error(self, admin: Client) -> None:
        assert (
            admin.get(reverse("people-list") + "?state=%00&department=none&q=" + "x" * 500).status_code == 200
        )

    def test_a_forged_cursor_is_refused(self, admin: Client) -> None:
        assert admin.get(reverse("people-list") + "?cursor=forged").status_code == 400

    def test_somebody_is_taken_on_given_a_login_and_a_role(self, admin: Client) -> None:
        people.centre()
        answer = admin.post(
            reverse("person-hire"), {"work_number": "7001", "name": "王二", "department": "branch_east"}
        )
        assert answer["Location"] == "/people/7001/"
        admin.post(reverse("person-login", args=["7001"]), {"password": "correct-horse-7"})
        admin.post(reverse("person-role", args=["7001"]), {"role": "handler", "department": "branch_east"})
        user = User.objects.get(work_number="7001")
        assert user.has_right("complaints.hand_in_statement", people.department("branch_east"))
        page = admin.get("/people/7001/").content.decode()
        assert "部门经办" in page

    def test_a_weak_password_comes_back_in_words(self, admin: Client) -> None:
        person = people.employee()
        answer = admin.post(reverse("person-login", args=[person.work_number]), {"password": "123"})
        assert answer.status_code == 422
        assert not User.objects.filter(employee=person).exists()
        assert "password.weak" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("person-correct", {"name": "陈小燕", "position": "组长"}),
            ("person-transfer", {"department": "branch_west"}),
            ("person-password", {"password": "another-horse-8"}),
            ("person-email", {"email": "a@example.invalid"}),
            ("person-lock", {"reason": "工号卡遗失"}),
            ("person-leave", {}),
        ],
    )
    def test_every_act_on_a_person_works_from_its_dialog(self, admin: Client, name: str, sent: dict) -> None:
        agent = people.user("agent")
        address = reverse(name, args=[agent.work_number])
        assert admin.get(address, HTTP_HX_REQUEST="true").status_code == 200
        answer = admin.post(address, sent, HTTP_HX_REQUEST="true")
        assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/people/{agent.work_number}/")

    def test_org_05_the_trail_on_the_page_says_before_and_after(self, admin: Client) -> None:
        agent = people.user("agent", name="陈晓燕", email=True)
        services.correct_employee(employee=agent.employee, name="陈小燕", position="", by=admin.user)  # type: ignore[attr-defined]
        services.set_email(user=agent, email="other@example.invalid", by=admin.user)  # type: ignore[attr-defined]
        address = reverse("person-detail", args=[agent.work_number])
        page = admin.get(address).content.decode()
        assert "陈晓燕 → 陈小燕" in page
        assert "→ o***@example.invalid" in page
        colleague = logged_in("agent").get(address).content.decode()
        assert "→" not in colleague

    def test_a_role_is_ended_from_the_persons_page(self, admin: Client) -> None:
        agent = people.user("agent")
        row = Assignment.objects.get(employee=agent.employee)
        admin.post(reverse("person-role-end", args=[agent.work_number, row.pk]), {})
        assert not User.objects.get(pk=agent.pk).rights.by_right
        other = people.user("agent")
        assert admin.get(reverse("person-role-end", args=[other.work_number, row.pk])).status_code == 404

    def test_namesakes_are_told_apart_in_the_picker(self) -> None:
        one, two = people.employee("branch_east", name="杨勇"), people.employee("branch_east", name="杨勇")
        page = (
            logged_in("handler")
            .get(reverse("people-find") + "?q=杨勇&department=branch_east")
            .content.decode()
        )
        assert one.work_number in page and two.work_number in page
        assert "<form" not in page and "<html" not in page
        assert "城东分公司" in page

    def test_personnel_of_a_branch_manages_its_people_alone(self) -> None:
        from organization.models import Role

        Role.objects.create(
            code="personnel",
            names={"zh-Hans": "人事"},
            rights=["organization.manage_people", "organization.view_people"],
        )
        client = logged_in()
        people.assign(client.user, "personnel", "branch_east")  # type: ignore[attr-defined]
        mine, other = people.employee("branch_east"), people.employee("branch_west")
        sent = {"name": "改名", "position": ""}
        assert client.post(reverse("person-correct", args=[mine.work_number]), sent).status_code == 302
        assert client.post(reverse("person-correct", args=[other.work_number]), sent).status_code == 403
        hire = {"work_number": "7001", "name": "王二", "department": "branch_west"}
        assert client.post(reverse("person-hire"), hire).status_code == 403
        assert (
            Employee.objects.get(pk=other.pk).name == "杨勇"
            and not Employee.objects.filter(work_number="7001").exists()
        )


class TestRolesAndTeams:
    def test_the_matrix_names_every_right_in_words(self, admin: Client) -> None:
        page = admin.get(reverse("role-list")).content.decode()
        assert "客服中心经理" in page
        assert 'title="complaints.register_contact"' in page
        assert ">complaints.register_contact<" not in page

    def test_a_role_page_names_its_holders(self, admin: Client) -> None:
        agent = people.user("agent")
        assert agent.work_number in admin.get(reverse("role-detail", args=["agent"])).content.decode()

    def test_a_team_is_made_and_filled(self, admin: Client) -> None:
        agent = people.user("agent")
        admin.post(reverse("team-add"), {"name": "夜班组", "code": "night", "department": "service_centre"})
        admin.post(reverse("team-members", args=["night"]), {"members": [agent.work_number]})
        assert agent.employee.teams.get().code == "night"
        page = admin.get(reverse("team-list")).content.decode()
        assert "夜班组" in page and agent.name in page


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_every_language(name: str, language: str) -> None:
    services.load_holidays(date.today().year)
    client = logged_in("administrator", language=language)
    assert client.get(reverse(name)).status_code == 200
