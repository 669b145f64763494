"""The same key again: the same answer, one act (D20, faults 14 and 15)."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from organization.models import User
from servicecenter.models import IdempotencyKey, TrailEntry
from tests import people
from tests.faults.races import race, values
from tests.servicecenter import acts

pytestmark = [pytest.mark.urls("tests.servicecenter.acts")]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    acts.CALLS.clear()
    acts.HOLDS.clear()
    acts.FREE.clear()


@pytest.fixture
def browser(agent: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(agent)
    return client


def send(client: Client, key: str = "k1", **data: str) -> Any:
    return client.post("/act/", {"idempotency_key": key, **data})


def send_api(client: Client, key: str = "k1", **data: str) -> Any:
    return client.post("/api/act/", data, content_type="application/json", headers={"Idempotency-Key": key})


def done() -> int:
    return TrailEntry.objects.count()


def test_the_second_request_gets_the_first_ones_answer_and_acts_no_more(browser: Client) -> None:
    first, second = send(browser, said="晚到"), send(browser, said="晚到")
    assert (first.status_code, first["Location"]) == (302, "/ticket/1/")
    assert (second.status_code, second["Location"]) == (302, "/ticket/1/")
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (acts.CALLS["act"], done(), IdempotencyKey.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("wish", "status", "content", "header"),
    [
        ("fragment", 200, "<li>note 1 𠮷</li>", ("HX-Trigger", '{"wb-saved":{}}')),
        ("htmx", 204, "", ("HX-Redirect", "/ticket/1/")),
        ("template", 200, "[1] x\n", ("Content-Type", "text/html; charset=utf-8")),
    ],
)
def test_fragments_and_htmx_answers_are_replayed_whole(
    browser: Client, wish: str, status: int, content: str, header: tuple[str, str]
) -> None:
    answers = [send(browser, wish=wish) for _ in range(3)]
    for answer in answers:
        assert (answer.status_code, answer.content.decode()) == (status, content)
        assert answer[header[0]] == header[1]
    assert (acts.CALLS["act"], done()) == (1, 1)


def test_the_api_replays_status_body_and_location(browser: Client) -> None:
    first, second = send_api(browser, said="晚到"), send_api(browser, said="晚到")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() == {"turn": 1, "at": "2026-11-18T07:20:00Z", "said": "晚到"}
    assert second["Location"] == "/x/1"
    assert done() == 1


def test_the_same_key_with_another_body_is_refused_and_does_nothing(browser: Client) -> None:
    send(browser, said="a")
    assert send(browser, said="b").status_code == 422
    send_api(browser, "k2", said="a")
    refused = send_api(browser, "k2", said="b")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency.other_body")
    assert done() == 2


def test_a_csrf_token_that_changed_is_the_same_body(browser: Client) -> None:
    send(browser, said="a", csrfmiddlewaretoken="1")
    send(browser, said="a", csrfmiddlewaretoken="2")
    assert done() == 1


@pytest.mark.parametrize("wish", ["refuse", "rule", "crash"])
def test_nothing_of_a_refusal_is_kept_and_the_key_serves_the_corrected_form(
    browser: Client, wish: str
) -> None:
    assert send(browser, wish=wish).status_code >= 400
    assert (done(), IdempotencyKey.objects.count()) == (0, 0)
    assert send(browser, wish="", said="corrected").status_code == 302
    assert done() == 1


def test_nothing_of_a_refusal_is_kept_without_a_key_either(browser: Client) -> None:
    assert send(browser, "", wish="refuse").status_code == 422
    assert done() == 0
    assert send(browser, "").status_code == 302
    assert done() == 1


def test_an_api_refusal_keeps_nothing(browser: Client) -> None:
    assert send_api(browser, wish="refuse").status_code == 409
    assert done() == 0


def test_keys_of_two_users_do_not_meet(browser: Client) -> None:
    other = Client()
    other.force_login(people.user("agent", name="另一人"))
    assert send(browser)["Location"] == "/ticket/1/"
    assert send(other)["Location"] == "/ticket/2/"


def test_very_long_keys_stay_apart(browser: Client) -> None:
    send(browser, "k" * 300 + "1")
    send(browser, "k" * 300 + "2")
    send(browser, "k" * 300 + "2")
    assert done() == 2


def test_a_streamed_file_is_not_remembered(browser: Client) -> None:
    for _ in range(2):
        assert b"".join(send(browser, wish="file").streaming_content) == b"x"
    assert (done(), IdempotencyKey.objects.count()) == (2, 0)


def test_reading_and_strangers_pass_through(browser: Client) -> None:
    assert browser.get("/act/").status_code == 302
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_victim_of_a_deadlock_is_tried_again_and_acts_once() -> None:
    client = Client()
    client.force_login(people.user("agent"))
    assert send(client, wish="deadlock")["Location"] == "/ticket/3/"
    assert done() == 1


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_that_does_not_end_is_a_503_that_says_to_send_again(settings: Any) -> None:
    client = Client()
    client.force_login(people.user("agent", language="en"))
    acts.CALLS["act"] = -100
    answer = send(client, wish="deadlock")
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert b"send it once more" in answer.content
    assert (acts.CALLS["act"], done()) == (-97, 0)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_gets_the_same_answer_twice_and_one_act() -> None:
    agent = people.user("agent")
    browsers = [Client() for _n in range(6)]
    for browser in browsers:
        browser.force_login(agent)
    answers = values(race(*(partial(send, browser, wish="slow") for browser in browsers)))
    assert [answer["Location"] for answer in answers] == ["/ticket/1/"] * 6
    assert (done(), IdempotencyKey.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_the_first_request_is_told_that_it_is_being_saved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("servicecenter.idempotency.WAIT_SECONDS", 0.1)
    agent = people.user("agent")
    statuses: list[int] = []

    def first() -> None:
        try:
            client = Client()
            client.force_login(agent)
            statuses.append(send(client, wish="held").status_code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert acts.HOLDS.wait(60), "the first request never came to its act"
        client = Client()
        client.force_login(agent)
        answer = send(client, wish="held")
        assert (answer.status_code, statuses) == (409, [])
    finally:
        acts.FREE.set()
        thread.join(60)
    assert statuses == [302]
    assert (acts.CALLS["act"], done()) == (1, 1)
