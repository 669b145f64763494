"""Insurers, money from outside, instalments, settlements without a claim (CLM-11, CLM-12, CLM-18, CLM-20, CLM-21)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from claims import services
from claims.invariants import shares_and_charges
from claims.models import Claim, Instalment, LiabilityEntry, OwnSettlement
from claims.queries.accounts import accounts, settlements_visible_to, sheet
from claims.services.ledger import owed
from deadlines.models import Clock
from tests import people
from tests.claims import cases
from tests.claims.attacks import refused, run
from tests.claims.cases import AT, Crew, after
from tests.refusals import broken

pytestmark = pytest.mark.django_db


def charged(crew: Crew, amount: str = "100.00") -> Claim:
    """Loader, driver and branch bear a third each of a final determination."""
    made = cases.determined(crew)
    cases.approved(crew, amount, claim=cases.fresh(made.claim))
    services.make_final(claim=made.claim, by=crew.adjuster, at=after(days=7))
    return cases.fresh(made.claim)


def balances(claim: Claim) -> list[str]:
    """What each share still owes, in the party order; nothing stands as 0.00."""
    left = owed(claim)
    shares = claim.determinations.get().shares.order_by("ordinal")
    return [f"{left.get(share.pk, Decimal(0)):.2f}" for share in shares]


class TestInsurer:
    """CLM-11: told within 48 hours of the report."""

    def test_the_insurer_is_told_and_its_clock_ends(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        assert broken(services.tell_insurer, claim=claim, by=crew.adjuster, at=AT).code == "insurance.none"
        services.insure(
            claim=claim, insurer="平安财险", policy_number="P-1", by=crew.adjuster, at=after(hours=2)
        )
        clock = Clock.objects.get(kind="claim_insurer")
        assert (clock.due_at, clock.state) == (AT + timedelta(hours=48), "running")
        services.insure(claim=claim, insurer="平安产险", by=crew.adjuster, at=after(hours=3))
        made = services.tell_insurer(claim=claim, reference="R-9", by=crew.adjuster, at=after(hours=50))
        clock.refresh_from_db()
        assert (made.insurer, made.reference, clock.state) == ("平安产险", "R-9", "met_late")
        assert (
            broken(services.insure, claim=claim, insurer="x", by=crew.adjuster, at=AT).code
            == "insurance.told"
        )


class TestMoneyFromOutside:
    """CLM-18, MON-03."""

    def test_every_balance_sinks_pro_rata_by_reversal_and_new_entries(self, crew: Crew) -> None:
        claim = charged(crew)
        assert balances(claim) == ["33.34", "33.33", "33.33"]
        services.record_outside(
            claim=claim, source="insurer", amount=Decimal("40.00"), by=crew.adjuster, at=after(days=8)
        )
        assert balances(claim) == ["20.00", "20.00", "20.00"]
        kinds = list(LiabilityEntry.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["charge"] * 3 + ["reversal"] * 3 + ["charge"] * 3, "never edited"
        assert not list(shares_and_charges())

    def test_who_has_paid_more_than_the_new_share_is_paid_back(self, crew: Crew) -> None:
        claim = charged(crew)
        loader = claim.determinations.get().shares.get(party="loader")
        services.record_recovery(share=loader, amount=Decimal("33.34"), by=crew.adjuster, at=after(days=8))
        services.record_outside(
            claim=claim, source="salvage", amount=Decimal("70.00"), by=crew.adjuster, at=after(days=9)
        )
        refund = LiabilityEntry.objects.get(kind="refund")
        assert (refund.share, refund.amount) == (loader, Decimal("23.34"))
        assert balances(claim) == ["0.00", "10.00", "10.00"]
        assert not list(shares_and_charges())

    def test_what_was_written_off_is_less_before_anything_is_paid_back(self, crew: Crew) -> None:
        claim = charged(crew)
        services.write_off(claim=claim, reason="离职", by=crew.manager, at=after(days=8))
        services.record_outside(
            claim=claim, source="other", amount=Decimal("100.00"), by=crew.adjuster, at=after(days=9)
        )
        assert not LiabilityEntry.objects.filter(kind="refund").exists()
        assert sum(
            LiabilityEntry.objects.filter(kind="write_back").values_list("amount", flat=True)
        ) == Decimal("100")
        assert balances(claim) == ["0.00"] * 3 and not list(shares_and_charges())

    def test_all_covered_from_outside_is_recovered_at_once(self, crew: Crew) -> None:
        claim = charged(crew)
        given = {"claim": claim, "source": "insurer", "by": crew.adjuster, "at": after(days=8)}
        assert broken(services.record_outside, amount=Decimal("100.01"), **given).code == "outside.too_much"
        services.record_outside(amount=Decimal("100.00"), **given)
        assert cases.fresh(claim).liability_state == "recovered"

    def test_money_that_came_before_the_approval_lowers_the_charges(self, crew: Crew) -> None:
        made = cases.determined(crew)
        services.record_outside(
            claim=made.claim, source="insurer", amount=Decimal("70.00"), by=crew.adjuster, at=AT
        )
        cases.approved(crew, "100.00", claim=cases.fresh(made.claim))
        assert balances(cases.fresh(made.claim)) == ["10.00"] * 3

    def test_the_database_refuses_money_without_its_reversals(self, crew: Crew) -> None:
        claim = charged(crew)
        with refused("charges_follow_shares"):
            run(
                "INSERT INTO claims_outsiderecovery (claim_id, source, amount, note, received_at)"
                " VALUES (%s, 'insurer', 40, '', now())",
                claim.pk,
            )
        services.record_outside(claim=claim, source="insurer", amount=Decimal("4"), by=crew.adjuster, at=AT)
        for statement in (
            "UPDATE claims_outsiderecovery SET note = 'x'",
            "DELETE FROM claims_outsiderecovery",
        ):
            with refused("append-only"):
                run(statement)


class TestInstalments:
    """CLM-11, CLM-21."""

    def test_they_stay_under_a_fifth_of_the_wage_with_fines(self, crew: Crew) -> None:
        claim = charged(crew, "3000.00")  # LR-02 fines the driver 100 in November
        driver = claim.determinations.get().shares.get(party="driver")
        plan = services.plan_recovery(
            share=driver, monthly=Decimal("900"), first=date(2026, 11, 1), wage=Decimal("2500"),
            by=crew.adjuster, at=after(days=8),
        )  # fmt: skip
        assert [f"{row.month:%m} {row.amount}" for row in plan] == ["11 400.00", "12 500.00", "01 100.00"]

    def test_a_new_plan_takes_the_place_of_the_former_and_goes_to_the_rest(self, crew: Crew) -> None:
        claim = charged(crew, "300.00")
        loader = claim.determinations.get().shares.get(party="loader")
        given = {"share": loader, "first": date(2026, 12, 1), "by": crew.adjuster, "at": after(days=8)}
        services.plan_recovery(monthly=Decimal("50"), **given)
        services.record_recovery(share=loader, amount=Decimal("60"), by=crew.adjuster, at=after(days=9))
        services.plan_recovery(monthly=Decimal("40"), **given)
        assert Instalment.objects.filter(replaced_at=None).count() == 1
        services.record_recovery(share=loader, amount=Decimal("40"), by=crew.adjuster, at=after(days=9))
        assert broken(services.plan_recovery, monthly=Decimal("5"), **given).code == "instalment.nothing_owed"


def test_an_account_sheet_follows_a_party_over_all_its_claims(crew: Crew) -> None:
    """CLM-21: someone outside the company too."""
    claim = cases.opened(crew)
    cases.known(claim, crew, driver_record="copied")
    services.bind_party(claim=claim, role="driver", outside="顺达车队", by=crew.adjuster, at=AT)
    made = services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
    cases.approved(crew, "100.00", claim=cases.fresh(claim))
    services.make_final(claim=claim, by=crew.adjuster, at=after(days=7))
    services.record_recovery(
        share=made.shares.get(), amount=Decimal("30"), note="抵运费", by=crew.adjuster, at=after(days=8)
    )
    (account,) = accounts(outside_only=True)
    assert (account.who, account.charged, account.paid, account.open) == (
        "顺达车队", Decimal("100"), Decimal("30"), Decimal("70"),
    )  # fmt: skip
    found = sheet("outside:顺达车队")
    assert found is not None
    assert [(row.kind, row.balance) for row in found.postings] == [
        ("charge", Decimal("100.00")), ("recovery", Decimal("70.00")),
    ]  # fmt: skip
    assert sheet("outside:") is None and sheet("employee:x") is None


def test_what_was_settled_without_a_claim_is_recorded_and_seen_by_its_department(crew: Crew) -> None:
    """CLM-12, RPT-04."""
    manager = people.user("department_manager")
    given = {
        "settled_on": date(2026, 11, 17), "settled_by": "driver", "department": people.department("branch_east"),
        "waybill": cases.waybill(), "amount": Decimal("120.00"), "agreed_by": "城东经理", "by": manager, "at": AT,
    }  # fmt: skip
    assert broken(services.record_settlement, **given).code == "settlement.person"
    made = services.record_settlement(**given, person="周建国")
    assert list(settlements_visible_to(manager)) == [made]
    assert list(settlements_visible_to(crew.adjuster)) == [made]
    assert not settlements_visible_to(people.user("department_manager", department="branch_west")).exists()
    late = {**given, "settled_on": date(2026, 11, 19), "person": "x"}
    assert broken(services.record_settlement, **late).code == "settlement.day"
    assert OwnSettlement.objects.count() == 1


def test_questions_results_insurers_and_settlements_are_never_taken_away(crew: Crew) -> None:
    claim = cases.opened(crew)
    services.insure(claim=claim, insurer="平安财险", by=crew.adjuster, at=AT)
    services.report_result(claim=claim, text="x", by=crew.adjuster, at=AT)
    services.ask_evidence(
        claim=claim, department=people.department("operations"), text="x", by=crew.adjuster, at=AT
    )
    services.record_settlement(
        settled_on=date(2026, 11, 17), settled_by="branch", department=people.department("branch_east"),
        waybill=cases.waybill(), amount=Decimal("1"), agreed_by="x", by=crew.adjuster, at=AT,
    )  # fmt: skip
    services.record_outside(claim=claim, source="insurer", amount=Decimal("1"), by=crew.adjuster, at=AT)
    for table in ("insurance", "investigationresult", "evidencerequest", "ownsettlement", "outsiderecovery"):
        for statement in (f"DELETE FROM claims_{table}", f"TRUNCATE claims_{table} CASCADE"):
            with refused("append-only"):
                run(statement)
