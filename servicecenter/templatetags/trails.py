"""The trail of a record as a table, the same on every page: when, who, what, before and after, through which door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicecenter import dates
from servicecenter.i18n import LANGUAGE_TAGS, say
from servicecenter.models import TrailEntry
from servicecenter.wording import trail_text

register = template.Library()
VIA = {
    "page": gettext_lazy("page"),
    "api": gettext_lazy("API"),
    "clock": gettext_lazy("clock process"),
    "task": gettext_lazy("background task"),
    "import": gettext_lazy("import"),
    "command": gettext_lazy("command"),
    "demo": gettext_lazy("demo"),
}


@dataclass(frozen=True)
class Change:
    """One field before and after, in words; personal values only as their masks."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """One entry in words."""

    entry: TrailEntry
    who: str
    what: str
    changes: tuple[Change, ...]
    via: str


@register.inclusion_tag("components/_trail.html")
def trail_table(entries: Iterable[TrailEntry]) -> dict[str, Any]:
    """`{% trail_table entries %}`: rows of the trail, as `servicecenter.trail.entries_of` gives them."""
    return {"rows": [_row(entry) for entry in entries]}


def _row(entry: TrailEntry) -> Row:
    return Row(
        entry=entry,
        who=entry.by.name if entry.by else _("the system"),
        what=trail_text(entry.code, entry.params),
        changes=tuple(_change(entry.kind, name, pair) for name, pair in entry.changes.items()),
        via=" ".join(part for part in (str(VIA.get(entry.via, entry.via)), entry.address or "") if part),
    )


def _change(kind: str, name: str, pair: Any) -> Change:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    field = _field(kind, name)
    label = str(getattr(field, "verbose_name", "") or name)
    return Change(label, _said(field, before), _said(field, after))


def _field(kind: str, name: str) -> Any:
    """The model's field of that name; None for what is no field."""
    try:
        return apps.get_model(kind)._meta.get_field(name.removesuffix("_id"))
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _said(field: Any, value: Any) -> str:
    """A kept value as people read it."""
    if value in (None, ""):
        return "—"
    if isinstance(value, dict):
        if "masked" in value:
            return str(value["masked"] or "—")
        if set(value) <= set(LANGUAGE_TAGS.values()):
            return say(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    kind = getattr(field, "get_internal_type", str)()
    if kind == "DateTimeField":
        return dates.say_when(datetime.fromisoformat(value))
    if kind == "DateField":
        return date.fromisoformat(value).isoformat()
    return str(value)
