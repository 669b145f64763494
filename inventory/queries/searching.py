"""What the global search box finds of the stock: papers by number, items by code and name."""

from __future__ import annotations

from typing import Any

from inventory.queries.catalogue import item_hits
from inventory.queries.counts import count_hits
from inventory.queries.documents import document_hits
from servicecenter.ports import Hit


def search_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """At most `limit` documents, transfers, counts and items each, numbers first (port servicecenter.search)."""
    return [
        *document_hits(user=user, text=text, limit=limit),
        *count_hits(user=user, text=text, limit=limit),
        *item_hits(user=user, text=text, limit=limit),
    ]
