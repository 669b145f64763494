"""How policy numbers are told in the editor and in notices: values, keys and their order, in words (D19)."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext, ngettext

from organization.models import Role
from organization.policy_words import (
    BYTES,
    PERMILLE,
    POLICY_TEXTS,
    ROLES,
    SECONDS,
    SEVERAL,
    TEXTS,
    UNITS,
    YUAN,
    Figure,
    PolicyText,
)
from servicecenter.i18n import say

__all__ = [
    "BYTES", "PERMILLE", "POLICY_TEXTS", "ROLES", "SECONDS", "SEVERAL", "TEXTS", "UNITS", "YUAN", "Figure",
    "PolicyText", "in_largest_unit", "key_place", "key_words", "said", "text_of",
]  # fmt: skip


def text_of(code: str) -> PolicyText:
    """The words of a code; a code without words is drawn by its field names."""
    found = POLICY_TEXTS.get(code)
    if found is not None:
        return found
    names = [item.name for item in dataclasses.fields(import_string(settings.POLICY_TYPES[code]))]
    return PolicyText(code, "", {name: Figure(name) for name in names})


def in_largest_unit(unit: str, value: int) -> tuple[int, int, Any]:
    """(figure, size of the unit, its name): 5 400 seconds are 90 minutes, 86 400 seconds are 24 hours.

    Days are used from two days on: the book says "24 hours".
    """
    for size, label in UNITS[unit]:
        if value % size == 0 and value // size >= (2 if size == 86_400 else 1):
            return value // size, size, label
    size, label = UNITS[unit][-1]
    return value, size, label


def said(code: str, value: Any) -> list[tuple[str, str]]:
    """A policy value in words: (label, figure with its unit) for each field of its type."""
    figures = text_of(code).figures
    return [(str(figure.label), _said(figure, getattr(value, name))) for name, figure in figures.items()]


def _length(number: int, size: int) -> str:
    """A length of time in words."""
    worded = {
        86_400: ngettext("%(n)s day", "%(n)s days", number),
        3_600: ngettext("%(n)s hour", "%(n)s hours", number),
        60: ngettext("%(n)s minute", "%(n)s minutes", number),
        1: ngettext("%(n)s second", "%(n)s seconds", number),
    }
    return worded[size] % {"n": number}


def _said(figure: Figure, held: Any) -> str:
    if held is None:
        return gettext("by circumstance") if figure.unit == YUAN else gettext("not used")
    if figure.zero and held == 0:
        return str(figure.zero)
    if figure.unit == PERMILLE:
        return f"{Decimal(held) / 10:g}%"
    if figure.unit in UNITS:
        number, size, label = in_largest_unit(figure.unit, held)
        return _length(number, size) if figure.unit == SECONDS else f"{number:,} {label}"
    if figure.unit == ROLES:
        names = {role.code: str(role) for role in Role.objects.filter(code__in=held)}
        return gettext(", ").join(names.get(code, code) for code in held)
    if figure.unit == SEVERAL:
        return gettext(", ").join(_choice(figure.choices, one) for one in held) or gettext("none")
    if figure.unit == TEXTS:
        return say(held)
    if figure.unit == YUAN:
        return f"¥{Decimal(held):,.2f}"
    if figure.choices:
        return _choice(figure.choices, held)
    if isinstance(held, int | float):
        said = f"{held:,}".replace("-", "−")
        # A sign of per cent stands at its figure, whatever words follow.
        return f"{said}{figure.unit}" if str(figure.unit).startswith("%") else f"{said} {figure.unit}".strip()
    return str(held) or "—"


def key_words(code: str, key: str) -> str:
    """A key in words: `resolution|tier=A` → "resolution, tier A"; the general row is "all"."""
    if not key:
        return gettext("all cases")
    text = text_of(code)
    first, *conditions = key.split("|")
    said = [_choice(text.key_choices, first)]
    named = {"tier": gettext("tier"), "category": gettext("category"), "channel": gettext("channel")}
    for condition in conditions:
        name, _sign, value = condition.partition("=")
        path = "complaints.choices.Channel" if name == "channel" else ""
        said.append(f"{named.get(name, name)} {_choice(path, value)}")
    return gettext(", ").join(said)


def key_place(code: str, key: str) -> tuple[int, int, str]:
    """Where a row stands in a list: as its choices class counts the kinds, the general row of a kind first."""
    first = key.split("|")[0]
    path = text_of(code).key_choices
    order = import_string(path).values if path not in {"", "*"} else []
    return (order.index(first) if first in order else -1, key.count("|"), key)


def _choice(path: str, value: str) -> str:
    """The label of a value of a choices class named by its path; the value when there is none."""
    if not path or path == "*":
        return value
    try:
        return str(import_string(path)(value).label)
    except (ImportError, ValueError):
        return value
