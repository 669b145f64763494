"""The customer's own row: registered, found or made at intake, changed, closed, entrusted to an account manager."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from customers.choices import CustomerKind, Standing, Tier
from customers.domain import parties, standing, telephones
from customers.domain.policy import StandingPolicy
from customers.models import ContactPerson, Customer, Telephone
from customers.queries.parties import customers_of
from customers.services.rows import change, customer_text, locked_customer, read_name, read_telephone
from customers.services.tiers import take_over_grade
from organization.models import Employee
from servicecenter import policies, trail
from servicecenter.clock import business_date, now_db
from servicecenter.i18n import listed
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.numbering import next_number
from servicecenter.search import name_key
from servicecenter.trail import Line

CHANGEABLE = frozenset({"name", "kind", "region", "trade", "credit_note"})


@transaction.atomic
def register_customer(
    *,
    name: str,
    kind: str,
    by: Any | None,
    at: datetime | None = None,
    telephone: str = "",
    contact_name: str = "",
    region: str = "",
    trade: str = "",
    account_manager: Employee | None = None,
    credit_note: str = "",
    tier: str = "",
    tier_since: date | None = None,
) -> Customer:
    """A new customer with, if given, a first telephone number and contact person (CUS-01).

    `tier` is the grade taken over from an existing file; no page or interface offers it. Raises RuleBroken
    `name.*`, `telephone.*`.
    """
    number = read_telephone(telephone) if telephone.strip() else None
    return _register(
        name=read_name(name),
        kind=CustomerKind(kind),
        number=number,
        by=by,
        at=at or now_db(),
        contact_name=read_name(contact_name, field="contact_name", length=60) if contact_name.strip() else "",
        region=region.strip(),
        trade=trade.strip(),
        account_manager=account_manager,
        credit_note=credit_note.strip(),
        tier=tier,
        tier_since=tier_since,
    )


def _register(
    *,
    name: str,
    kind: str,
    number: telephones.Number | None,
    by: Any | None,
    at: datetime,
    contact_name: str = "",
    tier: str = "",
    tier_since: date | None = None,
    **columns: Any,
) -> Customer:
    row = Customer(
        number=next_number("customer", at=at),
        kind=kind,
        name=name,
        name_key=name_key(name),
        tier=Tier(tier) if tier else "",
        tier_since=(tier_since or business_date(at)) if tier else None,
        created_at=at,
        created_by=by,
        **columns,
    )
    row.search_text = customer_text(row, [contact_name] if contact_name else [])
    row.save(force_insert=True)
    if row.tier and row.tier_since:
        take_over_grade(customer=row, tier=row.tier, since=row.tier_since, by=by, at=at)
    person = ContactPerson.objects.create(customer=row, name=contact_name) if contact_name else None
    if number is not None:
        Telephone.objects.create(
            customer=row, contact_person=person, number=number.number, extension=number.extension
        )
    trail.record(
        row,
        "customer.registered",
        by=by,
        at=at,
        name=trail.masked(name, mask_name) if kind == CustomerKind.PERSON else name,
        telephone=trail.masked(number.number, mask_telephone) if number else "",
    )
    return row


def find_or_create_caller(
    *,
    telephone: str,
    name: str,
    by: Any | None,
    at: datetime | None = None,
    kind: str = CustomerKind.PERSON,
    ask: bool = True,
) -> Customer:
    """The customer who calls: found by number, among several by name, made when new (CMP-01).

    Two callers registered at the same moment with the same new number become one. Where several customers share the
    number and none bears the name, the agent is asked (`caller.ambiguous`); with `ask=False`, on channels where
    nobody can be asked, the newest is taken. Without a number a customer is made from the name.
    Raises RuleBroken `telephone.*`, `name.*`, `caller.ambiguous`.
    """
    number = read_telephone(telephone) if telephone.strip() else None
    if number is None:
        full_name = read_name(name, field="caller_name")
    else:
        if (found := _caller(number.number, name, ask)) is not None:
            return found
        full_name = read_name(name, field="caller_name") if name.strip() else mask_telephone(number.number)
    with transaction.atomic():
        if number is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [number.number])
            if (found := _caller(number.number, name, ask)) is not None:
                return found
        return _register(name=full_name, kind=CustomerKind(kind), number=number, by=by, at=at or now_db())


def _caller(number: str, name: str, ask: bool) -> Customer | None:
    owners = customers_of(number)
    if not owners:
        return None
    chosen = parties.choose([candidate for _row, candidate in owners], name)
    if chosen is None:
        if ask:
            names = listed(row.name for row, _candidate in owners[:4])
            raise RuleBroken("caller.ambiguous", field="customer", names=names)
        return owners[0][0]
    return next(row for row, _candidate in owners if row.pk == chosen)


@transaction.atomic
def change_customer(
    *,
    customer: Customer,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
    **fields: Any,
) -> Customer:
    """Change name, kind, region, trade or credit note; the tier is read only here.

    Raises RuleBroken `lifecycle.stale`, `customer.closed`, `name.*`; TypeError for any other field.
    """
    if unknown := set(fields) - CHANGEABLE:
        raise TypeError(f"change_customer cannot change {sorted(unknown)}")
    row = locked_customer(customer, version=version)
    moment = at or now_db()
    after = {name: str(value).strip() for name, value in fields.items()}
    if "name" in after:
        after["name"] = read_name(after["name"])
    if "kind" in after:
        after["kind"] = CustomerKind(after["kind"])
    if change(row, after, "customer.changed", by=by, at=moment):
        refresh_search(row)
    return row


def refresh_search(row: Customer) -> None:
    """Make the search text and the sort key of a locked customer fit its names; no change of its version."""
    people = row.contact_people.order_by("id").values_list("name", flat=True)
    row.search_text, row.name_key = customer_text(row, people), name_key(row.name)
    Customer.objects.filter(pk=row.pk).update(search_text=row.search_text, name_key=row.name_key)


@transaction.atomic
def assign_account_manager(
    *,
    customer: Customer,
    employee: Employee | None,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Customer:
    """Entrust the customer to an account manager, or to nobody. Raises RuleBroken `account_manager.gone`."""
    row = locked_customer(customer, version=version)
    moment = at or now_db()
    if employee is not None and employee.left_on is not None and employee.left_on <= business_date(moment):
        raise RuleBroken("account_manager.gone", field="account_manager", name=employee.name)
    change(
        row, {"account_manager": employee}, "customer.entrusted", by=by, at=moment, name=str(employee or "")
    )
    return row


@transaction.atomic
def close_customer(
    *, customer: Customer, reason: str, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Customer:
    """Close the file: it stays searchable and changes no more (CUS-04). Raises RuleBroken `customer.closed`."""
    if not reason.strip():
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="close")
    row = locked_customer(customer, version=version)
    change(
        row, {"standing": Standing.CLOSED}, "customer.closed", by=by, at=at or now_db(), reason=reason.strip()
    )
    return row


@transaction.atomic
def reopen_customer(
    *, customer: Customer, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Customer:
    """Open a closed file again; its standing follows from its waybills. Raises RuleBroken `customer.not_closed`."""
    row = locked_customer(customer, version=version, closed=True)
    if row.standing != Standing.CLOSED:
        raise RuleBroken("customer.not_closed", number=row.number)
    moment = at or now_db()
    after = standing.standing_on(
        business_date(moment),
        last_shipped_on=row.last_shipped_on,
        closed=False,
        dormant_after_days=_dormant_after(moment),
    )
    change(row, {"standing": after}, "customer.reopened", by=by, at=moment)
    return row


def _dormant_after(at: datetime) -> int:
    policy: StandingPolicy = policies.value("customers.standing", at=at)
    return policy.dormant_after_days


NOTE_SHIPMENTS = """
UPDATE customers_customer AS customer
SET last_shipped_on = greatest(customer.last_shipped_on, sent.day),
    standing = CASE
      WHEN customer.standing = 'closed' THEN 'closed'
      WHEN %(today)s - greatest(customer.last_shipped_on, sent.day) >= %(days)s THEN 'dormant'
      ELSE 'active' END
