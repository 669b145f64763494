"""Search on a table: two characters find, false positives do not, the index is used, nothing breaks it (D11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicecenter.search import fold, matching, search_field

ANY = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30)
CHINESE = st.text(alphabet="客服态度差物晚到拒收𠮷䶮 ,a1", max_size=20)


@pytest.fixture
def note(db: None) -> Iterator[Any]:
    """A searchable model."""
    with isolate_apps("servicecenter"):

        class Note(models.Model):
            search_text = models.TextField()
            search = search_field()

            class Meta:
                app_label = "servicecenter"
                db_table = "test_note"
                indexes = [GinIndex(fields=["search"], name="test_note_search")]

        with connection.schema_editor() as editor:
            editor.create_model(Note)
        yield Note


def add(note: Any, *texts: str) -> list[Any]:
    return [note.objects.create(search_text=fold(text)) for text in texts]


def hits(note: Any, query: str) -> list[str]:
    return [row.search_text for row in matching(note.objects.order_by("id"), query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("态度", ["客服态度差"]),
        ("態度", ["客服态度差"]),
        ("度差", ["客服态度差"]),
        ("服差", []),
        ("差", ["客服态度差", "差一点"]),
        ("ABC", ["abc-123 到货"]),
        ("ａｂｃ", ["abc-123 到货"]),
        ("c-12", ["abc-123 到货"]),
        ("到货 123", ["abc-123 到货"]),
        ("到货 456", []),
        ("𠮷", ["𠮷野家䶮"]),
        ("野家䶮", ["𠮷野家䶮"]),
        ("o'neil", ["o'neil \\ 50%_"]),
        ("\\", []),
        ("50%_", ["o'neil \\ 50%_"]),
        ("5%", []),
        ("", []),
        ("   ", []),
        ("，。！", []),
        ("\0态度\0", ["客服态度差"]),
        ("好好好好", []),
    ],
)
def test_what_is_searched_is_found_and_nothing_else(note: Any, query: str, found: list[str]) -> None:
    add(note, "客服态度差", "差一点", "ABC-123 到货", "𠮷野家䶮", "O'Neil \\ 50%_", "好好")
    assert hits(note, query) == found


def test_bigrams_that_meet_by_chance_are_rechecked(note: Any) -> None:
    add(note, "服务态度,客服务")
    assert hits(note, "客服务态度") == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=CHINESE | ANY, part=CHINESE | ANY, after=CHINESE | ANY)
@example(before="x'", part="a & !b | (c:*)", after="\\")
def test_whatever_stands_in_a_text_finds_it(note: Any, before: str, part: str, after: str) -> None:
    (row,) = add(note, before + part + after)
    for word in row.search_text.split():
        found = matching(note.objects.filter(pk=row.pk), word)
        assert list(found) == [row] or not any(character.isalnum() for character in word)
    row.delete()


def test_a_two_character_word_uses_the_index(note: Any) -> None:
    add(note, "态度恶劣")
    with connection.cursor() as cursor:
        # on a table this small reading all would be cheaper
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = matching(note.objects.all(), "恶劣").explain()
    assert "Bitmap Index Scan on test_note_search" in plan


def test_a_very_long_query_is_answered_too(note: Any) -> None:
    long = "".join(chr(0x4E00 + number) for number in range(2000))
    add(note, long)
    assert len(hits(note, long)) == 1
    assert hits(note, long + "缺") == []


def asked(note: Any, word: str) -> list[str]:
    """The bigrams by which the index is asked."""
    _sql, values = matching(note.objects.all(), word).query.sql_with_params()
    return str(values[-1]).replace("'", "").split(" & ")


def test_of_common_chinese_bigrams_the_rarest_alone_asks_the_index(
    note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner multiplies frequencies as if the bigrams of a word did not stand together."""
    monkeypatch.setattr("servicecenter.search._believed", {})
    texts = ["客服态度差 8620440001", "客服态度好 8620440002", "客服不在 8620440003"] * 60
    note.objects.bulk_create(note(search_text=text) for text in texts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE test_note")
    assert asked(note, "客服态度") == ["服态"]
    assert asked(note, "客服晚点") == ["客服", "服晚", "晚点"], "one of them is rare: all narrow"
    assert len(asked(note, "8620440001")) > 5, "figures do not stand together"
    assert len(hits(note, "客服态度")) == 120
    assert hits(note, "客服晚点") == []


def test_a_rare_word_is_read_from_the_index_before_any_order(
    note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine hits that are not there must not be looked for in every row, newest first."""
    monkeypatch.setattr("servicecenter.search._believed", {})
    note.objects.bulk_create(note(search_text=f"客服态度差 {n}") for n in range(3000))
    add(note, "琥珀花瓶")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE test_note")
        # the primary key stands in for any order that the planner might walk along
        cursor.execute("SET LOCAL enable_seqscan = off")
    for word, found in (("琥珀", 1), ("钢琴", 0), ("琥珀 客服", 0)):
        rows = matching(note.objects.all(), word).order_by("-id")[:9]
        plan = rows.explain()
        assert "InitPlan" in plan and "Bitmap Index Scan on test_note_search" in plan, plan
        assert len(rows) == found
    common = matching(note.objects.all(), "态度").order_by("-id")[:9]
    assert "InitPlan" not in common.explain()
    assert len(common) == 9
