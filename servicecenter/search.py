"""Search in Chinese and English (D11): fold in Python, bigrams in PostgreSQL, recheck, newest or queue order."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import opencc
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from pypinyin import Style, lazy_pinyin

# What parts words: the same list of code points as in sc_bigrams, never a question of locale.
_PARTS = re.compile(
    "[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u2e00-\u2e7f"
    "\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20"
    "\uff3b-\uff40\uff5b-\uff65]+"
)
HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
# More of a query than this narrows nothing; the recheck compares the whole text anyway.
MOST_GRAMS = 32


@cache
def _simplified() -> dict[int, str]:
    """OpenCC's simplified form of every single Han character that has another one.

    Character by character on purpose: OpenCC's phrases make 乾坤 of 乾坤 but 干 of 乾, and a part of a text
    would then not be found in the text.
    """
    every = [chr(code) for first, last in HAN for code in range(first, last + 1)]
    converted = opencc.OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(was): now for was, now in zip(every, converted, strict=True) if was != now}


def fold(text: str) -> str:
    """Text as it is searched: traditional → simplified, full width → half width, case gone, single spaces."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.translate(_simplified()).split())


def name_key(name: str) -> str:
    """Pinyin sort key and mnemonic code: `zhang san zs`; letters and characters without pinyin stay themselves."""
    folded = fold(name)
    syllables = " ".join(lazy_pinyin(folded, style=Style.NORMAL, errors="default")).split()
    initials = "".join(syllable[0] for syllable in syllables)
    return f"{' '.join(syllables)} {initials}"[:200].strip()


def bigrams(folded: str) -> list[str]:
    """The bigrams of folded text, as `sc_bigrams` makes them; single characters stand for themselves."""
    found = (word[n : n + 2] for word in _PARTS.split(folded) if word for n in range(max(len(word) - 1, 1)))
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


class _Matches(Func):
    """`vector @@ query`, without PostgreSQL's own parser between them."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


def holds(text: Any, word: str) -> GreaterThan:
    """A condition: the word stands somewhere in the text.

    Not LIKE: the planner would guess that hardly a row is left, and sort all hits of a common word instead of reading
    the newest ones in their order. Of a comparison it guesses a third.
    """
    return GreaterThan(StrIndex(text, Value(word)), 0)


def matching(
    rows: QuerySet[Any], text: str, *, column: str = "search_text", vector: str = "search"
) -> QuerySet[Any]:
    """Rows whose text holds every word of `text`: GIN on bigrams, then a recheck (bigrams give false positives).

    A single character has no bigram and is answered by the recheck alone; punctuation alone finds nothing.
    """
    words = list(dict.fromkeys(fold(text.replace("\0", " ")).split()))
    grams = [gram for word in words for gram in bigrams(word)]
    if not grams:
        return rows.none()
    rows = rows.filter(*(holds(F(column), word) for word in words))
    if grams := [gram for gram in grams if len(gram) == 2]:
        rows = rows.filter(_Matches(F(vector), _TsQuery(Value(_tsquery(grams)))))
    return rows


def _tsquery(grams: list[str]) -> str:
    chosen = list(dict.fromkeys(grams))[:MOST_GRAMS]
    return " & ".join("'" + gram.replace("\\", "\\\\").replace("'", "''") + "'" for gram in chosen)
