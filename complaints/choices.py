"""Enumerations of complaints: value, label, tone, icon."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How the contact came (CMP-01)."""

    TELEPHONE = "telephone", _("telephone")
    CHAT = "chat", _("online chat")
    LETTER = "letter", _("letter")
    FAX = "fax", _("fax")
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online form")
    EMAIL = "email", _("e-mail")
    SURVEY = "survey", _("survey")
    API = "api", _("API")
    IMPORT = "import", _("import")
    INTERNAL = "internal", _("internal")


# No agent speaks with the customer on these: a second complaint opens as suspected (CMP-40).
MACHINE_CHANNELS = frozenset({Channel.ONLINE, Channel.API, Channel.SURVEY, Channel.IMPORT})
# The customer is on the line: no first-response clock (CMP-30).
LIVE_CHANNELS = frozenset({Channel.TELEPHONE, Channel.CHAT, Channel.IN_PERSON})


class ContactKind(models.TextChoices):
    """What a contact is (CMP-02); the kinds built so far."""

    COMPLAINT = "complaint", _("complaint")
    CHASE = "chase", _("chase")


class PartyRole(models.TextChoices):
    """Who calls; consignor and consignee of a waybill are two parties (CMP-40)."""

    CONSIGNOR = "consignor", _("consignor")
    CONSIGNEE = "consignee", _("consignee")
    OTHER = "other", _("other")


class ComplaintState(models.TextChoices):
    """The states of CMP-20."""

    REGISTERED = "registered", _("registered")
    ROUTED = "routed", _("routed")
    INVESTIGATING = "investigating", _("investigating")
    ANSWERED = "answered", _("answered")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")
    CANCELLED = "cancelled", _("cancelled")
    MERGED = "merged", _("merged")


ComplaintState.tone = {  # type: ignore[attr-defined]
    "registered": "",
    "routed": "blue line",
    "investigating": "blue",
    "answered": "violet",
    "resolved": "green line",
    "closed": "green",
    "reopened": "amber",
    "cancelled": "off",
    "merged": "off",
}
ComplaintState.icon = {  # type: ignore[attr-defined]
    "registered": "dot",
    "routed": "route",
    "investigating": "search",
    "answered": "reply",
    "resolved": "okcirc",
    "closed": "lock",
    "reopened": "rotate",
    "cancelled": "ban",
    "merged": "merge",
}
OPEN_STATES = ("registered", "routed", "investigating", "answered", "resolved", "reopened")
# No longer complaints of their event: registered by mistake, or the same call registered twice (CMP-45).
DEAD_STATES = ("cancelled", "merged")
# In handling: the resolution clock still matters.
HANDLING_STATES = ("registered", "routed", "investigating", "answered", "reopened")


class Origin(models.TextChoices):
    """Registered for real, or brought in as history (closed, no clocks, no service incidents)."""

    LIVE = "live", _("registered")
    HISTORY = "history", _("imported history")


class CloseMark(models.TextChoices):
    """How a ticket was closed (CMP-23, CMP-25)."""

    SATISFIED = "satisfied", _("satisfied")
    NOT_REACHED = "not_reached", _("not reached")
    REFUSED = "refused", _("follow-up refused")
    NOT_AGREED = "not_agreed", _("not agreed")
    CONFIRMED_ON_SPOT = "on_spot", _("confirmed on the spot")
    HISTORY = "history", _("imported as closed")


class FollowUpResult(models.TextChoices):
    """Result of the follow-up call (CMP-25)."""

    SATISFIED = "satisfied", _("satisfied")
    DISSATISFIED = "dissatisfied", _("dissatisfied")
    NOT_REACHED = "not_reached", _("not reached")
    REFUSED = "refused", _("refused")


class HandoverState(models.TextChoices):
    """Where a handover stands."""

    WAITING = "waiting", _("waiting")
    ANSWERED = "answered", _("handed in")
    WAIVED = "waived", _("waived")
    RETURNED = "returned", _("not our department")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Founded(models.TextChoices):
    """The finding (CMP-27)."""

    FOUNDED = "founded", _("founded")
    PARTLY = "partly", _("partly founded")
    UNFOUNDED = "unfounded", _("not founded")


class IncidentKind(models.TextChoices):
    """Why a service incident stands (CMP-40, CMP-41)."""

    SECOND_COMPLAINT = "second_complaint", _("second complaint")
    RECURRENCE = "recurrence", _("recurrence")


class IncidentState(models.TextChoices):
    """Suspected until an agent confirms it; withdrawn when it rests on nothing any more (CMP-40, CMP-45)."""

    SUSPECTED = "suspected", _("suspected")
    CONFIRMED = "confirmed", _("confirmed")
    ENDED = "ended", _("ended")
    WITHDRAWN = "withdrawn", _("withdrawn")


class NextStep(models.TextChoices):
    """What must happen next; every open ticket has one (CMP-24)."""

    ROUTE = "route", _("route it")
    AWAIT_STATEMENT = "await_statement", _("wait for the statement")
    DECIDE_DEPARTMENT = "decide_department", _("supervisor decides where it goes")
    REPORT_UPWARD = "report_upward", _("report upward")
    AWAIT_SUPERVISOR = "await_supervisor", _("supervisor takes it over")
    REPLY = "reply", _("reply to the customer")
    FIND = "find", _("record the finding")
    RESOLVE = "resolve", _("record the result")
    NOTIFY = "notify", _("tell the customer in writing")
    FOLLOW_UP = "follow_up", _("follow-up call")
    AWAIT_CUSTOMER = "await_customer", _("wait for the customer")
    CONFIRM_INCIDENT = "confirm_incident", _("confirm or refute the service incident")


class MessageKind(models.TextChoices):
    """What is written on a ticket beside its acts."""

    NOTE = "note", _("internal note")
    REPLY = "reply", _("to the customer")
    RECEIVED = "received", _("from the customer")


class NoticeWay(models.TextChoices):
    """How the customer was told in writing (CMP-25)."""

    LETTER = "letter", _("letter")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")
    PRINT = "print", _("printed reply")


class DutyStage(models.TextChoices):
    """Where it happened, as the respondent states it."""

    COLLECTION = "collection", _("collection")
    ORIGIN = "origin", _("loading at origin")
    LINE_HAUL = "line_haul", _("line haul")
    ARRIVAL = "arrival", _("unloading on arrival")
    STORAGE = "storage", _("storage")
    DELIVERY = "delivery", _("delivery")
    PAPERS = "papers", _("papers and money")
    SERVICE = "service", _("service and information")
