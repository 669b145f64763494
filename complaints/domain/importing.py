"""What an import decides about one row: is it good, which category do its words name (CMP-01, CMP-10a to CMP-10k)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from complaints.domain.intake import LIMITS, MAX_TEXT

OWN_KEY = "key:"
LONGEST_KEY = 80
# What is kept of a row beside its text, and how long it may be; an own key stands behind its mark.
LONGEST = {
    "caller": LIMITS["caller_name"],
    "key": LONGEST_KEY - len(OWN_KEY),
    "product": LIMITS["product"],
    "source": 200,
}
# What may be filled from a file, and whether it must be there.
TARGETS = {
    "text": True,
    "key": False,
    "telephone": False,
    "caller": False,
    "waybill": False,
    "category": False,
    "at": False,
    "product": False,
    "source": False,
}


@dataclass(frozen=True)
class Word:
    """One row of the keyword table; `text` is folded."""

    text: str
    category: str
    subcase: str = ""
    weight: int = 1


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one line of the file: a code for `wording.RULES` and its parameters."""

    line: int
    code: str
    params: Mapping[str, object]


def choose_category(folded: str, words: Iterable[Word]) -> tuple[str, str]:
    """(category, subcase) by the weight of the words found; the table's order breaks ties; nothing found → other."""
    scores: dict[str, int] = {}
    subcases: dict[str, str] = {}
    for word in words:
        if word.text in folded:
            scores[word.category] = scores.get(word.category, 0) + word.weight
            if word.subcase:
                subcases.setdefault(word.category, word.subcase)
    if not scores:
        return "other", ""
    best = max(scores, key=lambda code: scores[code])
    return best, subcases.get(best, "")


def row_keys(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The external key of each row: its own, else a hash of its content and how often that content came before.

    So a file without ids can be imported twice and adds nothing, and equal texts in one file stay two contacts.
    """
    seen: dict[str, int] = {}
    keys = []
    for row in rows:
        if own := row.get("key", "").strip():
            keys.append(f"{OWN_KEY}{own}")
            continue
        content = "\x1f".join(row.get(name, "").strip() for name in sorted(TARGETS) if name != "key")
        digest = hashlib.sha256(content.encode()).hexdigest()[:40]
        seen[digest] = seen.get(digest, 0) + 1
        keys.append(f"sha:{digest}:{seen[digest]}")
    return keys


def problems_of(line: int, row: Mapping[str, str], *, categories: frozenset[str]) -> list[RowProblem]:
    """Everything that is wrong with one row, as far as the row alone tells."""
    found = []
    text = row.get("text", "").strip()
    if not text:
        found.append(RowProblem(line, "import.no_text", {}))
    elif len(text) > MAX_TEXT:
        found.append(RowProblem(line, "import.text_too_long", {"length": len(text), "limit": MAX_TEXT}))
    elif "\x00" in text or "\ufffd" in text:
        found.append(RowProblem(line, "import.unreadable", {}))
    for name, limit in LONGEST.items():
        value = row.get(name, "").strip()
        if len(value) > limit:
            params = {"column": name, "length": len(value), "limit": limit}
            found.append(RowProblem(line, "import.cell_long", params))
        if "\x00" in value or "\ufffd" in value:
            found.append(RowProblem(line, "import.unreadable_cell", {"column": name}))
    category = row.get("category", "").strip()
    if category and category not in categories:
        found.append(RowProblem(line, "import.category", {"category": category}))
    return found
