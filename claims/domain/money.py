"""Money: whole fen inside, decimals with two places at the edges, shares as fractions (MON-01 to MON-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

FEN = Decimal("0.01")


def to_fen(amount: Decimal) -> int:
    """Yuan as whole fen. Raises ValueError for a part of a fen: nothing is rounded silently."""
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of fen")
    return int(fen)


def to_yuan(fen: int) -> Decimal:
    """Whole fen as yuan with two places."""
    return (Decimal(fen) / 100).quantize(FEN)


def split(total_fen: int, shares: Sequence[tuple[str, Fraction]]) -> dict[str, int]:
    """Split a sum by shares that add up to one (MON-02).

    Every exact share is floored; the fen left over go to the largest fractional parts, ties in the given party
    order. Returns fen by party, in the same order. Raises ValueError when shares are negative, do not sum to one,
    name a party twice, or the total is negative.
    """
    if total_fen < 0:
        raise ValueError("a sum to split is not negative")
    if len({party for party, _share in shares}) != len(shares):
        raise ValueError("a party stands twice")
    if any(share < 0 for _party, share in shares) or sum((s for _p, s in shares), Fraction(0)) != 1:
        raise ValueError("shares are not negative and sum to one")
    exact = [(party, share * total_fen) for party, share in shares]
    parts = {party: amount.numerator // amount.denominator for party, amount in exact}
    rest = total_fen - sum(parts.values())
    by_remainder = sorted(range(len(exact)), key=lambda n: (-(exact[n][1] - parts[exact[n][0]]), n))
    for n in by_remainder[:rest]:
        parts[exact[n][0]] += 1
    return parts


@dataclass(frozen=True)
class Script:
    """The characters of capital amounts in one script."""

    digits: str
    small: tuple[str, ...]
    large: tuple[str, ...]
    prefix: str
    yuan: str = "元"
    jiao: str = "角"
    fen: str = "分"
    whole: str = "整"


SCRIPTS = {
    "zh-Hans": Script("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿"), "人民币"),
    "zh-Hant": Script("零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟"), ("", "萬", "億", "萬億"), "人民幣"),
}
LARGEST = 10**14  # fen; the rules of payment know no larger unit


def capitals(amount: Decimal, script: str = "zh-Hans", *, prefix: bool = True) -> str:
    """An amount in Chinese capitals by the payment-and-settlement rules, in one spelling (MON-04).

    `人民币` stands directly before the amount; no `整` after jiao or fen; `零` wherever the rules allow both.
    Raises ValueError for negative amounts, parts of a fen, and amounts too large to write.
    """
    if amount < 0:
        raise ValueError("an amount in capitals is not negative")
    fen = to_fen(amount)
    if fen >= LARGEST:
        raise ValueError("the amount is too large to be written in capitals")
    signs = SCRIPTS[script]
    return (signs.prefix if prefix else "") + _amount(fen, signs)


def _amount(fen: int, signs: Script) -> str:
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    whole = _integer(yuan, signs) + signs.yuan if yuan else ""
    if not rest:
        return (whole or signs.digits[0] + signs.yuan) + signs.whole
    tail = ""
    # 零 joins the yuan to what follows when the last written yuan digit is zero, or jiao is passed over.
    if yuan and (jiao == 0 or yuan % 10 == 0):
        tail += signs.digits[0]
    if jiao:
        tail += signs.digits[jiao] + signs.jiao
    if cent:
        tail += signs.digits[cent] + signs.fen
    return whole + tail


def _integer(number: int, signs: Script) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += signs.digits[0]
        words += _group(group, signs) + signs.large[place]
        gap = False
    return words


def _group(group: int, signs: Script) -> str:
    words = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        if gap:
            words += signs.digits[0]
            gap = False
        words += signs.digits[digit] + signs.small[place]
    return words
