"""Plays the customers and waybills of the last hundred days through the real services; the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from customers import services
from customers.demo.cast import (
    CAST,
    COMPANY_STEMS,
    COMPANY_TRADES,
    GIVEN,
    GOODS,
    KNOWN,
    REGIONS,
    ROLES,
    SERVICES,
    SURNAMES,
    Cast,
    Known,
    Person,
)
from customers.demo.freight import freight
from customers.demo.grading import grade_customers
from customers.demo.journeys import Journey, travel
from customers.models import Customer, Waybill
from organization.models import Employee, User
from servicecenter.clock import centre_zone

SEED = 20261118
COMPANIES, PEOPLE, CONSIGNMENTS, DAYS = 26, 24, 388, 100
STEP = 7031
FIRST_NUMBER = 86204494650


def seed(*, at: datetime) -> None:
    """Customers, contact people and waybills as they stand at `at`; nothing when there are customers already."""
    if Customer.objects.exists():
        return
    chance = Random(SEED)
    since = at - timedelta(days=420)
    cast = [*CAST, *_crowd(chance)]
    customers = {one.name: _customer(one, since, chance) for one in cast}
    tiers = {one.name: one.tier for one in cast}
    journeys = [*_known(at, chance), *_consignments(list(customers.values()), tiers, at, chance)]
    for journey in journeys:
        journey.facts |= freight(journey, tiers[journey.facts["consignor_name"]], until=at)
    for moment, before in _deliveries(at):
        rows = list(_rows(journeys, after=before, until=moment))
        services.import_waybills(rows=enumerate(rows, 2), by=None, at=moment)
    _by_hand(customers, at)
    services.refresh_standings(at=at)
    grade_customers(customers, at)


def _customer(cast: Cast, since: datetime, chance: Random) -> Customer:
    at = since + timedelta(days=chance.uniform(0, 120))
    own = cast.telephone if cast.telephone not in {person.telephone for person in cast.people} else ""
    row = services.register_customer(
        name=cast.name,
        kind="person" if cast.is_person else "company",
        telephone=own,
        trade=cast.trade,
        region=cast.region,
        credit_note=cast.credit,
        account_manager=Employee.objects.filter(work_number=cast.manager).first() if cast.manager else None,
        tier=cast.before or cast.tier,
        tier_since=(at + timedelta(days=200)).date().replace(day=1) if cast.tier else None,
        by=None,
        at=at,
    )
    for person in cast.people:
        services.add_contact_person(
            customer=row,
            name=person.name,
            role_title=person.role,
            is_finance=person.is_finance,
            telephone=person.telephone,
            by=None,
            at=at,
        )
    if cast.address:
        services.add_address(customer=row, text=cast.address, label="发货仓", by=None, at=at)
    if cast.tier in {"A", "B"}:
        for purpose in ("service", "notices", "surveys"):
            services.record_consent(
                customer=row, purpose=purpose, given_on=at.date(), means="服务合同", by=None, at=at
            )
    return row


def _crowd(chance: Random) -> Iterator[Cast]:
    """The customers who are not in the pictures."""
    for place in range(COMPANIES):
        trade, word = COMPANY_TRADES[place % len(COMPANY_TRADES)]
        block = f"131000{place:03}"
        buyer = chance.choice(SURNAMES) + chance.choice(GIVEN)
        people = [Person(buyer, chance.choice(ROLES), f"{block}01")]
        if chance.random() < 0.6:
            people.append(
                Person(chance.choice(SURNAMES) + chance.choice(GIVEN), "财务", f"{block}02", is_finance=True)
            )
        tier = chance.choices(("A", "B", "C", "D", ""), (1, 4, 8, 6, 3))[0]
        yield Cast(
            f"{COMPANY_STEMS[place]}{word}有限公司",
            f"{block}01",
            tier,
            trade,
            chance.choice(REGIONS),
            chance.choice(("0711", "0712")) if tier in {"A", "B"} else "",
            tuple(people),
        )
    for place in range(PEOPLE):
        yield Cast(
            chance.choice(SURNAMES) + chance.choice(GIVEN),
            f"132000{place:03}01",
            chance.choices(("C", "D", ""), (1, 2, 5))[0],
            region=chance.choice(("城东", "城西", "萧南")),
            is_person=True,
        )


def _facts(
    *,
    consignor: Customer,
    consignee_name: str,
    consignee_telephone: str,
    origin: str,
    destination: str,
    goods: str,
    packing: str,
    pieces: int,
    weight: str,
    service: str,
    shipped_at: datetime,
) -> dict[str, str]:
    telephone = consignor.telephones.order_by("id").first()
    promised = shipped_at + timedelta(days=1 if service == "次日达" else 3)
    return {
        "shipped_on": f"{shipped_at:%Y-%m-%d}",
        "consignor_number": consignor.number,
        "consignor_name": consignor.name,
        "consignor_telephone": telephone.number if telephone else "",
        "consignee_name": consignee_name,
        "consignee_telephone": consignee_telephone,
        "origin": origin,
        "destination": destination,
        "goods": goods,
        "packing": packing,
        "pieces": str(pieces),
        "weight": weight,
        "service": service,
        "promised_at": f"{promised:%Y-%m-%d} 18:00",
    }


def _shipped(at: datetime, days: int, hour: float) -> datetime:
    local = at.astimezone(centre_zone()) - timedelta(days=days)
    return local.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0, microsecond=0)


def _known(at: datetime, chance: Random) -> Iterator[Journey]:
    """The waybills that complaints of the demo are about."""
    rows = {row.name: row for row in Customer.objects.all()}
    packings = dict(GOODS)
    for known in KNOWN:
        shipped_at = _shipped(at, known.shipped, 15.5)
        journey = Journey(
            known.number,
            shipped_at,
            _facts(
                consignor=rows[known.consignor],
                consignee_name=known.consignee,
                consignee_telephone=known.consignee_telephone,
                origin=known.origin,
                destination=known.destination,
                goods=known.goods,
                packing=packings.get(known.goods, "纸箱"),
                pieces=known.pieces,
                weight=known.weight,
                service="标准快运",
                shipped_at=shipped_at,
            ),
            amount=known.cod[0] if known.cod else "",
        )
        travel(journey, known.course, chance, until=at, final=_final(known))
        yield journey


def _final(known: Known) -> str:
    return known.cod[1] if known.cod else ""


def _consignments(
    customers: list[Customer], tiers: dict[str, str], at: datetime, chance: Random
) -> Iterator[Journey]:
    """The everyday traffic."""
    companies = [row for row in customers if row.kind == "company"]
    # The last three companies have shipped nothing lately: dormant, and prospects who never did.
    senders = companies[:-3]
    weights = [{"A": 4, "B": 3}.get(tiers[row.name], 1) for row in senders]
    branches = ("杭州分公司", "萧南分公司", "北坡分公司", "城东分公司", "城西分公司")
    for place in range(CONSIGNMENTS):
        sender = companies[-3] if place % 130 == 129 else chance.choices(senders, weights)[0]
        receiver = chance.choice([row for row in customers if row != sender])
        telephone = receiver.telephones.order_by("id").first()
        days = chance.randint(92, DAYS) if sender == companies[-3] else chance.randint(0, DAYS - 4)
        origin, destination = chance.sample(branches, 2)
        goods, packing = chance.choice(GOODS)
        pieces = chance.randint(1, 60)
        shipped_at = _shipped(at, days, chance.uniform(9, 17))
        if shipped_at > at:
            shipped_at = _shipped(at, days + 1, 16)
        journey = Journey(
            str(FIRST_NUMBER + place * STEP),
            shipped_at,
            _facts(
                consignor=sender,
                consignee_name=receiver.name,
                consignee_telephone=telephone.number if telephone else "",
                origin=origin,
                destination=destination,
                goods=goods,
                packing=packing,
                pieces=pieces,
                weight=f"{pieces * chance.uniform(2, 25):.1f}",
                service=chance.choice(SERVICES),
                shipped_at=shipped_at,
            ),
            amount=f"{chance.randint(20, 900) * 10}.00" if chance.random() < 0.45 else "",
        )
        course = chance.choices(("signed", "refused", "waiting", "delayed"), (94, 2, 2, 2))[0]
        final = chance.choices(("", "collected", "handed_in"), (96, 2, 2))[0]
        travel(journey, course, chance, until=at, final=final)
        yield journey


def _deliveries(at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When files came in: weekly, and daily in the last week; with the moment of the file before."""
    before = at - timedelta(days=DAYS + 10)
    for days in (*range(DAYS - 2, 7, -7), *range(7, -1, -1)):
        moment = at - timedelta(days=days)
        yield moment, before
        before = moment


