"""Categories, where they go today, and what a text is about (CMP-10a to CMP-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Prefetch, QuerySet

from complaints.domain.importing import Word, choose_category
from complaints.models import Category, Keyword, Subcase
from complaints.queries.routing import destinations
from organization.models import Department
from servicecenter.clock import business_date, now_db
from servicecenter.i18n import say
from servicecenter.search import fold


@dataclass(frozen=True)
class Guess:
    """What a text seems to be about, and the words that say so."""

    category: Category
    subcase: Subcase | None
    words: tuple[str, ...]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter((self.category, self.subcase, self.words))


def category_rows() -> QuerySet[Category]:
    """All categories with `subcase_list`, in their order."""
    return Category.objects.prefetch_related(
        Prefetch("subcases", queryset=Subcase.objects.order_by("ordinal", "pk"), to_attr="subcase_list")
    ).order_by("ordinal", "pk")


@dataclass(frozen=True)
class Choice:
    """A category or subcase as a form offers it: its code, and its name as text."""

    code: str
    names: dict[str, str]
    subcases: tuple[Choice, ...] = ()

    def __str__(self) -> str:
        return say(self.names)


# Written by hand: every form of the intake asks it.
CHOICES = """
WITH today (day) AS (SELECT (statement_timestamp() AT TIME ZONE %s)::date)
SELECT c.code, c.names::json,
  (SELECT json_agg(json_build_array(s.code, s.names) ORDER BY s.ordinal, s.id) FROM complaints_subcase s
   WHERE s.category_id = c.id AND (s.closed_on IS NULL OR s.closed_on > today.day))
FROM complaints_category c CROSS JOIN today WHERE c.closed_on IS NULL OR c.closed_on > today.day
ORDER BY c.ordinal, c.id
"""


def categories_today() -> list[Choice]:
    """The categories in use, each with its subcases in use."""
    with connection.cursor() as cursor:
        cursor.execute(CHOICES, [settings.TIME_ZONE])
        return [
            Choice(code, names, tuple(Choice(*one) for one in below or ()))
            for code, names, below in cursor.fetchall()
        ]


def catalogue() -> list[Any]:
    """Every category with its subcases, `goes_to` today (a department, or None: the supervisor decides; subcases have
    their own) and `keyword_count`: four statements."""
    table = destinations(on=business_date(now_db()))
    departments = Department.objects.in_bulk({pk for pk in table.values() if pk is not None})
    rows: list[Any] = list(category_rows().annotate(keyword_count=Count("keywords")))
    for row in rows:
        row.goes_to = departments.get(table.get((row.code, "")) or 0)
        for one in row.subcase_list:
            one.goes_to = departments.get(table.get((row.code, one.code)) or 0)
    return rows


def keywords() -> list[Word]:
    """The keyword table as the domain reads it: heaviest and longest first."""
    rows = Keyword.objects.values_list("word", "category__code", "subcase__code", "weight")
    words = [Word(fold(word), category, subcase or "", weight) for word, category, subcase, weight in rows]
    return sorted(words, key=lambda word: (-word.weight, -len(word.text), word.text))


def category_of_text(text: str) -> Guess | None:
    """The category that the keywords find in a text, with the words found; None when none is found."""
    folded = fold(text)
    table = keywords()
    found = [word for word in table if word.text in folded]
    if not found:
        return None
    code, subcase = choose_category(folded, table)
    return Guess(
        category=Category.objects.get(code=code),
        subcase=Subcase.objects.filter(code=subcase).first() if subcase else None,
        words=tuple(word.text for word in found if word.category == code),
    )
