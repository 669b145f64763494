"""The tickets that a user opened last: kept in the session, no table and no query."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from complaints.models import Complaint
from servicecenter import dates
from servicecenter.components import ViewLink

KEY = "recent_tickets"
KEPT = 6
# A ticket looked at again within this time moves up without a further write of the session.
QUIET_SECONDS = 120


def note(request: HttpRequest, complaint: Complaint) -> None:
    """Put a ticket on top."""
    known: list[list[Any]] = request.session.get(KEY, [])
    if known and known[0][0] == complaint.number and time.time() - known[0][1] < QUIET_SECONDS:
        return
    others = [row for row in known if row[0] != complaint.number]
    request.session[KEY] = [[complaint.number, int(time.time())], *others][:KEPT]


def of(request: HttpRequest) -> list[ViewLink]:
    """The last ones, newest first."""
    return [
        ViewLink(
            number, reverse("complaint-detail", args=[number]),
            count=dates.say_ago(datetime.fromtimestamp(opened, tz=UTC)),
        )
        for number, opened in request.session.get(KEY, [])
    ]  # fmt: skip
