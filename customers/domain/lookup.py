"""What a typed text may mean at intake: a telephone number, a waybill, a customer, or a name (CMP-01, WBL-07)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from customers.domain import telephones, waybills
from servicecenter.kernel.errors import RuleBroken

CUSTOMER_NUMBER = re.compile(r"^KH-?([0-9]{1,12})$", re.IGNORECASE)
DIGITS = re.compile(r"^[0-9]+$")


@dataclass(frozen=True)
class Reading:
    """The readings of a text; empty where it cannot be meant. Only what is filled is searched.

    `telephone` and `waybill` are whole numbers in their kept form, `digits` the beginning of one, `last_four` the end.
    """

    telephone: str = ""
    waybill: str = ""
    digits: str = ""
    last_four: str = ""
    customer: str = ""
    name: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing that could be searched."""
        return not any((self.telephone, self.waybill, self.digits, self.last_four, self.customer, self.name))


def read(text: str) -> Reading:
    """The readings of what was typed. Never raises: a malformed number is the beginning of one, or a name."""
    visible = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFKC", text))
    plain = " ".join(visible.split())
    if not plain:
        return Reading()
    if found := CUSTOMER_NUMBER.match(plain.replace(" ", "")):
        return Reading(customer=f"KH-{found.group(1)}")
    run = re.sub(r"[\s\-—–.()]+", "", plain)
    if DIGITS.match(run.removeprefix("+")):
        return _number(plain, run.removeprefix("+"))
    if re.search(r"[0-9]", run) and waybills.looks_like(run):
        return Reading(waybill=waybills.normalise(run), name=plain)
    return Reading(name=plain)


def _number(plain: str, digits: str) -> Reading:
    if len(digits) == 4:
        return Reading(last_four=digits)
    if len(digits) < 4:
        return Reading()
    telephone = waybill = ""
    try:
        telephone = telephones.normalise(plain).number
    except RuleBroken:
        pass
    if waybills.looks_like(digits):
        waybill = waybills.normalise(digits)
    beginning = "" if telephone or (waybill == digits and len(digits) >= waybills.OWN_LENGTH) else digits[:20]
    return Reading(telephone=telephone, waybill=waybill, digits=beginning)
