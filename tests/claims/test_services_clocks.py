"""A claim's clocks as rows: started, met, set aside and moved by its acts, in their transactions (CLM-14)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from claims import services
from claims.invariants import clocks as unsound
from claims.models import Claim
from claims.queries import queue_counts, row_queryset, with_clocks
from deadlines.models import Clock
from deadlines.services import sweep
from servicecenter.clock import now_db
from servicecenter.models import Notice
from tests.claims import cases
from tests.claims.cases import AT, Crew, after

pytestmark = pytest.mark.django_db


def clocks(claim: Claim) -> list[tuple[str, str, datetime]]:
    """Kind, state and due of every clock, in the order in which they began."""
    rows = Clock.objects.of("claims.claim", claim.pk).order_by("started_at", "due_at")
    return [(row.kind.removeprefix("claim_"), row.state, row.due_at) for row in rows]


def moved(claim: Claim, move: str, crew: Crew, *, at: datetime) -> Claim:
    """An offer, a demand, an agreement over 800 yuan."""
    way = "call" if move == "agree" else ""
    services.negotiate(claim=claim, move=move, amount=Decimal("800"), way=way, by=crew.adjuster, at=at)
    return cases.fresh(claim)


def test_acknowledged_in_a_working_day_answered_in_two_or_five(crew: Crew) -> None:
    # Wednesday ten o'clock; a working day is eight hours of the department's calendar
    claim = cases.opened(crew)
    assert clocks(claim) == [
        ("acknowledge", "running", AT + timedelta(days=1)), ("answer", "running", AT + timedelta(days=2)),
    ]  # fmt: skip
    assert claim.due_at == AT + timedelta(days=1)
    claim = services.take_claim(claim=claim, by=crew.adjuster, at=after(hours=1))
    assert clocks(claim)[0] == ("acknowledge", "met", AT + timedelta(days=1))
    assert claim.due_at == AT + timedelta(days=2)
    grave = services.change_claim(
        claim=claim, version=claim.version, gravity="serious", by=crew.adjuster, at=after(hours=2)
    )
    assert grave.due_at == AT + timedelta(days=7), "five working days go over the weekend"
    assert not list(unsound())


def test_the_word_goes_to_and_fro_and_the_agreement_starts_the_payment(crew: Crew) -> None:
    claim = cases.opened(crew)
    services.set_lines(
        claim=claim, lines=[services.LineInput("果酱", 2, Decimal("800"))], by=crew.adjuster, at=AT
    )
    services.assess(claim=claim, by=crew.adjuster, at=AT)
    claim = moved(claim, "offer", crew, at=after(hours=1))
    assert [row[:2] for row in clocks(claim)] == [
        ("acknowledge", "met"), ("answer", "met"), ("reply", "running"),
    ]  # fmt: skip
    claim = moved(claim, "counter", crew, at=after(hours=2))
    assert [row[:2] for row in clocks(claim)][2:] == [("reply", "met"), ("answer", "running")]
    claim = moved(claim, "agree", crew, at=after(hours=3))
    assert clocks(claim)[-1] == ("payment", "running", after(days=7, hours=3))
    assert claim.due_at == after(days=7, hours=3)
    claim = moved(claim, "counter", crew, at=after(hours=4))
    assert clocks(claim)[-2][:2] == ("payment", "cancelled"), "the price is open again: nothing was late"
    assert Clock.objects.get(kind="claim_answer", ended_at=None).round == 3
    assert not list(unsound())


def test_the_payment_is_met_at_the_counter_and_then_nothing_runs(crew: Crew) -> None:
    voucher = cases.issued(crew)
    cases.pay(voucher, crew.cashier, at=after(days=8))
    claim = cases.fresh(voucher.claim)
    assert clocks(claim)[-1] == ("payment", "met_late", AT + timedelta(days=7))
    assert not Clock.objects.open().exists() and not list(unsound())


@pytest.mark.parametrize(
    ("act", "state"), [("reject_claim", "met"), ("withdraw_claim", "cancelled"), ("go_to_court", "cancelled")]
)
def test_an_end_before_the_answer(crew: Crew, act: str, state: str) -> None:
    claim = cases.opened(crew)
    crew_act = crew.adjuster if act == "withdraw_claim" else crew.supervisor
    getattr(services, act)(claim=claim, reason="x", by=crew_act, at=after(hours=1))
    assert {row[1] for row in clocks(claim)} == {state}
    if act == "go_to_court":
        services.leave_court(claim=claim, reason="x", by=crew.supervisor, at=after(days=30))
        assert clocks(claim)[-1][:2] == ("answer", "running")
    assert not list(unsound())


@pytest.mark.parametrize(
    ("profile", "acknowledged", "answered", "paid"), [("CN-EXPRESS", 1, 7, 7), ("US-CARMACK", 30, 120, 60)]
)
def test_another_profile_has_its_own_terms(
    crew: Crew, profile: str, acknowledged: int, answered: int, paid: int
) -> None:
    claim = cases.opened(crew, profile=profile)
    assert [row[2] for row in clocks(claim)] == [after(days=acknowledged), after(days=answered)]
    claim = cases.agreed(crew, "100.00", claim=claim)
    assert claim.due_at == after(days=paid)


def test_who_could_take_it_is_told_until_somebody_has(crew: Crew) -> None:
    assert crew.adjuster and crew.other
    claim = services.open_claim(intake=cases.intake(), waybill=cases.waybill(), by=crew.agent, at=AT)
    sweep(at=after(days=1))
    told = Notice.objects.filter(code="clock.warning", object_id=claim.pk)
    assert set(told.values_list("user", flat=True)) == {crew.adjuster.pk, crew.other.pk}
    claim = services.take_claim(claim=claim, by=crew.other, at=after(days=1, minutes=1))
    running = Clock.objects.get(kind="claim_answer")
    assert (running.owner, running.owner_right) == (crew.other, "")


def test_a_list_asks_for_all_its_clocks_at_once_and_what_is_late_stands_in_its_queue(crew: Crew) -> None:
    claim = cases.opened(crew, at=now_db())
    paid = cases.approved(crew, "0.00", pieces_group="C")
    (shown, other) = with_clocks(list(row_queryset(crew.adjuster).order_by("pk")))
    assert shown.clock is not None and shown.clock.kind == "claim_acknowledge"
    assert (other.pk, other.clock, paid.is_timed) == (paid.pk, None, False)
    assert queue_counts(crew.adjuster)["late"] == 0
    Claim.objects.filter(pk=claim.pk).update(due_at=now_db() - timedelta(minutes=1))
    assert queue_counts(crew.adjuster)["late"] == 1
