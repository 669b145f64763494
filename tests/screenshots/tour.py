"""The pictures of README and tour: which page stands for a place of work, and who looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One picture, docs/images/<name>.png: the page by its name among the shots; `who` where another person looks."""

    name: str
    shot: str
    who: str = ""
    size: str = "desktop"
    theme: str = "light"


PLACES = (
    Place("desk", "desk", "0217"),
    Place("intake", "intake-known"),
    Place("ticket", "ticket-second"),
    Place("inbox", "inbox", "3106"),
    Place("inbox-phone", "inbox", "3106", size="phone"),
    Place("incident", "incident-detail"),
    Place("board", "board", "0102", theme="dark"),
    Place("claims", "claim-list"),
    Place("determination", "claim-thirds"),
    Place("counter", "counter-voucher", "0503"),
    Place("stock-document", "stock-document"),
    Place("stock-on-hand", "stock-on-hand"),
    Place("stock-phone", "stock-document-list", "1501", size="phone"),
    Place("customer", "customer"),
    Place("report", "report-detail"),
    Place("search", "search-hits"),
    Place("inspection", "sanction-list"),
    Place("policies", "policy-list"),
)
