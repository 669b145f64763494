"""A mixed world for boards: tickets of two years in all states, claims on both tracks, stock that waits and moves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bench import generate
from claims import services as claims
from claims.models import Claim, Voucher
from inventory import services as stock
from inventory.models import Item
from servicecenter.clock import business_date, now_db
from tests import people
from tests.claims import cases
from tests.complaints import cases as complaining
from tests.inventory import stores as goods

TICKETS = 400


def tickets() -> None:
    """Four hundred tickets of two years, about three per cent of them open, second complaints among them; one of now.

    The youngest of the four hundred is a day or two old: on the first of a month it would be the last month's.
    """
    generate.fill(TICKETS)
    complaining.register(
        people.user("agent"), at=now_db(), caller_telephone="13700000400", waybill_number="86290000400"
    )


def claims_of_every_kind() -> tuple[Claim, Voucher, Voucher]:
    """One reported forty days ago and not taken, one with its voucher to be paid, one paid with its shares charged.

    Answers these three: the claim that is open, the voucher to be paid, the voucher that was paid.
    """
    people.centre()
    crew, now = cases.Crew(), now_db()
    begun = now - timedelta(days=40)
    old = claims.open_claim(
        intake=cases.intake(claimed_amount=Decimal("900.00"), incident_on=(begun - timedelta(days=2)).date()),
        waybill=cases.waybill("86204390001"),
        by=crew.agent,
        at=begun,
    )
    waiting = cases.issued(
        crew,
        claim=cases.opened(
            crew,
            bill=cases.waybill("86204390002"),
            at=now - timedelta(days=5),
            incident_on=(now - timedelta(days=7)).date(),
        ),
        at=now,
    )
    liable = cases.determined(crew, at=now - timedelta(days=1)).claim
    paid = cases.pay(cases.issued(crew, claim=cases.fresh(liable), at=now), crew.cashier, at=now)
    return old, waiting, paid


def goods_that_wait_and_move() -> goods.Stores:
    """Two papers that wait, a transfer on the way, a broken pump, and two wrenches where ten should be."""
    s, now = goods.stores(), now_db()
    Item.objects.filter(pk=s.wrench.pk).update(reserve_least=Decimal(10))
    goods.stocked(s, goods.line(s.wrench, 6), goods.line(s.grease, 50))
    goods.stocked(s, goods.line(s.pump, 1), warehouse=s.damaged, day=business_date(now), at=now)
    goods.purchase(s, goods.line(s.grease, 5))
    goods.purchase(s, goods.line(s.pump, 1))
    moved = goods.transfer(s, (s.wrench, 4))
    stock.audit_transfer(transfer=moved, by=s.accountant, at=goods.AT)
    outbound, _inbound = goods.sides(moved)
    goods.audited(outbound, s.accountant)
    return s
