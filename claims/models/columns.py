"""Columns that several tables of claims have: who, yuan and fen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def who(label: Any, *, null: bool = True) -> Any:
    """A user who did a step; none is the system."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=null,
        blank=null,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


def yuan(label: Any, *, null: bool = True) -> Any:
    """An amount in yuan with two places (MON-01)."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, null=null, blank=null)
