"""One's own account: password, sessions, API tokens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from servicecenter import tokens
from servicecenter.models import ApiToken, LoginSession, TrailEntry
from tests import people
from tests.servicecenter.test_views_login import enter

pytestmark = pytest.mark.django_db


def change(client: Client, old: str, new: str, again: str | None = None) -> Any:
    return client.post("/profile/password/", {"old": old, "new": new, "again": again or new})


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(client: Client) -> None:
    user = people.user("agent")
    other = Client()
    enter(other, user)
    enter(client, user)
    assert change(client, people.PASSWORD, "a-quite-new-phrase-9").status_code == 302
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    assert LoginSession.objects.get().session_key == client.session.session_key
    assert enter(Client(), user).status_code == 400


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        pytest.param("wrong", "a-quite-new-phrase-9", None, id="old-one-wrong"),
        pytest.param(people.PASSWORD, "short9", None, id="too-short"),
        pytest.param(people.PASSWORD, "password123", None, id="too-common"),
        pytest.param(people.PASSWORD, "a-quite-new-phrase-9", "another-phrase-99", id="not-the-same"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    client: Client, old: str, new: str, again: str | None
) -> None:
    user = people.user("agent")
    enter(client, user)
    assert change(client, old, new, again).status_code == 422
    user.refresh_from_db()
    assert user.check_password(people.PASSWORD)


def test_my_sessions_lists_where_i_am_logged_in_and_ends_one(client: Client) -> None:
    user = people.user("agent")
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537")
    enter(other, user)
    enter(client, user)
    page = client.get("/profile/").content.decode()
    assert "Chrome · Windows" in page
    row = LoginSession.objects.exclude(session_key=client.session.session_key).get()
    client.post(f"/profile/sessions/{row.pk}/")
    assert other.get("/profile/").status_code == 302
    assert client.get("/profile/").status_code == 200
    assert TrailEntry.objects.filter(code="session.revoked").count() == 1


def test_a_foreign_session_cannot_be_ended(client: Client) -> None:
    victim = Client()
    enter(victim, people.user("agent", name="吴凡"))
    row = LoginSession.objects.get()
    enter(client, people.user("agent"))
    assert client.post(f"/profile/sessions/{row.pk}/").status_code == 404
    assert victim.get("/profile/").status_code == 200


def test_ending_all_others_leaves_this_one(client: Client) -> None:
    user = people.user("agent")
    others = [Client(), Client()]
    for other in others:
        enter(other, user)
    enter(client, user)
    client.post("/profile/sessions/")
    assert [other.get("/profile/").status_code for other in others] == [302, 302]
    assert client.get("/profile/").status_code == 200


def test_a_token_is_shown_once_and_works(client: Client) -> None:
    user = people.user("agent")
    client.force_login(user)
    page = client.post(
        "/profile/tokens/", {"name": "电话系统", "days": "30", "read_only": "on"}
    ).content.decode()
    plain = re.search(r"sc_[\w-]{40,}", page)
    assert plain
    assert plain.group() not in client.get("/profile/").content.decode()
    token = ApiToken.objects.get()
    assert (token.user_id, token.read_only, token.name) == (user.pk, True, "电话系统")
    assert plain.group() not in token.token_hash
    answer = Client().get("/api/schema/", headers={"Authorization": f"Token {plain.group()}"})
    assert answer.status_code == 200


def test_a_token_needs_a_name(client: Client) -> None:
    client.force_login(people.user("agent"))
    assert client.post("/profile/tokens/", {"name": " ", "days": "30"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing_any_more(client: Client) -> None:
    user = people.user("agent")
    token, plain = tokens.make(user=user, name="old", by=user)
    client.force_login(user)
    assert "old" in client.get(f"/profile/tokens/{token.pk}/revoke/").content.decode()
    client.post(f"/profile/tokens/{token.pk}/revoke/", {"idempotency_key": "k1"})
    answer = Client().get("/api/schema/", headers={"Authorization": f"Token {plain}"})
    assert answer.status_code == 401


def test_a_foreign_token_cannot_be_revoked(client: Client) -> None:
    owner = people.user("agent", name="吴凡")
    token, _plain = tokens.make(user=owner, name="theirs", by=owner)
    client.force_login(people.user("agent"))
    assert client.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
