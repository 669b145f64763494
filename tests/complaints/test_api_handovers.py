"""The API of complaints: handovers with their statements and answers, service incidents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.models import ServiceIncident, Statement
from tests import people
from tests.complaints.cases import Crew, against_east, handover
from tests.doors import client_of, post

pytestmark = pytest.mark.django_db


class TestHandovers:
    def test_a_department_lists_its_own_and_hands_in(self, crew: Crew) -> None:
        mine = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        driver = people.employee("branch_east", name="杨勇")
        browser = client_of(crew.handler)
        body = browser.get("/api/v1/handovers/", {"state": "waiting"}).json()["results"]
        assert [one["id"] for one in body] == [mine.pk]
        answer = post(
            browser, f"/api/v1/handovers/{mine.pk}/hand_in/", {"employee": driver.work_number, "text": "漏装"}
        )
        assert answer.status_code == 201
        assert answer.json()["statements"][0]["text"] == "漏装"

    def test_an_answer_names_nobody_and_a_statement_somebody(self, crew: Crew) -> None:
        """CMP-21, CMP-35b."""
        row = against_east(crew.agent, at=timezone.now())
        asked, answering = handover(row, "branch_east"), handover(row, "inspection")
        refused = post(client_of(crew.handler), f"/api/v1/handovers/{asked.pk}/hand_in/", {"text": "漏装"})
        body = refused.json()
        assert (refused.status_code, body["code"]) == (400, "complaint.statement_person_needed")
        assert [*body["fields"]] == ["employee"]
        answer = post(
            client_of(crew.inspector), f"/api/v1/handovers/{answering.pk}/hand_in/", {"text": "属实"}
        )
        assert (answer.status_code, answer.json()["statements"][0]["employee"]) == (201, None)
        assert Statement.objects.count() == 1

    def test_a_statement_names_nobody_of_another_department(self, crew: Crew) -> None:
        """CMP-21: the respondent's own account of its own people."""
        asked = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        foreign = people.employee("branch_west", name="许磊")
        refused = post(
            client_of(crew.handler),
            f"/api/v1/handovers/{asked.pk}/hand_in/",
            {"employee": foreign.work_number, "text": "漏装"},
        )
        body = refused.json()
        assert (refused.status_code, body["code"]) == (400, "complaint.statement_person_elsewhere")
        assert [*body["fields"]] == ["employee"]
        assert Statement.objects.count() == 0
        assert handover(asked.complaint, "branch_east").state == "waiting"

    def test_a_foreign_one_is_not_there(self, crew: Crew) -> None:
        other = handover(against_east(crew.agent), "branch_east")
        browser = client_of(crew.west)
        for act in ("hand_in", "take_up", "send_back"):
            assert post(browser, f"/api/v1/handovers/{other.pk}/{act}/", {}).status_code == 404
        assert Statement.objects.count() == 0

    def test_taken_up_sent_back_waived(self, crew: Crew) -> None:
        one = handover(against_east(crew.agent), "branch_east")
        browser = client_of(crew.handler)
        assert post(browser, f"/api/v1/handovers/{one.pk}/take_up/").json()["accepted_at"]
        body = post(browser, f"/api/v1/handovers/{one.pk}/send_back/", {"reason": "不归我们"}).json()
        assert (body["state"], body["end_reason"]) == ("returned", "不归我们")
        other = handover(
            against_east(crew.agent, caller_telephone="13811112222", waybill_number="86200000001"),
            "branch_east",
        )
        assert post(browser, f"/api/v1/handovers/{other.pk}/waive/", {"reason": "x"}).status_code == 403
        waived = post(
            client_of(crew.supervisor), f"/api/v1/handovers/{other.pk}/waive/", {"reason": "原因已明"}
        )
        assert waived.json()["state"] == "waived"


class TestIncidents:
    def suspected(self, crew: Crew) -> ServiceIncident:
        assert all([crew.enterprise, crew.manager])
        against_east(crew.agent, at=timezone.now() - timedelta(hours=2))
        against_east(crew.agent, at=timezone.now() - timedelta(hours=1), channel="online")
        return ServiceIncident.objects.get()

    def test_confirmed_it_tells_and_stands(self, crew: Crew) -> None:
        incident = self.suspected(crew)
        browser = client_of(crew.supervisor)
        shown = browser.get(f"/api/v1/incidents/{incident.number}/").json()
        assert shown["allowed_actions"] == ["confirm", "refute"]
        body = post(browser, f"/api/v1/incidents/{incident.number}/confirm/").json()
        assert (body["state"], body["allowed_actions"]) == ("confirmed", [])
        assert body["told"] >= 2

    def test_refuted_it_is_withdrawn(self, crew: Crew) -> None:
        incident = self.suspected(crew)
        browser = client_of(crew.supervisor)
        assert (
            post(browser, f"/api/v1/incidents/{incident.number}/refute/", {"reason": ""}).status_code == 400
        )
        body = post(browser, f"/api/v1/incidents/{incident.number}/refute/", {"reason": "另一车货"}).json()
        assert body["state"] == "withdrawn"

    def test_a_confirmed_one_is_not_confirmed_again(self, crew: Crew) -> None:
        incident = self.suspected(crew)
        browser = client_of(crew.supervisor)
        post(browser, f"/api/v1/incidents/{incident.number}/confirm/")
        assert post(browser, f"/api/v1/incidents/{incident.number}/confirm/").status_code == 409

    def test_enterprise_management_reads_and_decides_nothing(self, crew: Crew) -> None:
        incident = self.suspected(crew)
        browser = client_of(crew.enterprise)
        assert browser.get(f"/api/v1/incidents/{incident.number}/").json()["allowed_actions"] == []
        assert post(browser, f"/api/v1/incidents/{incident.number}/confirm/").status_code == 403
