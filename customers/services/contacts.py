"""What belongs to a customer: contact people, telephone numbers, addresses, consents (CUS-01, PRV-01).

Each act locks the customer first. Changing and removing raise the customer's version, so that a stale form is told;
adding does not, since it overwrites nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from customers.choices import ConsentPurpose
from customers.models import Address, Consent, ContactPerson, Customer, Telephone
from customers.services.customers import refresh_search
from customers.services.rows import locked_customer, read_name, read_telephone
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_address, mask_name, mask_telephone
from servicecenter.lifecycle import write

PERSON_LENGTH = 60
MOST_OF_A_KIND = 50


def _room(rows: Any) -> None:
    """A customer has at most fifty numbers, people and addresses each: more is a mistake of an interface."""
    if rows.count() >= MOST_OF_A_KIND:
        raise RuleBroken("customer.too_many", most=MOST_OF_A_KIND)


@transaction.atomic
def add_contact_person(
    *,
    customer: Customer,
    name: str,
    role_title: str = "",
    is_finance: bool = False,
    note: str = "",
    telephone: str = "",
    by: Any | None,
    at: datetime | None = None,
) -> ContactPerson:
    """A contact person, with a first number if given. `is_finance`: may be told about the money (PRV-05).

    Raises RuleBroken `name.*`, `telephone.*`, `customer.closed`, `customer.too_many`.
    """
    full_name = read_name(name, length=PERSON_LENGTH)
    number = read_telephone(telephone) if telephone.strip() else None
    row = locked_customer(customer)
    _room(row.contact_people)
    moment = at or now_db()
    person = ContactPerson.objects.create(
        customer=row,
        name=full_name,
        role_title=role_title.strip(),
        is_finance=is_finance,
        note=note.strip(),
    )
    refresh_search(row)
    trail.record(
        row,
        "customer.person_added",
        by=by,
        at=moment,
        name=trail.masked(full_name, mask_name),
        finance=is_finance,
    )
    if number is not None:
        _add_number(row, person, number.number, number.extension, "", by=by, at=moment)
    return person


@transaction.atomic
def change_contact_person(
    *,
    person: ContactPerson,
    name: str,
    role_title: str,
    is_finance: bool,
    note: str = "",
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> ContactPerson:
    """Change a contact person; `version` is the customer's. Raises RuleBroken `name.*`, `lifecycle.stale`."""
    full_name = read_name(name, length=PERSON_LENGTH)
    row = locked_customer(person.customer, version=version)
    current = ContactPerson.objects.get(pk=person.pk)
    after = {
        "name": full_name,
        "role_title": role_title.strip(),
        "is_finance": is_finance,
        "note": note.strip(),
    }
    moment = at or now_db()
    _change_part(row, current, after, "customer.person_changed", {"name": mask_name}, by=by, at=moment)
    refresh_search(row)
    return current


@transaction.atomic
def remove_contact_person(
    *, person: ContactPerson, version: int | None = None, by: Any | None, at: datetime | None = None
) -> None:
    """Remove a contact person with the numbers that were theirs alone: no more data than needed (PRV-01)."""
    row = locked_customer(person.customer, version=version)
    name = person.name
    _remove_part(
        row, person, "customer.person_removed", by=by, at=at or now_db(), name=trail.masked(name, mask_name)
    )
    refresh_search(row)


@transaction.atomic
def add_telephone(
    *,
    customer: Customer,
    number: str,
    contact_person: ContactPerson | None = None,
    label: str = "",
    by: Any | None,
    at: datetime | None = None,
) -> Telephone:
    """A telephone number, of the customer or of one of its people; it is kept normalised.

    Raises RuleBroken `telephone.*`, `telephone.twice`, `telephone.stranger`, `customer.closed`.
    """
    read = read_telephone(number, field="number")
    row = locked_customer(customer)
    _room(row.telephones)
    return _add_number(
        row, contact_person, read.number, read.extension, label.strip(), by=by, at=at or now_db()
    )


def _add_number(
    row: Customer,
    person: ContactPerson | None,
    number: str,
    extension: str,
    label: str,
    *,
    by: Any | None,
    at: datetime,
) -> Telephone:
    _check_number(row, person, number, extension, 0)
    made = Telephone.objects.create(
        customer=row, contact_person=person, number=number, extension=extension, label=label
    )
    trail.record(row, "customer.telephone_added", by=by, at=at, number=trail.masked(number, mask_telephone))
    return made


def _check_number(row: Customer, person: ContactPerson | None, number: str, extension: str, own: int) -> None:
    if person is not None and person.customer_id != row.pk:
        raise RuleBroken("telephone.stranger", field="contact_person")
    if row.telephones.filter(number=number, extension=extension).exclude(pk=own).exists():
        raise RuleBroken("telephone.twice", field="number", number=row.number)


