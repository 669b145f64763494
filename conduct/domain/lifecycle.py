"""The life of a sanction: proposed → confirmed → settled, or withdrawn with a reason; four eyes (SAN-10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conduct.choices import Measure
from servicecenter.kernel.lifecycle import Action, Lifecycle, Refusal

PROPOSED, CONFIRMED, SETTLED, WITHDRAWN = "proposed", "confirmed", "settled", "withdrawn"


def confirmable(facts: Mapping[str, Any]) -> Refusal | None:
    """Measure decided, reason where needed, source confirmed, and another person than proposer and amount setter.

    `facts`: by, proposed_by, amount_set_by (user ids, None the system), measure, source_confirmed.
    """
    if facts["measure"] == Measure.UNDECIDED:
        return Refusal("sanction.measure_needed")
    if facts["by"] is not None and facts["by"] == facts["amount_set_by"]:
        return Refusal("sanction.four_eyes_amount")
    if facts["by"] is not None and facts["by"] == facts["proposed_by"]:
        return Refusal("sanction.four_eyes")
    if not facts["source_confirmed"]:
        return Refusal("sanction.source_unconfirmed")
    return None


SANCTION = Lifecycle(
    name="sanction",
    states=(PROPOSED, CONFIRMED, SETTLED, WITHDRAWN),
    actions=(
        Action("set_amount", frozenset({PROPOSED}), right="conduct.propose_sanction"),
        Action(
            "confirm", frozenset({PROPOSED}), CONFIRMED, right="conduct.confirm_sanction", guard=confirmable
        ),
        Action("settle", frozenset({CONFIRMED}), SETTLED, right="conduct.confirm_sanction"),
        Action(
            "withdraw",
            frozenset({PROPOSED, CONFIRMED}),
            WITHDRAWN,
            right="conduct.withdraw_sanction",
            reason_needed=True,
        ),
    ),
)
