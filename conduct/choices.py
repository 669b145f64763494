"""Enumerations of conduct: value, label, tone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SanctionState(models.TextChoices):
    """处罚状态 (SAN-10)."""

    PROPOSED = "proposed", pgettext_lazy("sanction", "proposed")
    CONFIRMED = "confirmed", pgettext_lazy("sanction", "confirmed")
    SETTLED = "settled", pgettext_lazy("sanction", "settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("sanction", "withdrawn")


class Measure(models.TextChoices):
    """What the sanction is (SAN-06): undecided until somebody sets it."""

    UNDECIDED = "undecided", pgettext_lazy("sanction", "not decided yet")
    FINE = "fine", _("fine")
    WARNING = "warning", pgettext_lazy("sanction", "warning")
    CRITICISM = "criticism", _("notice of criticism")


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
Measure.tone = {"undecided": "line", "fine": "", "warning": "", "criticism": ""}  # type: ignore[attr-defined]
Measure.icon = {  # type: ignore[attr-defined]
    "undecided": "dot",
    "fine": "coin",
    "warning": "alert",
    "criticism": "flag",
}
