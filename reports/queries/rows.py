"""The rows behind a report's figures: the same records, known up to the same moment (RPT: a figure leads to its rows).

A key names a sheet, or with a flag behind it those of its rows that a figure counts: `complaints.resolved` are the rows
of `complaints` whose `resolved` is set. Whoever reads a report sees these rows, also of records that he could not open:
the right to the report reaches its whole scope. So telephone numbers and names of callers are in none of them (PRV-04).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from reports.domain.snapshot import Column, Snapshot, Table, Unit
from reports.models import ReportRevision
from reports.queries.claims import APPROVED, OUTSIDE, PAID, PAID_OF_CLAIM, POSTED, REPORTED, RESERVED
from reports.queries.conduct import CONFIRMED, LOST, WHOSE
from reports.queries.frame import CONCERNED, PERIODS, Frame
from reports.queries.tickets import (
    BREACHED,
    CLOCKS,
    FINDING,
    FOLLOW_UPS_DUE,
    FOLLOWED,
    LIVE,
    RECURRENCES,
    RESOLVED,
    SECOND,
)
from reports.queries.waybills import LATE
from servicecenter.i18n import FALLBACK
from servicecenter.kernel.errors import RuleBroken

CHUNK = 2_000
# Columns of tables that follow from another one of the same line: a sentence from its rule.
FOLLOWING = frozenset({"violation"})
# Columns that hold names of categories, departments and liable parties, in all their languages.
NAMED = frozenset({"category", "department", "branch", "who"})

# What a line of a table is known by; the rest are figures.
LABELS = frozenset({Unit.TEXT, Unit.CHOICE, Unit.DAY})


@dataclass(frozen=True)
class Sheet:
    """A list of rows: its columns, the statement (id first, then the columns, `{scope}` where the department limits),
    the route of the records its first column names, and the flags that keys may ask for."""

    columns: tuple[Column, ...]
    sql: str
    scope: str
    route: str = ""
    # flag of a key -> SQL over the columns' names
    flags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row: its place in the list, and its cells in the order of the columns."""

    id: int
    cells: tuple[Any, ...]


def _c(code: str, unit: Unit = Unit.TEXT, choices: str = "") -> Column:
    return Column(code, unit, choices)


_AT, _FLAG, _MONEY, _DAY = Unit.MOMENT, Unit.FLAG, Unit.MONEY, Unit.DAY
_LATE = BREACHED.format(as_of="p.as_of")
_CATEGORY = "(SELECT t.names FROM complaints_category t WHERE t.id = c.category_id)"
_DEPARTMENT = "(SELECT t.names FROM organization_department t WHERE t.id = {column})"
_TICKETS = """FROM period p JOIN complaints_complaint c ON c.registered_on BETWEEN p.first AND p.last
  AND c.registered_at <= p.as_of"""
_FEN = "({amount} * 100)::bigint"
_ANSWERED = "(k.state IN ('met', 'met_late') AND k.ended_at <= p.as_of)"

