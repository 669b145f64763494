"""What the global search box finds of the stock: documents and transfers by number, items by code and name."""

from __future__ import annotations

from typing import Any

from inventory.queries.catalogue import item_hits
from inventory.queries.documents import document_hits
from servicecenter.ports import Hit


def search_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """At most `limit` hits, numbers first (port servicecenter.search)."""
    found = document_hits(user=user, text=text, limit=limit)
    return (
        [*found, *item_hits(user=user, text=text, limit=limit - len(found))] if len(found) < limit else found
    )
