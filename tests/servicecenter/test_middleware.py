"""What every request passes: its id, its address, its log line; health for load balancers."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client, RequestFactory

from servicecenter import heartbeat
from servicecenter.middleware import client_address
from tests import people


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "forged, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "'; DROP TABLE x", None),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_the_callers_and_a_forged_one_is_not_believed(
    settings: Any, proxies: int, forwarded: str, address: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("given", "kept"),
    [("proxy-id.17_a", True), ("short", False), ("x" * 41, False), ("evil\\ninjected", False), ("", False)],
)
def test_a_proxys_request_id_is_taken_if_well_formed_and_else_made(
    client: Client, given: str, kept: bool
) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given} if given else {})
    assert (answer["X-Request-ID"] == given) == kept
    assert len(answer["X-Request-ID"]) >= 6


@pytest.mark.django_db
def test_the_log_line_names_path_and_user_id_but_no_question_and_no_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    agent = people.user("agent", name="陈晓燕")
    client = Client()
    client.force_login(agent)
    caplog.handler.addFilter(__import__("servicecenter.logs", fromlist=["RequestFilter"]).RequestFilter())
    with caplog.at_level(logging.INFO, logger="servicecenter.request"):
        client.get("/nowhere/", {"q": "13900000421", "token": "secret"})
    (record,) = [record for record in caplog.records if record.name == "servicecenter.request"]
    assert record.getMessage().startswith("GET /nowhere/ 404 ")
    assert record.__dict__["user_id"] == agent.pk
    for word in ("13900000421", "secret", "陈晓燕"):
        assert word not in caplog.text


@pytest.mark.django_db
def test_ready_means_the_database_answers_and_says_what_else_is_late(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "redis": "ConnectionError", "sweep_age": None, "sweep": "late"}
    heartbeat.beat("sweep")
    assert client.get("/readyz").json()["sweep"] == "ok"
    assert client.post("/readyz").status_code == 405


def test_alive_means_the_process_answers_without_touching_anything(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_tasks_relay_and_verify_as_tasks_and_give_a_sign_of_life() -> None:
    from django.core import mail

    from servicecenter import context, tasks
    from servicecenter.models import OutboxMessage

    OutboxMessage.objects.create(
        channel="email", recipient="a@example.invalid", code="reveal.many", dedup_key="1"
    )
    for _ in range(3):
        tasks.relay_outbox()
    tasks.verify_nightly()
    assert len(mail.outbox) == 1
    assert {"worker", "verify"} <= heartbeat.signs().keys()
    assert context.current().via == "command"


def test_the_request_log_holds_no_telephone_number(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="servicecenter.request"):
        Client().get("/call/13900000421/")
    lines = [record.getMessage() for record in caplog.records if record.name == "servicecenter.request"]
    assert [line.split()[1] for line in lines] == ["/call/139****/"]
    assert "13900000421" not in caplog.text


@pytest.mark.django_db
def test_a_foreign_host_name_is_refused_as_a_bad_request_and_probes_by_address_are_answered() -> None:
    """Load balancers ask by address; a forged host name gets into no link."""
    client = Client(raise_request_exception=False)
    refused = client.get("/login/", HTTP_HOST="evil.example")
    assert refused.status_code == 400
    assert "evil.example" not in refused.text
    assert client.get("/healthz", HTTP_HOST="10.0.0.7:8000").status_code == 200
    assert client.get("/readyz", HTTP_HOST="10.0.0.7:8000").json()["database"] == "ok"


def test_a_probe_is_told_in_the_log_only_when_something_is_wrong(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="servicecenter.request"):
        Client().get("/healthz")
        assert caplog.records == []
        Client().post("/healthz")
    assert [
        record.getMessage()[:17] for record in caplog.records if record.name == "servicecenter.request"
    ] == ["POST /healthz 405"]
