"""What the API says of the stock."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inventory.api.door import code_of
from inventory.models import (
    Balance,
    Document,
    DocumentLine,
    Item,
    LedgerEntry,
    Supplier,
    Transfer,
    TransferLine,
    Warehouse,
)
from inventory.queries.documents import document_link
from servicecenter.wording import rule_text


def quantity(**kwargs: Any) -> serializers.DecimalField:
    """A quantity in the item's unit, three decimals."""
    return serializers.DecimalField(max_digits=20, decimal_places=3, read_only=True, **kwargs)


class ItemSerializer(serializers.ModelSerializer[Item]):
    """An item of the master."""

    names = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Item
        fields = (
            "code", "names", "spec", "item_class", "repair_class", "unit", "aux_unit", "aux_factor", "reserve_least",
            "reserve_most", "closed_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class SupplierSerializer(serializers.ModelSerializer[Supplier]):
    """A supplier."""

    class Meta:
        model = Supplier
        fields = ("code", "name", "contact", "telephone", "remarks", "closed_on", "version")
        read_only_fields = fields


class WarehouseSerializer(serializers.ModelSerializer[Warehouse]):
    """A warehouse."""

    names = serializers.DictField(child=serializers.CharField(), read_only=True)
    department = code_of("department")

    class Meta:
        model = Warehouse
        fields = ("code", "names", "department", "kind", "closed_on", "version")
        read_only_fields = fields


class DocumentRow(serializers.ModelSerializer[Document]):
    """A stock document in a list."""

    warehouse = code_of("warehouse")
    supplier = code_of("supplier")
    original = code_of("original", "number")
    transfer = code_of("transfer", "number")
    created_by = code_of("created_by", "work_number")
    audited_by = code_of("audited_by", "work_number")

    class Meta:
        model = Document
        fields = (
            "number", "category", "direction", "colour", "state", "version", "warehouse", "business_date", "supplier",
            "requisition", "application", "cause", "use", "red_reason", "original", "transfer", "remarks",
            "created_at", "created_by", "counted_at", "approved_at", "audited_at", "audited_by",
        )  # fmt: skip
        read_only_fields = fields


class DocumentLineSerializer(serializers.ModelSerializer[DocumentLine]):
    """A line with what audited red letters have taken back of it."""

    code = code_of("item")
    name = code_of("item", "name")
    unit = code_of("item", "unit")
    original_line = serializers.SerializerMethodField()

    class Meta:
        model = DocumentLine
        fields = (
            "ordinal", "code", "name", "unit", "quantity", "price", "location", "expires_on", "remarks",
            "original_line", "returned",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_original_line(self, row: DocumentLine) -> int | None:
        """The line of the original or of the transfer that it follows."""
        found = row.original_line or row.transfer_line
        return found.ordinal if found is not None else None


class LinkSerializer(serializers.Serializer[Any]):
    """A paper before or after this one."""

    kind = serializers.CharField()
    number = serializers.CharField()
    state = serializers.CharField()


class MovementSerializer(serializers.Serializer[Any]):
    """A last movement."""

    on = serializers.DateField()
    number = serializers.CharField()
    quantity = quantity()


class ShortSerializer(serializers.Serializer[Any]):
    """A short item: what is needed, on hand, missing, on its way here, and its last movements (LED-11)."""

    lines = serializers.ListField(child=serializers.IntegerField())
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    needed = quantity()
    on_hand = quantity()
    missing = quantity()
    lowest = quantity()
    lowest_on = serializers.DateField(allow_null=True)
    in_transit = quantity()
    last = MovementSerializer(many=True)


def allowed(answers: Any) -> list[str]:
    """What may be done now."""
    return [code for code, answer in answers.items() if answer.allowed]


def refused(answers: Any) -> dict[str, str]:
    """Why the others may not; what one has no right to is not named."""
    return {
        code: rule_text(answer.refusal.code, **dict(answer.refusal.params))
        for code, answer in answers.items()
        if answer.refusal is not None and answer.visible
    }


class DocumentDetail(DocumentRow):
    """A document with its lines. `allowed_actions` may be posted now; `refused_actions` say why not."""

    lines = serializers.SerializerMethodField()
    upstream = serializers.SerializerMethodField()
    downstream = serializers.SerializerMethodField()
    short = serializers.SerializerMethodField(help_text="What would be short if it were audited now.")
    allowed_actions = serializers.SerializerMethodField()
    refused_actions = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = (
            *DocumentRow.Meta.fields, "lines", "upstream", "downstream", "short", "allowed_actions",
            "refused_actions",
        )  # fmt: skip
        read_only_fields = fields

    @property
    def page(self) -> Any:
        """The page's data."""
        return self.context["page"]

    @extend_schema_field(DocumentLineSerializer(many=True))
    def get_lines(self, row: Document) -> Any:
        """In their order."""
        return DocumentLineSerializer(self.page.lines, many=True).data

    @extend_schema_field(LinkSerializer(many=True))
    def get_upstream(self, row: Document) -> Any:
        """上查."""
        return LinkSerializer(self.page.upstream, many=True).data

    @extend_schema_field(LinkSerializer(many=True))
    def get_downstream(self, row: Document) -> Any:
        """下查."""
        return LinkSerializer(self.page.downstream, many=True).data

    @extend_schema_field(ShortSerializer(many=True))
    def get_short(self, row: Document) -> Any:
        """Every short item."""
        return ShortSerializer(self.page.shortages, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: Document) -> list[str]:
        """What may be done now."""
        return allowed(self.page.answers)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_refused_actions(self, row: Document) -> dict[str, str]:
        """Why the others may not."""
        return refused(self.page.answers)


class TransferRow(serializers.ModelSerializer[Transfer]):
    """A transfer in a list."""

    source = code_of("source")  # type: ignore[assignment]
    target = code_of("target")
    created_by = code_of("created_by", "work_number")
    audited_by = code_of("audited_by", "work_number")

    class Meta:
        model = Transfer
        fields = (
            "number", "kind", "state", "version", "business_date", "source", "target", "requisition", "remarks",
            "created_at", "created_by", "audited_at", "audited_by",
        )  # fmt: skip
        read_only_fields = fields


class TransferLineSerializer(serializers.ModelSerializer[TransferLine]):
    """A line with what was issued, received, lost, and is on its way."""

    code = code_of("item")
    name = code_of("item", "name")
    unit = code_of("item", "unit")
    in_transit = quantity()

    class Meta:
        model = TransferLine
        fields = (
            "ordinal", "code", "name", "unit", "quantity", "issued", "received", "lost", "in_transit", "remarks",
        )  # fmt: skip
        read_only_fields = fields


class TransferDetail(TransferRow):
    """A transfer with its lines and the documents it made."""

    lines = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()
    refused_actions = serializers.SerializerMethodField()

    class Meta:
        model = Transfer
        fields = (*TransferRow.Meta.fields, "lines", "documents", "allowed_actions", "refused_actions")
        read_only_fields = fields

    @property
    def page(self) -> Any:
        """The page's data."""
        return self.context["page"]

    @extend_schema_field(TransferLineSerializer(many=True))
    def get_lines(self, row: Transfer) -> Any:
        """In their order."""
        return TransferLineSerializer(self.page.lines, many=True).data

    @extend_schema_field(LinkSerializer(many=True))
    def get_documents(self, row: Transfer) -> Any:
        """下查."""
        return LinkSerializer([document_link(row) for row in self.page.documents], many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: Transfer) -> list[str]:
        """What may be done now."""
        return allowed(self.page.answers)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_refused_actions(self, row: Transfer) -> dict[str, str]:
        """Why the others may not."""
        return refused(self.page.answers)


class OnHandSerializer(serializers.ModelSerializer[Balance]):
    """What there is of an item in a warehouse, where it lies, and what is on its way there (INV-09)."""

    warehouse = code_of("warehouse")
    item = code_of("item")
    name = code_of("item", "name")
    unit = code_of("item", "unit")
    coming = quantity(help_text="In transit to this warehouse.")
    location = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Balance
        fields = ("warehouse", "item", "name", "unit", "quantity", "coming", "location")
        read_only_fields = fields


class InOutSerializer(serializers.ModelSerializer[Balance]):
    """Opening, in, out, closing."""

    warehouse = code_of("warehouse")
    item = code_of("item")
    name = code_of("item", "name")
    unit = code_of("item", "unit")
    opening = quantity()
    incoming = quantity()
    outgoing = quantity()
    closing = quantity()

    class Meta:
        model = Balance
        fields = ("warehouse", "item", "name", "unit", "opening", "incoming", "outgoing", "closing")
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    """A ledger row; `reverses` is the id of the row it takes back."""

    document = code_of("document", "number")
    category = code_of("document", "category")
    warehouse = code_of("warehouse")
    item = code_of("item")
    name = code_of("item", "name")
    unit = code_of("item", "unit")
    posted_by = code_of("posted_by", "work_number")
    reverses = serializers.IntegerField(source="reverses_id", read_only=True, allow_null=True)

    class Meta:
        model = LedgerEntry
        fields = (
            "id", "business_date", "document", "category", "line", "posting_number", "leg", "warehouse", "item", "name",
            "unit", "quantity", "posted_at", "posted_by", "reverses",
        )  # fmt: skip
        read_only_fields = fields


class InTransitSerializer(serializers.ModelSerializer[TransferLine]):
    """A transfer's line of which something is on its way."""

    transfer = code_of("transfer", "number")
    source = code_of("transfer.source")  # type: ignore[assignment]
    target = code_of("transfer.target")
    item = code_of("item")
    name = code_of("item", "name")
    in_transit = quantity()

    class Meta:
        model = TransferLine
        fields = (
            "transfer", "source", "target", "ordinal", "item", "name", "issued", "received", "lost", "in_transit",
        )  # fmt: skip
        read_only_fields = fields


class CardRowSerializer(serializers.Serializer[Any]):
    """A movement and the stock after it."""

    entry = EntrySerializer()
    running = quantity()


class CardSerializer(serializers.Serializer[Any]):
    """The item card (存货明细账)."""

    warehouse = serializers.CharField(source="warehouse.code")
    item = serializers.CharField(source="item.code")
    opening = quantity()
    rows = CardRowSerializer(many=True)
    closing = quantity()


class CategoryRuleSerializer(serializers.Serializer[Any]):
    """What a category may do and needs (LED-13)."""

    category = serializers.CharField()
    name = serializers.CharField()
    direction = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    colours = serializers.ListField(child=serializers.CharField())
    needs = serializers.ListField(child=serializers.CharField())
    by_hand = serializers.BooleanField()
