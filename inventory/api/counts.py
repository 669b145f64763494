"""Counts in the API: begin, write down, finish, hand in, count again, approve (INV-50 to INV-56, LED-07)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import choices, queries, services
from inventory.api.door import REFUSED, SHORT, WarehouseReference, code_of
from inventory.api.inputs import StockReason, StockVersion
from inventory.api.papers import Papers
from inventory.api.serializers import quantity
from inventory.domain.counting import Counted, CountHead
from inventory.domain.documents import MOST_LINES
from inventory.filters import StocktakeFilter
from inventory.models import Stocktake
from inventory.permissions import Right
from organization.permissions import me
from servicecenter.api import once

COUNT = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)


class CountInput(serializers.Serializer[Any]):
    """A count to begin: of one warehouse, or as a spot count of one class of its items."""

    warehouse = WarehouseReference()
    kind = serializers.ChoiceField(choices=choices.CountKind.choices)
    due_on = serializers.DateField()
    mode = serializers.ChoiceField(choices=choices.CountMode.choices, default=choices.CountMode.SELF.value)
    is_blind = serializers.BooleanField(default=False)
    item_class = serializers.ChoiceField(choices=choices.ItemClass.choices, allow_blank=True, default="")
    witness = serializers.CharField(max_length=60, allow_blank=True, default="")
    with_empty = serializers.BooleanField(default=False)
    remarks = serializers.CharField(max_length=300, allow_blank=True, default="")

    def head(self) -> CountHead:
        """As the service takes it."""
        said = dict(self.validated_data)
        return CountHead(warehouse_id=said.pop("warehouse").pk, **said)


class CountedInput(serializers.Serializer[Any]):
    """What was found of one item; `counted` null is not counted (any more). Texts left out stay as they are."""

    code = serializers.CharField(max_length=30)
    counted = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    cause = serializers.ChoiceField(
        choices=choices.DifferenceCause.choices, required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=200, required=False, allow_null=True, default=None)
    location = serializers.CharField(max_length=40, required=False, allow_null=True, default=None)


class CountsInput(serializers.Serializer[Any]):
    """Lines to write down; the others stay."""

    lines = CountedInput(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]

    def entries(self) -> list[Counted]:
        """As the service takes them, numbered by their place."""
        return [
            Counted(
                one["code"].strip().upper(), one["counted"], one["cause"], one["reason"], one["location"], at
            )
            for at, one in enumerate(self.validated_data["lines"], 1)
        ]


class CountReportInput(StockVersion):
    """The written report (INV-54, INV-55)."""

    liability = serializers.CharField(max_length=300, allow_blank=True, default="")
    proposal = serializers.CharField(max_length=300, allow_blank=True, default="")
    witness = serializers.CharField(max_length=60, allow_blank=True, default="")


class RecountInput(StockReason):
    """Lines by their number; without them all that differ."""

    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, allow_null=True, default=None
    )


class StocktakeRow(serializers.ModelSerializer[Stocktake]):
    """A count in a list."""

    warehouse = code_of("warehouse")
    created_by = code_of("created_by", "work_number")
    submitted_by = code_of("submitted_by", "work_number")
    approved_by = code_of("approved_by", "work_number")

    class Meta:
        model = Stocktake
        fields: tuple[str, ...] = (
            "number", "warehouse", "kind", "mode", "is_blind", "item_class", "state", "version", "due_on", "witness",
            "remarks", "liability", "proposal", "booked_at", "created_at", "created_by", "submitted_at",
            "submitted_by", "approved_at", "approved_by",
        )  # fmt: skip
        read_only_fields = fields


class CountedLine(serializers.Serializer[Any]):
    """A line; `book` and `difference` are null while it is counted blind."""

    ordinal = serializers.IntegerField()
    code = code_of("item")
    name = code_of("item", "name")
    unit = code_of("item", "unit")
    location = serializers.CharField()
    book = quantity(allow_null=True)
    counted = quantity(allow_null=True)
    difference = quantity(allow_null=True)
    moved = serializers.BooleanField(allow_null=True)
    round = serializers.IntegerField()
    cause = serializers.CharField()
    reason = serializers.CharField()

    def to_representation(self, row: Any) -> Any:
        """Nothing of the books in a blind count."""
        told = super().to_representation(row)
        if not self.context["page"].shows_book:
            told |= dict.fromkeys(("book", "difference", "moved"))
        return told


class StocktakeDetail(StocktakeRow):
    """One count with its lines and what may be done now."""

    lines = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()

    class Meta(StocktakeRow.Meta):
        fields: tuple[str, ...] = (*StocktakeRow.Meta.fields, "lines", "documents", "allowed_actions")
        read_only_fields = fields

    @extend_schema_field(CountedLine(many=True))
    def get_lines(self, row: Stocktake) -> Any:
        """In the order of the sheet."""
        rows = queries.stocktake_lines(row).order_by("ordinal")
        return CountedLine(rows, many=True, context=self.context).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_documents(self, row: Stocktake) -> list[str]:
        """What its approval posted."""
        return [document.number for document in self.context["page"].documents]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: Stocktake) -> list[str]:
        """The acts that are possible now for this user."""
        return [code for code, answer in self.context["page"].answers.items() if answer.allowed]


@extend_schema(tags=["stock"])
class StocktakeViewSet(Papers):
    """Counts (盘点单), newest first."""

    subject = "stocktake"
    page_of = staticmethod(queries.stocktake_page)
    told_by = StocktakeDetail
    rights_by_action = {
        "create": COUNT,
        "count": COUNT,
        "finish": COUNT,
        "hand_in": COUNT,
        "recount": (*COUNT, Right.APPROVE_DOCUMENT),
        "approve": (Right.APPROVE_DOCUMENT,),
        "void": COUNT,
    }
    queryset = Stocktake.objects.none()
    serializer_class = StocktakeRow
    filterset_class = StocktakeFilter
    keyset_order = queries.COUNT_ORDERS["newest"]

    def get_queryset(self) -> QuerySet[Stocktake]:
        """Only what the user may see."""
        if getattr(self, "swagger_fake_view", False):
            return Stocktake.objects.none()
        return queries.stocktake_rows(queries.stocktakes_visible_to(me(self.request)))

    @extend_schema(responses=StocktakeDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One count with its lines; blind ones without the books' figures until everything is counted."""
        return self.answered(number)

    @extend_schema(request=CountInput, responses={201: StocktakeDetail, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """Begin a count: the sheet takes what is on hand now (INV-52)."""
        made = services.begin_count(head=self.read(CountInput, request).head(), by=me(request))
        return self.answered(made.number, 201)

    @extend_schema(request=CountsInput, responses={200: StocktakeDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def count(self, request: Request, number: str) -> Response:
        """Write down what was found; everything wrong is told at once (INV-54)."""
        row = self.allowed(number, "count")
        services.save_counts(stocktake=row, entries=self.read(CountsInput, request).entries(), by=me(request))
        return self.answered(number)

    @extend_schema(request=StockVersion, responses={200: StocktakeDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def finish(self, request: Request, number: str) -> Response:
        """Everything is counted."""
        return self.act(request, number, services.finish_count)

    @extend_schema(request=CountReportInput, responses={200: StocktakeDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def hand_in(self, request: Request, number: str) -> Response:
        """Hand in the written report (INV-55)."""
        return self.act(request, number, services.hand_in_count, CountReportInput)

    @extend_schema(request=RecountInput, responses={200: StocktakeDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def recount(self, request: Request, number: str) -> Response:
        """Have lines counted again, against what the books say then (LED-07)."""
        return self.act(request, number, services.ask_recount, RecountInput)

    @extend_schema(request=StockVersion, responses={200: StocktakeDetail, 409: SHORT})
    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, number: str) -> Response:
        """Approve by another person; surplus and shortage are posted (INV-55, LED-07)."""
        return self.act(request, number, services.approve_count)

    @extend_schema(request=StockReason, responses={200: StocktakeDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def void(self, request: Request, number: str) -> Response:
        """Give it up; its number stays."""
        return self.act(request, number, services.void_count, StockReason)
