"""Is everything as it must be? The product's own invariants, asked in this process."""

from __future__ import annotations

from servicecenter import invariants


def violations() -> list[str]:
    """What `manage.py verify` would name, a line each: `I3 TS261118-7000001 warning: has no history entry`."""
    return [
        f"{result.code} {found.subject}: {found.problem}"
        for result in invariants.verify()
        for found in result.violations
    ]


def assert_sound() -> None:
    """Every invariant holds."""
    found = violations()
    assert not found, "\n".join(found)
