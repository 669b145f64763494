"""Pages about records of other apps: notices, files, revealed values, search; always through their visibility."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from organization.models import Department
from servicecenter import attachments, notices
from servicecenter.clock import now_db
from servicecenter.kernel.masking import mask_name
from servicecenter.models import Attachment, Notice, TrailEntry
from tests import people
from tests.servicecenter import uploads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _subjects(settings: Any) -> None:
    settings.PORTS = settings.PORTS | {
        "servicecenter.subject": {"organization.department": "tests.servicecenter.subjects.department"},
        "servicecenter.search": {"organization": "organization.queries.search_hits"},
    }


@pytest.fixture
def agent(client: Client) -> Any:
    client.user = people.user("agent")
    client.force_login(client.user)
    return client


def tell(user: Any, *, about: Any = None, hours_ago: int = 0, key: str = "k", level: str = "info") -> Notice:
    return notices.tell(
        [user],
        "outbox.parked",
        about=about,
        at=now_db() - timedelta(hours=hours_ago),
        level=level,
        key=key,
        count=1,
        recipient="a@example.invalid",
    )[0]


def test_the_bell_counts_what_is_unread_and_is_ones_own(agent: Any) -> None:
    tell(agent.user, key="1")
    tell(agent.user, key="2")
    tell(people.user("agent", name="吴凡"), key="3")
    assert agent.get("/shell/counts/").json()["unread"] == 2
    assert "通知 2 条未读" in agent.get("/notices/").content.decode()


def test_notices_stand_newest_first(agent: Any) -> None:
    old, new = tell(agent.user, key="1", hours_ago=5), tell(agent.user, key="2")
    page = agent.get("/notices/").content.decode()
    assert page.index(f"/notices/{new.pk}/") < page.index(f"/notices/{old.pk}/")


def test_fifty_a_page_and_none_twice(agent: Any) -> None:
    for number in range(60):
        tell(agent.user, key=str(number))
    first = agent.get("/notices/").context["page"]
    second = agent.get("/notices/", {"cursor": first.next_cursor}).context["page"]
    seen = [row.pk for row in first.rows + second.rows]
    assert (len(first.rows), len(second.rows), len(set(seen))) == (50, 10, 60)
    assert agent.get("/notices/", {"cursor": first.next_cursor, "show": "all"}).status_code == 400


def test_opening_a_notice_reads_it_and_leads_to_its_record(agent: Any) -> None:
    home = agent.user.employee.department
    notice = tell(agent.user, about=home)
    answer = agent.post(f"/notices/{notice.pk}/")
    assert answer["Location"] == "/departments/service_centre/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_record_that_is_no_longer_ones_own_is_not_opened(agent: Any) -> None:
    notice = tell(agent.user, about=people.department("branch_east"))
    answer = agent.post(f"/notices/{notice.pk}/", follow=True)
    assert answer.redirect_chain == [("/notices/", 302)]
    assert "不再是您可见的" in answer.content.decode()


def test_a_foreign_notice_is_not_there(agent: Any) -> None:
    notice = tell(people.user("agent", name="吴凡"))
    assert agent.post(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_all_reads_ones_own_alone(agent: Any) -> None:
    tell(agent.user)
    foreign = tell(people.user("agent", name="吴凡"), key="2")
    agent.post("/notices/read/")
    assert list(Notice.objects.filter(read_at=None)) == [foreign]


def test_looking_at_the_list_reads_nothing(agent: Any) -> None:
    tell(agent.user)
    agent.get("/notices/")
    agent.get("/notices/", {"menu": "1"})
    assert Notice.objects.filter(read_at=None).count() == 1


def test_a_file_is_uploaded_before_its_form_is_saved(agent: Any) -> None:
    answer = agent.post("/attachments/", {"file": uploads.upload("配送单.png", uploads.image())})
    assert answer.status_code == 201
    kept = Attachment.objects.get()
    assert answer.json() == {
        "id": kept.public_id,
        "name": "配送单.png",
        "size": kept.size,
        "url": f"/attachments/{kept.public_id}/",
    }
    assert (kept.uploaded_by_id, kept.bound_at) == (agent.user.pk, None)


def test_a_refused_file_says_why(agent: Any) -> None:
    answer = agent.post("/attachments/", {"file": uploads.upload("prize.exe", uploads.EXE)})
    assert answer.status_code == 422
    assert answer.json()["code"] == "attachment.type"
    assert "prize.exe" in answer.json()["message"]
    assert not Attachment.objects.exists()


def test_no_file_is_no_upload(agent: Any) -> None:
    assert agent.post("/attachments/", {}).status_code == 400


def test_a_file_is_downloaded_never_shown(agent: Any) -> None:
    kept = attachments.store(file=uploads.upload("图 1.png", uploads.image()), by=agent.user)
    answer = agent.get(f"/attachments/{kept.public_id}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%9B%BE%201.png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    answer.close()


def test_an_unsaved_upload_is_its_uploaders_alone(agent: Any) -> None:
    kept = attachments.store(file=uploads.upload("a.png", uploads.image()), by=agent.user)
    other = Client()
    other.force_login(people.user("supervisor"))
    assert other.get(f"/attachments/{kept.public_id}/").status_code == 404


def test_a_saved_file_is_seen_by_who_sees_its_record(agent: Any) -> None:
    branch = people.department("branch_east")
    kept = attachments.store(file=uploads.upload("a.png", uploads.image()), by=agent.user)
    attachments.bind(public_ids=[kept.public_id], to=branch, by=agent.user, at=now_db())
    assert agent.get(f"/attachments/{kept.public_id}/").status_code == 404
    handler = Client()
    handler.force_login(people.user("handler"))
    answer = handler.get(f"/attachments/{kept.public_id}/")
    assert answer.status_code == 200
    answer.close()


def test_nobody_downloads_without_a_login(client: Client) -> None:
    kept = attachments.store(file=uploads.upload("a.png", uploads.image()), by=people.user("agent"))
    assert client.get(f"/attachments/{kept.public_id}/").status_code == 302


@pytest.fixture
def secret_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """For these tests a department's code is a personal value: the ground floor itself holds none."""
    monkeypatch.setattr(Department, "PERSONAL", {"code": mask_name}, raising=False)


