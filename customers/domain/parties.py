"""Which customer is meant by a telephone number and a name: the same number may belong to several (CMP-01)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEGAL_FORMS = ("有限责任公司", "股份有限公司", "有限公司", "公司", "商行", "经营部")


@dataclass(frozen=True)
class Candidate:
    """A customer who owns the number; `names` are its own and those of its contact people."""

    customer_id: int
    names: tuple[str, ...]


def plain(name: str) -> str:
    """A name as names are compared: half width, without spaces, lower case."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def without_form(name: str) -> str:
    """A company's name without its legal form: `新禾食品有限公司` → `新禾食品`."""
    short = plain(name)
    for form in LEGAL_FORMS:
        if short.endswith(form) and len(short) > len(form) + 1:
            return short[: -len(form)]
    return short


def same_name(one: str, other: str) -> bool:
    """Whether two names mean the same: equal, or equal without the legal form."""
    return bool(plain(one)) and (plain(one) == plain(other) or without_form(one) == without_form(other))


def choose(candidates: Sequence[Candidate], name: str) -> int | None:
    """The customer meant: the only one, else the only one that bears the name; None when it cannot be told."""
    if len(candidates) == 1:
        return candidates[0].customer_id
    fitting = {row.customer_id for row in candidates if _bears(row.names, name)}
    return fitting.pop() if len(fitting) == 1 else None


def _bears(names: Iterable[str], name: str) -> bool:
    return any(same_name(name, known) for known in names)
