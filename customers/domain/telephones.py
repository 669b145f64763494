"""Telephone numbers as they are typed, and as they are kept: digits only, without +86, extension apart.

Kept forms: a mobile number has 11 digits (`13900000421`), a landline its area code with the leading zero
(`057188996677`), service numbers are as dialled (`4008123456`, `95338`), foreign ones begin with `00`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from servicecenter.kernel.errors import RuleBroken

MOBILE_LENGTH = 11
SHORTEST, LONGEST = 5, 20
# Words and signs that part an extension from its number.
EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|x|#|;|,)\s*:?\s*(\d{1,8})\s*$", re.IGNORECASE)
# A dash before a short tail is an extension only behind a landline written with dashes: 0571-88996677-802.
DASHED_EXTENSION = re.compile(r"^(0\d{2,3}[-—–]\d{7,8})[-—–](\d{1,6})$")
SEPARATORS = re.compile(r"[\s\-—–‐‑·.()（）/]+")
# Two-digit area codes of the great cities take eight-digit numbers; the others seven or eight.
GREAT_CITY = re.compile(r"^0(10|2\d)")


@dataclass(frozen=True)
class Number:
    """A telephone number as it is kept."""

    number: str
    extension: str = ""

    @property
    def is_mobile(self) -> bool:
        """A Chinese mobile number."""
        return len(self.number) == MOBILE_LENGTH and self.number[0] == "1"

    @property
    def is_foreign(self) -> bool:
        """A number outside mainland China; its plausibility is checked by the service."""
        return self.number.startswith("00")


def _refuse(code: str, **params: object) -> RuleBroken:
    return RuleBroken(f"telephone.{code}", field="telephone", status=400, **params)


def normalise(text: str) -> Number:
    """The number as it is kept.

    Raises RuleBroken `telephone.empty`, `.characters`, `.too_short`, `.too_long` (with the digits that lack or are
    too many), `.area_code`, `.unknown`; the field is `telephone`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        raise _refuse("empty")
    extension = ""
    if found := EXTENSION.search(plain):
        plain, extension = plain[: found.start()].strip(), found.group(1)
    elif found := DASHED_EXTENSION.match(plain.replace(" ", "")):
        plain, extension = found.group(1), found.group(2)
    foreign = plain.startswith("+")
    digits = SEPARATORS.sub("", plain.removeprefix("+"))
    # Only ASCII digits: other scripts' digits survive NFKC and would never be found again.
    if not re.fullmatch(r"[0-9]+", digits):
        raise _refuse(
            "characters", characters="".join(dict.fromkeys(c for c in digits if c not in "0123456789"))
        )
    return Number(_national(digits, foreign), extension)


def _national(digits: str, foreign: bool) -> str:
    """The kept form of digits that may carry a country code."""
    if foreign or digits.startswith("00"):
        digits = digits if foreign else digits[2:]
        if not digits.startswith("86"):
            return _foreign(digits)
        digits = digits[2:]
        return _domestic(digits if digits[:1] in {"0", "1"} else f"0{digits}")
    if digits.startswith("86") and len(digits) == MOBILE_LENGTH + 2 and digits[2] == "1":
        digits = digits[2:]
    return _domestic(digits)


def _foreign(digits: str) -> str:
    if not 7 <= len(digits) <= 15:
        raise _refuse("foreign")
    return f"00{digits}"


def _domestic(digits: str) -> str:
    if digits.startswith("0"):
        return _landline(digits)
    if digits.startswith(("400", "800")):
        return _exactly(digits, 10, "400 812 3456")
    if digits.startswith("1") and len(digits) <= 6 and len(digits) >= SHORTEST:
        return digits  # 10086, 12315, 12305
    if digits.startswith("1"):
        number = _exactly(digits, MOBILE_LENGTH, "139 0000 0421")
        if number[1] in "012":
            raise _refuse("unknown")
        return number
    if digits.startswith(("95", "96")) and SHORTEST <= len(digits) <= 8:
        return digits
    if 7 <= len(digits) <= 8:
        raise _refuse("area_code", example=f"0571-{digits}")
    if len(digits) < MOBILE_LENGTH:
        raise _refuse(
            "too_short", lacking=MOBILE_LENGTH - len(digits), length=MOBILE_LENGTH, example="139 0000 0421"
        )
    if len(digits) > MOBILE_LENGTH:
        raise _refuse(
            "too_long", excess=len(digits) - MOBILE_LENGTH, length=MOBILE_LENGTH, example="139 0000 0421"
        )
    raise _refuse("unknown")


def _exactly(digits: str, length: int, example: str) -> str:
    if len(digits) < length:
        raise _refuse("too_short", lacking=length - len(digits), length=length, example=example)
    if len(digits) > length:
        raise _refuse("too_long", excess=len(digits) - length, length=length, example=example)
    return digits


def _landline(digits: str) -> str:
    if GREAT_CITY.match(digits):
        return _exactly(digits, 11, "010-6512 3456")
    if len(digits) < 11:
        raise _refuse("too_short", lacking=11 - len(digits), length=11, example="0571-8899 6677")
    if len(digits) > 12:
        raise _refuse("too_long", excess=len(digits) - 12, length=12, example="0571-8899 6677")
    return digits


def spaced(number: str) -> str:
    """A kept number as people read it: `139 0000 0421`, `0571-8899 6677`, `400 812 3456`."""
    if len(number) == MOBILE_LENGTH and number.startswith("1"):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if number.startswith("00"):
        return f"+{number[2:]}"
    if number.startswith("0"):
        area = 3 if GREAT_CITY.match(number) else 4
        return f"{number[:area]}-{number[area:-4]} {number[-4:]}"
    if len(number) == 10:
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    return number
