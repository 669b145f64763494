"""The trail of a record as a table: labels, choices, masks and times in words, whatever the record (ORG-05)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from servicecenter.models import TrailEntry
from servicecenter.wording import sentence

AT = datetime(2026, 11, 18, 2, 45, tzinfo=UTC)


def table(**changes: Any) -> str:
    entry = TrailEntry(
        kind="conduct.sanction", object_id=1, code="sanction.amount_set", changes=changes, via="page", at=AT
    )
    return Template("{% load trails %}{% trail_table entries %}").render(Context({"entries": [entry]}))


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param({"reason": ["", "情节一般"]}, "<s>—</s> → 情节一般", id="text"),
        pytest.param({"amount": [None, "200.00"]}, "<s>—</s> → 200.00", id="figure"),
        pytest.param(
            {"number": [{"masked": "139****0421"}, {"masked": ""}]}, "<s>139****0421</s> → —", id="masked"
        ),
        pytest.param({"month": ["2026-10-01", "2026-11-01"]}, "2026-11-01", id="date"),
        pytest.param(
            {"sentences": [{"zh-Hans": "旧"}, {"zh-Hans": "新"}]}, "<s>旧</s> → 新", id="by-language"
        ),
        pytest.param({"no_such_field": ["<b>", "&"]}, "<s>&lt;b&gt;</s> → &amp;", id="unknown-field-escaped"),
        pytest.param({"reason": "not a pair"}, "not a pair", id="malformed"),
    ],
)
def test_a_change_is_told_before_and_after(changes: dict[str, Any], shown: str) -> None:
    assert shown in table(**changes)


def test_a_choice_is_told_in_words_not_in_its_code() -> None:
    page = table(state=["proposed", "confirmed"], source_confirmed=[False, True])
    from conduct.choices import SanctionState

    assert str(SanctionState.CONFIRMED.label) in page
    assert "False" not in page
    assert "True" not in page


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-hans", "城东分公司"), ("zh-hant", "城東分公司"), ("en", "城东分公司")]
)
def test_a_name_kept_in_one_form_is_written_in_the_readers_characters(language: str, shown: str) -> None:
    with translation.override(language):
        assert Template("{{ place|script }}").render(Context({"place": "城东分公司"})) == shown
        assert Template("{{ place|script }}").render(Context({"place": None})) == ""


def test_a_parameter_that_says_nothing_leaves_no_gap() -> None:
    with translation.override("zh-hans"):
        params = {"department": "结算部", "person": "", "month": "2026-11"}
        said = sentence("%(department)s %(person)s：处罚建议，取消 %(month)s 评先", params)
    assert said == "结算部：处罚建议，取消 2026-11 评先"


def test_without_entries_it_says_so() -> None:
    page = Template("{% load trails %}{% trail_table entries %}").render(Context({"entries": []}))
    assert "<table" not in page
    assert "body" in page


def test_nobody_is_the_system() -> None:
    from django.utils.translation import gettext

    assert gettext("the system") in table()
