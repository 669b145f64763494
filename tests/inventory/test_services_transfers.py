"""Transfers and red letters: paired documents, true transit, nothing beyond (INV-26, 27, 40 to 47, LED-02, 06)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D

import pytest

from inventory import services
from inventory.domain.documents import Head, Line
from inventory.domain.transfers import TransferHead, TransferLineIn
from inventory.models import Document, LedgerEntry, Transfer, Warehouse
from organization.models import User
from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice
from tests.faults.sound import assert_sound
from tests.inventory.stores import (
    AT,
    TODAY,
    Stores,
    audited,
    line,
    lines_of,
    on_hand,
    purchase,
    sides,
    stocked,
    transfer,
)
from tests.refusals import refusal

DAY = timedelta(days=1)


def resaved(document: Document, by: User, *lines: Line, day: object = TODAY, at: object = AT) -> Document:
    head = Head(document.category, document.warehouse_id, day)  # type: ignore[arg-type]
    return services.save_document(head=head, lines=lines, document=document, by=by, at=at)  # type: ignore[arg-type]


class TestTransfers:
    def test_its_audit_makes_both_documents_and_each_side_audits_its_own(self, s: Stores) -> None:
        """INV-42, LED-06: source → in transit → target; nothing moves before."""
        stocked(s, line(s.wrench, 10), line(s.grease, 5))
        made = transfer(s, (s.wrench, 4), (s.grease, 5))
        assert not Document.objects.filter(transfer=made).exists()
        made = services.audit_transfer(transfer=made, by=s.accountant, at=AT)
        out, into = sides(made)
        assert (out.category, into.category) == ("sound_transfer_out", "sound_transfer_in")
        assert (lines_of(out), lines_of(into)) == ([("GJ-01042", 4), ("HC-20031", 5)],) * 2
        assert on_hand(s.sound, s.wrench) == [10]
        with refusal("transfer.outbound_first"):
            audited(into, s.accountant)
        audited(out, s.accountant)
        assert [on_hand(w, s.wrench, s.grease) for w in (s.sound, s.transit, s.sound_b)] == [
            [6, 0],
            [4, 5],
            [0, 0],
        ]
        audited(into, s.accountant)
        assert [on_hand(w, s.wrench, s.grease) for w in (s.sound, s.transit, s.sound_b)] == [
            [6, 0],
            [0, 0],
            [4, 5],
        ]
        assert LedgerEntry.objects.filter(document=out).count() == 4
        assert_sound()

    def test_what_arrives_short_stays_in_transit_until_received_or_written_off(self, s: Stores) -> None:
        """LED-06, INV-46: source + transit + target stays the same; a loss is approved by another."""
        stocked(s, line(s.wrench, 10))
        made = services.audit_transfer(transfer=transfer(s, (s.wrench, 8)), by=s.accountant, at=AT)
        out, into = sides(made)
        audited(out, s.accountant)
        with refusal("transfer.beyond_transit"):
            resaved(into, s.accountant, line(s.wrench, 9))
        audited(resaved(into, s.accountant, line(s.wrench, 5)), s.accountant)
        assert [on_hand(w, s.wrench) for w in (s.sound, s.transit, s.sound_b)] == [[2], [3], [5]]
        rest = services.receive_rest(transfer=made, by=s.accountant, at=AT)
        with refusal("transfer.inbound_waiting"):
            services.receive_rest(transfer=made, by=s.accountant, at=AT)
        assert lines_of(rest) == [("GJ-01042", 3)]
        audited(resaved(rest, s.accountant, line(s.wrench, 2)), s.accountant)
        loss = services.draft_transit_loss(transfer=made, remarks="途中丢失", by=s.accountant, at=AT)
        assert (loss.category, loss.warehouse, lines_of(loss)) == (
            "transit_loss_out",
            s.transit,
            [("GJ-01042", 1)],
        )
        with refusal("document.not_approved"):
            audited(loss, s.accountant)
        loss = services.approve_document(document=loss, by=s.manager, at=AT)
        audited(loss, s.accountant)
        assert [on_hand(w, s.wrench) for w in (s.sound, s.transit, s.sound_b)] == [[2], [0], [7]]
        row = made.lines.get()
        assert (row.issued, row.received, row.lost) == (8, 7, 1)
        with refusal("transfer.nothing_in_transit"):
            services.receive_rest(transfer=made, by=s.accountant, at=AT)
        assert_sound()

    def test_the_inbound_waits_for_what_was_really_issued(self, s: Stores) -> None:
        """INV-47 据实发放."""
        stocked(s, line(s.wrench, 10), line(s.grease, 5))
        made = services.audit_transfer(
            transfer=transfer(s, (s.wrench, 4), (s.grease, 5)), by=s.accountant, at=AT
        )
        out, into = sides(made)
        with refusal("transfer.beyond_order"):
            resaved(out, s.accountant, line(s.wrench, 5))
        audited(resaved(out, s.accountant, line(s.wrench, 3)), s.accountant)
        assert lines_of(into) == [("GJ-01042", 3)]
        assert Document.objects.get(pk=into.pk).version > into.version

    def test_un_audit_goes_inbound_outbound_transfer(self, s: Stores) -> None:
        """LED-06: in no other order; the paired documents are voided, their numbers kept."""
        stocked(s, line(s.wrench, 10))
        made = services.audit_transfer(transfer=transfer(s, (s.wrench, 4)), by=s.accountant, at=AT)
        out, into = sides(made)
        out, into = audited(out), audited(into)
        with refusal("document.downstream"):
            services.unaudit_transfer(transfer=made, by=s.accountant, at=AT)
        with refusal("document.downstream"):
            services.unaudit_document(document=out, by=s.accountant, at=AT)
        services.unaudit_document(document=into, by=s.accountant, at=AT)
        with refusal("document.downstream"):
            services.unaudit_transfer(transfer=made, by=s.accountant, at=AT)
        services.unaudit_document(document=out, by=s.accountant, at=AT)
        made = services.unaudit_transfer(transfer=made, by=s.accountant, at=AT)
        assert made.state == "saved"
        assert {row.state for row in Document.objects.filter(transfer=made)} == {"voided"}
        assert [on_hand(w, s.wrench) for w in (s.sound, s.transit, s.sound_b)] == [[10], [0], [0]]
        head = TransferHead("internal", s.sound.pk, s.sound_b.pk, TODAY)
        rows = [TransferLineIn("GJ-01042", D(2))]
        made = services.save_transfer(head=head, lines=rows, transfer=made, by=s.accountant, at=AT)
        made = services.audit_transfer(transfer=made, by=s.accountant, at=AT)
        assert lines_of(sides(made)[0]) == [("GJ-01042", 2)]
        assert_sound()

    def test_a_transfers_document_is_corrected_only_as_far_as_its_goods_are_under_way(
        self, s: Stores
    ) -> None:
        """LED-06, LED-10: the transit store may hold the goods of others; these do not help."""
        stocked(s, line(s.wrench, 20))
        made, other = (
            services.audit_transfer(transfer=transfer(s, (s.wrench, 4)), by=s.accountant, at=AT)
            for _n in range(2)
        )
        out, into = sides(made)
        out, into = audited(out), audited(resaved(into, s.accountant, line(s.wrench, 3)))
        audited(sides(other)[0])
        red = services.draft_red(original=out, reason="correction", by=s.accountant, at=AT)
        with refusal("transfer.beyond_transit") as caught:
            audited(red, s.accountant)
        assert caught.value.params["left"] == 1
        audited(resaved(red, s.accountant, line(s.wrench, -1)), s.accountant)
        assert [on_hand(w, s.wrench) for w in (s.sound, s.transit, s.sound_b)] == [[13], [4], [3]]
        back = audited(services.draft_red(original=into, reason="correction", by=s.accountant, at=AT))
        loss = services.draft_transit_loss(transfer=made, remarks="丢失", by=s.accountant, at=AT)
        audited(services.approve_document(document=loss, by=s.manager, at=AT))
        with refusal("transfer.beyond_transit"):
            services.unaudit_document(document=back, by=s.accountant, at=AT)
        row = made.lines.get()
        assert (row.issued, row.received, row.lost) == (3, 0, 3)
        assert_sound()

    def test_its_warehouses_stay_after_the_first_audit(self, s: Stores) -> None:
        """INV-13."""
        made = services.audit_transfer(transfer=transfer(s, (s.wrench, 4)), by=s.accountant, at=AT)
        made = services.unaudit_transfer(transfer=made, by=s.accountant, at=AT)
        head = TransferHead("internal", s.sound_b.pk, s.sound.pk, TODAY)
        with refusal("document.warehouse_kept"):
            services.save_transfer(
                head=head, lines=[TransferLineIn("GJ-01042", D(4))], transfer=made, by=s.accountant, at=AT
            )

    def test_the_outbound_goes_with_its_transfer_alone(self, s: Stores) -> None:
        made = services.audit_transfer(transfer=transfer(s, (s.wrench, 4)), by=s.accountant, at=AT)
        with refusal("document.of_transfer"):
            services.void_document(document=sides(made)[0], reason="x", by=s.accountant, at=AT)

    def test_the_issuing_and_the_receiving_side_are_told(self, s: Stores) -> None:
        """INV-42."""
        stocked(s, line(s.wrench, 10))
        made = transfer(s, (s.wrench, 4), target=s.far, kind="directive", requisition="LL-1", by=s.planner)
        _ = (s.accountant, s.accountant_far, s.chief)
        services.audit_transfer(transfer=made, by=s.planner, at=AT)
        told = Notice.objects.filter(code="stock.to_issue").values_list("user", flat=True)
        assert set(told) == {s.accountant.pk, s.chief.pk}
        audited(sides(made)[0], s.accountant)
        told = Notice.objects.filter(code="stock.on_its_way").values_list("user", flat=True)
        assert set(told) == {s.accountant_far.pk, s.chief.pk}


class TestWhoMakesTransfers:
    def across(self, s: Stores, by: User, kind: str = "directive", **more: object) -> Transfer:
        values: dict[str, object] = {"requisition": "LL-2611-0042"} | more
        return transfer(s, (s.wrench, 1), target=s.far, kind=kind, by=by, **values)  # type: ignore[arg-type]

    @pytest.mark.parametrize("who", ["keeper", "accountant", "accountant_far", "manager"])
    def test_no_department_makes_one_across_departments(self, s: Stores, who: str) -> None:
        """INV-05, whatever the door."""
        with pytest.raises(RuleBroken) as caught:
            self.across(s, getattr(s, who))
        assert (caught.value.code, caught.value.status) == ("transfer.cross_department", 403)
        assert not Transfer.objects.exists()

    @pytest.mark.parametrize("who", ["planner", "chief"])
    def test_business_management_makes_and_audits_it(self, s: Stores, who: str) -> None:
        """INV-03, INV-41."""
        made = self.across(s, getattr(s, who))
        for other in (s.accountant, s.accountant_far, s.keeper):
            with refusal("lifecycle.no_right"):
                services.audit_transfer(transfer=made, by=other, at=AT)
        assert services.audit_transfer(transfer=made, by=getattr(s, who), at=AT).state == "audited"

    def test_each_side_audits_its_own_document(self, s: Stores) -> None:
        """INV-42: the issuing department the outbound, the receiving one the inbound."""
        stocked(s, line(s.wrench, 5))
        out, into = sides(services.audit_transfer(transfer=self.across(s, s.planner), by=s.planner, at=AT))
        for document, stranger in ((out, s.accountant_far), (out, s.planner)):
            with refusal("lifecycle.no_right"):
                audited(document, stranger)
        audited(out, s.accountant)
        with refusal("lifecycle.no_right"):
            audited(into, s.accountant)
        audited(into, s.accountant_far)
        assert on_hand(s.far, s.wrench) == [1]

    def test_within_a_department_its_accountant(self, s: Stores) -> None:
        """INV-44, INV-01."""
        made = transfer(s, (s.wrench, 1))
        with refusal("lifecycle.no_right"):
            services.audit_transfer(transfer=made, by=s.accountant_far, at=AT)
        with refusal("lifecycle.no_right"):
            transfer(s, (s.wrench, 1), by=s.keeper)
        assert services.audit_transfer(transfer=made, by=s.accountant, at=AT).state == "audited"

    def test_by_policy_planning_makes_them_all(self, s: Stores) -> None:
        """INV-Q2."""
        policies.set_policy(
            code="inventory.rules", value={"transfers_within": "planning"}, by=None, reason="统一调拨",
            valid_from=AT - DAY,
        )  # fmt: skip
        with refusal("transfer.through_planning"):
            transfer(s, (s.wrench, 1))
        assert transfer(s, (s.wrench, 1), by=s.planner).state == "saved"

    @pytest.mark.parametrize(
        ("source", "target", "code"),
        [("sound", "damaged_b", "transfer.kinds"), ("held", "sound_b", "transfer.kinds")],
    )
    def test_both_ends_are_sound_or_both_damaged(
        self, s: Stores, source: str, target: str, code: str
    ) -> None:
        """INV-24, INV-25."""
        with refusal(code):
            transfer(s, (s.pump, 1), source=getattr(s, source), target=getattr(s, target))

    def test_damaged_goods_travel_as_damaged_goods(self, s: Stores) -> None:
        """INV-25."""
        stocked(s, line(s.pump, 2), warehouse=s.damaged)
        made = transfer(s, (s.pump, 2), source=s.damaged, target=s.damaged_b)
        out, into = sides(services.audit_transfer(transfer=made, by=s.accountant, at=AT))
        audited(out)
        audited(into)
        assert (out.category, into.category) == ("damaged_transfer_out", "damaged_transfer_in")
        assert on_hand(s.damaged_b, s.pump) == [2]

    def test_without_a_transit_warehouse_there_is_no_transfer(self, s: Stores) -> None:
        """LED-06."""
        Warehouse.objects.filter(pk=s.transit.pk).update(closed_on=TODAY)
        with refusal("transfer.no_transit"):
            transfer(s, (s.wrench, 1))


def test_a_purchase_is_never_made_by_a_transfer_nor_a_transfer_by_hand(s: Stores) -> None:
    with refusal("document.not_by_hand"):
        services.save_document(
            head=Head("sound_transfer_in", s.sound.pk, TODAY),
            lines=[line(s.wrench, 1)],
            by=s.accountant,
            at=AT,
        )
    with refusal("document.not_by_hand"):
        services.save_document(
            head=Head("return_in", s.sound.pk, TODAY), lines=[line(s.wrench, -1)], by=s.accountant, at=AT
        )
    assert purchase(s, line(s.wrench, 1)).transfer_id is None
