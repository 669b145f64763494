"""COD money (代收货款): its course, and whose it is when it is late (WBL-05, CMP-11)."""

from __future__ import annotations

from decimal import Decimal

from customers.choices import CodState
from servicecenter.kernel.errors import RuleBroken

COURSE = (CodState.DUE, CodState.COLLECTED, CodState.HANDED_IN, CodState.REMITTED)
FIXED = frozenset({CodState.COLLECTED, CodState.HANDED_IN, CodState.REMITTED})
OPEN = frozenset({CodState.UNKNOWN, CodState.NONE})


def check_step(
    *, before: str, after: str, amount_before: Decimal | None, amount_after: Decimal | None
) -> None:
    """May the COD money go from one state to the other with that amount (in yuan)?

    Facts come from elsewhere and may skip steps, but never go back. Raises RuleBroken `cod.back`,
    `cod.amount_fixed` (the amount does not change after collection) or `cod.amount_needed`.
    """
    if before == CodState.CANCELLED and after != CodState.CANCELLED:
        raise RuleBroken("cod.back", field="cod_state", before=before, after=after)
    if before in COURSE:
        if before in FIXED and after not in COURSE:
            raise RuleBroken("cod.back", field="cod_state", before=before, after=after)
        if after in COURSE and COURSE.index(CodState(after)) < COURSE.index(CodState(before)):
            raise RuleBroken("cod.back", field="cod_state", before=before, after=after)
    if before in FIXED and amount_after != amount_before:
        raise RuleBroken("cod.amount_fixed", field="cod_amount", amount=amount_before)
    if after not in OPEN and amount_after is None:
        raise RuleBroken("cod.amount_needed", field="cod_amount", status=400)
    if after == CodState.NONE and amount_after is not None:
        raise RuleBroken("cod.amount_without_cod", field="cod_amount", status=400)


def with_branch(state: str) -> bool | None:
    """Is late COD money the branch's (CMP-10b) — or settlement's (CMP-10d)? None where the state does not tell."""
    if state in {CodState.DUE, CodState.COLLECTED}:
        return True
    if state in {CodState.HANDED_IN, CodState.REMITTED}:
        return False
    return None
