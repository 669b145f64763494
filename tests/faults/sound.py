"""Is everything as it must be? The product's own invariants, asked in this process."""

from __future__ import annotations

from deadlines.services import sweep
from servicecenter import invariants, outbox, trail

# a step of a clock undone; unsealed, or unsent, for more than five minutes
WAITING = ("I1 ", "I9 ", "I10 ")


def violations() -> list[str]:
    """What `manage.py verify` would name, a line each: `I3 TS261118-7000001 warning: has no history entry`."""
    return [
        f"{result.code} {found.subject}: {found.problem}"
        for result in invariants.verify()
        for found in result.violations
    ]


def assert_sound() -> None:
    """Every invariant holds.

    No clock runs beside most tests: what one has had to do in five minutes of a long or slow test is done here first.
    """
    found = violations()
    if any(line.startswith(WAITING) for line in found):
        sweep()
        while outbox.relay().more:
            pass
        while trail.seal():
            pass
        found = violations()
    assert not found, "\n".join(found)