def _rows(journeys: list[Journey], *, after: datetime, until: datetime) -> Iterator[dict[str, str]]:
    """The lines of one file: new consignments, and what happened to the others since the file before."""
    heading = dict.fromkeys(
        (
            "number",
            *_HEADINGS,
            "cod_amount",
            "cod_state",
            "event",
            "event_at",
            "event_place",
            "event_remarks",
        ),
        "",
    )
    for journey in journeys:
        is_new = after < journey.shipped_at <= until
        was, now = journey.cod_at(after), journey.cod_at(until)
        facts: dict[str, str] = {}
        if is_new:
            facts = {**journey.facts, "cod_amount": journey.amount, "cod_state": now}
        elif journey.shipped_at <= after and was != now:
            facts = {"cod_state": now}
        events = [event for event in journey.events if after < event.at <= until]
        if facts:
            yield heading | {"number": journey.number} | facts
        for event in events:
            yield heading | {
                "number": journey.number,
                "event": event.kind,
                "event_at": event.at.isoformat(),
                "event_place": event.place,
                "event_remarks": event.remarks,
            }


_HEADINGS = (
    "shipped_on", "consignor_number", "consignor_name", "consignor_telephone", "consignee_name",
    "consignee_telephone", "origin", "destination", "goods", "packing", "pieces", "weight", "service", "promised_at",
    "freight_terms", "freight_amount", "freight_due_on", "freight_paid_on",
)  # fmt: skip


