"""The glossary's tables made from the code: every record's name and every label of a choice, in three languages.

docs/glossary.md holds the words of the trade, kept by hand, and these two, between their marks; `manage.py messages`
writes them anew and `--check` says when they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from servicecenter.catalogues import Catalogue

PLACE = Path("docs/glossary.md")
RECORDS, LABELS = "records", "labels"
# The gallery's invented states are no words of the trade.
SAMPLES = "servicecenter.gallery"


def refreshed(text: str, simplified: Catalogue, traditional: Catalogue) -> str:
    """The glossary's text with its made tables as the code and the catalogues have them now.

    Raises ValueError when a pair of marks is missing.
    """
    tables = {RECORDS: _records(simplified, traditional), LABELS: _labels(simplified, traditional)}
    for name, lines in tables.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marks.search(text):
            raise ValueError(f"{PLACE}: no marks for {name}")
        body = "\n".join(lines) + "\n"
        text = marks.sub(lambda found, body=body: found[1] + body + found[2], text)  # type: ignore[misc]
    return text


def own_models() -> Iterator[type[models.Model]]:
    """Every record of our apps, lowest app first."""
    for app in reversed(settings.LOCAL_APPS):
        yield from sorted(apps.get_app_config(app).get_models(), key=lambda model: model.__name__)


def own_choices() -> list[type[models.Choices]]:
    """Every enumeration of our apps, in order of place and name."""

    def below(kind: type) -> Iterator[type]:
        one: type
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    for app in settings.LOCAL_APPS:
        if find_spec(f"{app}.choices"):
            import_module(f"{app}.choices")
    found = {
        one
        for one in below(models.Choices)
        if one.__module__.partition(".")[0] in settings.LOCAL_APPS and one.__module__ != SAMPLES
    }
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))


def _records(simplified: Catalogue, traditional: Catalogue) -> Iterator[str]:
    yield "| record | English | 简体 | 繁體 |"
    yield "|---|---|---|---|"
    for model in own_models():
        yield f"| `{model._meta.label}` | {_said(model._meta.verbose_name, simplified, traditional)} |"


def _labels(simplified: Catalogue, traditional: Catalogue) -> Iterator[str]:
    yield "| where | value | English | 简体 | 繁體 |"
    yield "|---|---|---|---|---|"
    for kind in own_choices():
        where = f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
        for value, label in kind.choices:
            yield f"| `{where}` | `{value}` | {_said(label, simplified, traditional)} |"


def _said(label: Any, simplified: Catalogue, traditional: Catalogue) -> str:
    with translation.override("en"):
        english = str(label)
    return " | ".join([english, *(_find(one.entries, english) for one in (simplified, traditional))])


def _find(entries: Mapping[tuple[str, str], Any], english: str) -> str:
    """The translation under whatever context; a label that is the same in every language stands as it is."""
    if plain := entries.get(("", english)):
        return plain.text or english
    return next((entry.text for (_context, msgid), entry in entries.items() if msgid == english), english)
