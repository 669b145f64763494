"""Waybills: stubs at intake, completed later; COD money; events that are never edited (WBL-01 … WBL-08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from customers.choices import CodState, EventKind, Source
from customers.domain import cod, parties
from customers.domain import waybills as numbers
from customers.domain.facts import WaybillFacts, missing, normalised
from customers.models import Customer, Waybill, WaybillEvent
from customers.queries.parties import owners_of
from customers.services.customers import note_shipments
from customers.services.rows import change, locked_waybill, waybill_text
from organization.models import Department
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.inserting import insert, next_keys
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.subjects import kind_of

# Clocks of other systems differ a little; what lies further ahead is a mistake.
AHEAD = timedelta(minutes=5)
# So many stubs are made at once.
CHUNK = 1_000


def register_stub_waybill(
    *,
    number: str,
    by: Any | None,
    at: datetime | None = None,
    consignor: Customer | None = None,
    consignee: Customer | None = None,
    source: str = Source.HAND,
) -> Waybill:
    """The waybill of that number, or a stub of it when it is unknown to us (WBL-08); never twice, also in a race.

    Raises RuleBroken `waybill_number.*` at the field `waybill`.
    """
    kept = numbers.normalise(number)
    if (known := Waybill.objects.filter(number=kept).first()) is not None:
        return known
    moment = at or now_db()
    row = _stub(kept, consignor=consignor, consignee=consignee, source=source, by=by, at=moment)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            trail.record(row, "waybill.stub", by=by, at=moment)
    except IntegrityError:
        return Waybill.objects.get(number=kept)
    return row


@transaction.atomic
def register_stub_waybills(
    *, wanted: Iterable[str], by: Any | None, at: datetime | None = None, source: str = Source.HAND
) -> dict[str, Waybill]:
    """The same of many numbers: the waybills by number as it is kept, in as many statements for one as for a thousand.

    Raises RuleBroken `waybill_number.*` at the field `waybill`; then none is made.
    """
    kept = sorted({numbers.normalise(number) for number in wanted})
    moment = at or now_db()
    found: dict[str, Waybill] = {}
    for start in range(0, len(kept), CHUNK):
        part = kept[start : start + CHUNK]
        found |= _by_number(part)
        lacking = [number for number in part if number not in found]
        if lacking:
            found |= _make_stubs(lacking, source=source, by=by, at=moment)
    return found


def _make_stubs(lacking: Sequence[str], *, source: str, by: Any | None, at: datetime) -> dict[str, Waybill]:
    rows = [_stub(number, source=source, by=by, at=at) for number in lacking]
    for row, key in zip(rows, next_keys(Waybill, len(rows)), strict=True):
        row.pk = key
    insert(rows, unless_there=True)
    there = _by_number(lacking)
    # Whoever was quicker has recorded his own.
    made = [row for row in rows if there[row.number].pk == row.pk]
    trail.record_many(
        [trail.Line(kind_of(Waybill), row.pk, row.number, "waybill.stub") for row in made], by=by, at=at
    )
    return there


def _by_number(wanted: Sequence[str]) -> dict[str, Waybill]:
    rows = Waybill.objects.filter(number__in=wanted).defer("search", "search_text")
    return {row.number: row for row in rows}


def _stub(
    number: str,
    *,
    source: str,
    by: Any | None,
    at: datetime,
    consignor: Customer | None = None,
    consignee: Customer | None = None,
) -> Waybill:
    row = Waybill(
        number=number,
        is_stub=True,
        consignor=consignor,
        consignor_name=consignor.name if consignor else "",
        consignee=consignee,
        consignee_name=consignee.name if consignee else "",
        source=Source(source),
        source_at=at,
        created_at=at,
        created_by=by,
    )
    row.search_text = waybill_text(row)
    return row


@transaction.atomic
def complete_waybill(
    *,
    waybill: Waybill,
    facts: WaybillFacts,
    version: int | None = None,
    source: str = Source.HAND,
    by: Any | None,
    at: datetime | None = None,
) -> Waybill:
    """Write a waybill's facts; a stub becomes complete (WBL-08). What is missing or wrong is all told at once.

    The parties are linked to customers by telephone and name where they are not named by id. Raises RulesBroken of
    `waybill.missing`, `waybill.positive`, `waybill.decimals`, `telephone.*`, `waybill.future`; RuleBroken
    `lifecycle.stale`.
    """
    facts, problems = normalised(facts)
    problems += missing(facts)
    row = locked_waybill(waybill, version=version)
    moment = at or now_db()
    if facts.shipped_on is not None and facts.shipped_on > (moment + timedelta(days=1)).date():
        problems.append(RuleBroken("waybill.future", field="shipped_on", status=400))
    if problems:
        raise RulesBroken(problems)
    facts = _with_parties(_with_places(facts))
    after = facts.columns() | {"is_stub": False, "source": Source(source)}
    was_stub = row.is_stub
    if change(
        row,
        after,
        "waybill.completed" if was_stub else "waybill.changed",
        by=by,
        at=moment,
        source=str(source),
    ):
        _refresh(row, moment)
        if row.consignor_id is not None:
            note_shipments([row.consignor_id], by=by, at=moment)
    return row


def _with_parties(facts: WaybillFacts) -> WaybillFacts:
    """The facts with consignor and consignee found among our customers, where number and name tell one."""
    found: dict[str, Any] = {}
    for side in ("consignor", "consignee"):
        known, number = getattr(facts, f"{side}_id"), getattr(facts, f"{side}_telephone")
        if known is None and number:
            found[f"{side}_id"] = parties.choose(owners_of(number), getattr(facts, f"{side}_name"))
    return replace(facts, **found) if found else facts


def _with_places(facts: WaybillFacts) -> WaybillFacts:
    """The facts with the names of the branches where only the branch was given."""
    wanted = {pk for pk in (facts.origin_id, facts.destination_id) if pk is not None}
    if not wanted:
        return facts
    names = {row.pk: row.names.get("zh-Hans", "") for row in Department.objects.filter(pk__in=wanted)}
    if unknown := wanted - set(names):
        raise RuleBroken("waybill.unknown_branch", status=400, branch=min(unknown))
    return replace(
        facts,
        origin_text=facts.origin_text or names.get(facts.origin_id or 0, ""),
        destination_text=facts.destination_text or names.get(facts.destination_id or 0, ""),
    )


def _refresh(row: Waybill, at: datetime) -> None:
    """Search text and the time of the facts of a locked waybill."""
    row.search_text, row.source_at = waybill_text(row), at
    Waybill.objects.filter(pk=row.pk).update(search_text=row.search_text, source_at=at)


@transaction.atomic
def set_cod(
    *,
    waybill: Waybill,
    state: str,
    amount: Decimal | None = None,
    version: int | None = None,
    source: str = Source.HAND,
    by: Any | None,
    at: datetime | None = None,
) -> Waybill:
    """COD money goes on (WBL-05). `amount` in yuan; None keeps the amount that is known.

    Raises RuleBroken `cod.back`, `cod.amount_fixed`, `cod.amount_needed`, `cod.amount_form`.
    """
    after = CodState(state)
    if amount is not None and (amount <= 0 or amount != amount.quantize(Decimal("0.01")) or amount >= 10**12):
        raise RuleBroken("cod.amount_form", field="cod_amount", status=400)
    row = locked_waybill(waybill, version=version)
    wanted = row.cod_amount if amount is None and after != CodState.NONE else amount
    cod.check_step(before=row.cod_state, after=after, amount_before=row.cod_amount, amount_after=wanted)
    moment = at or now_db()
    if change(
        row, {"cod_state": after, "cod_amount": wanted}, "waybill.cod", by=by, at=moment, source=str(source)
    ):
        _refresh(row, moment)
    return row


@transaction.atomic
def record_event(
    *,
    waybill: Waybill,
    kind: str,
    occurred_at: datetime,
    place: str = "",
    remarks: str = "",
    source: str = Source.HAND,
    corrects: WaybillEvent | None = None,
    is_void: bool = False,
    by: Any | None,
    at: datetime | None = None,
) -> WaybillEvent:
    """Record what happened to the consignment; an earlier event is corrected by this later one (WBL-02).

    The same event again (kind, time, place) is answered with the one that is there. Raises RuleBroken
    `event.future`, `event.stranger`, `event.corrected`, `event.void`.
    """
    what = EventKind(kind)
    row = locked_waybill(waybill)
    moment = at or now_db()
    if occurred_at > moment + AHEAD:
        raise RuleBroken("event.future", field="occurred_at", status=400)
    if is_void and corrects is None:
        raise RuleBroken("event.void", field="is_void", status=400)
    where = " ".join(place.split())
    if corrects is None:
        same = row.events.filter(kind=what, occurred_at=occurred_at, place=where, corrects=None).first()
        if same is not None:
            return same
    else:
        _check_correction(row, corrects)
    event = WaybillEvent.objects.create(
        waybill=row,
        kind=what,
        occurred_at=occurred_at,
        place=where,
        remarks=remarks.strip(),
        source=Source(source),
        corrects=corrects,
        is_void=is_void,
        recorded_by=by,
    )
    code = "waybill.event_void" if is_void else "waybill.event_corrected" if corrects else "waybill.event"
    trail.record(row, code, by=by, at=moment, event=what.value, occurred_at=occurred_at, place=where)
    return event


def _check_correction(row: Waybill, corrects: WaybillEvent) -> None:
    if corrects.waybill_id != row.pk:
        raise RuleBroken("event.stranger", field="corrects")
    if WaybillEvent.objects.filter(corrects=corrects).exists():
        raise RuleBroken("event.corrected", field="corrects")
