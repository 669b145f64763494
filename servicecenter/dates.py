"""Dates as people say them, in the centre's zone and the reader's language (look: words)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicecenter.clock import centre_zone
from servicecenter.kernel.months import LAST_YEAR

WEEKDAYS = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)
DAYS_NAMED_BY_WEEKDAY = 7
LAST_DAY = date(LAST_YEAR, 12, 31)


def in_reach(day: date) -> None:
    """Of fields: a day of which days and months after it can be told. Raises ValidationError."""
    MaxValueValidator(LAST_DAY)(day)


def local(at: datetime) -> datetime:
    """The instant on the centre's clock. A naive time is a programming error."""
    return at.astimezone(centre_zone())


def today() -> date:
    """The centre's date now."""
    return local(timezone.now()).date()


def say_day(at: datetime | date, *, name_today: bool = True) -> str:
    """today, yesterday, Tue within the past week, then 11-16; in other years 2025-11-16."""
    day = local(at).date() if isinstance(at, datetime) else at
    now = today()
    past = (now - day).days
    if past == 0:
        return _("today") if name_today else ""
    if past == 1:
        return _("yesterday")
    if past == -1:
        return _("tomorrow")
    if 1 < past < DAYS_NAMED_BY_WEEKDAY:
        return str(WEEKDAYS[day.weekday()])
    return f"{day:%m-%d}" if day.year == now.year else f"{day:%Y-%m-%d}"


def say_time(at: datetime) -> str:
    """10:07, on the 24-hour clock."""
    return f"{local(at):%H:%M}"


def say_when(at: datetime | date, *, name_today: bool = False) -> str:
    """10:07 for today, else yesterday 10:07, Tue 16:20, 11-16 09:30. A date without time has no time."""
    if not isinstance(at, datetime):
        return say_day(at)
    return f"{say_day(at, name_today=name_today)} {say_time(at)}".strip()


def say_moment(at: datetime) -> str:
    """2026-11-19 10:07:04, for records."""
    return f"{local(at):%Y-%m-%d %H:%M:%S}"


def say_date(at: datetime | date) -> str:
    """2026-11-19, for documents and forms."""
    day = local(at).date() if isinstance(at, datetime) else at
    return f"{day:%Y-%m-%d}"


def say_ago(at: datetime) -> str:
    """just now, 5 min ago, 3 h ago, then the day."""
    past = timezone.now() - at
    if past < timedelta(minutes=1):
        return _("just now")
    if past < timedelta(hours=1):
        return _("%(n)s min ago") % {"n": int(past.total_seconds() // 60)}
    if past < timedelta(hours=12):
        return _("%(n)s h ago") % {"n": int(past.total_seconds() // 3600)}
    return say_when(at)
