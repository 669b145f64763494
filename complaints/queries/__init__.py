"""Every read of complaints; `visible_to(user)` first."""

from complaints.queries.catalogue import (
    Guess,
    catalogue,
    categories_today,
    category_of_text,
    category_rows,
    keywords,
)
from complaints.queries.earlier import earlier, of_customer, of_waybill
from complaints.queries.inbox import (
    departments_of_handler,
    files_for_handler,
    handover,
    handover_for_centre,
    handover_rows,
    inbox,
    inbox_burden,
    inbox_counts,
    last_answered,
    measure,
)
from complaints.queries.incidents import (
    IncidentView,
    incident,
    incident_rows,
    incidents_visible_to,
    suspected_incident_of,
)
from complaints.queries.papers import document_of, notice, notice_text, statements_of
from complaints.queries.people import mentionable
from complaints.queries.queues import (
    AGES,
    CONCERNED,
    INCIDENT_ORDER,
    ORDERS,
    QUEUES,
    UNDRIVEN,
    Queue,
    QueueCount,
    follow_up_counts,
    follow_up_rows,
    queue_counts,
)
from complaints.queries.scope import handovers_of, list_queryset, row_queryset, visible_to
from complaints.queries.searching import search_hits, search_rows
from complaints.queries.standing import allowed_actions
from complaints.queries.subjects import (
    contacts_visible_to,
    subject,
    subject_action,
    subject_contact,
    subject_incident,
)
from complaints.queries.ticket import IncidentBanner, TicketView, ticket
from complaints.queries.timeline import TimelineEntry, changes_since, timeline, trail_of

__all__ = [
    "AGES",
    "CONCERNED",
    "INCIDENT_ORDER",
    "ORDERS",
    "QUEUES",
    "UNDRIVEN",
    "Guess",
    "IncidentBanner",
    "IncidentView",
    "Queue",
    "QueueCount",
    "TicketView",
    "TimelineEntry",
    "allowed_actions",
    "catalogue",
    "categories_today",
    "category_of_text",
    "category_rows",
    "changes_since",
    "contacts_visible_to",
    "departments_of_handler",
    "document_of",
    "earlier",
    "files_for_handler",
    "follow_up_counts",
    "follow_up_rows",
    "handover",
    "handover_for_centre",
    "handover_rows",
    "handovers_of",
    "inbox",
    "inbox_burden",
    "inbox_counts",
    "incident",
    "incident_rows",
    "incidents_visible_to",
    "keywords",
    "last_answered",
    "list_queryset",
    "measure",
    "mentionable",
    "notice",
    "notice_text",
    "of_customer",
    "of_waybill",
    "queue_counts",
    "row_queryset",
    "search_hits",
    "search_rows",
    "statements_of",
    "subject",
    "subject_action",
    "subject_contact",
    "subject_incident",
    "suspected_incident_of",
    "ticket",
    "timeline",
    "trail_of",
    "visible_to",
]
