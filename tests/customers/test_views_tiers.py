"""The list of proposals, the customer's page with its reasons and its whole course, and the API (CUS-10 … CUS-21)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from customers import services
from customers.models import Customer, Visit
from customers.queries import timeline
from servicecenter.clock import business_date, now_db
from tests import people
from tests.complaints import cases
from tests.customers import samples
from tests.customers.test_services_tiers import shipper, spans
from tests.doors import shown

pytestmark = pytest.mark.django_db
AT = samples.AT


def web(*roles: str, **where: Any) -> Client:
    found = Client()
    found.force_login(people.user(*roles, **where))
    return found


@pytest.fixture
def waiting() -> list[Customer]:
    """Two customers of tier C for whom A waits to be confirmed."""
    rows = [
        shipper(name, "C", waybills=24, freight=20_000, trade="机电") for name in ("甲机电厂", "乙机电厂")
    ]
    services.propose_tiers(at=AT)
    return rows


class TestTheList:
    """CUS-12."""

    def test_the_manager_confirms_several_at_once(self, waiting: list[Customer]) -> None:
        manager = web("business_manager")
        page = shown(manager.get(reverse("customer-tiers")))
        assert all(row.number in page for row in waiting)
        assert "100.0" in page
        rows = [row.number for row in waiting]
        asked = shown(manager.get(reverse("customer-tiers-confirm"), {"row": rows}))
        assert "甲机电厂" in asked and "CMP-39" in asked
        today = business_date(now_db())
        sent = manager.post(
            reverse("customer-tiers-confirm"), {"row": rows, "effective_on": today.isoformat()}
        )
        assert sent.status_code == 302
        for row in waiting:
            row.refresh_from_db()
            assert (row.tier, row.tier_since) == ("A", today)
        assert "甲机电厂" not in shown(manager.get(reverse("customer-tiers")))
        assert "甲机电厂" in shown(manager.get(reverse("customer-tiers"), {"state": "confirmed"}))

    def test_not_followed_needs_a_reason(self, waiting: list[Customer]) -> None:
        manager = web("centre_manager")
        url = reverse("customer-tiers-reject")
        assert manager.post(url, {"row": waiting[0].number, "reason": ""}).status_code == 422
        assert waiting[0].tier_proposals.get().state == "waiting"
        assert manager.post(url, {"row": waiting[0].number, "reason": "一次性项目"}).status_code == 302
        assert waiting[0].tier_proposals.get().state == "rejected"
        # Decided once: the same again finds nothing that waits.
        assert manager.post(url, {"row": waiting[0].number, "reason": "x"}).status_code == 403

    def test_filters_narrow_and_the_empty_list_says_why(self, waiting: list[Customer]) -> None:
        manager = web("business_manager")
        assert waiting[0].number in shown(manager.get(reverse("customer-tiers"), {"way": "up"}))
        assert waiting[0].number not in shown(manager.get(reverse("customer-tiers"), {"way": "down"}))
        services.reject_proposals(
            proposals=[row.tier_proposals.get() for row in waiting], reason="再看", by=None, at=AT
        )
        assert "<table" not in shown(manager.get(reverse("customer-tiers")))


class TestTheCustomersPage:
    def test_it_says_why_criterion_by_criterion(self, waiting: list[Customer]) -> None:
        row = waiting[0]
        services.confirm_proposals(
            proposals=[row.tier_proposals.get()], by=people.user("business_manager", name="邓文博"), at=AT
        )
        page = shown(web("agent").get(reverse("customer", args=[row.number])))
        assert page.count('class="crit"') == 4
        for words in ("25.0 / 25", "30.0 / 30", "20.0 / 20", "邓文博", "2026-11-18"):
            assert words in page
        assert reverse("customer-tier", args=[row.number]) not in page

    def test_the_manager_s_next_step_is_the_proposal(self, waiting: list[Customer]) -> None:
        page = shown(web("business_manager").get(reverse("customer", args=[waiting[0].number])))
        assert f"{reverse('customer-tiers-confirm')}?row={waiting[0].number}&back=customer" in page

    def test_a_grade_by_hand_is_asked_with_reason_and_end(self) -> None:
        row = samples.customer(tier="C", tier_since=date(2026, 1, 1))
        manager, url = web("business_manager"), reverse("customer-tier", args=[row.number])
        assert manager.post(url, {"tier": "A", "reason": "战略客户", "valid_until": ""}).status_code == 422
        end = business_date(now_db()) + timedelta(days=90)
        sent = {"tier": "A", "reason": "战略客户", "valid_until": end.isoformat(), "version": row.version}
        assert manager.post(url, sent).status_code == 302
        assert [(tier, source) for tier, _from, _until, source in spans(row)] == [
            ("C", "taken_over"), ("A", "by_hand"), ("C", "resumed"),
        ]  # fmt: skip
        page = shown(manager.get(reverse("customer", args=[row.number]), {"tab": "grades"}))
        assert "战略客户" in page

    def test_an_overdue_visit_is_the_next_step_until_it_is_noted(self) -> None:
        """CUS-21."""
        visitor = people.user("account_manager", name="赵敏")
        row = samples.customer(tier="A", tier_since=date(2026, 1, 1), account_manager=visitor.employee)
        by = Client()
        by.force_login(visitor)
        there, page = reverse("customer-visit-new", args=[row.number]), reverse("customer", args=[row.number])
        assert "is-red" in shown(by.get(page))
        sent = {
            "held_on": business_date(now_db()).isoformat(), "visitor": visitor.work_number, "summary": "旺季加车",
        }  # fmt: skip
        assert by.post(there, sent).status_code == 302
        assert Visit.objects.get().visitor == visitor.employee
        page = shown(by.get(page))
        assert "旺季加车" in page and "is-red" not in page


class TestTheTimeline:
    """CUS-01: everything that happened, merged, page by page."""

    def test_it_merges_what_each_app_knows_and_goes_on_where_it_stopped(self) -> None:
        people.centre()
        user = people.user("agent")
        ticket = cases.register(user)
        row = ticket.customer
        visitor = people.employee("customer_relations", name="赵敏")
        for days in range(30):
            services.record_visit(
                customer=row,
                held_on=AT.date() - timedelta(days=days),
                visitor=visitor,
                summary=f"第{days}次",
                by=None,
                at=AT,
            )
        first = timeline(row, user)
        assert len(first.entries) == 20
        second = timeline(row, user, cursor=first.cursor)
        marks = [entry.mark for entry in (*first.entries, *second.entries)]
        assert marks == sorted(marks, reverse=True)
        assert len(set(marks)) == len(marks)
        assert {f"第{days}次" for days in range(30)} <= {e.text for e in (*first.entries, *second.entries)}
        assert second.cursor == ""
        (told,) = [entry for entry in (*first.entries, *second.entries) if entry.number]
        assert (told.number, told.url) == (ticket.number, reverse("complaint-detail", args=[ticket.number]))
        # The call that the ticket came from is not told a second time.
        assert not [
            entry for entry in (*first.entries, *second.entries) if entry.mark.kind == "complaints.contact"
        ]

    def test_who_may_not_see_the_tickets_does_not_find_them_here(self) -> None:
        """ORG-04."""
        people.centre()
        ticket = cases.register(people.user("agent"))
        manager = people.user("business_manager")
        assert ticket.number not in [entry.number for entry in timeline(ticket.customer, manager).entries]

    def test_the_months_are_one_entry_each(self) -> None:
        row = shipper("月结大户", waybills=24, freight=1_000)
        entries = timeline(row, people.user("agent")).entries
        (month,) = [entry for entry in entries if entry.mark.kind == "customers.waybill"]
        assert "24" in month.what and "24,000.00" in month.text
        assert "shipped_after=2026-10-01" in month.url

    def test_a_forged_place_is_refused(self) -> None:
        row = samples.customer()
        answer = web("agent").get(reverse("customer-timeline", args=[row.number]), {"cursor": "x"})
        assert answer.status_code == 400


def test_the_api_offers_proposals_grades_and_visits(waiting: list[Customer]) -> None:
    """CUS-12, CUS-21."""
    api = APIClient()
    manager = people.user("business_manager", name="邓文博")
    api.force_authenticate(manager)
    listed = api.get("/api/v1/tier-proposals/?tier=A").json()["results"]
    assert {one["customer"] for one in listed} == {row.number for row in waiting}
    first, second = listed
    assert first["allowed_actions"] == ["confirm", "reject"]
    assert [reason["criterion"] for reason in first["reasons"]] == [
        "industry",
        "volume",
        "frequency",
        "credit",
    ]
    url = f"/api/v1/tier-proposals/{first['id']}"
    assert api.post(f"{url}/confirm/").json()["state"] == "confirmed"
    assert api.post(f"{url}/confirm/").json()["code"] == "tier.decided"
    refused = api.post(f"/api/v1/tier-proposals/{second['id']}/reject/", {"reason": "再看"}, format="json")
    assert refused.json()["state"] == "rejected"
    customer = f"/api/v1/customers/{first['customer']}"
    assert [one["tier"] for one in api.get(f"{customer}/grades/").json()] == ["A", "C"]
    late = {"tier": "B", "valid_until": "2020-01-01", "reason": "x"}
    assert (
        api.post(f"{customer}/grade_by_hand/", late, format="json").json()["code"] == "tier.end_before_begin"
    )
    visit = {"held_on": "2026-11-01", "visitor": manager.work_number, "summary": "年度框架"}
    assert api.post(f"{customer}/visits/", visit, format="json").status_code == 201
    stranger = {**visit, "visitor": "9999"}
    assert api.post(f"{customer}/visits/", stranger, format="json").json()["code"] == "visit.visitor"
