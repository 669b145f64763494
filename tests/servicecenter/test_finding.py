"""The search box asks each app, shows eight of each kind and the way to all, and waits for nobody for long (D11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from servicecenter import finding
from servicecenter.ports import Hit
from tests import people
from tests.complaints import cases
from tests.customers import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not what is tried here; the tests about time set their own."""
    monkeypatch.setattr(finding, "PATIENCE", 30_000)
    monkeypatch.setattr(finding, "PATIENCE_IN_ALL", 60_000)


def slow(*, user: Any, text: str, limit: int) -> list[Hit]:
    """A provider that never comes to an end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    return []


def statement_timeout() -> str:
    """The connection's own limit."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        limit: str = cursor.fetchone()[0]
        return limit


def broken(*, user: Any, text: str, limit: int) -> list[Hit]:
    """A provider with a defect."""
    raise LookupError


@pytest.fixture
def bound(settings: Any) -> Any:
    """Binds other providers."""

    def bind(**providers: str) -> None:
        settings.PORTS = {**settings.PORTS, "servicecenter.search": providers}

    return bind


def test_of_each_kind_eight_are_shown_and_the_list_shows_all() -> None:
    for place in range(9):
        samples.customer(f"华茂{place}号店", telephone=f"1390000{place:04}")
    groups = finding.search(people.user("agent"), "华茂").groups
    assert [(len(group.hits), group.every) for group in groups] == [(8, "/customers/?q=%E5%8D%8E%E8%8C%82")]
    (one,) = finding.search(people.user("agent"), "华茂3号").groups
    assert (len(one.hits), one.every) == (1, "")


def test_a_slow_app_is_left_behind_and_named_the_others_answer(
    bound: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PATIENCE", 2_000)
    before = statement_timeout()
    samples.customer()
    bound(
        inventory="tests.servicecenter.test_finding.slow",
        customers="customers.queries.search_hits",
    )
    with translation.override("en"):
        answer = finding.search(people.user("agent"), "华茂")
    assert [hit.title for hit in answer.hits] == ["杭州华茂五金有限公司"]
    assert "Items" in answer.late and "Customers" not in answer.late
    # The connection's own limit is as it was.
    assert statement_timeout() == before != "2s"


def test_a_search_as_a_whole_ends_in_time(bound: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PATIENCE", 40)
    monkeypatch.setattr(finding, "PATIENCE_IN_ALL", 30)
    bound(inventory="tests.servicecenter.test_finding.slow", organization="organization.queries.search_hits")
    with translation.override("en"):
        answer = finding.search(people.user("agent", name="陈晓燕"), "陈晓燕")
    assert (answer.hits, {"Items", "employees"} <= set(answer.late)) == ([], True)


def test_a_defect_is_not_taken_for_slowness(bound: Any) -> None:
    bound(inventory="tests.servicecenter.test_finding.broken")
    with pytest.raises(LookupError):
        finding.search(people.user("agent"), "华茂")


@pytest.mark.parametrize("text", ["", " ", "华", "\0"])
def test_less_than_two_signs_ask_nobody(bound: Any, text: str) -> None:
    bound(inventory="tests.servicecenter.test_finding.broken")
    assert finding.search(people.user("agent"), text).hits == []


def test_the_last_four_figures_of_telephone_or_waybill_find_what_one_may_see() -> None:
    """CMP-50, PRV-10: a branch finds by its waybills, never by who complained."""
    people.centre()
    agent = people.user("agent")
    ticket = cases.against_east(agent)

    def kinds(user: Any, text: str) -> set[str]:
        return {hit.kind for hit in finding.search(user, text).hits}

    assert kinds(agent, cases.TELEPHONE[-4:]) == {"complaints.complaint", "customers.customer"}
    assert kinds(agent, cases.WAYBILL[-4:]) == {"complaints.complaint", "customers.waybill"}
    handler = people.user("handler", department="branch_east")
    assert kinds(handler, cases.TELEPHONE[-4:]) == set()
    assert kinds(handler, ticket.number.lower()) == {"complaints.complaint"}
    assert kinds(people.user("storekeeper"), cases.TELEPHONE[-4:]) == set()


class TestThePalette:
    def test_empty_it_shows_what_was_opened_last_as_far_as_one_still_sees_it(self) -> None:
        agent, row = people.user("agent"), samples.customer()
        web = Client()
        web.force_login(agent)
        web.post(reverse("presence"), {"subject": f"customers.customer:{row.pk}"})
        assert row.number in web.get(reverse("palette")).content.decode()
        session = web.session
        assert session["recent"] == [f"customers.customer:{row.pk}"]
        assert finding.recent(people.user("cashier"), session) == []

    @pytest.mark.parametrize(("text", "found"), [("xkh", True), ("新客", True), ("zzzz", False)])
    def test_an_act_is_found_by_its_name_pinyin_and_initials(self, text: str, found: bool) -> None:
        web = Client()
        web.force_login(people.user("agent"))
        page = web.get(
            reverse("palette"), {"q": text}, headers={"Accept-Language": "zh-hans"}
        ).content.decode()
        with translation.override("zh-hans"):
            assert (reverse("customer-new") in page) is found

    def test_who_may_not_begin_an_act_is_not_offered_it(self) -> None:
        web = Client()
        web.force_login(people.user("cashier"))
        assert reverse("customer-new") not in web.get(reverse("palette")).content.decode()


def test_a_number_typed_with_blanks_opens_its_record() -> None:
    samples.waybill("86204417309")
    web = Client()
    web.force_login(people.user("agent"))
    answer = web.get(reverse("search"), {"q": "8620 4417 309"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("waybill", args=["86204417309"]))
