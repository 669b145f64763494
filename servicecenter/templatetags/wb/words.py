"""Dates, times and figures as filters, and the `time` element."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.html import format_html

from servicecenter import countdown, dates, figures
from servicecenter.i18n import in_script, listed
from servicecenter.templatetags.wb.library import register


def _maybe(say: Any) -> Any:
    """A filter that says nothing about nothing."""
    return lambda value: "" if value is None or value == "" else say(value)


register.filter("day", _maybe(dates.say_day))
register.filter("when", _maybe(dates.say_when))
register.filter("due", _maybe(lambda at: dates.say_when(at, name_today=True)))
register.filter("hour", _maybe(dates.say_time))
register.filter("moment", _maybe(dates.say_moment))
register.filter("isodate", _maybe(dates.say_date))
register.filter("ago", _maybe(dates.say_ago))
register.filter("money", figures.money)
register.filter("qty", figures.quantity)
register.filter("waybill", figures.spaced)
register.filter("script", in_script)
register.filter("listed", listed)


@register.filter
def count(number: int | None, limit: int | None = None) -> str:
    """`{{ hits|count:1000 }}` → 1,000+ beyond the cap."""
    return figures.count(number, limit)


@register.filter
def span(length: timedelta | float | int | None) -> str:
    """A length of time in its two largest units; takes a timedelta or seconds."""
    if length is None or length == "":
        return ""
    return countdown.span(length.total_seconds() if isinstance(length, timedelta) else float(length))


SAYINGS: dict[str, Callable[[Any], str]] = {
    "when": dates.say_when,
    "due": lambda at: dates.say_when(at, name_today=True),
    "day": dates.say_day,
    "ago": dates.say_ago,
    "hour": dates.say_time,
    "moment": dates.say_moment,
}


@register.simple_tag
def time(at: datetime | date | None, how: str = "when") -> str:
    """`<time>` with the exact moment in its title. `how`: when, due, day, ago, hour, moment."""
    if at is None:
        return ""
    exact = dates.say_moment(at) if isinstance(at, datetime) else dates.say_date(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, SAYINGS[how](at))
