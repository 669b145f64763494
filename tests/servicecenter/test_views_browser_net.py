"""In a real browser: a session that is over, a server that is away."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests import people
from tests.browser import expect_errors
from tests.servicecenter import tryout

pytestmark = pytest.mark.urls("tests.servicecenter.tryout")


def end_session() -> None:
    """As the idle limit does."""
    Session.objects.all().delete()


def log_in_again(page: Any, user: Any) -> None:
    page.locator("#login-modal #id_work_number").fill(user.work_number)
    page.locator("#login-modal #id_password").fill(people.PASSWORD)
    page.locator("#login-modal").get_by_role("button", name="登录").click()


def test_a_fragment_asks_for_the_login_and_goes_on(desk: Any) -> None:
    end_session()
    desk.locator("#live-form input[name=text]").fill("没有丢")
    desk.get_by_role("button", name="发").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    assert tryout.seen.saved == []
    log_in_again(desk, desk.agent)
    expect(desk.locator("#answer h2")).to_have_text("收到 1")
    assert tryout.seen.saved == [("没有丢", "fragment")]


def test_a_dialog_opens_after_the_login(desk: Any) -> None:
    end_session()
    desk.locator("#open").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    log_in_again(desk, desk.agent)
    expect(desk.locator("#modal h2")).to_have_text("作废 TS261118-0117?")


def test_a_page_form_is_sent_once_after_the_login(desk: Any) -> None:
    desk.locator("#id_text").fill("写了很久的一段")
    end_session()
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    expect(desk.locator("#id_text")).to_have_value("写了很久的一段")
    log_in_again(desk, desk.agent)
    expect(desk.locator(".toast-w")).to_contain_text("已保存")
    assert tryout.seen.saved == [("写了很久的一段", "now")]


def test_a_wrong_password_in_the_dialog_stays_in_the_dialog(desk: Any) -> None:
    end_session()
    desk.locator("#open").click()
    desk.locator("#login-modal #id_work_number").fill(desk.agent.work_number)
    desk.locator("#login-modal #id_password").fill("wrong")
    desk.locator("#login-modal").get_by_role("button", name="登录").click()
    expect(desk.locator("#login-modal .banner.red")).to_contain_text("工号或密码不对")


def test_if_somebody_else_logs_in_nothing_of_the_former_page_stays(desk: Any) -> None:
    desk.locator("#live-form input[name=text]").fill("别人的内容")
    end_session()
    desk.get_by_role("button", name="发").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    log_in_again(desk, people.user("supervisor"))
    expect(desk.locator(".who-btn")).to_contain_text("林志远")
    expect(desk.locator("#live-form input[name=text]")).to_have_value("")
    assert tryout.seen.saved == []


def test_while_the_database_is_away_the_form_stays_and_is_sent_by_itself(desk: Any) -> None:
    expect_errors(desk, "503")
    tryout.seen.away = 1
    desk.locator("#live-form input[name=text]").fill("等一等")
    desk.get_by_role("button", name="发").click()
    expect(desk.locator(".toast-w.red")).to_contain_text("内容还在")
    expect(desk.locator("#live-form input[name=text]")).to_have_value("等一等")
    expect(desk.locator("#answer h2")).to_have_text("收到 1", timeout=9000)
    expect(desk.locator(".toast-w.red")).to_have_count(0)
    assert tryout.seen.saved == [("等一等", "fragment")]


def test_a_dialog_opens_by_itself_when_the_database_is_back(desk: Any) -> None:
    expect_errors(desk, "503")
    tryout.seen.away = 1
    desk.locator("#open").click()
    expect(desk.locator(".toast-w.red")).to_contain_text("服务器暂时连不上")
    expect(desk.locator("#modal h2")).to_have_text("作废 TS261118-0117?", timeout=9000)


def test_without_a_connection_nothing_typed_is_lost_and_one_can_try_again(desk: Any) -> None:
    expect_errors(desk, "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    desk.locator("#live-form input[name=text]").fill("断网了")
    desk.context.set_offline(True)
    desk.get_by_role("button", name="发").click()
    toast = desk.locator(".toast-w.red")
    expect(toast).to_contain_text("没有保存：网络断开")
    desk.context.set_offline(False)
    toast.get_by_role("button", name="再试").click()
    expect(desk.locator("#answer h2")).to_have_text("收到 1")
    assert tryout.seen.saved == [("断网了", "fragment")]
