"""Stock documents and transfers with their lines (INV-10 to INV-47)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from inventory.choices import (
    Category,
    Colour,
    DamageCause,
    Direction,
    DocumentState,
    RedReason,
    TransferKind,
    UseKind,
)
from inventory.models.catalogue import Item, Supplier, Warehouse, who


class Transfer(models.Model):
    """调拨单: goods go from one warehouse to another, in transit between (INV-40 to INV-46, LED-06).

    Its audit makes the outbound and the inbound document; each side audits its own.
    """

    number = models.CharField(_("transfer number"), max_length=24, unique=True)
    kind = models.CharField(_("source of the transfer"), max_length=12, choices=TransferKind)
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.SAVED)
    version = models.PositiveIntegerField(default=1, editable=False)
    business_date = models.DateField(_("transfer date"))
    source = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="transfers_out", verbose_name=_("from warehouse")
    )
    target = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="transfers_in", verbose_name=_("to warehouse")
    )
    transit = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", verbose_name=_("transit warehouse")
    )
    requisition = models.CharField(_("requisition number"), max_length=40, blank=True, default="")
    remarks = models.CharField(_("remarks"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("made at"))
    created_by = who(_("made by"))
    audited_at = models.DateTimeField(_("audited at"), null=True, blank=True)
    audited_by = who(_("audited by"))
    first_audited_at = models.DateTimeField(_("first audited at"), null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by = who(_("voided by"))
    void_reason = models.CharField(_("reason of voiding"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        indexes = [
            models.Index(fields=["-business_date", "-id"], name="transfer_newest"),
            models.Index(Right("number", 4), name="transfer_last_four"),
            models.Index(
                fields=["business_date", "id"],
                name="transfer_waiting",
                condition=models.Q(state__in=["editing", "saved"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_states", condition=models.Q(state__in=DocumentState.values)
            ),
            models.CheckConstraint(name="transfer_kinds", condition=models.Q(kind__in=TransferKind.values)),
            models.CheckConstraint(name="transfer_ends", condition=~models.Q(source=models.F("target"))),
            models.CheckConstraint(
                name="transfer_audited",
                condition=models.Q(state="audited", audited_at__isnull=False, first_audited_at__isnull=False)
                | (~models.Q(state="audited") & models.Q(audited_at=None, audited_by=None)),
            ),
            models.CheckConstraint(
                name="transfer_voided",
                condition=(models.Q(state="voided", voided_at__isnull=False) & ~models.Q(void_reason=""))
                | (~models.Q(state="voided") & models.Q(voided_at=None, voided_by=None, void_reason="")),
            ),
            # INV-41: a directive names its 联络单; INV-43: an agreement is written into the remarks.
            models.CheckConstraint(
                name="transfer_ground",
                condition=models.Q(kind="internal")
                | (models.Q(kind="directive") & ~models.Q(requisition=""))
                | (models.Q(kind="negotiated") & ~models.Q(remarks="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """调拨单行: one item. The database keeps what was issued, received and lost of it from the ledger (LED-06)."""

    transfer = models.ForeignKey(
        Transfer, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("transfer")
    )
    ordinal = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    remarks = models.CharField(_("remarks"), max_length=200, blank=True, default="")
    issued = models.DecimalField(_("issued"), max_digits=14, decimal_places=3, default=0, editable=False)
    received = models.DecimalField(_("received"), max_digits=14, decimal_places=3, default=0, editable=False)
    lost = models.DecimalField(
        _("lost in transit"), max_digits=14, decimal_places=3, default=0, editable=False
    )

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "ordinal"], name="transfer_line_once"),
            models.CheckConstraint(name="transfer_line_quantity", condition=models.Q(quantity__gt=0)),
            models.CheckConstraint(
                name="transfer_line_not_negative",
                condition=models.Q(issued__gte=0, received__gte=0, lost__gte=0),
            ),
            models.CheckConstraint(
                name="transfer_line_issued", condition=models.Q(issued__lte=models.F("quantity"))
            ),
            models.CheckConstraint(
                name="transfer_line_arrived",
                condition=models.Q(issued__gte=models.F("received") + models.F("lost")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.ordinal}"

    @property
    def in_transit(self) -> object:
        """What has left and not arrived."""
        return self.issued - self.received - self.lost


class Document(models.Model):
    """出入库单据: inbound or outbound, blue or red letter; only its audit moves stock (INV-10 to INV-14).

    The database keeps: its number, colour and direction for ever; the warehouse from the first audit on (INV-13);
    everything but the audit while it is audited (INV-12). `posting_number` counts audits and un-audits (LED-01).
    """

    number = models.CharField(_("document number"), max_length=24, unique=True)
    category = models.CharField(_("category"), max_length=24, choices=Category)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    colour = models.CharField(_("colour"), max_length=4, choices=Colour, default=Colour.BLUE)
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.SAVED)
    version = models.PositiveIntegerField(default=1, editable=False)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="documents", verbose_name=_("warehouse")
    )
    business_date = models.DateField(_("document date"))
    supplier = models.ForeignKey(
        Supplier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("supplier"),
    )
    requisition = models.CharField(_("requisition number"), max_length=40, blank=True, default="")
    application = models.CharField(_("petty-purchase application"), max_length=40, blank=True, default="")
    cause = models.CharField(_("cause of damage"), max_length=12, choices=DamageCause, blank=True, default="")
    use = models.CharField(_("kind of use"), max_length=20, choices=UseKind, blank=True, default="")
    red_reason = models.CharField(
        _("reason of the red letter"), max_length=14, choices=RedReason, blank=True, default=""
    )
    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("original document"),
    )
    transfer = models.ForeignKey(
        Transfer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("transfer"),
    )
    stocktake = models.ForeignKey(
        "inventory.Stocktake",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("stocktake"),
    )
    claim_kind = models.CharField(max_length=60, blank=True, default="", editable=False)
    claim_public_id = models.CharField(_("claim"), max_length=32, blank=True, default="", editable=False)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True, default="")
    posting_number = models.PositiveIntegerField(default=0, editable=False)
    print_count = models.PositiveIntegerField(_("printed"), default=0, editable=False)
    created_at = models.DateTimeField(_("made at"))
    created_by = who(_("made by"))
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    counted_by = who(_("counted by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = who(_("approved by"))
    audited_at = models.DateTimeField(_("audited at"), null=True, blank=True)
    audited_by = who(_("audited by"))
    first_audited_at = models.DateTimeField(_("first audited at"), null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by = who(_("voided by"))
    void_reason = models.CharField(_("reason of voiding"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("stock document")
        verbose_name_plural = _("stock documents")
        indexes = [
            models.Index(fields=["-business_date", "-id"], name="stockdoc_newest"),
            models.Index(Right("number", 4), name="stockdoc_last_four"),
            models.Index(fields=["warehouse", "-business_date", "-id"], name="stockdoc_of_warehouse"),
            models.Index(
                fields=["business_date", "id"],
                name="stockdoc_waiting",
                condition=models.Q(state__in=["editing", "saved"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="stockdoc_states", condition=models.Q(state__in=DocumentState.values)
            ),
            models.CheckConstraint(name="stockdoc_colours", condition=models.Q(colour__in=Colour.values)),
            models.CheckConstraint(
                name="stockdoc_red",
                condition=models.Q(colour="blue", red_reason="")
                | (models.Q(colour="red", red_reason__in=RedReason.values, original__isnull=False)),
            ),
            models.CheckConstraint(
                name="stockdoc_causes", condition=models.Q(cause="") | models.Q(cause__in=DamageCause.values)
            ),
            models.CheckConstraint(
                name="stockdoc_uses", condition=models.Q(use="") | models.Q(use__in=UseKind.values)
            ),
            models.CheckConstraint(
                name="stockdoc_not_of_itself",
                condition=models.Q(original=None) | ~models.Q(original=models.F("id")),
            ),
            models.CheckConstraint(
                name="stockdoc_counted",
                condition=models.Q(counted_at__isnull=False) | models.Q(counted_by=None),
            ),
            models.CheckConstraint(
                name="stockdoc_approved",
                condition=models.Q(approved_at__isnull=False) | models.Q(approved_by=None),
            ),
            models.CheckConstraint(
                name="stockdoc_audited",
                condition=models.Q(
                    state="audited",
                    audited_at__isnull=False,
                    first_audited_at__isnull=False,
                    posting_number__gt=0,
                )
                | (~models.Q(state="audited") & models.Q(audited_at=None, audited_by=None)),
            ),
            models.CheckConstraint(
                name="stockdoc_voided",
                condition=(models.Q(state="voided", voided_at__isnull=False) & ~models.Q(void_reason=""))
                | (~models.Q(state="voided") & models.Q(voided_at=None, voided_by=None, void_reason="")),
            ),
            models.CheckConstraint(
                name="stockdoc_claim",
                condition=models.Q(claim_kind="", claim_public_id="")
                | (~models.Q(claim_kind="") & ~models.Q(claim_public_id="")),
            ),
            # INV-55: surplus and shortage come from a count, and nothing else does; one of each.
            models.CheckConstraint(
                name="stockdoc_of_count",
                condition=models.Q(category__in=["surplus_in", "shortage_out"], stocktake__isnull=False)
                | (~models.Q(category__in=["surplus_in", "shortage_out"]) & models.Q(stocktake=None)),
            ),
            models.UniqueConstraint(fields=["stocktake", "direction"], name="stockdoc_one_of_count"),
            # One living document of each side of a transfer at a time; losses in transit may be several.
            models.UniqueConstraint(
                fields=["transfer", "direction"],
                condition=models.Q(state__in=["editing", "saved"], colour="blue")
                & ~models.Q(category="transit_loss_out"),
                name="stockdoc_one_waiting_side",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DocumentLine(models.Model):
    """单据行: item, quantity in the item's unit (below zero on a red letter), price in yuan, location, expiry.

    `colour` repeats the document's, held to it by a composite key, so that the sign is a CHECK (INV-26). `returned`
    is what audited red letters have taken back of it; the database keeps it from the ledger (LED-02).
    """

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("document")
    )
    ordinal = models.PositiveSmallIntegerField(_("line"))
    colour = models.CharField(max_length=4, choices=Colour, default=Colour.BLUE, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    location = models.CharField(_("location"), max_length=40, blank=True, default="")
    expires_on = models.DateField(_("usable until"), null=True, blank=True)
    remarks = models.CharField(_("remarks"), max_length=200, blank=True, default="")
    original_line = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="red_lines",
        verbose_name=_("original line"),
    )
    transfer_line = models.ForeignKey(
        TransferLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="document_lines",
        verbose_name=_("transfer line"),
    )
    returned = models.DecimalField(_("returned"), max_digits=14, decimal_places=3, default=0, editable=False)

    class Meta:
        verbose_name = _("document line")
        verbose_name_plural = _("document lines")
        constraints = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="stockline_once"),
            models.CheckConstraint(
                name="stockline_sign",
                condition=models.Q(colour="blue", quantity__gt=0) | models.Q(colour="red", quantity__lt=0),
            ),
            models.CheckConstraint(
                name="stockline_price", condition=models.Q(price=None) | models.Q(price__gte=0)
            ),
            models.CheckConstraint(
                name="stockline_returned",
                condition=models.Q(returned=0)
                | models.Q(returned__gte=0, colour="blue", returned__lte=models.F("quantity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.ordinal}"
