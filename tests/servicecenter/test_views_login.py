"""Logging in: the limiter that fails closed, the second step, demo accounts, sessions and passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicecenter import logins, second_factor
from servicecenter.models import LoginAttempt, LoginSession, TrailEntry
from tests import people

pytestmark = pytest.mark.django_db


def enter(client: Client, user: Any, password: str = people.PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"work_number": user.work_number, "password": password, **more})


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_work_number_and_its_password_open_the_workspace(client: Client) -> None:
    user = people.user("agent")
    response = enter(client, user)
    assert response.status_code == 302
    assert logged_in(client)
    assert LoginSession.objects.get().user_id == user.pk
    assert TrailEntry.objects.get(code="login").by_id == user.pk
    assert not LoginAttempt.objects.exists()


def test_the_work_number_may_be_typed_with_spaces_around_it(client: Client) -> None:
    user = people.user("agent")
    client.post("/login/", {"work_number": f" {user.work_number} ", "password": people.PASSWORD})
    assert logged_in(client)


def test_a_wrong_password_says_the_same_as_an_unknown_number(client: Client) -> None:
    user = people.user("agent")
    wrong = enter(client, user, "wrong")
    unknown = client.post("/login/", {"work_number": "99999", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 400
    said = "工号或密码不对。还可以试 4 次。"
    assert said in wrong.content.decode()
    assert said in unknown.content.decode()
    assert not logged_in(client)


def test_after_five_failures_even_the_right_password_must_wait(client: Client) -> None:
    user = people.user("agent")
    for _ in range(5):
        assert enter(client, user, "wrong").status_code == 400
    response = enter(client, user)
    assert response.status_code == 429
    assert "请等 15 分钟" in response.content.decode()
    assert not logged_in(client)


def test_a_refused_try_does_not_prolong_the_wait(client: Client) -> None:
    user = people.user("agent")
    for _ in range(8):
        enter(client, user, "wrong")
    assert LoginAttempt.objects.count() == 5


def test_after_a_quarter_of_an_hour_it_is_open_again(client: Client) -> None:
    user = people.user("agent")
    for _ in range(5):
        enter(client, user, "wrong")
    for attempt in LoginAttempt.objects.all():
        LoginAttempt.objects.filter(pk=attempt.pk).update(at=attempt.at - timedelta(minutes=15))
    assert enter(client, user).status_code == 302


def test_another_account_is_not_locked_by_it(client: Client) -> None:
    locked, other = people.user("agent"), people.user("agent", name="吴凡")
    for _ in range(5):
        enter(client, locked, "wrong")
    assert enter(client, other).status_code == 302


def test_an_address_that_tries_many_accounts_is_stopped(client: Client) -> None:
    user = people.user("agent")
    for number in range(40):
        client.post("/login/", {"work_number": f"8{number:04}", "password": "wrong"})
    assert enter(client, user).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert enter(elsewhere, user).status_code == 302


def test_the_limiter_stores_no_work_number(client: Client) -> None:
    user = people.user("agent")
    enter(client, user, "wrong")
    attempt = LoginAttempt.objects.get()
    assert user.work_number not in attempt.account_hash
    assert attempt.account_hash == logins.account_hash(user.work_number.lower() + " ")


def test_the_limiter_fails_closed(client: Client) -> None:
    """A try that cannot be written is refused: no password is looked at without its row."""
    from django.db import connection

    user = people.user("agent")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE servicecenter_loginattempt RENAME TO elsewhere")
    client.raise_request_exception = False
    assert enter(client, user).status_code == 500


def test_a_login_changes_the_session_key(client: Client) -> None:
    client.get("/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    enter(client, people.user("agent"))
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_somebody_who_left_cannot_log_in(client: Client) -> None:
    user = people.user("agent")
    type(user.employee).objects.filter(pk=user.employee_id).update(left_on="2026-01-31")
    assert enter(client, user).status_code == 400


def test_next_leads_only_within_the_site(client: Client) -> None:
    user = people.user("agent")
    assert enter(client, user, next="/notices/")["Location"] == "/notices/"
    client.post("/logout/")
    assert enter(client, user, next="https://evil.example/")["Location"].startswith("/")
    client.post("/logout/")
    assert not enter(client, user, next="//evil.example/")["Location"].startswith("//")
    for no_address in ("evil", "²", "notices"):
        assert client.get("/login/", {"next": no_address})["Location"] == "/", no_address


def test_without_the_mark_the_session_ends_with_the_browser(client: Client) -> None:
    enter(client, people.user("agent"))
    assert client.session.get_expire_at_browser_close()


def test_on_ones_own_computer_it_outlives_the_browser(client: Client) -> None:
    enter(client, people.user("agent"), mine="on")
    assert not client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() <= 8 * 3600


def test_the_absolute_limit_ends_a_session_in_use(client: Client) -> None:
    enter(client, people.user("agent"))
    session = client.session
    session["opened_at"] -= 16 * 3600 + 1
    session.save()
    assert client.get("/profile/").status_code == 302
    assert not logged_in(client)


def test_what_a_page_asks_by_itself_keeps_no_session_alive(client: Client) -> None:
    enter(client, people.user("agent"))
    session = client.session
    session["touched_at"] = long_ago = session["touched_at"] - 3600
    session.save()
    client.get("/shell/counts/", headers={"X-Passive": "1"})
    assert client.session["touched_at"] == long_ago
    client.get("/notices/")
    assert client.session["touched_at"] > long_ago


def test_logout_deletes_the_session_on_the_server(client: Client) -> None:
    enter(client, people.user("agent"))
    key = client.session.session_key
    client.post("/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert not LoginSession.objects.exists()
    assert TrailEntry.objects.filter(code="logout").count() == 1


def test_logout_is_no_link(client: Client) -> None:
    enter(client, people.user("agent"))
    assert client.get("/logout/").status_code == 405
    assert logged_in(client)


def test_a_script_whose_session_is_over_gets_the_login_for_its_dialog(client: Client) -> None:
    for headers in ({"HX-Request": "true"}, {"X-Requested-With": "fetch"}):
        response = client.get("/notices/", headers=headers, follow=True)
        assert response.status_code == 401
        assert "data-login" in response.content.decode()
        assert "<html" not in response.content.decode()


def test_a_login_in_the_dialog_hands_over_the_new_csrf_token(client: Client) -> None:
    user = people.user("agent")
    response = client.post(
        "/login/",
        {"work_number": user.work_number, "password": people.PASSWORD},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 204
    assert f'"user": {user.pk}' in response["HX-Trigger"]
    assert '"csrf"' in response["HX-Trigger"]


def test_csrf_is_asked_for() -> None:
    user = people.user("agent")
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict, user).status_code == 403


def with_device(user: Any) -> TOTPDevice:
    device = second_factor.unconfirmed(user)
    second_factor.confirm(user, device)
    return device


def code_of(device: TOTPDevice) -> str:
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token():06}"


def test_with_codes_set_up_the_password_alone_opens_nothing(client: Client) -> None:
    user = people.user("agent")
    with_device(user)
    response = enter(client, user)
    assert response["Location"] == "/login/code/"
    assert not logged_in(client)
    assert client.get("/profile/").status_code == 302


def test_the_right_code_opens(client: Client) -> None:
    user = people.user("agent")
    device = with_device(user)
    enter(client, user, next="/notices/")
    response = client.post("/login/code/", {"code": code_of(device)})
    assert response["Location"] == "/notices/"
    assert logged_in(client)


def test_a_wrong_code_does_not_and_a_second_try_at_once_is_refused(client: Client) -> None:
    user = people.user("agent")
    device = with_device(user)
    enter(client, user)
    wrong = "000000" if code_of(device) != "000000" else "000001"
    assert client.post("/login/code/", {"code": wrong}).status_code == 422
    assert client.post("/login/code/", {"code": code_of(device)}).status_code == 422  # throttled
    assert not logged_in(client)


def test_a_code_is_good_once(client: Client) -> None:
    user = people.user("agent")
    device = with_device(user)
    code = code_of(device)
    enter(client, user)
    client.post("/login/code/", {"code": code})
    other = Client()
    enter(other, user)
    assert other.post("/login/code/", {"code": code}).status_code == 422


def test_the_code_must_come_within_ten_minutes(client: Client) -> None:
    user = people.user("agent")
    device = with_device(user)
    enter(client, user)
    session = client.session
    session[logins.PENDING]["until"] -= 601
    session.save()
    assert client.post("/login/code/", {"code": code_of(device)})["Location"] == "/login/"
    assert not logged_in(client)


def test_set_up_shows_a_code_to_scan_and_asks_for_proof(client: Client) -> None:
    user = people.user("agent")
    client.force_login(user)
    page = client.get("/profile/codes/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    device = TOTPDevice.objects.get(user=user)
    assert not device.confirmed
    client.post("/profile/codes/", {"code": code_of(device)})
    device.refresh_from_db()
    assert device.confirmed
    assert TrailEntry.objects.filter(code="second_factor.on").count() == 1


def test_a_role_that_needs_codes_sets_them_up_before_it_is_logged_in(client: Client) -> None:
    from organization.models import Role

    Role.objects.filter(code="cashier").update(needs_second_factor=True)
    user = people.user("cashier")
    assert enter(client, user)["Location"] == "/login/code/"
    assert not logged_in(client)
    assert "<svg" in client.get("/login/code/").content.decode()
    client.post("/login/code/", {"code": code_of(TOTPDevice.objects.get(user=user))})
    assert logged_in(client)
    assert client.post("/profile/codes/remove/", {"code": "123456"}).status_code == 403


def demo_user() -> Any:
    user = people.user("agent")
    type(user).objects.filter(pk=user.pk).update(is_demo=True)
    return user


def test_a_demo_account_is_one_click(client: Client) -> None:
    user = demo_user()
    page = client.get("/login/").content.decode()
    assert "陈晓燕" in page
    client.post("/login/demo/", {"user": user.pk})
    assert logged_in(client)


def test_a_real_account_is_never_one_click(client: Client) -> None:
    user = people.user("agent")
    assert client.post("/login/demo/", {"user": user.pk}).status_code == 404
    assert not logged_in(client)


def test_a_real_installation_has_no_demo_door(client: Client, settings: Any) -> None:
    user = demo_user()
    settings.DEMO = False
    assert "陈晓燕" not in client.get("/login/").content.decode()
    assert client.post("/login/demo/", {"user": user.pk}).status_code == 404
    assert not logged_in(client)
