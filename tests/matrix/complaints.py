"""The complaints' routes: desk, intake, tickets and every act on them, inbox, incidents, categories, fragments."""

from __future__ import annotations

from typing import Any

from complaints.models import (
    Category,
    Complaint,
    Handover,
    IncidentTicket,
    Keyword,
    ReplyTemplate,
    ServiceIncident,
    WrittenNotice,
)
from complaints.views.table import ACTS
from conduct.models import MeritDisqualification, Sanction
from servicecenter import attachments
from tests import people
from tests.complaints import cases
from tests.matrix.catalogue import CATALOGUE_PAGES
from tests.matrix.clones import clones
from tests.matrix.narrow import NARROW, NARROW_INCIDENTS
from tests.matrix.roles import ANSWER, CENTRE, EVERYBODY, HEADS, NOBODY, READ_ALL, TAKE, WORK, Roles, roles
from tests.matrix.rows import Row, World, api
from tests.servicecenter.uploads import image, upload

AGENTS = CENTRE
ALL_TICKETS = CENTRE | READ_ALL
# Of the department that answers in the centre's stead: the tickets are routed to inspection.
INSPECTION = roles("inspector")
AT_EAST = roles("handler department_manager")
INCIDENTS = CENTRE | READ_ALL | roles("inspector department_manager business_manager")
EXPORT = HEADS
# Write on a ticket they see.
WRITERS = WORK | ANSWER
READS_NOTICE = WORK | READ_ALL
EAST_SEEN = ALL_TICKETS | INSPECTION | AT_EAST
WEST_SEEN = ALL_TICKETS | INSPECTION
THINGS: dict[str, Roles] = {
    # About remittances: with settlement, so that inspection does not see it.
    "ticket": ALL_TICKETS | roles("cashier"),
    "east ticket": EAST_SEEN,
    "west ticket": WEST_SEEN,
    "east handover": AT_EAST,
    "west handover": NOBODY,
    "east handover at the centre": EAST_SEEN,
    "west handover at the centre": WEST_SEEN,
    "east measure": EAST_SEEN,
    "east notice": ALL_TICKETS | INSPECTION,
    "east incident": (EAST_SEEN & INCIDENTS),
    "west incident": (WEST_SEEN & INCIDENTS),
    "east file": EAST_SEEN,
    "west file": WEST_SEEN,
    "east contact": EAST_SEEN,
    "west contact": WEST_SEEN,
    "category": EVERYBODY,
    "subcase": EVERYBODY,
    "keyword": EVERYBODY,
    "template": EVERYBODY,
    "east ticket template": EAST_SEEN,
    "west ticket template": WEST_SEEN,
    "template for the east ticket": EAST_SEEN,
    "template for the west ticket": WEST_SEEN,
    # Seen through the customer's file: enterprise management has none.
    "customer of tickets": (ALL_TICKETS - roles("enterprise_management"))
    | roles("inspector adjuster account_manager business_manager finance"),
}


def build(world: World) -> None:
    """A second complaint against each branch, the first told to the customer; and one that is with settlement."""
    crew = cases.Crew()
    crew.__dict__.update({name: people.user(role) for name, role in (("agent", "agent"), ("other", "agent"))})
    crew.__dict__.update({name: people.user(name) for name in ("handler", "inspector")})
    east = _branch(world, crew, "east", "13711110001", "86201111001")
    west = _branch(world, crew, "west", "13711110002", "86201111002")
    world.words |= {"month": f"{cases.AT:%Y-%m}", "agent": crew.agent.work_number, "west": west.number}
    alone = cases.register(
        crew.agent,
        category="late_remittance",
        caller_telephone="13711110003",
        waybill_number="86201111003",
    )
    world.put("ticket", {"number": alone.number, "pk": alone.pk}, alone.number)
    _clocks(world, alone, west)
    category = Category.objects.filter(subcases__isnull=False).first()
    assert category is not None
    world.put("category", {"code": "late_delivery"})
    world.put("subcase", {"code": category.code, "subcase": category.subcases.all()[0].code})
    keyword = Keyword.objects.first()
    assert keyword is not None
    world.put("keyword", {"pk": keyword.pk})
    world.put("template", {"code": "received"})
    customer = east.customer
    assert customer is not None
    world.put("customer of tickets", {"number": customer.number})
    world.words["customer"] = customer.number


