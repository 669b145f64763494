"""Tiers are proposed each month, confirmed by a manager, hold from a day (CUS-12); visits move what is due (CUS-21)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from customers import services
from customers.invariants import other_tier, overlapping
from customers.models import Customer, TierGrade, TierProposal, TierRound
from customers.queries.tiers import visits_due
from customers.services import grading
from servicecenter.models import Notice, TrailEntry
from tests import people
from tests.customers import samples
from tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = samples.AT
DAY = timedelta(days=1)
TODAY = date(2026, 11, 18)


def shipper(name: str, tier: str = "", *, waybills: int = 1, freight: int = 100, **values: Any) -> Customer:
    """A company that shipped so many consignments in October, each of that freight in yuan."""
    telephone = f"139{abs(hash(name)) % 10**8:08}"
    row = samples.customer(
        name, telephone=telephone, tier=tier, tier_since=date(2026, 1, 1) if tier else None, **values
    )
    for place in range(waybills):
        samples.waybill(
            f"88{row.pk:05}{place:04}",
            consignor_id=row.pk, consignor_name=name, consignor_telephone="", consignee_telephone="",
            shipped_on=date(2026, 10, 1 + place % 28), freight_terms="monthly", freight_amount=Decimal(freight),
            freight_due_on=date(2026, 10, 30), freight_paid_on=date(2026, 10, 29),
        )  # fmt: skip
    return row


def spans(row: Customer) -> list[tuple[str, str, str | None, str]]:
    """The grades of a customer, in their order."""
    return [
        (one.tier, str(one.valid_from), str(one.valid_until) if one.valid_until else None, one.source)
        for one in row.grades.order_by("valid_from", "id")
    ]


class TestTheMonthsRound:
    """CUS-12: proposed by a monthly job from facts."""

    def test_it_proposes_where_the_tier_would_change_and_says_why(self) -> None:
        manager = people.user("centre_manager")
        rising = shipper("机电大厂", "C", waybills=24, freight=20_000, trade="机电")
        steady = shipper("小五金店", "D", freight=300)
        samples.customer("只问过价", telephone="13600000001")
        assert services.propose_tiers(at=AT) == 1
        found = TierProposal.objects.get()
        assert (found.customer, found.tier_before, found.tier, found.state) == (rising, "C", "A", "waiting")
        assert [(r["criterion"], r["level"], r["points"]) for r in found.reasons] == [
            ("industry", "high", "25.0"), ("volume", "high", "30.0"), ("frequency", "high", "25.0"),
            ("credit", "high", "20.0"),
        ]  # fmt: skip
        assert (found.points, found.line, found.value_contribution, found.growth_potential) == (
            100,
            85,
            "high",
            "middle",
        )
        assert len(found.policies) == 2
        # Nothing has changed yet, and nobody else is proposed.
        rising.refresh_from_db()
        assert rising.tier == "C"
        assert not steady.tier_proposals.exists()
        notice = Notice.objects.get(user=manager)
        assert (notice.code, notice.params["count"]) == ("tiers.proposed", 1)

    def test_once_a_month_however_often_the_clock_asks(self) -> None:
        shipper("机电大厂", "C", waybills=24, freight=20_000, trade="机电")
        assert [services.propose_tiers(at=AT + n * DAY) for n in range(3)] == [1, 0, 0]
        assert TierRound.objects.get().examined == 1

    def test_a_round_goes_on_where_it_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("甲机电", "乙机电", "丙机电"):
            shipper(name, "C", waybills=24, freight=20_000, trade="机电")
        monkeypatch.setattr(grading, "BATCH", 2)
        TierRound.objects.create(period=date(2026, 11, 1), started_at=AT)
        assert grading._step(date(2026, 11, 1), AT) == 2
        assert services.propose_tiers(at=AT) == 1
        found = TierRound.objects.get()
        assert (found.examined, found.proposed, found.finished_at) == (3, 3, AT)

    def test_the_next_month_takes_the_place_of_what_still_waits(self) -> None:
        row = shipper("机电大厂", "C", waybills=24, freight=20_000, trade="机电")
        services.propose_tiers(at=AT)
        services.propose_tiers(at=AT + 14 * DAY)
        assert list(row.tier_proposals.order_by("id").values_list("state", flat=True)) == [
            "lapsed",
            "waiting",
        ]

    def test_what_was_not_followed_rests_for_three_months(self) -> None:
        row = shipper("机电大厂", "C", waybills=24, freight=20_000, trade="机电")
        services.propose_tiers(at=AT)
        services.reject_proposals(
            proposals=row.tier_proposals.all(), reason="一次性项目", by=people.user("business_manager"), at=AT
        )
        assert services.propose_tiers(at=AT + 14 * DAY) == 0
        assert services.propose_tiers(at=datetime(2027, 2, 3, tzinfo=UTC)) == 1

    def test_it_leaves_closed_files_and_grades_by_hand_alone(self) -> None:
        closed = shipper("关门机电", "C", waybills=24, freight=20_000, trade="机电")
        services.close_customer(customer=closed, reason="注销", by=None, at=AT)
        by_hand = shipper("人工机电", "C", waybills=24, freight=20_000, trade="机电")
        services.grade_by_hand(
            customer=by_hand, tier="B", valid_until=date(2027, 3, 1), reason="战略客户", by=None, at=AT
        )
        assert services.propose_tiers(at=AT) == 0

    def test_the_facts_take_two_statements_however_many_customers(
        self, django_assert_num_queries: Any
    ) -> None:
        for place in range(4):
            shipper(f"机电{place}", "D", waybills=2, trade="机电")
        TierRound.objects.create(period=date(2026, 11, 1), started_at=AT)
        # Savepoint and its release, the round, the batch, two policies, what is covered, the facts, what lapses, what
        # was refused, the proposals, the round.
        with django_assert_num_queries(12):
            assert grading._step(date(2026, 11, 1), AT) == 4


class TestConfirmed:
    """CUS-12: confirmed by a manager, takes effect from a date, history stays."""

    def _proposed(self, name: str = "机电大厂") -> tuple[Customer, TierProposal]:
        row = shipper(name, "C", waybills=24, freight=20_000, trade="机电")
        services.propose_tiers(at=AT)
        return row, row.tier_proposals.get()

    def test_today_it_holds_at_once(self) -> None:
        manager = people.user("business_manager")
        row, proposal = self._proposed()
        services.confirm_proposals(proposals=[proposal], by=manager, at=AT)
        row.refresh_from_db()
        proposal.refresh_from_db()
        assert (row.tier, row.tier_since) == ("A", TODAY)
        assert (proposal.state, proposal.decided_by, proposal.effective_on) == ("confirmed", manager, TODAY)
        assert spans(row) == [
            ("C", "2026-01-01", "2026-11-18", "taken_over"),
            ("A", "2026-11-18", None, "proposal"),
        ]
        codes = TrailEntry.objects.filter(object_id=row.pk, kind="customers.customer").order_by("id")
        assert list(codes.values_list("code", flat=True))[-2:] == ["customer.tier_confirmed", "customer.tier"]

    def test_from_a_later_day_it_changes_on_that_day_by_the_clock(self) -> None:
        row, proposal = self._proposed()
        services.confirm_proposals(proposals=[proposal], effective_on=date(2026, 12, 1), by=None, at=AT)
        assert services.apply_grades(at=AT + 12 * DAY) == 0
        row.refresh_from_db()
        assert row.tier == "C"
        assert services.apply_grades(at=AT + 13 * DAY) == 1
        assert services.apply_grades(at=AT + 13 * DAY) == 0
        row.refresh_from_db()
        assert (row.tier, row.tier_since) == ("A", date(2026, 12, 1))

    def test_nothing_is_decided_twice_and_of_many_all_or_none(self) -> None:
        first, one = self._proposed("甲机电")
        second = shipper("乙机电", "D", waybills=24, freight=20_000, trade="机电")
        TierRound.objects.update(finished_at=None)
        services.propose_tiers(at=AT)
        two = second.tier_proposals.get()
        services.reject_proposals(proposals=[two], reason="再看一季度", by=None, at=AT)
        refused("tier.decided", lambda: services.confirm_proposals(proposals=[one, two], by=None, at=AT))
        assert spans(first) == [("C", "2026-01-01", None, "taken_over")]
        refused(
            "lifecycle.reason_needed", lambda: services.reject_proposals(proposals=[one], reason=" ", by=None)
        )

    def test_not_into_the_past(self) -> None:
        _row, proposal = self._proposed()
        refused(
            "tier.in_the_past",
            lambda: services.confirm_proposals(
                proposals=[proposal], effective_on=TODAY - DAY, by=None, at=AT
            ),
        )


class TestByHand:
    """CUS-12: a manual grade needs a reason and an end date."""

    def test_it_holds_until_its_end_and_then_the_one_before_goes_on(self) -> None:
        row = samples.customer(tier="B", tier_since=date(2026, 1, 1))
        services.grade_by_hand(
            customer=row, tier="A", valid_until=date(2027, 2, 1), reason="年会大客户", by=None, at=AT
        )
        row.refresh_from_db()
        assert (row.tier, row.tier_since) == ("A", TODAY)
        assert spans(row) == [
            ("B", "2026-01-01", "2026-11-18", "taken_over"),
            ("A", "2026-11-18", "2027-02-01", "by_hand"),
            ("B", "2027-02-01", None, "resumed"),
        ]
        assert services.apply_grades(at=datetime(2027, 2, 1, 4, tzinfo=UTC)) == 1
        row.refresh_from_db()
        assert (row.tier, row.tier_since) == ("B", date(2027, 2, 1))

    def test_what_waits_lapses(self) -> None:
        row = shipper("机电大厂", "C", waybills=24, freight=20_000, trade="机电")
        services.propose_tiers(at=AT)
        services.grade_by_hand(
            customer=row, tier="B", valid_until=date(2027, 2, 1), reason="试用期", by=None, at=AT
        )
        assert row.tier_proposals.get().state == "lapsed"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"reason": " "}, "lifecycle.reason_needed"),
            ({"valid_until": None}, "tier.end_needed"),
            ({"valid_until": TODAY}, "tier.end_before_begin"),
            ({"valid_from": TODAY - DAY}, "tier.in_the_past"),
        ],
    )
    def test_without_reason_or_end_it_is_refused(self, given: dict[str, Any], code: str) -> None:
        row = samples.customer()
        values = {"tier": "A", "valid_until": date(2027, 2, 1), "reason": "战略客户", **given}
        refused(code, lambda: services.grade_by_hand(customer=row, by=None, at=AT, **values))
        assert spans(row) == []


class TestTheDatabase:
    """The same, attacked past the services."""

    def _refused(self, name: str, sql: str, *values: Any) -> None:
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        diagnosis = getattr(caught.value.__cause__, "diag", None)
        assert getattr(diagnosis, "constraint_name", None) == name or name in str(caught.value)

    def test_grades_never_overlap_keep_what_they_say_and_stay(self) -> None:
        row = samples.customer(tier="B", tier_since=date(2026, 1, 1))
        insert = (
            "INSERT INTO customers_tiergrade (customer_id, tier, valid_from, valid_until, source, reason, given_at) "
            "VALUES (%s, 'A', %s, %s, %s, %s, now())"
        )
        self._refused("tier_grade_one_at_a_time", insert, row.pk, "2026-05-01", "2026-06-01", "resumed", "")
        self._refused("tier_grade_by_hand", insert, row.pk, "2025-05-01", None, "by_hand", "大客户")
        self._refused("tier_grade_by_hand", insert, row.pk, "2025-05-01", "2025-06-01", "by_hand", "")
        self._refused("tier_grade_source", insert, row.pk, "2025-05-01", "2025-06-01", "proposal", "")
        self._refused(
            "tier_grade_stays", "UPDATE customers_tiergrade SET tier = 'A' WHERE customer_id = %s", row.pk
        )
        self._refused("append-only", "DELETE FROM customers_tiergrade WHERE customer_id = %s", row.pk)

    def test_a_customer_bears_no_tier_that_is_not_on_file(self) -> None:
        row = samples.customer()
        update = "UPDATE customers_customer SET tier = 'A', tier_since = '2026-01-01' WHERE id = %s"
        self._refused("customer_tier_on_file", update, row.pk)

    def test_a_decided_proposal_stays(self) -> None:
        row = shipper("机电大厂", "C", waybills=24, freight=20_000, trade="机电")
        services.propose_tiers(at=AT)
        services.reject_proposals(proposals=row.tier_proposals.all(), reason="再看", by=None, at=AT)
        self._refused("tier_proposal_stays", "UPDATE customers_tierproposal SET rejected_because = 'x'")

    def test_verify_finds_a_tier_that_is_not_today_s(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("customers.invariants.GRACE", timedelta(0))
        row = samples.customer(tier="B", tier_since=date(2026, 1, 1))
        assert (list(overlapping()), list(other_tier())) == ([], [])
        TierGrade.objects.filter(customer=row).update(valid_until=date(2026, 2, 1))
        assert [found.subject for found in other_tier()] == [row.number]


class TestVisits:
    """CUS-21."""

    def test_a_visit_is_noted_once_and_never_before_it_was_held(self) -> None:
        row, visitor = samples.customer(), people.employee("customer_relations", name="赵敏")
        values: dict[str, Any] = {"customer": row, "visitor": visitor, "by": None, "at": AT}
        made = services.record_visit(held_on=TODAY, summary=" 双十一前加车 ", **values)
        assert services.record_visit(held_on=TODAY, summary="又一次", **values) == made
        assert (row.visits.get().summary, TrailEntry.objects.filter(code="customer.visited").count()) == (
            "双十一前加车",
            1,
        )
        refused("visit.future", lambda: services.record_visit(held_on=TODAY + DAY, summary="x", **values))
        refused("visit.summary", lambda: services.record_visit(held_on=TODAY, summary=" ", **values))

    def test_whom_to_visit_follows_the_tier_its_beginning_and_the_last_visit(self) -> None:
        """CUS-13, CUS-21: A each quarter, B each half-year, D never."""
        visitor = people.employee("customer_relations", name="赵敏")
        since = date(2026, 8, 18)
        rows = {
            tier: samples.customer(f"{tier}级客户", telephone=f"1360000000{n}", tier=tier, tier_since=since)
            for n, tier in enumerate("ABD")
        }

        def due(day: date) -> set[str]:
            return {row.tier for row in visits_due(Customer.objects.all(), until=day, at=AT)}

        assert due(date(2026, 11, 18)) == set()
        assert due(date(2026, 11, 19)) == {"A"}
        assert due(date(2027, 2, 19)) == {"A", "B"}
        services.record_visit(
            customer=rows["A"], held_on=date(2026, 11, 1), visitor=visitor, summary="旺季加车", by=None, at=AT
        )
        assert due(date(2027, 2, 1)) == set()
        assert due(date(2027, 2, 2)) == {"A"}
