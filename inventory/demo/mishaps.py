"""What goes wrong in the demonstration's stores: papers voided, a piece lost on its way, damaged goods moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from inventory import services
from inventory.choices import Category, UseKind
from inventory.domain.documents import Head, Line
from inventory.domain.transfers import TransferHead, TransferLineIn
from inventory.models import Document, Transfer, Warehouse
from organization.models import User
from servicecenter.clock import business_date


def play(*, people: Mapping[str, User], stores: Mapping[str, Warehouse], now: datetime) -> None:
    """Damaged goods collected (INV-25), a loss in transit (LED-06), papers voided or being changed."""
    keeper, accountant, manager = (people[role] for role in ("keeper", "accountant", "manager"))

    def sent(days: int, source: str, target: str, code: str, quantity: int) -> Transfer:
        at = now - timedelta(days=days, hours=3)
        head = TransferHead("internal", stores[source].pk, stores[target].pk, business_date(at))
        lines = [TransferLineIn(code, Decimal(quantity))]
        return services.save_transfer(head=head, lines=lines, by=accountant, at=at)

    def side(transfer: Transfer, direction: str) -> Document:
        return Document.objects.get(transfer=transfer, direction=direction)

    moment = now - timedelta(days=50, hours=2)
    moved = services.audit_transfer(
        transfer=sent(50, "BP-SH", "YB1-SH", "BJ-33015", 1), by=accountant, at=moment
    )
    for direction in ("out", "in"):
        services.audit_document(document=side(moved, direction), by=accountant, at=moment)

    moment = now - timedelta(days=25, hours=2)
    lost = services.audit_transfer(
        transfer=sent(25, "YB1-WH", "BP-WH", "BJ-33071", 1), by=accountant, at=moment
    )
    services.audit_document(document=side(lost, "out"), by=accountant, at=moment)
    searched = moment + timedelta(days=3)
    services.void_document(
        document=side(lost, "in"), reason="整件未到,承运人查无下落", by=accountant, at=searched
    )
    loss = services.draft_transit_loss(
        transfer=lost, remarks="承运途中丢失", by=accountant, at=searched + timedelta(minutes=20)
    )
    loss = services.approve_document(document=loss, by=manager, at=searched + timedelta(minutes=50))
    services.audit_document(document=loss, by=accountant, at=searched + timedelta(minutes=60))

    twice = now - timedelta(days=8, hours=3)
    written = services.save_document(
        head=Head(
            category=Category.OWN_USE_OUT,
            warehouse_id=stores["BP-WH"].pk,
            business_date=business_date(twice),
            use=UseKind.CONSUMABLE,
        ),
        lines=[Line("HC-20120", Decimal(2))],
        by=keeper,
        at=twice,
    )
    services.void_document(
        document=written, reason="同一领用开了两张单", by=keeper, at=twice + timedelta(minutes=15)
    )
    services.void_transfer(
        transfer=sent(4, "YB1-WH", "BP-WH", "HC-20040", 1),
        reason="现场库存够用,不再调拨",
        by=accountant,
        at=now - timedelta(days=4, hours=1),
    )
    services.edit_transfer(
        transfer=sent(1, "YB1-WH", "BP-WH", "GJ-01042", 2), by=accountant, at=now - timedelta(days=1, hours=2)
    )
