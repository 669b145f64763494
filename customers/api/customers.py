"""The customer file in the API: telephones masked, writes through the services."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from customers import permissions, queries, services
from customers.api.door import NUMBER, demand
from customers.api.parts import AddressSerializer, ConsentSerializer, ContactPersonSerializer
from customers.api.standing import StandingActions
from customers.api.tiers import GradingActions
from customers.choices import CustomerKind
from customers.filters import CustomerFilter
from customers.models import Address, Consent, ContactPerson, Customer, Telephone
from customers.permissions import Right
from customers.queries import customers as customer_queries
from servicecenter.idempotency import idempotent
from servicecenter.kernel.masking import mask_telephone


class TelephoneSerializer(serializers.ModelSerializer[Telephone]):
    """A telephone number, masked (PRV-02)."""

    number = serializers.SerializerMethodField()
    contact_person = serializers.CharField(source="contact_person.name", default=None, read_only=True)

    class Meta:
        model = Telephone
        fields = ("id", "number", "extension", "label", "contact_person")

    @extend_schema_field(OpenApiTypes.STR)
    def get_number(self, row: Telephone) -> str:
        """`139****0421`."""
        return mask_telephone(row.number)


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer in a list."""

    account_manager = serializers.CharField(
        source="account_manager.work_number", default=None, read_only=True
    )
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = (
            "number", "kind", "name", "tier", "tier_since", "standing", "last_shipped_on", "region", "trade",
            "account_manager", "difficult_mark", "version", "created_at", "allowed_actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: Customer) -> list[str]:
        """What this user may do with it now."""
        user = self.context["request"].user
        known = {
            "change": permissions.can_edit,
            "mark_difficult": permissions.can_mark,
            "confirm_mark": permissions.can_confirm_mark,
            "lift_mark": permissions.can_lift_mark,
            "grade_by_hand": permissions.can_grade,
            "visits": permissions.can_record_visit,
            "close": permissions.can_edit,
            "reopen": permissions.can_reopen,
            "entrust": permissions.can_entrust,
        }
        return [code for code, may in known.items() if may(user, row)]


class CustomerDetailSerializer(CustomerSerializer):
    """A customer in full, with everything that belongs to it; numbers and addresses masked."""

    telephones = TelephoneSerializer(many=True, read_only=True)
    contact_people = ContactPersonSerializer(many=True, read_only=True)
    addresses = AddressSerializer(many=True, read_only=True)
    consents = ConsentSerializer(many=True, read_only=True)

    class Meta:
        model = Customer
        fields = (
            *CustomerSerializer.Meta.fields,
            "credit_note",
            "difficult_reason",
            "telephones",
            "contact_people",
            "addresses",
            "consents",
        )
        read_only_fields = fields


class NewCustomerSerializer(serializers.Serializer[Any]):
    """A customer to be registered."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=CustomerKind.choices, default=CustomerKind.COMPANY)
    telephone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    contact_name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    region = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    trade = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    credit_note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class CustomerChangeSerializer(serializers.Serializer[Any]):
    """What may be changed; `version` is the one that was read."""

    version = serializers.IntegerField()
    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(choices=CustomerKind.choices, required=False)
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)
    trade = serializers.CharField(max_length=60, required=False, allow_blank=True)
    credit_note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class MarkReasonSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=300)


class NewTelephoneSerializer(serializers.Serializer[Any]):
    """A telephone number in any spelling."""

    number = serializers.CharField(max_length=40)
    contact_person = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        help_text="Whose: the id of a contact person.",
    )
    label = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)  # type: ignore[assignment]


@extend_schema(tags=["customers"])
class CustomerViewSet(
    GradingActions,
    StandingActions,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Customer],
):
    """The customer file, newest first. Numbers are masked; `reveals/` shows one, for a reason, and records it."""

    permission_classes = (IsAuthenticated,)
    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = CustomerFilter
    keyset_order = customer_queries.ORDERS["newest"]
    lookup_field = "number"
    lookup_value_regex = NUMBER

    def get_queryset(self) -> Any:
        """Only what the user may see; a foreign customer is 404."""
        rows = queries.customers_visible_to(self.request.user).select_related("account_manager")
        if not self.detail:
            return rows
        # each in the order in which it was added: without one the database answers as it pleases
        return rows.prefetch_related(
            Prefetch("telephones", Telephone.objects.select_related("contact_person").order_by("pk")),
            *(
                Prefetch(name, model._default_manager.order_by("pk"))
                for name, model in (
                    ("contact_people", ContactPerson),
                    ("addresses", Address),
                    ("consents", Consent),
                )
            ),
        )

    def get_serializer_class(self) -> Any:
        """The single customer shows its numbers."""
        return CustomerDetailSerializer if self.action != "list" else CustomerSerializer

    def _answer(self, row: Customer, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(CustomerDetailSerializer(fresh, context=self.get_serializer_context()).data, code)

    @extend_schema(request=NewCustomerSerializer, responses={201: CustomerDetailSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request) -> Response:
        """Register a customer."""
        user = demand(request, Right.EDIT_CUSTOMER)
        data = NewCustomerSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        made = services.register_customer(by=user, **data.validated_data)
        return self._answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=CustomerChangeSerializer, responses=CustomerDetailSerializer)
    @method_decorator(idempotent)
    def partial_update(self, request: Request, number: str) -> Response:
        """Change a customer's data; 409 when somebody else was faster."""
        user = demand(request, Right.EDIT_CUSTOMER)
        row = self.get_object()
        data = CustomerChangeSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        return self._answer(services.change_customer(customer=row, by=user, **data.validated_data))

    @extend_schema(request=NewTelephoneSerializer, responses={201: TelephoneSerializer})
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def telephones(self, request: Request, number: str) -> Response:
        """Add a telephone number."""
        user = demand(request, Right.EDIT_CUSTOMER)
        row = self.get_object()
        data = NewTelephoneSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        said = data.validated_data
        person = said.pop("contact_person")
        if person is not None:
            said["contact_person"] = get_object_or_404(row.contact_people, pk=person)
        made = services.add_telephone(customer=row, by=user, **said)
        return Response(TelephoneSerializer(made).data, status.HTTP_201_CREATED)

    @extend_schema(request=MarkReasonSerializer, responses=CustomerDetailSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def mark_difficult(self, request: Request, number: str) -> Response:
        """Mark as difficult (CUS-03)."""
        user = demand(request, Right.MARK_DIFFICULT)
        row = self.get_object()
        data = MarkReasonSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        return self._answer(services.mark_difficult(customer=row, by=user, **data.validated_data))

    @extend_schema(request=None, responses=CustomerDetailSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def confirm_mark(self, request: Request, number: str) -> Response:
        """Confirm the mark (CUS-03)."""
        user = demand(request, Right.CONFIRM_MARK)
        return self._answer(services.confirm_mark(customer=self.get_object(), by=user))

    @extend_schema(request=MarkReasonSerializer, responses=CustomerDetailSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def lift_mark(self, request: Request, number: str) -> Response:
        """Take the mark away (CUS-03)."""
        user = demand(request, Right.CONFIRM_MARK)
        row = self.get_object()
        data = MarkReasonSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        return self._answer(services.lift_mark(customer=row, by=user, **data.validated_data))
