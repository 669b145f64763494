"""The ordinary days of three months: calls about real consignments, most handled as the book says, some late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from complaints import services
from complaints.demo.stage import Stage
from complaints.demo.texts import ANSWERS, FINDINGS, NOTES, RESOLUTIONS, SPOT, STATEMENTS, TEXTS
from complaints.domain.intake import Intake
from complaints.models import Complaint, Handover
from customers.demo.cast import KNOWN
from customers.models import Waybill
from organization.models import Department, User
from servicecenter.clock import business_date

DAYS = 91
# Calls a day by the day of the week, Monday first: fewer in the months before, when the centre had just begun.
A_DAY = {30: (5, 4, 4, 4, 3, 2, 2), 61: (3, 3, 2, 3, 2, 1, 1), DAYS: (3, 2, 2, 2, 2, 1, 1)}
WEIGHTS = {
    "late_delivery": 8, "damage_shortage": 6, "delay": 5, "attitude": 3, "misrouted": 3, "price": 2,
    "late_remittance": 3, "clerical_error": 3, "branch_procedure": 1, "other": 1,
}  # fmt: skip
CHANNELS = {"telephone": 14, "chat": 4, "online": 2, "email": 2, "in_person": 1}
# Against whom: the branch at one end of the consignment, or nobody named.
AGAINST = {
    "late_delivery": "destination", "attitude": "destination", "misrouted": "origin", "damage_shortage": "destination",
    "branch_procedure": "destination", "clerical_error": "origin", "delay": "origin",
}  # fmt: skip


def plan(stage: Stage) -> None:
    """Plan the calls of the last three months; those of today's late hours have not come in yet."""
    waybills = _by_day()
    for days_ago in range(DAYS, -1, -1):
        for _number in range(_calls(stage, days_ago)):
            time = stage.hour(days_ago, stage.chance.uniform(8.1, 17.4))
            waybill = _pick(stage, waybills, business_date(time))
            if waybill is not None:
                stage.at(time, _Story(stage, waybill).register)


def _calls(stage: Stage, days_ago: int) -> int:
    """How many calls that day brings."""
    week = next(week for until, week in A_DAY.items() if days_ago <= until)
    return week[stage.hour(days_ago, 12).weekday()]


def _by_day() -> dict[date, list[Waybill]]:
    """Consignments by their shipping day; those of the scenes are left to the scenes."""
    rows = (
        Waybill.objects.filter(is_stub=False)
        .exclude(number__in=[known.number for known in KNOWN])
        .select_related("origin", "destination", "consignor", "consignee")
        .order_by("number")
    )
    found: dict[date, list[Waybill]] = {}
    for row in rows:
        if row.shipped_on is not None:
            found.setdefault(row.shipped_on, []).append(row)
    return found


def _pick(stage: Stage, waybills: dict[date, list[Waybill]], day: date) -> Waybill | None:
    """A consignment shipped two to nine days before, each complained of once."""
    for back in stage.chance.sample(range(2, 10), 8):
        rows = waybills.get(day - timedelta(days=back))
        if rows:
            return rows.pop(stage.chance.randrange(len(rows)))
    return None


def _take_up(handed: Handover, by: User, at: datetime) -> None:
    services.accept_handover(handover=handed, by=by, at=at)


def _hand_in(handed: Handover, by: User, text: str, at: datetime) -> None:
    services.hand_in_statement(
        handover=handed, text=text, employee=Stage.concerned(handed, by), measures="已当面教育", stage="delivery",
        by=by, at=at,
    )  # fmt: skip


