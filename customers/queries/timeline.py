"""The timeline of a customer: what each app knows, merged, newest first, page by page (CUS-01, WBL-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.choices import ConsentPurpose
from customers.models import Customer, Visit
from customers.ports import Alert, Entry, Mark, older
from customers.queries.scope import waybill_places
from servicecenter import ports
from servicecenter.clock import centre_zone
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.months import next_month
from servicecenter.models import TrailEntry
from servicecenter.subjects import kind_of
from servicecenter.wording import trail_text

SALT = "customers.timeline"
SIZE = 20
# What of the file's own trail belongs to the life with the customer; changes of its data do not.
TOLD = {
    "customer.registered": ("user", ""),
    "customer.closed": ("lock", ""),
    "customer.reopened": ("rotate", ""),
    "customer.marked": ("flag", "amber"),
    "customer.mark_confirmed": ("alert", "red"),
    "customer.mark_lifted": ("flag", ""),
    "customer.entrusted": ("user", ""),
    "customer.consent_given": ("check", "green"),
    "customer.consent_ended": ("minus", ""),
    "customer.tier_confirmed": ("star", "accent"),
    "customer.tier_rejected": ("star", ""),
    "customer.tier_by_hand": ("star", "accent"),
    "customer.standing": ("dot", ""),
}


@dataclass(frozen=True)
class Timeline:
    """One page of the timeline, and the cursor of what happened earlier ('' at the beginning)."""

    entries: tuple[Entry, ...]
    cursor: str


def timeline(customer: Customer, user: Any, *, cursor: str = "", size: int = SIZE) -> Timeline:
    """What happened with a customer whom the caller has let the user see.

    Each app answers a page at most. Raises RuleBroken `keyset.cursor` (400) for a forged cursor.
    """
    before = _read(cursor, customer.pk)
    found: list[Entry] = []
    for ask in ports.implementations("customers.timeline").values():
        found += ask(customer_id=customer.pk, user=user, before=before, limit=size + 1)
    found.sort(key=lambda entry: entry.mark, reverse=True)
    more = len(found) > size
    page = tuple(found[:size])
    return Timeline(page, _sign(page[-1].mark, customer.pk) if more and page else "")


def alerts(customer: Customer, user: Any) -> list[Alert]:
    """What every app warns of before this customer is spoken with."""
    return [
        alert
        for ask in ports.implementations("customers.alerts").values()
        for alert in ask(customer_id=customer.pk, user=user)
    ]


def _sign(mark: Mark, customer_id: int) -> str:
    return signing.dumps([customer_id, mark.at.isoformat(), mark.kind, mark.id], salt=SALT)


def _read(cursor: str, customer_id: int) -> Mark | None:
    if not cursor:
        return None
    try:
        of, at, kind, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as wrong:
        raise RuleBroken("keyset.cursor", status=400) from wrong
    if of != customer_id:
        raise RuleBroken("keyset.cursor", status=400)
    return Mark(datetime.fromisoformat(at), kind, pk)


def own_entries(*, customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    """What the file itself knows: acts on it, visits, shipments by the month (port customers.timeline)."""
    return [
        *_acts(customer_id, before, limit),
        *_visits(customer_id, before, limit),
        *_shipments(customer_id, user, before, limit),
    ]


def _acts(customer_id: int, before: Mark | None, limit: int) -> list[Entry]:
    kind = "servicecenter.trailentry"
    rows = TrailEntry.objects.filter(
        kind="customers.customer", object_id=customer_id, code__in=TOLD
    ).select_related("by__employee")
    return [
        Entry(
            Mark(row.at, kind, row.pk),
            what=trail_text(row.code, row.params),
            who=row.by.name if row.by else "",
            text=_changed(row.changes) or _purpose(row.params),
            icon=TOLD[row.code][0],
            tone=TOLD[row.code][1],
        )
        for row in older(rows, "at", kind, before)[:limit]
    ]


def _changed(changes: Any) -> str:
    """The standing before and after, in words."""
    pair = changes.get("standing") if isinstance(changes, dict) else None
    if not pair:
        return ""
    labels = dict(Customer._meta.get_field("standing").flatchoices)
    return " → ".join(str(labels.get(value, value)) for value in pair)


def _purpose(params: Any) -> str:
    """What a consent is for, in words."""
    purpose = params.get("purpose") if isinstance(params, dict) else None
    return str(ConsentPurpose(purpose).label) if purpose in ConsentPurpose.values else ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock_time(), tzinfo=centre_zone())


def _visits(customer_id: int, before: Mark | None, limit: int) -> list[Entry]:
    kind = kind_of(Visit)
    rows = Visit.objects.filter(customer_id=customer_id).select_related("visitor").order_by("-held_on", "-pk")
    if before is not None:
        # A day has one midnight: compared as marks below, narrowed by the day here.
        rows = rows.filter(held_on__lte=before.at.astimezone(centre_zone()).date())
    entries = [
        Entry(
            Mark(_midnight(row.held_on), kind, row.pk),
            what=_("Visit"),
            who=row.visitor.name,
            text=row.summary,
            icon="user",
            tone="accent",
        )
        for row in rows[: limit + 8]
    ]
    return [entry for entry in entries if before is None or entry.mark < before][:limit]


# Hundreds of consignments a year would bury all else: each month is one entry, at its last day of shipping.
MONTHS = """
SELECT date_trunc('month', shipped_on)::date, max(shipped_on), count(*), sum(freight_amount)
FROM customers_waybill
WHERE consignor_id = %(id)s AND shipped_on <= %(until)s {scope}
GROUP BY 1 ORDER BY 1 DESC LIMIT %(limit)s
"""
SCOPE = "AND (origin_id = ANY(%(places)s) OR destination_id = ANY(%(places)s))"


def _shipments(customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    places = waybill_places(user)
    if places == []:
        return []
    until = before.at.astimezone(centre_zone()).date() if before is not None else date.max
    # The month that the mark lies in has been told already, or is told by its last day.
    last = next_month(until) if before is not None else date.max
    with connection.cursor() as cursor:
        cursor.execute(
            MONTHS.format(scope="" if places is None else SCOPE),
            {"id": customer_id, "until": last, "places": places, "limit": limit + 2},
        )
        rows: Sequence[Any] = cursor.fetchall()
    number = Customer.objects.values_list("number", flat=True).get(pk=customer_id) if rows else ""
    entries = [
        Entry(
            Mark(_midnight(day), "customers.waybill", int(f"{month:%Y%m}")),
            what=ngettext("%(n)s waybill shipped", "%(n)s waybills shipped", count) % {"n": count},
            text=_("freight ¥%(amount)s") % {"amount": f"{amount:,.2f}"} if amount else "",
            url=f"{reverse('waybill-list')}?customer={number}&shipped_after={month}&shipped_before={day}",
            icon="truck",
        )
        for month, day, count, amount in rows
    ]
    return [entry for entry in entries if before is None or entry.mark < before][:limit]
