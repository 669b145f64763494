"""Stock documents in the API: list, one, make, and every act, `POST …/{number}/audit/` (INV-10 to INV-32)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import queries, services, titles
from inventory.api.door import NUMBER, READ, REFUSED, SHORT
from inventory.api.inputs import DocumentInput, NewDocumentInput, RedInput, StockReason, StockVersion
from inventory.api.serializers import (
    CategoryRuleSerializer,
    DocumentDetail,
    DocumentRow,
    ShortSerializer,
)
from inventory.domain import categories
from inventory.domain.shortage import Shortage
from inventory.filters import DocumentFilter
from inventory.models import Document
from inventory.permissions import Right
from organization.permissions import me
from servicecenter.api import Holds, once
from servicecenter.wording import messages_of

DRAFT = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)
AUDIT = (Right.AUDIT_DOCUMENT,)
NEEDS = ("supplier", "count", "application", "cause", "use", "approval")


@extend_schema(tags=["stock"])
class DocumentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Document]):
    """Stock documents (出入库单据), newest first."""

    lookup_field = "number"
    lookup_value_regex = NUMBER
    permission_classes = (Holds,)
    rights: tuple[str, ...] = READ
    rights_by_action = {
        "create": DRAFT,
        "save": (*DRAFT, *AUDIT),
        "edit": (*DRAFT, *AUDIT),
        "abandon": (*DRAFT, *AUDIT),
        "void": (*DRAFT, *AUDIT),
        "approve": (Right.APPROVE_DOCUMENT,),
        "audit": AUDIT,
        "unaudit": AUDIT,
        "red": (*DRAFT, *AUDIT),
    }
    queryset = Document.objects.none()
    serializer_class = DocumentRow
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DocumentFilter
    keyset_order = queries.DOCUMENT_ORDERS["newest"]

    def get_queryset(self) -> QuerySet[Document]:
        """Only what the user may see."""
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        rows = queries.documents_visible_to(me(self.request))
        return queries.document_rows(rows).select_related("original")

    def _page(self, number: str) -> Any:
        found = queries.document_page(me(self.request), number.upper())
        if found is None:
            raise Http404
        return found

    def _allowed(self, number: str, code: str) -> Any:
        """The document, for an act that the user has the right to do on it (403 else; INV-01 to INV-05)."""
        found = self._page(number)
        if not found.answers[code].visible:
            raise PermissionDenied
        return found.document

    def _answer(self, number: str, status: int = 200) -> Response:
        """The document as it is now."""
        page = self._page(number)
        context = {**self.get_serializer_context(), "page": page}
        return Response(DocumentDetail(page.document, context=context).data, status=status)

    def _read(self, form: type[Any], request: Request) -> Any:
        read = form(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return read

    @extend_schema(responses=DocumentDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One document with its lines, what stands before and after it, and what may be done now."""
        return self._answer(number)

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

    @extend_schema(request=NewDocumentInput, responses={201: DocumentDetail, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """A new document, saved and not audited (INV-10, INV-11); everything wrong is told at once."""
        read = self._read(NewDocumentInput, request)
        made = services.save_document(head=read.head(), lines=read.rows(), by=me(request))
        return self._answer(made.number, 201)

    @extend_schema(request=DocumentInput, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def save(self, request: Request, number: str) -> Response:
        """Save it again as a whole; after its first audit the warehouse stays (INV-12, INV-13)."""
        document = self._allowed(number, "save")
        read = self._read(DocumentInput, request)
        services.save_document(
            head=read.head(), lines=read.rows(), document=document, version=read.validated_data["version"],
            by=me(request),
        )  # fmt: skip
        return self._answer(number)

    def _act(self, request: Request, number: str, service: Any, **more: Any) -> Response:
        """An act that asks nothing but the version."""
        document = self._allowed(number, self.action)
        said = self._read(StockVersion, request).validated_data
        try:
            service(document=document, version=said["version"], by=me(request), **more)
        except Shortage as problem:
            told = messages_of(problem)
            return Response(
                {
                    "code": "stock.short",
                    "message": " ".join(message for _field, message in told),
                    "fields": {field: [message] for field, message in told if field},
                    "short": ShortSerializer(problem.lines, many=True).data,
                },
                status=409,
            )
        return self._answer(number)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def edit(self, request: Request, number: str) -> Response:
        """修改: nobody audits it while it is being edited."""
        return self._act(request, number, services.edit_document)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def abandon(self, request: Request, number: str) -> Response:
        """放弃: it stays as it was saved."""
        return self._act(request, number, services.abandon_edit)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: SHORT})
    @action(detail=True, methods=["post"])
    @once
    def audit(self, request: Request, number: str) -> Response:
        """审核: the stock moves now (INV-11); a shortage lists every short item in `short` (LED-11)."""
        return self._act(request, number, services.audit_document)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: SHORT})
    @action(detail=True, methods=["post"])
    @once
    def unaudit(self, request: Request, number: str) -> Response:
        """弃审: mirror rows take the stock back (LED-02, LED-10)."""
        return self._act(request, number, services.unaudit_document)

    @extend_schema(request=StockVersion, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, number: str) -> Response:
        """Approve scrapping or a loss before its audit (INV-32)."""
        return self._act(request, number, services.approve_document)

    @extend_schema(request=StockReason, responses={200: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def void(self, request: Request, number: str) -> Response:
        """删除: voided, its number stays (INV-14)."""
        document = self._allowed(number, "void")
        said = self._read(StockReason, request).validated_data
        services.void_document(
            document=document, reason=said["reason"], version=said["version"], by=me(request)
        )
        return self._answer(number)

    @extend_schema(request=RedInput, responses={201: DocumentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def red(self, request: Request, number: str) -> Response:
        """A red letter of this document, never beyond what is left of it (INV-26, INV-27, LED-02)."""
        original = self._allowed(number, "red")
        said = self._read(RedInput, request).validated_data
        made = services.draft_red(
            original=original,
            reason=said["reason"],
            quantities={one["line"]: one["quantity"] for one in said["lines"]} or None,
            business_date=said["business_date"],
            remarks=said["remarks"],
            by=me(request),
        )
        return self._answer(made.number, 201)
