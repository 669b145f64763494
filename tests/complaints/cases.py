"""Complaints for tests: `crew()` the people, `register()` a ticket, and the short ways to where a test begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse

from complaints import services
from complaints.domain.intake import Intake
from complaints.invariants import CHECKS
from complaints.models import Complaint, Handover, ServiceIncident
from conduct.models import MeritDisqualification, Sanction
from customers.models import Waybill
from deadlines.models import Clock
from organization.models import User
from tests import people

# A Wednesday, ten o'clock at the centre (Asia/Shanghai).
AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
TELEPHONE = "13900000421"
WAYBILL = "86204417309"
TEXT = "说好上午送到，等到晚上也没人联系。要求今天送到。"


def after(**time: float) -> datetime:
    """An instant so much later than AT."""
    return AT + timedelta(**time)


@dataclass
class Crew:
    """Who takes part; each is made when a test first names it."""

    @cached_property
    def agent(self) -> User:
        """Registers and works."""
        return people.user("agent", email=True)

    @cached_property
    def other(self) -> User:
        """Another agent."""
        return people.user("agent", name="王芳")

    @cached_property
    def supervisor(self) -> User:
        """Of the centre."""
        return people.user("supervisor")

    @cached_property
    def manager(self) -> User:
        """Of the centre."""
        return people.user("centre_manager")

    @cached_property
    def handler(self) -> User:
        """Of the east branch."""
        return people.user("handler")

    @cached_property
    def west(self) -> User:
        """Of the west branch."""
        return people.user("handler", department="branch_west", name="钱进")

    @cached_property
    def inspector(self) -> User:
        """Of inspection."""
        return people.user("inspector")

    @cached_property
    def enterprise(self) -> User:
        """Of enterprise management."""
        return people.user("enterprise_management")

    @cached_property
    def leader(self) -> User:
        """The leader in charge, at head office."""
        return people.user("management")


def intake(**given: Any) -> Intake:
    """A telephone call about a late delivery of one waybill."""
    return Intake(
        **{
            "channel": "telephone",
            "category": "late_delivery",
            "text": TEXT,
            "caller_telephone": TELEPHONE,
            "caller_name": "刘海涛",
            "waybill_number": WAYBILL,
            "party_role": "consignor",
            **given,
        }
    )


def register(by: User | None, *, at: datetime | None = AT, **given: Any) -> Complaint:
    """Register it."""
    return services.register(intake=intake(**given), by=by, at=at)


def east() -> int:
    """The east branch's id, as respondent."""
    return people.department("branch_east").pk


def against_east(by: User, *, at: datetime | None = AT, **given: Any) -> Complaint:
    """A complaint against the east branch, routed to inspection: the branch gives the statement, inspection answers."""
    return register(by, at=at, respondent_department_id=east(), **given)


def handover(complaint: Complaint, code: str) -> Handover:
    """The ticket's newest handover to that department."""
    return complaint.handovers.filter(department__code=code).latest("pk")


def clock(complaint: Complaint, kind: str, part: str = "") -> Clock:
    """The ticket's newest clock of that kind."""
    rows = Clock.objects.filter(subject_kind="complaints.complaint", subject_id=complaint.pk, kind=kind)
    return (rows.filter(part=part) if part else rows).latest("pk")


def answered(crew: Crew, *, at: datetime = AT, **given: Any) -> Complaint:
    """A ticket whose statement and answer are in."""
    row = against_east(crew.agent, at=at, **given)
    services.hand_in_statement(
        handover=handover(row, "branch_east"),
        text="司机漏装，次日补送。",
        employee=crew.handler.employee,
        by=crew.handler,
        at=at + timedelta(hours=1),
    )
    services.hand_in_statement(
        handover=handover(row, "inspection"), text="情况属实。", employee=crew.inspector.employee, by=crew.inspector,
        at=at + timedelta(hours=2),
    )  # fmt: skip
    row.refresh_from_db()
    return row


def measure() -> services.Measure:
    """A preventive measure that the east branch is to carry out."""
    return services.Measure(
        text="装车前点数。",
        is_preventive=True,
        department=people.department("branch_east"),
        due_on=AT.date() + timedelta(days=9),
    )


def found(
    crew: Crew,
    *,
    at: datetime = AT,
    founded: str = "founded",
    actions: Sequence[services.Measure] = (),
    **given: Any,
) -> Complaint:
    """The same with a finding against the east branch, and measures if any."""
    row = answered(crew, at=at, **given)
    services.record_finding(
        complaint=row,
        founded=founded,
        text="司机漏装。",
        department=None if founded == "unfounded" else people.department("branch_east"),
        actions=actions,
        by=crew.agent,
        at=at + timedelta(hours=3),
    )
    row.refresh_from_db()
    return row


def resolved(crew: Crew, *, at: datetime = AT, **given: Any) -> Complaint:
    """The same, resolved."""
    row = found(crew, at=at, **given)
    return services.resolve(
        complaint=row, resolution="已致歉并补送。", by=crew.agent, at=at + timedelta(hours=4)
    )


def notified(crew: Crew, *, at: datetime = AT, **given: Any) -> Complaint:
    """The same, and the customer was told in writing."""
    row = resolved(crew, at=at, **given)
    services.notify_customer(
        complaint=row,
        way="letter",
        text="您的投诉已处理。",
        by=crew.agent,
        at=at + timedelta(hours=4, minutes=5),
    )
    row.refresh_from_db()
    return row


def waybill(number: str = WAYBILL) -> Waybill:
    """The stub waybill of that number."""
    return Waybill.objects.get(number=number)


def fresh(row: Complaint) -> Complaint:
    """The ticket as it is now."""
    return Complaint.objects.get(pk=row.pk)


def incident_of(row: Complaint) -> ServiceIncident:
    """The service incident of its event."""
    return ServiceIncident.objects.filter(event_id=fresh(row).event_id).exclude(state="withdrawn").get()


def targets(
    model: type[Sanction] | type[MeritDisqualification], row: ServiceIncident
) -> list[tuple[object, object]]:
    """(department, person) of what stands."""
    rows = model._default_manager.filter(source_id=row.pk)
    rows = rows.exclude(state="withdrawn") if model is Sanction else rows.filter(withdrawn_at=None)
    return sorted(rows.values_list("target_department__code", "target_employee__name"), key=str)


def assert_sound() -> None:
    """Every invariant of complaints holds."""
    assert [violation for check in CHECKS for violation in check.find()] == []


def at_page(row: Complaint, **query: str) -> str:
    """The address of a ticket's page."""
    url = reverse("complaint-detail", args=[row.number])
    return url + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
