"""Contacts from files (CMP-01): every row error at once, nothing half loaded, twice adds nothing, resumable.

As history: closed tickets without clocks or service incidents, in one transaction. As intake: registered for real,
row by row; an interrupted import goes on where it stopped, because each row is known by its external key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from complaints.choices import Channel, CloseMark, ComplaintState, ContactKind, Origin
from complaints.domain.importing import TARGETS, RowProblem, Word, choose_category, problems_of, row_keys
from complaints.domain.intake import Intake
from complaints.domain.summary import summary_of
from complaints.models import Category, Complaint, Contact, Event, Keyword, Subcase
from complaints.queries.routing import destinations
from complaints.services.intake import register
from customers.models import Customer
from customers.queries import customers_by_telephone
from servicecenter import numbering, search, tables, trail
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.subjects import kind_of

CHUNK = 1_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """A file that was read and found good or not; `rows` are those not known yet, in the file's order."""

    rows: list[PlannedRow]
    problems: list[RowProblem]
    known: int
    total: int


@dataclass(frozen=True)
class PlannedRow:
    """One row about to be loaded."""

    line: int
    key: str
    values: dict[str, str]
    category: str
    subcase: str
    at: datetime | None


@dataclass
class Loaded:
    """What an import did: rows added, rows known before, and how many of each category."""

    added: int = 0
    known: int = 0
    by_category: Counter[str] = field(default_factory=Counter)


def plan(path: Path, *, mapping: dict[str, str] | None = None) -> Plan:
    """Read and check the whole file. `mapping` is target → column; by default columns of the target's own name.

    Raises RuleBroken `import.columns` when a needed column is missing, naming what the file has.
    """
    raw: list[tuple[int, dict[str, str]]] = []
    problems: list[RowProblem] = []
    with tables.table(path) as table:
        columns = _columns(table.header, mapping or {})
        for row in table.rows:
            raw.append((row.line, {target: row.values.get(column, "") for target, column in columns.items()}))
            problems += [RowProblem(row.line, wrong.code, wrong.params) for wrong in row.problems]
    categories = frozenset(Category.objects.values_list("code", flat=True))
    dates: dict[int, datetime | None] = {}
    for line, values in raw:
        problems += problems_of(line, values, categories=categories)
        dates[line] = _moment(values.get("at", ""), line, problems)
    keys = row_keys([values for _line, values in raw])
    for key, count in Counter(keys).items():
        if count > 1:
            lines = [line for (line, _values), other in zip(raw, keys, strict=True) if other == key]
            problems.append(
                RowProblem(lines[1], "import.key_twice", {"key": key.removeprefix("key:"), "first": lines[0]})
            )
    known = _known(keys)
    words = keyword_table()
    rows = []
    for (line, values), key in zip(raw, keys, strict=True):
        if key not in known:
            category, subcase = (
                (values["category"].strip(), "")
                if values.get("category", "").strip()
                else choose_category(
                    search.fold(f"{values.get('product', '')} {values.get('text', '')}"), words
                )
            )
            rows.append(PlannedRow(line, key, values, category, subcase, dates[line]))
    return Plan(rows, sorted(problems, key=lambda problem: problem.line), len(known), len(raw))


def keyword_table() -> list[Word]:
    """The editable keywords, folded, heaviest and longest first."""
    words = [
        Word(search.fold(word), category, subcase or "", weight)
        for word, category, subcase, weight in Keyword.objects.values_list(
            "word", "category__code", "subcase__code", "weight"
        )
    ]
    return sorted(words, key=lambda word: (-word.weight, -len(word.text), word.text))