def question(department: Department, what: str = "code") -> str:
    return f"/reveal/?kind=organization.department&id={department.pk}&what={what}"


def test_prv02_a_value_is_shown_for_a_reason_and_recorded(agent: Any, secret_code: None) -> None:
    home = agent.user.employee.department
    asked = agent.get(question(home)).content.decode()
    assert "service_centre" not in asked.split("<main")[1]
    answer = agent.post(question(home), {"reason": "客户来电核对"})
    assert "service_centre" in answer.content.decode()
    entry = TrailEntry.objects.get(code="reveal")
    assert (entry.by_id, entry.object_id, entry.params["reason"]) == (agent.user.pk, home.pk, "客户来电核对")


def test_prv02_without_a_reason_nothing_is_shown(agent: Any, secret_code: None) -> None:
    home = agent.user.employee.department
    for reason in ("", "   "):
        answer = agent.post(question(home), {"reason": reason})
        assert answer.status_code == 422
        assert "service_centre" not in answer.content.decode().split("<main")[1]
    assert not TrailEntry.objects.filter(code="reveal").exists()


def test_prv02_a_foreign_record_or_another_field_is_not_there(agent: Any, secret_code: None) -> None:
    home, foreign = agent.user.employee.department, people.department("branch_east")
    for address in (
        question(foreign),
        question(home, "names"),
        question(home, "password"),
        "/reveal/?kind=organization.user&id=1&what=password",
        "/reveal/?kind=no.such&id=1&what=x",
        "/reveal/?kind=organization.department&id=1;drop&what=code",
        "/reveal/?kind=organization.department&id=²&what=code",
        "/reveal/",
    ):
        assert agent.post(address, {"reason": "x"}).status_code == 404, address
    assert not TrailEntry.objects.filter(code="reveal").exists()


def test_prv02_without_the_right_it_is_refused(client: Client, secret_code: None) -> None:
    user = people.user()
    client.force_login(user)
    answer = client.post(question(user.employee.department), {"reason": "x"})
    assert answer.status_code == 403
    assert not TrailEntry.objects.filter(code="reveal").exists()


def test_the_box_finds_through_each_apps_own_visibility(client: Client) -> None:
    people.employee("branch_east", name="欧阳静")
    client.force_login(people.user("administrator"))
    assert "欧阳静" in client.get("/search/", {"q": "欧阳"}, follow=True).content.decode()


def test_one_sign_is_too_little_to_search_for(agent: Any) -> None:
    answer = agent.get("/search/", {"q": "欧"})
    assert answer.status_code == 200
    assert answer.context["total"] == 0


def test_the_palette_offers_the_users_places(client: Client) -> None:
    client.force_login(people.user("administrator"))
    answer = client.get("/palette/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_the_text_of_a_search_is_text(agent: Any) -> None:
    page = agent.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