def _branch(world: World, crew: cases.Crew, name: str, telephone: str, waybill: str) -> Complaint:
    """A branch's first complaint, brought as far as the customer being told, and the second a day later."""
    branch = people.department(f"branch_{name}")
    given = {"caller_telephone": telephone, "waybill_number": waybill}
    file = attachments.store(file=upload("现场.png", image()), by=crew.agent)
    with_file = given | {"attachment_ids": (file.public_id,)}
    against = {"respondent_department_id": branch.pk}
    if name == "east":
        first = cases.notified(crew, actions=[cases.measure()], **with_file)
        second_at = cases.after(days=2)
    else:
        first = cases.register(crew.agent, **with_file, **against)
        second_at = cases.after(days=1)
    cases.register(crew.other, at=second_at, category="no_feedback", **given, **against)
    incident = ServiceIncident.objects.get(complaints=first)
    world.put(f"{name} ticket", {"number": first.number, "pk": first.pk}, first.number)
    world.put(f"{name} ticket template", {"number": first.number, "code": "apology"})
    world.put(f"template for the {name} ticket", {"code": "apology", "number": first.number})
    world.put(f"{name} incident", {"number": incident.number, "pk": incident.pk}, incident.number)
    world.put(f"{name} file", {"public_id": file.public_id})
    world.put(f"{name} contact", {"pk": first.contact_id}, first.number)
    handed = cases.handover(first, branch.code)
    world.put(f"{name} handover", {"pk": handed.pk}, f'"id":{handed.pk},')
    world.put(f"{name} handover at the centre", {"pk": handed.pk})
    proposed = Sanction.objects.filter(source_id=incident.pk, target_department=branch).get()
    world.put(f"{name} sanction", {"number": proposed.number, "pk": proposed.pk}, proposed.number)
    lost = MeritDisqualification.objects.get(source_id=incident.pk, target_department=branch)
    world.put(f"{name} loss", {"pk": lost.pk, "month": f"{lost.month:%Y-%m}"}, incident.number)
    if name == "east":
        measure = first.actions.get()
        world.put("east measure", {"pk": measure.pk}, "装车前点数。")
        notice = WrittenNotice.objects.get(complaint=first)
        world.put("east notice", {"number": notice.document_number})
    return first


def _clocks(world: World, alone: Complaint, west: Complaint) -> None:
    resolution = cases.clock(alone, "resolution")
    statement = cases.clock(west, "statement")
    world.put("resolution clock", {"pk": resolution.pk}, f'"id":{resolution.pk},')
    world.put("west statement clock", {"pk": statement.pk}, f'"id":{statement.pk},')


def _acting(code: str) -> Roles:
    """Who may do an act on a ticket that is with inspection: the centre's people, and inspection in its stead."""
    return BY_ACT.get(code, AGENTS | INSPECTION)


# The others are for whoever works on the ticket.
BY_ACT: dict[str, Roles] = {
    "assign": HEADS,
    "take_over": HEADS,
    "merge": HEADS,
    "cancel": HEADS,
    "release_personal": HEADS,
    "shorten": HEADS,
    "close_not_agreed": roles("centre_manager"),
    "confirm_incident": AGENTS,
    "refute": AGENTS,
    "chase": AGENTS,
    "waive": HEADS,
}
# Whom the door lets in; who is not among `_acting` is refused at the ticket.
DOORS: dict[str, Roles] = {
    code: BY_ACT[code]
    for code in (
        "assign", "take_over", "merge", "cancel", "release_personal", "shorten", "close_not_agreed",
        "confirm_incident", "refute",
    )
}  # fmt: skip
TICKETS = ("east ticket", "west ticket", "ticket")


