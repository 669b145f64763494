"""Waybill facts and events from a file: all of it or nothing, every row error at once, twice is once (chapter 08)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from customers.choices import CodState, Source
from customers.domain import cod, parties
from customers.domain.facts import WaybillFacts, missing, normalised
from customers.domain.import_rows import Columns, Event, Row, read_columns, read_row
from customers.models import Customer, Waybill, WaybillEvent
from customers.queries.parties import owners_of_many
from customers.services.customers import note_shipments
from customers.services.rows import WAYBILL_MASKS, waybill_text
from customers.services.waybills import AHEAD
from organization.models import Department
from servicecenter import trail
from servicecenter.clock import centre_zone, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.rows import Problem
from servicecenter.trail import Line

BATCH = 1000
KIND = "customers.waybill"
FACTS = tuple(item.name for item in fields(WaybillFacts))
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or in a dry run would do. With problems nothing is done."""

    created: int = 0
    completed: int = 0
    changed: int = 0
    unchanged: int = 0
    events: int = 0
    problems: tuple[Problem, ...] = ()
    ignored_columns: tuple[str, ...] = ()


@dataclass
class _Wanted:
    """One waybill of the file: its facts from the first line that gave them, its events from all."""

    number: str
    line: int
    facts: dict[str, object] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    row: Waybill | None = None
    was: str = ""


