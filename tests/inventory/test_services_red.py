"""Red letters: goods returned and documents corrected, never beyond their original (INV-26, INV-27, LED-02)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D

import pytest

from inventory import services
from inventory.domain.documents import Head
from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from tests.faults.sound import assert_sound
from tests.inventory.stores import (
    AT,
    TODAY,
    Stores,
    audited,
    issue,
    line,
    lines_of,
    on_hand,
    stocked,
)
from tests.inventory.test_services_transfers import refusal, resaved

DAY = timedelta(days=1)


class TestRedLetters:
    def test_goods_that_arrived_damaged_go_back_by_a_red_inbound(self, s: Stores) -> None:
        """INV-27 a, INV-26: linked, below zero; stock falls."""
        bought = stocked(s, line(s.wrench, 10, price=D("38.00")), line(s.grease, 4))
        red = services.draft_red(
            original=bought, reason="arrived", quantities={1: D(3)}, remarks="表盘碎", by=s.accountant, at=AT
        )
        assert (red.category, red.colour, red.direction, red.original_id) == (
            "return_in",
            "red",
            "in",
            bought.pk,
        )
        assert (red.supplier_id, red.number[:2], lines_of(red)) == (s.supplier.pk, "TR", [("GJ-01042", -3)])
        assert on_hand(s.sound, s.wrench) == [10]
        audited(red, s.accountant)
        assert on_hand(s.sound, s.wrench, s.grease) == [7, 4]
        assert bought.lines.get(ordinal=1).returned == 3
        assert_sound()

    def test_surplus_of_issued_goods_comes_back_by_a_red_outbound(self, s: Stores) -> None:
        """INV-27 b, INV-Q1: stock rises."""
        stocked(s, line(s.wrench, 10))
        used = audited(issue(s, line(s.wrench, 6)))
        red = services.draft_red(
            original=used, reason="surplus", quantities={1: D(2)}, by=s.accountant, at=AT
        )
        audited(red, s.accountant)
        assert (red.category, on_hand(s.sound, s.wrench)) == ("return_out", [6])

    def test_all_that_is_left_is_the_default_and_never_more_than_the_original_returns(
        self, s: Stores
    ) -> None:
        """LED-02: several red letters together; every line beyond is named."""
        bought = stocked(s, line(s.wrench, 10), line(s.grease, 4))
        first = services.draft_red(
            original=bought, reason="arrived", quantities={1: D(7)}, by=s.accountant, at=AT
        )
        second = services.draft_red(original=bought, reason="arrived", by=s.accountant, at=AT)
        assert lines_of(second) == [("GJ-01042", -10), ("HC-20031", -4)]
        audited(first)
        with refusal("red.beyond_original"):
            audited(second)
        with pytest.raises(RulesBroken) as caught:
            services.draft_red(
                original=bought, reason="arrived", quantities={1: D(4), 2: D(5)}, by=s.accountant, at=AT
            )
        assert [(fault.code, fault.field) for fault in caught.value.broken] == [
            ("red.beyond_original", "lines.1.quantity"),
            ("red.beyond_original", "lines.2.quantity"),
        ]
        second = resaved(second, s.accountant, line(s.wrench, -3), line(s.grease, -4))
        audited(second)
        assert on_hand(s.sound, s.wrench, s.grease) == [0, 0]
        with refusal("red.nothing_left"):
            services.draft_red(original=bought, reason="arrived", by=s.accountant, at=AT)
        assert_sound()

    def test_a_red_letter_is_changed_only_within_its_original(self, s: Stores) -> None:
        bought = stocked(s, line(s.wrench, 10))
        red = services.draft_red(original=bought, reason="arrived", by=s.accountant, at=AT)
        for lines, code in (
            ([line(s.wrench, -11)], "red.beyond_original"),
            ([line(s.wrench, 2)], "line.red_below_zero"),
            ([line(s.grease, -1)], "line.follows_none"),
        ):
            with refusal(code):
                resaved(red, s.accountant, *lines)
        assert lines_of(red) == [("GJ-01042", -10)]

    def test_what_a_red_letter_stands_on_is_not_un_audited(self, s: Stores) -> None:
        """LED-10: first the red letter; voided, it is in nobody's way."""
        bought = stocked(s, line(s.wrench, 10))
        red = services.draft_red(original=bought, reason="arrived", by=s.accountant, at=AT)
        with refusal("document.downstream"):
            services.unaudit_document(document=bought, by=s.accountant, at=AT)
        services.void_document(document=red, reason="不退了", by=s.accountant, at=AT)
        bought = services.unaudit_document(document=bought, by=s.accountant, at=AT)
        head = Head("purchase_in", s.sound.pk, TODAY, supplier_id=s.supplier.pk, counted=True)
        services.save_document(head=head, lines=[line(s.wrench, 9)], document=bought, by=s.accountant, at=AT)
        assert lines_of(bought) == [("GJ-01042", 9)]

    def test_un_auditing_a_red_letter_gives_back_what_may_be_returned(self, s: Stores) -> None:
        bought = stocked(s, line(s.wrench, 10))
        red = audited(services.draft_red(original=bought, reason="arrived", by=s.accountant, at=AT))
        services.unaudit_document(document=red, by=s.accountant, at=AT)
        assert (on_hand(s.sound, s.wrench), bought.lines.get().returned) == ([10], 0)

    @pytest.mark.parametrize("reason", ["surplus", "damaged_back", "", "weather"])
    def test_a_reason_must_fit_the_original(self, s: Stores, reason: str) -> None:
        bought = stocked(s, line(s.wrench, 10))
        with pytest.raises(RuleBroken, match=r"^red\.reason"):
            services.draft_red(original=bought, reason=reason, by=s.accountant, at=AT)

    def test_read_to_the_letter_only_arrived_goods_return(self, s: Stores) -> None:
        """INV-Q1."""
        policies.set_policy(
            code="inventory.rules",
            value={"returns": "inbound"},
            by=None,
            reason="按原文",
            valid_from=AT - DAY,
        )
        stocked(s, line(s.wrench, 10))
        used = audited(issue(s, line(s.wrench, 6)))
        with refusal("red.inbound_only"):
            services.draft_red(original=used, reason="surplus", by=s.accountant, at=AT)

    def test_a_document_of_a_closed_month_is_corrected_by_a_red_letter_in_an_open_one(
        self, s: Stores
    ) -> None:
        """LED-10."""
        past = TODAY.replace(month=10)
        stocked(s, line(s.wrench, 10), day=past)
        used = audited(issue(s, line(s.wrench, 6), day=past))
        services.close_period(month=past, by=s.chief, at=AT)
        with refusal("period.closed"):
            services.unaudit_document(document=used, by=s.accountant, at=AT)
        red = services.draft_red(original=used, reason="correction", by=s.accountant, at=AT)
        assert (red.category, red.business_date) == ("own_use_out", TODAY)
        audited(red, s.accountant)
        assert on_hand(s.sound, s.wrench) == [10]