def grow(world: World, count: int) -> None:
    """Tickets like the east one, each with its contact, handover, clock and service incident."""
    clones(ReplyTemplate.objects.get(code="received"), count, code=lambda n: f"clone-{n}")
    row = Complaint.objects.select_related("contact").get(number=world.args("east ticket", "")["number"])
    handed = Handover.objects.filter(complaint=row, department__code="branch_east").get()
    incident = ServiceIncident.objects.get(number=world.args("east incident", "")["number"])
    contacts = iter(clones(row.contact, count))
    events = iter(clones(row.event, count, key=lambda n: f"clone-{n}"))
    tickets = clones(
        row,
        count,
        number=lambda n: f"TS000000-{n}",
        public_id=lambda n: f"clone-{n}",
        contact=lambda n: next(contacts),
        event=lambda n: next(events),
    )
    incidents = iter(
        clones(
            incident,
            count,
            number=lambda n: f"SG0000-{n}",
            event=lambda n: tickets[n % count].event,
        )
    )
    for ticket in tickets:
        IncidentTicket.objects.create(incident=next(incidents), complaint=ticket, linked_at=cases.AT)
    clones(row.actions.earliest("pk"), count)
    clocks = iter(clones(handed.clock, count, subject_id=lambda n: tickets[n % count].pk))
    waiting = iter(tickets)
    clones(handed, count, complaint=lambda n: next(waiting), clock=lambda n: next(clocks))


ASK = "GET POST"


def _acts(code: str) -> dict[str, Roles]:
    """On each ticket; the one that is with settlement is the centre's alone."""
    return {"east ticket": _acting(code), "west ticket": _acting(code), "ticket": _acting(code) - INSPECTION}


API_ACTS = (
    "accept", "assign", "cancel", "close_not_agreed", "confirm_incident", "confirm_notice", "follow_up",
    "hand_over", "merge", "notify", "pause", "record_finding", "refute", "release_personal", "reopen", "reply",
    "report_upward", "resolve", "resume", "route", "settle_on_spot", "shorten", "take_over",
)  # fmt: skip


def _chosen(world: World) -> dict[str, Any]:
    return {"row": world.args("west ticket", "")["number"]}


def _of(code: str) -> dict[str, Any]:
    return {"may": DOORS.get(code, WORK), "acts": _acts(code)}