@transaction.atomic
def change_telephone(
    *,
    telephone: Telephone,
    number: str,
    contact_person: ContactPerson | None,
    label: str = "",
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Telephone:
    """Change a number, its label or whose it is; `version` is the customer's."""
    read = read_telephone(number, field="number")
    row = locked_customer(telephone.customer, version=version)
    current = Telephone.objects.select_related("contact_person").get(pk=telephone.pk)
    _check_number(row, contact_person, read.number, read.extension, current.pk)
    after = {
        "number": read.number,
        "extension": read.extension,
        "contact_person": contact_person,
        "label": label.strip(),
    }
    masks = {"number": mask_telephone, "contact_person": mask_name}
    _change_part(row, current, after, "customer.telephone_changed", masks, by=by, at=at or now_db())
    return current


@transaction.atomic
def remove_telephone(
    *, telephone: Telephone, version: int | None = None, by: Any | None, at: datetime | None = None
) -> None:
    """Remove a number from the customer; other customers keep theirs."""
    row = locked_customer(telephone.customer, version=version)
    number = trail.masked(telephone.number, mask_telephone)
    _remove_part(row, telephone, "customer.telephone_removed", by=by, at=at or now_db(), number=number)


@transaction.atomic
def add_address(
    *, customer: Customer, text: str, label: str = "", by: Any | None, at: datetime | None = None
) -> Address:
    """An address. Raises RuleBroken `address.empty`, `address.too_long`, `address.twice`, `customer.closed`."""
    words = _address(text)
    row = locked_customer(customer)
    _room(row.addresses)
    if row.addresses.filter(text=words).exists():
        raise RuleBroken("address.twice", field="text", number=row.number)
    made = Address.objects.create(customer=row, text=words, label=label.strip())
    trail.record(
        row, "customer.address_added", by=by, at=at or now_db(), address=trail.masked(words, mask_address)
    )
    return made


def _address(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise RuleBroken("address.empty", field="text", status=400)
    if len(words) > 200:
        raise RuleBroken("address.too_long", field="text", status=400, most=200, length=len(words))
    return words


@transaction.atomic
def change_address(
    *,
    address: Address,
    text: str,
    label: str = "",
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Address:
    """Change an address; `version` is the customer's."""
    words = _address(text)
    row = locked_customer(address.customer, version=version)
    current = Address.objects.get(pk=address.pk)
    if row.addresses.filter(text=words).exclude(pk=current.pk).exists():
        raise RuleBroken("address.twice", field="text", number=row.number)
    after = {"text": words, "label": label.strip()}
    _change_part(
        row, current, after, "customer.address_changed", {"text": mask_address}, by=by, at=at or now_db()
    )
    return current


@transaction.atomic
def remove_address(
    *, address: Address, version: int | None = None, by: Any | None, at: datetime | None = None
) -> None:
    """Remove an address."""
    row = locked_customer(address.customer, version=version)
    masked = trail.masked(address.text, mask_address)
    _remove_part(row, address, "customer.address_removed", by=by, at=at or now_db(), address=masked)


@transaction.atomic
def record_consent(
    *,
    customer: Customer,
    purpose: str,
    given_on: date,
    until: date | None = None,
    means: str = "",
    by: Any | None,
    at: datetime | None = None,
) -> Consent:
    """Consent to the use of data for a purpose (PRV-01).

    Raises RuleBroken `consent.future`, `consent.dates`, `consent.twice`, `customer.closed`.
    """
    kind = ConsentPurpose(purpose)
    row = locked_customer(customer)
    moment = at or now_db()
    if given_on > business_date(moment):
        raise RuleBroken("consent.future", field="given_on", status=400)
    if until is not None and until < given_on:
        raise RuleBroken("consent.dates", field="until", status=400)
    if row.consents.filter(purpose=kind, given_on=given_on).exists():
        raise RuleBroken("consent.twice", field="given_on")
    made = Consent.objects.create(
        customer=row, purpose=kind, given_on=given_on, until=until, means=means.strip()
    )
    trail.record(row, "customer.consent_given", by=by, at=moment, purpose=kind.value, given_on=given_on)
    return made


@transaction.atomic
def end_consent(
    *, consent: Consent, until: date, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Consent:
    """The customer takes consent back, or it ends on a day. Raises RuleBroken `consent.dates`."""
    row = locked_customer(consent.customer, version=version, closed=True)
    current = Consent.objects.get(pk=consent.pk)
    if until < current.given_on:
        raise RuleBroken("consent.dates", field="until", status=400)
    params = {"purpose": current.purpose}
    _change_part(
        row, current, {"until": until}, "customer.consent_ended", {}, by=by, at=at or now_db(), **params
    )
    return current


def _change_part(
    row: Customer,
    part: Any,
    after: dict[str, Any],
    code: str,
    masks: dict[str, Any],
    *,
    by: Any | None,
    at: datetime,
    **params: Any,
) -> None:
    """Write a part of the customer, raise the customer's version, record it masked."""
    before = {name: getattr(part, name) for name in after}
    changes = trail.changes_between(before, after, masks)
    if not changes:
        return
    for name in changes:
        setattr(part, name, after[name])
    part.save(update_fields=list(changes))
    write(row, expected_version=row.version)
    trail.record(row, code, by=by, at=at, changes=changes, **params)


def _remove_part(row: Customer, part: Any, code: str, *, by: Any | None, at: datetime, **params: Any) -> None:
    part.delete()
    write(row, expected_version=row.version)
    trail.record(row, code, by=by, at=at, **params)
