"""Clocks that are moved: counted anew, paused, resumed, shortened, re-tiered (CMP-22, CMP-38, CMP-39)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deadlines import services
from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.deadlines.conftest import MORNING, SUBJECT
from tests.deadlines.reading import history, steps, waiting

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
M = timedelta(minutes=1)


# -- re-base (CMP-22)


def test_the_statement_in_time_re_bases_the_24_hours(running):
    clock = services.rebase_to_statement(
        running("resolution"), arrived_at=MORNING + 3 * H, registered_at=MORNING, by=None, at=MORNING + 3 * H
    )
    assert (clock.due_at, clock.generation) == (MORNING + 27 * H, 2)
    assert waiting(clock) == [
        (2, "warning", MORNING + 20 * H + 15 * M),
        (2, "breach", MORNING + 27 * H),
        (2, "ladder_manager", MORNING + 31 * H),
        (2, "ladder_enterprise", MORNING + 51 * H),
    ]
    assert steps(clock, void_at=MORNING + 3 * H)[0] == (1, "warning", MORNING + 18 * H)
    entry = TrailEntry.objects.get(code="clock.rebased")
    assert entry.params["was_due_at"] == (MORNING + 24 * H).isoformat()
    assert entry.params["due_at"] == (MORNING + 27 * H).isoformat()


def test_late_routing_wins_nothing(running):
    """CMP-22: never beyond start + 30 min + 4 h + 24 h."""
    clock = services.rebase_to_statement(
        running("resolution"), arrived_at=MORNING + 9 * H, registered_at=MORNING, by=None, at=MORNING + 9 * H
    )
    assert clock.due_at == MORNING + 28 * H + 30 * M


def test_the_cap_does_not_count_paused_time(running):
    clock = services.pause(running("resolution"), at=MORNING + H)
    clock = services.resume(clock, by=None, at=MORNING + 11 * H)
    clock = services.rebase_to_statement(
        clock, arrived_at=MORNING + 14 * H, registered_at=MORNING, by=None, at=MORNING + 14 * H
    )
    assert clock.due_at == MORNING + 38 * H


def test_a_statement_that_comes_during_a_pause_gives_24_hours_of_running(running):
    """Paused at 1 h, statement at 2 h, resumed at 6 h: the pause stops the 24 hours, so due is 6 h + 24 h."""
    clock = services.pause(running("resolution"), at=MORNING + H)
    clock = services.rebase_to_statement(
        clock, arrived_at=MORNING + 2 * H, registered_at=MORNING, by=None, at=MORNING + 2 * H
    )
    assert (clock.state, clock.next_at, waiting(clock)) == ("paused", None, [])
    clock = services.resume(clock, by=None, at=MORNING + 6 * H)
    assert clock.due_at == MORNING + 30 * H
    assert [kind for _gen, kind, _due in waiting(clock)] == [
        "warning",
        "breach",
        "ladder_manager",
        "ladder_enterprise",
    ]


def test_a_re_base_to_the_same_due_changes_nothing(running):
    clock = services.rebase(running("resolution"), due_at=MORNING + 24 * H, by=None, at=MORNING + H)
    assert (clock.generation, history(clock)) == (1, [])


def test_what_was_due_before_the_re_base_happens_before_it(running):
    clock = services.rebase(running("resolution"), due_at=MORNING + 40 * H, by=None, at=MORNING + 19 * H)
    assert history(clock) == ["clock.warning", "clock.rebased"]
    assert waiting(clock)[0] == (2, "warning", MORNING + 30 * H)


def test_an_ended_clock_cannot_be_moved(running):
    clock = services.meet(running("resolution"), by=None, at=MORNING + H)
    for move in (
        lambda: services.rebase(clock, due_at=MORNING + 30 * H, by=None, at=MORNING + 2 * H),
        lambda: services.pause(clock, at=MORNING + 2 * H),
        lambda: services.resume(clock, by=None, at=MORNING + 2 * H),
    ):
        with pytest.raises(RuleBroken) as refused:
            move()
        assert refused.value.code == "clock.ended"
    assert (clock.due_at, history(clock)) == (MORNING + 24 * H, [])


# -- pause and resume (CMP-38)


def test_a_paused_clock_does_nothing(running):
    clock = services.pause(running("resolution"), at=MORNING + 2 * H)
    assert (clock.state, clock.paused_at, clock.next_at, clock.generation) == (
        "paused",
        MORNING + 2 * H,
        None,
        2,
    )
    assert waiting(clock) == []
    assert services.sweep(at=MORNING + 99 * H).steps == 0


def test_a_resumed_clock_has_lost_nothing_but_the_pause(running):
    clock = services.resume(
        services.pause(running("resolution"), at=MORNING + 2 * H), by=None, at=MORNING + 12 * H
    )
    assert (clock.state, clock.paused_at, clock.paused_seconds) == ("running", None, 10 * 3600)
    assert (clock.due_at, clock.limit_seconds) == (MORNING + 34 * H, 24 * 3600)
    assert waiting(clock) == [
        (3, "warning", MORNING + 28 * H),
        (3, "breach", MORNING + 34 * H),
        (3, "ladder_manager", MORNING + 38 * H),
        (3, "ladder_enterprise", MORNING + 58 * H),
    ]
    assert history(clock) == ["clock.resumed"]


def test_two_pauses_add_up(running):
    clock = running("resolution")
    for begin, end in ((1, 3), (5, 10)):
        clock = services.resume(services.pause(clock, at=MORNING + begin * H), by=None, at=MORNING + end * H)
    assert (clock.due_at, clock.paused_seconds, clock.generation) == (MORNING + 31 * H, 7 * 3600, 5)


def test_a_pause_after_the_warning_gives_no_second_warning(running):
    clock = services.pause(running("resolution"), at=MORNING + 19 * H)
    clock = services.resume(clock, by=None, at=MORNING + 29 * H)
    assert waiting(clock) == [
        (3, "breach", MORNING + 34 * H),
        (3, "ladder_manager", MORNING + 38 * H),
        (3, "ladder_enterprise", MORNING + 58 * H),
    ]
    assert services.sweep(at=MORNING + 99 * H).steps == 3
    assert history(clock).count("clock.warning") == 1


def test_a_pause_just_before_due_that_a_sweep_has_overtaken_moves_the_ladder_alone(running):
    """Fault 11: the breach stands, so the due stands."""
    clock = running("statement")
    services.sweep(at=MORNING + 4 * H)
    clock = services.pause(clock, at=MORNING + 4 * H - timedelta(milliseconds=20))
    assert clock.paused_at > clock.due_at
    clock = services.resume(clock, by=None, at=MORNING + 5 * H + timedelta(microseconds=1))
    assert clock.due_at == MORNING + 4 * H
    assert waiting(clock) == [
        (3, "ladder_manager", MORNING + 9 * H),
        (3, "ladder_enterprise", MORNING + 29 * H),
    ]


def test_pausing_twice_and_resuming_a_running_clock_are_refused(running):
    clock = running("resolution")
    with pytest.raises(RuleBroken) as refused:
        services.resume(clock, by=None, at=MORNING + H)
    assert refused.value.code == "clock.not_paused"
    services.pause(clock, at=MORNING + H)
    with pytest.raises(RuleBroken) as refused:
        services.pause(clock, at=MORNING + 2 * H)
    assert refused.value.code == "clock.paused_already"


def test_a_clock_paused_after_its_breach_and_met_then_is_late(running):
    clock = running("statement")
    services.sweep(at=MORNING + 4 * H)
    clock = services.pause(clock, at=MORNING + 4 * H - timedelta(milliseconds=20))
    assert services.meet(clock, by=None, at=MORNING + 6 * H).state == "met_late"


@pytest.mark.parametrize(("paused_after", "state"), [(23, "met"), (25, "met_late")])
def test_a_clock_met_while_paused_is_judged_by_the_begin_of_the_pause(running, paused_after, state):
    clock = services.pause(running("resolution"), at=MORNING + paused_after * H)
    clock = services.meet(clock, by=None, at=MORNING + 60 * H)
    assert (clock.state, clock.paused_at) == (state, None)
    assert clock.paused_seconds == (60 - paused_after) * 3600


# -- shortening (CMP-39)


def test_a_supervisor_shortens_a_clock_with_a_reason(running):
    supervisor = people.user("supervisor")
    clock = services.shorten(
        running("resolution"),
        by=supervisor,
        reason="客户升级为 A 级",
        due_at=MORNING + 12 * H,
        at=MORNING + H,
    )
    assert (clock.due_at, clock.warn_at, clock.generation) == (MORNING + 12 * H, MORNING + 9 * H, 2)
    entry = TrailEntry.objects.get(code="clock.shortened")
    assert (entry.by, entry.params["reason"]) == (supervisor, "客户升级为 A 级")


def test_a_shorter_term_may_be_named_instead_of_a_date(running):
    clock = running("resolution")
    assert (
        services.shorten(clock, by=None, reason="x", limit_seconds=6 * 3600, at=MORNING + H).due_at
        == MORNING + 6 * H
    )


def test_shortening_into_the_past_is_caught_up_by_the_sweep(running):
    clock = services.shorten(
        running("resolution"), by=None, reason="x", due_at=MORNING + 2 * H, at=MORNING + 3 * H
    )
    assert services.sweep(at=MORNING + 3 * H + M).steps == 2
    assert history(clock) == ["clock.shortened", "clock.warning", "clock.breach"]


@pytest.mark.parametrize("hours", [24, 30])
def test_a_clock_is_never_lengthened(running, hours):
    clock = running("resolution")
    with pytest.raises(RuleBroken) as refused:
        services.shorten(clock, by=None, reason="x", due_at=MORNING + hours * H, at=MORNING + H)
    assert refused.value.code == "clock.not_shorter"
    clock.refresh_from_db()
    assert (clock.due_at, clock.generation) == (MORNING + 24 * H, 1)


def test_shortening_needs_the_right_and_a_reason(running):
    clock = running("resolution")
    with pytest.raises(RuleBroken) as refused:
        services.shorten(clock, by=people.user("agent"), reason="x", due_at=MORNING + H, at=MORNING)
    assert (refused.value.code, refused.value.status) == ("lifecycle.no_right", 403)
    with pytest.raises(RuleBroken) as refused:
        services.shorten(clock, by=people.user("supervisor"), reason=" ", due_at=MORNING + H, at=MORNING)
    assert refused.value.code == "lifecycle.reason_needed"
    clock.refresh_from_db()
    assert clock.due_at == MORNING + 24 * H


def test_re_tiering_takes_the_difference_of_the_tiers_from_the_open_clocks(running):
    """A 16 hours instead of 24: eight hours less, also of a clock that was re-based; other clocks stay."""
    for key, hours in (("resolution|tier=A", 16),):
        policies.set_policy(
            code="deadlines.clock", key=key, value={"limit_seconds": hours * 3600, "warn_percent": 50}, by=None,
            reason="test", valid_from=MORNING - H,
        )  # fmt: skip
    clock = running("resolution", tier="C")
    answer = running("answer", subject_id=clock.subject_id, limit_seconds=7200)
    clock = services.rebase(clock, due_at=MORNING + 27 * H, by=None, at=MORNING + 3 * H)
    changed = services.shorten_for_tier(
        subject_kind=SUBJECT, subject_id=clock.subject_id, tier="A", registered_at=MORNING, by=None,
        reason="升级", at=MORNING + 4 * H,
    )  # fmt: skip
    assert [(c.kind, c.due_at, c.warn_percent) for c in changed] == [("resolution", MORNING + 19 * H, 50)]
    assert changed[0].warn_at == MORNING + 9 * H + 30 * M
    answer.refresh_from_db()
    assert answer.due_at == MORNING + 2 * H


def test_re_tiering_to_a_slower_tier_changes_nothing(running):
    policies.set_policy(
        code="deadlines.clock", key="resolution|tier=A", value={"limit_seconds": 16 * 3600}, by=None, reason="test",
        valid_from=MORNING - H,
    )  # fmt: skip
    clock = running("resolution", tier="A")
    changed = services.shorten_for_tier(
        subject_kind=SUBJECT, subject_id=clock.subject_id, tier="D", registered_at=MORNING, by=None, reason="降级",
        at=MORNING + H,
    )  # fmt: skip
    assert changed == []
    clock.refresh_from_db()
    assert (clock.due_at, clock.generation, history(clock)) == (MORNING + 16 * H, 1, [])
