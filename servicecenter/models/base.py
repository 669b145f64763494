"""What several tables share: the database's clock as a default, unguessable identifiers."""

from __future__ import annotations

import secrets

from django.db import models


class ClockTimestamp(models.Func):
    """The database's wall clock, not the transaction's start."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


def public_id() -> str:
    """128 random bits as 32 hex digits: for whatever leaves the login (D22)."""
    return secrets.token_hex(16)
