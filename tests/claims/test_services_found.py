"""Goods that do not come count as lost; found again, the customer chooses goods or money (CLM-19)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from claims import queries, services
from claims.domain.arrival import counts_as_lost, days_missing
from claims.models import Claim, FoundGoods
from customers.models import Waybill, WaybillEvent
from servicecenter import policies, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from tests.claims import cases
from tests.claims.cases import AT, Crew, after
from tests.complaints import cases as tickets
from tests.doors import HTMX, client_of, shown, words

PROMISED = date(2026, 10, 19)


@pytest.mark.parametrize(
    ("promised_on", "events", "days", "is_lost"),
    [
        (PROMISED, [], 30, True),
        (PROMISED + timedelta(days=1), [], 29, False),
        (PROMISED, ["collected", "departed"], 30, True),
        (PROMISED, ["departed", "arrived"], 0, False),
        (PROMISED, ["signed"], 0, False),
        (PROMISED, ["returned"], 0, False),
        (None, [], 0, False),
        (date(2026, 12, 1), [], 0, False),
    ],
    ids=["thirty days", "a day less", "on its way", "arrived", "signed for", "returned", "not promised", "not due"],
)  # fmt: skip
def test_goods_not_arrived_thirty_days_after_the_promised_day_are_a_loss(
    promised_on: date | None, events: list[str], days: int, is_lost: bool
) -> None:
    found = days_missing(promised_on=promised_on, events=events, today=date(2026, 11, 18))
    assert (found, counts_as_lost(found, after=30)) == (days, is_lost)


def late(days: int = 34, **more: Any) -> Waybill:
    """A waybill promised so many days before now, of which nothing has arrived."""
    return cases.waybill(promised_at=now_db() - timedelta(days=days), **more)


def happened(waybill: Waybill, kind: str, **more: Any) -> WaybillEvent:
    return WaybillEvent.objects.create(
        waybill=waybill, kind=kind, occurred_at=AT, source="hand", recorded_at=AT, **more
    )


class TestTheOffer:
    def test_the_waybill_and_the_form_say_it_and_offer_a_claim_of_loss(self, crew: Crew) -> None:
        waybill = late()
        browser = client_of(crew.adjuster)
        slot = shown(browser.get(f"/claims/of-waybill/{waybill.number}/", headers=HTMX))
        assert f"/claims/new/?waybill={waybill.number}&kind=loss" in slot
        page = shown(browser.get(f"/claims/new/?waybill={waybill.number}&kind=loss"))
        assert "34" in words(browser.get(f"/claims/of-waybill/{waybill.number}/", headers=HTMX))
        assert 'value="loss" id="id_kind_2" checked' in page
        assert not Claim.objects.exists(), "nothing opens by itself"

    def test_a_complaint_of_any_category_on_such_goods_offers_it(self, crew: Crew) -> None:
        waybill = late()
        ticket = tickets.register(crew.agent, at=now_db(), waybill_number=waybill.number)
        agent = client_of(crew.agent)
        slot = shown(agent.get(f"/claims/of-complaint/{ticket.number}/", headers=HTMX))
        assert f"/claims/new/?complaint={ticket.number}&kind=loss" in slot
        assert agent.get(f"/claims/new/?complaint={ticket.number}").status_code == 200

    def test_not_for_goods_that_came_nor_before_the_term_nor_twice(self, crew: Crew) -> None:
        assert queries.lost_by_time(late(days=29)) is None
        waybill = late(number="86204398125")
        assert queries.lost_by_time(waybill).days == 34  # type: ignore[union-attr]
        arrived = happened(waybill, "arrived")
        assert queries.lost_by_time(waybill) is None
        happened(waybill, "arrived", corrects=arrived, is_void=True)
        assert queries.lost_by_time(waybill) is not None, "it never arrived after all"
        cases.opened(crew, bill=waybill)
        assert queries.lost_by_time(waybill) is None

    def test_the_term_is_a_policy(self, crew: Crew) -> None:
        policies.set_policy(
            code="claims.handling", value={"lost_days": 20}, valid_from=AT, reason="华东专线",
            by=crew.manager,
        )  # fmt: skip
        assert queries.lost_by_time(late(days=21)).after == 20  # type: ignore[union-attr]


class TestFoundAgain:
    def found(self, crew: Crew, claim: Claim, **more: Any) -> FoundGoods:
        given = {"found_on": date(2026, 11, 18), "place": "江滨中转场"} | more
        return services.record_found(claim=claim, by=crew.adjuster, at=after(hours=3), **given)

    def test_it_is_recorded_and_the_customer_is_to_be_asked(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        made = self.found(crew, claim)
        assert (made.choice, made.chosen_at) == ("", None)
        page = words(client_of(crew.adjuster).get(f"/claims/{claim.number}/?tab=payout"))
        assert "江滨中转场" in page
        assert trail.entries_of(claim)[0].code == "claim.record_found"

    def test_the_choice_is_made_once_and_kept_with_how_it_was_confirmed(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        self.found(crew, claim)
        made = self.found(crew, claim, choice="money", way="call")
        assert (made.choice, made.way, made.chosen_at) == ("money", "call", after(hours=3))
        with pytest.raises(RuleBroken, match=r"claim\.found_chosen"):
            self.found(crew, claim, choice="goods", way="call")
        assert FoundGoods.objects.get().choice == "money"

    def test_who_takes_the_goods_is_not_paid_for_them(self, crew: Crew) -> None:
        claim = cases.agreed(crew, "100.00")
        self.found(crew, claim, choice="goods", way="signed")
        with pytest.raises(RuleBroken, match=r"claim\.takes_goods"):
            services.request_approval(claim=cases.fresh(claim), by=crew.adjuster, at=after(hours=4))

    def test_who_takes_the_money_is_paid(self, crew: Crew) -> None:
        claim = cases.agreed(crew, "100.00")
        self.found(crew, claim, choice="money", way="signed")
        assert services.request_approval(claim=cases.fresh(claim), by=crew.adjuster, at=after(hours=4))

    @pytest.mark.parametrize(
        ("code", "more"),
        [
            ("found.place", {"place": " "}),
            ("found.day", {"found_on": date(2026, 11, 1)}),
            ("found.day", {"found_on": date(2026, 11, 30)}),
            ("found.choice", {"choice": "goods"}),
            ("found.choice", {"way": "call"}),
            ("found.choice", {"choice": "both", "way": "call"}),
        ],
    )
    def test_what_is_wrong_is_said(self, crew: Crew, code: str, more: dict[str, Any]) -> None:
        with pytest.raises(RuleBroken) as problem:
            self.found(crew, cases.opened(crew), **more)
        assert problem.value.code == code
        assert not FoundGoods.objects.exists()

    def test_only_what_was_lost_is_found(self, crew: Crew) -> None:
        with pytest.raises(RuleBroken, match=r"claim\.not_a_loss"):
            self.found(crew, cases.opened(crew, kind="damage"))
