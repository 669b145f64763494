"""How a ticket's search text is put together (D11, PRV-10)."""

from __future__ import annotations

# Before this sign stands what everybody may search, behind it the names of who complained. Folding never makes it.
APART = " ¦ "


def joined(shown: str, hidden: str) -> str:
    """The open part and the names as one text; both are folded and hold no such sign."""
    return f"{shown}{APART}{hidden}" if hidden else shown
