"""Lost goods that are found again (CLM-19)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import ConfirmationWay, FoundChoice
from claims.models.claim import Claim
from claims.models.columns import who


class FoundGoods(models.Model):
    """找回货物: goods of a loss that were found later; the customer chooses them or the money, once (CLM-19)."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="found", verbose_name=_("claim"))
    found_on = models.DateField(_("found on"))
    place = models.CharField(_("where they were found"), max_length=120)
    choice = models.CharField(
        _("the customer chooses"), max_length=10, choices=FoundChoice, blank=True, default=""
    )
    way = models.CharField(
        _("confirmed by the customer"), max_length=10, choices=ConfirmationWay, blank=True, default=""
    )
    chosen_at = models.DateTimeField(_("chosen at"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = who(_("recorded by"))

    class Meta:
        verbose_name = _("found goods")
        verbose_name_plural = _("found goods")
        constraints = [
            models.CheckConstraint(name="found_place", condition=~Q(place="")),
            models.CheckConstraint(
                name="found_choices", condition=Q(choice="") | Q(choice__in=FoundChoice.values)
            ),
            models.CheckConstraint(
                name="found_chosen",
                condition=Q(choice="", way="", chosen_at=None)
                | (~Q(choice="") & ~Q(way="") & Q(chosen_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.found_on}"
