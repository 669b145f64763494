"""Keyset paging (D12): named orders, one direction, `id` last, signed cursors. Pages, API and exports share it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from servicecenter.kernel.errors import RuleBroken

M = TypeVar("M", bound=Model)
R = TypeVar("R")
SALT = "servicecenter.keyset"


@dataclass(frozen=True)
class Order:
    """A named order. `fields` are NOT NULL columns without sign, `id` is appended; one direction for all."""

    name: str
    fields: tuple[str, ...]
    descending: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns with `id` last."""
        return (*self.fields, "id")

    def apply(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The query in this order."""
        sign = "-" if self.descending else ""
        return rows.order_by(*(sign + column for column in self.columns))


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page: its rows, and the cursors of the next and previous page ('' when there is none)."""

    rows: list[R]
    next_cursor: str
    previous_cursor: str


def paginate(
    rows: QuerySet[M], *, order: Order, cursor: str = "", size: int = 50, filters: str = ""
) -> Page[M]:
    """One page of `rows`. `filters` is the filter's query string: a cursor of another filter is refused.

    Raises RuleBroken `keyset.cursor` (400) for a cursor that is forged, or of another order or filter.
    """
    mark = hashlib.sha256(filters.encode()).hexdigest()[:12]
    backwards, values = _read(cursor, order, mark)
    chosen = order.apply(rows)
    if values is not None:
        chosen = chosen.filter(_beyond(order, values, backwards))
    if backwards:
        chosen = chosen.reverse()
    found = list(chosen[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (backwards or more)
    has_previous = bool(found) and (more if backwards else values is not None)
    return Page(
        rows=found,
        next_cursor=_sign(order, mark, found[-1], False) if has_next else "",
        previous_cursor=_sign(order, mark, found[0], True) if has_previous else "",
    )


def iterate(rows: QuerySet[M], *, order: Order, size: int = 1000) -> Any:
    """All rows in order, chunk by chunk: exports use memory that does not grow with the rows."""
    values: Sequence[Any] | None = None
    while True:
        chosen = order.apply(rows)
        if values is not None:
            chosen = chosen.filter(_beyond(order, values, False))
        chunk = list(chosen[:size])
        yield from chunk
        if len(chunk) < size:
            return
        values = _values(order, chunk[-1])


def _beyond(order: Order, values: Sequence[Any], backwards: bool) -> Any:
    lookup = TupleLessThan if order.descending != backwards else TupleGreaterThan
    return lookup(Tuple(*(F(column) for column in order.columns)), tuple(values))


def _values(order: Order, row: Model) -> list[Any]:
    found = []
    for column in order.columns:
        value: Any = row
        for part in column.split("__"):
            value = getattr(value, part)
        found.append(value)
    return found


def _sign(order: Order, mark: str, row: Model, backwards: bool) -> str:
    plain = [_packed(value) for value in _values(order, row)]
    return signing.dumps([order.name, mark, backwards, plain], salt=SALT, compress=True)


def _read(cursor: str, order: Order, mark: str) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        name, signed_mark, backwards, plain = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise RuleBroken("keyset.cursor", field="cursor", status=400) from problem
    if name != order.name or signed_mark != mark or len(plain) != len(order.columns):
        raise RuleBroken("keyset.cursor", field="cursor", status=400)
    return backwards, [_unpacked(value) for value in plain]


def _packed(value: Any) -> Any:
    """A value as JSON keeps it without loss; raises TypeError for a kind that no order may hold."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"an order cannot hold {type(value).__name__}: its columns are NOT NULL")


def _unpacked(value: Any) -> Any:
    match value:
        case {"t": text}:
            return datetime.fromisoformat(text)
        case {"d": text}:
            return date.fromisoformat(text)
        case {"n": text}:
            return Decimal(text)
    return value
