"""The web is killed at every statement of an act; the browser sends the form again: once done, the same answer (14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import pytest
from django.test import Client

from complaints.domain.intake import Intake
from complaints.models import Contact, Event, Handover, Statement
from customers.models import Customer, Waybill
from servicecenter.models import IdempotencyKey, TrailEntry
from tests.faults import doors, tickets
from tests.faults.counts import FULL
from tests.faults.crash import Act, Crash, crash_everywhere
from tests.faults.doors import Door
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")


@dataclass
class Registering:
    """The intake screen is sent, the web dies at a point, it is sent again; `before` complaints were there."""

    door: Door
    before: int
    crew: Crew
    intakes: dict[int, Intake] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: Client = doors.client_of(self.crew.agent)

    def prepare(self, point: int) -> Act:
        intake = self.intakes[point] = tickets.matter()
        for _n in range(self.before):
            tickets.register(intake, self.crew.other)
        return partial(self.send, point)

    def send(self, point: int) -> str:
        """The same form with the same key; the ticket's number that is answered."""
        return self.door.ticket(self.door.register(self.client, self.intakes[point], self.key(point)))

    def key(self, point: int) -> str:
        return f"{type(self.door).__name__}-{self.before}-{point}"

    def recovered(self, point: int, crash: Crash) -> None:
        intake = self.intakes[point]
        rows = tickets.of(intake)
        kept = IdempotencyKey.objects.filter(key=self.key(point)).exists()
        assert len(rows) == self.before + kept
        if kept or self.before:
            tickets.assert_registered(intake, len(rows), self.crew)
        else:
            # nothing half: not even the caller and the waybill that were made on the way
            assert not Contact.objects.filter(caller_telephone=intake.caller_telephone).exists()
            assert not Waybill.objects.filter(number=intake.waybill_number).exists()
            assert not Customer.objects.filter(telephones__number=intake.caller_telephone).exists()
            assert Event.objects.filter(complaints=None).count() == 0
        first = self.send(point)
        if FULL or kept or point == 1:
            assert self.send(point) == first
        rows = tickets.assert_registered(intake, self.before + 1, self.crew)
        assert first == rows[-1].number
        assert_sound()


@pytest.mark.parametrize(
    ("door", "before"),
    [
        pytest.param("page", 0, id="first-complaint-by-page"),
        pytest.param("api", 1, id="second-complaint-by-api"),
        *([pytest.param("api", 0, id="first-by-api"), pytest.param("page", 1, id="second-by-page")] * FULL),
    ],
)
def test_a_registration_killed_at_any_statement_is_done_whole_or_not_at_all_and_once(
    crew: Crew, door: str, before: int
) -> None:
    """CMP-42: with the second complaint everything that it brings about."""
    registering = Registering(doors.DOORS[door], before, crew)
    crashes = crash_everywhere(registering.prepare, registering.recovered)
    places = " ".join(crash.place for crash in crashes)
    assert "complaints_event" in places
    assert "servicecenter_idempotencykey" in places
    assert "after COMMIT" in places
    if before:
        assert "conduct_sanction" in places


def test_a_statement_killed_at_any_statement_is_handed_in_once_and_never_becomes_its_own_correction(
    crew: Crew,
) -> None:
    """CMP-21, CMP-22."""
    client = doors.client_of(crew.handler)
    handovers: dict[int, Handover] = {}

    def prepare(point: int) -> Act:
        row = tickets.register(tickets.matter(), crew.agent)
        handovers[point] = row.handovers.get(department__code="branch_east")
        return partial(send, point)

    def send(point: int) -> str:
        sent = doors.hand_in(client, handovers[point], f"s-{point}", person=crew.handler)
        return str(doors.answered(sent)["Location"])

    def recovered(point: int, crash: Crash) -> None:
        handover = handovers[point]
        kept = IdempotencyKey.objects.filter(key=f"s-{point}").exists()
        lines = TrailEntry.objects.filter(object_id=handover.complaint_id, code="complaint.hand_in")
        handover.refresh_from_db()
        assert Statement.objects.filter(handover=handover).count() == lines.count() == kept
        assert handover.state == ("answered" if kept else "waiting")
        first = send(point)
        if FULL or kept or point == 1:
            assert send(point) == first
        statement = Statement.objects.get(handover=handover)
        assert (statement.ordinal, statement.text, lines.count()) == (1, "A", 1)
        assert_sound()

    crashes = crash_everywhere(prepare, recovered)
    assert "complaints_statement" in " ".join(crash.place for crash in crashes)
