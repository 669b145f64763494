"""Parts in one line: parted as the reader's script does it."""

from __future__ import annotations

import pytest
from django.utils import translation

from servicecenter.i18n import listed


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "运单号、代收金额"), ("zh-hant", "运单号、代收金额"), ("en", "运单号, 代收金额")],
)
def test_parts_are_parted_by_the_sign_of_the_language(language: str, said: str) -> None:
    with translation.override(language):
        assert listed(["运单号", "代收金额"]) == said


def test_conditions_are_parted_by_the_greater_sign() -> None:
    with translation.override("zh-hans"):
        assert listed(["甲", "乙"], "；") == "甲；乙"
    with translation.override("en"):
        assert listed(["甲", "乙"], "；") == "甲; 乙"


def test_one_part_and_none_have_no_sign() -> None:
    assert (listed(["甲"]), listed([])) == ("甲", "")
