"""One ticket of the demo: `register` it so many hours ago, then acts on it. Hours count back from now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from complaints import services
from complaints.demo.stage import Stage
from complaints.domain.intake import Intake
from complaints.models import Complaint, Handover
from organization.models import Employee, User


class Scene:
    """One ticket: `register` it so many hours ago, then `then` acts on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.pk = 0

    @property
    def row(self) -> Complaint:
        """The ticket now."""
        return self.stage.ticket(self.pk)

    def user(self, number: str) -> User:
        """A login by work number."""
        return self.stage.users[number]

    @property
    def owner(self) -> User:
        """陈晓燕, whose desk the demo shows."""
        return self.user("0217")

    def ago(self, hours: float) -> datetime:
        """So many hours before now."""
        return self.stage.now - timedelta(seconds=round(hours * 3600))

    def register(self, hours: float, *, by: str | None = "0217", against: str = "", **given: Any) -> None:
        """A contact so many hours ago."""

        def act(at: datetime) -> None:
            department = self.stage.departments[against].pk if against else None
            intake = Intake(**{"channel": "telephone", "respondent_department_id": department, **given})
            self.pk = services.register(intake=intake, by=self.user(by) if by else None, at=at).pk

        self.stage.at(self.ago(hours), act)

    def then(self, hours: float, act: Callable[[datetime], Any]) -> None:
        """An act on the ticket so many hours ago."""
        self.stage.at(self.ago(hours), act)

    def handover(self, code: str) -> Handover:
        """The newest handover to a department."""
        found: Handover = self.row.handovers.filter(department__code=code).latest("pk")
        return found

    def hand_in(self, hours: float, code: str, text: str) -> None:
        """A department's statement or answer."""
        by = self.stage.handler(self.stage.departments[code])

        def act(at: datetime) -> None:
            handed = self.handover(code)
            services.hand_in_statement(
                handover=handed, text=text, employee=self.stage.concerned(handed, by), stage="delivery",
                measures="已整改", by=by, at=at,
            )  # fmt: skip

        self.then(hours, act)

    def take_up(self, hours: float, code: str) -> None:
        """A department takes it up."""
        by = self.stage.handler(self.stage.departments[code])
        self.then(hours, lambda t: services.accept_handover(handover=self.handover(code), by=by, at=t))

    def find(self, hours: float, founded: str, text: str, department: str = "", **given: Any) -> None:
        """The finding."""
        target = self.stage.departments[department] if department else None
        self.then(
            hours,
            lambda t: services.record_finding(
                complaint=self.row,
                founded=founded,
                text=text,
                department=target,
                by=self.owner,
                at=t,
                **given,
            ),
        )

    def resolve(self, hours: float, result: str, *, told: bool = True) -> None:
        """Resolved and, mostly, told in writing."""

        def act(at: datetime) -> None:
            row = services.resolve(complaint=self.row, resolution=result, by=self.owner, at=at)
            if told:
                services.notify_customer(
                    complaint=row, way="letter", text=f"您好，您的投诉已处理：{result}", by=self.owner,
                    at=at + timedelta(minutes=6),
                )  # fmt: skip

        self.then(hours, act)

    def follow_up(self, hours: float, result: str, remarks: str = "") -> None:
        """A follow-up call."""
        self.then(
            hours,
            lambda t: services.record_follow_up(
                complaint=self.row, result=result, remarks=remarks, by=self.owner, at=t
            ),
        )

    def note(self, hours: float, text: str, *mentioned: str) -> None:
        """An internal note."""
        self.then(
            hours,
            lambda t: services.add_note(
                complaint=self.row,
                text=text,
                mentions=[self.user(one) for one in mentioned],
                by=self.owner,
                at=t,
            ),
        )

    def chase(self, hours: float, answer: str) -> None:
        """The customer asks how it stands, and is told."""
        by = self.user("0219")
        self.then(
            hours,
            lambda t: services.register_chase(
                complaint=self.row, text="到哪里了？", answer=answer, by=by, at=t
            ),
        )

    def person(self, number: str) -> int:
        """An employee's id by work number."""
        return Employee.objects.get(work_number=number).pk
