"""What belongs to a customer, in dialogs: contact people, telephone numbers, addresses, consents (CUS-01, PRV-01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import permissions, services
from customers.forms import customers as forms
from customers.models import Customer
from customers.permissions import Right
from customers.views.door import customer_or_404
from organization.views.door import ask, data_of, demand, needs
from servicecenter.idempotency import idempotent
from servicecenter.kernel.masking import mask_address, mask_telephone

View = Callable[..., HttpResponse]


def dialog(view: View) -> View:
    """A dialog on the customer file: the right, the idempotency, the methods."""
    guarded: View = needs(Right.EDIT_CUSTOMER)(
        idempotent(require_http_methods(["GET", "HEAD", "POST"])(view))
    )
    return guarded


def _customer(request: HttpRequest, number: str) -> Customer:
    customer = customer_or_404(request, number)
    demand(permissions.can_edit(request.user, customer))
    return customer


def _ask(request: HttpRequest, customer: Customer, **values: Any) -> HttpResponse:
    return ask(request, to=reverse("customer", args=[customer.number]), **values)


@dialog
def person_new(request: HttpRequest, number: str) -> HttpResponse:
    """A contact person."""
    customer = _customer(request, number)
    return _ask(
        request,
        customer,
        form=forms.NewPersonForm(data_of(request)),
        question=_("New contact person of %(name)s") % {"name": customer.name},
        verb=_("Add"),
        icon="user",
        toast=_("Added."),
        act=lambda form: services.add_contact_person(
            customer=customer,
            by=request.user,
            **{name: form.cleaned_data[name] for name in form.field_order},
        ),
    )


@dialog
def person_edit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A contact person's data."""
    customer = _customer(request, number)
    person = get_object_or_404(customer.contact_people, pk=pk)
    names = ("name", "role_title", "is_finance", "note")
    initial = {name: getattr(person, name) for name in names} | {"version": customer.version}
    return _ask(
        request,
        customer,
        form=forms.PersonForm(data_of(request), initial=initial),
        question=_("Change the data of %(name)s") % {"name": person.name},
        verb=_("Save"),
        icon="user",
        toast=_("Saved."),
        act=lambda form: services.change_contact_person(
            person=person,
            version=form.seen,
            by=request.user,
            **{name: form.cleaned_data[name] for name in names},
        ),
    )


@dialog
def person_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Remove a contact person."""
    customer = _customer(request, number)
    person = get_object_or_404(customer.contact_people, pk=pk)
    return _ask(
        request,
        customer,
        form=forms.EmptyForm(data_of(request), initial={"version": customer.version}),
        question=_("Remove %(name)s?") % {"name": person.name},
        text=_("The numbers of this person go too."),
        verb=_("Remove it"),
        icon="trash",
        stop=True,
        toast=_("Removed."),
        act=lambda form: services.remove_contact_person(person=person, version=form.seen, by=request.user),
    )


@dialog
def telephone_new(request: HttpRequest, number: str) -> HttpResponse:
    """A telephone number."""
    customer = _customer(request, number)
    return _ask(
        request,
        customer,
        form=forms.TelephoneForm(
            data_of(request), customer=customer, initial={"contact_person": request.GET.get("of")}
        ),
        question=_("New telephone number of %(name)s") % {"name": customer.name},
        verb=_("Add"),
        icon="phone",
        toast=_("Added."),
        act=lambda form: services.add_telephone(
            customer=customer,
            number=form.cleaned_data["number"],
            contact_person=form.cleaned_data["contact_person"],
            label=form.cleaned_data["label"],
            by=request.user,
        ),
    )


@dialog
def telephone_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Remove a telephone number."""
    customer = _customer(request, number)
    telephone = get_object_or_404(customer.telephones, pk=pk)
    return _ask(
        request,
        customer,
        form=forms.EmptyForm(data_of(request), initial={"version": customer.version}),
        question=_("Remove %(name)s?") % {"name": mask_telephone(telephone.number)},
        text=_("It is taken off this customer's file. Tickets and waybills keep what was written in them."),
        verb=_("Remove it"),
        icon="trash",
        stop=True,
        toast=_("Removed."),
        act=lambda form: services.remove_telephone(telephone=telephone, version=form.seen, by=request.user),
    )


@dialog
def address_new(request: HttpRequest, number: str) -> HttpResponse:
    """An address."""
    customer = _customer(request, number)
    return _ask(
        request,
        customer,
        form=forms.AddressForm(data_of(request)),
        question=_("New address of %(name)s") % {"name": customer.name},
        verb=_("Add"),
        icon="flag",
        toast=_("Added."),
        act=lambda form: services.add_address(
            customer=customer,
            text=form.cleaned_data["text"],
            label=form.cleaned_data["label"],
            by=request.user,
        ),
    )


@dialog
def address_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Remove an address."""
    customer = _customer(request, number)
    address = get_object_or_404(customer.addresses, pk=pk)
    return _ask(
        request,
        customer,
        form=forms.EmptyForm(data_of(request), initial={"version": customer.version}),
        question=_("Remove %(name)s?") % {"name": mask_address(address.text)},
        text=_("It is taken off this customer's file. Tickets and waybills keep what was written in them."),
        verb=_("Remove it"),
        icon="trash",
        stop=True,
        toast=_("Removed."),
        act=lambda form: services.remove_address(address=address, version=form.seen, by=request.user),
    )


@dialog
def consent_new(request: HttpRequest, number: str) -> HttpResponse:
    """Consent to the use of data (PRV-01)."""
    customer = _customer(request, number)
    return _ask(
        request,
        customer,
        form=forms.ConsentForm(data_of(request)),
        question=_("Consent of %(name)s") % {"name": customer.name},
        verb=_("Record"),
        icon="shield",
        toast=_("Recorded."),
        act=lambda form: services.record_consent(
            customer=customer,
            by=request.user,
            **{name: form.cleaned_data[name] for name in ("purpose", "given_on", "until", "means")},
        ),
    )


@dialog
def consent_end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The customer takes consent back, or it ends."""
    customer = _customer(request, number)
    consent = get_object_or_404(customer.consents, pk=pk)
    return _ask(
        request,
        customer,
        form=forms.EndConsentForm(
            data_of(request), initial={"version": customer.version, "until": consent.until}
        ),
        question=_("When does this consent end?"),
        text=consent.get_purpose_display(),
        verb=_("Save"),
        icon="shield",
        toast=_("Saved."),
        act=lambda form: services.end_consent(
            consent=consent, until=form.cleaned_data["until"], version=form.seen, by=request.user
        ),
    )
