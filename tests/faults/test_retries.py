"""Double clicks and retries: one ticket, the same answer (fault 14, D20)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from complaints.models import Complaint
from servicecenter.models import IdempotencyKey
from tests.faults import doors, tickets
from tests.faults.counts import times
from tests.faults.races import race, values
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
KEY = r"pg_try_advisory_xact_lock"


def test_a_double_click_is_one_ticket_and_both_clicks_get_the_same_answer(crew: Crew) -> None:
    """Both requests are under way at once; the second waits for the first."""
    client = doors.client_of(crew.agent)
    for turn in range(times(10, 200)):
        intake = tickets.matter()
        click = partial(doors.register, client, intake, f"double-{turn}")
        answers = [doors.answer(doors.answered(response)) for response in values(race(click, click, at=KEY))]
        (row,) = tickets.assert_registered(intake, 1, crew)
        assert answers == [(302, f"/complaints/{row.number}/")] * 2
    assert_sound()


def test_five_clicks_on_a_second_complaint_are_one_second_complaint(crew: Crew) -> None:
    client = doors.client_of(crew.agent)
    for turn in range(times(3, 40)):
        intake = tickets.matter()
        tickets.register(intake, crew.other)
        click = partial(doors.register, client, intake, f"five-{turn}")
        answers = {doors.answer(doors.answered(one)) for one in values(race(*[click] * 5, at=KEY))}
        assert len(answers) == 1
        tickets.assert_registered(intake, 2, crew)
    assert_sound()


def test_a_retry_long_after_the_answer_gets_the_same_answer_and_says_that_it_is_one(crew: Crew) -> None:
    client = doors.client_of(crew.agent)
    intake = tickets.matter()
    first = doors.answered(doors.register(client, intake, "late"))
    tickets.register(intake, crew.other)
    again = doors.answered(doors.register(client, intake, "late"))
    assert doors.answer(first) == doors.answer(again)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    tickets.assert_registered(intake, 2, crew)


def test_the_same_key_with_another_text_is_refused_and_saves_nothing(crew: Crew) -> None:
    client = doors.client_of(crew.agent)
    intake = tickets.matter()
    doors.answered(doors.register(client, intake, "other"))
    before = Complaint.objects.count()
    refused = doors.register(client, replace(intake, text="B"), "other")
    assert refused.status_code == 422
    assert Complaint.objects.count() == before


def test_the_same_key_of_two_agents_is_two_keys(crew: Crew) -> None:
    one, other = tickets.matter(), tickets.matter()
    first = doors.answered(doors.register(doors.client_of(crew.agent), one, "shared"))
    second = doors.answered(doors.register(doors.client_of(crew.other), other, "shared"))
    assert doors.answer(first) != doors.answer(second)


def test_a_refused_form_keeps_nothing_and_its_key_serves_the_corrected_one(crew: Crew) -> None:
    client = doors.client_of(crew.agent)
    intake = tickets.matter()
    refused = doors.register(client, replace(intake, text=""), "corrected")
    assert refused.status_code == 422
    assert not IdempotencyKey.objects.filter(key="corrected").exists()
    assert tickets.of(intake) == []
    doors.answered(doors.register(client, intake, "corrected"))
    tickets.assert_registered(intake, 1, crew)
