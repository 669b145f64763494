"""Search in Chinese and English (D11): fold in Python, bigrams in PostgreSQL, recheck, newest or queue order."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

import opencc
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, QuerySet, Value
from pypinyin import Style, lazy_pinyin


@cache
def _to_simplified() -> Any:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Text as it is searched: traditional → simplified, full width → half width, lower case, single spaces."""
    return " ".join(_to_simplified().convert(unicodedata.normalize("NFKC", text)).lower().split())


def name_key(name: str) -> str:
    """Pinyin sort key and mnemonic code: `zhang san zs`; latin letters stay. Characters without pinyin stay themselves."""
    folded = fold(name)
    full = lazy_pinyin(folded, style=Style.NORMAL, errors="default")
    initials = "".join(part[:1] for part in full if part.strip())
    return f"{' '.join(full)} {initials}"[:200].strip()


def bigrams(folded: str) -> list[str]:
    """The bigrams of folded text, as `sc_bigrams` makes them; single characters stand for themselves."""
    found: list[str] = []
    word = ""
    for character in folded + " ":
        if character.isalnum():
            word += character
            continue
        if word:
            found += [word[n : n + 2] for n in range(max(len(word) - 1, 1))]
            word = ""
    return list(dict.fromkeys(found))


class Bigrams(Func):
    """`sc_bigrams(column)`."""

    function = "sc_bigrams"
    output_field = SearchVectorField()


def search_field(source: str = "search_text") -> models.GeneratedField:
    """The generated `tsvector` of a model's `search_text`; give it a GIN index."""
    return models.GeneratedField(
        expression=Bigrams(source), output_field=SearchVectorField(), db_persist=True
    )


class _TsQuery(Func):
    template = "%(expressions)s::tsquery"


def matching(
    rows: QuerySet[Any], text: str, *, column: str = "search_text", vector: str = "search"
) -> QuerySet[Any]:
    """Rows whose text holds every word of `text`: GIN on bigrams, then a recheck (bigrams give false positives)."""
    condition = Q()
    grams: list[str] = []
    for word in fold(text).split():
        condition &= Q(**{f"{column}__contains": word})
        grams += bigrams(word)
    if not grams:
        return rows.none()
    if not all(len(gram) == 2 for gram in grams):
        grams = [gram for gram in grams if len(gram) == 2]
    rows = rows.filter(condition)
    if grams:
        query = " & ".join(
            "'" + gram.replace("\\", "\\\\").replace("'", "''") + "'" for gram in dict.fromkeys(grams)
        )
        rows = rows.filter(**{vector: _TsQuery(Value(query))})
    return rows
