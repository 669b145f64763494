"""Search by two to four Chinese characters, of all frequencies (D11): the list's statement, and the whole box."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from bench.floors import fetch
from bench.ground import Ground
from bench.harness import Case, Target
from complaints.queries import ORDERS, list_queryset, search_rows
from servicecenter import finding
from servicecenter.search import bigrams, fold

# In half of the texts, in some, in few, in none; names are found by whoever may see them.
WORDS = (
    "客户", "破损", "态度", "发票", "琥珀", "货款", "钢琴", "酒后",
    "代收货款", "态度恶劣", "上午送到", "琥珀花瓶", "五金配件",
)  # fmt: skip
TARGET = Target(milliseconds=50, p95=True)


def cases(ground: Ground) -> Iterator[Case]:
    """As somebody who sees every ticket, and as a handler of three departments; newest first, and by due time."""
    departments = ground.column(
        "SELECT id FROM organization_department WHERE code IN ('branch_east', 'branch_west', 'operations')"
    )
    for name, who, user, part in (
        ("search.all", "as somebody who sees everything", ground.management, 0),
        ("search.handler", "as handler of three departments", ground.handler, 1),
    ):
        ready = {word: _statement(user, word) for word in WORDS}
        words = itertools.cycle(WORDS)
        yield Case(
            name,
            f"search, 2–4 characters, {who}",
            lambda word, ready=ready: _execute(*ready[word]),
            lambda word, part=part: fetch("search", _floor(word, departments), part=part),
            TARGET,
            prepare=lambda words=words: (next(words),),
            calls=len(WORDS),
        )

    boxes = itertools.cycle(WORDS)
    yield Case(
        "search.box",
        "search box, all kinds of records",
        lambda word: finding.search(ground.management, word),
        lambda word: fetch("search", _floor(word, departments), part=2),
        Target(milliseconds=200, p95=True),
        prepare=lambda: (next(boxes),),
        calls=len(WORDS),
    )


def _statement(user: Any, word: str) -> tuple[str, Sequence[Any]]:
    """What the list sends for its first page."""
    rows = ORDERS["newest"].apply(search_rows(list_queryset(user), word, user=user))[:51]
    return rows.query.sql_with_params()


def _execute(sql: str, params: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.fetchall()


def _floor(word: str, departments: list[int]) -> dict[str, Any]:
    grams = " & ".join(f"'{gram}'" for gram in bigrams(fold(word)))
    return {"grams": grams, "like": f"%{fold(word)}%", "departments": departments}
