"""The database refuses what the services never do: each guard attacked directly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from complaints import services
from complaints.models import (
    Chase,
    Complaint,
    Contact,
    Event,
    Finding,
    FollowUp,
    Handover,
    IncidentTicket,
    Keyword,
    Message,
    Round,
    Routing,
    ServiceIncident,
    Statement,
    Subcase,
)
from tests import people
from tests.complaints.cases import Crew, after, against_east, clock, found, handover, notified, register

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], Any]) -> None:
    """The act breaks a rule of the database, at once or when deferred constraints are asked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def of(row: Complaint) -> Any:
    return Complaint.objects.filter(pk=row.pk)


class TestTicket:
    @pytest.mark.parametrize(
        "columns",
        [
            pytest.param({"owner": None}, id="CMP-24-owner"),
            pytest.param({"next_step": ""}, id="CMP-24-next-step"),
            pytest.param({"clock": None}, id="CMP-24-clock"),
            pytest.param({"state": "closed", "clock": None, "next_step": ""}, id="closed-without-mark"),
            pytest.param({"state": "cancelled"}, id="ended-with-clock"),
            pytest.param({"state": "resolved"}, id="resolved-without-time"),
            pytest.param({"state": "merged", "clock": None, "next_step": ""}, id="merged-into-nothing"),
            pytest.param({"state": "nonsense"}, id="state"),
            pytest.param({"next_step": "nonsense"}, id="step"),
            pytest.param({"channel": "pigeon"}, id="channel"),
            pytest.param({"tier": "E"}, id="tier"),
            pytest.param({"rank": 10}, id="rank"),
            pytest.param({"refuted_at": after()}, id="half-refuted"),
            pytest.param({"offered_at": after()}, id="half-offered"),
            pytest.param({"number": "TS261118-1"}, id="number-for-ever"),
            pytest.param({"registered_at": after(days=1)}, id="registered-for-ever"),
            pytest.param({"origin": "history"}, id="origin-for-ever"),
            pytest.param({"sequence": 2}, id="place-for-ever"),
            pytest.param({"version": 0}, id="version-counts-up"),
            pytest.param({"round": 0}, id="rounds-count-up"),
        ],
    )
    def test_what_a_ticket_cannot_be(self, crew: Crew, columns: dict[str, Any]) -> None:
        row = register(crew.agent)
        refused(lambda: of(row).update(**columns))
        assert Complaint.objects.get(pk=row.pk).state == "routed"

    def test_it_is_never_deleted_nor_truncated(self, crew: Crew) -> None:
        row = register(crew.agent)
        refused(lambda: of(row)._raw_delete("default"))
        with connection.cursor() as cursor:
            refused(lambda: cursor.execute("TRUNCATE complaints_complaint CASCADE"))
        assert of(row).exists()

    def test_its_place_in_the_event_changes_only_by_refuting(self, crew: Crew) -> None:
        row, other = register(crew.agent), register(crew.agent, waybill_number="86204417400")
        event = Event.objects.create(category=row.category, last_sequence=1)
        refused(lambda: of(row).update(event=event))
        refused(
            lambda: of(row).update(
                event=event, refuted_from=other.event, refuted_sequence=1, refuted_at=after()
            )
        )
        of(row).update(event=event, refuted_from=row.event, refuted_sequence=1, refuted_at=after())
        refused(lambda: of(row).update(refuted_sequence=7))

    @pytest.mark.parametrize(
        "sequence", [pytest.param(1, id="taken"), pytest.param(3, id="beyond-the-count")]
    )
    def test_two_of_one_event_have_two_places_within_its_count(self, crew: Crew, sequence: int) -> None:
        """CMP-44."""
        row = register(crew.agent)
        register(crew.agent)
        copy = Complaint.objects.get(pk=row.pk)
        contact = Contact.objects.create(kind="complaint", channel="telephone", at=after(), text="x")
        copy.pk, copy.number, copy.public_id, copy.contact = None, "TS261118-9", "0" * 32, contact
        copy.sequence = sequence
        refused(lambda: copy.save(force_insert=True))
        assert Complaint.objects.count() == 2

    def test_a_cancelled_one_stays_cancelled(self, crew: Crew) -> None:
        row = register(crew.agent)
        services.cancel(complaint=row, reason="登记错了", by=crew.supervisor)
        refused(
            lambda: of(row).update(
                state="routed", clock=clock(row, "resolution"), next_step="route", version=F("version") + 1
            )
        )

    def test_it_is_not_merged_into_itself(self, crew: Crew) -> None:
        row = register(crew.agent)
        refused(lambda: of(row).update(state="merged", merged_into=row, clock=None, next_step=""))

    def test_a_subcase_is_of_its_category(self, crew: Crew) -> None:
        row = register(crew.agent)
        foreign = Subcase.objects.get(code="label_wrong")
        refused(lambda: of(row).update(subcase=foreign))
        refused(lambda: Keyword.objects.filter(word="态度").update(subcase=foreign))
        refused(lambda: Routing.objects.filter(category__code="price").update(subcase=foreign))


