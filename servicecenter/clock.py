"""The time: the database's clock decides, the centre's zone names days (D4, D17)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection


def now_db() -> datetime:
    """The database's wall clock (`clock_timestamp()`, UTC). Ask after the locks are held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def centre_zone() -> ZoneInfo:
    """The centre's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def business_date(at: datetime) -> date:
    """The centre's calendar day of an instant; stored beside the time wherever days or months are counted."""
    return at.astimezone(centre_zone()).date()
