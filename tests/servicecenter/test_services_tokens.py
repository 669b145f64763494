"""API tokens: shown once, stored as a hash, limited in scope and time."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from organization.models import User
from servicecenter import tokens
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import ApiToken, TrailEntry

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.servicecenter.acts")]


def call(plain: str, method: str = "post") -> Any:
    return getattr(Client(), method)(
        "/api/act/",
        {"said": "x"},
        content_type="application/json",
        headers={"Authorization": f"Token {plain}"},
    )


def test_a_token_opens_the_api_for_its_user_and_is_stored_as_a_hash(agent: User) -> None:
    token, plain = tokens.make(user=agent, name="导入", by=agent)
    assert call(plain).status_code == 201
    token.refresh_from_db()
    assert plain.startswith(f"{token.prefix}") and len(plain) > 40
    assert plain not in str(ApiToken.objects.values_list())
    assert token.last_used_at is not None
    assert token.expires_at is not None
    assert timedelta(days=364) < token.expires_at - now_db() < timedelta(days=366)
    entry = TrailEntry.objects.filter(code="token.made").get()
    assert (entry.by, entry.params["name"]) == (agent, "导入")
    assert plain not in str(entry.params)


def test_two_tokens_are_never_alike(agent: User) -> None:
    assert len({tokens.make(user=agent, name="x", by=None)[1] for _ in range(20)}) == 20


def test_a_revoked_an_expired_and_a_wrong_token_open_nothing(agent: User) -> None:
    token, plain = tokens.make(user=agent, name="x", by=None)
    assert call(plain + "x").status_code == 401
    ApiToken.objects.update(expires_at=now_db() - timedelta(seconds=1))
    assert call(plain).status_code == 401
    ApiToken.objects.update(expires_at=now_db() + timedelta(days=1))
    assert call(plain).status_code == 201
    tokens.revoke(token=token, by=agent)
    tokens.revoke(token=token, by=agent)
    answer = call(plain)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert TrailEntry.objects.filter(code="token.revoked").count() == 1


def test_a_token_that_may_only_read_writes_nothing(agent: User) -> None:
    _token, plain = tokens.make(user=agent, name="x", read_only=True, by=None)
    assert call(plain).status_code == 403
    assert not TrailEntry.objects.filter(code="login").exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "token.name_needed"),
        ({"days": 0}, "token.days"),
        ({"days": -1}, "token.days"),
        ({"days": 2000}, "token.days"),
    ],
)
def test_a_token_needs_a_name_and_an_end(agent: User, values: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        tokens.make(user=agent, by=None, **({"name": "x"} | values))
    assert caught.value.code == code
    assert not ApiToken.objects.exists()


def test_the_command_prints_the_token_alone(agent: User) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("make_token", agent.work_number, "--read-only", "--days", "30", stdout=out, stderr=err)
    plain = out.getvalue().strip()
    token = ApiToken.objects.get(token_hash=tokens.digest_of(plain))
    assert (token.user, token.read_only, token.name) == (agent, True, "command line")
    assert agent.work_number in err.getvalue()
    with pytest.raises(CommandError, match="there is no user 9999"):
        call_command("make_token", "9999")
    with pytest.raises(CommandError):
        call_command("make_token", agent.work_number, "--days", "0")
