"""Who is it, and which consignment: the look-up at intake (CMP-01, WBL-07) in at most two statements.

Written by hand: it runs while the agent types, and each branch must use its own index (telephone exact and prefix,
last four, number, bigrams).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.urls import reverse

from customers.domain.lookup import Reading, read
from customers.permissions import Right
from customers.queries.scope import waybill_places
from servicecenter.kernel.masking import mask_telephone
from servicecenter.search import bigrams, fold

LIMIT = 8


@dataclass(frozen=True)
class CustomerHit:
    """A customer as the intake shows it; the telephone is masked."""

    id: int
    number: str
    name: str
    kind: str
    tier: str
    standing: str
    difficult_mark: str
    difficult_reason: str
    contact_name: str
    contact_role: str
    telephone_masked: str
    account_manager: str

    @property
    def url(self) -> str:
        """The customer's page."""
        return reverse("customer", args=[self.number])


@dataclass(frozen=True)
class WaybillHit:
    """A waybill as the intake shows it. `role`: which party the number or customer looked up is, '' where unknown."""

    id: int
    number: str
    is_stub: bool
    consignor_id: int | None
    consignor_name: str
    consignor_masked: str
    consignee_id: int | None
    consignee_name: str
    consignee_masked: str
    goods: str
    pieces: int | None
    shipped_on: date | None
    promised_at: datetime | None
    cod_state: str
    cod_amount: Decimal | None
    destination_text: str
    role: str

    @property
    def url(self) -> str:
        """The waybill's page."""
        return reverse("waybill", args=[self.number])


@dataclass(frozen=True)
class LookUp:
    """The answer: the readings of the text, at most eight customers and eight waybills."""

    text: str
    reading: Reading
    customers: tuple[CustomerHit, ...]
    waybills: tuple[WaybillHit, ...]

    @property
    def is_empty(self) -> bool:
        """Nobody and nothing found."""
        return not self.customers and not self.waybills

    @property
    def unknown_waybill(self) -> str:
        """The number of a waybill that is not known and could be registered as a stub (WBL-08), or ''."""
        whole = self.reading.waybill and not self.reading.telephone and not self.reading.digits
        return self.reading.waybill if whole and not self.waybills else ""


def look_up(text: str, user: Any) -> LookUp:
    """Customers and waybills for a telephone number, its last four digits, a waybill or customer number, or a name.

    Only what the user may see. Two statements at most, whatever the text.
    """
    reading = read(text)
    if reading.is_empty:
        return LookUp(text, reading, (), ())
    waybills: list[WaybillHit] = []
    if reading.waybill and not reading.telephone:
        waybills = _waybills(reading, [], user)
        parties = [pk for hit in waybills for pk in (hit.consignor_id, hit.consignee_id) if pk is not None]
        customers = _customers(reading, parties, user)
    else:
        customers = _customers(reading, [], user)
        waybills = _waybills(reading, [hit.id for hit in customers], user)
    return LookUp(text, reading, tuple(customers), tuple(waybills))


CUSTOMER = """
SELECT customer.id, customer.number, customer.name, customer.kind, customer.tier, customer.standing,
       customer.difficult_mark, customer.difficult_reason,
       coalesce(person.name, ''), coalesce(person.role_title, ''), coalesce(hit.number, ''),
       coalesce(manager.name, '')
FROM ({hits}) AS hit (customer_id, contact_person_id, number, rank)
JOIN customers_customer AS customer ON customer.id = hit.customer_id
LEFT JOIN customers_contactperson AS person ON person.id = hit.contact_person_id
LEFT JOIN organization_employee AS manager ON manager.id = customer.account_manager_id
ORDER BY hit.rank, (customer.standing = 'closed'), customer.name_key, customer.id
LIMIT 64
"""
BY_TELEPHONE = """(SELECT customer_id, contact_person_id, number, 1
  FROM customers_telephone WHERE number = %s LIMIT 32)"""
BY_BEGINNING = """(SELECT customer_id, contact_person_id, number, 2
  FROM customers_telephone WHERE number LIKE %s LIMIT 16)"""
BY_LAST_FOUR = """(SELECT customer_id, contact_person_id, number, 2
  FROM customers_telephone WHERE right("number", 4) = %s LIMIT 16)"""
BY_ID = "(SELECT id, NULL::bigint, NULL, 1 FROM customers_customer WHERE id = ANY(%s))"
BY_NUMBER = "(SELECT id, NULL::bigint, NULL, 1 FROM customers_customer WHERE number = %s)"
BY_NAME = """(SELECT id, NULL::bigint, NULL, CASE WHEN starts_with(search_text, %s) THEN 2 ELSE 3 END
  FROM customers_customer WHERE search @@ %s::tsquery AND search_text LIKE ALL(%s) LIMIT 24)"""
# A single sign or letter has no bigram: the beginning of the sort key finds it.
BY_KEY = "(SELECT id, NULL::bigint, NULL, 2 FROM customers_customer WHERE name_key LIKE %s ORDER BY name_key LIMIT 24)"


