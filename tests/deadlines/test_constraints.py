"""What the database itself refuses of clocks and steps, whoever asks (I2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from deadlines import services
from deadlines.models import Clock, Step
from servicecenter.models import Policy
from tests.deadlines.conftest import MORNING

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


def refused(statement: str, *params: object, match: str) -> None:
    """The statement fails by that guard and leaves nothing behind."""
    with pytest.raises(IntegrityError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def clock(running) -> Clock:
    return running("resolution")


@pytest.fixture
def ended(running) -> Clock:
    return services.meet(running("statement"), by=None, at=MORNING + 3.5 * H)


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ("ended_at = now()", "clock_ended"),
        ("state = 'met'", "clock_ended"),
        ("state = 'met', ended_at = now()", "clock_ended"),
        ("state = 'waiting'", "clock_ended"),
        ("state = 'paused', next_at = NULL", "clock_paused"),
        ("state = 'paused', paused_at = now()", "clock_paused"),
        ("paused_at = now()", "clock_paused"),
        ("due_at = warn_at - interval '1 second'", "clock_order"),
        ("warn_at = started_at - interval '1 second'", "clock_order"),
        ("warn_percent = 0", "clock_numbers"),
        ("enterprise_after_seconds = manager_after_seconds", "clock_numbers"),
        ("round = 0", "clock_numbers"),
        ("kind = 'lunch'", "clock_kind"),
        ("basis = 'lunar'", "clock_basis"),
        ("generation = 0", "a generation is never taken back"),
        ("limit_seconds = -1", "limit_seconds"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(clock, change, guard):
    refused(f"UPDATE deadlines_clock SET {change} WHERE id = %s", clock.pk, match=guard)


def test_two_open_clocks_of_one_kind_and_part_are_refused(clock):
    columns = ", ".join(f.column for f in Clock._meta.fields if f.column not in {"id", "created_at"})
    refused(
        f"INSERT INTO deadlines_clock ({columns}) SELECT {columns} FROM deadlines_clock WHERE id = %s",
        clock.pk,
        match="clock_one_open",
    )


@pytest.mark.parametrize(
    "change",
    [
        "state = 'running', ended_at = NULL",
        "due_at = due_at + interval '1 day'",
        "owner_id = NULL",
        "number = ''",
    ],
)
def test_an_ended_clock_does_not_change(ended, change):
    refused(
        f"UPDATE deadlines_clock SET {change} WHERE id = %s", ended.pk, match="an ended clock does not change"
    )


def test_one_step_of_one_generation_stands_once(clock):
    refused(
        "INSERT INTO deadlines_step (clock_id, generation, ordinal, kind, due_at) VALUES (%s, 1, 2, 'breach', now())",
        clock.pk,
        match="step_once",
    )


@pytest.mark.parametrize(("ordinal", "kind"), [(1, "breach"), (2, "warning"), (5, "warning"), (3, "party")])
def test_a_step_stands_at_its_place_in_the_order(clock, ordinal, kind):
    refused(
        "INSERT INTO deadlines_step (clock_id, generation, ordinal, kind, due_at) VALUES (%s, 2, %s, %s, now())",
        clock.pk, ordinal, kind,
        match="step_order",
    )  # fmt: skip


def test_a_step_never_fires_before_it_is_due(clock):
    refused(
        "UPDATE deadlines_step SET fired_at = due_at - interval '1 microsecond' WHERE clock_id = %s AND ordinal = 1",
        clock.pk,
        match="step_never_early",
    )


def test_a_step_is_not_done_and_void_at_once(clock):
    refused(
        "UPDATE deadlines_step SET fired_at = due_at, void_at = due_at WHERE clock_id = %s AND ordinal = 1",
        clock.pk,
        match="step_fired_or_void",
    )


@pytest.mark.parametrize(
    "change",
    ["fired_at = NULL", "fired_at = now() + interval '1 year'", "due_at = due_at - interval '1 hour'"],
)
def test_what_was_done_stands(ended, change):
    refused(
        f"UPDATE deadlines_step SET {change} WHERE clock_id = %s AND kind = 'warning'",
        ended.pk,
        match="a step that is done or void does not change",
    )


def test_a_void_step_never_fires(ended):
    refused(
        "UPDATE deadlines_step SET void_at = NULL, fired_at = now() + interval '1 year' WHERE clock_id = %s"
        " AND kind = 'breach'",
        ended.pk,
        match="a step that is done or void does not change",
    )


def test_a_step_is_not_re_dated(clock):
    refused(
        "UPDATE deadlines_step SET due_at = due_at + interval '1 hour' WHERE clock_id = %s AND ordinal = 2",
        clock.pk,
        match="none is re-dated",
    )


def test_a_step_that_was_done_is_not_deleted(ended):
    refused(
        "DELETE FROM deadlines_step WHERE clock_id = %s AND kind = 'warning'",
        ended.pk,
        match="a step that is done is not deleted",
    )


def test_a_clock_with_steps_is_not_deleted(clock):
    refused("DELETE FROM deadlines_clock WHERE id = %s", clock.pk, match="violates (foreign key|RESTRICT)")


def test_nothing_of_all_that_has_changed_anything(clock, ended):
    assert Step.objects.filter(clock=clock, fired_at=None, void_at=None).count() == 4
    assert Step.objects.filter(clock=ended, fired_at__isnull=False).count() == 1


def test_the_seeds_are_the_terms_of_the_domain():
    """The migration's literals and the code's defaults are one."""
    from dataclasses import asdict

    from deadlines.domain.policy import LadderPolicy, seeded

    rows = {row.key: row.value for row in Policy.objects.filter(code="deadlines.clock")}
    assert rows == {key: asdict(value) for key, value in seeded().items()}
    assert Policy.objects.get(code="deadlines.ladder").value == asdict(LadderPolicy())
