"""What trail, clocks, notices and files point at: a kind (natural key of the content type) and an id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models


@dataclass(frozen=True)
class Subject:
    """A business record as the ground floor sees it. `is_masked`: its reader must not learn whom it is about."""

    kind: str
    object_id: int
    number: str
    title: str
    url: str
    is_masked: bool = False


def kind_of(obj: models.Model | type[models.Model]) -> str:
    """`complaints.complaint` for a complaint: the content type's natural key, stable and readable."""
    return obj._meta.label_lower


def found_by_number(kind: str, number: str) -> Any | None:
    """The record of a kind by its number; None without one, or where the number itself is what is masked.

    Whether somebody may see it is the subject port's answer: a kind that is not bound to it is not looked for.
    """
    if kind not in settings.PORTS.get("servicecenter.subject", {}):
        return None
    model = apps.get_model(kind)
    names = {field.name for field in model._meta.fields} - set(getattr(model, "PERSONAL", {}))
    return model._default_manager.filter(number=number.strip().upper()).first() if "number" in names else None
