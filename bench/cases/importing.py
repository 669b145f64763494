"""Contacts from a file as history: the whole command, beside plain INSERTs of the very rows it writes.

Texts are made up, as many and as long as a centre's old list has them: half of thirty characters and fewer, some of
hundreds; two thirds are about one product. Every turn is rolled back, so that the next one finds none of the rows.
"""

from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from bench.floors import rewriting
from bench.ground import Ground
from bench.harness import Case, Target

ROWS, ROUNDS, MOST_MILLISECONDS = 5_000, 3, 60_000
PRODUCTS = ("外卖", "洗发水", "衣服", "水果", "平板", "书籍", "手机", "酒店", "热水器")
SAID = (
    "送货太慢", "等了两个多小时才送到", "外箱破损", "里面坏了两件", "打电话没人接", "态度很差", "少了一样东西",
    "说好上午送到", "到晚上也没人联系", "东西洒了一半", "味道还可以", "不会再买了", "要求退款", "客服一直推",
    "发错了颜色", "用了一次就坏", "包装很简单", "快递放在门口也不说一声", "比上次差多了", "希望改进",
)  # fmt: skip
# How many things one text says: the share of texts, from, to.
LENGTHS = ((0.55, 2, 4), (0.35, 5, 10), (0.09, 11, 30), (0.01, 31, 90))
WRITTEN = ("complaints_contact", "complaints_event", "complaints_complaint", "servicecenter_trailentry")


def cases(ground: Ground) -> Iterator[Case]:
    """The file alone decides how long it takes: at the smallest size that is asked for daily."""
    if ground.size != "10k":
        return
    path = Path(os.environ["VAR_DIR"]) / "contacts.csv"

    def ready() -> tuple[()]:
        if not path.exists():
            _write(path)
        _statements(path)
        with connection.cursor() as cursor:
            # what was rolled back lies about as dead rows: away with them, for both alike
            cursor.execute(f"VACUUM {', '.join(WRITTEN)}")
        return ()

    yield Case(
        "import.history",
        f"import_contacts of {ROWS:,} rows as history, whole command",
        lambda: _import(path),
        lambda: _insert(path),
        Target(milliseconds=MOST_MILLISECONDS),
        prepare=ready,
        calls=1,
        rounds=ROUNDS,
        rows=False,
    )


def _write(path: Path) -> None:
    """The same file each time."""
    chance = random.Random(217)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("source", "product", "text"))
        for _n in range(ROWS):
            [(_share, least, most)] = chance.choices(LENGTHS, [share for share, *_span in LENGTHS])
            product = PRODUCTS[0] if chance.random() < 2 / 3 else chance.choice(PRODUCTS[1:])
            said = chance.choices(SAID, k=chance.randint(least, most))
            rows.writerow(("old_list", product, "，".join(said) + "。"))


def _import(path: Path) -> None:
    with transaction.atomic():
        said = io.StringIO()
        call_command("import_contacts", str(path), stdout=said, stderr=io.StringIO())
        assert f"{ROWS} rows loaded, 0 known before" in said.getvalue(), said.getvalue()
        transaction.set_rollback(True)


@cache
def _statements(path: Path) -> rewriting.Written:
    """What the import writes, as one INSERT a table."""
    before = rewriting.marks()
    with transaction.atomic():
        call_command("import_contacts", str(path), stdout=io.StringIO(), stderr=io.StringIO())
        found = rewriting.sample(before)
        transaction.set_rollback(True)
    assert found.counts() == dict.fromkeys(WRITTEN, ROWS), found.counts()
    return rewriting.statements_for(found)


def _insert(path: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in _statements(path):
            cursor.execute(sql, values)
            assert cursor.rowcount == ROWS
        transaction.set_rollback(True)
