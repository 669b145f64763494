"""What a ticket is found by (D11): the open part first, then what only the centre may search by (PRV-10)."""

from __future__ import annotations

from collections.abc import Iterable

from complaints.domain.searchable import joined
from servicecenter.search import fold


def search_text_of(
    *, number: str, waybill: str, text: str, demand: str = "", personal: Iterable[str] = ()
) -> str:
    """Number, waybill and words, then names; folded. Telephone numbers are found by their own index."""
    shown = fold(" ".join([number, waybill, text, demand]).replace("¦", " "))
    hidden = fold(" ".join(dict.fromkeys(part for part in personal if part)).replace("¦", " "))
    return joined(shown, hidden)
