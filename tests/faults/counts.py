"""How often a fault is injected: a few times in `make test`, the full counts in `make faults` (FAULTS=full)."""

from __future__ import annotations

import os

FULL = os.environ.get("FAULTS") == "full"


def times(short: int, full: int) -> int:
    """The number of repetitions of this run."""
    return full if FULL else short


def within(seconds: float) -> float:
    """A promise in seconds. In the short form, on a machine that may be slow and busy, six times as long."""
    return seconds if FULL else 6 * seconds
