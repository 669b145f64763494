"""What trail, clocks, notices and files point at: a kind (natural key of the content type) and an id."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Subject:
    """A business record as the ground floor sees it."""

    kind: str
    object_id: int
    number: str
    title: str
    url: str


def kind_of(obj: models.Model | type[models.Model]) -> str:
    """`complaints.complaint` for a complaint: the content type's natural key, stable and readable."""
    return obj._meta.label_lower