def _customers(reading: Reading, ids: Sequence[int], user: Any) -> list[CustomerHit]:
    if not user.has_right(Right.VIEW_CUSTOMER):
        return []
    parts: list[str] = []
    values: list[Any] = []
    if reading.telephone:
        parts.append(BY_TELEPHONE)
        values.append(reading.telephone)
    if reading.digits:
        parts.append(BY_BEGINNING)
        values.append(reading.digits + "%")
    if reading.last_four:
        parts.append(BY_LAST_FOUR)
        values.append(reading.last_four)
    if reading.customer:
        parts.append(BY_NUMBER)
        values.append(reading.customer)
    if ids:
        parts.append(BY_ID)
        values.append(list(ids))
    if reading.name:
        _add_name(reading.name, parts, values)
    if not parts:
        return []
    found: dict[int, CustomerHit] = {}
    for row in _rows(CUSTOMER.format(hits=" UNION ALL ".join(parts)), values):
        columns = list(row)
        columns[10] = mask_telephone(columns[10])
        found.setdefault(row[0], CustomerHit(*columns))
    return list(found.values())[:LIMIT]


def _add_name(name: str, parts: list[str], values: list[Any]) -> None:
    words = fold(name).split()
    grams = [gram for word in words for gram in bigrams(word) if len(gram) == 2]
    if not grams:
        parts.append(BY_KEY)
        values.append(_escaped(words[0]) + "%" if words else "")
        return
    query = " & ".join(
        "'" + gram.replace("\\", "\\\\").replace("'", "''") + "'" for gram in dict.fromkeys(grams)
    )
    parts.append(BY_NAME)
    values += [" ".join(words), query, [f"%{_escaped(word)}%" for word in words]]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


COLUMNS = """id, number, is_stub, consignor_id, consignor_name, consignor_telephone, consignee_id, consignee_name,
  consignee_telephone, goods, pieces, shipped_on, promised_at, cod_state, cod_amount, destination_text"""
# Each branch takes the newest of its own index; a beginning of a number is sorted by nothing, it is about to be whole.
NEWEST = f"""(SELECT {COLUMNS}, created_at FROM customers_waybill AS waybill WHERE {{}} {{}}
  ORDER BY created_at DESC, id DESC LIMIT 8)"""
OF_PARTIES = f"""(SELECT newest.* FROM unnest(%s::bigint[]) AS party (id), LATERAL (
  SELECT {COLUMNS}, created_at FROM customers_waybill AS waybill WHERE waybill.{{}} = party.id {{}}
  ORDER BY created_at DESC, id DESC LIMIT 8) AS newest)"""
BEGINNING = f"(SELECT {COLUMNS}, created_at FROM customers_waybill AS waybill WHERE {{}} {{}} LIMIT 32)"
SCOPED = "AND (waybill.origin_id = ANY(%s) OR waybill.destination_id = ANY(%s))"


def _waybills(reading: Reading, customer_ids: Sequence[int], user: Any) -> list[WaybillHit]:
    places = waybill_places(user)
    if places is not None and not places:
        return []
    scope, scope_values = ("", []) if places is None else (SCOPED, [places, places])
    parts: list[str] = []
    values: list[Any] = []

    def add(template: str, condition: str, value: Any) -> None:
        parts.append(template.format(condition, scope))
        values.extend((value, *scope_values))

    if reading.waybill:
        add(NEWEST, "waybill.number = %s", reading.waybill)
    if reading.telephone:
        add(NEWEST, "waybill.consignor_telephone = %s", reading.telephone)
        add(NEWEST, "waybill.consignee_telephone = %s", reading.telephone)
    if reading.digits:
        add(BEGINNING, "waybill.number LIKE %s", reading.digits + "%")
    if reading.last_four:
        add(NEWEST, 'right(waybill."number", 4) = %s', reading.last_four)
    if customer_ids:
        add(OF_PARTIES, "consignor_id", list(customer_ids))
        add(OF_PARTIES, "consignee_id", list(customer_ids))
    if not parts:
        return []
    rows = sorted(_rows(" UNION ALL ".join(parts), values), key=lambda row: (row[-1], row[0]), reverse=True)
    found: dict[int, WaybillHit] = {}
    for row in rows:
        found.setdefault(row[0], _waybill_hit(row[:-1], reading, customer_ids))
    return list(found.values())[:LIMIT]


def _waybill_hit(row: Sequence[Any], reading: Reading, customer_ids: Sequence[int]) -> WaybillHit:
    consignor_id, consignor_telephone, consignee_id, consignee_telephone = row[3], row[5], row[6], row[8]
    sender = (reading.telephone and consignor_telephone == reading.telephone) or consignor_id in customer_ids
    receiver = (
        reading.telephone and consignee_telephone == reading.telephone
    ) or consignee_id in customer_ids
    role = "consignor" if sender and not receiver else "consignee" if receiver and not sender else ""
    values = [*row, role]
    values[5], values[8] = mask_telephone(consignor_telephone), mask_telephone(consignee_telephone)
    return WaybillHit(*values)


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
