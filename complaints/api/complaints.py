"""Tickets and contacts: list, one, register, what registering would do; the acts come from the table in `acts`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries, services
from complaints.api.acts import RIGHTS, ActsMixin
from complaints.api.inputs import IntakeInput, PreviewSerializer
from complaints.api.papers import SheetAction
from complaints.api.serializers import ComplaintDetail, ComplaintRow, ContactSerializer, MessageSerializer
from complaints.filters import ComplaintFilter
from complaints.models import Complaint, Contact
from complaints.permissions import READERS, TICKET_READERS, Right
from complaints.wording import EFFECTS
from organization.permissions import me
from servicecenter.api import Holds, once
from servicecenter.figures import whole
from servicecenter.keyset import Order
from servicecenter.viewsets import OrderedList
from servicecenter.wording import sentence

ORDER = OpenApiParameter(
    "order", str, enum=["due", "newest", "tier"], description="Named order; newest without one."
)


class ComplaintViewSet(
    OrderedList,
    ActsMixin,
    SheetAction,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Complaint],
):
    """Complaint tickets (投诉受理单)."""

    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]+"
    permission_classes = (Holds,)
    rights: tuple[str, ...] = TICKET_READERS
    rights_by_action = {"create": (Right.REGISTER_CONTACT,), "preview": (Right.REGISTER_CONTACT,), **RIGHTS}
    queryset = Complaint.objects.none()
    serializer_class = ComplaintRow
    filterset_class = ComplaintFilter
    orders = queries.ORDERS

    def get_queryset(self) -> QuerySet[Complaint]:
        """Only what the user may see."""
        return queries.row_queryset(me(self.request))

    @extend_schema(parameters=[ORDER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tickets, filtered and in a named order, page by page."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=ComplaintDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One ticket with its whole life and what may be done now."""
        return self.answer(number)

    def answer(self, number: str, status: int = 200) -> Response:
        """The ticket as it is now."""
        view = queries.ticket(user=me(self.request), number=number)
        if view is None:
            raise Http404
        context = {**self.get_serializer_context(), "ticket": view}
        return Response(ComplaintDetail(view.complaint, context=context).data, status=status)

    @extend_schema(
        request=IntakeInput,
        responses={
            201: ComplaintDetail,
            409: OpenApiResponse(description="A rule refuses it: {code, message, fields}."),
        },
    )
    @once
    def create(self, request: Request) -> Response:
        """Register a complaint: routed, clocks running, second complaint found, in one transaction (CMP-06, CMP-42)."""
        complaint = services.register(intake=self._intake(request), by=me(request))
        return self.answer(complaint.number, status=201)

    @extend_schema(request=IntakeInput, responses=PreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What registering would do; writes nothing."""
        shown = services.preview(intake=self._intake(request), by=me(request))
        return Response(
            {
                "second": shown.second,
                "first": shown.first.number if shown.first else None,
                "earlier": [row.number for row in shown.earlier],
                "earlier_count": shown.earlier_count,
                "candidates": [row.number for row in shown.candidates],
                "chaseable": [row.number for row in shown.chaseable],
                "chase_of": shown.chase_of.number if shown.chase_of else None,
                "department": shown.department.code if shown.department else None,
                "waybill_unknown": shown.waybill_unknown,
                "effects": [
                    {
                        "code": effect.code,
                        "text": sentence(EFFECTS[effect.code], effect.params),
                        "at": effect.at,
                        "grave": effect.grave,
                    }
                    for effect in shown.effects
                ],
            }
        )

    def _intake(self, request: Request) -> Any:
        form = IntakeInput(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return form.intake()

    @extend_schema(responses=MessageSerializer(many=True))
    @action(detail=True, methods=["get"])
    def course(self, request: Request, number: str) -> Response:
        """What happened on the ticket, newest first, as the user may see it."""
        complaint = self.get_object()
        size = whole(request.query_params.get("page_size", ""))
        page = queries.timeline(
            complaint=complaint,
            user=me(request),
            cursor=request.query_params.get("cursor", ""),
            size=50 if size is None else min(max(size, 1), 200),
        )
        rows = MessageSerializer(page.rows, many=True).data
        return Response({"next": page.next_cursor, "previous": page.previous_cursor, "results": rows})


class ContactViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Contact]):
    """Contacts (来电来访记录): every call, letter, message or visit, whatever it became."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = READERS
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    keyset_order = Order("newest", ("at",), descending=True)

    def get_queryset(self) -> QuerySet[Contact]:
        """Contacts whose ticket the user may see."""
        return queries.contacts_visible_to(me(self.request))
