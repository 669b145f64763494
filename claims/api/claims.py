"""Claims: list, one, open, judge without writing, reopen; acts come from the table (CLM-01, CLM-02, LR-33)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims import queries, services
from claims.api.acts import REFUSED, RIGHTS, ActsMixin, ruleset_or_404
from claims.api.inputs import OpenInput, SignInput, VerdictInput, WhyInput
from claims.api.serializers import (
    ClaimDetail,
    ClaimRow,
    RequestSerializer,
    RuleSetSerializer,
    VerdictSerializer,
    WaitingStep,
)
from claims.filters import ClaimFilter
from claims.models import ApprovalStep, Claim, RuleSetVersion
from claims.permissions import ANY_APPROVAL, Right
from complaints import queries as complaints
from customers import queries as customers
from organization.permissions import me
from servicecenter.api import Holds, once
from servicecenter.viewsets import OrderedList

ORDER = OpenApiParameter("order", str, enum=["due", "newest"], description="Named order; newest without one.")


def answers_of(claim: Claim, user: Any) -> dict[str, Any]:
    """What may be done with the claim now, of both tracks, by the action's code."""
    offered = [*queries.actions_of(claim, user), *queries.liability_actions_of(claim, user)]
    return {answer.action.code: answer for answer in offered}


class ClaimViewSet(
    OrderedList, ActsMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Claim]
):
    """Claims (理赔)."""

    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]+"
    permission_classes = (Holds,)
    rights: tuple[str, ...] = (Right.VIEW_CLAIM,)
    rights_by_action = {
        "create": (Right.OPEN_CLAIM,),
        "verdict": (Right.VIEW_LIABILITY, Right.DETERMINE_LIABILITY),
        "reopen": (Right.WORK_CLAIM,),
        **RIGHTS,
    }
    queryset = Claim.objects.none()
    serializer_class = ClaimRow
    filterset_class = ClaimFilter
    orders = queries.ORDERS

    def get_queryset(self) -> QuerySet[Claim]:
        """Only what the user may see."""
        return queries.row_queryset(me(self.request))

    @extend_schema(parameters=[ORDER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Claims, filtered and in a named order, page by page."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=ClaimDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One claim with everything that belongs to it and what may be done now."""
        return self.answer(number)

    def answer(self, number: str, status: int = 200) -> Response:
        """The claim as it is now."""
        user = me(self.request)
        try:
            claim = queries.claim_for(user, number)
        except Claim.DoesNotExist as problem:
            raise Http404 from problem
        context = {
            **self.get_serializer_context(),
            "card": queries.claim_card(claim, user),
            "answers": answers_of(claim, user),
        }
        return Response(ClaimDetail(claim, context=context).data, status=status)

    @extend_schema(request=OpenInput, responses={201: ClaimDetail, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """Open a claim: of a complaint that offers one, or directly on a waybill (CLM-01)."""
        form = OpenInput(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        said = form.validated_data
        complaint = self._complaint(said["complaint"])
        waybill = self._waybill(said["waybill"]) or (complaint.waybill if complaint else None)
        claim = services.open_claim(
            intake=form.intake(complaint.customer_id if complaint else None),
            waybill=waybill,
            complaint=complaint,
            attachments=tuple(said["attachments"]),
            by=me(request),
        )
        return self.answer(claim.number, status=201)

    def _complaint(self, number: str) -> Any:
        if not number:
            return None
        found = complaints.row_queryset(me(self.request)).filter(number=number.upper()).first()
        if found is None:
            raise ValidationError({"complaint": [_("There is no such complaint.")]})
        if not queries.may_open_from(found, me(self.request)):
            raise PermissionDenied
        return found

    def _waybill(self, number: str) -> Any:
        if not number:
            return None
        found = customers.waybills_visible_to(me(self.request)).filter(number="".join(number.split())).first()
        if found is None:
            raise ValidationError(
                {"waybill": [_("No waybill of this number is known. Register its facts first.")]}
            )
        return found

    @extend_schema(request=VerdictInput, responses=VerdictSerializer)
    @action(detail=True, methods=["post"])
    def verdict(self, request: Request, number: str) -> Response:
        """What the rules say over these facts; writes nothing (LR-33)."""
        form = VerdictInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        card = queries.live_verdict(self.get_object(), said["facts"], ruleset_or_404(said["ruleset"]))
        return Response(VerdictSerializer(card).data)

    @extend_schema(request=WhyInput, responses={201: ClaimDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def reopen(self, request: Request, number: str) -> Response:
        """Open a linked new claim (CLM-02)."""
        form = WhyInput(data=request.data)
        form.is_valid(raise_exception=True)
        made = services.reopen_claim(
            claim=self.get_object(), reason=form.validated_data["reason"], by=me(request)
        )
        return self.answer(made.number, status=201)


class ApprovalViewSet(viewsets.GenericViewSet[ApprovalStep]):
    """Signatures that wait for the asking user (CLM-08)."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = tuple(ANY_APPROVAL)
    queryset = ApprovalStep.objects.none()
    serializer_class = WaitingStep
    pagination_class = None
    lookup_value_regex = r"\d+"

    @extend_schema(responses=WaitingStep(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """The oldest first."""
        return Response(WaitingStep(queries.approvals_waiting(me(request)), many=True).data)

    @extend_schema(
        request=SignInput,
        responses={
            200: RequestSerializer,
            404: OpenApiResponse(description="Not yours to sign."),
            409: REFUSED,
        },
    )
    @action(detail=True, methods=["post"])
    @once
    def sign(self, request: Request, pk: str) -> Response:
        """Approve or decline; the last signature approves the payout."""
        form = SignInput(data=request.data)
        form.is_valid(raise_exception=True)
        step = next((one for one in queries.approvals_waiting(me(request)) if one.pk == int(pk)), None)
        if step is None:
            raise Http404
        signed = services.sign(step=step, by=me(request), **form.validated_data)
        return Response(RequestSerializer(signed).data)


class RuleSetViewSet(viewsets.ReadOnlyModelViewSet[RuleSetVersion]):
    """Versions of the liability rules (LR-30)."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = (Right.VIEW_RULESET,)
    queryset = RuleSetVersion.objects.none()
    serializer_class = RuleSetSerializer
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9._-]+"
    pagination_class = None

    def get_queryset(self) -> QuerySet[RuleSetVersion]:
        """All of them, the newest first; drafts too: they are to be read before they are published."""
        return RuleSetVersion.objects.select_related("created_by", "published_by").order_by("-valid_from")
