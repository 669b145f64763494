"""Counting what really lies there, and what comes of it (INV-50 to INV-56, LED-07)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from inventory import queries, services
from inventory.choices import CountKind
from inventory.domain.counting import Counted, CountHead
from inventory.domain.shortage import Shortage
from inventory.models import Document, LedgerEntry, Place, Stocktake, StocktakeLine
from organization.models import User
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.models import Notice
from tests import people
from tests.inventory import stores
from tests.inventory.stores import AT, TODAY, D, Stores, line, on_hand

REPORT = {"liability": "保管员", "proposal": "按盘点结果调账"}


@pytest.fixture
def stocked(s: Stores) -> Stores:
    stores.stocked(s, line(s.wrench, 12), line(s.grease, 40), line(s.pump, 3))
    return s


def begin(s: Stores, by: User | None = None, **more: Any) -> Stocktake:
    values = {"kind": "monthly", "due_on": TODAY} | more
    return services.begin_count(head=CountHead(s.sound.pk, **values), by=by or s.keeper, at=AT)


def count(row: Stocktake, *found: tuple[Any, object], by: User | None = None, **more: Any) -> int:
    entries = [
        Counted(item.code, D(str(quantity)), at=number, **more)
        for number, (item, quantity) in enumerate(found, 1)
    ]
    return services.save_counts(stocktake=row, entries=entries, by=by, at=AT)


def submitted(s: Stores, *found: tuple[Any, object], **more: Any) -> Stocktake:
    row = begin(s, **more)
    count(row, *found, by=s.keeper, cause="not_booked", reason="领用未开单")
    row = services.finish_count(stocktake=row, by=s.keeper, at=AT)
    return services.hand_in_count(stocktake=row, **REPORT, by=s.keeper, at=AT)


def approve(row: Stocktake, by: User | None) -> Stocktake:
    done = services.approve_count(stocktake=row, by=by, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return done


def sheet(row: Stocktake) -> list[tuple[str, Any, Any, Any]]:
    lines = StocktakeLine.objects.filter(stocktake=row).order_by("ordinal")
    return list(lines.values_list("item__code", "book", "counted", "difference"))


class TestTheSheet:
    """INV-52: from what is on hand."""

    def test_it_holds_what_the_books_say_and_nothing_counted(self, stocked: Stores) -> None:
        row = begin(stocked)
        assert row.number.startswith("PD2611-")
        assert (row.state, row.warehouse) == ("counting", stocked.sound)
        assert sheet(row) == [
            ("BJ-33015", D(3), None, None),
            ("GJ-01042", D(12), None, None),
            ("HC-20031", D(40), None, None),
        ]
        assert set(row.lines.values_list("position", flat=True)) == {LedgerEntry.objects.latest("pk").pk}

    def test_it_is_found_by_its_number_by_those_who_see_the_store(self, stocked: Stores) -> None:
        row = begin(stocked)
        figure = row.number.split("-")[1]
        hits = [hit.number for hit in queries.search_hits(user=stocked.keeper, text=figure, limit=8)]
        assert row.number in hits
        far = people.user("storekeeper", department=stocked.far.department, name="远库")
        assert queries.search_hits(user=far, text=row.number, limit=8) == []

    def test_of_one_class_only_as_a_spot_count(self, stocked: Stores) -> None:
        row = begin(stocked, kind="spot", item_class="tool")
        assert [code for code, *_rest in sheet(row)] == ["GJ-01042"]

    def test_the_count_of_the_month_is_of_the_whole_warehouse(self, stocked: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"stocktake\.whole"):
            begin(stocked, item_class="tool")

    def test_one_at_a_time_in_a_warehouse(self, stocked: Stores) -> None:
        first = begin(stocked)
        with pytest.raises(RuleBroken, match=r"stocktake\.under_way") as refused:
            begin(stocked, kind="spot")
        assert refused.value.params["number"] == first.number

    def test_an_empty_warehouse_has_nothing_to_count(self, s: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"stocktake\.no_lines"):
            begin(s)
        assert not Stocktake.objects.exists()

    def test_goods_under_way_are_not_counted(self, s: Stores) -> None:
        head = CountHead(s.transit.pk, kind="spot", due_on=TODAY)
        with pytest.raises(RuleBroken, match=r"stocktake\.warehouse_kind"):
            services.begin_count(head=head, by=None, at=AT)

    def test_not_in_another_department(self, stocked: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            begin(stocked, by=stocked.accountant_far)

    def test_its_day_does_not_lie_in_the_past(self, stocked: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"stocktake\.due_past"):
            begin(stocked, due_on=TODAY - timedelta(days=1))


class TestCounting:
    """INV-54."""

    def test_the_difference_is_what_was_found_less_the_books(self, stocked: Stores) -> None:
        row = begin(stocked)
        count(row, (stocked.wrench, 10), (stocked.grease, "41.5"), by=stocked.keeper)
        assert sheet(row)[1:] == [
            ("GJ-01042", D(12), D(10), D(-2)),
            ("HC-20031", D(40), D("41.5"), D("1.5")),
        ]

    def test_nothing_is_left_out(self, stocked: Stores) -> None:
        row = begin(stocked)
        count(row, (stocked.wrench, 12), by=stocked.keeper)
        with pytest.raises(RuleBroken, match=r"stocktake\.uncounted") as refused:
            services.finish_count(stocktake=row, by=stocked.keeper, at=AT)
        assert refused.value.params["count"] == 2

    def test_what_is_not_on_the_sheet_joins_it(self, stocked: Stores) -> None:
        row = begin(stocked)
        count(row, (stocked.bulb, 6), by=stocked.keeper)
        assert sheet(row)[3] == ("BJ-33002", D(0), D(6), D(6))

    def test_two_people_count_at_once(self, stocked: Stores) -> None:
        """Only the lines named are written; who counted stands with the line."""
        row = begin(stocked)
        count(row, (stocked.wrench, 12), by=stocked.keeper)
        count(row, (stocked.grease, 40), by=stocked.accountant)
        by = dict(row.lines.values_list("item__code", "counted_by_id"))
        assert (by["GJ-01042"], by["HC-20031"]) == (stocked.keeper.pk, stocked.accountant.pk)

    def test_everything_wrong_is_told_at_once(self, stocked: Stores) -> None:
        row = begin(stocked)
        entries = [
            Counted("GJ-01042", D("-1"), at=1),
            Counted("XX-99999", D(1), at=2),
            Counted("HC-20031", D("1.0005"), cause="weather", at=3),
        ]
        with pytest.raises(RulesBroken) as refused:
            services.save_counts(stocktake=row, entries=entries, by=stocked.keeper, at=AT)
        assert sorted((one.code, one.params["line"]) for one in refused.value.broken) == [
            ("line.unknown_item", 2),
            ("stocktake.cause", 3),
            ("stocktake.quantity", 1),
            ("stocktake.quantity", 3),
        ]
        assert not row.lines.filter(counted__isnull=False).exists()

    def test_after_finishing_only_explanations_are_taken(self, stocked: Stores) -> None:
        row = begin(stocked)
        count(row, (stocked.wrench, 10), (stocked.grease, 40), (stocked.pump, 3), by=stocked.keeper)
        row = services.finish_count(stocktake=row, by=stocked.keeper, at=AT)
        with pytest.raises(RuleBroken, match=r"stocktake\.counted_already"):
            count(row, (stocked.wrench, 12), by=stocked.keeper)
        count(row, (stocked.wrench, 10), by=stocked.keeper, cause="lost", reason="找不到")
        assert row.lines.get(item=stocked.wrench).reason == "找不到"

    def test_a_blind_count_shows_the_books_only_when_everything_is_counted(self, stocked: Stores) -> None:
        row = begin(stocked, is_blind=True)
        assert not queries.shows_book(row)
        count(row, (stocked.wrench, 10), (stocked.grease, 40), (stocked.pump, 3), by=stocked.keeper)
        assert queries.shows_book(services.finish_count(stocktake=row, by=stocked.keeper, at=AT))


class TestHandingIn:
    """INV-53, INV-54, INV-55: the written report."""

    def counted(self, s: Stores, **more: Any) -> Stocktake:
        row = begin(s, **more)
        count(row, (s.wrench, 10), (s.grease, 40), (s.pump, 3), by=s.keeper)
        return services.finish_count(stocktake=row, by=s.keeper, at=AT)

    def test_not_before_every_difference_is_explained(self, stocked: Stores) -> None:
        row = self.counted(stocked)
        with pytest.raises(RuleBroken, match=r"stocktake\.unexplained") as refused:
            services.hand_in_count(stocktake=row, **REPORT, by=stocked.keeper, at=AT)
        assert refused.value.params["count"] == 1

    def test_with_who_answers_for_it_and_what_is_proposed(self, stocked: Stores) -> None:
        row = self.counted(stocked)
        count(row, (stocked.wrench, 10), by=stocked.keeper, cause="lost", reason="找不到")
        with pytest.raises(RulesBroken) as refused:
            services.hand_in_count(stocktake=row, by=stocked.keeper, at=AT)
        assert sorted(str(one.field) for one in refused.value.broken) == ["liability", "proposal"]

    def test_a_watched_count_names_who_watched(self, stocked: Stores) -> None:
        row = self.counted(stocked, mode="witnessed")
        count(row, (stocked.wrench, 10), by=stocked.keeper, cause="lost", reason="找不到")
        with pytest.raises(RuleBroken, match=r"stocktake\.witness_needed"):
            services.hand_in_count(stocktake=row, **REPORT, by=stocked.keeper, at=AT)
        row = services.hand_in_count(stocktake=row, **REPORT, witness="南坡 李强", by=stocked.keeper, at=AT)
        assert (row.state, row.witness) == ("submitted", "南坡 李强")

    def test_whoever_may_approve_is_told(self, stocked: Stores) -> None:
        manager = stocked.manager
        row = submitted(stocked, (stocked.wrench, 10), (stocked.grease, 40), (stocked.pump, 3))
        told = Notice.objects.filter(code="stock.count_to_approve")
        assert [(notice.user_id, notice.params["stocktake"]) for notice in told] == [(manager.pk, row.number)]


class TestApproval:
    """INV-55, LED-07: nothing moves before it, everything with it."""

    def test_nothing_moves_before_it(self, stocked: Stores) -> None:
        before = LedgerEntry.objects.count()
        submitted(stocked, (stocked.wrench, 10), (stocked.grease, 41), (stocked.pump, 3))
        assert LedgerEntry.objects.count() == before
        assert on_hand(stocked.sound, stocked.wrench, stocked.grease) == [12, 40]

    def test_it_posts_surplus_and_shortage_as_documents_of_their_own(self, stocked: Stores) -> None:
        row = submitted(stocked, (stocked.wrench, 10), (stocked.grease, 41), (stocked.pump, 3))
        row = approve(row, stocked.manager)
        assert row.state == "approved"
        less, more = Document.objects.filter(stocktake=row).order_by("direction").reverse()
        assert (less.category, less.state, stores.lines_of(less)) == (
            "shortage_out", "audited", [("GJ-01042", D(2))],
        )  # fmt: skip
        assert (more.category, more.state, stores.lines_of(more)) == (
            "surplus_in", "audited", [("HC-20031", D(1))],
        )  # fmt: skip
        assert (less.number[:2], more.number[:2]) == ("PK", "PY")
        assert (less.created_by, less.audited_by) == (stocked.keeper, stocked.manager)
        assert less.lines.get().remarks == "领用未开单"
        assert on_hand(stocked.sound, stocked.wrench, stocked.grease, stocked.pump) == [10, 41, 3]

    def test_where_everything_agrees_nothing_is_posted(self, stocked: Stores) -> None:
        row = begin(stocked)
        count(row, (stocked.wrench, 12), (stocked.grease, 40), (stocked.pump, 3), by=stocked.keeper)
        row = services.finish_count(stocktake=row, by=stocked.keeper, at=AT)
        row = services.hand_in_count(stocktake=row, by=stocked.keeper, at=AT)
        assert approve(row, stocked.manager).state == "approved"
        assert not Document.objects.filter(stocktake=row).exists()

    def test_movements_in_between_do_no_harm_and_are_flagged(self, stocked: Stores) -> None:
        """LED-07: what is posted is counted − book; 5 wrenches were issued after the sheet was taken."""
        row = begin(stocked)
        stores.audited(stores.issue(stocked, line(stocked.wrench, 5)))
        flagged = queries.stocktake_lines(row).filter(queries.moved_since(row))
        assert [one.item.code for one in flagged] == ["GJ-01042"]
        found = ((stocked.wrench, 11), (stocked.grease, 40), (stocked.pump, 3))
        count(row, *found, by=stocked.keeper, cause="lost", reason="找不到")
        row = services.finish_count(stocktake=row, by=stocked.keeper, at=AT)
        row = services.hand_in_count(stocktake=row, **REPORT, by=stocked.keeper, at=AT)
        approve(row, stocked.manager)
        assert on_hand(stocked.sound, stocked.wrench) == [6]

    def test_a_shortage_of_more_than_lies_there_now_is_refused_line_by_line(self, stocked: Stores) -> None:
        row = submitted(stocked, (stocked.wrench, 2), (stocked.grease, 40), (stocked.pump, 3))
        stores.audited(stores.issue(stocked, line(stocked.wrench, 8)))
        with pytest.raises(Shortage) as refused:
            services.approve_count(stocktake=row, by=stocked.manager, at=AT)
        assert [(one.code, one.needed, one.on_hand) for one in refused.value.lines] == [
            ("GJ-01042", D(10), D(4))
        ]

    @pytest.mark.parametrize("who", ["keeper", "accountant"])
    def test_the_store_and_its_accountant_do_not_approve(self, stocked: Stores, who: str) -> None:
        row = submitted(stocked, (stocked.wrench, 10), (stocked.grease, 40), (stocked.pump, 3))
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            services.approve_count(stocktake=row, by=getattr(stocked, who), at=AT)
        assert on_hand(stocked.sound, stocked.wrench) == [12]

    def test_what_it_posted_is_neither_taken_back_nor_returned(self, stocked: Stores) -> None:
        row = submitted(stocked, (stocked.wrench, 10), (stocked.grease, 40), (stocked.pump, 3))
        approve(row, stocked.manager)
        posted = Document.objects.get(stocktake=row)
        with pytest.raises(RuleBroken, match=r"document\.of_count"):
            services.unaudit_document(document=posted, by=stocked.accountant, at=AT)
        with pytest.raises(RuleBroken, match=r"document\.of_count"):
            services.draft_red(original=posted, reason="correction", by=stocked.accountant, at=AT)

    def test_where_things_were_found_is_where_they_lie(self, stocked: Stores) -> None:
        """INV-09."""
        row = begin(stocked)
        found = ((stocked.wrench, 12), (stocked.grease, 40), (stocked.pump, 3))
        count(row, *found, by=stocked.keeper, location="02-A-03-11")
        row = services.finish_count(stocktake=row, by=stocked.keeper, at=AT)
        approve(services.hand_in_count(stocktake=row, by=stocked.keeper, at=AT), stocked.manager)
        assert set(Place.objects.filter(warehouse=stocked.sound).values_list("location", flat=True)) == {
            "02-A-03-11"
        }


class TestAgain:
    def test_a_line_counted_again_takes_what_the_books_say_now(self, stocked: Stores) -> None:
        row = submitted(stocked, (stocked.wrench, 7), (stocked.grease, 40), (stocked.pump, 3))
        stores.audited(stores.issue(stocked, line(stocked.wrench, 5)))
        row = services.ask_recount(stocktake=row, reason="期间有领用", by=stocked.manager, at=AT)
        assert (row.state, row.submitted_at) == ("counting", None)
        assert sheet(row)[1] == ("GJ-01042", D(7), None, None)
        assert row.lines.get(item=stocked.wrench).round == 2
        assert row.lines.get(item=stocked.grease).counted == 40

    def test_it_needs_a_reason(self, stocked: Stores) -> None:
        row = submitted(stocked, (stocked.wrench, 7), (stocked.grease, 40), (stocked.pump, 3))
        with pytest.raises(RuleBroken, match=r"lifecycle\.reason_needed"):
            services.ask_recount(stocktake=row, reason=" ", by=stocked.manager, at=AT)

    def test_a_count_given_up_makes_room_for_the_next(self, stocked: Stores) -> None:
        row = begin(stocked)
        services.void_count(stocktake=row, reason="库房选错", by=stocked.keeper, at=AT)
        assert begin(stocked).number != row.number


def test_the_plan_names_what_is_not_counted_this_month_or_quarter(stocked: Stores) -> None:
    """INV-50, INV-51, INV-Q4."""
    plan = queries.counts_due(stocked.accountant, today=TODAY)
    assert [(due.warehouse.code, due.kind, due.number) for due in plan] == [("BP-W", CountKind.MONTHLY, "")]
    row = submitted(stocked, (stocked.wrench, 12), (stocked.grease, 40), (stocked.pump, 3))
    assert [due.number for due in queries.counts_due(stocked.accountant, today=TODAY)] == [row.number]
    approve(row, stocked.manager)
    assert queries.counts_due(stocked.accountant, today=TODAY) == []
    assert len(queries.counts_due(stocked.accountant, today=TODAY + timedelta(days=14))) == 1
