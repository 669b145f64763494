"""Months as a page: which is closed, what stands in the way, closing and opening again (LED-08)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from inventory import queries
from inventory.models import Period, PeriodBalance
from tests.doors import client_of, shown
from tests.inventory.stores import Stores, issue, line, purchase, stocked

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 19)


@pytest.fixture
def closing(s: Stores) -> Stores:
    """Goods of October, and a month after it."""
    stocked(s, line(s.wrench, 5), day=OCTOBER)
    stocked(s, line(s.wrench, 1))
    return s


def test_the_month_whose_turn_it_is_names_what_must_be_finished_first(closing: Stores) -> None:
    draft = purchase(closing, line(closing.grease, 1), day=OCTOBER)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    november, october = queries.months(days=7, at=at)
    assert (november.may_close, october.may_close) == (False, True)
    assert [(one.what, one.number) for one in october.obstacles] == [("draft", draft.number)]
    browser = client_of(closing.chief)
    assert draft.number in shown(browser.get("/stock/months/"))
    assert draft.number in shown(browser.post("/stock/months/2026-10/close/", {"version": ""}), 422)
    assert not Period.objects.filter(state="closed").exists()


def test_it_is_closed_and_the_latest_opened_again_with_a_reason(closing: Stores) -> None:
    browser = client_of(closing.chief)
    assert browser.post("/stock/months/2026-10/close/", {"version": ""}).status_code == 302
    assert list(PeriodBalance.objects.values_list("item__code", "quantity")) == [(closing.wrench.code, 5)]
    refused = client_of(closing.accountant).post("/stock/months/2026-10/reopen/", {"reason": "补单"})
    assert refused.status_code == 403
    shown(browser.post("/stock/months/2026-10/reopen/", {"reason": ""}), 422)
    assert Period.objects.get(month=date(2026, 10, 1)).state == "closed"
    assert browser.post("/stock/months/2026-10/reopen/", {"reason": "补单"}).status_code == 302
    assert not PeriodBalance.objects.exists()
    assert issue(closing, line(closing.wrench, 1), day=OCTOBER).state == "saved"


def test_a_month_that_the_books_do_not_have_is_not_there(closing: Stores) -> None:
    browser = client_of(closing.chief)
    assert browser.get("/stock/months/2020-01/close/").status_code == 404
    assert browser.get("/stock/months/x/close/").status_code == 404
