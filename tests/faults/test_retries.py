"""Double clicks and retries: one ticket, the same answer (fault 14, D20)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from complaints.models import Complaint
from servicecenter.models import IdempotencyKey
from tests.faults import doors, tickets
from tests.faults.counts import times
from tests.faults.doors import Door
from tests.faults.races import race, values
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
KEY = r"pg_try_advisory_xact_lock"
by_every_door = pytest.mark.parametrize("door", doors.DOORS.values(), ids=doors.DOORS)


def key(door: Door, name: str, turn: int = 0) -> str:
    """The tests of a module share their agents, and a key is an agent's."""
    return f"{name}-{type(door).__name__}-{turn}"


@by_every_door
def test_a_double_click_is_one_ticket_and_both_clicks_get_the_same_answer(crew: Crew, door: Door) -> None:
    """Both requests are under way at once; the second waits for the first."""
    client = doors.client_of(crew.agent)
    for turn in range(times(10, 200)):
        intake = tickets.matter()
        click = partial(door.register, client, intake, key(door, "double", turn))
        told = [door.ticket(response) for response in values(race(click, click, at=KEY))]
        (row,) = tickets.assert_registered(intake, 1, crew)
        assert told == [row.number] * 2
    assert_sound()


@by_every_door
def test_five_clicks_on_a_second_complaint_are_one_second_complaint(crew: Crew, door: Door) -> None:
    client = doors.client_of(crew.agent)
    for turn in range(times(3, 40)):
        intake = tickets.matter()
        tickets.register(intake, crew.other)
        click = partial(door.register, client, intake, key(door, "five", turn))
        told = {door.ticket(response) for response in values(race(*[click] * 5, at=KEY))}
        assert len(told) == 1
        tickets.assert_registered(intake, 2, crew)
    assert_sound()


@by_every_door
def test_a_retry_long_after_the_answer_gets_the_same_answer_and_says_that_it_is_one(
    crew: Crew, door: Door
) -> None:
    client = doors.client_of(crew.agent)
    intake = tickets.matter()
    first = door.register(client, intake, key(door, "late"))
    tickets.register(intake, crew.other)
    again = door.register(client, intake, key(door, "late"))
    assert door.ticket(first) == door.ticket(again)
    assert (first.status_code, door.said(first)) == (again.status_code, door.said(again))
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    tickets.assert_registered(intake, 2, crew)


@by_every_door
def test_the_same_key_with_another_text_is_refused_and_saves_nothing(crew: Crew, door: Door) -> None:
    client = doors.client_of(crew.agent)
    intake = tickets.matter()
    door.ticket(door.register(client, intake, key(door, "other")))
    before = Complaint.objects.count()
    refused = door.register(client, replace(intake, text="B"), key(door, "other"))
    assert refused.status_code == 422
    assert Complaint.objects.count() == before


@by_every_door
def test_the_same_key_of_two_agents_is_two_keys(crew: Crew, door: Door) -> None:
    one, other = tickets.matter(), tickets.matter()
    first = door.ticket(door.register(doors.client_of(crew.agent), one, key(door, "shared")))
    second = door.ticket(door.register(doors.client_of(crew.other), other, key(door, "shared")))
    assert first != second


@by_every_door
def test_a_refused_form_keeps_nothing_and_its_key_serves_the_corrected_one(crew: Crew, door: Door) -> None:
    client = doors.client_of(crew.agent)
    intake = tickets.matter()
    refused = door.register(client, replace(intake, text=""), key(door, "corrected"))
    assert refused.status_code in (400, 422)
    assert not IdempotencyKey.objects.filter(key=key(door, "corrected")).exists()
    assert tickets.of(intake) == []
    door.ticket(door.register(client, intake, key(door, "corrected")))
    tickets.assert_registered(intake, 1, crew)
