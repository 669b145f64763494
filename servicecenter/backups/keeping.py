"""Archives in a directory: what they are called, how many are kept, and when the next one is due."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from pathlib import Path

from servicecenter.clock import centre_zone

NAME = re.compile(r"servicecenter-\d{8}T\d{6}Z\.zip")


def name_at(now: datetime) -> str:
    """`servicecenter-20261122T183000Z.zip`: names sort as times do."""
    return f"servicecenter-{now:%Y%m%dT%H%M%SZ}.zip"


def archives(directory: Path) -> list[Path]:
    """The archives of a directory, oldest first; nothing else in it."""
    return sorted(path for path in directory.iterdir() if NAME.fullmatch(path.name))


def forget(directory: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` archives; which were deleted."""
    old = archives(directory)[:-keep]
    for path in old:
        path.unlink()
    return old


def next_at(now: datetime, at: time) -> datetime:
    """The next moment at which it is `at` o'clock in the centre, after `now`."""
    here = now.astimezone(centre_zone())
    due = datetime.combine(here.date(), at, tzinfo=centre_zone())
    return due if due > here else datetime.combine(here.date() + timedelta(days=1), at, tzinfo=centre_zone())
