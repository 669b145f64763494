"""The API of measures and of a ticket's papers (CMP-03, CMP-25, CMP-27)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from complaints.models import CorrectiveAction, WrittenNotice
from tests.complaints import cases
from tests.complaints.cases import Crew
from tests.doors import client, client_of

pytestmark = pytest.mark.django_db
API = "/api/v1"


def post(browser: Client, path: str, body: Any = None, **head: str) -> Any:
    return browser.post(f"{API}{path}", body or {}, content_type="application/json", headers=head)


@pytest.fixture
def measure(crew: Crew) -> CorrectiveAction:
    """One that the east branch is to carry out."""
    return cases.found(crew, actions=[cases.measure()]).actions.get()


class TestMeasures:
    def test_carried_out_reviewed_and_verified_by_three_people(
        self, crew: Crew, measure: CorrectiveAction
    ) -> None:
        """CMP-27."""
        path = f"/measures/{measure.pk}"
        manager = client("department_manager", department="branch_east")
        early = post(manager, f"{path}/review/")
        assert (early.status_code, early.json()["code"]) == (409, "complaint.action_not_done")
        done = post(client_of(crew.handler), f"{path}/carry_out/", {"result": "已培训"})
        assert (done.status_code, done.json()["result"], done.json()["reviewed_at"]) == (200, "已培训", None)
        unseen = post(client_of(crew.agent), f"{path}/verify/", {"effect": "一月无投诉"})
        assert (unseen.status_code, unseen.json()["code"]) == (409, "complaint.action_not_reviewed")
        assert post(manager, f"{path}/review/").json()["reviewed_at"] is not None
        verified = post(client_of(crew.agent), f"{path}/verify/", {"effect": "一月无投诉"}).json()
        assert (verified["effect"], verified["complaint"]) == ("一月无投诉", measure.complaint.number)
        assert verified["verified_at"] is not None

    def test_without_the_right_or_out_of_sight_nothing_is_done(
        self, crew: Crew, measure: CorrectiveAction
    ) -> None:
        path = f"/measures/{measure.pk}"
        assert post(client_of(crew.west), f"{path}/carry_out/", {"result": "x"}).status_code == 404
        assert post(client_of(crew.agent), f"{path}/carry_out/", {"result": "x"}).status_code == 403
        assert post(client_of(crew.handler), f"{path}/verify/", {"effect": "x"}).status_code == 403
        assert post(client_of(crew.handler), f"{path}/carry_out/").status_code == 400
        measure.refresh_from_db()
        assert (measure.done_at, measure.reviewed_at, measure.verified_at) == (None, None, None)

    def test_the_list_is_of_ones_departments_by_step(self, crew: Crew, measure: CorrectiveAction) -> None:
        handler = client_of(crew.handler)
        listed = handler.get(f"{API}/measures/?step=open").json()["results"]
        assert [line["id"] for line in listed] == [measure.pk]
        assert handler.get(f"{API}/measures/?step=done").json()["results"] == []
        assert handler.get(f"{API}/measures/?step=nonsense").status_code == 400
        assert client_of(crew.west).get(f"{API}/measures/").json()["results"] == []

    @pytest.mark.parametrize("role", ["controller", "management"])
    def test_who_reads_every_ticket_reads_their_measures_and_does_none(
        self, crew: Crew, measure: CorrectiveAction, role: str
    ) -> None:
        reader = client(role)
        assert [line["id"] for line in reader.get(f"{API}/measures/").json()["results"]] == [measure.pk]
        assert reader.get(f"{API}/measures/{measure.pk}/").json()["complaint"] == measure.complaint.number
        for act, said in (("carry_out", {"result": "x"}), ("review", {}), ("verify", {"effect": "x"})):
            assert post(reader, f"/measures/{measure.pk}/{act}/", said).status_code == 403
        measure.refresh_from_db()
        assert measure.done_at is None


class TestPapers:
    def test_the_sheet_is_a_pdf_whatever_is_accepted(self, crew: Crew) -> None:
        row = cases.against_east(crew.agent)
        answer = client_of(crew.agent).get(
            f"{API}/complaints/{row.number}/sheet/", headers={"Accept": "application/pdf"}
        )
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert client_of(crew.west).get(f"{API}/complaints/{row.number}/sheet/").status_code == 404

    def test_a_notice_is_read_byte_for_byte_and_reprinted_as_a_copy(self, crew: Crew) -> None:
        """CMP-25."""
        cases.notified(crew)
        notice = WrittenNotice.objects.get()
        path = f"/written-notices/{notice.document_number}"
        browser = client_of(crew.agent)
        assert browser.get(f"{API}{path}/").json()["text"] == notice.text
        issued = b"".join(browser.get(f"{API}{path}/paper/").streaming_content)
        assert issued.startswith(b"%PDF-")
        made = post(browser, f"{path}/reprint/", {"reason": "客户遗失"})
        assert (made.status_code, made.json()) == (201, {"copy": 1})
        copy = b"".join(browser.get(f"{API}{path}/paper/?copy=1").streaming_content)
        assert copy.startswith(b"%PDF-") and copy != issued
        assert browser.get(f"{API}{path}/paper/?copy=2").status_code == 404
        assert b"".join(browser.get(f"{API}{path}/paper/?copy=²").streaming_content) == issued
        assert post(browser, f"{path}/reprint/").status_code == 400
        assert client_of(crew.west).get(f"{API}{path}/").status_code in {403, 404}
