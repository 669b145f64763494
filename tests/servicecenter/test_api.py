"""The ground floor in the API: files with a token alone, the inbox, values behind a mask, the search box."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organization.models import User
from servicecenter import attachments, tokens
from servicecenter.models import Attachment, Notice, TrailEntry
from tests import people
from tests.complaints.cases import Crew, against_east, register
from tests.customers.samples import customer
from tests.servicecenter.uploads import PDF, upload

pytestmark = pytest.mark.django_db
API = "/api/v1"
AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


class Machine:
    """A program with a token and without a session."""

    def __init__(self, user: User, **more: Any) -> None:
        self.head = {"Authorization": f"Token {tokens.make(user=user, name='接口', by=user, **more)[1]}"}

    def get(self, path: str, **head: str) -> Any:
        return Client().get(f"{API}{path}", headers=self.head | head)

    def post(self, path: str, body: Any = None, **head: str) -> Any:
        return Client().post(
            f"{API}{path}", body or {}, content_type="application/json", headers=self.head | head
        )

    def send(self, file: Any, **head: str) -> Any:
        return Client().post(f"{API}/attachments/", {"file": file}, headers=self.head | head)


def test_a_token_uploads_a_file_names_it_in_a_note_and_reads_it_back(agent: User) -> None:
    """PRV-05: without any session."""
    ticket, machine = register(agent), Machine(agent)
    sent = machine.send(upload("回单.pdf", PDF))
    assert sent.status_code == 201
    kept = sent.json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("回单.pdf", "application/pdf", len(PDF))
    written = machine.post(
        f"/complaints/{ticket.number}/note/", {"text": "见附件", "attachments": [kept["id"]]}
    )
    assert written.status_code == 200
    assert [file.public_id for file in attachments.of(ticket)] == [kept["id"]]
    assert [file["id"] for file in written.json()["attachments"]] == [kept["id"]]
    answer = machine.get(f"/attachments/{kept['id']}/", Accept="application/pdf")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


def test_the_files_of_a_record_are_listed_for_whoever_sees_it_and_whom_it_is_about(agent: User) -> None:
    """PRV-10."""
    crew = Crew()
    kept = attachments.store(file=upload("a.txt", b"1"), by=agent)
    ticket = against_east(agent, attachment_ids=(kept.public_id,))
    path = f"/attachments/?kind=complaints.complaint&number={ticket.number}"
    assert [row["id"] for row in Machine(agent).get(path).json()] == [kept.public_id]
    by_id = f"/attachments/?kind=complaints.complaint&id={ticket.pk}"
    assert [row["name"] for row in Machine(agent).get(by_id).json()] == ["a.txt"]
    assert Machine(crew.handler).get(f"/complaints/{ticket.number}/").status_code == 200
    for stranger in (crew.handler, crew.west):
        assert Machine(stranger).get(path).status_code == 404
    for wrong in ("?kind=complaints.complaint&number=TS0", "?kind=nonsense&id=1", "?kind=auth.user&id=1", ""):
        assert Machine(agent).get(f"/attachments/{wrong}").status_code == 404, wrong


def test_a_kind_that_is_no_subject_is_not_looked_for(agent: User) -> None:
    number = register(agent).number
    assert TrailEntry.objects.filter(number=number).exists()
    machine = Machine(agent)
    with CaptureQueriesContext(connection) as asked:
        answer = machine.get(f"/attachments/?kind=servicecenter.trailentry&number={number}")
    assert answer.status_code == 404
    assert [one["sql"] for one in asked if TrailEntry._meta.db_table in one["sql"]] == []


def test_anothers_upload_is_not_there_and_an_error_is_told_as_everywhere(agent: User) -> None:
    kept = Machine(people.user("agent", name="别人")).send(upload("a.txt", b"1")).json()["id"]
    answer = Machine(agent).get(f"/attachments/{kept}/", Accept="image/png")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json()["code"] == "not_found"
    assert Client().get(f"{API}/attachments/{kept}/").status_code == 401


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.exe", b"MZ\x90\0" * 9, "attachment.type"), ("a.txt", b"", "invalid")],
)
def test_what_is_not_accepted_is_refused_in_words_and_not_kept(
    agent: User, name: str, content: bytes, code: str
) -> None:
    answer = Machine(agent).send(upload(name, content))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"]
    assert not Attachment.objects.exists()


def test_an_upload_without_a_file_or_with_a_reading_token_keeps_nothing(agent: User) -> None:
    machine = Machine(agent)
    empty = Client().post(f"{API}/attachments/", {"other": "x"}, headers=machine.head)
    assert (empty.status_code, list(empty.json()["fields"])) == (400, ["file"])
    assert machine.post("/attachments/", {"file": "x"}).status_code == 415
    assert Machine(agent, read_only=True).send(upload("a.txt", b"1")).status_code == 403
    assert not Attachment.objects.exists()


def test_the_same_key_keeps_a_file_once(agent: User) -> None:
    """D20."""
    machine = Machine(agent)
    answers = [machine.send(upload("a.txt", b"1"), **{"Idempotency-Key": "k"}) for _n in range(2)]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert answers[1]["Idempotency-Replayed"] == "true"
    kept = Attachment.objects.get()
    assert (kept.size, kept.sha256) == (1, sha256(b"1").hexdigest())


def test_the_same_key_with_another_file_of_the_same_name_and_size_is_refused(agent: User) -> None:
    """D20."""
    machine = Machine(agent)
    assert machine.send(upload("a.txt", b"1"), **{"Idempotency-Key": "k"}).status_code == 201
    other = machine.send(upload("a.txt", b"2"), **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.other_body")
    assert Attachment.objects.get().sha256 == sha256(b"1").hexdigest()
    other = machine.send(upload("b.txt", b"22"), **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.other_body")


def told(user: User, **more: Any) -> Notice:
    return Notice.objects.create(
        user=user, code="clock.warning", params={}, at=AT, number="TS2611-0001", **more
    )


def test_the_inbox_is_read_one_by_one_and_all_at_once(agent: User) -> None:
    first, second, third = told(agent), told(agent), told(agent, read_at=AT)
    foreign = told(people.user("agent", name="别人"))
    machine = Machine(agent)
    rows = machine.get("/notices/").json()["results"]
    assert [row["id"] for row in rows] == [third.pk, second.pk, first.pk]
    assert "TS2611-0001" in rows[0]["text"]
    unread = machine.get("/notices/?unread=true").json()["results"]
    assert [row["id"] for row in unread] == [second.pk, first.pk]
    assert machine.post(f"/notices/{second.pk}/read/").json()["read_at"] is not None
    assert machine.post(f"/notices/{foreign.pk}/read/").status_code == 404
    assert machine.post("/notices/read_all/").json() == {"read": 1}
    assert machine.get("/notices/?unread=true").json()["results"] == []
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_a_notice_read_before_keeps_its_time(agent: User) -> None:
    notice = told(agent, read_at=AT)
    assert Machine(agent).post(f"/notices/{notice.pk}/read/").status_code == 200
    notice.refresh_from_db()
    assert notice.read_at == AT


def test_a_value_is_revealed_for_a_reason_and_recorded(agent: User) -> None:
    """PRV-02."""
    telephone = customer(telephone="13905710421").telephones.get()
    asked = {"kind": "customers.telephone", "id": telephone.pk, "what": "number", "reason": "回电"}
    answer = Machine(agent).post("/reveals/", asked)
    assert (answer.status_code, answer.json()) == (200, {"value": "13905710421"})
    assert "no-store" in answer["Cache-Control"]
    entry = TrailEntry.objects.get(code="reveal")
    assert (entry.by, entry.params["reason"], entry.params["masked"]) == (agent, "回电", "139****0421")
    assert "13905710421" not in str(entry.params)


def test_a_ticket_is_named_by_its_number(agent: User) -> None:
    ticket = register(agent)
    asked = {
        "kind": "complaints.complaint",
        "number": ticket.number,
        "what": "caller_telephone",
        "reason": "回电",
    }
    assert Machine(agent).post("/reveals/", asked).json() == {"value": ticket.caller_telephone}


def test_no_value_without_the_right_a_reason_or_a_record_in_sight(agent: User) -> None:
    """PRV-02, PRV-10."""
    telephone = customer(telephone="13905710421").telephones.get()
    asked = {"kind": "customers.telephone", "id": telephone.pk, "what": "number", "reason": "回电"}
    assert (
        Machine(people.user("handler", department="branch_east")).post("/reveals/", asked).status_code == 403
    )
    machine = Machine(agent)
    for change, status in (
        ({"reason": " "}, 400),
        ({"what": "label"}, 404),
        ({"id": telephone.pk + 9}, 404),
        ({"id": None, "number": telephone.number}, 400),
        ({"kind": "auth.permission"}, 404),
        ({"kind": "nonsense"}, 404),
    ):
        assert machine.post("/reveals/", asked | change).status_code == status, change
    by_itself = {key: value for key, value in asked.items() if key != "id"} | {"number": telephone.number}
    assert machine.post("/reveals/", by_itself).status_code == 404
    assert not TrailEntry.objects.filter(code="reveal").exists()


def test_a_reveal_is_never_answered_from_a_key(agent: User) -> None:
    telephone = customer(telephone="13905710421").telephones.get()
    asked = {"kind": "customers.telephone", "id": telephone.pk, "what": "number", "reason": "回电"}
    machine = Machine(agent)
    answers = [machine.post("/reveals/", asked, **{"Idempotency-Key": "k"}) for _n in range(2)]
    assert [answer.has_header("Idempotency-Replayed") for answer in answers] == [False, False]
    assert TrailEntry.objects.filter(code="reveal").count() == 2


def test_the_search_finds_what_the_box_finds_and_no_more(agent: User) -> None:
    ticket = register(agent)
    found = Machine(agent).get(f"/search/?q={ticket.number}").json()
    hits = [hit for group in found["groups"] for hit in group["hits"]]
    assert [hit["number"] for hit in hits if hit["kind"] == "complaints.complaint"] == [ticket.number]
    assert found["late"] == []
    outside = Machine(people.user("handler", department="settlement")).get(f"/search/?q={ticket.number}")
    assert ticket.number not in str(outside.json()["groups"])
    assert Machine(agent).get("/search/").json() == {"groups": [], "late": []}
