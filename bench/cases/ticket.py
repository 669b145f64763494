"""The ticket page: at most twenty statements whatever its history."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import RequestFactory

from bench.floors import views
from bench.ground import Ground, page
from bench.harness import Case, Target

TARGET = Target(ratio=2, statements=20)


def cases(ground: Ground) -> Iterator[Case]:
    """A ticket with the usual history, and the one with hundreds of entries."""
    agent, floor = ground.client(ground.agent), ground.floor(ground.agent)
    for name, number, work in (
        ("ticket.short", ground.short_ticket, "ticket page, usual history"),
        ("ticket.long", ground.long_ticket, "ticket page, hundreds of entries"),
    ):
        _keep(ground, number)
        yield Case(
            name,
            work,
            lambda number=number: page(agent, f"/complaints/{number}/"),
            lambda number=number: page(floor, f"/floor/ticket/{number}/"),
            TARGET,
        )


def _keep(ground: Ground, number: str) -> None:
    """Make what the template shows once, for the floor."""
    from complaints import queries
    from complaints.views import ticket

    request = RequestFactory().get(f"/complaints/{number}/")
    request.user = ground.agent
    found = queries.ticket(user=ground.agent, number=number)
    views.TICKETS[number] = ticket._page(request, found, "story")
