"""Enumerations of conduct: value, label, tone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SanctionState(models.TextChoices):
    """处罚状态 (SAN-10)."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    SETTLED = "settled", _("carried out")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Measure(models.TextChoices):
    """What the sanction is (SAN-06): undecided until somebody sets it; points stand for a fine by policy (CLM-21)."""

    UNDECIDED = "undecided", _("not decided yet")
    FINE = "fine", _("fine")
    WARNING = "warning", _("formal warning")
    CRITICISM = "criticism", _("notice of criticism")
    POINTS = "points", pgettext_lazy("sanction", "points")


class FinesAs(models.TextChoices):
    """What a fine on a person becomes (CLM-21)."""

    MONEY = "money", _("money")
    POINTS = "points", pgettext_lazy("sanction", "points")


SanctionState.tone = {  # type: ignore[attr-defined]
    "proposed": "amber",
    "confirmed": "violet",
    "settled": "green",
    "withdrawn": "off",
}
SanctionState.icon = {  # type: ignore[attr-defined]
    "proposed": "clock",
    "confirmed": "stamp",
    "settled": "okcirc",
    "withdrawn": "ban",
}
Measure.tone = {"undecided": "line", "fine": "", "warning": "", "criticism": "", "points": ""}  # type: ignore[attr-defined]
Measure.icon = {  # type: ignore[attr-defined]
    "undecided": "dot",
    "fine": "coin",
    "warning": "alert",
    "criticism": "flag",
    "points": "star",
}
