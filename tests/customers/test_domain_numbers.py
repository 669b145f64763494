"""Telephone and waybill numbers as people type them (CMP-01, WBL-01, WBL-07)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.domain import telephones, waybills
from customers.domain.lookup import Reading, read
from servicecenter.kernel.errors import RuleBroken


def refusal(call: object, text: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(RuleBroken) as caught:
        call(text)  # type: ignore[operator]
    return caught.value.code, dict(caught.value.params)


class TestTelephones:
    @pytest.mark.parametrize(
        ("typed", "kept", "extension"),
        [
            pytest.param("13900000421", "13900000421", "", id="mobile"),
            pytest.param("139 0000 0421", "13900000421", "", id="spaces"),
            pytest.param("139-0000-0421", "13900000421", "", id="dashes"),
            pytest.param("１３９０００００４２１", "13900000421", "", id="full-width"),
            pytest.param("+86 139 0000 0421", "13900000421", "", id="plus-86"),
            pytest.param("0086-13900000421", "13900000421", "", id="0086"),
            pytest.param("8613900000421", "13900000421", "", id="86-without-plus"),
            pytest.param("0571-88996677", "057188996677", "", id="landline"),
            pytest.param("（0571）8899 6677", "057188996677", "", id="landline-in-brackets"),
            pytest.param("0571-8899667", "05718899667", "", id="landline-seven-digits"),
            pytest.param("010 65123456", "01065123456", "", id="Beijing"),
            pytest.param("+86 571 8899 6677", "057188996677", "", id="landline-with-country-code"),
            pytest.param("0571-88996677-802", "057188996677", "802", id="dashed-extension"),
            pytest.param("0571 88996677 转 8206", "057188996677", "8206", id="extension-in-Chinese"),
            pytest.param("057188996677 ext. 12", "057188996677", "12", id="extension-in-English"),
            pytest.param("0571-88996677分机802", "057188996677", "802", id="extension-fenji"),
            pytest.param("400-812-3456", "4008123456", "", id="service-number"),
            pytest.param("95338", "95338", "", id="short-number"),
            pytest.param("12315", "12315", "", id="hotline"),
            pytest.param("+852 2123 4567", "0085221234567", "", id="Hong-Kong"),
        ],
    )
    def test_what_is_typed_is_kept_as_digits(self, typed: str, kept: str, extension: str) -> None:
        assert telephones.normalise(typed) == telephones.Number(kept, extension)

    @pytest.mark.parametrize(
        ("typed", "code", "params"),
        [
            pytest.param("", "telephone.empty", {}, id="nothing"),
            pytest.param("　", "telephone.empty", {}, id="a-full-width-blank"),
            pytest.param(
                "13900000", "telephone.too_short", {"lacking": 3, "length": 11}, id="three-digits-missing"
            ),
            pytest.param(
                "139000004210", "telephone.too_long", {"excess": 1, "length": 11}, id="one-digit-too-many"
            ),
            pytest.param("12900000421", "telephone.unknown", {}, id="no-such-network"),
            pytest.param("88996677", "telephone.area_code", {"example": "0571-88996677"}, id="no-area-code"),
            pytest.param(
                "0571-88996", "telephone.too_short", {"lacking": 2, "length": 11}, id="landline-too-short"
            ),
            pytest.param(
                "010-6512345", "telephone.too_short", {"lacking": 1, "length": 11}, id="Beijing-too-short"
            ),
            pytest.param("4008123", "telephone.too_short", {"lacking": 3, "length": 10}, id="400-too-short"),
            pytest.param("139000O0421", "telephone.characters", {"characters": "O"}, id="the-letter-O"),
            pytest.param("打我手机", "telephone.characters", {"characters": "打我手机"}, id="words"),
            pytest.param("١٣٩٠٠٠٠٠٤٢١", "telephone.characters", {}, id="digits-of-another-script"),
            pytest.param("📞13900000421", "telephone.characters", {"characters": "📞"}, id="emoji"),
            pytest.param("+852 21", "telephone.foreign", {}, id="foreign-too-short"),
        ],
    )
    def test_what_is_wrong_is_said(self, typed: str, code: str, params: dict[str, object]) -> None:
        found, told = refusal(telephones.normalise, typed)
        assert found == code
        assert params.items() <= told.items()

    @given(st.text(max_size=40))
    def test_any_text_is_kept_as_digits_or_refused_in_words(self, text: str) -> None:
        try:
            number = telephones.normalise(text)
        except RuleBroken as problem:
            assert problem.code.startswith("telephone.")
            assert problem.field == "telephone"
        else:
            assert number.number.isascii()
            assert number.number.isdigit()
            assert 5 <= len(number.number) <= 20

    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    def test_a_kept_number_is_kept_as_it_is_and_read_back_from_its_printed_form(self, number: str) -> None:
        assert telephones.normalise(number).number == number
        assert telephones.normalise(telephones.spaced(number)).number == number

    @pytest.mark.parametrize(
        ("kept", "read_as"),
        [
            ("13900000421", "139 0000 0421"),
            ("057188996677", "0571-8899 6677"),
            ("01065123456", "010-6512 3456"),
            ("4008123456", "400 812 3456"),
            ("0085221234567", "+85221234567"),
            ("95338", "95338"),
        ],
    )
    def test_people_read_it_in_groups(self, kept: str, read_as: str) -> None:
        assert telephones.spaced(kept) == read_as


class TestWaybillNumbers:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            pytest.param("8620 4417 309", "86204417309", id="ours"),
            pytest.param("８６２０４４１７３０９", "86204417309", id="full-width"),
            pytest.param("sf-1234 5678 90123", "SF1234567890123", id="other-carrier"),
            pytest.param("yt1234567890123", "YT1234567890123", id="lower-case"),
            pytest.param("123456", "123456", id="six-digits"),
            pytest.param("77312345678901", "77312345678901", id="fourteen-digits"),
        ],
    )
    def test_what_is_typed_is_kept(self, typed: str, kept: str) -> None:
        assert waybills.normalise(typed) == kept

    @pytest.mark.parametrize(
        ("typed", "code", "params"),
        [
            pytest.param("", "waybill_number.empty", {}, id="nothing"),
            pytest.param(
                "86204417", "waybill_number.lacking", {"lacking": 3, "length": 11}, id="three-missing"
            ),
            pytest.param(
                "8620 4417 3099", "waybill_number.excess", {"excess": 1, "length": 11}, id="one-too-many"
            ),
            pytest.param("12345", "waybill_number.too_short", {"least": 6}, id="five-digits"),
            pytest.param("A" * 21, "waybill_number.too_long", {"most": 20}, id="too-long"),
            pytest.param(
                "8620四四17309", "waybill_number.characters", {"characters": "四"}, id="Chinese-digits"
            ),
            pytest.param(
                "86204417309；DROP", "waybill_number.characters", {"characters": ";"}, id="a-semicolon"
            ),
            pytest.param(
                "𠮷20441730", "waybill_number.characters", {"characters": "𠮷"}, id="a-rare-character"
            ),
        ],
    )
    def test_what_is_wrong_is_said_with_the_digits_that_lack(
        self, typed: str, code: str, params: dict[str, object]
    ) -> None:
        found, told = refusal(waybills.normalise, typed)
        assert found == code
        assert params.items() <= told.items()

    @given(st.text(max_size=40))
    def test_any_text_is_kept_or_refused_in_words(self, text: str) -> None:
        try:
            kept = waybills.normalise(text)
        except RuleBroken as problem:
            assert problem.code.startswith("waybill_number.")
        else:
            assert waybills.normalise(kept) == kept
            assert 6 <= len(kept) <= 20


class TestReadings:
    @pytest.mark.parametrize(
        ("typed", "reading"),
        [
            pytest.param("", Reading(), id="nothing"),
            pytest.param("139 0000 0421", Reading(telephone="13900000421", waybill="13900000421"), id="mobile"),
            pytest.param("8620 4417 309", Reading(waybill="86204417309"), id="our-waybill"),
            pytest.param("0421", Reading(last_four="0421"), id="last-four"),
            pytest.param("86204417", Reading(digits="86204417"), id="beginning-of-a-waybill"),
            pytest.param("1390000", Reading(waybill="1390000", digits="1390000"), id="beginning-of-a-telephone"),
            pytest.param("kh10001", Reading(customer="KH-10001"), id="customer-number"),
            pytest.param("华茂", Reading(name="华茂"), id="name"),
            pytest.param("hm", Reading(name="hm"), id="initials"),
            pytest.param("SF1234567890123", Reading(waybill="SF1234567890123", name="SF1234567890123"),
                         id="other-carrier"),
            pytest.param("139", Reading(), id="three-digits-are-too-few"),
            pytest.param("😀", Reading(name="😀"), id="emoji"),
        ],
    )  # fmt: skip
    def test_a_text_is_read_as_what_it_can_mean(self, typed: str, reading: Reading) -> None:
        assert read(typed) == reading

    @given(st.text(max_size=60))
    def test_reading_never_fails(self, text: str) -> None:
        assert isinstance(read(text), Reading)
