"""The floor of an act that writes: the very rows it wrote, written again by plain INSERTs with ids of their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

# In the order in which they refer to each other, with the columns that refer.
TABLES = (
    "complaints_event",
    "deadlines_clock",
    "deadlines_step",
    "complaints_contact",
    "complaints_complaint",
    "complaints_round",
    "complaints_handover",
    "complaints_serviceincident",
    "complaints_incidentticket",
    "conduct_sanction",
    "conduct_meritdisqualification",
    "servicecenter_trailentry",
    "servicecenter_notice",
    "servicecenter_outboxmessage",
    "servicecenter_idempotencykey",
)
REFERS = {
    "event_id": "complaints_event",
    "clock_id": "deadlines_clock",
    "contact_id": "complaints_contact",
    "complaint_id": "complaints_complaint",
    "incident_id": "complaints_serviceincident",
}
# Pointed at by kind and id: a ticket's or an incident's.
POINTS = ("subject_id", "object_id", "source_id")
# What must be another one each time.
UNIQUE = {
    ("complaints_event", "key"), ("complaints_complaint", "number"), ("complaints_complaint", "public_id"),
    ("complaints_serviceincident", "number"), ("conduct_sanction", "number"),
    ("servicecenter_outboxmessage", "dedup_key"),
    ("servicecenter_idempotencykey", "key"),
}  # fmt: skip
REFERRED = frozenset(REFERS.values())


@dataclass
class Sample:
    """What one act wrote: columns and rows by table."""

    columns: dict[str, list[str]]
    rows: dict[str, list[dict[str, Any]]]

    def counts(self) -> dict[str, int]:
        """How many rows of each table."""
        return {table: len(rows) for table, rows in self.rows.items() if rows}


def marks() -> dict[str, int]:
    """The highest id of every table, before the act."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}', coalesce(max(id), 0) FROM {table}" for table in TABLES)
        )
        return dict(cursor.fetchall())


def sample(before: dict[str, int]) -> Sample:
    """What was written since."""
    columns, rows = {}, {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
                " AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            )
            columns[table] = [row[0] for row in cursor.fetchall()]
            names = ", ".join(f'"{name}"' for name in columns[table])
            cursor.execute(f"SELECT {names} FROM {table} WHERE id > %s ORDER BY id", [before[table]])
            rows[table] = [dict(zip(columns[table], row, strict=True)) for row in cursor.fetchall()]
    return Sample(columns, rows)


Written = list[tuple[str, list[Any]]]


def statements_for(found: Sample, *, event: int | None = None, first: int | None = None) -> Written:
    """One INSERT a table, with new ids and numbers. Of a second complaint: the event and the first ticket it joins."""
    ids: dict[str, dict[Any, int]] = {}
    with connection.cursor() as cursor:
        for table in REFERRED:
            rows = found.rows[table]
            cursor.execute(
                f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, %s)",
                [len(rows)],
            )
            ids[table] = {row["id"]: new for row, (new,) in zip(rows, cursor.fetchall(), strict=True)}
    pointed = {**ids["complaints_complaint"], **ids["complaints_serviceincident"]}
    made: Written = []
    if event is not None:
        made.append(("UPDATE complaints_event SET last_sequence = last_sequence + 1 WHERE id = %s", [event]))
    for table in TABLES:
        rows = found.rows[table]
        if rows:
            made.append(_insert(table, found.columns[table], rows, ids, pointed, event, first))
    if first is not None:
        raised = "UPDATE complaints_complaint SET is_incident = true, rank = 0, version = version + 1 WHERE id = %s"
        made.append((raised, [first]))
    return made


def _insert(
    table: str, columns: Sequence[str], rows: list[dict[str, Any]], ids: dict[str, dict[Any, int]],
    pointed: dict[Any, int], event: int | None, first: int | None,
) -> tuple[str, list[Any]]:  # fmt: skip
    named = [name for name in columns if name != "id" or table in REFERRED]
    values: list[Any] = []
    for row in rows:
        for name in named:
            values.append(_value(table, name, row[name], ids, pointed, event, first))
    row_marks = "(" + ", ".join(["%s"] * len(named)) + ")"
    names = ", ".join(f'"{name}"' for name in named)
    return f"INSERT INTO {table} ({names}) VALUES " + ", ".join([row_marks] * len(rows)), values


def _value(
    table: str, name: str, value: Any, ids: dict[str, dict[Any, int]], pointed: dict[Any, int], event: int | None,
    first: int | None,
) -> Any:  # fmt: skip
    if name == "id":
        return ids[table][value]
    if (table, name) in UNIQUE and value is not None:
        return uuid.uuid4().hex[:18]
    if name in REFERS and value is not None:
        missing = event if name == "event_id" else first
        return ids[REFERS[name]].get(value, missing if missing is not None else value)
    if name in POINTS:
        return pointed.get(value, first if first is not None else value)
    return value
