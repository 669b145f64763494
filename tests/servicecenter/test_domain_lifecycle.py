"""A state machine is a table: what may happen, and if not, why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from servicecenter.kernel.lifecycle import Action, Lifecycle, Refusal

OPEN, SHUT = frozenset({"open"}), frozenset({"shut"})
DOOR = Lifecycle(
    "door",
    ("open", "shut", "gone"),
    (
        Action("shut", OPEN, "shut", right="door.shut"),
        Action("open", SHUT, "open", guard=lambda facts: Refusal("door.locked") if facts["locked"] else None),
        Action("knock", SHUT),
        Action("remove", OPEN | SHUT, "gone", right="door.remove", reason_needed=True),
    ),
)


def everything(right: str) -> bool:
    return True


def nothing(right: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("action", "state", "locked", "rights", "reason", "refusal"),
    [
        ("shut", "open", False, everything, "", None),
        ("shut", "open", False, nothing, "", "lifecycle.no_right"),
        ("shut", "shut", False, everything, "", "lifecycle.wrong_state"),
        ("shut", "shut", False, nothing, "", "lifecycle.no_right"),
        ("open", "shut", False, nothing, "", None),
        ("open", "shut", True, nothing, "", "door.locked"),
        ("open", "open", True, nothing, "", "lifecycle.wrong_state"),
        ("knock", "shut", True, nothing, "", None),
        ("remove", "shut", True, everything, "", "lifecycle.reason_needed"),
        ("remove", "shut", True, everything, "  ", "lifecycle.reason_needed"),
        ("remove", "shut", True, everything, "旧了", None),
        ("remove", "gone", True, everything, "旧了", "lifecycle.wrong_state"),
    ],
)
def test_the_table_answers_by_right_then_state_then_guard_then_reason(
    action: str, state: str, locked: bool, rights: Callable[[str], bool], reason: str, refusal: str | None
) -> None:
    answer = DOOR.decide(action, state=state, facts={"locked": locked}, has_right=rights, reason=reason)
    assert (answer.refusal.code if answer.refusal else None) == refusal
    assert answer.allowed == (refusal is None)
    assert answer.visible == (refusal != "lifecycle.no_right")


def test_buttons_show_every_action_and_one_that_only_lacks_its_reason_is_offered() -> None:
    offered = DOOR.offered(state="shut", facts={"locked": True}, has_right=everything)
    assert {answer.action.code: answer.allowed for answer in offered} == {
        "shut": False,
        "open": False,
        "knock": True,
        "remove": True,
    }


def test_reachable_states_follow_the_table() -> None:
    assert DOOR.reachable("open") == {"open", "shut", "gone"}
    assert DOOR.reachable("gone") == {"gone"}


def test_an_action_that_is_not_in_the_table_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        DOOR.decide("paint", state="open", facts={}, has_right=everything)


def test_a_table_with_unknown_states_or_double_actions_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        Lifecycle("x", ("a",), (Action("go", frozenset({"a"}), "b"),))
    with pytest.raises(ValueError, match="stands twice"):
        Lifecycle("x", ("a",), (Action("go", frozenset({"a"})), Action("go", frozenset({"a"}))))
