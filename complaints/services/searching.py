"""What a ticket is found by (D11): the open part first, then what only the centre may search by (PRV-10)."""

from __future__ import annotations

from collections.abc import Iterable

from complaints.domain.searchable import joined
from servicecenter.search import fold, searchable


def search_text_of(
    *, number: str, waybill: str, text: str, demand: str = "", personal: Iterable[str] = ()
) -> str:
    """Number, waybill and words, then names in signs, pinyin and initials; folded.

    Telephone numbers are found by their own indexes.
    """
    shown = fold(" ".join([number, waybill, text, demand]).replace("¦", " "))
    names = dict.fromkeys(part for part in personal if part.strip())
    hidden = fold(" ".join(searchable(name) for name in names).replace("¦", " "))
    return joined(shown, hidden)
