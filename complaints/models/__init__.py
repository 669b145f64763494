"""Contacts, complaints and what happens to them (chapter 02), split by noun."""

from complaints.models.catalogue import Category, Keyword, ReplyTemplate, Routing, Subcase
from complaints.models.contact import Contact, Event
from complaints.models.handling import (
    Chase,
    CorrectiveAction,
    Finding,
    FollowUp,
    Message,
    Pause,
    Round,
    WrittenNotice,
)
from complaints.models.handover import Handover, Statement
from complaints.models.incident import IncidentTicket, ServiceIncident
from complaints.models.ticket import Complaint

__all__ = [
    "Category",
    "Chase",
    "Complaint",
    "Contact",
    "CorrectiveAction",
    "Event",
    "Finding",
    "FollowUp",
    "Handover",
    "IncidentTicket",
    "Keyword",
    "Message",
    "Pause",
    "ReplyTemplate",
    "Round",
    "Routing",
    "ServiceIncident",
    "Statement",
    "Subcase",
    "WrittenNotice",
]
