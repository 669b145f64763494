"""`manage.py verify` names every damage to claims: shares, charges, parts, vouchers, histories (I6 to I8)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from claims import services
from claims.models import Claim, Determination, Voucher
from tests.claims import cases
from tests.faults import damage
from tests.faults.damage import Statements, sql
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("world")
APPS = {"claims"}
GUARDED: dict[str, tuple[str, ...]] = {
    "claims_claim": ("claim_approved", "claim_approved_as_agreed"),
    "claims_determination": (),
    "claims_share": ("share_fraction",),
    "claims_liabilityentry": ("entry_sign",),
    "claims_part": (),
    "claims_voucher": ("voucher_one_live", "voucher_gapless", "voucher_void", "voucher_paid_once"),
    "claims_vouchercounter": (),
    "servicecenter_trailentry": (),
    "deadlines_clock": (),
}


@dataclass
class World:
    """A claim determined and paid, one with a voucher void and issued anew, in which there is something to damage."""

    paid: Claim
    determination: Determination
    first: Voucher
    void: Voucher
    anew: Voucher


@pytest.fixture(scope="module")
def world(committed: None) -> World:
    crew = cases.Crew()
    determination = cases.determined(crew)
    first = cases.issued(crew, claim=determination.claim)
    cases.pay(first, crew.cashier)
    bill = cases.waybill("86204398999")
    void = cases.issued(crew, bill=bill)
    anew = services.reissue_voucher(voucher=void, reason="A", by=crew.manager, at=cases.AT)
    for row in (determination.claim, first, void, anew):
        row.refresh_from_db()
    return World(cases.fresh(determination.claim), determination, first, void, anew)


FIRST_SHARE = "(SELECT min(id) FROM claims_share WHERE determination_id = {{w.determination.pk}})"
SHARE = "UPDATE claims_share SET {} WHERE id = " + FIRST_SHARE
VOUCHER = "UPDATE claims_voucher SET {} WHERE id = {{w.{}.pk}}"

# invariant, what is done to the database, who is named, what is said of it
DAMAGES = [
    pytest.param(
        "I6", sql(SHARE.format("denominator = denominator + 1")), "determination", "its shares sum to",
        id="I6-shares-that-sum-to-less-than-one",
    ),
    pytest.param(
        "I6",
        sql(
            "UPDATE claims_liabilityentry SET amount = amount + 0.01 WHERE id ="
            " (SELECT min(id) FROM claims_liabilityentry WHERE claim_id = {w.paid.pk} AND kind = 'charge')"
        ),
        "paid", "its parties are charged", id="I6-a-fen-too-much",
    ),
    pytest.param(
        "I6",
        sql("DELETE FROM claims_liabilityentry WHERE claim_id = {w.paid.pk}"),
        "paid", "is charged 0", id="I6-charges-taken-away",
    ),
    pytest.param(
        "I6",
        sql(
            "INSERT INTO claims_liabilityentry (claim_id, share_id, kind, amount, note, posted_at, posted_by_id)"
            " SELECT claim_id, share_id, 'recovery', -amount - 1, '', posted_at, posted_by_id"
            " FROM claims_liabilityentry WHERE claim_id = {w.paid.pk} AND kind = 'charge' LIMIT 1"
        ),
        "paid", "has paid 1.00 more than it was charged", id="I6-more-recovered-than-charged",
    ),
    pytest.param(
        "I6", sql("UPDATE claims_part SET amount = amount - 0.01 WHERE id = {w.first.part_id}"), "paid",
        "its parts sum to", id="I6-parts-that-are-not-the-payout",
    ),
    pytest.param(
        "I7", sql(VOUCHER.format("state = 'issued'", "void")), "void", "2 live vouchers are for one part",
        id="I7-two-live-vouchers-of-one-part",
    ),
    pytest.param(
        "I7", sql(VOUCHER.format("amount = amount + 1", "anew")), "anew", "its part over",
        id="I7-a-voucher-over-more-than-its-part",
    ),
    pytest.param(
        "I7", sql(VOUCHER.format("amount = amount + 1", "anew")), "anew_claim", "its live vouchers sum to",
        id="I7-vouchers-over-more-than-the-payout",
    ),
    pytest.param(
        "I7", sql(VOUCHER.format("document_id = NULL", "first")), "first", "has no document",
        id="I7-a-voucher-without-its-paper",
    ),
    pytest.param(
        "I7", sql(VOUCHER.format("sequence = 9", "anew")), "month", "there are 3 from 1 to 9", id="I7-a-gap",
    ),
    pytest.param(
        "I7", sql("UPDATE claims_vouchercounter SET last = 4"), "month", "counts 4, there are 3",
        id="I7-a-number-drawn-for-nothing",
    ),
    pytest.param(
        "I7", sql(VOUCHER.format("number = 'LP-0001-202611-0001X'", "anew")), "LP-0001-202611-0001X",
        "is voucher 3 of", id="I7-a-number-that-does-not-fit",
    ),
    pytest.param(
        "I8", sql("UPDATE claims_claim SET state = 'voucher_issued' WHERE id = {w.paid.pk}"), "paid",
        "it is voucher_issued, its history says paid", id="I8-a-claim-back-from-paid",
    ),
    pytest.param(
        "I8", sql("UPDATE claims_claim SET liability_state = 'final' WHERE id = {w.paid.pk}"), "paid",
        "it is final, its history says determined", id="I8-liability-that-nobody-made-final",
    ),
    pytest.param(
        "I8",
        sql(
            "DELETE FROM servicecenter_trailentry WHERE kind = 'claims.claim' AND object_id = {w.paid.pk}"
            " AND code = 'claim.approve'"
        ),
        "paid", "its history goes from approved to voucher_issued", id="I8-an-approval-nobody-gave",
    ),
    pytest.param(
        "I8",
        sql("DELETE FROM servicecenter_trailentry WHERE code = 'voucher.paid' AND object_id = {w.first.pk}"),
        "first", "is paid, its trail says paid 0", id="I8-a-payment-without-its-history",
    ),
    pytest.param(
        "I8",
        sql(
            "INSERT INTO servicecenter_trailentry (kind, object_id, number, code, params, changes, via, request_id, at)"
            " SELECT kind, object_id, number, code, params, changes, via, request_id, at FROM servicecenter_trailentry"
            " WHERE code = 'voucher.paid' AND object_id = {w.first.pk}"
        ),
        "first", "its trail says paid 2", id="I8-paid-twice",
    ),
    pytest.param(
        "I11", sql("UPDATE claims_claim SET due_at = due_at + interval '1 day' WHERE id = {w.anew.claim_id}"),
        "anew_claim", "its clocks say", id="I11-a-due-time-that-no-clock-has",
    ),
    pytest.param(
        "I11",
        sql(
            "UPDATE deadlines_clock SET state = 'cancelled', ended_at = now(), next_at = NULL"
            " WHERE subject_kind = 'claims.claim' AND subject_id = {w.anew.claim_id} AND ended_at IS NULL"
        ),
        "anew_claim", "has no running clock", id="I11-a-claim-that-nothing-drives",
    ),
]  # fmt: skip


def test_a_sound_database_has_no_violation() -> None:
    assert_sound()


@pytest.mark.parametrize(("code", "statements", "subject", "said"), DAMAGES)
def test_a_damage_is_named_with_its_record(
    world: World, code: str, statements: Statements, subject: str, said: str
) -> None:
    names = {
        "month": f"{world.first.branch_code} {world.first.month:%Y-%m}",
        "anew_claim": world.anew.claim.number,
    }
    named = names.get(subject) or getattr(getattr(world, subject, None), "number", subject)
    damage.assert_named(world, statements, GUARDED, code=code, named=named, said=said)


def test_every_check_has_its_damage(world: World) -> None:
    damage.assert_every_check_proven(world, DAMAGES, GUARDED, APPS)
