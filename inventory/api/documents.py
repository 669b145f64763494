"""Stock documents in the API: list, one, make, and every act, `POST …/{number}/audit/` (INV-10 to INV-32)."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import queries, services, titles
from inventory.api.door import REFUSED, SHORT
from inventory.api.inputs import (
    DocumentInput,
    NewDocumentInput,
    RedInput,
    StockClaimInput,
    StockReason,
    StockVersion,
)
from inventory.api.loading import OpeningInput, OpeningLoaded, loaded
from inventory.api.papers import Papers
from inventory.api.serializers import (
    CategoryRuleSerializer,
    DocumentDetail,
    DocumentRow,
)
from inventory.domain import categories
from inventory.filters import DocumentFilter
from inventory.models import Document
from inventory.permissions import Right
from organization.permissions import me
from servicecenter.api import once

DRAFT = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)
AUDIT = (Right.AUDIT_DOCUMENT,)
NEEDS = ("supplier", "count", "application", "cause", "use", "approval")


@extend_schema(tags=["stock"])
class DocumentViewSet(Papers):
    """Stock documents (出入库单据), newest first."""

    subject = "document"
    page_of = staticmethod(queries.document_page)
    told_by = DocumentDetail
    rights_by_action = {
        "create": DRAFT,
        "opening": (Right.IMPORT_OPENING,),
        "save": (*DRAFT, *AUDIT),
        "edit": (*DRAFT, *AUDIT),
        "abandon": (*DRAFT, *AUDIT),
        "void": (*DRAFT, *AUDIT),
        "approve": (Right.APPROVE_DOCUMENT,),
        "audit": AUDIT,
        "unaudit": AUDIT,
        "red": (*DRAFT, *AUDIT),
        "claim": (*DRAFT, *AUDIT),
    }
    queryset = Document.objects.none()
    serializer_class = DocumentRow
    filterset_class = DocumentFilter
    keyset_order = queries.DOCUMENT_ORDERS["newest"]

    def get_queryset(self) -> QuerySet[Document]:
        """Only what the user may see."""
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        rows = queries.documents_visible_to(me(self.request))
        return queries.document_rows(rows).select_related("original")

    @extend_schema(responses=DocumentDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One document with its lines, what stands before and after it, and what may be done now."""
        return self.answered(number)

    @extend_schema(responses=CategoryRuleSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def categories(self, request: Request) -> Response:
        """The one table of categories: direction, kinds of warehouse, colours, what the head carries (LED-13)."""
        rows = [
            {
                "category": code.value,
                "name": titles.of_category(code),
                "direction": rule.direction.value,
                "kinds": sorted(kind.value for kind in rule.kinds),
                "colours": sorted(colour.value for colour in rule.colours),
                "needs": [name for name in NEEDS if getattr(rule, f"needs_{name}")]
                + (["original"] if rule.origin_needed else []),
                "by_hand": code in categories.by_hand(),
            }
            for code, rule in categories.TABLE.items()
        ]
        return Response(CategoryRuleSerializer(rows, many=True).data)

    @extend_schema(
        request={"multipart/form-data": OpeningInput}, responses={200: OpeningLoaded, 422: OpeningLoaded}
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    @once
    def opening(self, request: Request) -> Response:
        """The opening stock from a spreadsheet: one document a warehouse; all or nothing (INV-52)."""
        said = self.read(OpeningInput, request).validated_data
        load = partial(
            services.import_opening,
            business_date=said["business_date"],
            audit=said["audit"],
            dry_run=said["dry_run"],
            by=me(request),
        )
        return loaded(said["file"], load, OpeningLoaded)

    @extend_schema(request=NewDocumentInput, responses={201: DocumentDetail, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """A new document, saved and not audited (INV-10, INV-11); everything wrong is told at once."""
        read = self.read(NewDocumentInput, request)
        made = services.save_document(head=read.head(), lines=read.rows(), by=me(request))
        return self.answered(made.number, 201)

    @extend_schema(request=DocumentInput, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def save(self, request: Request, number: str) -> Response:
        """Save it again as a whole; after its first audit the warehouse stays (INV-12, INV-13)."""
        document = self.allowed(number, "save")
        read = self.read(DocumentInput, request)
        services.save_document(
            head=read.head(), lines=read.rows(), document=document, version=read.validated_data["version"],
            by=me(request),
        )  # fmt: skip
        return self.answered(number)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def edit(self, request: Request, number: str) -> Response:
        """修改: nobody audits it while it is being edited."""
        return self.act(request, number, services.edit_document)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def abandon(self, request: Request, number: str) -> Response:
        """放弃: it stays as it was saved."""
        return self.act(request, number, services.abandon_edit)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: SHORT})
    @action(detail=True, methods=["post"])
    @once
    def audit(self, request: Request, number: str) -> Response:
        """审核: the stock moves now (INV-11); a shortage lists every short item in `short` (LED-11)."""
        return self.act(request, number, services.audit_document)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: SHORT})
    @action(detail=True, methods=["post"])
    @once
    def unaudit(self, request: Request, number: str) -> Response:
        """弃审: mirror rows take the stock back (LED-02, LED-10)."""
        return self.act(request, number, services.unaudit_document)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, number: str) -> Response:
        """Approve scrapping or a loss before its audit (INV-32)."""
        return self.act(request, number, services.approve_document)

    @extend_schema(request=StockReason, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def void(self, request: Request, number: str) -> Response:
        """删除: voided, its number stays (INV-14)."""
        return self.act(request, number, services.void_document, StockReason)

    @extend_schema(request=StockClaimInput, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def claim(self, request: Request, number: str) -> Response:
        """Have a claim opened for a loss in transit, or goods that arrived lost or damaged (INV-82, LED-06)."""
        return self.act(request, number, services.claim_loss, StockClaimInput)

    @extend_schema(request=RedInput, responses={201: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def red(self, request: Request, number: str) -> Response:
        """A red letter of this document, never beyond what is left of it (INV-26, INV-27, LED-02)."""
        original = self.allowed(number, "red")
        said = self.read(RedInput, request).validated_data
        made = services.draft_red(
            original=original,
            reason=said["reason"],
            quantities={one["line"]: one["quantity"] for one in said["lines"]} or None,
            business_date=said["business_date"],
            remarks=said["remarks"],
            by=me(request),
        )
        return self.answered(made.number, 201)
