"""How numbers, periods and cells of a report are written, in the reader's language: on the page and on paper alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from organization.policy_texts import text_of
from reports.domain.snapshot import Column, Figure, Unit
from servicecenter import countdown, figures
from servicecenter.clock import centre_zone
from servicecenter.i18n import say
from servicecenter.kernel.months import add_months, last_day

# Shares are parts of ten thousand; below ten per cent, and next to the whole, the second decimal tells months apart.
WHOLE = 10_000
SMALL_SHARE, NEARLY_WHOLE = 1_000, 9_900
FEN = HUNDRED = 100
NUMBERS = {Unit.COUNT, Unit.SHARE, Unit.MONEY, Unit.SPAN, Unit.RATIO}
NOTHING = "—"
# What an empty name of a column means, where it means anything: nobody has found out yet whom a complaint concerns.
UNNAMED = {"department": pgettext_lazy("department", "not determined yet")}
MONTHS_OF_A_YEAR = 12
# Of the chapters.
NUMERALS = ("", *"一二三四五六七八九十")
APPENDIX = {"zh-hans": "附", "zh-hant": "附", "en": "A"}


def number(unit: Unit, value: int | None, *, target: bool = False) -> str:
    """A figure as it is read: `1,284`, `92.4%`, `0.70%`, `¥86,412.50`, `4 min 05 s`; a dash for what is not there.

    A target is written as short as it was set: `95%`, not `95.0%`.
    """
    if value is None:
        return NOTHING
    match unit:
        case Unit.SHARE:
            return _share(value, short=target)
        case Unit.MONEY:
            said = figures.money(value / FEN)
            return said.removesuffix(".00") if target else said
        case Unit.SPAN:
            return countdown.span(value)
        case Unit.RATIO:
            return _signed(f"{abs(value) / HUNDRED:.2f}", value)
        case _:
            return _signed(f"{abs(value):,}", value)


def briefly(unit: Unit, value: int) -> str:
    """A figure where there is little room: whole yuan, shares without a needless nought, spans in one unit."""
    match unit:
        case Unit.MONEY:
            return figures.money(round(value / FEN)).removesuffix(".00")
        case Unit.SPAN:
            return _brief_span(value)
    return number(unit, value, target=True)


def _brief_span(seconds: int) -> str:
    for length, words in ((86_400, _("%(n)s d")), (3_600, _("%(n)s h")), (60, _("%(n)s min"))):
        if seconds >= length:
            return words % {"n": f"{seconds / length:.1f}".removesuffix(".0")}
    return _("%(n)s s") % {"n": seconds}


def _share(value: int, *, short: bool = False) -> str:
    decimals = 2 if 0 < abs(value) < SMALL_SHARE or NEARLY_WHOLE <= value < WHOLE else 1
    said = f"{abs(value) * 100 / WHOLE:.{decimals}f}"
    if short:
        said = said.rstrip("0").rstrip(".")
    return _signed(f"{said}%", value)


def _signed(said: str, value: int) -> str:
    return f"{figures.MINUS}{said}" if value < 0 else said


@dataclass(frozen=True)
class Split:
    """A figure in two sizes: `92.4` large, `%` small; the currency's sign stays with its number."""

    large: str
    small: str = ""


def split(unit: Unit, value: int | None) -> Split:
    """The figure for a tile."""
    said = number(unit, value)
    return Split(said[:-1], "%") if said.endswith("%") else Split(said)


def change(figure: Figure) -> str:
    """Against the period before: points of a share, per cent of an amount, time of a span; '' without comparison."""
    if figure.value is None or figure.before is None:
        return ""
    difference = figure.value - figure.before
    if not difference:
        return _("unchanged")
    sign = "+" if difference > 0 else figures.MINUS
    match figure.unit:
        case Unit.SHARE:
            return _("%(n)s points") % {"n": f"{sign}{abs(difference) * 100 / WHOLE:.2f}"}
        case Unit.SPAN | Unit.RATIO:
            return f"{sign}{number(figure.unit, abs(difference))}"
    if not figure.before:
        return f"{sign}{number(figure.unit, abs(difference))}"
    return f"{sign}{abs(difference) * 100 / abs(figure.before):.1f}%"


def cell(column: Column, value: Any) -> str:
    """A cell of a table or of a row behind a figure; nothing for what is not there."""
    if value is None or value == "":
        return ""
    match column.unit:
        case Unit.FLAG:
            return _("yes") if value else ""
        case Unit.MOMENT:
            return f"{value.astimezone(centre_zone()):%Y-%m-%d %H:%M}"
        case Unit.CHOICE:
            return choice(column.choices, str(value))
        case Unit.DAY if column.code == "month":
            return str(value)[:7]
        case Unit.TEXT | Unit.DAY:
            return say(value) if isinstance(value, dict) else str(value)
    return number(column.unit, value) if isinstance(value, int) else str(value)


