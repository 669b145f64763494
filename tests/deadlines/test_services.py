"""Starting, meeting, moving and ending clocks (CMP-22, CMP-30 to CMP-39)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from deadlines import services
from deadlines.models import Clock, Step
from organization.models import ServiceHours
from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Policy, TrailEntry
from tests import people
from tests.deadlines.conftest import MORNING, SUBJECT

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
M = timedelta(minutes=1)


def steps(clock: Clock, **only) -> list[tuple[int, str, datetime]]:
    rows = Step.objects.filter(clock=clock, **only).order_by("generation", "ordinal")
    return list(rows.values_list("generation", "kind", "due_at"))


def waiting(clock: Clock) -> list[tuple[int, str, datetime]]:
    return steps(clock, fired_at=None, void_at=None)


def history(clock: Clock) -> list[str]:
    rows = TrailEntry.objects.filter(kind=SUBJECT, object_id=clock.subject_id).order_by("id")
    return list(rows.values_list("code", flat=True))


# -- start


@pytest.mark.parametrize(
    ("kind", "due", "warn"),
    [
        pytest.param("first_response", 5 * M, 3 * M + timedelta(seconds=45), id="CMP-30"),
        pytest.param("report_upward", H, 45 * M, id="CMP-31"),
        pytest.param("statement", 4 * H, 3 * H, id="CMP-32"),
        pytest.param("resolution", 24 * H, 18 * H, id="CMP-33"),
        pytest.param("follow_up", 48 * H, 36 * H, id="CMP-35"),
        pytest.param("routing", 30 * M, 22 * M + timedelta(seconds=30), id="CMP-35a"),
        pytest.param("answer", 12 * H, 9 * H, id="CMP-35b"),
        pytest.param("suspected", H, 45 * M, id="CMP-35d"),
        pytest.param("approval", 4 * H, 3 * H, id="CMP-26"),
    ],
)
def test_a_clock_starts_with_the_seeded_term(running, kind, due, warn):
    clock = running(kind)
    assert (clock.started_at, clock.due_at, clock.warn_at) == (MORNING, MORNING + due, MORNING + warn)
    assert (clock.state, clock.generation, clock.next_at) == ("running", 1, MORNING + warn)
    assert clock.policy.key == kind


def test_a_started_clock_has_its_four_steps(running):
    clock = running("resolution")
    assert waiting(clock) == [
        (1, "warning", MORNING + 18 * H),
        (1, "breach", MORNING + 24 * H),
        (1, "ladder_manager", MORNING + 28 * H),
        (1, "ladder_enterprise", MORNING + 48 * H),
    ]


def test_registering_starts_several_clocks_in_three_statements(django_assert_num_queries):
    centre = people.department("service_centre")
    wanted = [
        services.Start(
            kind, SUBJECT, 7_000_000, "TS261118-1", centre, tier="A", category="delay", channel="telephone"
        )
        for kind in ("routing", "first_response", "resolution")
    ]
    with django_assert_num_queries(3):
        clocks = services.start_many(wanted, at=MORNING)
    assert [clock.kind for clock in clocks] == ["routing", "first_response", "resolution"]
    assert Step.objects.filter(clock__in=clocks).count() == 12


def test_starting_nothing_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert services.start_many([]) == []


def test_without_a_given_instant_the_databases_clock_counts(running):
    clock = running("resolution", at=None)
    assert abs((datetime.now(UTC) - clock.started_at).total_seconds()) < 60


def test_tier_a_is_warned_at_half_time(running):
    """CMP-36."""
    assert running("resolution", tier="A").warn_at == MORNING + 12 * H
    assert running("resolution", tier="B").warn_at == MORNING + 18 * H


def test_the_term_of_a_ticket_is_that_of_its_registration(running):
    """CMP-39: a policy changed meanwhile does not touch it."""
    policies.set_policy(
        code="deadlines.clock", key="routing", value={"limit_seconds": 15 * 60}, by=None, reason="test",
        valid_from=MORNING,
    )  # fmt: skip
    assert running("routing", at=MORNING + H, policy_at=MORNING - H).due_at == MORNING + 90 * M
    assert running("routing", at=MORNING + H).due_at == MORNING + 75 * M


def test_a_handovers_own_limit_counts(running):
    """CMP-35b."""
    clock = running("answer", limit_seconds=2 * 3600, part="17")
    assert (clock.due_at, clock.limit_seconds, clock.policy_id) == (MORNING + 2 * H, 7200, None)


def test_a_promised_date_is_the_due(running):
    """CMP-35c."""
    clock = running("waiting", due_at=MORNING + 30 * H)
    assert (clock.due_at, clock.limit_seconds) == (MORNING + 30 * H, 30 * 3600)


def test_an_outside_deadline_that_has_passed_still_gets_every_step(running):
    """CMP-46."""
    clock = running("outside", due_at=MORNING - H)
    assert waiting(clock) == [
        (1, "warning", MORNING - H),
        (1, "breach", MORNING - H),
        (1, "ladder_manager", MORNING + 3 * H),
        (1, "ladder_enterprise", MORNING + 23 * H),
    ]


def test_a_business_time_clock_runs_by_the_calendar_of_the_department_that_must_act(running):
    """CMP-34, ORG-07: eight working hours of a department open 9:00–13:00 every day."""
    department = people.department("business")
    ServiceHours.objects.create(department=department, valid_from="2026-01-01", week=[[[540, 780]]] * 7)
    clock = running("quotation", department=department, at=datetime(2026, 11, 18, 1, 0, tzinfo=UTC))
    assert clock.due_at == datetime(2026, 11, 19, 13, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert clock.basis == "business"


def test_the_statement_clock_is_the_departments_and_the_resolution_clock_the_owners(running):
    agent = people.user("agent")
    assert running("statement", owner=agent).owner_right == "complaints.hand_in_statement"
    assert running("answer", owner=agent).owner_right == "complaints.hand_in_statement"
    assert running("resolution", owner=agent).owner_right == ""


def test_a_second_open_clock_of_the_same_kind_and_part_is_impossible(running):
    first = running("resolution")
    with pytest.raises(IntegrityError, match="clock_one_open"):
        running("resolution", subject_id=first.subject_id)


def test_several_handovers_have_a_clock_each_and_a_later_round_its_own(running):
    first = running("answer", part="1")
    assert running("answer", subject_id=first.subject_id, part="2").part == "2"
    services.meet(first, by=None, at=MORNING + H)
    assert running("answer", subject_id=first.subject_id, part="1", round=2).round == 2


# -- meeting and ending


def test_a_clock_met_in_time_is_met_and_does_nothing_more(running):
    clock = services.meet(running("resolution"), by=None, at=MORNING + 23 * H)
    clock.refresh_from_db()
    assert (clock.state, clock.ended_at, clock.next_at) == ("met", MORNING + 23 * H, None)
    assert waiting(clock) == []
    assert services.sweep(at=MORNING + 100 * H).steps == 0


def test_a_clock_met_at_the_very_due_instant_is_met(running):
    assert services.meet(running("statement"), by=None, at=MORNING + 4 * H).state == "met"


def test_a_clock_met_late_has_its_warning_and_breach_in_the_history_though_no_sweep_ran(running):
    """CMP-37: the step happens even if every process was down."""
    agent = people.user("agent")
    clock = services.meet(running("statement", owner=agent), by=agent, at=MORNING + 5 * H)
    assert clock.state == "met_late"
    assert history(clock) == ["clock.warning", "clock.breach", "clock.met_late"]
    assert TrailEntry.objects.get(code="clock.met_late").by == agent
    assert steps(clock, fired_at=MORNING + 5 * H) == [
        (1, "warning", MORNING + 3 * H),
        (1, "breach", MORNING + 4 * H),
    ]


def test_an_act_just_before_due_that_a_sweep_has_overtaken_is_late_and_not_both(running):
    """Fault 12: the act took its time and waited for the clock; the sweep held it and recorded the breach."""
    clock = running("statement")
    services.sweep(at=MORNING + 4 * H)
    clock = services.meet(clock, by=None, at=MORNING + 4 * H - timedelta(milliseconds=20))
    assert clock.state == "met_late"
    assert history(clock) == ["clock.warning", "clock.breach", "clock.met_late"]


def test_meeting_twice_changes_nothing(running):
    clock = running("statement")
    first = services.meet(clock, by=None, at=MORNING + H)
    again = services.meet(clock, by=None, at=MORNING + 9 * H)
    assert (again.state, again.ended_at) == ("met", first.ended_at)
    assert history(clock) == []


def test_meeting_several_takes_three_statements(running, django_assert_num_queries):
    first = running("statement", part="1")
    second = running("statement", part="2", subject_id=first.subject_id)
    with django_assert_num_queries(3):
        services.meet_many([first, second], by=None, at=MORNING + H)
    assert set(Clock.objects.values_list("state", flat=True)) == {"met"}


def test_a_cancelled_clock_is_neither_met_nor_late(running):
    clock = services.cancel(running("statement"), by=None, at=MORNING + H)
    assert (clock.state, waiting(clock), history(clock)) == ("cancelled", [], [])


def test_everything_of_a_subject_ends_with_it_and_nothing_of_another(running):
    mine = running("resolution")
    running("routing", subject_id=mine.subject_id)
    other = running("resolution")
    ended = services.end_all(subject_kind=SUBJECT, subject_id=mine.subject_id, by=None, at=MORNING + H)
    assert {clock.state for clock in ended} == {"cancelled"}
    assert not services.open_clocks(SUBJECT, mine.subject_id).exists()
    other.refresh_from_db()
    assert other.state == "running"


def test_ending_may_be_limited_to_kinds_and_parts(running):
    mine = running("statement", part="1")
    running("statement", part="2", subject_id=mine.subject_id)
    running("resolution", subject_id=mine.subject_id)
    services.end_all(
        subject_kind=SUBJECT, subject_id=mine.subject_id, by=None, at=MORNING + H, cancelled=False,
        kinds=["statement"], parts=["2"],
    )  # fmt: skip
    left = services.open_clocks(SUBJECT, mine.subject_id).values_list("kind", "part")
    assert list(left) == [("statement", "1"), ("resolution", "")]


def test_another_owner_is_told_from_now_on(running):
    old, new = people.user("agent"), people.user("agent", name="李敏")
    clock = running("resolution", owner=old)
    ended = services.meet(running("routing", subject_id=clock.subject_id, owner=old), by=old, at=MORNING)
    assert services.reassign(subject_kind=SUBJECT, subject_id=clock.subject_id, owner=new) == 1
    clock.refresh_from_db()
    ended.refresh_from_db()
    assert (clock.owner, ended.owner) == (new, old)


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


# -- policies


def test_the_policy_found_names_its_row():
    found = services.policy_for("resolution", tier="A", category="delay", at=MORNING)
    assert (found.value.limit_seconds, found.value.warn_percent, found.key) == (
        86_400,
        50,
        "resolution|tier=A",
    )
    assert Policy.objects.get(pk=found.policy_id).key == "resolution|tier=A"


def test_a_later_version_counts_from_its_date_on():
    policies.set_policy(
        code="deadlines.clock", key="first_response|channel=letter", value={"limit_seconds": 3600}, by=None,
        reason="test", valid_from=MORNING,
    )  # fmt: skip

    def limit(channel: str, at: datetime) -> int:
        return services.policy_for("first_response", tier="D", channel=channel, at=at).value.limit_seconds

    assert (limit("letter", MORNING - M), limit("letter", MORNING + M)) == (300, 3600)
    assert limit("e_mail", MORNING + M) == 300


def test_a_shorter_term_for_everybody_is_refused_until_the_best_tier_has_it():
    """CMP-36: the seeds give tier A rows of its own; they are shortened first."""
    shorter = {"limit_seconds": 20 * 3600}
    with pytest.raises(RuleBroken) as refused:
        policies.set_policy(code="deadlines.clock", key="resolution", value=shorter, by=None, reason="test")
    assert (refused.value.code, refused.value.params["key"]) == (
        "clock.policy_tier_slower",
        "resolution|tier=A",
    )
    policies.set_policy(
        code="deadlines.clock", key="resolution|tier=A", value=shorter, by=None, reason="test"
    )
    policies.set_policy(code="deadlines.clock", key="resolution", value=shorter, by=None, reason="test")


def test_a_statement_term_longer_than_the_resolution_term_is_refused():
    """CMP-22."""
    before = Policy.objects.count()
    with pytest.raises(RuleBroken) as refused:
        policies.set_policy(
            code="deadlines.clock",
            key="statement",
            value={"limit_seconds": 25 * 3600},
            by=None,
            reason="test",
        )
    assert refused.value.code == "clock.policy_statement_longer"
    assert Policy.objects.count() == before


def test_a_contradiction_in_the_future_is_refused_too():
    """CMP-22: from tomorrow on the resolution term is three hours; a statement term of four would not fit."""
    tomorrow = MORNING + 24 * H
    for key in ("statement|tier=A", "statement"):
        policies.set_policy(
            code="deadlines.clock",
            key=key,
            value={"limit_seconds": 3600},
            by=None,
            reason="t",
            valid_from=tomorrow,
        )
    for key in ("resolution|tier=A", "resolution"):
        policies.set_policy(
            code="deadlines.clock",
            key=key,
            value={"limit_seconds": 3 * 3600},
            by=None,
            reason="t",
            valid_from=tomorrow,
        )
    with pytest.raises(RuleBroken) as refused:
        policies.set_policy(
            code="deadlines.clock", key="statement|category=delay", value={"limit_seconds": 4 * 3600}, by=None,
            reason="test", valid_from=MORNING,
        )  # fmt: skip
    assert refused.value.code == "clock.policy_statement_longer"