@transaction.atomic
def load_history(plan: Plan, *, by: Any | None, progress: Progress = lambda done, of: None) -> Loaded:
    """Load every row as a closed, imported ticket, in one transaction: all or nothing."""
    _refuse_bad(plan)
    at = now_db()
    categories = {category.code: category for category in Category.objects.all()}
    subcases = {subcase.code: subcase for subcase in Subcase.objects.all()}
    departments = destinations(on=business_date(at))
    customers = customers_by_telephone({row.values.get("telephone", "") for row in plan.rows})
    loaded = Loaded(known=plan.known)
    for start in range(0, len(plan.rows), CHUNK):
        rows = plan.rows[start : start + CHUNK]
        _load_chunk(rows, at, by, categories, subcases, departments, customers)
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
) -> None:
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                kind=ContactKind.COMPLAINT,
                channel=Channel.IMPORT,
                at=row.at or at,
                agent=by,
                customer=customers.get(row.values.get("telephone", "")),
                caller_name=row.values.get("caller", "")[:60],
                caller_telephone=row.values.get("telephone", "")[:20],
                text=row.values["text"].strip(),
                external_key=row.key,
            )
            for row in rows
        ]
    )
    events = Event.objects.bulk_create(
        [
            Event(
                key=None, party=f"import:{row.key}"[:40], category=categories[row.category], last_sequence=1
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
                search_text=search.fold(
                    " ".join(
                        [
                            number,
                            contact.caller_name,
                            contact.caller_telephone,
                            row.values.get("product", ""),
                            contact.text,
                        ]
                    )
                ),
            )
            for row, contact, event, number in zip(rows, contacts, events, numbers, strict=True)
        ]
    )
    trail.record_many(
        [
            trail.Line(
                kind_of(Complaint), complaint.pk, complaint.number, "complaint.imported", {"line": row.line}
            )
            for complaint, row in zip(made, rows, strict=True)
        ],
        by=by,
        at=at,
    )


def load_intake(plan: Plan, *, by: Any, progress: Progress = lambda done, of: None) -> Loaded:
    """Register every row for real: routed, with clocks, rank and, where it is due, a suspected service incident.

    Each row is its own transaction; run again after an interruption, it goes on with the rows not yet known.
    """
    _refuse_bad(plan)
    loaded = Loaded(known=plan.known)
    for row in plan.rows:
        register(
            intake=Intake(
                channel=Channel.IMPORT,
                caller_telephone=row.values.get("telephone", ""),
                caller_name=row.values.get("caller", ""),
                waybill_number=row.values.get("waybill", ""),
                category=row.category,
                subcase=row.subcase,
                text=row.values["text"].strip(),
                external_key=row.key,
            ),
            by=by,
        )
        loaded.added += 1
        loaded.by_category[row.category] += 1
        progress(loaded.added, len(plan.rows))
    return loaded


def _refuse_bad(plan: Plan) -> None:
    if plan.problems:
        raise RuleBroken("import.refused", count=len(plan.problems))


def _columns(header: Sequence[str], mapping: dict[str, str]) -> dict[str, str]:
    if unknown := set(mapping) - set(TARGETS):
        raise RuleBroken(
            "import.target", status=400, names=", ".join(sorted(unknown)), targets=", ".join(TARGETS)
        )
    columns = {target: mapping.get(target, target) for target in TARGETS}
    absent = [column for target, column in columns.items() if column not in header]
    needed = [
        columns[target]
        for target in TARGETS
        if (TARGETS[target] or target in mapping) and columns[target] in absent
    ]
    if needed:
        raise RuleBroken("import.columns", status=400, names=", ".join(needed), header=", ".join(header))
    return {target: column for target, column in columns.items() if column in header}


def _moment(text: str, line: int, problems: list[RowProblem]) -> datetime | None:
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip()) or parse_datetime(f"{text.strip()}T00:00")
    except ValueError:
        found = None
    if found is None:
        problems.append(RowProblem(line, "import.at", {"value": text[:40]}))
        return None
    return make_aware(found, centre_zone()) if is_naive(found) else found


def _known(keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 5_000):
        rows = Contact.objects.filter(external_key__in=keys[start : start + 5_000])
        found |= {key for key in rows.values_list("external_key", flat=True) if key is not None}
    return found
