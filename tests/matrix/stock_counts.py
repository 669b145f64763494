"""The routes of stock counts (INV-50 to INV-55) and of requests for item codes (INV-16)."""

from __future__ import annotations

from tests.matrix.roles import Roles
from tests.matrix.rows import Row, api
from tests.matrix.stock_rights import ACCOUNTS, ASK, CHIEF, EXPORTS, MAKES, MANAGER, READ, reason

COUNTS = ("near count", "far count")
REQUESTS = ("near request", "far request")
ON_COUNT: dict[str, str] = {"finish": "POST", "hand-in": ASK, "void": ASK, "recount": ASK}
NARROW_COUNTS = ("", "?q=PD2611", "?state=open", "?kind=spot", "?warehouse=&department=site_far")


def _counts(near: Roles, far: Roles) -> dict[str, Roles]:
    return {"near count": near, "far count": far}


def count_rows() -> list[Row]:
    """Whoever keeps the store counts; its manager approves, and may have lines counted again (INV-50 to INV-55)."""
    found = [
        Row("stock-count-list", READ, lists=COUNTS, narrow=NARROW_COUNTS),
        Row("stock-count-new", MAKES, methods=ASK),
        Row("stock-count", READ, takes=COUNTS),
        Row("stock-count-save", MAKES, methods="POST", takes=COUNTS, acts=_counts(MAKES, CHIEF)),
        Row("stock-count-read", MAKES, methods="POST", takes=COUNTS, acts=_counts(MAKES, CHIEF)),
        Row("stock-count-attach", MAKES, methods="POST", takes=COUNTS, acts=_counts(MAKES, CHIEF)),
        Row("stock-count-export", EXPORTS, methods="POST", takes=COUNTS),
        Row("stock-count-print", READ, methods="POST", takes=COUNTS),
        Row("stock-count-pdf", READ, takes=COUNTS, page=False, alike="reads the same as the count's page"),
        Row("stock-count-approve", MANAGER, methods=ASK, takes=("east count", *COUNTS)),
        api("stock-count-list", READ, lists=COUNTS, narrow=NARROW_COUNTS),
        api("stock-count-list", MAKES, methods="POST"),
        api("stock-count-detail", READ, takes=COUNTS),
        api("stock-count-count", MAKES, methods="POST", takes=COUNTS, acts=_counts(MAKES, CHIEF),
            sends=lambda world: {"lines": []}),
        api("stock-count-approve", MANAGER, methods="POST", takes=("east count", *COUNTS)),
    ]  # fmt: skip
    for act, methods in ON_COUNT.items():
        door = MAKES | MANAGER if act == "recount" else MAKES
        acts, takes = _counts(MAKES, CHIEF), COUNTS
        found.append(Row(f"stock-count-{act}", door, methods=methods, takes=takes, acts=acts))
        sends = reason if act in {"void", "recount"} else None
        found.append(api(f"stock-count-{act}", door, methods="POST", takes=takes, acts=acts, sends=sends))
    return found


NARROW_REQUESTS = ("", "?q=BM2611", "?state=requested", "?item_class=tool", "?warehouse=&department=site_far")


def request_rows() -> list[Row]:
    """The site asks, its accountant passes on, business management alone makes the code (INV-16)."""
    found = [
        Row("stock-item-request-list", READ, lists=REQUESTS, narrow=NARROW_REQUESTS),
        Row("stock-item-request-new", MAKES, methods=ASK),
        Row("stock-item-request", READ, takes=REQUESTS),
        api("stock-item-request-list", READ, lists=REQUESTS, narrow=NARROW_REQUESTS),
        api("stock-item-request-list", MAKES, methods="POST"),
        api("stock-item-request-detail", READ, takes=REQUESTS),
    ]
    for act, door, methods, sends in (
        ("pass-on", ACCOUNTS, "POST", None),
        ("grant", CHIEF, ASK, lambda world: {"code": "GJ-1"}),
        ("refuse", ACCOUNTS, ASK, reason),
        ("withdraw", MAKES, ASK, reason),
    ):
        acts = {"near request": door, "far request": CHIEF}
        name = f"stock-item-request-{act}"
        found.append(Row(name, door, methods=methods, takes=REQUESTS, acts=acts))
        found.append(api(name, door, methods="POST", takes=REQUESTS, acts=acts, sends=sends))
    return found