SHEETS: dict[str, Sheet] = {
    "complaints": Sheet(
        (
            _c("number"), _c("registered_at", _AT), _c("category"), _c("department"),
            _c("channel", Unit.CHOICE, "complaints.choices.Channel"),
            _c("outcome", Unit.CHOICE, "reports.choices.Outcome"), _c("summary"), _c("demand"),
            _c("imported", _FLAG), _c("resolved", _FLAG), _c("in_time", _FLAG), _c("handled", _FLAG),
            _c("second", _FLAG),
        ),
        f"""SELECT id, number, registered_at, category, department, channel, outcome, summary, demand, imported,
  NOT imported AND resolved AS resolved, NOT imported AND resolved AND NOT late AS in_time,
  NOT imported AND (resolved OR NOT breached) AS handled, second
FROM (SELECT c.id, c.number, c.registered_at, {_CATEGORY} AS category,
  {_DEPARTMENT.format(column="coalesce(f.department_id, c.respondent_department_id, c.department_id)")} AS department,
  c.channel, coalesce(f.founded, 'none') AS outcome, c.summary, c.demand, c.origin <> 'live' AS imported,
  {RESOLVED} AS resolved, c.origin = 'live' AND {SECOND} AS second,
  EXISTS (SELECT FROM deadlines_clock k WHERE {CLOCKS} AND k.kind = 'resolution' AND {_LATE}) AS late,
  EXISTS (SELECT FROM deadlines_clock k WHERE {CLOCKS} AND {_LATE}) AS breached
  {_TICKETS} {FINDING} WHERE {LIVE} {{scope}}) q""",
        CONCERNED,
        "complaint-detail",
        {
            "resolved": "resolved", "in_time": "in_time", "handled": "handled", "second": "second",
            "unresolved": "NOT resolved AND NOT imported", "needs": "demand <> ''",
        },
    ),
    "responses": Sheet(
        (
            _c("number"), _c("started_at", _AT), _c("due_at", _AT), _c("answered_at", _AT), _c("span", Unit.SPAN),
            _c("in_time", _FLAG),
        ),
        f"""SELECT k.id, c.number, k.started_at, k.due_at, CASE WHEN {_ANSWERED} THEN k.ended_at END AS answered_at,
  CASE WHEN {_ANSWERED} THEN round(extract(epoch FROM k.ended_at - k.started_at))::bigint END AS span,
  NOT {_LATE} AS in_time
  {_TICKETS} JOIN deadlines_clock k ON {CLOCKS} AND k.kind = 'first_response' AND k.started_at <= p.as_of
  WHERE {LIVE} AND c.origin = 'live' AND ({_LATE} OR {_ANSWERED}) {{scope}}""",
        CONCERNED,
        "complaint-detail",
        {"in_time": "in_time", "answered": "answered_at IS NOT NULL"},
    ),
    "upward": Sheet(
        (_c("number"), _c("registered_at", _AT), _c("reported_at", _AT), _c("in_time", _FLAG)),
        f"""SELECT c.id, c.number, c.registered_at, k.reported_at, NOT k.late AS in_time
  {_TICKETS} JOIN LATERAL (
    SELECT bool_or(k.kind = 'supervisor_takes' OR {_LATE} OR {_ANSWERED}) AS decided,
           bool_or(k.kind = 'report_upward' AND {_LATE}) AS late,
           min(CASE WHEN k.kind = 'supervisor_takes' THEN k.started_at WHEN {_ANSWERED} THEN k.ended_at END)
             AS reported_at
    FROM deadlines_clock k WHERE {CLOCKS} AND k.kind IN ('report_upward', 'supervisor_takes')
      AND k.started_at <= p.as_of) k ON k.decided
  WHERE {LIVE} AND c.origin = 'live' {{scope}}""",
        CONCERNED,
        "complaint-detail",
        {"in_time": "in_time"},
    ),
    "follow_ups": Sheet(
        (_c("number"), _c("due_at", _AT), _c("ended_at", _AT), _c("in_time", _FLAG)),
        f"""SELECT k.id, c.number, k.due_at, CASE WHEN k.ended_at <= p.as_of THEN k.ended_at END AS ended_at,
  ({FOLLOWED}) AS in_time {FOLLOW_UPS_DUE} {{scope}}""",
        CONCERNED,
        "complaint-detail",
        {"in_time": "in_time"},
    ),
    "recurrences": Sheet(
        (_c("number"), _c("confirmed_at", _AT), _c("category"), _c("department")),
        f"""SELECT i.id, i.number, i.confirmed_at, {_CATEGORY.replace("c.category_id", "i.category_id")} AS category,
  {_DEPARTMENT.format(column="i.department_id")} AS department {RECURRENCES} WHERE true {{scope}}""",
        "i.department_id",
        "incident-detail",
    ),
    "defects": Sheet(
        (_c("waybill"), _c("defect", Unit.CHOICE, "reports.choices.Defect"), _c("times", Unit.COUNT)),
        f"""SELECT w.id * 3 + kind AS id, w.number AS waybill,
  CASE kind WHEN 0 THEN 'complaint' WHEN 1 THEN 'claim' ELSE 'late' END AS defect, times
FROM (
  SELECT c.waybill_id, 0 AS kind, count(*) AS times {_TICKETS} WHERE c.origin = 'live' AND c.waybill_id IS NOT NULL
    AND {LIVE} {{scope}} GROUP BY 1
  UNION ALL
  SELECT c.waybill_id, 1, count(*) {REPORTED} WHERE true {{scope_claims}} GROUP BY 1
  UNION ALL
  SELECT w.id, 2, count(*) {LATE} {{scope_waybills}} GROUP BY 1) d JOIN customers_waybill w ON w.id = d.waybill_id""",
        CONCERNED,
        "waybill-detail",
    ),
    "sanctions": Sheet(
        (
            _c("number"), _c("department"), _c("person"), _c("rule"),
            _c("measure", Unit.CHOICE, "conduct.choices.Measure"), _c("amount", _MONEY), _c("month", _DAY),
            _c("source"), _c("confirmed_at", _AT),
        ),
        f"""SELECT x.id, x.number, {_DEPARTMENT.format(column=WHOSE)} AS department,
  e.name || ' ' || e.work_number AS person, v.code AS rule, x.measure, {_FEN.format(amount="x.amount")} AS amount,
  x.month, x.source_number AS source, x.confirmed_at
  {CONFIRMED} JOIN conduct_violation v ON v.id = x.violation_id WHERE true {{scope}}""",
        WHOSE,
        "sanction-detail",
    ),
    "disqualifications": Sheet(
        (_c("department"), _c("person"), _c("since_at", _AT), _c("sources")),
        f"""SELECT min(x.id) AS id, {_DEPARTMENT.format(column=f"min({WHOSE})")} AS department,
  min(e.name || ' ' || e.work_number) AS person, min(x.created_at) AS since_at,
  string_agg(x.source_number, ', ' ORDER BY x.source_number) AS sources
  {LOST} WHERE true {{scope}} GROUP BY x.target_department_id, x.target_employee_id""",
        WHOSE,
    ),
    "claims": Sheet(
        (
            _c("number"), _c("reported_on", _DAY), _c("kind", Unit.CHOICE, "claims.choices.ClaimKind"), _c("branch"),
            _c("waybill"), _c("claimed", _MONEY), _c("approved", _MONEY), _c("paid", _MONEY),
            _c("state", Unit.CHOICE, "claims.choices.PayoutState"),
        ),
        f"""SELECT c.id, c.number, c.reported_on, c.kind, {_DEPARTMENT.format(column="c.branch_id")} AS branch,
  w.number AS waybill, {_FEN.format(amount="c.claimed_amount")} AS claimed, {_FEN.format(amount=APPROVED)} AS approved,
  {_FEN.format(amount="v.amount")} AS paid, c.state
  {REPORTED} JOIN customers_waybill w ON w.id = c.waybill_id {PAID_OF_CLAIM} WHERE true {{scope}}""",
        "c.branch_id",
        "claim-detail",
    ),
    "payments": Sheet(
        (_c("number"), _c("claim"), _c("branch"), _c("amount", _MONEY), _c("paid_at", _AT)),
        f"""SELECT x.id, x.number, c.number AS claim, {_DEPARTMENT.format(column="x.branch_id")} AS branch,
  {_FEN.format(amount="x.amount")} AS amount, x.paid_at {PAID} WHERE true {{scope}}""",
        "c.branch_id",
        "voucher-detail",
    ),
    "entries": Sheet(
        (
            _c("claim"), _c("posted_at", _AT), _c("party", Unit.CHOICE, "claims.choices.PartyRole"), _c("who"),
            _c("entry", Unit.CHOICE, "claims.choices.EntryKind"), _c("amount", _MONEY),
        ),
        f"""SELECT x.id, c.number AS claim, x.posted_at, h.party,
  coalesce(to_jsonb(e.name), d.names, to_jsonb(nullif(h.outside, ''))) AS who, x.kind AS entry,
  {_FEN.format(amount="x.amount")} AS amount
  {POSTED} JOIN claims_share h ON h.id = x.share_id LEFT JOIN organization_employee e ON e.id = h.employee_id
  LEFT JOIN organization_department d ON d.id = h.department_id WHERE true {{scope}}""",
        "c.branch_id",
        "claim-detail",
    ),
    "outside": Sheet(
        (
            _c("claim"), _c("received_at", _AT), _c("payer", Unit.CHOICE, "claims.choices.OutsideSource"),
            _c("amount", _MONEY),
        ),
        f"""SELECT x.id, c.number AS claim, x.received_at, x.source AS payer, {_FEN.format(amount="x.amount")} AS amount
  {OUTSIDE} WHERE true {{scope}}""",
        "c.branch_id",
        "claim-detail",
        {"insurer": "payer = 'insurer'"},
    ),
    "reserves": Sheet(
        (
            _c("number"), _c("reported_on", _DAY), _c("kind", Unit.CHOICE, "claims.choices.ClaimKind"), _c("branch"),
            _c("reserve", _MONEY), _c("state", Unit.CHOICE, "claims.choices.PayoutState"),
        ),
        f"""SELECT c.id, c.number, c.reported_on, c.kind, {_DEPARTMENT.format(column="c.branch_id")} AS branch,
  {_FEN.format(amount="c.reserve")} AS reserve, c.state {RESERVED} {{scope}}""",
        "c.branch_id",
        "claim-detail",
    ),
}  # fmt: skip


