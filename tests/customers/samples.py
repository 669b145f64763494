"""Small customers and waybills for tests, made through the services."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from customers import services
from customers.domain.facts import WaybillFacts
from customers.models import Customer, Waybill
from servicecenter.models import TrailEntry

AT = datetime(2026, 11, 18, 2, 45, tzinfo=UTC)
WHOLE = WaybillFacts(
    shipped_on=date(2026, 11, 10),
    consignor_name="杭州华茂五金有限公司",
    consignor_telephone="13900000421",
    consignee_name="周小芸",
    consignee_telephone="15011721172",
    origin_text="杭州分公司",
    destination_text="城东分公司",
    goods="五金件",
    packing="纸箱",
    pieces=30,
    weight=Decimal("412.500"),
)


def customer(name: str = "杭州华茂五金有限公司", **changed: Any) -> Customer:
    """A company with a telephone number and a contact person."""
    values: dict[str, Any] = {
        "name": name,
        "kind": "company",
        "telephone": "13900000421",
        "contact_name": "刘海涛",
        "by": None,
        "at": AT,
    }
    return services.register_customer(**{**values, **changed})


def person(name: str = "李文斌", telephone: str = "13711112222", **changed: Any) -> Customer:
    """A private customer."""
    return customer(name, kind="person", telephone=telephone, contact_name="", **changed)


def waybill(number: str = "86204417309", *, by: Any = None, at: datetime = AT, **facts: Any) -> Waybill:
    """A complete waybill; `facts` replace single facts."""
    row = services.register_stub_waybill(number=number, by=by, at=at)
    whole = WaybillFacts(**{**WHOLE.columns(), **facts})  # type: ignore[arg-type]
    return services.complete_waybill(waybill=row, facts=whole, by=by, at=at)


def trail_of(row: Any) -> list[str]:
    """The codes of what has happened to it, oldest first."""
    return list(TrailEntry.objects.filter(object_id=row.pk).order_by("id").values_list("code", flat=True))
