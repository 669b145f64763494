"""Conditions that are no rows of a rule set: how a loss looks that nothing decides, what a warning rests on."""

from __future__ import annotations

from claims.domain.conditions import Condition


def _when(**wanted: str) -> Condition:
    return Condition({name: frozenset({value}) for name, value in wanted.items()})


# LR-23: how a loss looks that no row decides. What rules have taken out before need not be asked again.
PATTERNS: tuple[tuple[str, Condition], ...] = (
    ("U1", _when(driver_recorded="no", loader_recorded="yes")),
    ("U6", _when(driver_recorded="yes", loader_recorded="no")),
    ("U3", _when(neither_recorded="yes")),
    ("U2", _when(both_recorded="yes", waybill_found="no")),
    ("U5", _when(both_recorded="yes", waybill_found="yes", notice_present="no")),
    ("U4", _when(both_recorded="yes", waybill_found="yes", notice_present="yes")),
)
# LR-22: goods refused, a note on all copies, no slip: LR-01 lacks only the writer.
LACKS_WRITER = _when(incident="yes", refused="yes", slip="no", note="all")