def sheet_of(key: str) -> Sheet:
    """The sheet that a figure's key names. Raises RuleBroken `report.no_sheet`."""
    name, _dot, flag = key.partition(".")
    found = SHEETS.get(name)
    if found is None or (flag and flag not in found.flags):
        raise RuleBroken("report.no_sheet", status=400)
    return found


def sheets_of(snapshot: Snapshot) -> list[str]:
    """The sheets behind a report's figures and tables, each once, in their order."""
    keys = [figure.rows for figure in snapshot.figures()]
    keys += [table.detail for chapter in snapshot.chapters for table in chapter.tables]
    return list(dict.fromkeys(key.partition(".")[0] for key in keys if key))


def line_of(table: Table, row: Sequence[Any]) -> dict[str, str]:
    """What narrows the sheet behind a table to one of its lines: column -> value as text; {} where it cannot be told.

    A name in several languages stands by its simplified Chinese one; what is not known by ''.
    """
    if not table.detail:
        return {}
    sheet = {column.code for column in sheet_of(table.detail).columns}
    found = {}
    for column, cell in zip(table.columns, row, strict=True):
        if column.unit not in LABELS or column.code in FOLLOWING:
            continue
        if column.code not in sheet:
            return {}
        found[column.code] = _key(cell)
    return found