def name(column: Column, value: Any) -> str:
    """A cell that names its line: what is not known yet says so; '' for what is not there otherwise."""
    return cell(column, value) or str(UNNAMED.get(column.code, ""))


def choice(choices: str, value: str) -> str:
    """The label of a value of an enumeration by its dotted name; the value itself when it is no longer a member."""
    try:
        return str(import_string(choices)(value).label)
    except (ImportError, ValueError):
        return value


def is_number(column: Column) -> bool:
    """Whether a column holds figures, set to the right."""
    return column.unit in NUMBERS


# --- periods ------------------------------------------------------------------------------------------------


def months_of(start: date, end: date) -> int:
    """How many whole months the period is; 0 when it is not made of whole months."""
    following = end + timedelta(days=1)
    if start.day != 1 or following.day != 1:
        return 0
    return (following.year - start.year) * MONTHS_OF_A_YEAR + following.month - start.month


def period(start: date, end: date) -> str:
    """The period as a title says it: October 2026, 3rd quarter 2026, 2026, 2026-11-16 to 11-22."""
    match months_of(start, end):
        case 1:
            return date_format(start, _("F Y"))
        case 3 if start.month in {1, 4, 7, 10}:
            return _("Quarter %(quarter)s of %(year)s") % {
                "quarter": (start.month + 2) // 3,
                "year": start.year,
            }
        case 12 if start.month == 1:
            return _("Year %(year)s") % {"year": start.year}
    return days(start, end)


def days(start: date, end: date) -> str:
    """Both days: 2026-10-01 to 10-31."""
    last = f"{end:%m-%d}" if end.year == start.year else f"{end:%Y-%m-%d}"
    return _("%(start)s to %(end)s") % {"start": f"{start:%Y-%m-%d}", "end": last}


def before_words(start: date, end: date) -> tuple[str, str]:
    """What the columns of this period and of the one before are called."""
    known = {
        1: (_("This month"), _("Last month")),
        3: (_("This quarter"), _("Last quarter")),
        12: (_("This year"), _("Last year")),
    }
    if (end - start).days == 6:
        return _("This week"), _("Last week")
    return known.get(months_of(start, end), (_("This period"), _("Period before")))


def shifted(start: date, end: date, steps: int) -> tuple[date, date]:
    """The period so many periods later (negative: earlier), of the same kind."""
    months = months_of(start, end)
    if not months:
        length = (end - start + timedelta(days=1)) * steps
        return start + length, end + length
    first = add_months(start, months * steps)
    return first, last_day(add_months(first, months - 1))


def point_names(start: date, end: date, count: int) -> list[str]:
    """The names of `count` periods, the last being this one, as they stand under an axis."""
    found = []
    for back in range(count - 1, -1, -1):
        first, last = shifted(start, end, -back)
        found.append(_short(first, last))
    return found


def _short(start: date, end: date) -> str:
    match months_of(start, end):
        case 1:
            return date_format(start, _("M y")) if start.month == 1 else date_format(start, _("M"))
        case 3:
            return f"{start:%y}-Q{(start.month + 2) // 3}"
        case 12:
            return str(start.year)
    return f"{start:%m-%d}"


def words_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """What fills a remark: names in the reader's language, counts grouped, `as_of` on the centre's clock."""
    found: dict[str, Any] = {}
    for name, value in params.items():
        if name == "as_of":
            at = datetime.fromisoformat(value).astimezone(centre_zone())
            found[name] = f"{at:%Y-%m-%d %H:%M}"
        elif isinstance(value, dict):
            found[name] = say(value)
        else:
            found[name] = f"{value:,}" if isinstance(value, int) else value
    return found


def sentences(said: Iterable[str]) -> str:
    """Sentences one after the other: parted by a space where the language parts words."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(said)


def listed(names: Sequence[str]) -> str:
    """Names in a row: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return _("%(all)s and %(last)s") % {"all": _(", ").join(names[:-1]), "last": names[-1]}


def policy_title(code: str) -> str:
    """What a policy is called; its code when it is no longer known."""
    try:
        return str(text_of(code).title)
    except KeyError:
        return code


def mark_of(number: int) -> str:
    """一, 二 … in Chinese, 1, 2 … otherwise."""
    chinese = (get_language() or "").startswith("zh")
    return NUMERALS[number] if chinese and number < len(NUMERALS) else str(number)


def appendix_mark() -> str:
    """附 in Chinese, A otherwise."""
    return APPENDIX.get(get_language() or "", "A")