FROM (SELECT consignor_id, max(shipped_on) AS day FROM customers_waybill
      WHERE consignor_id = ANY(%(ids)s) AND shipped_on <= %(today)s GROUP BY consignor_id) AS sent,
     customers_customer AS before
WHERE customer.id = sent.consignor_id AND before.id = customer.id
  AND (customer.last_shipped_on IS NULL OR customer.last_shipped_on < sent.day)
RETURNING customer.id, customer.number, before.standing, customer.standing
"""
AGE_STANDINGS = """
UPDATE customers_customer AS customer
SET standing = CASE WHEN customer.standing = 'active' THEN 'dormant' ELSE 'active' END
FROM customers_customer AS before
WHERE before.id = customer.id
  AND (customer.standing = 'active' AND customer.last_shipped_on <= %(today)s - %(days)s
    OR customer.standing = 'dormant' AND customer.last_shipped_on > %(today)s - %(days)s)
RETURNING customer.id, customer.number, before.standing, customer.standing
"""


def note_shipments(customer_ids: list[int], *, by: Any | None, at: datetime) -> None:
    """Waybills of these consignors came in: the day of the last one and the standing follow (CUS-04), set-based."""
    if customer_ids:
        _standings(NOTE_SHIPMENTS, by=by, at=at, ids=customer_ids)


@transaction.atomic
def refresh_standings(*, at: datetime | None = None) -> int:
    """Active customers without a waybill for 90 days (policy) become dormant; the clock runs it. Returns how many."""
    return _standings(AGE_STANDINGS, by=None, at=at or now_db())


def _standings(sql: str, *, by: Any | None, at: datetime, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": business_date(at), "days": _dormant_after(at), **values})
        changed = [row for row in cursor.fetchall() if row[2] != row[3]]
    trail.record_many(
        [
            Line("customers.customer", pk, number, "customer.standing", {}, {"standing": [before, after]})
            for pk, number, before, after in sorted(changed)
        ],
        by=by,
        at=at,
    )
    return len(changed)
