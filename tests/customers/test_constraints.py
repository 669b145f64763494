"""What the database itself refuses, whatever writes to it (CUS-03, CUS-04, WBL-02, WBL-05)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from customers import services
from customers.models import ContactPerson, Customer, Telephone, Waybill, WaybillEvent
from tests.customers import samples

pytestmark = pytest.mark.django_db
AT = samples.AT


def refused(name: str, sql: str, *values: Any) -> None:
    """The statement fails by the constraint or trigger of that name."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    diagnosis = getattr(caught.value.__cause__, "diag", None)
    assert name in {getattr(diagnosis, "constraint_name", None), str(caught.value).split("\n")[0]}


class TestCustomers:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("customer_number_form", "number = 'K-1'"),
            ("customer_named", "name = ''"),
            ("customer_kind", "kind = 'robot'"),
            ("customer_tier", "tier = 'E', tier_since = '2026-01-01'"),
            ("customer_tier_dated", "tier = 'A'"),
            ("customer_prospect_never_shipped", "standing = 'gone'"),
            ("customer_prospect_never_shipped", "standing = 'active'"),
            ("customer_prospect_never_shipped", "last_shipped_on = '2026-11-01'"),
            ("customer_mark", "difficult_mark = 'marked'"),
            ("customer_mark", "difficult_mark = 'confirmed', difficult_reason = 'x', marked_at = now()"),
            ("customer_mark", "difficult_reason = 'x'"),
        ],
    )
    def test_a_customer_is_never_half(self, name: str, change: str) -> None:
        row = samples.customer()
        refused(name, f"UPDATE customers_customer SET {change} WHERE id = %s", row.pk)

    def test_numbers_are_digits_and_stand_once_with_a_customer(self) -> None:
        row = samples.customer()
        refused(
            "telephone_digits",
            "UPDATE customers_telephone SET number = '139 0000' WHERE customer_id = %s",
            row.pk,
        )
        refused(
            "telephone_extension",
            "UPDATE customers_telephone SET extension = 'a' WHERE customer_id = %s",
            row.pk,
        )
        refused("telephone_once", "INSERT INTO customers_telephone (customer_id, number, extension, label) "
                "VALUES (%s, '13900000421', '', '')", row.pk)  # fmt: skip

    def test_a_number_cannot_be_given_to_another_customers_person(self) -> None:
        row, other = samples.customer(), samples.customer("新禾食品")
        stranger = ContactPerson.objects.get(customer=other)
        refused("telephone_person_of_customer",
                "UPDATE customers_telephone SET contact_person_id = %s WHERE customer_id = %s",
                stranger.pk, row.pk)  # fmt: skip

    def test_two_customers_may_share_a_number(self) -> None:
        samples.customer()
        samples.customer("新禾食品")
        assert Telephone.objects.filter(number="13900000421").count() == 2

    def test_a_customer_with_waybills_is_not_deleted(self) -> None:
        row = samples.customer()
        samples.waybill()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM customers_telephone")
            cursor.execute("DELETE FROM customers_contactperson")
            cursor.execute("DELETE FROM customers_customer WHERE id = %s", [row.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert Customer.objects.filter(pk=row.pk).exists()


class TestWaybills:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("waybill_keeps_number", "number = '86204417310'"),
            ("waybill_stays_complete", "is_stub = true"),
            ("waybill_complete", "goods = ''"),
            ("waybill_complete", "shipped_on = NULL"),
            ("waybill_complete", "origin_text = ''"),
            ("waybill_measures", "weight = 0"),
            ("waybill_measures", "pieces = 0"),
            ("waybill_consignor_digits", "consignor_telephone = '139-0000'"),
            ("waybill_cod_values", "cod_state = 'lost'"),
            ("waybill_cod_amount", "cod_state = 'due'"),
            ("waybill_cod_amount", "cod_state = 'none', cod_amount = 5"),
            ("waybill_cod_amount", "cod_amount = 0"),
            ("waybill_source", "source = 'guess'"),
        ],
    )
    def test_a_waybill_is_never_half(self, name: str, change: str) -> None:
        row = samples.waybill()
        refused(name, f"UPDATE customers_waybill SET {change} WHERE id = %s", row.pk)

    def test_numbers_are_unique_and_normalised(self) -> None:
        samples.waybill()
        for name, number in (("waybill_number_form", "8620 4417 310"), ("waybill_number_form", "sf123456")):
            refused(name, "INSERT INTO customers_waybill (number, is_stub, consignor_name, consignor_telephone, "
                    "consignee_name, consignee_telephone, origin_text, destination_text, goods, packing, service, "
                    "cod_state, source, source_at, search_text, version, created_at) VALUES (%s, true, '', '', '', "
                    "'', '', '', '', '', '', 'unknown', 'hand', now(), '', 1, now())", number)  # fmt: skip

    @pytest.mark.parametrize(
        "change",
        ["cod_amount = 4800", "cod_state = 'due'", "cod_state = 'unknown'", "cod_state = 'cancelled'"],
    )
    def test_collected_money_keeps_its_amount_and_goes_on(self, change: str) -> None:
        row = samples.waybill()
        services.set_cod(waybill=row, state="collected", amount=Decimal("4860"), by=None, at=AT)
        refused("waybill_cod_forward", f"UPDATE customers_waybill SET {change} WHERE id = %s", row.pk)

    def test_cancelled_money_stays_cancelled(self) -> None:
        row = samples.waybill()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE customers_waybill SET cod_state = 'cancelled', cod_amount = 5 WHERE id = %s", [row.pk]
            )
        refused("waybill_cod_forward", "UPDATE customers_waybill SET cod_state = 'due' WHERE id = %s", row.pk)


class TestEvents:
    def event(self, waybill: Waybill) -> WaybillEvent:
        return services.record_event(
            waybill=waybill, kind="arrived", occurred_at=AT - timedelta(hours=1), place="城东", by=None, at=AT
        )

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE customers_waybillevent SET place = '城西'",
            "DELETE FROM customers_waybillevent",
            "TRUNCATE customers_waybillevent CASCADE",
        ],
    )
    def test_events_are_append_only(self, sql: str) -> None:
        event = self.event(samples.waybill())
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)
        event.refresh_from_db()
        assert event.place == "城东"

    def insert(self, waybill: Waybill, corrects: int | None, is_void: bool = False) -> tuple[str, list[Any]]:
        return (
            "INSERT INTO customers_waybillevent (waybill_id, kind, occurred_at, place, remarks, source, corrects_id, "
            "is_void) VALUES (%s, 'arrived', %s, '城东', '', 'hand', %s, %s)",
            [waybill.pk, AT - timedelta(hours=1), corrects, is_void],
        )

    def test_an_event_is_corrected_once_on_its_own_waybill(self) -> None:
        row, other = samples.waybill(), samples.waybill("86204417310")
        event = self.event(row)
        sql, values = self.insert(other, event.pk)
        refused("waybill_event_corrects_own", sql, *values)
        sql, values = self.insert(row, event.pk)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        with (
            pytest.raises(DatabaseError, match="corrects_id"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, values)

    def test_the_same_event_stands_once_and_what_did_not_happen_names_what(self) -> None:
        row = samples.waybill()
        self.event(row)
        sql, values = self.insert(row, None)
        refused("waybill_event_once", sql, *values)
        sql, values = self.insert(row, None, is_void=True)
        refused("waybill_event_void", sql, *values)
