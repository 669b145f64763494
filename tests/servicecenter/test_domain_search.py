"""Search folds and cuts text the same way in Python and in PostgreSQL (D11)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicecenter.search import bigrams, fold, name_key

HAN = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("𠮷䶮〇々乾髮髪發")
ANY = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("客戶投訴：貨物晚到", "客户投诉:货物晚到"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("  two\t words\n", "two words"),
        ("Straße ΣΊΣΥΦΟΣ", "strasse σίσυφοσ"),
        ("𠮷野家 䶮", "𠮷野家 䶮"),
        ("", ""),
    ],
)
def test_text_is_folded_to_simplified_half_width_lower_case(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_character_folds_alike_alone_and_inside_a_phrase() -> None:
    assert fold("乾") in fold("乾坤")
    assert fold("乾") in fold("餅乾")


@given(
    st.text(alphabet=HAN, max_size=12), st.text(alphabet=HAN, max_size=4), st.text(alphabet=HAN, max_size=12)
)
def test_whatever_stands_in_a_text_is_found_in_it_after_folding(before: str, part: str, after: str) -> None:
    assert fold(part) in fold(before + part + after)


@given(ANY)
@example("İ ﷺ ½ ŉ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("folded", "grams"),
    [
        ("态度差", ["态度", "度差"]),
        ("a-b", ["a", "b"]),
        ("o'neil\\x", ["o", "ne", "ei", "il", "x"]),
        ("8620 4417", ["86", "62", "20", "44", "41", "17"]),
        ("二〇二六年", ["二〇", "〇二", "二六", "六年"]),
        ("好好好", ["好好"]),
        ("，。!", []),
    ],
)
def test_words_are_cut_into_bigrams(folded: str, grams: list[str]) -> None:
    assert bigrams(folded) == grams


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张三", "zhang san zs"),
        ("張三", "zhang san zs"),
        ("Li 雷", "li lei ll"),
        ("", ""),
    ],
)
def test_names_have_a_pinyin_key_that_holds_the_mnemonic_code(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY)
@example('o\'neil \\ "x" 𠮷䶮😀 é à̂ ²½ Ⅷ ـ٣ ก็')
@example("ab\u2028cd\u3000ef")
def test_python_and_postgresql_cut_every_text_alike(db: None, text: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(array_agg(lexeme), '{}') FROM unnest(sc_bigrams(%s))", [text])
        assert sorted(cursor.fetchone()[0]) == sorted(bigrams(text))
