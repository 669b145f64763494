"""October 2026 in a small centre, hour by hour: what the report's figures must be can be counted on the fingers.

Times are the centre's (UTC+8). Registered in October and live are nine complaints: one (resolved in time), two (first
response after 3 minutes, followed up too late), three (first response after 9 minutes, never handled), its second
complaint, four (online, never answered, reported upward after 90 minutes), five (31 October, resolved on 1 November),
six (settled on the spot), seven (resolved after 30 hours), eight (goes to nobody, passed to the supervisor at once).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from claims import services as claims
from claims.models import OutsideRecovery
from complaints import services
from complaints.models import Complaint
from conduct.models import Sanction, Violation
from customers.models import Waybill, WaybillEvent
from tests import people
from tests.claims import cases as claiming
from tests.claims.incidents import P23
from tests.complaints import cases
from tests.complaints.cases import Crew

HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, *, month: int = 10) -> datetime:
    """A time of the centre in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def bill(n: int) -> str:
    """A waybill number with a check that holds."""
    return f"8620550{n:04}"


def given(n: int, **more: Any) -> dict[str, Any]:
    """A matter of its own: its waybill and its caller."""
    return {"waybill_number": bill(n), "caller_telephone": f"1380000{n:04}", **more}


@dataclass
class October:
    """The people, and the complaints by name."""

    crew: Crew = field(default_factory=Crew)
    tickets: dict[str, Complaint] = field(default_factory=dict)


def october() -> October:
    """Play the month."""
    world = October()
    crew, tickets = world.crew, world.tickets
    # before and after the month, by the centre's clock though not by Greenwich's
    cases.against_east(crew.agent, at=at(30, 23, 30, month=9), **given(90))
    cases.against_east(crew.agent, at=at(1, 0, 10, month=11), **given(91))
    tickets["one"] = _closed(crew, at(7, 10), follow_up=at(8, 16), **given(1))
    two = cases.against_east(crew.agent, at=at(8, 10), **given(2, channel="email"))
    services.reply(complaint=two, text="已收到。", channel="email", by=crew.agent, at=at(8, 10, 3))
    _worked(crew, two, at(8, 10), hours=4)
    tickets["two"] = _followed(crew, two, at(8, 14, 5), follow_up=at(11, 2))
    three = cases.against_east(crew.agent, at=at(9, 10), **given(3, channel="email"))
    services.reply(complaint=three, text="已收到。", channel="email", by=crew.agent, at=at(9, 10, 9))
    tickets["three"] = three
    tickets["second"] = cases.against_east(crew.agent, at=at(12, 9), **given(3))
    four = cases.register(None, at=at(13, 9), **given(4, channel="online", category="other", settle="route"))
    services.report_upward(complaint=four, by=crew.agent, at=at(13, 10, 30))
    tickets["four"] = four
    tickets["six"] = cases.register(
        crew.agent,
        at=at(15, 9),
        **given(6, settle="on_spot", resolution="当场说明，客户认可。", customer_confirmed=True),
    )
    seven = cases.against_east(crew.agent, at=at(19, 8), **given(7))
    _worked(crew, seven, at(19, 8), hours=30)
    tickets["seven"] = _followed(crew, seven, at(20, 14, 5), follow_up=at(21, 9))
    tickets["eight"] = cases.register(
        crew.agent, at=at(20, 9), **given(8, category="other", settle="route", demand="请经理回电")
    )
    mistake = cases.register(crew.agent, at=at(22, 9), **given(9))
    services.cancel(complaint=mistake, reason="登记错误", by=crew.supervisor, at=at(22, 9, 30))
    five = cases.against_east(crew.agent, at=at(31, 20), **given(5))
    _worked(crew, five, at(31, 20), hours=14)
    tickets["five"] = five
    _carried(crew)
    _judged(crew)
    return world


