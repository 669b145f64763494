"""Contacts from files (CMP-01): every row error at once, nothing half loaded, twice adds nothing, resumable.

As history: closed tickets without clocks or service incidents, in one transaction. As intake: registered for real,
row by row; an interrupted import goes on where it stopped, because each row is known by its external key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from complaints.choices import Channel, CloseMark, ComplaintState, ContactKind, Origin
from complaints.domain.intake import Intake
from complaints.domain.summary import summary_of
from complaints.models import Category, Complaint, Contact, Event, Subcase
from complaints.queries.routing import destinations
from complaints.services.import_plan import Plan, PlannedRow, plan
from complaints.services.intake import register
from complaints.services.searching import search_text_of
from customers.choices import Source
from customers.models import Customer, Waybill
from customers.queries import customers_by_telephone
from customers.services import register_stub_waybills
from servicecenter import numbering, trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.subjects import kind_of

CHUNK = 1_000
Progress = Callable[[int, int], None]
__all__ = ["ImportStopped", "Loaded", "Plan", "PlannedRow", "load_history", "load_intake", "plan"]


@dataclass
class Loaded:
    """What an import did: rows added, rows known before, and how many of each category."""

    added: int = 0
    known: int = 0
    by_category: Counter[str] = field(default_factory=Counter)


class ImportStopped(Exception):
    """A row could not be loaded: those before it are `loaded` and stay, `why` says what is wrong."""

    def __init__(self, line: int, loaded: Loaded, why: RuleBroken | RulesBroken | DatabaseError) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.loaded, self.why = line, loaded, why


@transaction.atomic
def load_history(plan: Plan, *, by: Any | None, progress: Progress = lambda done, of: None) -> Loaded:
    """Load every row as a closed, imported ticket, in one transaction: all or nothing."""
    _refuse_bad(plan)
    at = now_db()
    categories = {category.code: category for category in Category.objects.all()}
    subcases = {subcase.code: subcase for subcase in Subcase.objects.all()}
    departments = destinations(on=business_date(at))
    customers = customers_by_telephone({row.telephone for row in plan.rows})
    waybills = register_stub_waybills(
        wanted={row.waybill for row in plan.rows} - {""}, by=by, at=at, source=Source.IMPORT
    )
    loaded = Loaded(known=plan.known)
    for start in range(0, len(plan.rows), CHUNK):
        rows = plan.rows[start : start + CHUNK]
        _load_chunk(rows, at, by, categories, subcases, departments, customers, waybills)
        loaded.added += len(rows)
        loaded.by_category.update(row.category for row in rows)
        progress(loaded.added, len(plan.rows))
    return loaded


def _load_chunk(
    rows: Sequence[PlannedRow],
    at: datetime,
    by: Any | None,
    categories: dict[str, Category],
    subcases: dict[str, Subcase],
    departments: dict[tuple[str, str], int | None],
    customers: dict[str, Customer],
    waybills: dict[str, Waybill],
) -> None:
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                kind=ContactKind.COMPLAINT,
                channel=Channel.IMPORT,
                at=row.at or at,
                agent=by,
                customer=customers.get(row.telephone),
                waybill=waybills.get(row.waybill),
                caller_name=row.said("caller"),
                caller_telephone=row.telephone,
                text=row.values["text"].strip(),
                external_key=row.key,
            )
            for row in rows
        ]
    )
    events = Event.objects.bulk_create(
        [
            Event(
                key=None,
                party=f"import:{row.key}"[:40],
                waybill=waybills.get(row.waybill),
                category=categories[row.category],
                last_sequence=1,
            )
            for row in rows
        ]
    )
    numbers = numbering.next_numbers("complaint", len(rows), at=at)
    made = Complaint.objects.bulk_create(
        [
            Complaint(
                number=number,
                contact=contact,
                event=event,
                sequence=1,
                category=categories[row.category],
                subcase=subcases.get(row.subcase),
                channel=Channel.IMPORT,
                summary=summary_of(contact.text),
                text=contact.text,
                customer=contact.customer,
                tier=contact.customer.tier if contact.customer else "",
                caller_name=contact.caller_name,
                caller_telephone=contact.caller_telephone,
                waybill=contact.waybill,
                state=ComplaintState.CLOSED,
                origin=Origin.HISTORY,
                close_mark=CloseMark.HISTORY,
                department_id=departments.get(
                    (row.category, row.subcase), departments.get((row.category, ""))
                ),
                due_at=contact.at,
                registered_at=contact.at,
                registered_on=business_date(contact.at),
                registered_by=by,
                resolved_at=contact.at,
                closed_at=contact.at,
                search_text=search_text_of(
                    number=number,
                    waybill=row.waybill,
                    text=f"{row.said('product')} {contact.text}",
                    personal=[contact.caller_name, contact.customer.name if contact.customer else ""],
                ),
            )
            for row, contact, event, number in zip(rows, contacts, events, numbers, strict=True)
        ]
    )
    trail.record_many(
        [
            trail.Line(kind_of(Complaint), complaint.pk, complaint.number, "complaint.imported", row.params)
            for complaint, row in zip(made, rows, strict=True)
        ],
        by=by,
        at=at,
    )


def load_intake(plan: Plan, *, by: Any, progress: Progress = lambda done, of: None) -> Loaded:
    """Register every row for real: routed, with clocks, rank and, where it is due, a suspected service incident.

    Each row is its own transaction; run again after an interruption, it goes on with the rows not yet known. Raises
    ImportStopped at a row that is refused although it looked good, or when the database is gone.
    """
    _refuse_bad(plan)
    loaded = Loaded(known=plan.known)
    for row in plan.rows:
        try:
            _register(row, by)
        except (RuleBroken, RulesBroken, DatabaseError) as problem:
            raise ImportStopped(row.line, loaded, problem) from problem
        loaded.added += 1
        loaded.by_category[row.category] += 1
        progress(loaded.added, len(plan.rows))
    return loaded


@transaction.atomic
def _register(row: PlannedRow, by: Any) -> None:
    made = register(
        intake=Intake(
            channel=Channel.IMPORT,
            caller_telephone=row.telephone,
            caller_name=row.said("caller"),
            waybill_number=row.waybill,
            category=row.category,
            subcase=row.subcase,
            text=row.said("text"),
            product=row.said("product"),
            external_key=row.key,
        ),
        by=by,
    )
    trail.record(made, "complaint.from_file", by=by, at=made.registered_at, **row.params)


def _refuse_bad(plan: Plan) -> None:
    if plan.problems:
        raise RuleBroken("import.refused", count=len(plan.problems))
