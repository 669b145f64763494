"""Whatever people do to tickets in whatever order, I8, I11 and I12 hold, and a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from complaints import queries, services
from complaints.domain.lifecycle import BUTTONS
from complaints.invariants import CHECKS
from complaints.models import Complaint, Handover
from complaints.permissions import is_handed_to
from complaints.queries.standing import answers, standing_of
from organization.models import User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.complaints.cases import AT, Crew, register

pytestmark = pytest.mark.django_db
WAYBILLS = ("86204417309", "86204417310", "")
CATEGORIES = ("late_delivery", "no_feedback", "other")
WHO = ("agent", "other", "supervisor", "manager", "handler", "inspector")


def _handover(row: Complaint, by: User, states: set[str]) -> Handover:
    rows = row.handovers.filter(round=row.round, state__in=states).select_related("department").order_by("pk")
    mine = [one for one in rows if is_handed_to(by, one)]
    return (mine or list(rows))[0]


def _other_than(row: Complaint) -> Complaint | None:
    return Complaint.objects.live().exclude(pk=row.pk).order_by("pk").first()


# How each act is done on a ticket, by whom, at which time; the rest is the same every time.
ACTS: dict[str, Callable[[Complaint, User, Any], Any]] = {
    "accept": lambda c, by, at: services.accept(complaint=c, by=by, at=at),
    "assign": lambda c, by, at: services.assign(complaint=c, owner=by, reason="我来", by=by, at=at),
    "take_over": lambda c, by, at: services.take_over(complaint=c, by=by, at=at),
    "report_upward": lambda c, by, at: services.report_upward(complaint=c, by=by, at=at),
    "route": lambda c, by, at: services.route(
        complaint=c, department=people.department("operations"), reason="查", by=by, at=at
    ),
    "hand_over": lambda c, by, at: services.hand_over(
        complaint=c, department=_unasked(c), demand="说明", by=by, at=at, statement_required=c.pk % 2 == 0
    ),
    "settle_on_spot": lambda c, by, at: services.settle_on_spot(
        complaint=c, resolution="好", customer_confirmed=c.pk % 2 == 0, by=by, at=at
    ),
    "waive": lambda c, by, at: services.waive(
        handover=_handover(c, by, {"waiting", "returned"}), reason="不需要", by=by, at=at
    ),
    "take_up": lambda c, by, at: services.accept_handover(handover=_handover(c, by, {"waiting"}), by=by, at=at),
    "hand_in": lambda c, by, at: services.hand_in_statement(
        handover=_handover(c, by, {"waiting", "answered"}), text="原因", employee=by.employee, by=by, at=at
    ),
    "return": lambda c, by, at: services.return_handover(
        handover=_handover(c, by, {"waiting"}), reason="不归我", by=by, at=at
    ),
    "reply": lambda c, by, at: services.reply(complaint=c, channel="telephone", text="在查", by=by, at=at),
    "chase": lambda c, by, at: services.register_chase(complaint=c, answer="在查", by=by, at=at),
    "pause": lambda c, by, at: services.pause(
        complaint=c, reason="等", promised_until=at + timedelta(minutes=1), by=by, at=at
    ),
    "resume": lambda c, by, at: services.resume(complaint=c, by=by, at=at),
    "note": lambda c, by, at: services.add_note(complaint=c, text="备注", by=by, at=at),
    "record_finding": lambda c, by, at: services.record_finding(
        complaint=c, founded="founded" if c.pk % 2 else "unfounded", text="查明",
        department=people.department("branch_east"), by=by, at=at,
    ),
    "resolve": lambda c, by, at: services.resolve(complaint=c, resolution="已处理", by=by, at=at),
    "follow_up": lambda c, by, at: services.record_follow_up(
        complaint=c, result=("satisfied", "dissatisfied", "not_reached")[c.pk % 3], remarks="…", by=by, at=at
    ),
    "reopen": lambda c, by, at: services.reopen(complaint=c, reason="新情况", by=by, at=at),
    "cancel": lambda c, by, at: services.cancel(complaint=c, reason="登记错了", by=by, at=at),
    "merge": lambda c, by, at: services.merge(complaint=c, into=_other_than(c) or c, reason="同一通", by=by, at=at),
    "confirm_incident": lambda c, by, at: services.confirm_incident(
        incident=queries.suspected_incident_of(c), by=by, at=at
    ),
    "refute": lambda c, by, at: services.refute(complaint=c, reason="另一件", by=by, at=at),
    "release_personal": lambda c, by, at: services.release_personal(complaint=c, reason="须道歉", by=by, at=at),
}  # fmt: skip
# Left out: those that draw a document (slow) and the order of a shorter term, proven elsewhere.
LEFT_OUT = {"notify", "confirm_notice", "close_not_agreed", "shorten"}


def _unasked(row: Complaint) -> Any:
    asked = set(row.handovers.filter(state="waiting").values_list("department__code", flat=True))
    code = next(code for code in ("claims", "settlement", "business", "finance") if code not in asked)
    return people.department(code)


class Desk(RuleBasedStateMachine):
    """Some people, two waybills, any act."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        people.centre()
        crew = Crew()
        self.people = {name: getattr(crew, name) for name in WHO}
        self.at = AT

    def teardown(self) -> None:
        """Every example begins with an empty centre."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @rule(
        waybill=st.sampled_from(WAYBILLS),
        category=st.sampled_from(CATEGORIES),
        channel=st.sampled_from(["telephone", "telephone", "online", "email"]),
        settle=st.sampled_from(["route", "route", "report", "on_spot"]),
        against=st.booleans(),
        contested=st.booleans(),
    )
    def registers(
        self, waybill: str, category: str, channel: str, settle: str, against: bool, contested: bool
    ) -> None:
        given = {"respondent_department_id": people.department("branch_east").pk} if against else {}
        before = Complaint.objects.count()
        try:
            with transaction.atomic():
                register(
                    None if channel == "online" else self.people["agent"], at=self.at, waybill_number=waybill,
                    category=category, channel=channel, settle=settle, resolution="好", other_matter=contested,
                    other_matter_reason="另一件" if contested else "", **given,
                )  # fmt: skip
        except RuleBroken as refused:
            assert refused.code == "complaint.second_not_on_spot"
            assert Complaint.objects.count() == before

    @precondition(lambda self: Complaint.objects.exists())
    @rule(which=st.integers(0, 9), who=st.sampled_from(WHO), what=st.sampled_from(sorted(ACTS)))
    def acts(self, which: int, who: str, what: str) -> None:
        ids = list(Complaint.objects.order_by("pk").values_list("pk", flat=True))
        row = Complaint.objects.select_related("department", "respondent_department").get(
            pk=ids[which % len(ids)]
        )
        by = self.people[who]
        allowed = answers(standing_of(row, at=self.at), by)[what].allowed
        before = (row.state, row.version, TrailEntry.objects.filter(object_id=row.pk).count())
        try:
            with transaction.atomic():
                ACTS[what](row, by, self.at)
        except (RuleBroken, IndexError, AttributeError, StopIteration) as refused:
            # A refusal of the table, or of something the table does not see (which department, which other ticket).
            if allowed and isinstance(refused, RuleBroken):
                assert refused.code in {
                    "lifecycle.no_right", "complaint.owner_unfit", "complaint.handover_ended", "complaint.merge_itself",
                    "complaint.owned_already", "complaint.already_with", "complaint.second_not_on_spot",
                    "complaint.contested_by_you",
                }, refused.code  # fmt: skip
            now = Complaint.objects.get(pk=row.pk)
            entries = TrailEntry.objects.filter(object_id=row.pk).count()
            assert (now.state, now.version, entries) == before
        else:
            assert allowed, f"{what} by {who} was done though the table refuses it"

    @rule(minutes=st.sampled_from([1, 45, 300, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        services.resume_overdue_pauses(at=self.at)
        services.end_recurrences(at=self.at)

    @invariant()
    def nothing_is_broken(self) -> None:
        assert [(check.code, violation) for check in CHECKS for violation in check.find()] == []


def test_any_order_of_acts_keeps_the_invariants() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_every_act_is_tried() -> None:
    assert set(ACTS) | LEFT_OUT == set(BUTTONS)
