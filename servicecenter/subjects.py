"""What trail, clocks, notices and files point at: a kind (natural key of the content type) and an id."""

from __future__ import annotations

from dataclasses import dataclass

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
