"""The life of a complaint as one table (CMP-20): what may be done, from which state, by whom, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from complaints.choices import HANDLING_STATES, OPEN_STATES, ComplaintState
from servicecenter.kernel.lifecycle import Action, Guard, Lifecycle, Refusal

REGISTER = "complaints.register_contact"
WORK = "complaints.work_complaint"
ASSIGN = "complaints.assign_complaint"
SUPERVISE = "complaints.supervise_complaint"
NOT_AGREED = "complaints.close_not_agreed"
HAND_IN = "complaints.hand_in_statement"
CANCEL = "complaints.cancel_complaint"
CONFIRM = "complaints.confirm_incident"
RELEASE = "complaints.release_personal"
SHORTEN = "deadlines.shorten_clock"

OPEN = frozenset(OPEN_STATES)
HANDLING = frozenset(HANDLING_STATES)
BEGUN = frozenset({"registered", "reopened"})
WITH_DEPARTMENT = frozenset({"routed", "investigating"})
ASKED = WITH_DEPARTMENT | {"answered"}
LIVE = OPEN | {"closed"}


def _needs(fact: str, code: str) -> Guard:
    """Refuses with `code` unless the fact is true."""
    return lambda facts: None if facts[fact] else Refusal(code)


def _not(fact: str, code: str) -> Guard:
    """Refuses with `code` while the fact is true."""
    return lambda facts: Refusal(code) if facts[fact] else None


def _all(*guards: Guard) -> Guard:
    """The first refusal of several guards."""

    def ask(facts: Mapping[str, Any]) -> Refusal | None:
        return next((refusal for guard in guards if (refusal := guard(facts))), None)

    return ask


def _may_route(facts: Mapping[str, Any]) -> Refusal | None:
    """A ticket that is with a department is routed again only when that department gave it back."""
    return Refusal("complaint.already_routed") if facts["waiting"] and not facts["given_back"] else None


def _may_waive(facts: Mapping[str, Any]) -> Refusal | None:
    return None if facts["waiting"] or facts["given_back"] else Refusal("complaint.nothing_waits")


def _may_accept(facts: Mapping[str, Any]) -> Refusal | None:
    if facts["is_offered_to_me"] or (not facts["is_accepted"] and not facts["is_offered"]):
        return None
    return Refusal("complaint.already_yours" if facts["is_owner"] else "complaint.not_offered")


def _may_pause(facts: Mapping[str, Any]) -> Refusal | None:
    if facts["is_paused"]:
        return Refusal("complaint.paused_already")
    return None if facts["pause_left"] > 0 else Refusal("complaint.pause_used_up")


def _may_close_not_agreed(facts: Mapping[str, Any]) -> Refusal | None:
    if facts["round"] >= facts["not_agreed_from"]:
        return None
    return Refusal("complaint.round_too_early", {"round": facts["round"], "needed": facts["not_agreed_from"]})


def _may_decide_incident(facts: Mapping[str, Any]) -> Refusal | None:
    if not facts["is_suspected"]:
        return Refusal("complaint.not_suspected")
    return Refusal("complaint.contested_by_you") if facts["contested_by_me"] else None


NOT_BY_RESPONDENT = _not("as_respondent", "complaint.respondent_cannot")
NO_HISTORY = _not("is_history", "complaint.is_history")
NOTIFIED = _needs("is_notified", "complaint.not_notified")


def _row(
    code: str,
    sources: frozenset[str],
    target: str | None = None,
    right: str | None = None,
    guard: Callable[[Mapping[str, Any]], Refusal | None] | None = None,
    reason: bool = False,
) -> Action:
    return Action(code, sources, target, right, guard, reason)


# What a person may do: these are the buttons and the API's actions.
ACTS = (
    # The owner (CMP-07, CMP-24)
    _row("accept", OPEN, None, WORK, _may_accept),
    _row("assign", OPEN, None, ASSIGN, None, True),
    _row("take_over", OPEN, None, SUPERVISE, _not("is_owner", "complaint.already_yours")),
    _row("report_upward", HANDLING, None, WORK, _not("is_reported", "complaint.reported_already")),
    # Where it goes (CMP-10a to CMP-10k, CMP-35b)
    _row("route", BEGUN | WITH_DEPARTMENT, "routed", WORK, _may_route),
    _row("hand_over", ASKED, None, WORK),
    _row("settle_on_spot", BEGUN, "resolved", WORK, _not("is_suspected", "complaint.suspected_first")),
    _row("waive", WITH_DEPARTMENT, None, SUPERVISE, _may_waive, True),
    # The department (CMP-21)
    _row("take_up", ASKED, None, HAND_IN, _needs("mine_waiting", "complaint.nothing_waits_for_you")),
    _row("hand_in", OPEN, None, HAND_IN, _needs("mine_handed", "complaint.nothing_waits_for_you")),
    _row("return", ASKED, None, HAND_IN, _needs("mine_waiting", "complaint.nothing_waits_for_you"), True),
    # The customer (CMP-09, CMP-25, CMP-38)
    _row("reply", OPEN, None, WORK),
    _row("chase", OPEN, None, REGISTER),
    _row("pause", HANDLING, None, WORK, _may_pause, True),
    _row("resume", HANDLING, None, WORK, _needs("is_paused", "complaint.not_paused")),
    _row("note", LIVE, None, None, _needs("may_note", "lifecycle.no_right")),
    # The outcome (CMP-23, CMP-25, CMP-27)
    _row("record_finding", (HANDLING | {"resolved"}) - {"registered"}, None, WORK),
    _row(
        "resolve", frozenset({"answered"}), "resolved", WORK,
        _all(_not("is_suspected", "complaint.suspected_first"), _needs("has_finding", "complaint.no_finding")),
    ),
    _row("notify", frozenset({"resolved"}), None, WORK),
    _row("confirm_notice", frozenset({"resolved", "closed"}), None, WORK, NOTIFIED),
    _row("follow_up", frozenset({"resolved"}), None, WORK, NOTIFIED),
    _row("reopen", frozenset({"resolved", "closed"}), "reopened", WORK, NO_HISTORY, True),
    _row(
        "close_not_agreed", HANDLING | {"resolved"}, "closed", NOT_AGREED,
        _all(_may_close_not_agreed, NOT_BY_RESPONDENT, _not("is_suspected", "complaint.suspected_first")), True,
    ),
    # The other ends (CMP-20, CMP-45)
    _row("cancel", OPEN, "cancelled", CANCEL, NOT_BY_RESPONDENT, True),
    _row("merge", LIVE, "merged", SUPERVISE, _all(NOT_BY_RESPONDENT, NO_HISTORY), True),
    # The service incident (CMP-40)
    _row("confirm_incident", LIVE, None, CONFIRM, _may_decide_incident),
    _row("refute", LIVE, None, CONFIRM, _may_decide_incident, True),
    # Others
    _row("release_personal", LIVE, None, RELEASE, _not("is_released", "complaint.released_already"), True),
    _row("shorten", OPEN, None, SHORTEN, None, True),
)  # fmt: skip
# What follows by itself from an act; never a button.
CONSEQUENCES = (
    _row("begin_inquiry", frozenset({"routed"}), "investigating"),
    _row("all_in", WITH_DEPARTMENT, "answered"),
    _row("ask_further", frozenset({"answered"}), "investigating"),
    _row("close_on_spot", frozenset({"resolved"}), "closed"),
    _row("follow_up_satisfied", frozenset({"resolved"}), "closed"),
    _row("follow_up_refused", frozenset({"resolved"}), "closed"),
    _row("follow_up_not_reached", frozenset({"resolved"}), "closed"),
    _row("follow_up_dissatisfied", frozenset({"resolved"}), "reopened"),
)
COMPLAINT = Lifecycle("complaint", tuple(ComplaintState.values), ACTS + CONSEQUENCES)
BUTTONS = tuple(action.code for action in ACTS)
START = "registered"
# State changes that the trail may hold: (before, after), with None for a ticket that was not there.
STEPS = frozenset(
    {(None, START), (None, "closed")}
    | {(source, action.target) for action in COMPLAINT.actions if action.target for source in action.sources}
)
