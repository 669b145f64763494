"""The API of complaints: lists, one, registering, every act; rights, repeats, bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.api.acts import ACTS
from complaints.domain.lifecycle import BUTTONS
from complaints.models import Complaint, ServiceIncident, WrittenNotice
from servicecenter import tokens
from tests import people
from tests.complaints.cases import TEXT, Crew, against_east, answered, found, notified, register
from tests.doors import client, client_of, post, statements

pytestmark = pytest.mark.django_db
CALL = {
    "channel": "telephone",
    "caller_telephone": "139 0000 0421",
    "caller_name": "刘海涛",
    "waybill": "8620 4417 309",
    "party_role": "consignor",
    "category": "late_delivery",
    "text": TEXT,
}


def do(browser: Client, row: Complaint, act: str, **body: Any) -> Any:
    return post(browser, f"/api/v1/complaints/{row.number}/{act}/", body)


class TestDoors:
    @pytest.mark.parametrize("path", ["complaints", "contacts", "handovers", "incidents", "categories"])
    def test_without_a_login_it_is_a_401_in_the_shape_of_all_errors(self, path: str) -> None:
        answer = Client().get(f"/api/v1/{path}/")
        assert answer.status_code == 401
        assert set(answer.json()) == {"code", "message", "fields"}

    @pytest.mark.parametrize(
        ("path", "role"),
        [("handovers", "agent"), ("incidents", "storekeeper"), ("incidents", "handler")],
    )
    def test_without_the_right_it_is_a_403(self, path: str, role: str) -> None:
        assert client(role).get(f"/api/v1/{path}/").status_code == 403

    def test_a_foreign_ticket_is_not_there_for_any_act(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        browser = client_of(crew.west)
        assert browser.get(f"/api/v1/complaints/{row.number}/").status_code == 404
        assert browser.get(f"/api/v1/complaints/{row.number}/course/").status_code == 404
        for act in ACTS:
            assert do(browser, row, act.code).status_code in {403, 404}, act.code
        assert browser.get("/api/v1/complaints/").json()["results"] == []

    def test_a_token_reads_and_a_read_only_token_only_reads(self, crew: Crew) -> None:
        row = register(crew.agent)
        _token, secret = tokens.make(user=crew.agent, name="bi", read_only=True, by=crew.agent)
        browser = Client(headers={"Authorization": f"Token {secret}"})
        assert browser.get(f"/api/v1/complaints/{row.number}/").status_code == 200
        assert post(browser, "/api/v1/complaints/", CALL).status_code == 403
        assert Complaint.objects.count() == 1


class TestReading:
    def test_a_ticket_shows_its_life_and_what_may_be_done(self, crew: Crew) -> None:
        row = found(crew)
        body = client_of(crew.agent).get(f"/api/v1/complaints/{row.number}/").json()
        assert body["state"] == "answered"
        assert body["text"] == TEXT
        assert body["caller_telephone"] == "139****0421"
        assert [one["department"] for one in body["handovers"]] == ["branch_east", "inspection"] or len(
            body["handovers"]
        ) == 2
        assert body["findings"][0]["founded"] == "founded"
        assert "resolve" in body["allowed_actions"]
        assert "route" in body["refused_actions"]

    def test_the_department_complained_of_is_not_told_who_complained(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        browser = client_of(crew.handler)
        for url in (f"/api/v1/complaints/{row.number}/", "/api/v1/complaints/"):
            text = browser.get(url).content.decode()
            assert "刘海涛" not in text
            assert "0421" not in text

    def test_pages_hold_every_ticket_once(self, crew: Crew) -> None:
        rows = {
            register(crew.agent, caller_telephone=f"139{n:08}", waybill_number=f"8620{n:07}").number
            for n in range(7)
        }
        browser, seen, cursor = client_of(crew.agent), [], ""
        while True:
            body = browser.get("/api/v1/complaints/", {"page_size": 3, "cursor": cursor}).json()
            seen += [row["number"] for row in body["results"]]
            cursor = body["next"]
            if not cursor:
                break
        assert len(seen) == 7
        assert set(seen) == rows

    def test_a_list_takes_no_more_statements_for_fifty_than_for_five(self, crew: Crew) -> None:
        for n in range(5):
            register(crew.agent, caller_telephone=f"139{n:08}", waybill_number=f"8620{n:07}")
        browser = client_of(crew.agent)
        few = statements(lambda: browser.get("/api/v1/complaints/"))
        for n in range(5, 50):
            register(crew.agent, caller_telephone=f"139{n:08}", waybill_number=f"8620{n:07}")
        assert statements(lambda: browser.get("/api/v1/complaints/")) == few

    @pytest.mark.parametrize("order", ["due", "newest", "tier"])
    def test_named_orders(self, crew: Crew, order: str) -> None:
        register(crew.agent)
        assert len(client_of(crew.agent).get("/api/v1/complaints/", {"order": order}).json()["results"]) == 1

    @pytest.mark.parametrize(
        "query",
        [
            {"order": "text"},
            {"state": "x"},
            {"category": "x"},
            {"registered_after": "x"},
            {"queue": "x"},
            {"page_size": "x"},
        ],
    )
    def test_a_filter_that_is_none_is_told_not_ignored(self, crew: Crew, query: dict[str, str]) -> None:
        people.centre()
        answer = client_of(crew.agent).get("/api/v1/complaints/", query)
        assert answer.status_code == 400
        assert answer.json()["fields"]

    def test_the_course_is_the_same_as_on_the_page(self, crew: Crew) -> None:
        row = notified(crew)
        body = client_of(crew.agent).get(f"/api/v1/complaints/{row.number}/course/").json()
        assert any("司机漏装，次日补送。" in one["say"] for one in body["results"])

    def test_contacts_name_the_ticket_they_became(self, crew: Crew) -> None:
        row = register(crew.agent)
        body = client_of(crew.agent).get("/api/v1/contacts/").json()["results"]
        assert [(one["complaint"], one["caller_telephone"]) for one in body] == [(row.number, "139****0421")]

    def test_categories_come_with_their_subcases(self, crew: Crew) -> None:
        body = client_of(crew.agent).get("/api/v1/categories/").json()
        codes = {row["code"]: [sub["code"] for sub in row["subcases"]] for row in body}
        assert "late_delivery" in codes
        assert codes["misrouted"]


class TestRegistering:
    def test_it_answers_with_the_ticket(self, crew: Crew) -> None:
        assert crew.agent
        answer = post(client_of(crew.agent), "/api/v1/complaints/", CALL)
        assert answer.status_code == 201
        body = answer.json()
        row = Complaint.objects.get()
        assert (body["number"], body["state"], body["department"]) == (row.number, "routed", "inspection")

    def test_a_repeat_with_the_same_key_gives_the_same_answer(self, crew: Crew) -> None:
        browser = client_of(crew.agent)
        first = post(browser, "/api/v1/complaints/", CALL, **{"Idempotency-Key": "k-1"})
        again = post(browser, "/api/v1/complaints/", CALL, **{"Idempotency-Key": "k-1"})
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert again["Idempotency-Replayed"] == "true"
        assert Complaint.objects.count() == 1

    def test_the_key_with_another_body_is_refused(self, crew: Crew) -> None:
        browser = client_of(crew.agent)
        post(browser, "/api/v1/complaints/", CALL, **{"Idempotency-Key": "k-1"})
        answer = post(browser, "/api/v1/complaints/", {**CALL, "text": "别的"}, **{"Idempotency-Key": "k-1"})
        assert answer.status_code == 422
        assert Complaint.objects.count() == 1

    def test_by_default_nobody_has_spoken_with_the_customer_so_a_second_is_suspected(
        self, crew: Crew
    ) -> None:
        register(crew.agent, at=timezone.now())
        body = {key: value for key, value in CALL.items() if key != "channel"}
        answer = post(client_of(crew.agent), "/api/v1/complaints/", body)
        assert answer.json()["is_suspected"] is True
        assert ServiceIncident.objects.get().state == "suspected"

    def test_a_preview_says_what_saving_would_do_and_writes_nothing(self, crew: Crew) -> None:
        row = register(crew.agent, at=timezone.now())
        body = post(client_of(crew.agent), "/api/v1/complaints/preview/", CALL).json()
        assert (body["second"], body["first"]) == ("yes", row.number)
        assert any(effect["grave"] for effect in body["effects"])
        assert Complaint.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"caller_telephone": "139"}, "caller_telephone"),
            ({"waybill": "8620 4417"}, "waybill"),
            ({"category": "nonsense"}, "category"),
            ({"text": ""}, "text"),
            ({"text": "长" * 5001}, "text"),
            ({"text": "a\x00b"}, "text"),
            ({"occurred_on": "x"}, "occurred_on"),
            ({"department": "nowhere"}, "department"),
            ({"respondent_employee": "0"}, "respondent_employee"),
            ({"customer": "KH-0"}, "customer"),
            ({"channel": "smoke"}, "channel"),
            ({"settle": "on_spot"}, "resolution"),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_bad_input_is_named_at_its_field(self, crew: Crew, given: dict[str, str], field: str) -> None:
        people.centre()
        answer = post(client_of(crew.agent), "/api/v1/complaints/", {**CALL, **given})
        assert answer.status_code == 400
        assert field in answer.json()["fields"]
        assert Complaint.objects.count() == 0

    @pytest.mark.parametrize("body", ["[]", "{", '"x"', "null", '{"text": {"a": 1}}'])
    def test_malformed_json_is_a_400(self, crew: Crew, body: str) -> None:
        answer = client_of(crew.agent).post("/api/v1/complaints/", body, content_type="application/json")
        assert answer.status_code == 400

    def test_rare_characters_pass(self, crew: Crew) -> None:
        body = post(client_of(crew.agent), "/api/v1/complaints/", {**CALL, "text": "𠮷䶮😀 坏了"}).json()
        assert body["text"] == "𠮷䶮😀 坏了"


class TestActs:
    def test_every_act_a_person_may_do_has_an_endpoint(self) -> None:
        elsewhere = {"take_up", "hand_in", "return", "waive"}
        assert {act.code for act in ACTS} | elsewhere == set(BUTTONS)

    def test_the_whole_way_from_handover_to_closing(self, crew: Crew) -> None:
        row = answered(crew, at=timezone.now() - timedelta(hours=5))
        browser = client_of(crew.agent)
        do(browser, row, "record_finding", founded="founded", text="漏装", department="branch_east")
        do(browser, row, "resolve", resolution="已补送")
        do(browser, row, "notify", way="sms", text="您的投诉已处理")
        number = WrittenNotice.objects.get().document_number
        confirmed = do(browser, row, "confirm_notice", document_number=number).json()
        assert confirmed["notices"][0]["confirmed_at"]
        assert do(browser, row, "confirm_notice", document_number="WS0").status_code == 404
        body = do(browser, row, "follow_up", result="satisfied").json()
        assert (body["state"], body["close_mark"]) == ("closed", "satisfied")
        assert len(body["notices"]) == 1

    def test_a_measure_due_after_all_times_is_refused_at_its_day(self, crew: Crew) -> None:
        """No day follows the last of year 9999, and its end is the beginning of that."""
        row = answered(crew, at=timezone.now() - timedelta(hours=5))
        measure = {"text": "查", "department": "claims", "due_on": "9999-12-31"}
        answer = do(
            client_of(crew.agent), row, "record_finding",
            founded="founded", text="漏装", department="branch_east", actions=[measure],
        )  # fmt: skip
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["actions"])
        assert not row.findings.exists()

    def test_a_refused_act_is_a_409_with_code_and_words(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        answer = do(client_of(crew.agent), row, "resolve", resolution="好了")
        assert answer.status_code == 409
        assert answer.json()["code"] == "lifecycle.wrong_state"
        assert answer.json()["message"]

    def test_a_stale_version_is_refused(self, crew: Crew) -> None:
        row = found(crew)
        answer = do(client_of(crew.agent), row, "resolve", resolution="好了", version=row.version - 1)
        assert (answer.status_code, answer.json()["code"]) == (409, "lifecycle.stale")
        row.refresh_from_db()
        assert row.state == "answered"

    def test_hand_over_note_chase_and_reply(self, crew: Crew) -> None:
        row = against_east(crew.agent, at=timezone.now())
        browser = client_of(crew.agent)
        assert (
            do(browser, row, "hand_over", department="operations", demand="查", limit_hours=6).status_code
            == 200
        )
        assert (
            do(browser, row, "note", text="备注", mentions=[crew.supervisor.work_number]).status_code == 200
        )
        assert do(browser, row, "reply", channel="telephone", text="正在查").status_code == 200
        body = do(browser, row, "chase", answer="正在查").json()
        assert body["chase_count"] == 1
        assert {one["department"] for one in body["handovers"]} == {"inspection", "branch_east", "operations"}

    @pytest.mark.parametrize(
        ("act", "role"), [("cancel", "agent"), ("merge", "agent"), ("take_over", "agent")]
    )
    def test_an_act_without_its_right_is_a_403(self, crew: Crew, act: str, role: str) -> None:
        row = register(crew.agent)
        assert do(client(role), row, act, reason="x", into="x").status_code == 403

    def test_a_repeat_acts_once(self, crew: Crew) -> None:
        row = register(crew.agent)
        browser, url = client_of(crew.agent), f"/api/v1/complaints/{row.number}/chase/"
        for _again in range(2):
            post(browser, url, {"answer": "正在查"}, **{"Idempotency-Key": "c-1"})
        row.refresh_from_db()
        assert row.chase_count == 1


def test_pages_and_api_have_the_same_acts() -> None:
    """Whoever can do it on a page can do it by the API, under the same name."""
    from complaints.views.table import BY_CODE

    assert set(BY_CODE) - {act.code for act in ACTS} == set()
    for act in ACTS:
        if act.code not in {"note", "confirm_notice"}:
            assert reverse(BY_CODE[act.code].url_name, args=["TS1"])
