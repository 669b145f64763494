"""The number of a voucher (CLM-09)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from claims.domain.voucher import is_well_formed, number_of, plain_number

NOVEMBER = date(2026, 11, 1)


def test_a_number_says_branch_month_and_figure_and_checks_itself() -> None:
    assert number_of("0571", NOVEMBER, 18) == "LP-0571-202611-00180"
    assert (
        number_of("0571", NOVEMBER, 12_345)
        == "LP-0571-202611-12345" + number_of("0571", NOVEMBER, 12_345)[-1]
    )
    assert is_well_formed("LP-0571-202611-00180")


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[0-9A-Z]{1,8}", fullmatch=True), st.integers(1, 99_999))
def test_the_check_character_is_that_of_iso_7064(branch: str, sequence: int) -> None:
    number = number_of(branch, NOVEMBER, sequence)
    assert mod_37_36.is_valid(number.replace("-", ""))


@pytest.mark.parametrize(
    "typed",
    ["LP-0571-202611-00181", "LP-0517-202611-00180", "LP-0571-202611-01080", "LP-0571-202611-0018", "", "LP"],
)
def test_a_slip_of_the_keyboard_is_seen(typed: str) -> None:
    assert not is_well_formed(typed)


def test_a_number_may_be_typed_small_with_spaces_or_in_full_width() -> None:
    assert plain_number(" lp-0571-202611 -00180 ") == "LP-0571-202611-00180"
    assert plain_number("ＬＰ－0571－202611－00180") == "LP-0571-202611-00180"
