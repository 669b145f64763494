"""Reply templates: the catalogue, which of them a ticket offers, and one filled for a ticket (CMP-50)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.choices import OPEN_STATES
from complaints.domain import phrasing
from complaints.models import Complaint, ReplyTemplate
from complaints.permissions import sees_personal
from complaints.queries.standing import KIND
from customers.choices import CustomerKind
from deadlines.choices import ClockKind
from deadlines.models import Clock
from servicecenter import dates, figures
from servicecenter.i18n import LANGUAGE_TAGS, say


def templates() -> QuerySet[ReplyTemplate]:
    """Every template, those in use first, in their order."""
    return ReplyTemplate.objects.select_related("category").order_by("-is_active", "ordinal", "pk")


def templates_in_use() -> QuerySet[ReplyTemplate]:
    """What may be inserted anywhere, in its order."""
    return templates().filter(is_active=True)


def templates_for(complaint: Complaint) -> QuerySet[ReplyTemplate]:
    """What may be inserted on this ticket: of its category before those of any, each in their order."""
    return (
        ReplyTemplate.objects.filter(Q(category=None) | Q(category=complaint.category_id), is_active=True)
        .defer("texts")
        .order_by(F("category").asc(nulls_last=True), "ordinal", "pk")
    )


def filled(*, template: ReplyTemplate, complaint: Complaint, user: Any, language: str = "") -> str:
    """The template's text for this ticket as this user may write it, in a language (default: the reader's own).

    Who complained stays unnamed to whoever must not learn it (PRV-10).
    """
    with translation.override(language or translation.get_language()):
        text = say(template.texts, LANGUAGE_TAGS.get(language))
        return phrasing.fill(text, _values(complaint, user), _missing())


def _values(complaint: Complaint, user: Any) -> dict[str, str]:
    """What the fields hold on this ticket, in the active language; '' is missing."""
    due = _due(complaint)
    return {
        "customer": _named(complaint, user),
        "number": complaint.number,
        "matter": complaint.summary,
        "waybill": figures.spaced(complaint.waybill.number) if complaint.waybill else "",
        "agent": user.name,
        "department": complaint.department.name if complaint.department else "",
        "due": f"{dates.say_date(due)} {dates.say_time(due)}" if due else "",
        "today": dates.say_date(dates.today()),
        "centre": settings.CENTRE_NAME,
    }


def _named(complaint: Complaint, user: Any) -> str:
    """The customer's name in full; a person's is missing for the respondent's side, a mask would address nobody."""
    customer = complaint.customer
    if not sees_personal(user, complaint) and not (customer and customer.kind == CustomerKind.COMPANY):
        return ""
    # Of whom nothing but a number is known is filed under the masked number, which is no name to write to.
    name = customer.name if customer and "*" not in customer.name else ""
    return name or complaint.caller_name


def _due(complaint: Complaint) -> Any:
    """Until when the matter is to be resolved: what a customer may be told, whatever is due inside before."""
    if complaint.state not in OPEN_STATES:
        return None
    running = Clock.objects.open().filter(
        subject_kind=KIND, subject_id=complaint.pk, kind=ClockKind.RESOLUTION
    )
    return running.order_by("due_at").values_list("due_at", flat=True).first()


def _missing() -> dict[str, str]:
    """What stands where a ticket has nothing for a field, in the active language."""
    return {
        "customer": _("customer"),
        "waybill": pgettext("reply template", "(not registered)"),
        "department": pgettext("reply template", "the department responsible"),
        "due": pgettext("reply template", "a date we shall tell you"),
    }
