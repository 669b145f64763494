"""What belongs to a customer in the API: contact people, numbers, addresses, consents (CUS-01, PRV-01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from customers import permissions, queries, services
from customers.api.door import NUMBER
from customers.choices import ConsentPurpose
from customers.models import Address, Consent, ContactPerson, Customer, Telephone
from servicecenter.figures import whole
from servicecenter.idempotency import idempotent
from servicecenter.kernel.masking import mask_address

OF = rf"customers/(?P<customer>{NUMBER})"
CUSTOMER = OpenApiParameter("customer", str, OpenApiParameter.PATH, description="The customer's number.")
VERSION = OpenApiParameter(
    "version", int, description="The customer's version that you saw; a newer one is then refused (409)."
)


class ContactPersonSerializer(serializers.ModelSerializer[ContactPerson]):
    """A contact person. `is_finance`: may be told about the customer's money (PRV-05)."""

    class Meta:
        model = ContactPerson
        fields = ("id", "name", "role_title", "is_finance", "note")
        read_only_fields = fields


class AddressSerializer(serializers.ModelSerializer[Address]):
    """An address, masked (PRV-02)."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Address
        fields = ("id", "label", "text")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_text(self, row: Address) -> str:
        """Enough to recognise."""
        return mask_address(row.text)


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    """For what the customer's data may be used, since when, until when (PRV-01)."""

    class Meta:
        model = Consent
        fields = ("id", "purpose", "given_on", "until", "means")
        read_only_fields = fields


class PersonInput(serializers.Serializer[Any]):
    """A contact person; `version` is the customer's."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)
    name = serializers.CharField(max_length=60)
    role_title = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    is_finance = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class NewPersonInput(serializers.Serializer[Any]):
    """A contact person with a first number."""

    name = serializers.CharField(max_length=60)
    role_title = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    is_finance = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    telephone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)


class AddressInput(serializers.Serializer[Any]):
    """An address."""

    text = serializers.CharField(max_length=200)
    label = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)  # type: ignore[assignment]


class ConsentInput(serializers.Serializer[Any]):
    """Consent to the use of data."""

    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    given_on = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True, default=None)
    means = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class EndConsentInput(serializers.Serializer[Any]):
    """When consent ends; `version` is the customer's."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)
    until = serializers.DateField()


@extend_schema(tags=["customers"], parameters=[CUSTOMER])
class Parts(viewsets.GenericViewSet[Any]):
    """Parts of one customer: `related` names them at the customer, whoever may change the file may change them."""

    permission_classes = (IsAuthenticated,)
    pagination_class = None
    lookup_value_regex = "[0-9]{1,18}"
    related: str

    def customer(self) -> Customer:
        """The customer, who must be seen (404) and may be changed (403)."""
        rows = queries.customers_visible_to(self.request.user)
        found: Customer = get_object_or_404(rows, number=self.kwargs["customer"])
        if not permissions.can_edit(self.request.user, found):
            raise PermissionDenied
        return found

    def part(self) -> Any:
        """The part named in the address."""
        return get_object_or_404(getattr(self.customer(), self.related), pk=self.kwargs["pk"])

    def said(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """What was sent, in its right shape (400 else)."""
        data = shape(data=self.request.data)
        data.is_valid(raise_exception=True)
        said: dict[str, Any] = data.validated_data
        return said

    def told(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """The part as it is now."""
        shape: Any = self.serializer_class
        row.refresh_from_db()
        return Response(shape(row).data, code)

    def gone(self, remove: Callable[..., Any], name: str) -> Response:
        """Removed; `?version=` is the customer's."""
        named = self.request.query_params.get("version", "")
        version = whole(named, digits=9)
        if named and version is None:
            raise ValidationError({"version": [named]})
        remove(**{name: self.part()}, version=version, by=self.request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ContactPersonViewSet(Parts):
    """Contact people (联系人) of a customer."""

    queryset = ContactPerson.objects.none()
    serializer_class = ContactPersonSerializer
    related = "contact_people"

    @extend_schema(request=NewPersonInput, responses={201: ContactPersonSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request, customer: str) -> Response:
        """Add one, with a first number if given."""
        row = self.customer()
        made = services.add_contact_person(customer=row, by=request.user, **self.said(NewPersonInput))
        return self.told(made, status.HTTP_201_CREATED)

    @extend_schema(request=PersonInput, responses=ContactPersonSerializer)
    @method_decorator(idempotent)
    def update(self, request: Request, customer: str, pk: str) -> Response:
        """Replace the data of one."""
        person = self.part()
        services.change_contact_person(person=person, by=request.user, **self.said(PersonInput))
        return self.told(person)

    @extend_schema(parameters=[VERSION], responses={204: None})
    @method_decorator(idempotent)
    def destroy(self, request: Request, customer: str, pk: str) -> Response:
        """Remove one with the numbers that were theirs alone."""
        return self.gone(services.remove_contact_person, "person")


class TelephonePartViewSet(Parts):
    """Telephone numbers of a customer; they are added at `customers/{number}/telephones/`."""

    queryset = Telephone.objects.none()
    related = "telephones"

    @extend_schema(parameters=[VERSION], responses={204: None})
    @method_decorator(idempotent)
    def destroy(self, request: Request, customer: str, pk: str) -> Response:
        """Remove one; other customers keep theirs."""
        return self.gone(services.remove_telephone, "telephone")


class AddressViewSet(Parts):
    """Addresses of a customer."""

    queryset = Address.objects.none()
    serializer_class = AddressSerializer
    related = "addresses"

    @extend_schema(request=AddressInput, responses={201: AddressSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request, customer: str) -> Response:
        """Add one."""
        row = self.customer()
        made = services.add_address(customer=row, by=request.user, **self.said(AddressInput))
        return self.told(made, status.HTTP_201_CREATED)

    @extend_schema(parameters=[VERSION], responses={204: None})
    @method_decorator(idempotent)
    def destroy(self, request: Request, customer: str, pk: str) -> Response:
        """Remove one."""
        return self.gone(services.remove_address, "address")


class ConsentViewSet(Parts):
    """Consents (同意) of a customer to the use of data."""

    queryset = Consent.objects.none()
    serializer_class = ConsentSerializer
    related = "consents"

    @extend_schema(request=ConsentInput, responses={201: ConsentSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request, customer: str) -> Response:
        """Record one (PRV-01)."""
        row = self.customer()
        made = services.record_consent(customer=row, by=request.user, **self.said(ConsentInput))
        return self.told(made, status.HTTP_201_CREATED)

    @extend_schema(request=EndConsentInput, responses=ConsentSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def end(self, request: Request, customer: str, pk: str) -> Response:
        """The customer takes it back, or it ends on a day."""
        consent = self.part()
        services.end_consent(consent=consent, by=request.user, **self.said(EndConsentInput))
        return self.told(consent)


ROUTES: list[tuple[str, Any, str]] = [
    (f"{OF}/contact_people", ContactPersonViewSet, "customer-people"),
    (f"{OF}/telephones", TelephonePartViewSet, "customer-telephone"),
    (f"{OF}/addresses", AddressViewSet, "customer-address"),
    (f"{OF}/consents", ConsentViewSet, "customer-consent"),
]