class TestWhatWasSaid:
    @pytest.mark.parametrize(
        "model", [Statement, Message, Chase, Finding, FollowUp], ids=lambda model: model.__name__
    )
    def test_it_is_neither_changed_nor_taken_away(self, crew: Crew, model: type[Any]) -> None:
        """CMP-21: not editable after it is handed in."""
        row = notified(crew)
        services.add_note(complaint=row, text="备注", by=crew.agent)
        services.register_chase(complaint=row, answer="已答", by=crew.agent)
        services.record_follow_up(complaint=row, result="not_reached", by=crew.agent)
        rows = model._default_manager.all()
        column = {Chase: "answer", FollowUp: "remarks"}.get(model, "text")
        before = list(rows.order_by("pk").values_list(column, flat=True))
        assert before
        refused(lambda: rows.update(**{column: "改了"}))
        refused(lambda: rows._raw_delete("default"))
        with connection.cursor() as cursor:
            refused(lambda: cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE"))
        assert list(rows.order_by("pk").values_list(column, flat=True)) == before

    def test_a_resolved_round_is_never_written_again(self, crew: Crew) -> None:
        """CMP-23."""
        row = notified(crew)
        refused(lambda: Round.objects.filter(complaint=row).update(resolution="别的"))
        refused(lambda: Round.objects.filter(complaint=row)._raw_delete("default"))


class TestHandover:
    def test_an_ended_one_stays_ended_and_to_whom_it_went(self, crew: Crew) -> None:
        row = found(crew)
        rows = Handover.objects.filter(complaint=row)
        refused(lambda: rows.update(state="waiting", ended_at=None, ended_by=None))
        refused(lambda: rows.update(department=people.department("claims")))
        refused(lambda: rows._raw_delete("default"))

    def test_one_department_is_asked_once_at_a_time(self, crew: Crew) -> None:
        row = register(crew.agent)
        one = handover(row, "inspection")
        refused(
            lambda: Handover.objects.create(
                complaint=row, round=1, department=one.department, clock=clock(row, "resolution"), due_at=after(),
                handed_at=after(),
            )
        )  # fmt: skip

    def test_waived_and_returned_have_their_reason(self, crew: Crew) -> None:
        row = register(crew.agent)
        for state in ("waived", "returned"):
            refused(
                lambda state=state: Handover.objects.filter(complaint=row).update(
                    state=state, ended_at=after()
                )
            )


class TestServiceIncident:
    def test_an_event_has_one_that_stands_and_a_withdrawn_one_stays_so(self, crew: Crew) -> None:
        """CMP-44."""
        _first, second = against_east(crew.agent), against_east(crew.agent)
        row = second.incidents.get()
        refused(
            lambda: ServiceIncident.objects.create(
                number="SG2611-1", kind="second_complaint", state="suspected", event=row.event, category=row.category,
                month=row.month, opened_at=after(),
            )
        )  # fmt: skip
        refused(lambda: ServiceIncident.objects.filter(pk=row.pk)._raw_delete("default"))
        refused(lambda: ServiceIncident.objects.filter(pk=row.pk).update(month=row.month.replace(month=12)))
        services.merge(complaint=second, into=_first, reason="同一通电话", by=crew.supervisor)
        refused(
            lambda: ServiceIncident.objects.filter(pk=row.pk).update(
                state="confirmed", withdrawn_at=None, withdrawn_by=None, withdrawn_reason=""
            )
        )

    @pytest.mark.parametrize(
        "columns",
        [
            {"state": "confirmed", "confirmed_at": None},
            {"state": "withdrawn", "withdrawn_at": after(), "withdrawn_reason": ""},
            {"state": "ended", "ended_at": after()},
            {"kind": "recurrence"},
        ],
    )
    def test_what_it_cannot_be(self, crew: Crew, columns: dict[str, Any]) -> None:
        _first, second = against_east(crew.agent), against_east(crew.agent)
        refused(lambda: ServiceIncident.objects.filter(pk=second.incidents.get().pk).update(**columns))

    def test_a_ticket_is_linked_once(self, crew: Crew) -> None:
        _first, second = against_east(crew.agent), against_east(crew.agent)
        incident = second.incidents.get()
        refused(lambda: IncidentTicket.objects.create(incident=incident, complaint=second, linked_at=after()))


def test_events_only_count_upwards(crew: Crew) -> None:
    row = register(crew.agent)
    event = Event.objects.filter(pk=row.event_id)
    for columns in ({"key": None}, {"party": "x"}, {"waybill": None}, {"last_sequence": 0}):
        refused(lambda columns=columns: event.update(**columns))
    refused(lambda: event._raw_delete("default"))
    event.update(last_sequence=2)


def test_a_routing_names_one_way_and_its_days_run_forwards(crew: Crew) -> None:
    rows = Routing.objects.filter(category__code="price")
    refused(lambda: rows.update(department=people.department("claims")))
    refused(lambda: rows.update(valid_until="2019-01-01"))


def test_a_reviewer_is_not_who_carried_it_out(crew: Crew) -> None:
    from complaints.models import CorrectiveAction

    row = found(crew)
    services.record_finding(
        complaint=row, founded="founded", text="x", department=people.department("branch_east"), by=crew.agent,
        at=after(hours=4),
        actions=[services.Measure("二人复核", people.department("branch_east"), after(days=9).date())],
    )  # fmt: skip
    rows = CorrectiveAction.objects.all()
    refused(lambda: rows.update(verified_at=after(), verified_by=crew.agent))
    services.complete_action(action=rows.get(), result="好", by=crew.handler)
    refused(lambda: rows.update(reviewed_at=after(), reviewed_by=crew.handler))
