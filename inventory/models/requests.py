"""Requests for item codes that do not exist yet (INV-16)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.choices import ItemClass, ItemRequestState
from inventory.models.catalogue import Item, Warehouse, who


class ItemRequest(models.Model):
    """存货编码申请: goods without a code, described and photographed by the site where they lie (INV-16).

    Its three pictures are attachments whose role is a `PhotoSlot`. What was asked stays as it was asked; the code that
    business management made of it is `item`. `answer` is the reason of a refusal or of a withdrawal.
    """

    number = models.CharField(_("request number"), max_length=24, unique=True)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="item_requests", verbose_name=_("warehouse")
    )
    name = models.CharField(_("item name"), max_length=60)
    spec = models.CharField(_("specification and model"), max_length=120)
    unit = models.CharField(_("unit"), max_length=10)
    item_class = models.CharField(_("item class"), max_length=12, choices=ItemClass)
    reason = models.CharField(_("what it is needed for"), max_length=300)
    state = models.CharField(
        _("state"), max_length=10, choices=ItemRequestState, default=ItemRequestState.REQUESTED
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("asked at"))
    created_by = who(_("asked by"))
    passed_at = models.DateTimeField(_("passed on at"), null=True, blank=True)
    passed_by = who(_("passed on by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = who(_("decided by"))
    answer = models.CharField(_("reason of the refusal"), max_length=300, blank=True, default="")
    item = models.OneToOneField(
        Item, models.PROTECT, null=True, blank=True, related_name="request", verbose_name=_("stock item")
    )

    class Meta:
        verbose_name = _("request for an item code")
        verbose_name_plural = _("requests for item codes")
        indexes = [models.Index(fields=["-created_at", "-id"], name="itemrequest_newest")]
        constraints = [
            models.CheckConstraint(name="itemrequest_states", condition=Q(state__in=ItemRequestState.values)),
            models.CheckConstraint(name="itemrequest_classes", condition=Q(item_class__in=ItemClass.values)),
            models.CheckConstraint(
                name="itemrequest_said",
                condition=~Q(name="") & ~Q(spec="") & ~Q(unit="") & ~Q(reason=""),
            ),
            # The department has passed it on before business management decides (site > department > management).
            models.CheckConstraint(
                name="itemrequest_passed",
                condition=Q(state="requested", passed_at=None, passed_by=None)
                | Q(state__in=["passed", "granted"], passed_at__isnull=False)
                | (Q(state__in=["refused", "withdrawn"]) & (Q(passed_at__isnull=False) | Q(passed_by=None))),
            ),
            models.CheckConstraint(
                name="itemrequest_decided",
                condition=Q(state__in=["requested", "passed"], decided_at=None, decided_by=None)
                | (~Q(state__in=["requested", "passed"]) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="itemrequest_granted",
                condition=Q(state="granted", item__isnull=False) | (~Q(state="granted") & Q(item=None)),
            ),
            models.CheckConstraint(
                name="itemrequest_answered",
                condition=(Q(state__in=["refused", "withdrawn"]) & ~Q(answer=""))
                | (~Q(state__in=["refused", "withdrawn"]) & Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
