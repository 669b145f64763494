"""Pages of customers, waybills and calls: who may enter, what is shown, what bad input does (ORG-04, PRV-02)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import services
from customers.models import Customer
from servicecenter.models import TrailEntry
from tests import people
from tests.customers import samples
from tests.doors import client, shown

pytestmark = pytest.mark.django_db
AT = samples.AT
HTMX = {"HX-Request": "true"}


class TestDoors:
    PAGES = ("customer-list", "customer-new", "waybill-list", "waybill-new")

    @pytest.mark.parametrize("name", PAGES)
    def test_without_a_login_one_is_led_to_it(self, name: str) -> None:
        assert Client().get(reverse(name)).status_code == 302

    @pytest.mark.parametrize("name", ["customer-list", "customer-new", "customer-export"])
    def test_a_storekeeper_does_not_enter_the_customer_file(self, name: str) -> None:
        assert client("storekeeper").post(reverse(name)).status_code == 403

    def test_who_may_not_see_a_customer_gets_no_hint_that_there_is_one(self) -> None:
        row = samples.customer()
        assert client("handler").get(reverse("customer", args=[row.number])).status_code == 403
        assert client("agent").get(reverse("customer", args=["KH-99999999"])).status_code == 404

    def test_a_foreign_branchs_waybill_is_not_there(self) -> None:
        samples.waybill(destination_id=people.department("branch_west").pk)
        handler = client("handler", department="branch_east")
        assert handler.get(reverse("waybill", args=["86204417309"])).status_code == 404
        assert "86204417309" not in shown(handler.get(reverse("waybill-list")))

    @pytest.mark.parametrize(
        ("role", "name"),
        [
            ("controller", "customer-edit"), ("controller", "customer-mark"), ("controller", "customer-close"),
            ("agent", "customer-confirm-mark"), ("agent", "customer-entrust"), ("finance", "customer-person-new"),
        ],
    )  # fmt: skip
    def test_reading_is_not_changing(self, role: str, name: str) -> None:
        row = samples.customer()
        answer = client(role).post(reverse(name, args=[row.number]), {"reason": "x"})
        assert answer.status_code == 403
        row.refresh_from_db()
        assert row.version == 1

    @pytest.mark.parametrize("name", ["customer", "customer-list", "waybill-list", "customer-call"])
    def test_reading_pages_take_no_post(self, agent: Client, name: str) -> None:
        row = samples.customer()
        args = {"customer": [row.number], "customer-call": ["13900000421"]}.get(name, [])
        assert agent.post(reverse(name, args=args)).status_code == 405


class TestCustomerPages:
    def test_the_list_shows_numbers_masked(self, agent: Client) -> None:
        row = samples.customer(tier="A")
        page = shown(agent.get(reverse("customer-list")))
        assert row.name in page
        assert "139****0421" in page
        assert "13900000421" not in page

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=huamao", {"杭州华茂五金有限公司"}), ("q=2222", {"李文斌"}), ("tier=A", {"杭州华茂五金有限公司"}),
            ("tier=none", {"李文斌"}), ("kind=person", {"李文斌"}), ("standing=active", set()), ("mark=marked", set()),
            ("q=%00", set()), ("tier=Z", set()),
        ],
    )  # fmt: skip
    def test_the_list_is_narrowed_by_its_address(self, agent: Client, query: str, names: set[str]) -> None:
        samples.customer(tier="A")
        samples.person()
        page = shown(agent.get(f"{reverse('customer-list')}?{query}"))
        assert {name for name in ("杭州华茂五金有限公司", "李文斌") if name in page} == names

    def test_an_empty_search_says_what_finds_more(self, agent: Client) -> None:
        page = shown(agent.get(f"{reverse('customer-list')}?q=没有这家"))
        assert reverse("customer-list") in page
        assert "<table" not in page

    def test_a_forged_cursor_is_said_to_be_stale(self, agent: Client) -> None:
        assert agent.get(f"{reverse('customer-list')}?cursor=forged").status_code == 400

    def test_the_list_asks_the_same_for_ten_rows_and_for_sixty(self) -> None:
        user = people.user("agent")
        web = Client()
        web.force_login(user)

        def statements() -> int:
            with CaptureQueriesContext(connection) as asked:
                shown(web.get(reverse("customer-list")))
            return len(asked)

        for n in range(10):
            samples.person(f"张{n}", f"1380000{n:04}")
        statements()
        before = statements()
        for n in range(10, 60):
            samples.person(f"张{n}", f"1380000{n:04}")
        assert statements() == before <= 10

    def test_a_page_shows_people_masked_and_what_to_verify(self, agent: Client) -> None:
        row = samples.customer(tier="A")
        services.add_contact_person(
            customer=row, name="沈月芳", is_finance=True, telephone="13800006205", by=None, at=AT
        )
        services.add_address(customer=row, text="杭州市萧山区建设四路 18 号", by=None, at=AT)
        page = shown(agent.get(reverse("customer", args=[row.number])))
        for text in ("刘海涛", "139****0421", "138****6205", "沈月芳", "一客一案"):
            assert text in page
        for secret in ("13900000421", "13800006205", "建设四路"):
            assert secret not in page
        assert reverse("reveal") in page

    @pytest.mark.parametrize("tab", ["complaints", "waybills", "trail", "nonsense"])
    def test_each_tab_has_its_address(self, tab: str) -> None:
        row = samples.customer()
        samples.waybill()
        page = shown(client("supervisor").get(f"{reverse('customer', args=[row.number])}?tab={tab}"))
        assert ("86204417309" in page or "8620 4417 309" in page) is (tab == "waybills")

    def test_a_company_without_finance_people_is_the_next_step(self, agent: Client) -> None:
        row = samples.customer()
        assert reverse("customer-person-new", args=[row.number]) in shown(
            agent.get(reverse("customer", args=[row.number]))
        )

    def test_registering_leads_to_the_page(self, agent: Client) -> None:
        answer = agent.post(
            reverse("customer-new"),
            {
                "name": "新禾食品有限公司",
                "kind": "company",
                "telephone": "０５７１-88996677转802",
                "contact_name": "陆建平",
            },
        )
        row = Customer.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, reverse("customer", args=[row.number]))
        telephone = row.telephones.get()
        assert (telephone.number, telephone.extension) == ("057188996677", "802")

    def test_a_wrong_form_keeps_what_was_typed_and_names_every_mistake(self, agent: Client) -> None:
        answer = agent.post(
            reverse("customer-new"), {"name": "", "kind": "company", "telephone": "1390000", "trade": "五金"}
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="1390000"' in page
        assert 'value="五金"' in page
        assert page.count('class="err"') == 2
        assert not Customer.objects.exists()

    def test_a_double_click_registers_once(self, agent: Client) -> None:
        """D20."""
        form = {"name": "新禾食品", "kind": "company", "idempotency_key": "a" * 32}
        first, second = (agent.post(reverse("customer-new"), form) for _n in range(2))
        assert first["Location"] == second["Location"]
        assert Customer.objects.count() == 1

    def test_a_stale_change_is_told_and_saves_nothing(self, agent: Client) -> None:
        """CMP-51."""
        row = samples.customer()
        services.change_customer(customer=row, region="华南", by=None, at=AT)
        answer = agent.post(
            reverse("customer-edit", args=[row.number]),
            {"name": "改名", "kind": "company", "version": "1"},
            headers=HTMX,
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<td>华南</td>" in page
        assert "<td>改名</td>" in page
        assert 'name="version" value="2"' in page
        row.refresh_from_db()
        assert (row.name, row.region) == ("杭州华茂五金有限公司", "华南")
        again = {"name": "改名", "kind": "company", "version": "2"}
        assert agent.post(reverse("customer-edit", args=[row.number]), again, headers=HTMX).status_code == 204

    def test_marking_and_confirming_in_dialogs(self) -> None:
        """CUS-03."""
        row = samples.person()
        mark = reverse("customer-mark", args=[row.number])
        assert "<form" in shown(client("agent").get(mark, headers=HTMX))
        assert client("agent").post(mark, {"reason": ""}, headers=HTMX).status_code == 422
        answer = client("agent").post(mark, {"reason": "三次拒付", "version": "1"}, headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("customer", args=[row.number]))
        supervisor = client("supervisor")
        assert "三次拒付" in shown(supervisor.get(reverse("customer", args=[row.number])))
        supervisor.post(reverse("customer-confirm-mark", args=[row.number]), {"version": "2"})
        row.refresh_from_db()
        assert row.difficult_mark == "confirmed"

    PARTS = (
        (
            "customer-person-new",
            {"name": "沈月芳", "telephone": "13800006205", "is_finance": "on"},
            "contact_people",
        ),
        ("customer-telephone-new", {"number": "13800006205"}, "telephones"),
        ("customer-address-new", {"text": "杭州市萧山区建设四路 18 号"}, "addresses"),
        ("customer-consent-new", {"purpose": "surveys", "given_on": "2026-11-01"}, "consents"),
    )

    @pytest.mark.parametrize(("name", "form", "parts"), PARTS)
    def test_parts_are_added_in_dialogs(
        self, agent: Client, name: str, form: dict[str, str], parts: str
    ) -> None:
        row = samples.person()
        url = reverse(name, args=[row.number])
        before = getattr(row, parts).count()
        assert "<form" in shown(agent.get(url, headers=HTMX))
        assert agent.post(url, {}, headers=HTMX).status_code == 422
        assert agent.post(url, form, headers=HTMX).status_code == 204
        assert agent.post(url, form, headers=HTMX).status_code == 422
        assert getattr(row, parts).count() == before + 1

    def test_parts_are_removed_in_dialogs(self, agent: Client) -> None:
        row = samples.customer()
        address = services.add_address(customer=row, text="杭州市萧山区", by=None, at=AT)
        for name, part in (
            ("customer-address-remove", address),
            ("customer-telephone-remove", row.telephones.get()),
            ("customer-person-remove", row.contact_people.get()),
        ):
            assert agent.post(reverse(name, args=[row.number, part.pk]), headers=HTMX).status_code == 204
        assert (row.addresses.count(), row.telephones.count(), row.contact_people.count()) == (0, 0, 0)

    def test_another_customers_part_is_not_there(self, agent: Client) -> None:
        row, other = samples.customer(), samples.person()
        url = reverse("customer-telephone-remove", args=[row.number, other.telephones.get().pk])
        assert agent.post(url).status_code == 404
        assert other.telephones.count() == 1

    def test_a_closed_file_offers_to_open_it_and_nothing_else(self, agent: Client) -> None:
        row = samples.customer()
        agent.post(reverse("customer-close", args=[row.number]), {"reason": "停业"})
        page = shown(agent.get(reverse("customer", args=[row.number])))
        assert reverse("customer-reopen", args=[row.number]) in page
        assert reverse("customer-edit", args=[row.number]) not in page
        assert agent.get(reverse("customer-edit", args=[row.number])).status_code == 403

    def test_an_account_manager_is_chosen_among_account_managers(self) -> None:
        row, manager = samples.customer(), people.user("account_manager")
        boss = client("business_manager")
        url = reverse("customer-entrust", args=[row.number])
        assert manager.work_number in shown(boss.get(url, headers=HTMX))
        assert boss.post(url, {"account_manager": "9999"}, headers=HTMX).status_code == 422
        assert boss.post(url, {"account_manager": manager.work_number}, headers=HTMX).status_code == 204
        row.refresh_from_db()
        assert row.account_manager == manager.employee

    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    def test_what_the_list_shows_is_exported_masked_and_logged(self, form: str) -> None:
        """PRV-04."""
        samples.customer()
        answer = client("supervisor").post(f"{reverse('customer-export')}?kind=company", {"form": form})
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer.status_code == 200
        assert b"13900000421" not in content
        assert TrailEntry.objects.filter(code="export").count() == 1
        if form == "csv":
            assert "139****0421" in content.decode("utf-8-sig")