def _by_hand(customers: dict[str, Customer], at: datetime) -> None:
    """What people did: marks, a stub of this morning, a corrected event, a closed file."""
    agent, supervisor = _user("0217"), _user("0102")
    marked = customers["何先生"]
    services.mark_difficult(
        customer=marked, reason="三次拒付到付运费，通话中辱骂客服", by=agent, at=at - timedelta(days=30)
    )
    services.confirm_mark(customer=marked, by=supervisor, at=at - timedelta(days=29))
    names = list(customers)
    services.mark_difficult(
        customer=customers[names[-5]],
        reason="同一票货反复索赔，无法提供凭证",
        by=agent,
        at=at - timedelta(hours=20),
    )
    services.close_customer(
        customer=customers[names[-1]], reason="客户本人要求停用", by=supervisor, at=at - timedelta(days=12)
    )
    for number, hours in (("86204998871", 3), ("SF1609912345678", 26), ("86205012933", 50)):
        services.register_stub_waybill(number=number, by=agent, at=at - timedelta(hours=hours))
    waybill = Waybill.objects.get(number=KNOWN[-1].number)
    wrong = waybill.events.filter(kind="notified").first()
    if wrong is not None:
        services.record_event(
            waybill=waybill,
            kind="notified",
            occurred_at=wrong.occurred_at + timedelta(hours=2),
            place=wrong.place,
            remarks="第一次无人接听，再次通知",
            corrects=wrong,
            by=agent,
            at=at - timedelta(days=37),
        )


def _user(work_number: str) -> Any | None:
    return User.objects.filter(work_number=work_number).first()
