"""Search in Chinese and English (D11): fold in Python, bigrams in PostgreSQL, recheck, newest or queue order."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

import opencc
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Right
from django.db.models.lookups import Exact
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
# So many figures are the last of a number.
LAST = 4
# How long a process believes what it has read of the planner's statistics.
BELIEVED_SECONDS = 600


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


def searchable(name: str) -> str:
    """A name as it is searched: itself, its pinyin in one word, its initials; nothing of no name."""
    parts = name_key(name).split(" ")
    return " ".join(dict.fromkeys([fold(name), "".join(parts[:-1]), parts[-1]]))


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


class _Among(Func):
    """`key = ANY(array)`: the array is made once, before anything else."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class _Holds(Func):
    template = "strpos(%(expressions)s) <> 0"
    output_field = models.BooleanField()


def holds(text: Any, word: str) -> _Holds:
    """A condition: the word stands somewhere in the text.

    Not LIKE, nor `> 0`: the planner would guess that hardly a row is left, or a third, and sort all hits of a common
    word instead of reading the newest ones in their order. Of `<> 0` it guesses that nearly all are, as it is behind
    the bigrams.
    """
    return _Holds(text, Value(word))


def matching(
    rows: QuerySet[Any], text: str, *, column: str = "search_text", vector: str = "search"
) -> QuerySet[Any]:
    """Rows whose text holds every word of `text`: GIN on bigrams, then a recheck (bigrams give false positives).

    A single character has no bigram and is answered by the recheck alone; punctuation alone finds nothing.
    """
    words = list(dict.fromkeys(fold(text.replace("\0", " ")).split()))
    if not any(bigrams(word) for word in words):
        return rows.none()
    rows = rows.filter(*(holds(F(column), word) for word in words))
    grams = [gram for word in words for gram in _narrowing(rows.model, vector, word)]
    if not grams:
        return rows
    hit = _Matches(F(vector), _TsQuery(Value(_tsquery(grams))))
    if _rare(rows.model, vector, grams):
        return rows.filter(
            _Among(F("pk"), ArraySubquery(rows.model._default_manager.filter(hit).values("pk")))
        )
    return rows.filter(hit)


def last_four(column: str, figures: str) -> Q:
    """Whose number or telephone ends in these four figures: an index on `Right(column, 4)` answers it."""
    return Q(Exact(Right(column, LAST), figures))


def is_last_four(text: str) -> bool:
    """Whether somebody who types this means the end of a number."""
    return len(text) == LAST and text.isascii() and text.isdigit()


def _narrowing(model: type[models.Model], vector: str, word: str) -> list[str]:
    """The bigrams by which the index is asked for a word: all of them, but of common Chinese ones the rarest alone.

    The planner multiplies how often each stands in a text, though those of one word stand together: of four common
    characters it would expect next to nothing, and sort every hit.
    """
    grams = [gram for gram in bigrams(word) if len(gram) == 2]
    if len(grams) < 2 or any(sign < "\u3400" for gram in grams for sign in gram):
        return grams
    common = _common(model._meta.db_table, vector)
    return [min(grams, key=common.__getitem__)] if common.keys() >= set(grams) else grams


def _rare(model: type[models.Model], vector: str, grams: list[str]) -> bool:
    """Whether at most a few in a thousand rows can hold them all, by the planner's statistics.

    Their keys are then read from the index first, whatever the order and the limit outside. Of a gram it has no figure
    for, the planner expects one row in two hundred, and would read a table of millions from its newest row on until
    nine are found that may not be there.
    """
    common = _common(model._meta.db_table, vector)
    return bool(common) and not common.keys() >= set(grams)


_believed: dict[tuple[str, str, str], tuple[float, Mapping[str, float]]] = {}


def _common(table: str, column: str) -> Mapping[str, float]:
    """In which part of the rows the common bigrams stand, by the planner's statistics; a few hundred of them."""
    key = (connection.settings_dict["NAME"], table, column)
    read_at, found = _believed.get(key, (0.0, {}))
    if not read_at or time.monotonic() - read_at > BELIEVED_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
                " WHERE schemaname = current_schema() AND tablename = %s AND attname = %s",
                [table, column],
            )
            grams, parts = cursor.fetchone() or (None, None)
        found = dict(
            zip(grams or (), parts or (), strict=False)
        )  # behind them stand their smallest and largest
        _believed[key] = (time.monotonic(), found)
    return found


def _tsquery(grams: list[str]) -> str:
    chosen = list(dict.fromkeys(grams))[:MOST_GRAMS]
    return " & ".join("'" + gram.replace("\\", "\\\\").replace("'", "''") + "'" for gram in chosen)
