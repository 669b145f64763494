"""What the database itself refuses, whoever asks (MON-03, I6, I7, CLM-08 to CLM-10, LR-30, LR-33)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from claims import services
from claims.models import Claim, Determination, Part, Share, Voucher, VoucherCounter
from tests.claims import cases
from tests.claims.attacks import refused, run
from tests.claims.cases import AT, Crew

pytestmark = pytest.mark.django_db


APPEND_ONLY = ("assessment", "offer", "determination", "share", "liabilityentry")
NEVER_DELETED = (
    "claim", "voucher", "part", "fineproposal", "approvalrequest", "approvalstep", "vouchercounter", "objection",
    "handlingopinion",
)  # fmt: skip


def test_what_was_found_said_and_posted_is_never_changed_and_nothing_is_taken_away(crew: Crew) -> None:
    """LR-33, MON-03: corrections are new rows."""
    claim = cases.investigated(crew)
    made = services.determine(claim=claim, by=crew.adjuster, at=AT)
    _bare_voucher(crew, claim=cases.fresh(claim))
    share = made.shares.order_by("ordinal").first()
    assert share is not None
    services.draw_up_opinion(claim=claim, cause="私自加注。", by=crew.adjuster, at=AT)
    services.file_objection(share=share, text="不是我。", by=crew.adjuster, at=AT)
    for table in APPEND_ONLY:
        with refused("append-only"):
            run(f"UPDATE claims_{table} SET id = id")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        with refused("append-only"):
            run(f"DELETE FROM claims_{table}")
        with refused("append-only"):
            run(f"TRUNCATE claims_{table} CASCADE")


class TestShares:
    """I6."""

    def test_shares_that_do_not_sum_to_one(self, crew: Crew) -> None:
        made = cases.determined(crew)
        for numerator, denominator in ((1, 1000), (1, 1)):
            with refused("shares_sum_to_one"):
                run(
                    "INSERT INTO claims_share (determination_id, ordinal, party, numerator, denominator, outside) "
                    "VALUES (%s, 9, 'sorter', %s, %s, '')",
                    made.pk, numerator, denominator,
                )  # fmt: skip

    def test_a_determination_with_shares_of_less_than_one(self, crew: Crew) -> None:
        made = cases.determined(crew)
        with refused("shares_sum_to_one"):
            copy = _copied(made)
            Share.objects.create(determination=copy, ordinal=1, party="driver", numerator=99, denominator=100)

    def test_thirds_and_sevenths_are_exactly_one(self, crew: Crew) -> None:
        made = cases.determined(crew)
        with transaction.atomic():
            copy = _copied(made)
            for ordinal, (numerator, denominator) in enumerate(((1, 3), (2, 7), (8, 21)), 1):
                Share.objects.create(
                    determination=copy,
                    ordinal=ordinal,
                    party="driver",
                    numerator=numerator,
                    denominator=denominator,
                )
            connection.check_constraints()

    @pytest.mark.parametrize(("numerator", "denominator"), [(0, 1), (2, 1), (1, 0)])
    def test_a_share_is_a_proper_fraction(self, crew: Crew, numerator: int, denominator: int) -> None:
        made = cases.determined(crew)
        with refused("share_fraction"):
            Share.objects.create(
                determination=made, ordinal=9, party="driver", numerator=numerator, denominator=denominator
            )

    def test_a_party_is_not_charged_otherwise_than_its_share(self, crew: Crew) -> None:
        claim = cases.investigated(crew)
        cases.approved(crew, "100.00", claim=claim)
        made = services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
        share = made.shares.order_by("ordinal").first()
        assert share is not None
        for kind, amount in (("charge", "0.01"), ("reversal", "-0.01"), ("recovery", "-33.35")):
            with refused("charges"):
                _posted(claim.pk, share.pk, kind, amount)

    def test_an_approved_payout_is_not_changed_behind_its_parties(self, crew: Crew) -> None:
        claim = cases.investigated(crew)
        cases.approved(crew, "100.00", claim=claim)
        services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
        with refused("charges"):
            run("UPDATE claims_claim SET approved_amount = 99, agreed_amount = 99")

    def test_a_charge_has_its_sign(self, crew: Crew) -> None:
        made = cases.determined(crew)
        share = made.shares.first()
        assert share is not None
        for kind, amount in (("charge", "-1"), ("recovery", "1"), ("reversal", "1"), ("write_off", "1")):
            with refused("entry_sign"):
                _posted(made.claim_id, share.pk, kind, amount)

    def test_an_entry_is_of_its_shares_claim(self, crew: Crew) -> None:
        made = cases.determined(crew)
        other = cases.opened(crew, pieces_group="B")
        share = made.shares.first()
        assert share is not None
        with refused("entry_of_its_claim"):
            _posted(other.pk, share.pk, "charge", "0")


def _copied(made: Determination) -> Determination:
    values = {
        field.attname: getattr(made, field.attname)
        for field in Determination._meta.concrete_fields
        if field.attname not in ("id", "number", "ordinal", "status")
    }
    return Determination.objects.create(number="DZ-copy", ordinal=2, status="provisional", **values)


def _posted(claim: int, share: int, kind: str, amount: str) -> None:
    run(
        "INSERT INTO claims_liabilityentry (claim_id, share_id, kind, amount, note, posted_at) "
        "VALUES (%s, %s, %s, %s, '', now())",
        claim, share, kind, amount,
    )  # fmt: skip


class TestVouchers:
    """I7, CLM-09, CLM-10."""

    def test_what_it_says_never_changes(self, crew: Crew) -> None:
        voucher = _bare_voucher(crew)
        for change in (
            "amount = amount + 1",
            "payee = '别人'",
            "number = 'LP-X'",
            "valid_until = valid_until + 9",
        ):
            with refused("voucher_stands"):
                run(f"UPDATE claims_voucher SET {change} WHERE id = %s", voucher.pk)

    def test_paid_and_void_are_ends(self, crew: Crew) -> None:
        paid = cases.pay(_bare_voucher(crew), crew.cashier)
        for change in (
            "paid_at = now()",
            "receiver = '别人'",
            "state = 'issued', paid_at = NULL, paid_by_id = NULL, paid_method = '', \"window\" = '', receiver = ''",
        ):
            with refused("voucher_ended"):
                run(f"UPDATE claims_voucher SET {change} WHERE id = %s", paid.pk)

    def test_a_part_has_one_live_voucher(self, crew: Crew) -> None:
        voucher = _bare_voucher(crew)
        with refused("voucher_one_live"):
            _second(voucher, sequence=2)

    def test_a_number_is_given_once(self, crew: Crew) -> None:
        voucher = _bare_voucher(crew)
        services.void_voucher(voucher=voucher, reason="遗失", by=crew.supervisor, at=AT)
        with refused("voucher_gapless"):
            _second(voucher, sequence=1)

    def test_a_voucher_is_over_the_sum_of_its_part(self, crew: Crew) -> None:
        voucher = _bare_voucher(crew)
        services.void_voucher(voucher=voucher, reason="遗失", by=crew.supervisor, at=AT)
        with refused("voucher_of_its_part"):
            _second(voucher, sequence=2, amount=Decimal("1.00"))

    def test_it_is_paid_with_payer_time_and_receiver_or_not_at_all(self, crew: Crew) -> None:
        voucher = _bare_voucher(crew)
        for change in (
            "state = 'paid'",
            "paid_at = now()",
            "state = 'paid', paid_at = now(), paid_method = 'cash'",
        ):
            with refused("voucher_paid_once"):
                run(f"UPDATE claims_voucher SET {change} WHERE id = %s", voucher.pk)
        with refused("voucher_void"):
            run("UPDATE claims_voucher SET state = 'void' WHERE id = %s", voucher.pk)

    @pytest.mark.parametrize(
        ("who", "guard"),
        [("manager", "voucher_approver_never_pays"), ("adjuster", "voucher_payer_is_not_issuer")],
    )
    def test_who_approved_or_issued_never_pays(self, crew: Crew, who: str, guard: str) -> None:
        voucher = _bare_voucher(crew)
        with refused(guard):
            run(
                "UPDATE claims_voucher SET state = 'paid', paid_at = now(), paid_by_id = %s, paid_method = 'cash', "
                "receiver = 'x' WHERE id = %s",
                getattr(crew, who).pk, voucher.pk,
            )  # fmt: skip

    def test_parts_sum_to_the_payout(self, crew: Crew) -> None:
        (part,) = cases.parted(crew)
        with refused("parts_sum_to_payout"):
            Part.objects.create(claim=part.claim, ordinal=2, payee="x", amount=Decimal("0.01"), made_at=AT)
        with refused("part_stands"):
            run("UPDATE claims_part SET amount = amount + 1")

    def test_a_part_with_a_live_voucher_is_not_replaced(self, crew: Crew) -> None:
        voucher = _bare_voucher(crew)
        with refused("part_has_a_voucher"):
            run("UPDATE claims_part SET replaced_at = now() WHERE id = %s", voucher.part_id)

    def test_the_payout_does_not_sink_below_its_vouchers(self, crew: Crew) -> None:
        _bare_voucher(crew)
        with refused("parts_sum_to_payout"):
            run("UPDATE claims_claim SET approved_amount = 1, agreed_amount = 1")

    def test_the_counter_goes_up_by_one_with_a_voucher(self, crew: Crew) -> None:
        _bare_voucher(crew)
        with refused("counter_goes_up_by_one"):
            run("UPDATE claims_vouchercounter SET last = last + 2")
        with refused("counter_goes_up_by_one"):
            run("UPDATE claims_vouchercounter SET last = 0")
        with refused("counter_number_is_used"):
            run("UPDATE claims_vouchercounter SET last = last + 1")
        with refused("counter_begins_at_one"):
            run("INSERT INTO claims_vouchercounter (branch_code, month, last) VALUES ('Z', '2026-12-01', 5)")


def _bare_voucher(crew: Crew, **given: Any) -> Voucher:
    """A voucher with its number, as issuing leaves it but for the document."""
    (part,) = cases.parted(crew, **given)
    VoucherCounter.objects.create(branch_code="0571", month=date(2026, 11, 1), last=1)
    claim = part.claim
    made = Voucher.objects.create(
        number="LP-0571-202611-00013",
        claim=claim,
        part=part,
        branch=claim.branch,
        branch_code="0571",
        month=date(2026, 11, 1),
        sequence=1,
        code_hash="f" * 64,
        payee=part.payee,
        identity_last_four=part.identity_last_four,
        amount=part.amount,
        language="zh-hans",
        valid_until=date(2026, 12, 18),
        issued_at=AT,
        issued_by=crew.adjuster,
    )
    Claim.objects.filter(pk=claim.pk).update(state="voucher_issued")
    return made


def _second(voucher: Voucher, *, sequence: int, amount: Decimal | None = None) -> None:
    Voucher.objects.create(
        number=f"LP-second-{sequence}",
        claim=voucher.claim,
        part=voucher.part,
        branch=voucher.branch,
        branch_code=voucher.branch_code,
        month=voucher.month,
        sequence=sequence,
        code_hash="0" * 64,
        payee=voucher.payee,
        amount=voucher.amount if amount is None else amount,
        language="zh-hans",
        valid_until=voucher.valid_until,
        issued_at=AT,
        issued_by=voucher.issued_by,
    )
