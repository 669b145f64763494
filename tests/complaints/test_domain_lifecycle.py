"""The table of CMP-20: which act is possible in which state, and why not; without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.choices import DEAD_STATES, OPEN_STATES, ComplaintState
from complaints.domain.facts import Facts
from complaints.domain.lifecycle import ACTS, BUTTONS, COMPLAINT, CONSEQUENCES, STEPS

ORDER = (
    "registered",
    "routed",
    "investigating",
    "answered",
    "resolved",
    "closed",
    "reopened",
    "cancelled",
    "merged",
)
# Facts under which no guard refuses.
WILLING = Facts(
    round=3,
    waiting=1,
    given_back=1,
    answered=1,
    has_finding=True,
    is_notified=True,
    is_paused=False,
    pause_left=60,
    is_accepted=False,
    mine_waiting=1,
    mine_handed=1,
    may_note=True,
)
# act -> the states in which it is possible, by their first letters' order: r o i a s c n x m
MATRIX = {
    "accept": "roias.n..",
    "assign": "roias.n..",
    "take_over": "roias.n..",
    "report_upward": "roia..n..",
    "route": "roi...n..",
    "hand_over": ".oia.....",
    "settle_on_spot": "r.....n..",
    "waive": ".oi......",
    "take_up": ".oia.....",
    "hand_in": "roias.n..",
    "return": ".oia.....",
    "reply": "roias.n..",
    "chase": "roias.n..",
    "pause": "roia..n..",
    "resume": "roia..n..",
    "note": "roiascn..",
    "record_finding": ".oias.n..",
    "resolve": "...a.....",
    "notify": "....s....",
    "confirm_notice": "....sc...",
    "follow_up": "....s....",
    "reopen": "....sc...",
    "close_not_agreed": "roias.n..",
    "cancel": "roias.n..",
    "merge": "roiascn..",
    "confirm_incident": "roiascn..",
    "refute": "roiascn..",
    "release_personal": "roiascn..",
    "shorten": "roias.n..",
}
NEEDED = {
    "resume": {"is_paused": True},
    "confirm_incident": {"is_suspected": True},
    "refute": {"is_suspected": True},
}


def decide(code: str, state: str, facts: Facts = WILLING, *, right: bool = True, reason: str = "…"):  # type: ignore[no-untyped-def]
    return COMPLAINT.decide(
        code, state=state, facts=facts.as_mapping(), has_right=lambda _right: right, reason=reason
    )


@pytest.mark.parametrize("state", ORDER)
@pytest.mark.parametrize("code", BUTTONS)
def test_an_act_is_possible_in_these_states_alone(code: str, state: str) -> None:
    facts = replace(WILLING, **NEEDED.get(code, {}))
    answer = decide(code, state, facts)
    possible = MATRIX[code][ORDER.index(state)] != "."
    assert answer.allowed is possible
    if not possible:
        assert answer.refusal is not None
        assert answer.refusal.code == "lifecycle.wrong_state"


def test_the_matrix_names_every_act_and_state() -> None:
    assert set(MATRIX) == set(BUTTONS)
    assert set(ORDER) == set(ComplaintState.values)
    assert all(len(row) == len(ORDER) for row in MATRIX.values())


@pytest.mark.parametrize("action", ACTS, ids=lambda action: action.code)
def test_without_the_right_an_act_is_not_even_shown(action) -> None:  # type: ignore[no-untyped-def]
    if action.right is None:
        return
    answer = decide(action.code, sorted(action.sources)[0], right=False)
    assert not answer.visible
    assert answer.refusal.code == "lifecycle.no_right"


@pytest.mark.parametrize(
    "code",
    [
        "assign",
        "waive",
        "return",
        "pause",
        "reopen",
        "close_not_agreed",
        "cancel",
        "merge",
        "refute",
        "release_personal",
        "shorten",
    ],
)
def test_an_act_that_takes_something_away_needs_a_reason(code: str) -> None:
    action = COMPLAINT.action(code)
    facts = replace(WILLING, **NEEDED.get(code, {}))
    answer = decide(code, sorted(action.sources)[0], facts, reason="  ")
    assert answer.refusal.code == "lifecycle.reason_needed"


@pytest.mark.parametrize(
    ("code", "state", "facts", "refusal"),
    [
        pytest.param("resolve", "answered", {"has_finding": False}, "complaint.no_finding", id="CMP-27"),
        pytest.param("resolve", "answered", {"is_suspected": True}, "complaint.suspected_first", id="CMP-40"),
        pytest.param("settle_on_spot", "registered", {"is_suspected": True}, "complaint.suspected_first", id="CMP-42"),
        pytest.param("follow_up", "resolved", {"is_notified": False}, "complaint.not_notified", id="CMP-25"),
        pytest.param("pause", "routed", {"pause_left": 0}, "complaint.pause_used_up", id="CMP-38"),
        pytest.param("pause", "routed", {"is_paused": True}, "complaint.paused_already", id="CMP-38-twice"),
        pytest.param("close_not_agreed", "answered", {"round": 2}, "complaint.round_too_early", id="CMP-23"),
        pytest.param("cancel", "routed", {"as_respondent": True}, "complaint.respondent_cannot", id="CMP-20-cancel"),
        pytest.param("merge", "routed", {"as_respondent": True}, "complaint.respondent_cannot", id="CMP-20-merge"),
        pytest.param("waive", "routed", {"waiting": 0, "given_back": 0}, "complaint.nothing_waits", id="CMP-20-waive"),
        pytest.param("route", "routed", {"given_back": 0}, "complaint.already_routed", id="CMP-35b"),
        pytest.param("take_up", "routed", {"mine_waiting": 0}, "complaint.nothing_waits_for_you", id="ORG-04"),
        pytest.param("hand_in", "routed", {"mine_handed": 0}, "complaint.nothing_waits_for_you", id="CMP-21"),
        pytest.param("confirm_incident", "routed", {}, "complaint.not_suspected", id="CMP-40-nothing-suspected"),
        pytest.param(
            "refute", "routed", {"is_suspected": True, "contested_by_me": True}, "complaint.contested_by_you",
            id="four-eyes",
        ),
        pytest.param("accept", "routed", {"is_accepted": True}, "complaint.not_offered", id="CMP-07"),
        pytest.param(
            "accept", "routed", {"is_accepted": True, "is_owner": True}, "complaint.already_yours", id="CMP-07-own"
        ),
        pytest.param("reopen", "closed", {"is_history": True}, "complaint.is_history", id="history"),
    ],
)  # fmt: skip
def test_why_not(code: str, state: str, facts: dict[str, object], refusal: str) -> None:
    answer = decide(code, state, replace(WILLING, **facts))  # type: ignore[arg-type]
    assert answer.refusal is not None
    assert answer.refusal.code == refusal


def test_an_offered_ticket_is_accepted_by_whom_it_was_offered_to_alone() -> None:
    offered = replace(WILLING, is_accepted=True, is_offered=True)
    assert not decide("accept", "routed", offered).allowed
    assert decide("accept", "routed", replace(offered, is_offered_to_me=True)).allowed


def test_every_state_is_reached_from_the_registration_and_ended_ones_lead_nowhere() -> None:
    assert COMPLAINT.reachable("registered") == set(ComplaintState.values)
    for state in DEAD_STATES:
        assert COMPLAINT.reachable(state) == {state}
    assert COMPLAINT.reachable("closed") >= {"reopened", "resolved"}


def test_consequences_are_no_buttons_and_ask_no_right() -> None:
    assert not {action.code for action in CONSEQUENCES} & set(BUTTONS)
    assert all(action.right is None and action.guard is None for action in CONSEQUENCES)


def test_nothing_leads_from_open_to_closed_without_resolution_but_not_agreed() -> None:
    to_closed = {
        (source, action.code)
        for action in COMPLAINT.actions
        if action.target == "closed"
        for source in action.sources
    }
    assert {source for source, code in to_closed if code != "close_not_agreed"} == {"resolved"}
    assert set(OPEN_STATES) == {source for source, code in to_closed if code == "close_not_agreed"}


def test_the_steps_a_history_may_hold_are_those_of_the_table() -> None:
    assert (None, "registered") in STEPS
    assert ("answered", "resolved") in STEPS
    assert ("routed", "resolved") not in STEPS
    assert ("merged", "routed") not in STEPS
