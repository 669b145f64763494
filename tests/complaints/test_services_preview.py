"""What saving will do is said before it is done, and is what happens (CMP-40)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import services
from complaints.models import Complaint
from customers.models import Customer, Waybill
from organization.models import Department
from tests import people
from tests.complaints.cases import Crew, after, against_east, clock, intake, register

pytestmark = pytest.mark.django_db


class TestPreview:
    def test_it_says_what_saving_will_do_and_by_when(self, crew: Crew) -> None:
        """CMP-06."""
        shown = services.preview(intake=intake(), by=crew.agent)
        assert (shown.second, shown.first, shown.chase_of, shown.candidates) == ("no", None, None, [])
        assert shown.department == people.department("inspection")
        assert shown.waybill_unknown
        assert [one.code for one in shown.effects] == ["statement.due", "resolution.due"]
        statement, resolution = (one.at for one in shown.effects)
        assert resolution - statement == timedelta(hours=20)

    def test_it_writes_nothing(self, crew: Crew) -> None:
        agent = crew.agent
        with CaptureQueriesContext(connection) as asked:
            services.preview(intake=intake(), by=agent)
        assert not [one["sql"] for one in asked if not one["sql"].lstrip().upper().startswith("SELECT")]
        assert not [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
        assert (Complaint.objects.count(), Customer.objects.count(), Waybill.objects.count()) == (0, 0, 0)

    def test_a_second_complaint_is_announced_with_whom_it_tells(self, crew: Crew) -> None:
        """CMP-40, CMP-42."""
        _told = crew.enterprise, crew.manager, crew.leader
        first = against_east(crew.agent)
        shown = services.preview(intake=intake(), by=crew.agent)
        assert (shown.second, shown.first, shown.chase_of) == ("yes", first, first)
        incident, sanction = shown.effects[:2]
        assert (incident.code, incident.params, incident.grave) == ("incident.opened", {"people": 3}, True)
        assert sanction.params["department"]["zh-Hans"] == "城东分公司"
        assert shown.phrase == "again"

    def test_before_a_category_is_chosen_the_latest_open_ticket_may_be_chased(self, crew: Crew) -> None:
        """CMP-09."""
        first = register(crew.agent)
        shown = services.preview(intake=intake(category="", text=""), by=crew.agent)
        assert (shown.second, shown.chase_of, shown.earlier) == ("no", first, [first])

    def test_a_chase_may_belong_to_every_open_ticket_shown_and_silence_is_none(self, crew: Crew) -> None:
        """CMP-09, CMP-10j: asked for whatever is chosen yet; a complaint about silence is no mere chase."""
        first = register(crew.agent, at=after(minutes=1))
        other = register(crew.agent, at=after(minutes=2), category="price")
        same = services.preview(intake=intake(), by=crew.agent)
        assert (same.chaseable, same.chase_of) == ([other, first], first)
        another = services.preview(intake=intake(category="attitude"), by=crew.agent)
        assert (another.chaseable, another.chase_of) == ([other, first], other)
        silent = services.preview(intake=intake(category="no_feedback"), by=crew.agent)
        assert (silent.second, silent.chaseable, silent.chase_of) == ("yes", [], None)
        services.cancel(complaint=first, reason="登记错了", by=crew.supervisor)
        services.cancel(complaint=other, reason="登记错了", by=crew.supervisor)
        ended = services.preview(intake=intake(category=""), by=crew.agent)
        assert (ended.earlier, ended.chaseable, ended.chase_of) == ([other, first], [], None)

    def test_where_it_is_plain_which_one_it_joins_no_other_is_a_candidate(self, crew: Crew) -> None:
        """CMP-40."""
        register(crew.agent, at=after(minutes=1))
        price = register(crew.agent, at=after(minutes=2), category="price")
        plain = services.preview(intake=intake(), by=crew.agent)
        assert (plain.second, plain.candidates, plain.why) == ("yes", [], {})
        linked = services.preview(intake=intake(linked_number=price.number), by=crew.agent)
        assert (linked.second, linked.first) == ("yes", price)
        assert price in linked.candidates

    def test_the_newest_eight_are_shown_with_their_count_and_whichever_it_may_belong_to(
        self, crew: Crew
    ) -> None:
        """CMP-06: what it would join is never out of sight."""
        first = register(crew.agent)
        later = [
            register(crew.agent, at=after(minutes=n), waybill_number=f"8620{n:07}", category="price")
            for n in range(1, 11)
        ]
        half = services.preview(intake=intake(category=""), by=crew.agent)
        assert (half.earlier, half.earlier_count) == (later[:1:-1], 11)
        shown = services.preview(intake=intake(), by=crew.agent)
        assert (shown.second, shown.first, shown.chase_of) == ("yes", first, first)
        assert (shown.earlier, shown.earlier_count) == ([*later[:1:-1], first], 11)

    def test_without_a_rule_where_it_goes_the_department_concerned_is_announced_and_asked(
        self, crew: Crew
    ) -> None:
        """CMP-10k, CMP-42."""
        against_east(crew.agent, category="other")
        shown = services.preview(intake=intake(category="other"), by=crew.agent)
        assert [one.code for one in shown.effects[2:]] == [
            "supervisor.told",
            "statement.due",
            "resolution.due",
        ]
        assert shown.department == people.department("branch_east")
        assert register(crew.agent, category="other").department == shown.department

    @pytest.mark.parametrize(("days", "asked"), [(-1, False), (0, False), (30, True)])
    def test_the_department_concerned_is_asked_for_as_long_as_it_is_open(
        self, crew: Crew, days: int, asked: bool
    ) -> None:
        """CMP-42: announced and done alike, on the day that it closes and before."""
        against_east(crew.agent, category="other")
        last_day = timezone.localdate() + timedelta(days=days)
        Department.objects.filter(code="branch_east").update(closed_on=last_day)
        shown = services.preview(intake=intake(category="other"), by=crew.agent)
        row = register(crew.agent, at=None, category="other")
        there = people.department("branch_east") if asked else None
        assert (shown.department, row.department) == (there, there)
        # Named it is in any case: the sanction is its own.
        assert shown.effects[1].params["department"]["zh-Hans"] == "城东分公司"
        assert row.event.incidents.get().department == people.department("branch_east")

    def test_what_is_announced_is_what_happens(self, crew: Crew) -> None:
        first = against_east(crew.agent, at=None)
        shown = services.preview(intake=intake(), by=crew.agent)
        row = register(crew.agent, at=None)
        assert row.event_id == first.event_id
        assert row.is_incident
        promised = {
            one.code: one.at for one in shown.effects if one.code in {"statement.due", "resolution.due"}
        }
        assert abs(clock(row, "resolution").due_at - promised["resolution.due"]) < timedelta(seconds=5)
        assert {one.department.code for one in row.handovers.all()} == {"branch_east", "inspection"}

    def test_other_category_and_other_party_are_candidates(self, crew: Crew) -> None:
        first = register(crew.agent, category="attitude")
        shown = services.preview(intake=intake(), by=crew.agent)
        assert (shown.second, shown.candidates, shown.why) == ("no", [first], {first.pk: "other_category"})
        other = intake(party_role="consignee", caller_telephone="13711112222", caller_name="吴建军")
        assert services.preview(intake=other, by=crew.agent).why == {first.pk: "other_party"}

    def test_a_similar_text_of_the_same_caller_is_a_candidate(self, crew: Crew) -> None:
        first = register(crew.agent, at=None, waybill_number="")
        shown = services.preview(
            intake=intake(waybill_number="", text="说好上午送到，晚上也没人联系"), by=crew.agent
        )
        assert shown.why == {first.pk: "similar_text"}
        unlike = services.preview(intake=intake(waybill_number="", text="箱子压坏，少了两件"), by=crew.agent)
        assert unlike.candidates == []

    @pytest.mark.parametrize(
        "given",
        [
            {"category": "", "text": "", "waybill_number": "", "caller_telephone": ""},
            {"category": "", "text": "", "caller_telephone": "139"},
            {"category": "delay", "text": "", "waybill_number": "86"},
        ],
    )
    def test_half_typed_it_tells_what_is_known(self, crew: Crew, given: dict[str, str]) -> None:
        shown = services.preview(intake=intake(**given), by=crew.agent)
        assert shown.second == "no"
        assert (shown.effects == []) is (given["category"] == "")

    def test_on_the_spot_only_the_follow_up_is_announced(self, crew: Crew) -> None:
        shown = services.preview(intake=intake(settle="on_spot"), by=crew.agent)
        assert [one.code for one in shown.effects] == ["closed.settled", "follow_up.due"]
        confirmed = services.preview(intake=intake(settle="on_spot", customer_confirmed=True), by=crew.agent)
        assert [one.code for one in confirmed.effects] == ["closed.on_spot"]
