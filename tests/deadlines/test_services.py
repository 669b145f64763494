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
from tests.deadlines.reading import history, steps, waiting

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
M = timedelta(minutes=1)


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
