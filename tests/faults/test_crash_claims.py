"""The web is killed at every statement of determining, issuing, paying; the same is sent again (faults 15, 19)."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum

from claims.models import Claim, Determination, FineProposal, LiabilityEntry, Share, Voucher, VoucherCounter
from servicecenter.clock import now_db
from servicecenter.models import IdempotencyKey, IssuedDocument, TrailEntry
from tests.claims import cases
from tests.claims.incidents import P23
from tests.faults import doors
from tests.faults.counts import FULL, times
from tests.faults.crash import Act, Crash, crash_everywhere, places
from tests.faults.doors import done, post
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("committed")
_bills = itertools.count(1)
PAYMENT = {"receiver": cases.PAYEE, "identity_last_four": "2416", "window": "1"}


@pytest.fixture(scope="module")
def crew(committed: None) -> cases.Crew:
    return cases.Crew()


def new_bill() -> Any:
    """A waybill that no claim is about yet."""
    return cases.waybill(f"8620{next(_bills):07}")


def is_kept(key: str) -> bool:
    return IdempotencyKey.objects.filter(key=key).exists()


def assert_reached(crashes: list[Crash], table: str) -> None:
    """The points were inside the act; in full counts also at its own table and behind its COMMIT."""
    assert len(crashes) >= 3
    if FULL:
        assert table in places(crashes)
        assert "after COMMIT" in places(crashes)


def test_a_determination_killed_at_any_statement_is_made_whole_or_not_at_all_and_once(
    crew: cases.Crew,
) -> None:
    """With its shares, fines and charges of the approved payout (MON-03, I6)."""
    client = doors.client_of(crew.adjuster)
    claims: dict[int, Claim] = {}

    def prepare(point: int) -> Act:
        claim = claims[point] = cases.approved(crew, bill=new_bill())
        cases.known(claim, crew, **{**P23, "noter": "driver"})
        cases.bound(claim, crew)
        return partial(send, point)

    def send(point: int) -> Any:
        return done(post(client, f"claims/{claims[point].number}/determine/", f"d-{point}"))

    def there(claim: Claim) -> tuple[int, bool, bool, str]:
        made = Determination.objects.filter(claim=claim)
        shares = Share.objects.filter(determination__in=made)
        charged = LiabilityEntry.objects.filter(claim=claim, share__in=shares)
        state = Claim.objects.get(pk=claim.pk).liability_state
        return made.count(), shares.exists(), charged.exists(), state

    def recovered(point: int, crash: Crash) -> None:
        claim = claims[point]
        whole, nothing = (1, True, True, "determined"), (0, False, False, "open")
        assert there(claim) == (whole if is_kept(f"d-{point}") else nothing)
        assert FineProposal.objects.filter(determination__claim=claim).exists() is is_kept(f"d-{point}")
        first = send(point)
        assert send(point) == first
        assert there(claim) == whole
        charges = LiabilityEntry.objects.filter(claim=claim, kind="charge")
        assert charges.aggregate(sum=Sum("amount"))["sum"] == claim.approved_amount
        assert_sound()

    crashes = crash_everywhere(prepare, recovered, every=times(4, 1))
    assert_reached(crashes, "claims_liabilityentry")


def test_a_voucher_killed_at_any_statement_of_its_issue_takes_one_number_and_leaves_no_gap(
    crew: cases.Crew,
) -> None:
    """CLM-09, I7."""
    client = doors.client_of(crew.adjuster)
    claims: dict[int, Claim] = {}

    def prepare(point: int) -> Act:
        (part,) = cases.parted(crew, bill=new_bill())
        claims[point] = part.claim
        return partial(send, point)

    def send(point: int) -> Any:
        return done(post(client, f"claims/{claims[point].number}/issue_voucher/", f"i-{point}", part=1))

    def last() -> int:
        return VoucherCounter.objects.aggregate(sum=Sum("last"))["sum"] or 0

    def recovered(point: int, crash: Crash) -> None:
        mine = Voucher.objects.filter(claim=claims[point])
        kept = is_kept(f"i-{point}")
        assert mine.count() == kept
        assert (
            last() == Voucher.objects.count() == IssuedDocument.objects.filter(code="claims.voucher").count()
        )
        first = send(point)
        assert send(point) == first
        voucher = mine.get()
        assert (voucher.state, voucher.document is None) == ("issued", False)
        assert last() == Voucher.objects.count()
        assert_sound()

    crashes = crash_everywhere(prepare, recovered, every=times(5, 1))
    assert_reached(crashes, "claims_vouchercounter")


def test_a_payment_killed_at_any_statement_is_paid_once_and_a_retry_gets_the_same_answer(
    crew: cases.Crew,
) -> None:
    """CLM-10; fault 15: the answer is cut off after COMMIT, the window sends it again."""
    client, beside = doors.client_of(crew.cashier), doors.client_of(crew.second_cashier)
    vouchers: dict[int, Voucher] = {}

    def prepare(point: int) -> Act:
        vouchers[point] = cases.issued(crew, bill=new_bill(), at=now_db())
        return partial(send, point)

    def send(point: int) -> Any:
        return done(post(client, f"vouchers/{vouchers[point].number}/pay/", f"p-{point}", **PAYMENT))

    def recovered(point: int, crash: Crash) -> None:
        voucher, kept = vouchers[point], is_kept(f"p-{point}")
        paid = TrailEntry.objects.filter(kind="claims.voucher", object_id=voucher.pk, code="voucher.paid")
        voucher.refresh_from_db()
        assert (voucher.state, paid.count()) == (("paid", 1) if kept else ("issued", 0))
        assert Claim.objects.get(pk=voucher.claim_id).state == ("paid" if kept else "voucher_issued")
        first = send(point)
        assert send(point) == first
        refused = post(beside, f"vouchers/{voucher.number}/pay/", f"q-{point}", **PAYMENT)
        assert (refused.status_code, refused.json()["code"]) == (409, "voucher.already_paid")
        voucher.refresh_from_db()
        assert (voucher.state, voucher.paid_by, paid.count()) == ("paid", crew.cashier, 1)
        assert_sound()

    crashes = crash_everywhere(prepare, recovered, every=times(4, 1))
    assert_reached(crashes, "claims_voucher")
