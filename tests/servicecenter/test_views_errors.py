"""Errors in words: page, fragment, API; with the policy that forbids foreign and inline code on every answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from servicecenter import urls
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import SavedView
from tests import people

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def raising(problem: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise problem

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("boom/", raising(RuntimeError("secret detail"))),
    path("away/", raising(OperationalError("no connection"))),
    path("forbidden/", raising(PermissionDenied())),
    path("malformed/", raising(BadRequest())),
    path("rule/", raising(RuleBroken("lifecycle.stale", number="TS261118-0117"))),
    path("api/v1/away/", raising(OperationalError("no connection"))),
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
pytestmark = [pytest.mark.urls(__name__)]


@pytest.fixture
def agent(client: Client, db: None) -> Client:
    client.force_login(people.user("agent"))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing-here/", 404, "这里没有内容"),
        ("/forbidden/", 403, "您没有这项权限"),
        ("/malformed/", 400, "请求无法识别"),
        ("/rule/", 409, "TS261118-0117 期间被别人改过"),
        ("/boom/", 500, "系统出错了"),
        ("/away/", 503, "数据库暂时连不上"),
    ],
)
def test_an_error_says_what_is_wrong_and_what_to_do(
    agent: Client, address: str, status: int, words: str
) -> None:
    page = agent.get(address)
    assert page.status_code == status
    assert words in page.content.decode()
    assert "secret detail" not in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()
    assert page["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("address", ["/nothing-here/", "/forbidden/", "/rule/", "/away/"])
def test_a_script_gets_the_error_without_the_frame(agent: Client, address: str) -> None:
    text = agent.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "data-error-text" in text
    assert "<html" not in text
    assert "wb-rail" not in text


def test_the_api_gets_json(agent: Client) -> None:
    answer = agent.get("/api/v1/away/")
    assert answer.status_code == 503
    assert answer.json()["code"] == "database_away"
    assert answer["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search/?q=%00", 200),
        ("/notices/%00/", 404),
        ("/attachments/a%00/", 404),
        ("/waybills/8620%00/", 404),
        ("/notices/?show=all&x=%00", 200),
        ("/api/v1/search/?q=%00", 200),
        ("/api/v1/attachments/?kind=complaints.complaint&number=%00", 400),
    ],
)
def test_a_nul_in_an_address_finds_nothing(agent: Client, address: str, status: int) -> None:
    assert agent.get(address).status_code == status


def test_a_nul_in_what_no_form_has_looked_at_is_a_bad_request_and_nothing_is_kept(agent: Client) -> None:
    page = agent.post("/views/", {"route": "notices", "name": "a\0", "query": "a=1"})
    assert page.status_code == 400
    assert "请求无法识别" in page.content.decode()
    assert not SavedView.objects.exists()


def test_a_page_read_while_the_database_is_away_tries_again_by_itself(agent: Client) -> None:
    assert 'http-equiv="refresh" content="5"' in agent.get("/away/").content.decode()
    assert "http-equiv" not in agent.post("/away/").content.decode()


def test_without_the_database_the_error_pages_still_stand(client: Client) -> None:
    """No `db` mark: any query would fail this test."""
    client.raise_request_exception = False
    for address in ("/away/", "/boom/"):
        answer = client.get(address)
        assert "<h1>" in answer.content.decode()
        answer = client.get(address, headers={"HX-Request": "true"})
        assert "data-error-text" in answer.content.decode()


def test_a_connection_lost_before_the_view_is_a_503_too(client: Client, transactional_db: None) -> None:
    """The session is read by middleware: its failure must not be told as ours."""
    client.force_login(people.user("agent"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    own = connection.get_connection_params()
    with closing(
        psycopg2.connect(**{key: own[key] for key in ("host", "dbname", "user") if key in own})
    ) as other:
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [backend])
        other.commit()
    client.raise_request_exception = False
    answer = client.get("/notices/")
    assert answer.status_code == 503
    assert "数据库暂时连不上" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing-here/", 404, "这里没有内容"),
        ("/boom/", 500, "系统出错了"),
        ("/away/", 503, "数据库暂时连不上"),
    ],
)
def test_without_the_list_of_static_files_an_error_is_still_told(
    agent: Client, settings: Any, tmp_path: Path, address: str, status: int, words: str
) -> None:
    """`collectstatic` has not run: no page can be drawn that names a file of its own."""
    hashed = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": hashed}}
    settings.STATIC_ROOT = tmp_path
    page = agent.get(address)
    assert page.status_code == status
    assert words in page.content.decode()
    assert "/static/" not in page.content.decode()
    assert agent.get("/notices/").status_code == 500


def test_a_stale_form_says_so(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.user("agent"))
    answer = strict.post("/logout/")
    assert answer.status_code == 403
    assert "这张表单已过期" in answer.content.decode()


def test_an_error_speaks_the_users_language(client: Client, db: None) -> None:
    client.force_login(people.user("agent", language="en"))
    assert "There is nothing here" in client.get("/nothing-here/").content.decode()
    client.force_login(people.user("agent", language="zh-hant"))
    assert "這裡沒有內容" in client.get("/nothing-here/").content.decode()


def test_pages_of_a_user_are_never_stored(agent: Client) -> None:
    answer: Any = agent.get("/notices/")
    assert answer["Cache-Control"] == "no-store"
    assert "HX-Request" in answer["Vary"]
    assert answer["X-Content-Type-Options"] == "nosniff"
