"""Categories, where they go today, and what a text is about (CMP-10a to CMP-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from complaints.domain.importing import Word, choose_category
from complaints.models import Category, Keyword, Subcase
from complaints.queries.routing import destinations
from organization.models import Department
from organization.queries import CentreToday
from servicecenter.clock import business_date, now_db
from servicecenter.prepared import Prepared
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


def _in_use() -> Q:
    return Q(closed_on=None) | Q(closed_on__gt=CentreToday())


# Every form of the intake asks both.
_CATEGORIES = Prepared(lambda: Category.objects.filter(_in_use()).order_by("ordinal", "pk"))
_SUBCASES = Prepared(lambda: Subcase.objects.filter(_in_use()).order_by("ordinal", "pk"))


def categories_today() -> list[Any]:
    """The categories in use, each with `subcase_list` in use."""
    found: list[Any] = _CATEGORIES.rows()
    below: dict[int, list[Subcase]] = {}
    for one in _SUBCASES.rows():
        below.setdefault(one.category_id, []).append(one)
    for row in found:
        row.subcase_list = below.get(row.pk, [])
    return found


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
