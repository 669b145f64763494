"""API of this app: contacts, complaints with every act on them, handovers, incidents, measures, notices, catalogues."""

from typing import Any

from complaints.api.catalogue import CategoryViewSet
from complaints.api.complaints import ComplaintViewSet, ContactViewSet
from complaints.api.handovers import HandoverViewSet
from complaints.api.incidents import IncidentViewSet
from complaints.api.measures import MeasureViewSet
from complaints.api.papers import WrittenNoticeViewSet
from complaints.api.templates import ReplyTemplateViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("complaints", ComplaintViewSet, "complaints"),
    ("contacts", ContactViewSet, "contacts"),
    ("handovers", HandoverViewSet, "handovers"),
    ("incidents", IncidentViewSet, "incidents"),
    ("measures", MeasureViewSet, "measures"),
    ("written-notices", WrittenNoticeViewSet, "written-notices"),
    ("categories", CategoryViewSet, "categories"),
    ("reply-templates", ReplyTemplateViewSet, "reply-templates"),
]
