"""What the database itself refuses of claims, approvals, fines and rule sets (CLM-02, CLM-08, CLM-13, LR-20, LR-30)."""

from __future__ import annotations

import pytest
from django.db import connection

from claims import services
from claims.models import RuleSetVersion, Voucher
from tests.claims import cases
from tests.claims.attacks import refused, run
from tests.claims.cases import AT, Crew

pytestmark = pytest.mark.django_db


class TestClaims:
    """CLM-02, CLM-08, CLM-13."""

    def test_one_live_claim_for_the_same_pieces(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        with refused("claim_one_live"):
            run(_twin(claim.pk))

    @pytest.mark.parametrize(
        ("change", "guard"),
        [
            ("kind = 'damage'", "claim_keeps_identity"),
            ("number = 'LC-1'", "claim_keeps_identity"),
            ("state = 'approved'", "claim_approved"),
            ("approved_amount = 5, approved_at = now()", "claim_approved"),
            ("agreed_amount = 5", "claim_agreed"),
            ("state = 'closed', closed_at = now()", "claim_approved"),
            ("state = 'rejected'", "claim_closed"),
            ("state = 'lost'", "claim_states"),
            ("liability_state = 'lost'", "claim_liability_states"),
            ("reserve = -1", "claim_amounts"),
            ("profile = 'US'", "claim_profiles"),
        ],
    )
    def test_what_a_claim_cannot_be(self, crew: Crew, change: str, guard: str) -> None:
        claim = cases.opened(crew)
        with refused(guard):
            run(f"UPDATE claims_claim SET {change} WHERE id = %s", claim.pk)

    def test_a_claim_closes_when_both_tracks_have_ended(self, crew: Crew) -> None:
        voucher = _unpaid(crew)
        cases.pay(voucher, crew.cashier)
        with refused("claim_closes_when_both_tracks_end"):
            run("UPDATE claims_claim SET state = 'closed', closed_at = now()")

    def test_a_maker_does_not_sign(self, crew: Crew) -> None:
        row = cases.agreed(crew)
        request = services.request_approval(claim=row, by=crew.other, at=AT)
        step = request.steps.get()
        signed = "UPDATE claims_approvalstep SET approved = true, decided_at = now(), decided_by_id = %s WHERE id = %s"
        with refused("approval_four_eyes"):
            run(signed, crew.other.pk, step.pk)
        with refused("approval_not_by_its_maker"):
            run(signed, crew.adjuster.pk, step.pk)

    def test_a_signature_stands_and_one_person_signs_once(self, crew: Crew) -> None:
        row = cases.agreed(crew, "30000.00")
        request = services.request_approval(claim=row, by=crew.adjuster, at=AT)
        first, second = request.steps.order_by("ordinal")
        services.sign(step=first, approved=True, by=crew.leader, at=AT)
        with refused("approval_signature_stands"):
            run("UPDATE claims_approvalstep SET approved = false WHERE id = %s", first.pk)
        with refused("approval_two_people"):
            run(
                "UPDATE claims_approvalstep SET approved = true, decided_at = now(), decided_by_id = %s WHERE id = %s",
                crew.leader.pk, second.pk,
            )  # fmt: skip

    def test_a_fine_only_gets_its_sanction(self, crew: Crew) -> None:
        made = cases.determined(crew)
        fine = made.fines.get()
        for change in ("minimum = 1", "sanction_id = NULL", "rule = 'LR-06'"):
            with refused("fine_stands"):
                run(f"UPDATE claims_fineproposal SET {change} WHERE id = %s", fine.pk)


def _unpaid(crew: Crew) -> Voucher:
    return cases.issued(crew)


def _twin(claim_id: int) -> str:
    """INSERT … SELECT of a claim's own row under another id and number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
            "FROM information_schema.columns WHERE table_name = 'claims_claim' "
            "AND column_name NOT IN ('id', 'number', 'public_id')"
        )
        columns = cursor.fetchone()[0]
    return (
        f"INSERT INTO claims_claim (number, public_id, {columns}) "
        f"SELECT 'LC-twin', 'twin', {columns} FROM claims_claim WHERE id = {claim_id}"
    )


class TestRuleSets:
    """LR-30."""

    def test_what_is_published_stands(self) -> None:
        for change in (
            "data = '{}'",
            "valid_from = '2019-01-01'",
            "state = 'draft', published_at = NULL",
            "code = 'x'",
        ):
            with refused("ruleset_published_stands"):
                run(f"UPDATE claims_rulesetversion SET {change}")
        with refused("ruleset_published_stands"):
            run("DELETE FROM claims_rulesetversion")

    def test_days_of_published_versions_do_not_overlap(self) -> None:
        with refused("ruleset_days_apart"):
            _version("2027-1", state="published", published_at=AT)
        _version("2027-1")

    def test_the_author_does_not_publish(self, crew: Crew) -> None:
        run("UPDATE claims_rulesetversion SET valid_until = '2026-12-31'")
        with refused("ruleset_four_eyes"):
            _version(
                "2027-1",
                state="published",
                published_at=AT,
                created_by=crew.manager,
                published_by=crew.manager,
            )


def _version(code: str, **more: object) -> RuleSetVersion:
    return RuleSetVersion.objects.create(code=code, valid_from="2027-01-01", data={}, created_at=AT, **more)
