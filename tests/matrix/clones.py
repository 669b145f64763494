"""Many rows like one: what lists are grown with, without going through a service for each."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
_figures = itertools.count(1)


def clones(row: M, count: int, **changes: Callable[[int], Any]) -> list[M]:
    """`count` copies of a row; each of `changes` makes a column of its own from a figure never given before."""
    made = []
    for _place in range(count):
        one = copy.copy(row)
        one._state = copy.copy(row._state)
        one._state.fields_cache = dict(row._state.fields_cache)
        one._state.adding, one.pk = True, None
        figure = next(_figures)
        for name, make in changes.items():
            setattr(one, name, make(figure))
        made.append(one)
    return type(row)._default_manager.bulk_create(made)
