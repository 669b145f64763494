"""What is kept while working: drafts, saved views, presence, language, theme and row height."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from servicecenter import drafts, saved_views
from servicecenter.clock import now_db
from servicecenter.models import Draft, Presence, SavedView
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> Any:
    user = people.user("agent")
    client.force_login(user)
    client.user = user
    return client


def keep(client: Client, form: str, data: Any) -> Any:
    return client.post("/drafts/", json.dumps({"form": form, "data": data}), content_type="application/json")


def test_a_draft_is_kept_and_found_again(agent: Client) -> None:
    assert keep(agent, "complaints.intake", {"text": ["三天没人回电"], "tags": ["a", "b"]}).status_code == 200
    found = agent.get("/drafts/", {"form": "complaints.intake"}).json()
    assert found["data"] == {"text": ["三天没人回电"], "tags": ["a", "b"]}
    assert ":" in found["when"]


def test_the_next_draft_of_the_form_replaces_the_last(agent: Client) -> None:
    keep(agent, "complaints.intake", {"text": ["one"]})
    keep(agent, "complaints.intake", {"text": ["two"]})
    assert Draft.objects.get().data == {"text": ["two"]}


def test_a_draft_is_its_writers_alone(agent: Client) -> None:
    keep(agent, "complaints.intake", {"text": ["mine"]})
    other = Client()
    other.force_login(people.user("agent", name="吴凡"))
    assert other.get("/drafts/", {"form": "complaints.intake"}).json() == {"data": None}
    keep(other, "complaints.intake", None)
    assert Draft.objects.count() == 1


def test_discarding_drops_it(agent: Client) -> None:
    keep(agent, "complaints.intake", {"text": ["x"]})
    keep(agent, "complaints.intake", None)
    assert not Draft.objects.exists()


def test_saving_the_form_drops_it(agent: Any) -> None:
    keep(agent, "complaints.intake", {"text": ["x"]})
    drafts.discard(user=agent.user, form="complaints.intake")
    assert agent.get("/drafts/", {"form": "complaints.intake"}).json() == {"data": None}


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        '{"form": "x"}',
        '{"form": 7, "data": {}}',
        '{"form": "../../etc passwd", "data": {}}',
        '{"form": "x", "data": {"a": "text"}}',
        '{"form": "x", "data": {"a": [1]}}',
        '{"form": "x", "data": [1]}',
        '{"form": "x", "data": {"a": ["b\\u0000"]}}',
        '{"form": "x", "data": {"a\\u0000": ["b"]}}',
        '{"form": "x", "data": {"a": ["\\ud800"]}}',
    ],
)
def test_what_is_no_draft_is_refused(agent: Client, body: str) -> None:
    assert agent.post("/drafts/", body, content_type="application/json").status_code == 400
    assert not Draft.objects.exists()


def test_a_draft_has_a_size(agent: Client) -> None:
    assert keep(agent, "complaints.intake", {"text": ["x" * 70_000]}).status_code == 413
    assert not Draft.objects.exists()


def test_drafts_need_a_login(client: Client) -> None:
    assert keep(client, "complaints.intake", {}).status_code == 302
    assert not Draft.objects.exists()


def save(client: Client, name: str, query: str, route: str = "notices") -> Any:
    return client.post("/views/", {"route": route, "name": name, "query": query})


def test_the_address_is_the_view(agent: Client) -> None:
    save(agent, "城东晚送", "show=all&cursor=abc&empty=&a=1")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("城东晚送", "a=1&show=all")
    page = agent.get("/views/", {"route": "notices", "query": "show=all&a=1"}).content.decode()
    assert 'href="/notices/?a=1&amp;show=all" aria-current="page"' in page


def test_the_same_name_is_overwritten(agent: Client) -> None:
    save(agent, "mine", "show=all")
    save(agent, " mine ", "show=new")
    assert SavedView.objects.get().query == "show=new"


def test_a_view_needs_a_name_and_a_list(agent: Client) -> None:
    assert save(agent, "  ", "show=all").status_code == 422
    assert save(agent, "x", "show=all", route="no-such-list").status_code == 422
    assert not SavedView.objects.exists()


def test_views_are_their_owners_alone(agent: Client) -> None:
    save(agent, "mine", "show=all")
    view = SavedView.objects.get()
    other = Client()
    other.force_login(people.user("agent", name="吴凡"))
    assert "mine" not in other.get("/views/", {"route": "notices"}).content.decode()
    assert other.post(f"/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_deleting_a_view_can_be_undone(agent: Client) -> None:
    save(agent, "mine", "show=all")
    view = SavedView.objects.get()
    answer = agent.post(f"/views/{view.pk}/delete/", headers={"HX-Request": "true"})
    assert not SavedView.objects.exists()
    told = json.loads(answer["HX-Trigger"])
    assert told["saved-views-changed"] is True
    assert told["wb-saved"] == {"toast": "视图 mine 已删除。", "undo": "/views/restore/"}
    agent.post("/views/restore/")
    assert SavedView.objects.get().query == "show=all"


def test_there_is_an_end_to_views(agent: Any) -> None:
    for number in range(saved_views.MOST_VIEWS):
        saved_views.save_view(by=agent.user, route="notices", name=f"v{number}", query="a=1")
    assert save(agent, "one more", "a=2").status_code == 422
    assert SavedView.objects.count() == saved_views.MOST_VIEWS
    assert save(agent, "v3", "a=2").status_code == 200  # overwriting is no further one


def test_cmp51_each_sees_who_else_is_there() -> None:
    first, second = people.user("agent"), people.user("supervisor")
    subject = {"kind": "complaints.complaint", "object_id": 7}
    assert saved_views.here(user=first, **subject) == []
    assert [other.name for other in saved_views.here(user=second, **subject)] == ["陈晓燕"]
    assert [other.name for other in saved_views.here(user=first, **subject)] == ["林志远"]
    assert Presence.objects.count() == 2


def test_cmp51_whoever_leaves_is_gone_and_after_a_minute_everybody_is() -> None:
    first, second = people.user("agent"), people.user("supervisor")
    subject = {"kind": "complaints.complaint", "object_id": 7}
    saved_views.here(user=first, **subject)
    Presence.objects.update(seen_at=now_db() - saved_views.PRESENT_FOR)
    assert saved_views.here(user=second, **subject) == []
    saved_views.gone(user=second, **subject)
    assert saved_views.here(user=first, **subject) == []


def test_cmp51_presence_tells_nothing_about_records_one_may_not_see(agent: Any, settings: Any) -> None:
    settings.PORTS = settings.PORTS | {
        "servicecenter.subject": {"organization.department": "tests.servicecenter.subjects.department"}
    }
    foreign = people.department("branch_east").pk
    assert agent.post("/presence/", {"subject": f"organization.department:{foreign}"}).status_code == 404
    assert agent.post("/presence/", {"subject": "auth.user:1"}).status_code == 404
    assert agent.post("/presence/", {"subject": "organization.department:1 or 1=1"}).status_code == 400
    assert not Presence.objects.exists()
    own = agent.user.employee.department_id
    answer = agent.post("/presence/", {"subject": f"organization.department:{own}"})
    assert answer.json() == {"others": []}
    agent.post("/presence/", {"subject": f"organization.department:{own}", "gone": "1"})
    assert not Presence.objects.exists()


def test_the_language_is_the_users_on_every_machine(agent: Any) -> None:
    agent.post("/language/", {"language": "en"})
    agent.user.refresh_from_db()
    assert agent.user.language == "en"
    elsewhere = Client(headers={"accept-language": "zh-CN"})
    elsewhere.force_login(agent.user)
    assert 'lang="en"' in elsewhere.get("/notices/").content.decode()


def test_before_the_login_the_language_is_kept_in_a_cookie(client: Client) -> None:
    client.post("/language/", {"language": "zh-hant"})
    assert client.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "zh-hant"
    assert 'lang="zh-Hant"' in client.get("/login/").content.decode()


def test_an_unknown_language_is_refused(agent: Any) -> None:
    assert agent.post("/language/", {"language": "xx"}).status_code == 400
    agent.user.refresh_from_db()
    assert agent.user.language == "zh-hans"


def test_a_get_changes_nothing(agent: Any) -> None:
    assert agent.get("/language/", {"language": "en"}).status_code == 405
    assert agent.get("/taste/", {"theme": "dark"}).status_code == 405


def test_theme_and_row_height_are_the_users(agent: Any) -> None:
    agent.post("/taste/", {"theme": "dark", "density": "compact"})
    agent.user.refresh_from_db()
    assert (agent.user.theme, agent.user.density) == ("dark", "compact")
    page = agent.get("/notices/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page


def test_theme_before_login_is_the_cookies(client: Client) -> None:
    client.post("/taste/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/login/").content.decode()


@pytest.mark.parametrize("sent", [{"theme": "pink"}, {"density": "huge"}, {}])
def test_an_unknown_taste_is_refused(agent: Any, sent: dict[str, str]) -> None:
    assert agent.post("/taste/", sent).status_code == 400
    agent.user.refresh_from_db()
    assert (agent.user.theme, agent.user.density) == ("auto", "cosy")


def test_the_frame_costs_four_queries(agent: Any, django_assert_num_queries: Any) -> None:
    """Session, user, rights, unread notices; everything else of the frame is asked for by a fragment."""
    agent.get("/help/")
    with django_assert_num_queries(4):
        agent.get("/help/")
