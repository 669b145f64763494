"""Journey 1: the system is up; who may enter is printed, and one click on the login page enters as that person."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from organization import demo
from organization.models import User
from servicecenter.clock import now_db
from servicecenter.local import children, supervisor
from servicecenter.models import TrailEntry


@pytest.fixture
def house(transactional_db: None) -> None:
    demo.seed(at=now_db())


def test_address_and_demo_accounts_are_printed_once_the_web_answers(
    house: None, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor._announce(children.Screen(sys.stdout), "http://127.0.0.1:8000", dict(os.environ))
    said = capsys.readouterr().out
    assert "Service Centre is ready: http://127.0.0.1:8000" in said
    assert f"the password of all is {demo.PASSWORD}" in said
    assert re.search(r"0217  陈晓燕  客服员 \(agent\), 客服中心", said, re.IGNORECASE)
    assert re.search(r"3106  许国梁  .*城东分公司", said)
    assert "Ctrl-C stops it." in said


def test_one_click_enters_as_the_agent_and_the_handler_and_each_lands_where_the_work_is(
    house: None, page: Any
) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/login/"))
    expect(page.get_by_role("heading", name="演示账号")).to_be_visible()
    page.locator(".roles button", has_text="0217").click()
    expect(page).to_have_url(re.compile(r"/desk/$"))
    expect(page.locator(".who-btn")).to_contain_text("陈晓燕")
    page.locator(".who-btn").click()
    page.get_by_role("button", name="退出").click()
    expect(page.locator(".roles").first).to_be_visible()
    page.goto("/desk/")
    expect(page).to_have_url(re.compile(r"/login/\?next="))
    page.locator(".roles button", has_text="3106").click()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/inbox/$"))
    expect(page.locator(".who-btn")).to_contain_text("许国梁")
    assert User.objects.get(work_number="0217").last_login is not None


def test_where_the_demonstration_is_off_nobody_enters_without_a_password(
    house: None, page: Any, settings: Any
) -> None:
    settings.DEMO = False
    page.goto("/login/")
    expect(page.locator("#id_work_number")).to_be_visible()
    expect(page.locator(".roles")).to_have_count(0)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    user = User.objects.get(work_number="0217")
    answer = page.request.post(
        "/login/demo/", form={"user": str(user.pk), "csrfmiddlewaretoken": token}, max_redirects=0
    )
    assert answer.status in {403, 404}
    page.goto("/desk/")
    expect(page).to_have_url(re.compile(r"/login/"))
    assert not TrailEntry.objects.filter(code__startswith="login", by=user).exists()
