"""Identity and bank numbers at rest (PRV-02): encrypted by keys of the environment, found again by a keyed hash.

`FIELD_KEYS` holds Fernet keys, the newest first: it encrypts, all of them decrypt. To change keys put a new one
first, restart, call `rotate()`, then remove the old one. A value that no key opens is an error, never an empty text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models, transaction

M = TypeVar("M", bound=models.Model)
ROTATION_BATCH = 500


class CannotDecrypt(Exception):
    """No key of FIELD_KEYS opens the value: a key is missing, or the value was changed."""


@cache
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _fernet() -> MultiFernet:
    return _keys(tuple(settings.FIELD_KEYS))


def encrypt(text: str) -> str:
    """The text under the newest key; the same text gives another result each time."""
    return _fernet().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """The text of a token. Raises CannotDecrypt."""
    try:
        return _fernet().decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as problem:
        raise CannotDecrypt("no key of FIELD_KEYS opens this value") from problem


def upright(value: str) -> str:
    """An identity or account number as it is compared: no spaces or hyphens, capital letters."""
    return "".join(value.split()).replace("-", "").upper()


def lookup_hashes(value: str, normalise: Callable[[str], str] = upright) -> list[str]:
    """The keyed hashes a value may be stored under, one a key: `filter(identity_hash__in=lookup_hashes(number))`."""
    plain = normalise(value)
    return [_hash(plain, key) for key in settings.FIELD_KEYS] if plain else []


def _hash(plain: str, key: str) -> str:
    """HMAC-SHA-256 under a key derived for this use alone, so that hash and cipher share nothing."""
    derived = hmac.new(base64.urlsafe_b64decode(key), b"servicecenter keyed hash", hashlib.sha256).digest()
    return hmac.new(derived, plain.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that stands encrypted in the database; empty stays empty. It can be asked for emptiness only."""

    def get_prep_value(self, value: Any) -> Any:
        """What is written: a fresh token."""
        plain = super().get_prep_value(value)
        return encrypt(plain) if plain else plain

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """What is read. Raises CannotDecrypt."""
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`: every comparison with a token would be wrong in silence. Raises FieldError."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted; look it up by its keyed hash (lookup_hashes)")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        """None: there is nothing to compute with. Raises FieldError."""
        raise FieldError(f"{self.name} is encrypted; look it up by its keyed hash (lookup_hashes)")


class KeyedHashField(models.CharField):  # type: ignore[type-arg]
    """The keyed hash of another field of the row, kept by `save()` and `bulk_create()`: same value, same hash.

    `queryset.update()` and `bulk_update()` bypass it, as they bypass every computed field: write such rows by `save()`.
    """

    def __init__(self, *, source: str, normalise: Callable[[str], str] = upright, **options: Any) -> None:
        self.source, self.normalise = source, normalise
        usual: dict[str, Any] = {
            "max_length": 64,
            "blank": True,
            "default": "",
            "editable": False,
            "db_index": True,
        }
        super().__init__(**(usual | options))

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, positional, options = super().deconstruct()
        return name, path, positional, options | {"source": self.source, "normalise": self.normalise}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The hash under the newest key, '' for no value."""
        plain = self.normalise(getattr(model_instance, self.source) or "")
        value = _hash(plain, settings.FIELD_KEYS[0]) if plain else ""
        setattr(model_instance, self.attname, value)
        return value


def encrypted_models() -> list[type[models.Model]]:
    """Every model with an encrypted field."""
    return [model for model in apps.get_models() if _encrypted(model)]


def rotate() -> dict[str, int]:
    """Write every encrypted value, and its hash, anew under the newest key; rows of each model written.

    Safe beside the running system and safe to repeat: rows are locked in batches by id. Raises CannotDecrypt at a
    value that no key opens; the batches before it are done.
    """
    return {model._meta.label_lower: _rotate(model) for model in encrypted_models()}


def _encrypted(model: type[models.Model]) -> list[str]:
    return [
        field.attname
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField | KeyedHashField)
    ]


def _rotate(model: type[M]) -> int:
    fields, last, written = _encrypted(model), 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                model._base_manager.select_for_update()
                .only("pk", *fields)
                .filter(pk__gt=last)
                .order_by("pk")[:ROTATION_BATCH]
            )
            for row in rows:
                row.save(update_fields=fields)
        written += len(rows)
        if len(rows) < ROTATION_BATCH:
            return written
        last = rows[-1].pk
