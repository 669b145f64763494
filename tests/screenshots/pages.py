"""Which pages there are: every route of the URL configuration that answers with a whole page, with an object and a
person fit for it; and some pages in more than one state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from complaints.models import (
    Category,
    Complaint,
    CorrectiveAction,
    Handover,
    Keyword,
    ServiceIncident,
    WrittenNotice,
)
from conduct.models import Sanction
from customers.models import Consent, ContactPerson, Customer, Telephone, WaybillEvent
from organization.models import (
    Absence,
    Assignment,
    CalendarDay,
    Department,
    Duty,
    Role,
    ServiceInterruption,
    Team,
    User,
)
from servicecenter.clock import now_db
from servicecenter.models import Policy

# Asked in this order: the first who gets the page is in the picture.
PEOPLE = ("0217", "0102", "0101", "0301", "3106", "3101", "0009", "0001", "0711", "1001")
FITTEST = {
    "inbox": "3106",
    "sanction-list": "0301",
    "sanction": "0301",
    "merit": "0301",
    "people-list": "0009",
}
# Routes that are no pages of ours, or change something when they are looked at.
NOT_PAGES = ("api-", "home", "healthz", "readyz", "knock")
TRIED = 12

Args = list[list[Any]]


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
    objects = _objects()
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
    for args in objects[:TRIED]:
        try:
            path = reverse(name, args=args)
        except NoReverseMatch:
            return None
        for number in (FITTEST[name],) if name in FITTEST else PEOPLE:
            answer = clients[number].get(path)
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and html and b"<html" in answer.content[:400]:
                return Shot(name, path, number)
            if answer.status_code in {200, 302, 405}:
                return None  # a fragment, a file, or a door for posting alone
    return None


def _objects() -> dict[str, Args]:
    """What stands in the address of a route, by the beginning of its name; the first beginning that fits counts."""

    def one(rows: Any, *names: str) -> Args:
        return [list(row) for row in rows.values_list(*names)[:TRIED]]

    numbers = [
        number
        for state in ("investigating", "answered", "resolved", "routed", "registered", "closed", "reopened")
        for number in Complaint.objects.filter(state=state)
        .order_by("-pk")
        .values_list("number", flat=True)[:1]
    ]
    special = (
        Complaint.objects.filter(is_suspected=True),
        Complaint.objects.filter(offered_to__isnull=False),
        Complaint.objects.filter(round__gte=3),
        Complaint.objects.filter(next_step="await_customer"),
        Complaint.objects.filter(next_step="await_supervisor"),
    )
    numbers += [row.number for rows in special if (row := rows.order_by("-pk").first()) is not None]
    lanes = ["supervisor", "centre_manager", "telephone"]
    month = now_db()
    return {
        "complaint-waive": one(Handover.objects.filter(state="waiting").order_by("-pk"), "pk"),
        "complaint-measure": one(CorrectiveAction.objects.order_by("-pk"), "pk"),
        "complaint-notice": one(WrittenNotice.objects.order_by("-pk"), "document_number"),
        "complaint-": [[number] for number in numbers],
        "inbox-": one(
            Handover.objects.filter(state="waiting", department__code="branch_east").order_by("-pk"), "pk"
        ),
        "incident-": one(ServiceIncident.objects.filter(state="confirmed").order_by("-pk"), "number"),
        "category-keyword": one(Keyword.objects.order_by("pk"), "pk"),
        "category-subcase-change": one(
            Category.objects.filter(subcases__isnull=False).order_by("pk"), "code", "subcases__code"
        ),
        "category-": [["misrouted"]],
        "customer-person-new": one(Customer.objects.order_by("pk"), "number"),
        "customer-telephone-new": one(Customer.objects.order_by("pk"), "number"),
        "customer-person": one(ContactPerson.objects.order_by("pk"), "customer__number", "pk"),
        "customer-telephone": one(Telephone.objects.order_by("pk"), "customer__number", "pk"),
        "customer-address-new": one(Customer.objects.order_by("pk"), "number"),
        "customer-consent-end": one(
            Consent.objects.filter(until=None).order_by("pk"), "customer__number", "pk"
        ),
        "customer-call": [["13900000421"]],
        "customer": one(Customer.objects.exclude(tier="").order_by("pk"), "number"),
        "waybill-event-correct": one(WaybillEvent.objects.order_by("pk"), "waybill__number", "pk"),
        "waybill": [["86204417309"]],
        "sanction": one(Sanction.objects.order_by("-state", "-pk"), "number"),
        "merit-issue": [[month.year, month.month - 1]] if month.month > 1 else [[month.year - 1, 12]],
        "department-": one(Department.objects.filter(code__in=["branch_east", "service_centre"]), "code"),
        "person-role-end": one(Assignment.objects.order_by("pk"), "employee__work_number", "pk"),
        "person-": [["0217"], ["4112"], ["0225"]],
        "role-": one(Role.objects.filter(code="agent"), "code"),
        "team-": one(Team.objects.order_by("pk"), "code"),
        "calendar-day-clear": one(CalendarDay.objects.order_by("pk"), "pk"),
        "calendar-load": [[month.year + 1]],
        "calendar-hours-set": [["service_centre"], ["branch_east"]],
        "policy-": one(Policy.objects.order_by("code").distinct("code"), "code"),
        "duty-plan": [[lane] for lane in lanes],
        "duty-turns": [[lane] for lane in lanes],
        "duty-interruption": one(ServiceInterruption.objects.order_by("-pk"), "pk"),
        "duty-": one(Duty.objects.filter(ends_at__gt=month).order_by("starts_at"), "pk"),
        "absence-": one(Absence.objects.order_by("-pk"), "pk"),
    }


def _states() -> Iterator[Shot]:
    """Pages that look different by what they show, and questions as they stand over their page."""
    for queue in ("breached", "due_soon", "waiting", "follow_ups", "unassigned", "incidents", "all"):
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
    yield Shot("desk-palette", "/desk/", "0217", "key:Control+k")
    yield Shot("desk-keys", "/desk/", "0217", "key:?")
    yield Shot("desk-account", "/desk/", "0217", ".who-btn")
    yield Shot("desk-notices", "/desk/", "0217", "[data-notices], .bell")
