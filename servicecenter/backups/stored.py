"""The files that rows name: which, what they must be, and where they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.files.storage import Storage
from django.db import models


@dataclass(frozen=True)
class Stored:
    """One file that a row names; `sha256` is what the row says of it, '' where it says nothing."""

    name: str
    sha256: str
    model: type[models.Model]
    pk: int
    attname: str
    storage: Storage

    def is_named(self) -> bool:
        """Whether the row still stands and names it."""
        return self.model._base_manager.filter(pk=self.pk, **{self.attname: self.name}).exists()


def file_fields() -> Iterator[tuple[type[models.Model], models.FileField]]:
    """Every field that holds a file."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                yield model, field


def named() -> list[Stored]:
    """Every file that a row names now."""
    found = []
    for model, field in file_fields():
        columns = {one.attname for one in model._meta.local_concrete_fields}
        digest = next((name for name in (f"{field.attname}_sha256", "sha256") if name in columns), None)
        rows = model._base_manager.exclude(**{field.attname: ""}).order_by("pk")
        for pk, name, *said in rows.values_list("pk", field.attname, *([digest] if digest else [])):
            if name:
                found.append(Stored(name, (said or [""])[0], model, pk, field.attname, field.storage))
    return found
