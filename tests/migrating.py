"""Migrating an empty database forwards at a tenth of the cost, with the same outcome.

After every operation Django builds the classes of all models anew that are related to the changed one, so that those
of the moment before stay as they were. Going forwards, an operation that only adds — a model, a field, an index, a
constraint — never looks back at them: here the addition is made to the classes that are there. Every other operation,
and every statement that reaches the database, is Django's own. That the tables are the same is shown where a database
is migrated without this (tests/faults/test_migrate.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, Field


@contextmanager
def growing() -> Iterator[None]:
    """Inside, states of migrations grow in place. Only for migrating forwards."""
    with patch.multiple(
        ProjectState, add_model=_add_model, add_field=_add_field, _append_option=_append_option
    ):
        yield


def _add_model(self: Any, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])
        _gather(self)


def _add_field(
    self: Any, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
) -> None:
    key = app_label, model_name
    if not preserve_default:
        field = field.clone()
        field.default = NOT_PROVIDED
    self.models[key].fields[name] = field
    if self._relations is not None:
        self.resolve_model_field_relations(key, name, field)
    if "apps" in self.__dict__:
        self.apps.get_model(*key).add_to_class(name, field.clone())
        _gather(self)


def _append_option(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if "apps" in self.__dict__:
        meta = self.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, list(options[option_name]))
        meta._expire_cache()


def _gather(state: ProjectState) -> None:
    """Classes taken over from the state before find what is related to them in this one."""
    for model in state.apps.get_models(include_auto_created=True, include_swapped=True):
        model._meta.apps = state.apps
    state.apps.clear_cache()
