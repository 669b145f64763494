"""Rounds (CMP-20, CMP-22), pauses (CMP-38), follow-ups (CMP-25), priority, recurrence: without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.domain.facts import Facts
from complaints.domain.next_step import Running, next_of, step_of
from complaints.domain.policy import HandlingPolicy, RecurrencePolicy
from complaints.domain.priority import rank_of
from complaints.domain.recurrence import Founded, Recurrence, has_ended, joins, judge
from complaints.domain.rounds import Asked, all_in, follow_up_outcome, given_back, pause_left, rebase_arrival

TEN = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def asked(state: str, arrived: float | None = None, *, required: bool = True, handed: float = 0) -> Asked:
    """A handover with four hours; times are hours after ten."""
    return Asked(
        state=state,
        handed_at=TEN + handed * HOUR,
        due_at=TEN + (handed + 4) * HOUR,
        statement_required=required,
        arrived_at=None if arrived is None else TEN + arrived * HOUR,
        ended_at=TEN + (arrived if arrived is not None else handed + 1) * HOUR
        if state != "waiting"
        else None,
    )


@pytest.mark.parametrize(
    ("handovers", "hours"),
    [
        pytest.param([asked("answered", 1)], 1, id="CMP-22-in-time"),
        pytest.param([asked("answered", 4)], 4, id="CMP-22-at-the-last-moment"),
        pytest.param([asked("answered", 4.01)], None, id="CMP-22-late"),
        pytest.param([asked("answered", 1), asked("answered", 3)], 3, id="CMP-22-the-last-of-two"),
        pytest.param([asked("answered", 1), asked("answered", 4.5)], None, id="CMP-22-one-of-two-late"),
        pytest.param([asked("answered", 1), asked("waiting")], None, id="one-is-missing"),
        pytest.param(
            [asked("answered", 1), asked("waiting", required=False)], 1, id="an-answer-is-no-statement"
        ),
        pytest.param([asked("answered", 3, required=False)], None, id="only-an-answer"),
        pytest.param([asked("answered", 1), asked("waived")], 1, id="waived-is-required-no-longer"),
        pytest.param([asked("answered", 1), asked("returned")], 1, id="returned-is-required-no-longer"),
        pytest.param([], None, id="nothing-asked"),
    ],
)
def test_the_24_hours_run_anew_from_the_last_required_statement_in_time(
    handovers: list[Asked], hours: float | None
) -> None:
    assert rebase_arrival(handovers) == (None if hours is None else TEN + hours * HOUR)


@pytest.mark.parametrize(
    ("handovers", "answered"),
    [
        pytest.param([asked("answered", 1)], True, id="CMP-20-in"),
        pytest.param([asked("waived")], True, id="CMP-20-waived"),
        pytest.param(
            [asked("answered", 1), asked("waiting", required=False)], False, id="an-answer-is-missing"
        ),
        pytest.param([asked("returned")], False, id="given-back-and-nobody-asked-since"),
        pytest.param(
            [asked("returned"), asked("answered", 3, handed=2)], True, id="given-back-and-passed-on"
        ),
        pytest.param([asked("answered", 3), asked("returned")], False, id="the-returned-one-is-open-still"),
        pytest.param([], False, id="nothing-asked"),
    ],
)
def test_a_round_is_answered_when_every_statement_and_answer_is_in_or_waived(
    handovers: list[Asked], answered: bool
) -> None:
    assert all_in(handovers) is answered


def test_a_returned_handover_is_settled_by_the_next_one() -> None:
    assert given_back([asked("returned")]) == 1
    assert given_back([asked("returned"), asked("waiting", handed=1)]) == 0
    assert given_back([asked("waiting"), asked("returned")]) == 1


@pytest.mark.parametrize(
    ("spans", "hours_left"),
    [
        ([], 72),
        ([(0, 10)], 62),
        ([(0, 10), (20, None)], 42),
        ([(0, 72)], 0),
        ([(0, 80)], 0),
    ],
)
def test_a_round_waits_72_hours_for_the_customer_in_all(
    spans: list[tuple[int, int | None]], hours_left: int
) -> None:
    pauses = [(TEN + a * HOUR, None if b is None else TEN + b * HOUR) for a, b in spans]
    left = pause_left(pauses, at=TEN + 40 * HOUR, policy=HandlingPolicy())
    assert left == hours_left * 3600


MON, TUE = date(2026, 11, 16), date(2026, 11, 17)


@pytest.mark.parametrize(
    ("result", "days", "outcome"),
    [
        ("satisfied", [], "satisfied"),
        ("dissatisfied", [], "dissatisfied"),
        ("refused", [], "refused"),
        ("not_reached", [MON], "try_again"),
        ("not_reached", [MON, MON], "try_again"),
        pytest.param("not_reached", [MON, MON, MON], "try_again", id="CMP-25-three-tries-on-one-day"),
        pytest.param("not_reached", [MON, MON, TUE], "not_reached", id="CMP-25-three-tries-on-two-days"),
        pytest.param("not_reached", [MON, TUE], "try_again", id="CMP-25-two-tries-on-two-days"),
    ],
)
def test_what_a_follow_up_means(result: str, days: list[date], outcome: str) -> None:
    assert follow_up_outcome(result, not_reached_on=days, policy=HandlingPolicy()) == outcome


@pytest.mark.parametrize(
    ("confirmed", "chases", "tier", "rank"),
    [
        (True, 0, "D", 0),
        (True, 3, "A", 0),
        (False, 2, "D", 1),
        (False, 1, "A", 2),
        (False, 0, "B", 3),
        (False, 0, "C", 4),
        (False, 0, "D", 5),
        (False, 0, "", 5),
    ],
)
def test_rank(confirmed: bool, chases: int, tier: str, rank: int) -> None:
    assert rank_of(confirmed_incident=confirmed, chases=chases, tier=tier) == rank


@pytest.mark.parametrize(
    ("kind", "state", "facts", "step"),
    [
        ("first_response", "routed", Facts(waiting=1), "reply"),
        ("routing", "registered", Facts(), "route"),
        ("statement", "routed", Facts(waiting=1), "await_statement"),
        ("answer", "investigating", Facts(waiting=1), "await_statement"),
        ("suspected", "routed", Facts(waiting=1), "confirm_incident"),
        ("supervisor_takes", "registered", Facts(), "await_supervisor"),
        ("report_upward", "registered", Facts(), "report_upward"),
        ("waiting", "answered", Facts(is_paused=True), "await_customer"),
        ("resolution", "routed", Facts(waiting=2), "await_statement"),
        ("resolution", "investigating", Facts(given_back=1), "route"),
        ("resolution", "answered", Facts(), "find"),
        ("resolution", "answered", Facts(has_finding=True), "resolve"),
        ("resolution", "reopened", Facts(), "route"),
        ("follow_up", "resolved", Facts(), "notify"),
        ("follow_up", "resolved", Facts(is_notified=True), "follow_up"),
    ],
)
def test_the_step_that_a_clock_asks_for(kind: str, state: str, facts: Facts, step: str) -> None:
    assert step_of(kind, state=state, facts=facts) == step


def test_a_category_without_destination_waits_for_the_supervisor_s_decision() -> None:
    assert step_of("routing", state="registered", facts=Facts(), has_destination=False) == "decide_department"


def test_the_clock_that_is_due_first_drives_the_ticket_and_a_paused_one_only_alone() -> None:
    clocks = [
        Running(1, "resolution", TEN + 24 * HOUR, is_paused=True),
        Running(2, "waiting", TEN + 30 * HOUR),
        Running(3, "statement", TEN + 26 * HOUR),
    ]
    found = next_of(clocks, state="routed", facts=Facts(waiting=1, is_paused=True))
    assert (found.key, found.due_at, found.step) == (3, TEN + 26 * HOUR, "await_statement")
    alone = next_of(clocks[:1], state="routed", facts=Facts(waiting=1))
    assert alone.key == 1


def test_an_open_ticket_without_a_clock_is_a_defect() -> None:
    with pytest.raises(ValueError, match="running clock"):
        next_of([], state="routed", facts=Facts())


def days(*numbers: int) -> list[Founded]:
    return [Founded(n, date(2026, 11, n)) for n in numbers]


@pytest.mark.parametrize(
    ("rows", "around", "expected"),
    [
        pytest.param(
            days(1, 5, 20), 20, Recurrence((1, 5, 20), date(2026, 11, 20)), id="CMP-41-three-in-30-days"
        ),
        pytest.param(days(1, 20), 20, None, id="CMP-41-two-are-none"),
        pytest.param(
            days(1, 5, 20), 5, Recurrence((1, 5, 20), date(2026, 11, 20)), id="found-late-in-any-order"
        ),
        pytest.param(
            days(1, 2, 3, 4),
            4,
            Recurrence((1, 2, 3, 4), date(2026, 11, 3)),
            id="SAN-19-the-third-completed-it",
        ),
    ],
)
def test_a_recurrence_is_three_founded_complaints_within_30_days(
    rows: list[Founded], around: int, expected: Recurrence | None
) -> None:
    assert judge(rows, around=date(2026, 11, around), policy=RecurrencePolicy()) == expected


def test_the_31st_day_is_outside() -> None:
    rows = [Founded(1, date(2026, 11, 1)), Founded(2, date(2026, 11, 2)), Founded(3, date(2026, 12, 1))]
    assert judge(rows, around=date(2026, 12, 1), policy=RecurrencePolicy()) is None
    within = [*rows[:2], Founded(3, date(2026, 11, 30))]
    assert judge(within, around=date(2026, 11, 30), policy=RecurrencePolicy()) is not None


@pytest.mark.parametrize(
    ("waybills", "count", "is_one"), [(1_000, 4, False), (1_000, 5, True), (100, 2, True), (None, 3, True)]
)
def test_where_volumes_are_known_a_rate_decides(waybills: int | None, count: int, is_one: bool) -> None:
    policy = RecurrencePolicy(per_thousand=5)
    found = judge(days(*range(1, count + 1)), around=date(2026, 11, count), policy=policy, waybills=waybills)
    assert (found is not None) is is_one


def test_a_recurrence_is_joined_until_it_was_quiet_for_30_days() -> None:
    policy, last = RecurrencePolicy(), date(2026, 11, 1)
    assert joins(last_on=last, registered_on=date(2026, 11, 30), policy=policy)
    assert not joins(last_on=last, registered_on=date(2026, 12, 1), policy=policy)
    assert not has_ended(last_on=last, today=date(2026, 11, 30), policy=policy)
    assert has_ended(last_on=last, today=date(2026, 12, 1), policy=policy)
