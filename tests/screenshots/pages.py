"""Which pages there are: every route of the URL configuration that answers with a whole page, with an object and a
person fit for it; and some pages in more than one state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from claims.models import Claim
from complaints.models import Complaint, Handover, ServiceIncident
from organization.models import User
from tests.screenshots.objects import Args, fitting_objects

# Asked in this order: the first who gets the page is in the picture.
PEOPLE = (
    "0217", "0102", "0101", "0301", "3106", "3101", "0009", "0001", "0711", "1001", "0901", "0503", "1402", "1501",
    "0701",
)  # fmt: skip
# Whose work it is, by the beginning of the route's name: asked before the others.
FITTEST = {
    "inbox": "3106",
    "sanction": "0301",
    "merit": "0301",
    "people-list": "0009",
    "claim-": "0901",
    "voucher-": "0901",
    "stock-": "1402",
    "report-": "0101",
    "board": "0102",
    "customer-tiers": "0701",
}
# Routes that are no pages of ours, or change something when they are looked at.
NOT_PAGES = ("api-", "home", "healthz", "readyz", "knock")


@dataclass(frozen=True)
class Shot:
    """One page: its name in the picture's file, its path, who looks (work number; none: nobody is logged in), and what
    is clicked before the picture is taken."""

    name: str
    path: str
    who: str = ""
    click: str = ""


def shots() -> list[Shot]:
    """All of them: the routes in the order of the configuration, then the more telling states."""
    clients = {number: _client(number) for number in PEOPLE}
    return [Shot("login", reverse("login")), *_routes(clients), *_states()]


def _client(number: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(User.objects.get(work_number=number))
    return client


def _routes(clients: dict[str, Client]) -> Iterator[Shot]:
    objects = fitting_objects()
    for name, parts in _named():
        fitting = [args for prefix, args in objects.items() if name.startswith(prefix)]
        shot = _found(name, (fitting[0] if fitting else []) if parts else [[]], clients)
        if shot is not None:
            yield shot


def _named() -> Iterator[tuple[str, list[str]]]:
    """Every named route of the pages, with the names of its parts."""

    def walk(patterns: Sequence[Any]) -> Iterator[URLPattern]:
        for one in patterns:
            if not isinstance(one, URLResolver):
                yield one
            elif one.app_name != "admin" and one.namespace != "v1":
                yield from walk(one.url_patterns)

    for pattern in walk(get_resolver().url_patterns):
        if pattern.name and not pattern.name.startswith(NOT_PAGES):
            yield pattern.name, list(pattern.pattern.converters)


def _found(name: str, objects: Args, clients: dict[str, Client]) -> Shot | None:
    """The first object and person to which the route answers with a whole page."""
    first = [number for start, number in FITTEST.items() if name.startswith(start)]
    asked = dict.fromkeys([*first, *PEOPLE])
    for args in objects:
        try:
            path = reverse(name, args=args)
        except NoReverseMatch:
            return None
        for number in asked:
            answer = clients[number].get(path)
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and html and b"<html" in answer.content[:400]:
                return Shot(name, path, number)
            if answer.status_code in {200, 302, 405}:
                return None  # a fragment, a file, or a door for posting alone
    return None


def _states() -> Iterator[Shot]:
    """Pages that look different by what they show, and questions as they stand over their page."""
    for queue in (
        "breached",
        "due_soon",
        "waiting_statement",
        "waiting_customer",
        "unassigned",
        "incidents",
        "all",
    ):
        yield Shot(f"desk-{queue}", f"/desk/?queue={queue}", "0217")
    yield Shot("desk-supervisor", "/desk/?queue=all", "0102")
    yield Shot(
        "intake-known", "/intake/?telephone=13900000421&waybill=86204417309&category=late_remittance", "0217"
    )
    yield Shot("inbox-measures", "/inbox/?tab=rectify", "3106")
    yield Shot("inbox-done", "/inbox/?tab=done", "3106")
    yield Shot("search-hits", "/search/?q=货款", "0217")
    yield Shot("search-nothing", "/search/?q=螃蟹", "0217")
    yield Shot("notices-all", "/notices/?show=all", "0102")
    yield Shot("missing", "/complaints/TS000000-1/", "0217")
    yield Shot("forbidden", "/roles/", "0217")
    event = ServiceIncident.objects.filter(kind="second_complaint", state="confirmed").latest("pk")
    tickets = event.complaints.order_by("sequence")
    told = [("first", tickets[0]), ("second", tickets[1])]
    for name, state in (
        ("closed", "closed"),
        ("resolved", "resolved"),
        ("answered", "answered"),
        ("cancelled", "cancelled"),
    ):
        if (row := Complaint.objects.filter(state=state, origin="live").order_by("-pk").first()) is not None:
            told.append((name, row))
    if (row := Complaint.objects.filter(is_suspected=True).first()) is not None:
        told.append(("suspected", row))
    for name, row in told:
        yield Shot(f"ticket-{name}", f"/complaints/{row.number}/", "0217")
    for tab in ("statements", "files", "trail"):
        yield Shot(f"ticket-{tab}", f"/complaints/{told[2][1].number}/?tab={tab}", "0102")
    waiting = Handover.objects.filter(state="waiting", department__code="branch_east").order_by("-pk").first()
    if waiting is not None:
        yield Shot("ticket-by-handler", f"/complaints/{waiting.complaint.number}/", "3106")
    yield Shot("ticket-question", f"/complaints/{tickets[0].number}/", "0217", 'a[href$="/hand-over/"]')
    yield Shot("ticket-more", f"/complaints/{tickets[0].number}/", "0217", ".acts .dropdown > button")
    thirds = Claim.objects.filter(claimed_amount="1680.32").first()
    if thirds is not None:
        yield Shot("claim-thirds", f"/claims/{thirds.number}/determination/", "0901")
    yield Shot("desk-palette", "/desk/", "0217", "key:Control+k")
    yield Shot("desk-keys", "/desk/", "0217", "key:?")
    yield Shot("desk-account", "/desk/", "0217", ".who-btn")
    yield Shot("desk-notices", "/desk/", "0217", "[data-notices], .bell")
