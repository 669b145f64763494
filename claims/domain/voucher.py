"""The number of a payout voucher: branch, month, running figure, check character (CLM-09)."""

from __future__ import annotations

import re
from datetime import date

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHAPE = re.compile(r"LP-?([0-9A-Z]{1,12}?)-?(\d{6})-?(\d{4,9})([0-9A-Z])")


def check_character(text: str) -> str:
    """The check character of ISO 7064 mod 37,36 over letters and figures; other signs are passed over."""
    product = 36
    for sign in text:
        if sign not in ALPHABET:
            continue
        summed = (product + ALPHABET.index(sign)) % 36 or 36
        product = summed * 2 % 37
    return ALPHABET[(37 - product) % 36]


def number_of(branch_code: str, month: date, sequence: int) -> str:
    """`LP-{branch}-{yyyymm}-{seq}{check}`."""
    code = branch_code.upper()
    body = f"LP-{code}-{month:%Y%m}-{sequence:04d}"
    return body + check_character(body)


def is_well_formed(number: str) -> bool:
    """Whether a number has the shape and its check character is right: tells a slip of the keyboard from a stranger."""
    return SHAPE.fullmatch(number) is not None and check_character(number[:-1]) == number[-1]


def plain_number(text: str) -> str:
    """A number as it is compared: capitals, no spaces, letters of full width as plain ones."""
    folded = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    return re.sub(r"\s+", "", folded).upper()