@dataclass
class _Story:
    """One complaint from call to close."""

    stage: Stage
    waybill: Waybill
    pk: int = 0

    @property
    def row(self) -> Complaint:
        """The ticket now."""
        return self.stage.ticket(self.pk)

    def register(self, at: datetime) -> None:
        """The call; some are settled at once."""
        chance = self.stage.chance
        category = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        channel = chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        subcase, text, demand = chance.choice(TEXTS[category])
        role = chance.choice(("consignor", "consignee"))
        on_spot = channel in {"telephone", "chat"} and chance.random() < 0.42
        by = None if channel == "online" else self.stage.agent()
        against = self._against(category)
        made = services.register(
            intake=Intake(
                channel=channel,
                category=category,
                subcase=subcase,
                text=text,
                demand=demand,
                caller_name=getattr(self.waybill, f"{role}_name")[:60],
                caller_telephone=getattr(self.waybill, f"{role}_telephone"),
                waybill_number=self.waybill.number,
                party_role=role,
                occurred_on=business_date(at) - timedelta(days=1),
                settle="on_spot" if on_spot else "route",
                resolution=chance.choice(SPOT) if on_spot else "",
                customer_confirmed=on_spot,
                respondent_department_id=against.pk if against and not on_spot else None,
            ),
            by=by,
            at=at,
        )
        self.pk = made.pk
        if on_spot:
            return
        self.answer_customer(made, at)
        self.departments(made, at)

    def _against(self, category: str) -> Department | None:
        side = AGAINST.get(category)
        branch: Department | None = getattr(self.waybill, side) if side else None
        return branch

    def answer_customer(self, made: Complaint, at: datetime) -> None:
        """On channels that are not live the customer is answered within minutes; machines' tickets are taken first."""
        stage = self.stage
        owner = made.owner
        assert owner is not None
        if made.accepted_at is None:
            stage.at(
                at + timedelta(seconds=95), lambda t: services.accept(complaint=self.row, by=owner, at=t)
            )
        if made.channel in {"online", "email"}:
            late = stage.chance.random() < 0.1
            wait = timedelta(
                seconds=stage.chance.randrange(330, 600) if late else stage.chance.randrange(100, 280)
            )
            stage.at(
                at + wait,
                lambda t: services.reply(
                    complaint=self.row,
                    channel=made.channel,
                    text="已收到您的投诉，正在核实，稍后答复。",
                    by=owner,
                    at=t,
                ),
            )
        if made.department is None:
            supervisor = stage.users["0102"]
            stage.at(stage.soon(at, 0.2, 0.45), lambda t: self._decide(supervisor, t))

    def _decide(self, supervisor: object, at: datetime) -> None:
        """The supervisor takes what no rule routes, and says where it goes."""
        row = services.take_over(complaint=self.row, by=supervisor, at=at)  # type: ignore[arg-type]
        services.route(
            complaint=row,
            department=self.stage.departments["business"],
            reason="与业务部有关",
            by=supervisor,  # type: ignore[arg-type]
            at=at + timedelta(minutes=1),
        )
        self.departments(row, at + timedelta(minutes=1))

    def departments(self, made: Complaint, at: datetime) -> None:
        """Those who are asked take it up and answer, one in ten late."""
        stage = self.stage
        last = at
        for handed in made.handovers.select_related("department").filter(state="waiting"):
            by = stage.handler(handed.department)
            taken = stage.soon(at, 0.1, 0.8)
            late = stage.chance.random() < 0.1
            low, high = (4.2, 7.5) if late else (1.0, 3.6)
            if not handed.statement_required:
                low, high = 2.5, 8.0
            given = stage.soon(at, low, high)
            text = stage.chance.choice(STATEMENTS if handed.statement_required else ANSWERS)
            stage.at(taken, partial(_take_up, handed, by))
            stage.at(given, partial(_hand_in, handed, by, text))
            last = max(last, given)
        if stage.chance.random() < 0.3:
            note = stage.chance.choice(NOTES)
            stage.at(
                stage.soon(at, 0.5, 2),
                lambda t: services.add_note(complaint=self.row, text=note, by=made.owner, at=t),
            )
        stage.at(stage.in_office(stage.soon(last, 0.3, 1.5)), self.find)

    def find(self, at: datetime) -> None:
        """The finding; most are founded in part or not at all."""
        row, chance = self.row, self.stage.chance
        if row.state != "answered" or row.owner is None:
            return
        founded = chance.choices(("founded", "partly", "unfounded"), (2, 2, 6))[0]
        responsible = row.respondent_department or row.department
        services.record_finding(
            complaint=row,
            founded=founded,
            text=chance.choice(FINDINGS) if founded != "unfounded" else "经查与实际不符，已向客户说明。",
            department=responsible if founded != "unfounded" else None,
            by=row.owner,
            at=at,
        )
        self.stage.at(self.stage.in_office(self.stage.soon(at, 0.2, 2)), self.resolve)

    def resolve(self, at: datetime) -> None:
        """Resolved, and told in writing."""
        row = self.row
        if row.state != "answered" or row.owner is None:
            return
        result = self.stage.chance.choice(RESOLUTIONS)
        row = services.resolve(complaint=row, resolution=result, by=row.owner, at=at)
        services.notify_customer(
            complaint=row,
            way="sms",
            text=f"您好，您的投诉已处理：{result}",
            by=row.owner,
            at=at + timedelta(minutes=4),
        )
        self.stage.at(self.stage.in_office(self.stage.soon(at, 18, 44)), self.call)

    def call(self, at: datetime) -> None:
        """The follow-up; now and then nobody answers, or the customer is not satisfied."""
        row, stage = self.row, self.stage
        if row.state != "resolved" or row.owner is None:
            return
        result = stage.chance.choices(("satisfied", "not_reached", "refused", "dissatisfied"), (88, 8, 2, 2))[
            0
        ]
        remarks = {"dissatisfied": "仍要求补偿"}.get(result, "")
        services.record_follow_up(complaint=row, result=result, remarks=remarks, by=row.owner, at=at)
        row = self.row
        if row.state == "resolved":
            stage.at(stage.in_office(stage.soon(at, 3, 20)), self.call)
        elif row.state == "reopened":
            stage.at(stage.soon(at, 0.3, 0.4), self._again)

    def _again(self, at: datetime) -> None:
        """The second round is settled by the agent."""
        row = self.row
        if row.state == "reopened" and not row.is_incident:
            row = services.settle_on_spot(
                complaint=row,
                resolution="再次致歉并赠送优惠券，客户接受。",
                customer_confirmed=True,
                by=row.owner,
                at=at,
            )
