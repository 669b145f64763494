"""Queries that are worded once: a queryset with named gaps becomes SQL at its first use and stays that.

Django words a queryset anew at every use, which takes several times as long as asking it. What every request and every
registration asks is prepared:

    BY_NUMBER = Prepared(lambda: Waybill.objects.filter(number=given("number")))
    BY_NUMBER.first(number="8620 …")

The queryset is Django's own with all that belongs to it (`select_related`, `only`, `values_list`, row locks); only
`prefetch_related` is left out. `number__any=given("numbers")` is `= ANY`: one text for lists of every length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Field, ForeignKey, Lookup, Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators

R = TypeVar("R")


class given(Value):
    """A gap: what stands there is given at every use."""

    def __init__(self, name: str) -> None:
        super().__init__(_Gap(name))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The gap itself stands for its value."""
        return "%s", [self.value]


@dataclass(frozen=True)
class _Gap:
    name: str


@Field.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """`= ANY` of a list, which an index serves like IN."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The comparison."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_values, *right_values]


@dataclass(frozen=True)
class _Plan:
    """The wording, and what makes objects out of rows."""

    sql: str
    values: tuple[Any, ...]
    compiler: Any
    converters: Any
    locks: bool


class Prepared(Generic[R]):
    """A queryset with gaps. `make` builds it; R is what its rows are: a model, a tuple, a value."""

    def __init__(self, make: Callable[[], QuerySet[Any, R]]) -> None:
        self._make = make
        self._plan: _Plan | None = None

    def rows(self, **values: Any) -> list[R]:
        """Every row. Raises KeyError for a gap without a value."""
        plan = self._plan or self._word()
        if plan.locks and not connection.in_atomic_block:
            raise transaction.TransactionManagementError(
                "select_for_update cannot be used outside of a transaction."
            )
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, [values[one.name] if type(one) is _Gap else one for one in plan.values])
            found = cursor.fetchall()
        return list(self._read(plan, found)) if found else []

    def first(self, **values: Any) -> R | None:
        """The first row, None without any. The query itself says in which order, and how many."""
        return next(iter(self.rows(**values)), None)

    def sql(self, **values: Any) -> tuple[str, list[Any]]:
        """Text and values, for a statement around it."""
        plan = self._plan or self._word()
        return plan.sql, [values[one.name] if type(one) is _Gap else one for one in plan.values]

    def _word(self) -> _Plan:
        rows = self._make()
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("a prepared query fetches nothing besides its rows")
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        compiler.col_count = len(compiler.select)
        fields = [column[0] for column in compiler.select]
        self._iterable = rows._iterable_class  # type: ignore[attr-defined]
        self._flat = "Flat" in self._iterable.__name__
        self._plan = _Plan(
            sql, tuple(values), compiler, compiler.get_converters(fields), rows.query.select_for_update
        )
        return self._plan

    def _read(self, plan: _Plan, found: Sequence[Any]) -> Iterator[Any]:
        rows: Any = found
        if plan.converters:
            # The converters ask the connection of this thread, not of the one that worded the query.
            rows = _converted(rows, plan.converters)
        if not issubclass(self._iterable, ModelIterable):
            yield from (chain.from_iterable(rows) if self._flat else (tuple(row) for row in rows))
            return
        compiler = plan.compiler
        shape = compiler.klass_info
        model: type[Model] = shape["model"]
        start, end = shape["select_fields"][0], shape["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[start:end]]
        related = get_related_populators(shape, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        extra = compiler.annotation_col_map or {}
        for row in rows:
            made = model.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
            for populator in related:
                populator.populate(row, made)
            for name, place in extra.items():
                setattr(made, name, row[place])
            yield made


def _converted(rows: Sequence[Any], converters: dict[int, Any]) -> Iterator[list[Any]]:
    """The rows with every column as its field reads it."""
    here = connections[DEFAULT_DB_ALIAS]
    items = list(converters.items())
    for row in map(list, rows):
        for place, (functions, expression) in items:
            value = row[place]
            for function in functions:
                value = function(value, expression, here)
            row[place] = value
        yield row
