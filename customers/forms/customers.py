"""Forms of the customer file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.choices import ConsentPurpose, CustomerKind
from customers.forms.fields import TelephoneField
from customers.models import ContactPerson, Customer
from organization.forms.fields import PersonField
from organization.models import Employee
from servicecenter.forms import Day, WorkForm


class VersionedForm(WorkForm):
    """Carries the version of the customer as it was shown, so that a stale form is told (CMP-51)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> int | None:
        """The version that the user saw."""
        return self.cleaned_data.get("version")


class CustomerForm(VersionedForm):
    """The customer's own data."""

    name = forms.CharField(label=_("Customer's name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=CustomerKind.choices, widget=forms.RadioSelect, initial=CustomerKind.COMPANY
    )
    trade = forms.CharField(label=_("Trade"), max_length=60, required=False)
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    credit_note = forms.CharField(label=_("Credit"), max_length=300, required=False)


class NewCustomerForm(CustomerForm):
    """A new customer with a first number and contact person."""

    telephone = TelephoneField(label=_("Telephone"), required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    field_order = ("name", "kind", "telephone", "contact_name", "trade", "region", "credit_note")


class ReasonForm(VersionedForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ManagerForm(VersionedForm):
    """Who looks after the customer."""

    account_manager = PersonField(label=_("Account manager"), required=False)

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account_manager"]
        field.queryset = Employee.objects.none() if people is None else people
        field.empty_label = _("nobody")


class PersonForm(VersionedForm):
    """A contact person."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    role_title = forms.CharField(label=_("Position"), max_length=60, required=False)
    is_finance = forms.BooleanField(
        label=_("Finance: may be told about COD money and remittances"), required=False
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class NewPersonForm(PersonForm):
    """A contact person with a first number."""

    telephone = TelephoneField(label=_("Telephone"), required=False)
    field_order = ("name", "role_title", "telephone", "is_finance", "note")


class TelephoneForm(VersionedForm):
    """A telephone number, and whose it is."""

    number = TelephoneField(label=_("Telephone"))
    contact_person = forms.ModelChoiceField(
        label=_("Whose"), queryset=ContactPerson.objects.none(), required=False
    )
    label = forms.CharField(
        label=_("Label"), max_length=30, required=False, help_text=_("mobile, office, fax")
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contact_person"]
        field.queryset = customer.contact_people.order_by("id")
        field.empty_label = _("the customer's own")


class AddressForm(VersionedForm):
    """An address."""

    text = forms.CharField(label=_("Address"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    label = forms.CharField(label=_("Label"), max_length=30, required=False, help_text=_("warehouse, office"))


class ConsentForm(VersionedForm):
    """Consent to the use of data."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=ConsentPurpose.choices)
    given_on = Day(label=_("Given on"))
    until = Day(label=_("Until"), required=False)
    means = forms.CharField(
        label=_("How it was given"), max_length=60, required=False, help_text=_("telephone, form, contract")
    )


class EndConsentForm(VersionedForm):
    """When consent ends."""

    until = Day(label=_("Until"))


class EmptyForm(VersionedForm):
    """Nothing but the question."""
