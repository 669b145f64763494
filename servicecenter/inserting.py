"""INSERTs that are worded once: `bulk_create` without wording the statement anew and asking every field of every row.

    insert([Clock(…), Clock(…)])

One statement for rows of one model; sets their keys and what the database filled in. What Django's own INSERT does with
a value is done here too; a value that is already what its column holds goes there as it is. Like `bulk_create`, it
sends no signals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models.expressions import DatabaseDefault

M = TypeVar("M", bound=models.Model)
Prepare = Callable[[Any], Any]

# The type that needs no preparing, by kind of field; a subclass of such a field may do something of its own.
AS_IT_IS: dict[type[models.Field[Any, Any]], type] = {
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.BooleanField: bool,
    models.CharField: str,
    models.DateField: date,
    models.DateTimeField: datetime,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.SmallIntegerField: int,
    models.TextField: str,
}


@dataclass(frozen=True)
class _Column:
    """A column: the attribute that holds its value, the type that goes there as it is, else what prepares it.

    `before` asks the field for the value of a row, for fields that make it when a row is saved.
    """

    attname: str
    plain: type | None
    prepare: Prepare
    before: Callable[[models.Model], Any] | None


@dataclass(frozen=True)
class _Wording:
    """An INSERT of one model up to its VALUES, and what it gives back."""

    head: str
    columns: tuple[_Column, ...]
    tail: str
    filled: tuple[str, ...]


def insert(rows: Sequence[M], *, unless_there: bool = False) -> Sequence[M]:
    """Write new rows of one model; all with a key of their own, or all without. Returns them, keys set.

    `unless_there` passes over rows that a unique constraint refuses; keys are not set then. Raises IntegrityError.
    """
    if not rows:
        return rows
    wording = _wording(type(rows[0]), rows[0].pk is not None)
    marks: list[str] = []
    values: list[Any] = []
    for row in rows:
        marks.append(_read(row, wording.columns, values))
    statement = wording.head + ", ".join(marks)
    statement += " ON CONFLICT DO NOTHING" if unless_there else wording.tail
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(statement, values)
        if unless_there:
            return rows
        for row, found in zip(rows, cursor.fetchall(), strict=True):
            row.__dict__.update(zip(wording.filled, found, strict=True))
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return rows


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """So many keys for new rows: by its key one knows afterwards whether `unless_there` has written a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, str(model._meta.pk.column), count],  # type: ignore[union-attr]
        )
        return [key for (key,) in cursor.fetchall()]


def _read(row: models.Model, columns: Sequence[_Column], values: list[Any]) -> str:
    """Append the row's values; its marks."""
    marks, held = [], row.__dict__
    for column in columns:
        value = held[column.attname] if column.before is None else column.before(row)
        if isinstance(value, DatabaseDefault):
            marks.append("DEFAULT")
            continue
        marks.append("%s")
        values.append(value if value is None or type(value) is column.plain else column.prepare(value))
    return f"({', '.join(marks)})"


@cache
def _wording(model: type[models.Model], has_key: bool) -> _Wording:
    meta = model._meta
    assert meta.pk is not None
    fields = [
        field for field in meta.concrete_fields if not field.generated and (has_key or field is not meta.pk)
    ]
    # A generated column is read when somebody asks for it.
    filled = [field for field in meta.db_returning_fields if not field.generated]
    quote = connection.ops.quote_name
    return _Wording(
        f"INSERT INTO {quote(meta.db_table)} ({', '.join(quote(str(field.column)) for field in fields)}) VALUES ",
        tuple(_column(field) for field in fields),
        f" RETURNING {', '.join(quote(str(field.column)) for field in filled)}",
        tuple(field.attname for field in filled),
    )


def _column(field: models.Field[Any, Any]) -> _Column:
    target: Any = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    def before(row: models.Model) -> Any:
        return field.pre_save(row, True)

    made_when_saved = type(field).pre_save not in _SAVED_AS_HELD or getattr(field, "auto_now_add", False)
    made_when_saved = made_when_saved or getattr(field, "auto_now", False)
    return _Column(field.attname, AS_IT_IS.get(type(target)), prepare, before if made_when_saved else None)


# Those whose `pre_save` only reads the attribute (of a date or time: unless it is `auto_now`).
_SAVED_AS_HELD = {models.Field.pre_save, models.DateField.pre_save, models.DateTimeField.pre_save}
