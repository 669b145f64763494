"""State machines as tables, and the pure answer to "may this happen now, and if not, why".

One table per document: it draws the buttons, the API's `allowed_actions`, the diagrams and the test matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why an action is not possible: a code for `wording.py` and its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


# A guard sees the facts the service gathered and answers None (fine) or the refusal.
Guard = Callable[[Mapping[str, Any]], Refusal | None]


@dataclass(frozen=True)
class Action:
    """One row of the table. `target` None keeps the state; `right` None asks no right beyond seeing the row."""

    code: str
    sources: frozenset[str]
    target: str | None = None
    right: str | None = None
    guard: Guard | None = None
    reason_needed: bool = False


@dataclass(frozen=True)
class Answer:
    """Whether an action is allowed, with the refusal when not. `visible` False: the user lacks the right."""

    action: Action
    refusal: Refusal | None = None
    visible: bool = True

    @property
    def allowed(self) -> bool:
        """True when the action may be done now."""
        return self.refusal is None


@dataclass(frozen=True)
class Lifecycle:
    """The whole table of one document."""

    name: str
    states: tuple[str, ...]
    actions: tuple[Action, ...]

    def __post_init__(self) -> None:
        for action in self.actions:
            unknown = (set(action.sources) | ({action.target} if action.target else set())) - set(self.states)
            if unknown:
                raise ValueError(f"{self.name}.{action.code}: unknown states {sorted(unknown)}")
        codes = [action.code for action in self.actions]
        if len(codes) != len(set(codes)):
            raise ValueError(f"{self.name}: an action stands twice")

    def action(self, code: str) -> Action:
        """The row of that code; KeyError if there is none."""
        for action in self.actions:
            if action.code == code:
                return action
        raise KeyError(code)

    def decide(
        self,
        code: str,
        *,
        state: str,
        facts: Mapping[str, Any],
        has_right: Callable[[str], bool],
        reason: str = "",
    ) -> Answer:
        """May `code` happen in `state`? Asked in this order: right, state, guard, reason.

        `facts` is what guards read; `has_right` answers for the asking user on this very object.
        """
        action = self.action(code)
        if action.right is not None and not has_right(action.right):
            return Answer(action, Refusal("lifecycle.no_right", {"action": code}), visible=False)
        if state not in action.sources:
            return Answer(action, Refusal("lifecycle.wrong_state", {"action": code, "state": state}))
        if action.guard is not None and (refusal := action.guard(facts)) is not None:
            return Answer(action, refusal)
        if action.reason_needed and not reason.strip():
            return Answer(action, Refusal("lifecycle.reason_needed", {"action": code}))
        return Answer(action)

    def offered(
        self, *, state: str, facts: Mapping[str, Any], has_right: Callable[[str], bool]
    ) -> list[Answer]:
        """Every action for buttons and `allowed_actions`; one that only lacks its reason counts as allowed."""
        return [
            self.decide(action.code, state=state, facts=facts, has_right=has_right, reason="…")
            for action in self.actions
        ]

    def reachable(self, start: str) -> frozenset[str]:
        """All states that can be reached from `start`; a test asks that none is orphaned."""
        seen, edge = {start}, [start]
        while edge:
            state = edge.pop()
            for target in self._targets(state):
                if target not in seen:
                    seen.add(target)
                    edge.append(target)
        return frozenset(seen)

    def _targets(self, state: str) -> Iterable[str]:
        return (action.target for action in self.actions if action.target and state in action.sources)