def import_waybills(
    *,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> ImportResult:
    """Load waybills and their events.

    `rows` are (line, cells by heading); `columns` says which heading is which field where its name does not.
    Several lines of one waybill are its events. `progress` is called with (done, of all). Raises RuleBroken
    `import.column`, `import.unknown_field`; problems of rows come back in the result, and then nothing is loaded.
    """
    wanted, problems, heading = _read(rows, columns)
    if heading is None:
        return ImportResult()
    with transaction.atomic():
        moment = at or now_db()
        _lock(wanted)
        plan = _Plan(heading, moment, by, problems)
        for entry in wanted.values():
            plan.take(entry)
        found = plan.result()
        if problems or dry_run:
            return found
        plan.write(progress or _silent)
    return found


def _silent(done: int, of: int) -> None:
    """Nobody watches."""


def _read(
    rows: Iterable[tuple[int, Mapping[str, str]]], given: Mapping[str, str] | None
) -> tuple[dict[str, _Wanted], list[Problem], Columns | None]:
    """Every row by waybill, with the problems of reading."""
    zone = centre_zone()
    heading: Columns | None = None
    wanted: dict[str, _Wanted] = {}
    problems: list[Problem] = []
    for line, cells in rows:
        if heading is None:
            heading = read_columns(cells, given)
        row, wrong = read_row(line, cells, heading, zone)
        problems += wrong
        if row.number:
            _merge(wanted, row, heading, problems)
    return wanted, problems, heading


def _merge(wanted: dict[str, _Wanted], row: Row, heading: Columns, problems: list[Problem]) -> None:
    entry = wanted.setdefault(row.number, _Wanted(row.number, row.line))
    if row.event is not None:
        entry.events.append(row.event)
    if not entry.facts:
        entry.facts, entry.line = dict(row.facts), row.line
    elif row.facts and dict(row.facts) != entry.facts:
        problems.append(Problem(row.line, heading.name_of("number"), "import.twice", {"line": entry.line}))


def _lock(wanted: Mapping[str, _Wanted]) -> None:
    """The rows that are known, locked in the order of their ids."""
    numbers = list(wanted)
    for start in range(0, len(numbers), 5 * BATCH):
        known = Waybill.objects.select_for_update().filter(number__in=numbers[start : start + 5 * BATCH])
        for row in known.order_by("pk"):
            wanted[row.number].row, wanted[row.number].was = row, row.cod_state


class _Plan:
    """What is to be written, worked out before anything is; collects every problem on the way."""

    def __init__(self, heading: Columns, at: datetime, by: Any | None, problems: list[Problem]) -> None:
        self.heading, self.at, self.by, self.problems = heading, at, by, problems
        self.new: list[tuple[_Wanted, Waybill]] = []
        self.changed: list[tuple[Waybill, dict[str, list[Any]]]] = []
        self.completed = self.unchanged = 0
        self.events: list[tuple[_Wanted, Event]] = []
        self.departments = _departments()
        self.customers = dict(Customer.objects.values_list("number", "pk"))
        self.entries: list[_Wanted] = []

    def refuse(self, entry: _Wanted, code: str, name: str, **params: object) -> None:
        """A problem at the line that gave the facts."""
        self.problems.append(Problem(entry.line, self.heading.name_of(code), name, params))

    def take(self, entry: _Wanted) -> None:
        """Plan one waybill."""
        self.entries.append(entry)
        self._take_events(entry)
        if not entry.facts:
            if entry.row is None:
                self.refuse(entry, "number", "import.unknown_waybill")
            else:
                self.unchanged += 1
            return
        facts = self._facts(entry)
        row = entry.row or Waybill(
            number=entry.number,
            created_at=self.at,
            created_by=self.by,
            source=Source.IMPORT,
            source_at=self.at,
        )
        after: dict[str, Any] = facts.columns()
        if row.pk:
            # A file that does not name a fact does not erase it.
            after = {
                name: value if value not in (None, "") else getattr(row, name)
                for name, value in after.items()
            }
        for lacking in missing(WaybillFacts(**after)):
            self.refuse(entry, _cell_of(str(lacking.field)), lacking.code)
        after |= self._cod(entry, row)
        self._keep(entry, row, after)

    def _facts(self, entry: _Wanted) -> WaybillFacts:
        values = {name: value for name, value in entry.facts.items() if name in FACTS}
        for place in ("origin", "destination"):
            text = str(entry.facts.get(place, ""))
            if text:
                values[f"{place}_text"] = text
                values[f"{place}_id"] = self.departments.get(text.lower())
        for side in ("consignor", "consignee"):
            number = entry.facts.get(f"{side}_number")
            if number is None:
                continue
            found = self.customers.get(str(number).upper())
            if found is None:
                self.refuse(entry, f"{side}_number", "import.customer", value=number)
            values[f"{side}_id"] = found
        facts, wrong = normalised(WaybillFacts(**values))  # type: ignore[arg-type]
        for problem in wrong:
            self.refuse(entry, str(problem.field), problem.code, **problem.params)
        return facts

    def _cod(self, entry: _Wanted, row: Waybill) -> dict[str, Any]:
        amount = entry.facts.get("cod_amount", row.cod_amount)
        state = entry.facts.get("cod_state") or row.cod_state
        if isinstance(amount, Decimal) and amount == 0:
            amount, state = None, CodState.NONE if state == CodState.UNKNOWN else state
        if isinstance(amount, Decimal):
            if amount < 0 or amount != amount.quantize(Decimal("0.01")) or amount >= 10**12:
                self.refuse(entry, "cod_amount", "cod.amount_form")
                return {}
            state = CodState.DUE if state in {CodState.UNKNOWN, CodState.NONE} and not row.pk else state
        try:
            cod.check_step(
                before=row.cod_state,
                after=str(state),
                amount_before=row.cod_amount,
                amount_after=amount,  # type: ignore[arg-type]
            )
        except RuleBroken as problem:
            self.refuse(entry, str(problem.field), problem.code, **problem.params)
            return {}
        return {"cod_state": str(state), "cod_amount": amount}

    def _keep(self, entry: _Wanted, row: Waybill, after: dict[str, Any]) -> None:
        changes = {
            name: [getattr(row, name), value] for name, value in after.items() if getattr(row, name) != value
        }
        if not row.pk:
            for name, value in after.items():
                setattr(row, name, value)
            self.new.append((entry, row))
        elif changes or row.is_stub:
            self.completed += row.is_stub
            if row.is_stub:
                changes["is_stub"] = [True, False]
            for name, (_before, value) in changes.items():
                setattr(row, name, value)
            row.source, row.source_at, row.version = Source.IMPORT, self.at, row.version + 1
            self.changed.append((row, changes))
        else:
            self.unchanged += 1

    def _take_events(self, entry: _Wanted) -> None:
        for event in entry.events:
            if event.occurred_at > self.at + AHEAD:
                self.problems.append(Problem(event.line, self.heading.name_of("event_at"), "event.future"))
        known: set[tuple[str, datetime, str]] = set()
        for event in entry.events:
            key = (event.kind, event.occurred_at, event.place)
            if key not in known:
                known.add(key)
                self.events.append((entry, event))

    def result(self) -> ImportResult:
        """The counts. Events known already are taken out."""
        self._link_parties()
        ids = [entry.row.pk for entry, _event in self.events if entry.row is not None and entry.row.pk]
        known = set(
            WaybillEvent.objects.filter(waybill_id__in=ids, corrects=None).values_list(
                "waybill__number", "kind", "occurred_at", "place"
            )
        )
        self.events = [
            (entry, event)
            for entry, event in self.events
            if (entry.number, event.kind, event.occurred_at, event.place) not in known
        ]
        problems = tuple(sorted(self.problems, key=lambda problem: (problem.line, problem.column)))
        return ImportResult(
            created=len(self.new),
            completed=self.completed,
            changed=len(self.changed) - self.completed,
            unchanged=self.unchanged,
            events=len(self.events),
            problems=problems,
            ignored_columns=self.heading.ignored,
        )

    def _link_parties(self) -> None:
        """Consignor and consignee among our customers, by telephone and name; one statement for all."""
        rows = [row for _entry, row in self.new] + [row for row, _changes in self.changed]
        owners = owners_of_many(
            {getattr(row, f"{side}_telephone") for row in rows for side in ("consignor", "consignee")} - {""}
        )
        for row in rows:
            for side in ("consignor", "consignee"):
                number = getattr(row, f"{side}_telephone")
                if getattr(row, f"{side}_id") is None and number in owners:
                    setattr(row, f"{side}_id", parties.choose(owners[number], getattr(row, f"{side}_name")))

    def write(self, progress: Progress) -> None:
        """Write it all, in batches, inside the caller's transaction."""
        total = len(self.new) + len(self.changed) + len(self.events)
        done = 0
        for _entry, row in self.new:
            row.search_text = waybill_text(row)
        for row, _changes in self.changed:
            row.search_text = waybill_text(row)
        for start in range(0, len(self.new), BATCH):
            batch = self.new[start : start + BATCH]
            Waybill.objects.bulk_create([row for _entry, row in batch])
            for entry, row in batch:
                entry.row = row
            self._record([(row, {}) for _entry, row in batch])
            done += len(batch)
            progress(done, total)
        columns = [
            *FACTS,
            "cod_state",
            "cod_amount",
            "is_stub",
            "source",
            "source_at",
            "version",
            "search_text",
        ]
        for start in range(0, len(self.changed), BATCH):
            part = self.changed[start : start + BATCH]
            Waybill.objects.bulk_update([row for row, _changes in part], [_column(name) for name in columns])
            self._record(part)
            done += len(part)
            progress(done, total)
        for start in range(0, len(self.events), BATCH):
            chunk = self.events[start : start + BATCH]
            WaybillEvent.objects.bulk_create([self._event(entry, event) for entry, event in chunk])
            done += len(chunk)
            progress(done, total)
        senders = {row.consignor_id for _entry, row in self.new} | {
            row.consignor_id for row, _c in self.changed
        }
        note_shipments(sorted(pk for pk in senders if pk is not None), by=self.by, at=self.at)

    def _event(self, entry: _Wanted, event: Event) -> WaybillEvent:
        return WaybillEvent(
            waybill=entry.row,
            kind=event.kind,
            occurred_at=event.occurred_at,
            place=event.place,
            remarks=event.remarks,
            source=Source.IMPORT,
            recorded_by=self.by,
        )

    def _record(self, rows: list[tuple[Waybill, dict[str, list[Any]]]]) -> None:
        trail.record_many(
            [
                Line(KIND, row.pk, row.number, "waybill.imported", {}, _masked(changes))
                for row, changes in rows
            ],
            by=self.by,
            at=self.at,
        )


def _masked(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Changes as the trail may hold them: personal values masked."""
    before = {name: pair[0] for name, pair in changes.items()}
    after = {name: pair[1] for name, pair in changes.items()}
    return trail.changes_between(before, after, WAYBILL_MASKS)


def _column(name: str) -> str:
    return (
        name.removesuffix("_id")
        if name in {"consignor_id", "consignee_id", "origin_id", "destination_id"}
        else name
    )


def _cell_of(fact: str) -> str:
    return fact.removesuffix("_text") if fact in {"origin_text", "destination_text"} else fact


def _departments() -> dict[str, int]:
    """Branches by code and by name in each language."""
    found: dict[str, int] = {}
    for pk, code, names in Department.objects.filter(closed_on=None).values_list("pk", "code", "names"):
        for name in (code, *names.values()):
            found[name.lower()] = pk
    return found