def _key(cell: Any) -> str:
    if isinstance(cell, Mapping):
        cell = cell.get(FALLBACK, "")
    return "" if cell is None else str(cell)


def rows_page(
    revision: ReportRevision, key: str, *, of: Mapping[str, str] | None = None, after: int = 0, size: int = 50
) -> list[Row]:
    """At most `size` rows behind a figure, in the order of their ids, after the id of the last one seen.

    `of` narrows them to a line of a table (`line_of`).
    """
    sql, values = _statement(revision, key, of)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql} AND s.id > %(after)s ORDER BY s.id LIMIT %(size)s",
            {**values, "after": after, "size": size},
        )
        return [_row(row, sheet_of(key)) for row in cursor.fetchall()]


def count_rows(revision: ReportRevision, key: str, *, of: Mapping[str, str] | None = None) -> int:
    """How many rows stand behind a figure, or a line of a table."""
    sql, values = _statement(revision, key, of)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) t", values)
        found: int = cursor.fetchone()[0]
    return found


def stream_rows(revision: ReportRevision, key: str) -> Iterator[Row]:
    """All rows behind a figure, read in chunks; memory does not grow with them."""
    sheet = sheet_of(key)
    sql, values = _statement(revision, key)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY s.id", values)
        while chunk := cursor.fetchmany(CHUNK):
            for row in chunk:
                yield _row(row, sheet)


def _row(row: tuple[Any, ...], sheet: Sheet) -> Row:
    """Names in three languages come as JSON text."""
    cells = zip(sheet.columns, row[1:], strict=True)
    return Row(
        row[0], tuple(json.loads(cell) if column.code in NAMED and cell else cell for column, cell in cells)
    )


def _statement(
    revision: ReportRevision, key: str, of: Mapping[str, str] | None = None
) -> tuple[str, dict[str, Any]]:
    sheet = sheet_of(key)
    report = revision.report
    frame = Frame(((0, report.period, revision.as_of),), report.department)
    ends = ""
    if report.department_id is not None:
        ends = """AND EXISTS (SELECT FROM organization_department s
  WHERE s.id IN (w.origin_id, w.destination_id) AND s.path LIKE %(path)s)"""
    inner = sheet.sql.format(
        scope=frame.scope(sheet.scope), scope_claims=frame.scope("c.branch_id"), scope_waybills=ends
    )
    flag = key.partition(".")[2]
    wanted = sheet.flags[flag] if flag else "true"
    columns = ", ".join(f"s.{column.code}" for column in sheet.columns)
    narrowed, line = "", {}
    for column in sheet.columns:  # names of columns come from the sheet alone, never from the address
        if of is None or column.code not in of:
            continue
        said = f"s.{column.code} ->> '{FALLBACK}'" if column.code in NAMED else f"s.{column.code}::text"
        narrowed += f" AND coalesce({said}, '') = %(of_{column.code})s"
        line[f"of_{column.code}"] = of[column.code]
    return (
        f"WITH {PERIODS} SELECT s.id, {columns} FROM ({inner}) s WHERE ({wanted}){narrowed}",
        {**frame.values(), **line},
    )
