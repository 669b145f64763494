"""Pages of sanctions and merit: who may enter, what they offer, what a refusal does (SAN-10, SAN-11, ORG-04)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct import services
from conduct.models import MeritIssue, Sanction
from customers import services as customers
from tests import people
from tests.conduct.cases import AT, INCIDENT, drafted, proposal
from tests.conduct.test_queries import lost, of
from tests.doors import client, shown

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class TestDoors:
    @pytest.mark.parametrize(
        "name", ["conduct-home", "sanction-list", "merit", "conduct-catalogue", "sanction-new"]
    )
    def test_agents_and_strangers_do_not_enter(self, name: str) -> None:
        assert Client().get(reverse(name)).status_code == 302
        assert client("agent").get(reverse(name)).status_code == 403

    def test_home_leads_where_one_may_go(self) -> None:
        assert client("inspector").get(reverse("conduct-home"))["Location"] == reverse("sanction-list")
        assert client("department_supervisor").get(reverse("conduct-home"))["Location"] == reverse("merit")

    def test_a_foreign_sanction_is_not_there(self) -> None:
        (row,) = drafted(of("settlement"))
        manager = client("department_manager", department="branch_east")
        assert manager.get(reverse("sanction", args=[row.number])).status_code == 404
        assert row.number not in shown(manager.get(reverse("sanction-list")))

    @pytest.mark.parametrize(
        ("role", "name"),
        [
            ("controller", "sanction-confirm"), ("controller", "sanction-withdraw"), ("supervisor", "sanction-confirm"),
            ("supervisor", "sanction-withdraw"), ("controller", "sanction-amount"), ("supervisor", "sanction-settle"),
        ],
    )  # fmt: skip
    def test_reading_is_not_doing(self, role: str, name: str) -> None:
        row = proposal(people.user("inspector"))
        assert client(role).post(reverse(name, args=[row.number]), {"reason": "x"}).status_code == 403
        row.refresh_from_db()
        assert row.version == 1


class TestList:
    def test_what_waits_comes_first_with_its_counts(self) -> None:
        waiting = drafted(of("branch_east"))[0]
        done = services.confirm(
            sanction=proposal(people.user("supervisor")), by=people.user("inspector"), at=AT
        )
        page = shown(client("inspector").get(reverse("sanction-list")))
        assert waiting.number in page
        assert done.number not in page
        assert done.number in shown(client("inspector").get(f"{reverse('sanction-list')}?state=confirmed"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("month=2026-11", 1), ("month=2026-10", 0), ("month=nonsense", 0), ("violation=SAN-09", 1),
            ("measure=fine", 0), ("department=branch_management", 1), ("department=settlement", 0), ("q=SG2611", 1),
        ],
    )  # fmt: skip
    def test_it_is_narrowed_by_its_address(self, query: str, found: int) -> None:
        drafted(of("branch_east"))
        page = shown(client("inspector").get(f"{reverse('sanction-list')}?{query}"))
        assert page.count("data-row") == found

    def test_it_asks_the_same_for_two_rows_and_for_twenty(self) -> None:
        web = client("inspector")

        def statements() -> int:
            with CaptureQueriesContext(connection) as asked:
                shown(web.get(reverse("sanction-list")))
            return len(asked)

        for n in range(2):
            proposal(people.user("supervisor"), source_id=100 + n)
        statements()
        before = statements()
        for n in range(18):
            proposal(people.user("supervisor"), source_id=200 + n)
        assert statements() == before


class TestOneSanction:
    def test_the_page_shows_range_source_and_what_may_be_done(self) -> None:
        row = proposal(people.user("supervisor"))
        page = shown(client("inspector").get(reverse("sanction", args=[row.number])))
        for text in ("¥80.00", "¥50.00", "¥100.00", "TS261118-10007", "SAN-02"):
            assert text in page
        assert reverse("sanction-confirm", args=[row.number]) in page

    def test_the_setter_sees_the_button_refused_with_the_reason(self) -> None:
        setter = people.user("inspector")
        row = proposal(setter)
        web = Client()
        web.force_login(setter)
        page = shown(web.get(reverse("sanction", args=[row.number])))
        assert "aria-disabled" in page
        assert f'href="{reverse("sanction-confirm", args=[row.number])}"' not in page

    def test_setting_and_confirming_in_dialogs_by_two_people(self) -> None:
        (row,) = drafted(of("branch_east"), confirmed=False)
        first, second = client("inspector"), client("inspector")
        amount = reverse("sanction-amount", args=[row.number])
        assert first.post(amount, {"measure": "fine", "amount": "200"}, headers=HTMX).status_code == 422
        form = {"measure": "fine", "amount": "￥２００", "reason": "情节一般", "version": "1"}
        assert first.post(amount, form, headers=HTMX).status_code == 204
        confirm = reverse("sanction-confirm", args=[row.number])
        assert first.post(confirm, {"source_confirmed": "on"}, headers=HTMX).status_code == 422
        assert second.post(confirm, {}, headers=HTMX).status_code == 422
        assert (
            second.post(confirm, {"source_confirmed": "on", "version": "2"}, headers=HTMX).status_code == 204
        )
        row.refresh_from_db()
        assert (row.state, row.amount, row.source_confirmed) == ("confirmed", Decimal("200.00"), True)
        assert second.post(reverse("sanction-settle", args=[row.number]), headers=HTMX).status_code == 204
        row.refresh_from_db()
        assert row.state == "settled"

    def test_an_amount_outside_the_range_is_refused_naming_it_and_kept_in_the_form(self) -> None:
        row = proposal(people.user("supervisor"))
        answer = client("inspector").post(
            reverse("sanction-amount", args=[row.number]), {"measure": "fine", "amount": "500"}, headers=HTMX
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="500"' in page
        assert "100.00" in page
        row.refresh_from_db()
        assert row.amount == Decimal("80.00")

    def test_a_withdrawal_asks_why(self) -> None:
        row = proposal(people.user("supervisor"))
        url = reverse("sanction-withdraw", args=[row.number])
        web = client("inspector")
        assert web.post(url, {"reason": ""}, headers=HTMX).status_code == 422
        assert web.post(url, {"reason": "查无此事"}, headers=HTMX).status_code == 204
        assert "查无此事" in shown(web.get(reverse("sanction", args=[row.number])))

    def test_a_double_click_confirms_once(self) -> None:
        row = proposal(people.user("supervisor"))
        web = client("inspector")
        url = reverse("sanction-confirm", args=[row.number])
        answers = [web.post(url, {"idempotency_key": "b" * 32}, headers=HTMX) for _n in range(2)]
        assert [answer.status_code for answer in answers] == [204, 204]
        row.refresh_from_db()
        assert row.version == 2


class TestProposing:
    """A sanction is proposed from its source's page; the source is checked as the reader may see it."""

    @pytest.fixture
    def source(self) -> dict[str, str]:
        row = customers.register_stub_waybill(number="86204417309", by=None, at=AT)
        return {"kind": "customers.waybill", "id": str(row.pk)}

    def url(self, source: dict[str, str]) -> str:
        return f"{reverse('sanction-new')}?kind={source['kind']}&id={source['id']}"

    def test_it_names_its_source(self, source: dict[str, str]) -> None:
        person = people.employee("branch_east")
        form = {
            "employee": person.work_number, "violation": "SAN-02", "month": "2026-11", "measure": "fine",
            "amount": "80",
        }  # fmt: skip
        web = client("inspector")
        assert "86204417309" in shown(web.get(self.url(source)))
        answer = web.post(self.url(source), form)
        row = Sanction.objects.get()
        assert answer["Location"] == reverse("sanction", args=[row.number])
        assert (row.source_kind, row.source_number, row.target_employee, row.amount) == (
            "customers.waybill", "86204417309", person, Decimal("80.00"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        "form",
        [
            {},
            {"employee": "no-such", "violation": "SAN-02", "month": "2026-11", "measure": "undecided"},
            {"department": "branch_east", "violation": "no-such", "month": "2026-11", "measure": "undecided"},
            {"department": "branch_east", "violation": "SAN-02", "month": "2026-13", "measure": "undecided"},
            {
                "department": "branch_east",
                "violation": "SAN-02",
                "month": "2026-11",
                "measure": "fine",
                "amount": "x",
            },
            {"violation": "SAN-02", "month": "2026-11", "measure": "undecided"},
        ],
    )
    def test_bad_input_comes_back_in_the_form(self, source: dict[str, str], form: dict[str, str]) -> None:
        answer = client("inspector").post(self.url(source), form)
        assert answer.status_code == 422
        assert 'class="err"' in answer.content.decode()
        assert not Sanction.objects.exists()

    @pytest.mark.parametrize(
        "query", ["", "?kind=x.y&id=1", "?kind=customers.waybill&id=9999", "?kind=customers.waybill&id=x"]
    )
    def test_without_a_source_there_is_nothing_to_propose(self, query: str) -> None:
        assert client("inspector").get(reverse("sanction-new") + query).status_code == 404


class TestMerit:
    def test_the_list_of_a_month(self) -> None:
        lost(of("branch_east"))
        page = shown(client("inspector").get(f"{reverse('merit')}?month=2026-11"))
        assert "城东分公司" in page
        assert "SG2611-1203" in page
        assert "城东分公司" not in shown(client("inspector").get(f"{reverse('merit')}?month=2026-10"))

    def test_a_handlers_superior_sees_the_own_department(self) -> None:
        lost(of("branch_east"), of("branch_west"))
        page = shown(
            client("department_supervisor", department="branch_east").get(f"{reverse('merit')}?month=2026-11")
        )
        assert "城东分公司" in page
        assert "城西分公司" not in page

    def test_a_restored_month_says_why(self) -> None:
        lost(of("branch_east"))
        services.withdraw_for_incident(**INCIDENT, reason="申诉成立", by=None, at=AT)
        assert "申诉成立" in shown(client("inspector").get(f"{reverse('merit')}?month=2026-11"))

    def test_a_month_that_is_over_is_issued_once(self) -> None:
        url = reverse("merit-issue", args=[2026, 1])
        web = client("inspector")
        assert web.post(url, headers=HTMX).status_code == 204
        assert web.post(url, headers=HTMX).status_code == 422
        assert client("supervisor").post(url).status_code == 403
        assert MeritIssue.objects.count() == 1

    @pytest.mark.parametrize("month", ["", "2026-13", "x", "99999-01"])
    def test_what_is_no_month_is_this_month(self, month: str) -> None:
        assert client("inspector").get(f"{reverse('merit')}?month={month}").status_code == 200

    def test_the_catalogue_is_shown_with_its_ranges(self) -> None:
        page = shown(client("inspector").get(reverse("conduct-catalogue")))
        assert page.count("SAN-") >= 12
        assert "¥10.00 – ¥50.00" in page


def test_the_rail_counts_what_waits_for_those_who_confirm() -> None:
    from conduct.shell import counts

    drafted(of("branch_east"))
    assert counts(people.user("inspector")) == {"conduct": {"n": 1, "hot": False}}
    assert counts(people.user("supervisor")) == {}


def test_administrators_change_the_wording_of_a_violation_and_it_stands_in_the_trail() -> None:
    from conduct.models import Violation
    from servicecenter.models import TrailEntry

    row = Violation.objects.get(code="SAN-01")
    texts = {**row.sentences, "zh-Hans": "服务用语、仪容仪表不合规范"}
    services.change_violation(
        violation=row, sentences=texts, targets=row.targets, amounts=row.amounts, reason_required=False,
        closed_on=None, by=people.user("administrator"), at=AT,
    )  # fmt: skip
    row.refresh_from_db()
    assert row.sentences["zh-Hans"] == "服务用语、仪容仪表不合规范"
    assert TrailEntry.objects.get(code="violation.changed").changes["sentences"][1] == texts
