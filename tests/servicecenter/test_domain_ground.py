"""Small decisions without a database: masks, texts by language, working calendars, ports, wording."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from servicecenter import ports, wording
from servicecenter.figures import whole
from servicecenter.i18n import say, validate_texts
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.kernel.masking import mask_address, mask_identity, mask_name, mask_telephone
from servicecenter.kernel.worktime import WorkCalendar
from servicecenter.wording import messages_of, notice_text, rule_text, trail_text


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_telephone, "13900000421", "139****0421"),
        (mask_telephone, "057188880421", "0571****0421"),
        (mask_telephone, "88880421", "88****21"),
        (mask_telephone, "8888042", "8****42"),
        (mask_telephone, "12345", "****"),
        (mask_telephone, "", ""),
        (mask_name, "刘海涛", "刘**"),
        (mask_name, "𠮷野", "𠮷*"),
        (mask_name, "", ""),
        (mask_identity, "330106199001012416", "**************2416"),
        (mask_identity, "", ""),
        (mask_address, "浙江省杭州市文三路 90 号", "浙江省杭州市****"),
        (mask_address, "文三路", "****"),
        (mask_address, "", ""),
    ],
)
def test_prv_02_a_masked_value_is_recognised_and_cannot_be_used(mask: Any, value: str, shown: str) -> None:
    assert mask(value) == shown


TEXTS = {"zh-Hans": "晚送", "zh-Hant": "晚送達", "en": "Late delivery"}


@pytest.mark.parametrize(
    ("language", "texts", "said"),
    [
        ("zh-hans", TEXTS, "晚送"),
        ("zh-hant", TEXTS, "晚送達"),
        ("en", TEXTS, "Late delivery"),
        ("en", {"zh-Hans": "晚送"}, "晚送"),
        ("en", {"zh-Hans": "晚送", "en": ""}, "晚送"),
        ("zh-hant", {"en": "x"}, "x"),
        ("en", {}, ""),
        ("en", None, ""),
    ],
)
def test_a_text_that_is_data_speaks_the_readers_language_else_simplified_chinese(
    language: str, texts: Any, said: str
) -> None:
    with translation.override(language):
        assert say(texts) == said


@pytest.mark.parametrize(
    "texts", [{}, {"en": "x"}, {"zh-Hans": ""}, {"zh-Hans": "好", "fr": "x"}, "好", None]
)
def test_texts_need_simplified_chinese_and_known_languages(texts: Any) -> None:
    with pytest.raises(ValidationError):
        validate_texts(texts)


WEEK = (((480, 720), (810, 1050)),) * 5 + ((), ())


def test_a_working_day_has_its_shifts_a_holiday_none_a_make_up_day_its_own() -> None:
    calendar = WorkCalendar(
        ZoneInfo("Asia/Shanghai"), WEEK, {date(2026, 10, 1): (), date(2026, 10, 10): ((480, 720),)}
    )
    assert calendar.shifts_on(date(2026, 9, 30)) == ((480, 720), (810, 1050))
    assert calendar.shifts_on(date(2026, 10, 1)) == ()
    assert calendar.shifts_on(date(2026, 10, 3)) == ()
    assert calendar.shifts_on(date(2026, 10, 10)) == ((480, 720),)


@pytest.mark.parametrize(
    "shifts",
    [
        ((720, 480),),
        ((480, 480),),
        ((480, 720), (700, 800)),
        ((810, 1050), (480, 720)),
        ((0, 1441),),
        ((-1, 60),),
    ],
)
def test_shifts_that_overlap_run_backwards_or_leave_the_day_are_refused(shifts: Any) -> None:
    with pytest.raises(ValueError, match="sorted"):
        WorkCalendar(ZoneInfo("Asia/Shanghai"), (shifts, *WEEK[1:]))
    with pytest.raises(ValueError, match="sorted"):
        WorkCalendar(ZoneInfo("Asia/Shanghai"), WEEK, {date(2026, 10, 1): shifts})


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven days"):
        WorkCalendar(ZoneInfo("Asia/Shanghai"), WEEK[:6])


def double(*, number: int) -> int:
    """A bound function."""
    return number * 2


def test_a_port_calls_the_function_the_settings_name_and_answers_none_when_nothing_is_bound(
    settings: Any,
) -> None:
    settings.PORTS = {"test.port": {"a": "tests.servicecenter.test_domain_ground.double"}}
    assert ports.call("test.port", "a", number=4) == 8
    assert ports.call("test.port", "b", number=4) is None
    assert ports.call("test.other", "a", number=4) is None
    assert list(ports.implementations("test.port")) == ["a"]
    assert ports.administrators() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("17", 17), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("²", None), ("٣", None), ("-1", None)]
    + [(text, None) for text in ("", "1.0", " 1", "1e3", "x")],
)
def test_a_whole_number_is_figures_and_nothing_else(text: str, number: int | None) -> None:
    assert whole(text) == number


def test_codes_become_sentences_in_the_readers_language_with_texts_by_language_inside() -> None:
    with translation.override("en"):
        assert trail_text("reveal", {"what": {"zh-Hans": "电话", "en": "telephone"}, "reason": "x"}) == (
            "revealed telephone: x"
        )
        assert notice_text("reveal.many", {"name": "甲", "count": 30}).startswith("甲 revealed 30")
        assert rule_text("attachment.empty", name="a.txt") == "a.txt is empty."
        assert rule_text(RuleBroken("attachment.empty", name="b.txt")) == "b.txt is empty."


def test_a_missing_parameter_shows_as_an_ellipsis_and_an_unknown_code_as_itself() -> None:
    with translation.override("en"):
        assert rule_text("attachment.empty") == "… is empty."
    assert trail_text("no.such.code", {}) == "no.such.code"


@pytest.mark.parametrize(
    ("text", "params", "said"),
    [
        ("%(unit)s %(person)s：提议", {"unit": "城东", "person": "马强"}, "城东 马强：提议"),
        ("%(unit)s %(person)s：提议", {"unit": "城东", "person": ""}, "城东：提议"),
        ("%(unit)s %(person)s: proposed", {"unit": "East", "person": ""}, "East: proposed"),
        ("%(unit)s %(person)s: proposed", {"unit": "East"}, "East …: proposed"),
        (
            "on %(unit)s: %(reason)s",
            {"unit": "East", "reason": "ratio 3 : 4 ：5"},
            "on East: ratio 3 : 4 ：5",
        ),
        ("%(unit)s %(person)s: %(reason)s", {"unit": "a : b", "person": "", "reason": ""}, "a : b: "),
    ],
)
def test_an_empty_parameter_leaves_no_gap_and_ones_own_words_stay_as_they_are(
    text: str, params: dict[str, str], said: str
) -> None:
    assert wording.sentence(text, params) == said


def test_a_reason_stands_in_trail_and_notices_as_it_was_written() -> None:
    with translation.override("en"):
        params = {"what": {"zh-Hans": "电话", "en": "telephone"}, "reason": "ratio 3 : 4 ：ok"}
        assert trail_text("reveal", params) == "revealed telephone: ratio 3 : 4 ：ok"


def test_every_broken_rule_is_told_at_its_field() -> None:
    with translation.override("en"):
        both = RulesBroken(
            [RuleBroken("attachment.empty", field="file", name="a"), RuleBroken("lifecycle.no_right")]
        )
        assert messages_of(both) == [("file", "a is empty."), (None, "You do not have the right to do this.")]


def test_every_sentence_can_be_said_with_its_places_filled_in_every_language() -> None:
    for language in ("zh-hans", "zh-hant", "en"):
        with translation.override(language):
            for table, say_it in (("TRAIL", trail_text), ("NOTICES", notice_text), ("RULES", rule_text)):
                for code in wording.all_codes(table):
                    said = rule_text(code) if say_it is rule_text else say_it(code, {})
                    assert said
                    assert "%(" not in said