REVIEW = roles("inspector department_manager business_manager")
ROWS = [
    Row(
        "desk",
        WORK,
        lists=TICKETS,
        narrow=("?queue=all", "?queue=breached", "?queue=incidents", "?queue=all&q=送到"),
    ),
    Row("desk-counts", WORK),
    Row("intake", AGENTS, methods=ASK),
    Row("intake-preview", AGENTS, methods="POST"),
    Row("inbox", ANSWER, grows="east handover", narrow=("?tab=all",)),
    Row("inbox-item", ANSWER, takes=("east handover", "west handover")),
    Row("inbox-hand-in", ANSWER, methods="POST", takes=("east handover", "west handover")),
    Row("inbox-take-up", ANSWER, methods="POST", takes=("east handover", "west handover")),
    Row("inbox-send-back", ANSWER, methods=ASK, takes=("east handover", "west handover")),
    Row(
        "complaint-waive",
        HEADS,
        methods=ASK,
        takes=("east handover at the centre", "west handover at the centre"),
    ),
    Row("complaint-measure-done", ANSWER, methods=ASK, takes=("east measure",)),
    Row(
        "complaint-measure-reviewed",
        REVIEW,
        methods="POST",
        takes=("east measure",),
    ),
    Row("complaint-measure-verified", WORK, methods=ASK, takes=("east measure",)),
    Row("follow-up-list", WORK, lists=("east ticket",)),
    Row("incident-list", INCIDENTS, lists=("east incident", "west incident"), narrow=NARROW_INCIDENTS),
    Row(
        "incident-export",
        INCIDENTS & TAKE,
        methods="POST",
        lists=("east incident", "west incident"),
    ),
    Row("follow-up-export", EXPORT, methods="POST", lists=("east ticket",)),
    Row("incident-detail", INCIDENTS, takes=("east incident", "west incident")),
    *CATALOGUE_PAGES,
    Row("complaints-of-customer", takes=("customer of tickets",), lists=("east ticket",)),
    Row("complaints-of-waybill", takes=("east waybill", "west waybill")),
    Row("complaints-of-call", AGENTS, takes=("caller",)),
    Row("complaint-people", ANSWER | WORK, query="?field=respondent&respondent=钱"),
    Row("complaint-list", lists=TICKETS, narrow=NARROW),
    Row("complaint-export", EXPORT, methods="POST", lists=TICKETS),
    Row(
        "complaint-assign-many",
        HEADS,
        methods=ASK,
        takes=("west ticket",),
        query="?row={number}",
        sends=_chosen,
    ),
    Row("complaint-assign-undo", HEADS, methods="POST"),
    Row("complaint-detail", takes=TICKETS),
    Row("complaint-older", takes=TICKETS),
    Row("complaint-write", WORK | ANSWER, methods="POST", takes=TICKETS),
    Row(
        "complaint-template",
        WORK | ANSWER,
        takes=("east ticket template", "west ticket template"),
        page=False,
    ),
    Row("complaint-reply", WORK, takes=TICKETS, opens=(302,)),
    Row("complaint-finding", methods=ASK, takes=TICKETS, **_of("record_finding")),
    Row("complaint-notify", methods=ASK, takes=TICKETS, **_of("notify")),
    Row("complaint-sheet", takes=TICKETS, alike="reads the same as the ticket's page"),
    Row("complaint-sheet-pdf", takes=TICKETS, page=False, alike="the sheet, drawn as a PDF"),
    Row("complaint-notice-pdf", READS_NOTICE, takes=("east notice",), page=False),
    Row("complaint-notice-confirmed", WORK, methods="POST", takes=("east notice",)),
    Row("complaint-notice-reprint", WORK, methods=ASK, takes=("east notice",)),
    *(Row(act.url_name, methods=ASK, takes=TICKETS, **_of(act.code)) for act in ACTS),
    Row("attachment", takes=("east file", "west file"), page=False),
    api("attachment-detail", takes=("east file", "west file")),
    Row(
        "reveal",
        CENTRE | roles("inspector adjuster account_manager business_manager"),
        methods=ASK,
        takes=("east ticket", "west ticket"),
        query="?kind=complaints.complaint&what=caller_telephone&id={pk}",
    ),
    api("complaints-list", lists=TICKETS, narrow=NARROW),
    api("complaints-list", AGENTS, methods="POST"),
    api("complaints-preview", AGENTS, methods="POST"),
    api("complaints-detail", takes=TICKETS),
    api("complaints-course", takes=TICKETS),
    *(
        api(f"complaints-{code.replace('_', '-')}", methods="POST", takes=TICKETS, **_of(code))
        for code in API_ACTS
    ),
    api("complaints-chase", AGENTS, methods="POST", takes=TICKETS),
    api("complaints-note", WORK | ANSWER, methods="POST", takes=TICKETS),
    api("contacts-list", lists=("east contact", "west contact")),
    api("contacts-detail", takes=("east contact", "west contact")),
    api(
        "handovers-list",
        ANSWER,
        lists=("east handover", "west handover"),
        narrow=("", "?state=answered", "?state=waiting"),
    ),
    api("handovers-detail", ANSWER, takes=("east handover", "west handover")),
    *(
        api(f"handovers-{act}", ANSWER, methods="POST", takes=("east handover", "west handover"))
        for act in ("hand-in", "take-up", "send-back")
    ),
    api(
        "handovers-waive",
        HEADS,
        methods="POST",
        takes=("east handover at the centre", "west handover at the centre"),
    ),
    api(
        "measures-list",
        lists=("east measure",),
        narrow=("", "?step=open", "?step=done", "?step=reviewed", "?step=verified"),
    ),
    api("measures-detail", takes=("east measure",)),
    *(
        api(f"measures-{act}", may, methods="POST", takes=("east measure",))
        for act, may in (("carry-out", ANSWER), ("review", REVIEW), ("verify", WORK))
    ),
    api("written-notices-detail", READS_NOTICE, takes=("east notice",)),
    api("written-notices-paper", READS_NOTICE, takes=("east notice",)),
    api("written-notices-reprint", WORK, methods="POST", takes=("east notice",)),
    api("complaints-sheet", takes=TICKETS, alike="the sheet, drawn as a PDF"),
    api("incidents-list", INCIDENTS, lists=("east incident", "west incident"), narrow=NARROW_INCIDENTS),
    api("incidents-detail", INCIDENTS, takes=("east incident", "west incident")),
    *(
        api(f"incidents-{act}", AGENTS, methods="POST", takes=("east incident", "west incident"))
        for act in ("confirm", "refute")
    ),
    api("categories-list"),
    api("categories-detail", takes=("category",)),
    api("reply-templates-list", WRITERS | READ_ALL, grows="template"),
    api("reply-templates-detail", WRITERS | READ_ALL, takes=("template",)),
    api(
        "reply-templates-filled",
        WRITERS,
        takes=("template for the east ticket", "template for the west ticket"),
        query="?complaint={number}",
    ),
]
