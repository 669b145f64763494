"""The queue page and its figures: the whole request, with scope, masking and shell."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bench.ground import Ground, page
from bench.harness import Case, Target

PAGES = 400
PAGE = Target(ratio=2, statements=10)


def cases(ground: Ground) -> Iterator[Case]:
    """The desk of an agent, the list of a handler of three departments, the figures, a page far behind."""
    agent, handler = ground.client(ground.agent), ground.client(ground.handler)
    floor, floor_handler = ground.floor(ground.agent), ground.floor(ground.handler)
    departments = ground.column(
        "SELECT id FROM organization_department WHERE code IN ('branch_east', 'branch_west', 'operations')"
    )
    handed = "/floor/handed/?" + "&".join(f"d={pk}" for pk in departments)
    yield Case(
        "queue.desk",
        "queue page: all open tickets, as agent",
        lambda: page(agent, "/desk/?queue=all"),
        lambda: page(floor, "/floor/queue/"),
        PAGE,
    )
    yield Case(
        "queue.handler",
        "list page as handler of three departments",
        lambda: page(handler, "/complaints/"),
        lambda: page(floor_handler, handed),
        PAGE,
    )
    yield Case(
        "queue.counts",
        "figures over the queues, their own fragment",
        lambda: page(agent, "/desk/counts/?queue=mine"),
        lambda: page(floor, "/floor/counts/"),
        Target(statements=10),
    )
    far = _cursor_of_page(ground, PAGES)
    if far:
        yield Case(
            "queue.far",
            f"page {PAGES} of the list beside page 1",
            lambda: page(agent, f"/complaints/?cursor={far}"),
            lambda: page(agent, "/complaints/"),
            Target(ratio=1.2),
            note="floor: page 1",
        )


def _cursor_of_page(ground: Ground, number: int) -> str:
    """The cursor that leads to that page, without turning every page; '' when there are not so many."""
    from complaints.models import Complaint
    from complaints.queries import ORDERS
    from servicecenter import keyset

    order = ORDERS["newest"]
    rows = order.apply(Complaint.objects.all())
    last = list(rows[(number - 1) * 50 - 1 : (number - 1) * 50])
    if not last:
        return ""
    # The empty filter of the address, as the list signs it.
    cursor = keyset._sign(order, keyset.hashlib.sha256(b"").hexdigest()[:12], last[0], False)
    return quote(cursor)
