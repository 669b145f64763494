"""Pages of waybills, and of a call."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import services
from customers.models import Waybill, WaybillEvent
from tests import people
from tests.customers import samples
from tests.doors import client, shown

pytestmark = pytest.mark.django_db
AT = samples.AT
HTMX = {"HX-Request": "true"}


class TestWaybillPages:
    def test_the_list_is_exported_with_its_pieces_and_masked_numbers(self) -> None:
        """PRV-04."""
        samples.waybill()
        answer = client("supervisor").post(reverse("waybill-export"), {"form": "csv"})
        content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert "86204417309" in content.replace(" ", "")
        assert ",30," in content
        assert "13900000421" not in content

    def test_one_line_of_life(self, agent: Client) -> None:
        """WBL-09."""
        samples.customer()
        row = samples.waybill()
        event = services.record_event(
            waybill=row, kind="arrived", occurred_at=AT - timedelta(days=2), place="城西", by=None, at=AT
        )
        services.record_event(
            waybill=row,
            kind="arrived",
            occurred_at=AT - timedelta(days=1),
            place="城东",
            corrects=event,
            by=None,
            at=AT,
        )
        services.set_cod(waybill=row, state="collected", amount=Decimal("4860"), by=None, at=AT)
        page = shown(agent.get(reverse("waybill", args=[row.number])))
        for text in ("8620 4417 309", "¥4,860.00", "五金件", "139****0421", "<s>"):
            assert text in page
        assert "13900000421" not in page
        assert reverse("complaints-of-waybill", args=[row.number]) in page

    def test_the_page_asks_the_same_whatever_happened(self) -> None:
        user = people.user("agent")
        web = Client()
        web.force_login(user)
        row = samples.waybill()

        def statements() -> int:
            with CaptureQueriesContext(connection) as asked:
                shown(web.get(reverse("waybill", args=[row.number])))
            return len(asked)

        services.record_event(waybill=row, kind="loaded", occurred_at=AT - timedelta(days=9), by=user, at=AT)
        statements()
        before = statements()
        for n in range(20):
            services.record_event(
                waybill=row, kind="arrived", occurred_at=AT - timedelta(hours=n), by=user, at=AT
            )
        assert statements() == before

    def test_an_unknown_number_becomes_a_stub_and_is_completed(self, agent: Client) -> None:
        """WBL-08."""
        answer = agent.post(reverse("waybill-new"), {"waybill": "８６２０ 4417 309"})
        assert answer["Location"] == reverse("waybill", args=["86204417309"])
        page = shown(agent.get(answer["Location"]))
        assert reverse("waybill-facts", args=["86204417309"]) in page
        form = {
            "shipped_on": "2026-11-10", "consignor_name": "华茂五金", "consignor_telephone": "139 0000 0421",
            "consignee_name": "周小芸", "origin": "branch_west", "destination": "branch_east", "goods": "五金件",
            "pieces": "30", "weight": "412.5", "version": "1",
        }  # fmt: skip
        answer = agent.post(reverse("waybill-facts", args=["86204417309"]), form)
        assert answer.status_code == 302, answer.content.decode()
        row = Waybill.objects.get()
        assert (row.is_stub, row.destination_text, row.consignor_telephone) == (
            False,
            "城东分公司",
            "13900000421",
        )

    def test_everything_that_lacks_is_named_at_once_and_kept(self, agent: Client) -> None:
        services.register_stub_waybill(number="86204417309", by=None, at=AT)
        answer = agent.post(
            reverse("waybill-facts", args=["86204417309"]),
            {"consignor_name": "华茂五金", "consignee_telephone": "150", "pieces": "0"},
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="华茂五金"' in page
        assert page.count('class="err"') >= 4
        assert Waybill.objects.get().is_stub

    def test_a_malformed_number_is_said_with_the_digits_that_lack(self, agent: Client) -> None:
        answer = agent.post(reverse("waybill-new"), {"waybill": "86204417"}, headers=HTMX)
        assert answer.status_code == 422
        assert re.search(r"\b3\b.*11", answer.content.decode(), re.DOTALL)
        assert not Waybill.objects.exists()

    def test_cod_money_goes_on_in_a_dialog_and_not_back(self, agent: Client) -> None:
        row = samples.waybill()
        url = reverse("waybill-cod", args=[row.number])
        form = {"cod_state": "collected", "cod_amount": "￥４,860.00"}
        assert agent.post(url, form, headers=HTMX).status_code == 204
        assert agent.post(url, {"cod_state": "due", "cod_amount": "4860"}, headers=HTMX).status_code == 422
        row.refresh_from_db()
        assert (row.cod_state, row.cod_amount) == ("collected", Decimal("4860.00"))

    def test_events_are_recorded_and_corrected_in_dialogs(self, agent: Client) -> None:
        row = samples.waybill()
        form = {"kind": "arrived", "occurred_at": "2026-11-12T08:30", "place": "城西"}
        assert agent.post(reverse("waybill-event", args=[row.number]), form, headers=HTMX).status_code == 204
        event = WaybillEvent.objects.get()
        assert event.occurred_at.isoformat() == "2026-11-12T00:30:00+00:00"
        url = reverse("waybill-event-correct", args=[row.number, event.pk])
        assert 'value="城西"' in shown(agent.get(url, headers=HTMX))
        assert agent.post(url, {**form, "place": "城东"}, headers=HTMX).status_code == 204
        assert agent.post(url, {**form, "place": "城北"}, headers=HTMX).status_code == 422
        assert WaybillEvent.objects.count() == 2

    def test_a_handler_reads_and_changes_nothing(self) -> None:
        row = samples.waybill(destination_id=people.department("branch_east").pk)
        handler = client("handler", department="branch_east")
        page = shown(handler.get(reverse("waybill", args=[row.number])))
        assert reverse("waybill-facts", args=[row.number]) not in page
        for name in ("waybill-facts", "waybill-cod", "waybill-event"):
            assert handler.post(reverse(name, args=[row.number]), {}).status_code == 403

    @pytest.mark.parametrize(
        ("query", "found"), [("stub=true", 1), ("stub=false", 1), ("cod=due", 0), ("q=华茂", 1)]
    )
    def test_the_list_is_narrowed(self, agent: Client, query: str, found: int) -> None:
        samples.waybill()
        services.register_stub_waybill(number="86204417999", by=None, at=AT)
        page = shown(agent.get(f"{reverse('waybill-list')}?{query}"))
        assert page.count("data-row") == found


class TestCall:
    """The page that pops up with a call."""

    def test_it_says_who_it_is_and_leads_to_registering(self, agent: Client) -> None:
        row = samples.customer(tier="A")
        samples.waybill()
        page = shown(agent.get(reverse("customer-call", args=["+86 139 0000 0421"])))
        assert row.name in page
        assert "8620 4417 309" in page
        assert f"{reverse('intake')}?tel=13900000421" in page
        assert reverse("complaints-of-call", args=["13900000421"]) in page

    def test_a_difficult_customer_is_shown_before_anything_is_said(self, agent: Client) -> None:
        """CUS-03."""
        row = samples.person()
        services.mark_difficult(customer=row, reason="三次拒付到付运费", by=None, at=AT)
        assert "三次拒付到付运费" in shown(agent.get(reverse("customer-call", args=["13711112222"])))

    def test_a_new_caller_is_offered_to_be_registered(self, agent: Client) -> None:
        page = shown(agent.get(reverse("customer-call", args=["13700000000"])))
        assert f"{reverse('customer-new')}?tel=13700000000" in page

    @pytest.mark.parametrize("typed", ["1390000", "unknown", "１２３"])
    def test_what_is_no_number_is_said_to_be_none(self, agent: Client, typed: str) -> None:
        answer = agent.get(reverse("customer-call", args=[typed]))
        assert answer.status_code == 422
        assert typed in answer.content.decode()

    def test_a_handler_has_no_calls(self) -> None:
        assert client("handler").get(reverse("customer-call", args=["13900000421"])).status_code == 403