def _judged(crew: Crew) -> None:
    """Fines of 80 and 50 yuan stand when the month is closed, the second until 3 November; one of 60 was withdrawn."""
    east = people.department("branch_east")
    for amount, withdrawn in ((80, None), (50, at(3, 9, month=11)), (60, at(28, 9))):
        Sanction.objects.create(
            number=f"CF2610-{amount}",
            state="withdrawn" if withdrawn else "confirmed",
            target_department=east,
            violation=Violation.objects.get(code="SAN-02"),
            source_kind="complaints.complaint",
            source_id=amount,
            source_number=f"TS-{amount}",
            source_confirmed=True,
            measure="fine",
            amount=amount,
            month=date(2026, 10, 1),
            proposed_at=at(24, 9),
            proposed_by=crew.supervisor,
            amount_set_at=at(24, 9),
            amount_set_by=crew.supervisor,
            confirmed_at=at(25, 9),
            confirmed_by=crew.inspector,
            withdrawn_at=withdrawn,
            withdrawn_by=crew.inspector if withdrawn else None,
            withdrawn_reason="申诉成立" if withdrawn else "",
        )


def _carried(crew: Crew) -> None:
    """Twenty waybills of 100 yuan; one is delivered a day late; one claim of 100 yuan is paid, the
    insurer gives 30."""
    bills = Waybill.objects.bulk_create(
        Waybill(
            number=bill(100 + n),
            consignor_name="新禾食品",
            consignee_name="黄立新",
            goods="果酱",
            pieces=3,
            shipped_on=date(2026, 10, 5),
            promised_at=at(7, 18),
            origin_text="杭州",
            destination_text="城东",
            freight_terms="prepaid",
            freight_amount=Decimal("100.00"),
            source="hand",
            source_at=at(5, 9),
            created_at=at(5, 9),
        )
        for n in range(20)
    )
    # the first signed for a day late, and so delivered late; the second delivered in time, and signed for later
    events = (
        (bills[0], "signed", at(8, 18)), (bills[1], "delivered", at(7, 17)), (bills[1], "signed", at(8, 9)),
    )  # fmt: skip
    for waybill, kind, moment in events:
        WaybillEvent.objects.create(
            waybill=waybill, kind=kind, occurred_at=moment, source="hand", recorded_at=moment
        )
    office = claiming.Crew()
    claim = claiming.opened(office, at=at(12, 9), bill=bills[2], incident_on=date(2026, 10, 9))
    claiming.known(claim, office, at=at(12, 10), **{**P23, "noter": "driver"})
    claiming.bound(claim, office, at=at(12, 11))
    (part,) = claiming.parted(office, "100.00", claim=claim, at=at(14, 9))
    voucher = claims.issue_voucher(part=part, by=office.adjuster, at=at(15, 9))
    claiming.pay(voucher, office.cashier, at=at(16, 9))
    claims.determine(claim=claiming.fresh(claim), by=office.adjuster, at=at(17, 9))
    OutsideRecovery.objects.create(
        claim=claim, source="insurer", amount=Decimal("30.00"), received_at=at(20, 9)
    )


def _worked(crew: Crew, row: Complaint, start: datetime, *, hours: int) -> None:
    """Statement after one hour, answer after two, finding after three, resolved after so many."""
    services.hand_in_statement(
        handover=cases.handover(row, "branch_east"),
        text="漏装。",
        employee=crew.handler.employee,
        by=crew.handler,
        at=start + HOUR,
    )
    services.hand_in_statement(
        handover=cases.handover(row, "inspection"),
        text="属实。",
        employee=crew.inspector.employee,
        by=crew.inspector,
        at=start + 2 * HOUR,
    )
    services.record_finding(
        complaint=cases.fresh(row),
        founded="founded",
        text="漏装。",
        department=row.respondent_department,
        by=crew.agent,
        at=start + 3 * HOUR,
    )
    services.resolve(
        complaint=cases.fresh(row), resolution="已补送。", by=crew.agent, at=start + hours * HOUR
    )


def _followed(crew: Crew, row: Complaint, told: datetime, *, follow_up: datetime) -> Complaint:
    services.notify_customer(
        complaint=cases.fresh(row), way="letter", text="您的投诉已处理。", by=crew.agent, at=told
    )
    services.record_follow_up(complaint=cases.fresh(row), result="satisfied", by=crew.agent, at=follow_up)
    return cases.fresh(row)


def _closed(crew: Crew, start: datetime, *, follow_up: datetime, **matter: Any) -> Complaint:
    row = cases.against_east(crew.agent, at=start, **matter)
    _worked(crew, row, start, hours=4)
    return _followed(crew, row, start + 4 * HOUR + timedelta(minutes=5), follow_up=follow_up)
