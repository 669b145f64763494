"""Several small tables in one statement: each row travels as JSON and becomes its model again.

A ticket has rounds, pauses, findings, notices and the like; a query for each would make the page's statements grow
with what a ticket can have. `read` unions them; foreign keys to people and departments bring what is shown of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import JSONObject

from organization.models import Department, Employee, User
from servicecenter.prepared import Prepared, given

M = TypeVar("M", bound=models.Model)


def payload(model: type[models.Model]) -> JSONObject:
    """A row as JSON: its own columns, and of who and which department what is shown."""
    parts: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        parts[field.attname] = F(field.attname)
        for name in _shown(field):
            parts[f"{field.name}:{name}"] = F(f"{field.name}__{name.replace('.', '__')}")
    return JSONObject(**parts)


def _shown(field: models.Field[Any, Any]) -> Sequence[str]:
    target = field.related_model
    if target is Department:
        return ("names", "path", "code")
    if target is Employee:
        return ("name", "work_number")
    if target is not None and target._meta.label == settings.AUTH_USER_MODEL:  # type: ignore[union-attr]
        return ("work_number", "employee.name", "employee.work_number")
    return ()


def row_of(model: type[M], values: Mapping[str, Any]) -> M:
    """The model again, with the people and departments it names."""
    made = model(
        **{
            field.attname: field.to_python(values[field.attname])
            if values[field.attname] is not None
            else None
            for field in model._meta.concrete_fields
            if field.attname in values
        }
    )
    made._state.adding, made._state.db = False, "default"
    for field in model._meta.concrete_fields:
        if _shown(field):
            setattr(made, field.name, _related(field, values))
    return made


def _related(field: models.Field[Any, Any], values: Mapping[str, Any]) -> Any:
    pk = values[field.attname]
    if pk is None:
        return None
    own = {name: values[f"{field.name}:{name}"] for name in _shown(field)}
    if field.related_model in {Department, Employee}:
        return field.related_model(pk=pk, **own)  # type: ignore[operator]
    person = Employee(name=own["employee.name"], work_number=own["employee.work_number"])
    return User(pk=pk, work_number=own["work_number"], employee=person)


def read(models_of: Mapping[str, type[models.Model]], *, complaint_id: int) -> dict[str, list[Any]]:
    """A ticket's rows by name → lists by name, in one statement; each list in the order of its ids."""
    found: dict[str, list[Any]] = {name: [] for name in models_of}
    for which, _pk, values in _statement(tuple(models_of.items())).rows(complaint=complaint_id):
        found[which].append(row_of(models_of[which], values))
    return found


@cache
def _statement(
    models_of: tuple[tuple[str, type[models.Model]], ...],
) -> Prepared[tuple[str, int, Mapping[str, Any]]]:
    """The union over all of them."""
    return Prepared(lambda: _union(models_of))


def _union(models_of: Sequence[tuple[str, type[models.Model]]]) -> models.QuerySet[Any, Any]:
    parts = [
        model._default_manager.filter(complaint_id=given("complaint"))
        .order_by()
        .annotate(which=Value(name, output_field=CharField()), values_of_row=payload(model))
        .values_list("which", "pk", "values_of_row")
        for name, model in models_of
    ]
    return parts[0].union(*parts[1:], all=True).order_by("which", "pk")
