"""Documents made, audited, un-audited, deleted; the ledger under them (INV-10 to INV-35, LED-01 to LED-11)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import services
from inventory.domain.documents import Head, Line
from inventory.domain.shortage import Shortage
from inventory.models import Document, LedgerEntry, Place
from servicecenter import policies
from servicecenter.kernel.errors import RulesBroken
from servicecenter.models import TrailEntry
from servicecenter.wording import messages_of
from tests import people
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
    purchase,
    stocked,
)
from tests.refusals import refusal

DAY = timedelta(days=1)


def test_a_new_document_has_its_number_its_date_and_is_blue(s: Stores) -> None:
    """INV-10: by category, from one sequence, in the month it was made."""
    head = Head("purchase_in", s.sound.pk, supplier_id=s.supplier.pk)
    one = services.save_document(head=head, lines=[line(s.wrench, 1)], by=s.keeper, at=AT)
    two = services.save_document(
        head=Head("own_use_out", s.sound.pk, use="consumable"), lines=[line(s.grease, 1)], by=s.keeper, at=AT
    )
    assert (one.number[:7], two.number[:7]) == ("CR2611-", "LY2611-")
    assert int(two.number[7:]) > int(one.number[7:]) >= 10001
    assert (one.business_date, one.colour, one.state, one.direction) == (TODAY, "blue", "saved", "in")


def test_only_the_audit_moves_stock(s: Stores) -> None:
    """INV-11."""
    made = purchase(s, line(s.wrench, 12, location="02-A-03-11"), line(s.grease, "48.5"), by=s.keeper)
    assert on_hand(s.sound, s.wrench, s.grease) == [0, 0]
    assert not LedgerEntry.objects.exists()
    made = audited(made, s.accountant)
    assert on_hand(s.sound, s.wrench, s.grease) == [12, D("48.5")]
    rows = LedgerEntry.objects.values_list(
        "line", "posting_number", "leg", "quantity", "business_date", "posted_by", "posted_at", "reverses"
    )
    assert list(rows.order_by("line")) == [
        (1, 1, 1, 12, TODAY, s.accountant.pk, AT, None),
        (2, 1, 1, D("48.5"), TODAY, s.accountant.pk, AT, None),
    ]
    assert (made.state, made.audited_by, made.posting_number) == ("audited", s.accountant, 1)
    assert Place.objects.get(warehouse=s.sound, item=s.wrench).location == "02-A-03-11"
    assert not Place.objects.filter(item=s.grease).exists()


def test_an_un_audit_posts_the_mirror_and_audit_again_is_a_new_posting(s: Stores) -> None:
    """LED-02, INV-12: same business date, each row named by its mirror."""
    made = audited(purchase(s, line(s.wrench, 12), day=TODAY - 3 * DAY))
    services.unaudit_document(document=made, by=s.accountant, at=AT + DAY)
    made.refresh_from_db()
    assert on_hand(s.sound, s.wrench) == [0]
    head = Head("purchase_in", s.sound.pk, made.business_date, supplier_id=s.supplier.pk, counted=True)
    services.edit_document(document=made, by=s.accountant, at=AT + DAY)
    made = services.save_document(
        head=head, lines=[line(s.wrench, 10), line(s.grease, 2)], document=made, by=s.accountant, at=AT + DAY
    )
    audited(made, s.accountant, at=AT + DAY)
    rows = LedgerEntry.objects.order_by("id").values_list(
        "posting_number", "line", "quantity", "business_date", "reverses__posting_number"
    )
    day = TODAY - 3 * DAY
    assert list(rows) == [
        (1, 1, 12, day, None),
        (2, 1, -12, day, 1),
        (3, 1, 10, day, None),
        (3, 2, 2, day, None),
    ]
    assert on_hand(s.sound, s.wrench, s.grease) == [10, 2]
    assert_sound()


def test_after_the_first_audit_the_warehouse_can_never_change(s: Stores) -> None:
    """INV-13, INV-14: un-audited, it is deleted and made anew; the number stays taken."""
    made = audited(purchase(s, line(s.wrench, 12)))
    made = services.unaudit_document(document=made, by=s.accountant, at=AT)
    head = Head("purchase_in", s.sound_b.pk, TODAY, supplier_id=s.supplier.pk, counted=True)
    with refusal("document.warehouse_kept"):
        services.save_document(head=head, lines=[line(s.wrench, 12)], document=made, by=s.accountant, at=AT)
    gone = services.void_document(document=made, reason="库房错误", by=s.accountant, at=AT)
    assert (gone.state, Document.objects.get(number=made.number).void_reason) == ("voided", "库房错误")
    with refusal("lifecycle.wrong_state"):
        audited(gone)
    again = purchase(s, line(s.wrench, 12), warehouse=s.sound_b)
    assert again.number != made.number


def test_before_the_first_audit_the_warehouse_may_change(s: Stores) -> None:
    made = purchase(s, line(s.wrench, 12))
    head = Head("purchase_in", s.sound_b.pk, TODAY, supplier_id=s.supplier.pk, counted=True)
    made = services.save_document(head=head, lines=[line(s.wrench, 1)], document=made, by=s.accountant, at=AT)
    audited(made)
    assert (on_hand(s.sound, s.wrench), on_hand(s.sound_b, s.wrench)) == ([0], [1])


def test_an_audited_document_is_read_only(s: Stores) -> None:
    """INV-12."""
    made = audited(purchase(s, line(s.wrench, 12)))
    head = Head("purchase_in", s.sound.pk, TODAY, supplier_id=s.supplier.pk)
    for act in (
        lambda: services.save_document(
            head=head, lines=[line(s.wrench, 1)], document=made, by=s.accountant, at=AT
        ),
        lambda: services.edit_document(document=made, by=s.accountant, at=AT),
        lambda: services.void_document(document=made, reason="x", by=s.accountant, at=AT),
        lambda: audited(made),
    ):
        with refusal("lifecycle.wrong_state"):
            act()
    assert lines_of(made) == [("GJ-01042", 12)]


def test_a_document_being_edited_is_not_audited_and_may_be_left_as_it_was(s: Stores) -> None:
    made = services.edit_document(document=purchase(s, line(s.wrench, 12)), by=s.accountant, at=AT)
    with refusal("lifecycle.wrong_state"):
        audited(made)
    made = services.abandon_edit(document=made, by=s.accountant, at=AT)
    assert (made.state, lines_of(made)) == ("saved", [("GJ-01042", 12)])


def test_a_stale_save_changes_nothing(s: Stores) -> None:
    made = purchase(s, line(s.wrench, 12))
    head = Head("purchase_in", s.sound.pk, TODAY, supplier_id=s.supplier.pk)
    services.save_document(
        head=head, lines=[line(s.wrench, 5)], document=made, version=1, by=s.accountant, at=AT
    )
    with refusal("lifecycle.stale"):
        services.save_document(
            head=head, lines=[line(s.wrench, 9)], document=made, version=1, by=s.accountant, at=AT
        )
    with refusal("lifecycle.stale"):
        services.audit_document(document=made, version=1, by=s.accountant, at=AT)
    assert lines_of(made) == [("GJ-01042", 5)]


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_saved(s: Stores) -> None:
    """INV-15, LED-11."""
    head = Head("own_use_out", s.sound.pk, TODAY + DAY)
    with pytest.raises(RulesBroken) as caught:
        services.save_document(
            head=head, lines=[Line("NO-99", D(1)), line(s.wrench, 0)], by=s.accountant, at=AT
        )
    assert [(fault.code, fault.field) for fault in caught.value.broken] == [
        ("document.field_needed", "use"),
        ("document.future", "business_date"),
        ("line.unknown_item", "lines.1.code"),
        ("quantity.zero", "lines.2.quantity"),
    ]
    assert not Document.objects.exists()


def test_a_purchase_is_audited_only_when_counted(s: Stores) -> None:
    """INV-20."""
    made = purchase(s, line(s.wrench, 12), counted=False)
    with refusal("document.not_counted"):
        audited(made, s.accountant)
    head = Head("purchase_in", s.sound.pk, TODAY, supplier_id=s.supplier.pk, counted=True)
    made = services.save_document(head=head, lines=[line(s.wrench, 11)], document=made, by=s.keeper, at=AT)
    assert (made.counted_by_id, made.counted_at) == (s.keeper.pk, AT)
    audited(made, s.accountant)
    assert on_hand(s.sound, s.wrench) == [11]


def test_the_trail_says_which_lines_changed(s: Stores) -> None:
    """ORG-05."""
    made = purchase(s, line(s.wrench, 12), line(s.grease, 3))
    head = Head("purchase_in", s.sound.pk, TODAY, supplier_id=s.supplier.pk, counted=True, remarks="少一把")
    services.save_document(
        head=head, lines=[line(s.wrench, 11), line(s.grease, 3)], document=made, by=s.keeper, at=AT
    )
    entry = TrailEntry.objects.get(code="stockdoc.save")
    assert entry.changes == {"remarks": ["", "少一把"], "line 1": ["GJ-01042 12.000", "GJ-01042 11.000"]}


class TestShortage:
    def test_it_names_every_short_line_with_on_hand_in_transit_and_the_last_movements(
        self, s: Stores
    ) -> None:
        """LED-11: two lines of one item are one shortage; what suffices is not named; nothing is posted."""
        stocked(s, line(s.wrench, 5), line(s.grease, 10))
        used = audited(issue(s, line(s.wrench, 2)))
        made = issue(s, line(s.wrench, 2), line(s.grease, 10), line(s.bulb, 1), line(s.wrench, 2))
        with pytest.raises(Shortage) as caught:
            audited(made, s.accountant)
        first, second = caught.value.lines
        assert (first.code, first.lines, first.needed, first.on_hand, first.missing) == (
            "GJ-01042",
            (1, 4),
            4,
            3,
            1,
        )
        assert next((move.number, move.quantity) for move in first.last) == (used.number, -2)
        assert (second.code, second.lines, second.on_hand, second.last) == ("BJ-33002", (3,), 0, ())
        text = messages_of(caught.value)
        assert [field for field, _said in text] == ["lines.1.quantity", "lines.3.quantity"]
        assert used.number in text[0][1]
        assert on_hand(s.sound, s.wrench, s.grease) == [3, 10]
        assert Document.objects.get(pk=made.pk).state == "saved"

    def test_an_un_audit_of_goods_that_have_gone_on_is_refused(self, s: Stores) -> None:
        bought = stocked(s, line(s.wrench, 5))
        audited(issue(s, line(s.wrench, 3)))
        with pytest.raises(Shortage) as caught:
            services.unaudit_document(document=bought, by=s.accountant, at=AT)
        assert (caught.value.lines[0].needed, caught.value.lines[0].on_hand) == (5, 2)
        assert on_hand(s.sound, s.wrench) == [2]

    def test_stock_was_never_below_zero_on_any_day_since(self, s: Stores) -> None:
        """LED-05: five today, but only one lay there on the day of the document."""
        stocked(s, line(s.wrench, 4), day=TODAY - 9 * DAY)
        audited(issue(s, line(s.wrench, 3), day=TODAY - 5 * DAY))
        stocked(s, line(s.wrench, 4), day=TODAY - 2 * DAY)
        early = issue(s, line(s.wrench, 2), day=TODAY - 7 * DAY)
        with pytest.raises(Shortage) as caught:
            audited(early)
        short = caught.value.lines[0]
        assert (short.on_hand, short.lowest, short.lowest_on) == (5, 1, TODAY - 3 * DAY)
        assert caught.value.broken[0].code == "stock.short_then"
        audited(issue(s, line(s.wrench, 1), day=TODAY - 7 * DAY))
        audited(issue(s, line(s.wrench, 4), day=TODAY - 2 * DAY))
        assert on_hand(s.sound, s.wrench) == [0]


class TestRights:
    def test_the_storekeeper_drafts_at_the_own_site_and_audits_nowhere(self, s: Stores) -> None:
        """INV-07, ORG-04."""
        made = purchase(s, line(s.wrench, 1), by=s.keeper)
        with refusal("lifecycle.no_right"):
            audited(made, s.keeper)
        with refusal("lifecycle.no_right"):
            purchase(s, line(s.wrench, 1), by=s.keeper, warehouse=s.sound_b)
        assert on_hand(s.sound, s.wrench) == [0]

    def test_where_the_department_keeps_the_books_the_site_does_not_draft(self, s: Stores) -> None:
        """INV-07: a switch per site."""
        policies.set_policy(
            code="inventory.site", key=s.sound.department.code, value={"books": "department"}, by=None,
            reason="代替现场处理账务", valid_from=AT - DAY,
        )  # fmt: skip
        with refusal("lifecycle.no_right"):
            purchase(s, line(s.wrench, 1), by=s.keeper)
        purchase(s, line(s.wrench, 1), by=s.accountant)

    def test_an_accountant_writes_and_audits_the_own_department_alone(self, s: Stores) -> None:
        """INV-02, INV-04."""
        with refusal("lifecycle.no_right"):
            purchase(s, line(s.wrench, 1), by=s.accountant_far)
        made = purchase(s, line(s.wrench, 1))
        with refusal("lifecycle.no_right"):
            audited(made, s.accountant_far)
        audited(made, s.chief)
        assert on_hand(s.sound, s.wrench) == [1]

    def test_planning_neither_makes_nor_audits_documents(self, s: Stores) -> None:
        made = purchase(s, line(s.wrench, 1))
        for act in (lambda: purchase(s, line(s.wrench, 1), by=s.planner), lambda: audited(made, s.planner)):
            with refusal("lifecycle.no_right"):
                act()

    def test_back_dating_needs_its_right(self, s: Stores) -> None:
        """LED-05."""
        with refusal("document.backdate"):
            purchase(s, line(s.wrench, 1), by=s.keeper, day=TODAY - DAY)
        audited(purchase(s, line(s.wrench, 1), by=s.accountant, day=TODAY - DAY), s.accountant)
        assert on_hand(s.sound, s.wrench) == [1]

    def test_the_maker_may_audit_unless_the_policy_asks_for_two(self, s: Stores) -> None:
        """INV-Q5."""
        audited(purchase(s, line(s.wrench, 1)), s.accountant)
        policies.set_policy(
            code="inventory.rules", value={"auditor": "another"}, by=None, reason="双人", valid_from=AT - DAY
        )
        made = purchase(s, line(s.wrench, 1))
        with refusal("document.audit_own"):
            audited(made, s.accountant)
        audited(made, s.chief)
        assert on_hand(s.sound, s.wrench) == [2]

    def test_the_maker_or_an_auditor_deletes(self, s: Stores) -> None:
        """INV-14."""
        made = purchase(s, line(s.wrench, 1), by=s.keeper)
        other = people.user("storekeeper")
        with refusal("lifecycle.no_right"):
            services.void_document(document=made, reason="错", by=other, at=AT)
        with refusal("lifecycle.reason_needed"):
            services.void_document(document=made, reason=" ", by=s.keeper, at=AT)
        assert services.void_document(document=made, reason="错", by=s.keeper, at=AT).state == "voided"


class TestDamagedGoods:
    def scrap(self, s: Stores, *lines: Line, remarks: str = "") -> Document:
        head = Head("scrap_out", s.damaged.pk, TODAY, remarks=remarks)
        return services.save_document(head=head, lines=lines, by=s.accountant, at=AT)

    def test_scrapping_is_approved_by_another_before_its_audit(self, s: Stores) -> None:
        """INV-32."""
        stocked(s, line(s.bulb, 3), warehouse=s.damaged)
        made = self.scrap(s, line(s.bulb, 2))
        with refusal("document.not_approved"):
            audited(made, s.accountant)
        with refusal("lifecycle.no_right"):
            services.approve_document(document=made, by=s.accountant, at=AT)
        made = services.approve_document(document=made, by=s.manager, at=AT)
        audited(made, s.accountant)
        assert on_hand(s.damaged, s.bulb) == [1]

    def test_an_approval_falls_when_the_document_is_changed(self, s: Stores) -> None:
        stocked(s, line(s.bulb, 9), warehouse=s.damaged)
        made = services.approve_document(document=self.scrap(s, line(s.bulb, 2)), by=s.manager, at=AT)
        head = Head("scrap_out", s.damaged.pk, TODAY)
        made = services.save_document(
            head=head, lines=[line(s.bulb, 9)], document=made, by=s.accountant, at=AT
        )
        with refusal("document.not_approved"):
            audited(made, s.accountant)

    def test_class_two_goes_for_repair_and_comes_back_sound(self, s: Stores) -> None:
        """INV-31, INV-23: linked to what it closes."""
        stocked(s, line(s.pump, 2), line(s.bulb, 1), warehouse=s.damaged)
        head = Head("repair_out", s.damaged.pk, TODAY)
        with refusal("line.repair_class_two"):
            services.save_document(head=head, lines=[line(s.bulb, 1)], by=s.accountant, at=AT)
        sent = audited(services.save_document(head=head, lines=[line(s.pump, 2)], by=s.accountant, at=AT))
        back = Head("repaired_in", s.sound.pk, TODAY, original_id=sent.pk)
        audited(services.save_document(head=back, lines=[line(s.pump, 2)], by=s.accountant, at=AT))
        assert (on_hand(s.damaged, s.pump), on_hand(s.sound, s.pump)) == ([0], [2])
        with refusal("document.downstream"):
            services.unaudit_document(document=sent, by=s.accountant, at=AT)

    def test_damaged_goods_come_in_only_into_damaged_stock(self, s: Stores) -> None:
        """INV-22."""
        with refusal("document.warehouse_kind"):
            services.save_document(
                head=Head("damage_in", s.sound.pk, TODAY, cause="normal_use"), lines=[line(s.pump, 1)],
                by=s.accountant, at=AT,
            )  # fmt: skip


@pytest.mark.parametrize("size", [3, 40])
def test_statements_do_not_grow_with_the_lines(s: Stores, size: int) -> None:
    """Saving, auditing and un-auditing are a constant number of statements."""
    lines = [line(item, n + 1) for n in range(size // 2) for item in (s.wrench, s.grease)]
    counts = []
    made = purchase(s, line(s.wrench, 1))
    head = Head("purchase_in", s.sound.pk, TODAY, supplier_id=s.supplier.pk, counted=True)
    for act in (
        lambda: services.save_document(head=head, lines=lines, document=made, by=s.accountant, at=AT),
        lambda: services.audit_document(document=made, by=s.accountant, at=AT),
        lambda: services.unaudit_document(document=made, by=s.accountant, at=AT),
    ):
        with CaptureQueriesContext(connection) as caught:
            act()
        counts.append(len([q for q in caught.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert counts == [10, 12, 11]


def test_a_date_in_the_past_month_opens_it_and_one_in_the_future_is_refused(s: Stores) -> None:
    audited(purchase(s, line(s.wrench, 1), day=date(2026, 10, 31)))
    assert on_hand(s.sound, s.wrench) == [1]
    with refusal("document.future"):
        purchase(s, line(s.wrench, 1), day=date(2026, 11, 20))
