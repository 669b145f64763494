"""Wrong clocks, daylight saving, leap days and year ends: the database's clock alone counts (fault 10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from deadlines import services
from deadlines.models import Clock, Step
from servicecenter.clock import business_date, now_db
from servicecenter.models import Notice, TrailEntry
from servicecenter.numbering import next_number
from tests import people
from tests.faults import clocks, processes
from tests.faults.clocks import H
from tests.faults.sound import assert_sound

SECOND = timedelta(seconds=1)
# Zone, the evening before its clocks change, and by how much the day is longer than 24 hours.
CHANGES = [
    pytest.param("Asia/Shanghai", "2026-10-24 20:00", 0, id="no-daylight-saving"),
    pytest.param("Europe/Berlin", "2026-10-24 20:00", 60, id="Berlin-autumn"),
    pytest.param("Europe/Berlin", "2027-03-27 20:00", -60, id="Berlin-spring"),
    pytest.param("America/New_York", "2026-10-31 20:00", 60, id="New-York-autumn"),
    pytest.param("Australia/Lord_Howe", "2027-04-03 20:00", 30, id="half-an-hour-Lord-Howe"),
    pytest.param("Asia/Shanghai", "2028-02-28 20:00", 0, id="leap-day"),
    pytest.param("Asia/Shanghai", "2027-02-28 20:00", 0, id="no-leap-day"),
    pytest.param("Asia/Shanghai", "2026-12-31 20:00", 0, id="year-end"),
]


# -- the process's clock


SERVE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from deadlines import services
from deadlines.models import Clock
from organization.models import Department
from servicecenter.clock import now_db
assert abs(timezone.now() - now_db() - timedelta(seconds={skew})) < timedelta(minutes=1)
done = services.sweep()
new = services.start(kind="resolution", subject_kind="tests.subject", subject_id=1, number="TS-1",
                     department=Department.objects.get(code="service_centre"))
services.meet(Clock.objects.get(pk={met}), by=None)
services.pause(Clock.objects.get(pk={paused}))
print(done.clocks, done.steps, new.pk)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("skew", [7200, -7200], ids=["two-hours-ahead", "two-hours-behind"])
def test_a_process_whose_clock_is_wrong_acts_by_the_databases_clock(skew: int) -> None:
    """What is due by the database's clock fires and nothing else; what begins or ends bears its time."""
    over, ahead, met, paused = (clocks.begin(ago=hours * H) for hours in (25, 17, 23, 20))
    services.sweep(at=now_db() - 3 * H)
    before = now_db()
    done = processes.finished(
        "-c", SERVE.format(skew=skew, met=met.pk, paused=paused.pk),
        DJANGO_SETTINGS_MODULE="servicecenter.settings", **processes.skewed(skew),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    after = now_db()
    swept, steps, started = map(int, done.stdout.split()[-3:])
    # the breach of the first and the warning of the last; by a clock ahead that of the second, and the third was late
    assert (swept, steps) == (2, 2)
    assert sum(clocks.fired([ahead]).values()) == 0
    for clock in (over, ahead, met, paused):
        clock.refresh_from_db()
    new = Clock.objects.get(pk=started)
    assert new.due_at == new.started_at + 24 * H
    assert met.state == "met"
    for moment in (
        new.started_at,
        met.ended_at,
        paused.paused_at,
        Step.objects.get(clock=over, kind="breach").fired_at,
        TrailEntry.objects.get(code="clock.breach").at,
        *Notice.objects.filter(code="clock.breach").values_list("at", flat=True),
    ):
        assert before <= moment <= after
    assert_sound()


# -- zones and days


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "evening", "longer"), CHANGES)
def test_twenty_four_hours_are_twenty_four_hours_whatever_the_wall_says(
    settings: Any, zone: str, evening: str, longer: int
) -> None:
    """CMP-36: elapsed time. 24 hours from eight in the evening is another time of day when the clocks change."""
    settings.TIME_ZONE = zone
    start = local(evening, zone)
    clock = clocks.begin(at=start)
    assert clock.due_at == start + 24 * H
    wall = clock.due_at.astimezone(ZoneInfo(zone))
    assert wall.hour * 60 + wall.minute == 20 * 60 - longer
    assert services.sweep(at=start + 18 * H - SECOND).steps == 0
    assert services.sweep(at=start + 18 * H).steps == 1
    assert services.sweep(at=start + 24 * H - SECOND).steps == 0
    assert services.sweep(at=start + 24 * H).steps == 1
    assert services.sweep(at=start + 48 * H).steps == 2
    assert list(Step.objects.filter(clock=clock).order_by("ordinal").values_list("fired_at", flat=True)) == [
        start + hours * H for hours in (18, 24, 48, 48)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "start", "due"),
    [
        pytest.param("Europe/Berlin", "2026-10-23 16:30", "2026-10-26 16:30", id="Berlin-autumn"),
        pytest.param("America/New_York", "2027-03-12 16:30", "2027-03-15 16:30", id="New-York-spring"),
        pytest.param("Asia/Shanghai", "2028-02-28 16:30", "2028-02-29 16:30", id="leap-day"),
        pytest.param("Asia/Shanghai", "2026-12-31 16:30", "2027-01-01 16:30", id="year-end"),
    ],
)
def test_eight_working_hours_are_counted_by_the_wall_of_the_centre(
    settings: Any, zone: str, start: str, due: str
) -> None:
    """CMP-34: a working day is as long as ever although the night before it was not."""
    settings.TIME_ZONE = zone
    hours = services.start(
        kind="quotation", subject_kind=clocks.SUBJECT, subject_id=1, number="X-1",
        department=people.department("business"), at=local(start, zone),
    )  # fmt: skip
    assert hours.due_at == local(due, zone)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_servers_own_zone_changes_nothing(zone: str) -> None:
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE \"{name}\" SET timezone = '{zone}'")
    connection.close()
    over, ahead = clocks.begin(ago=25 * H), clocks.begin(ago=17 * H)
    assert services.sweep().steps == 2
    assert sum(clocks.fired([over]).values()) == 2
    assert sum(clocks.fired([ahead]).values()) == 0
    assert_sound()


@pytest.mark.django_db
def test_whose_assignment_begins_at_new_year_is_told_from_the_centres_midnight_on(settings: Any) -> None:
    """At half past three in the afternoon of 31 December UTC it is half past eleven at the centre."""
    former, next_one = people.user("centre_manager"), people.user("centre_manager")
    former.employee.assignments.update(valid_until=date(2026, 12, 31))
    next_one.employee.assignments.update(valid_from=date(2027, 1, 1))
    last, first = datetime(2026, 12, 31, 15, 30, tzinfo=UTC), datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert (business_date(last), business_date(first)) == (date(2026, 12, 31), date(2027, 1, 1))
    for moment, manager in ((last, former), (first, next_one)):
        clock = clocks.begin(at=moment - 28 * H)
        services.sweep(at=moment)
        told = Notice.objects.filter(object_id=clock.subject_id, code="clock.ladder_manager")
        assert [notice.user for notice in told] == [manager]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-12-31T15:59:59+00:00", "TS261231"),
        ("2026-12-31T16:00:00+00:00", "TS270101"),
        ("2028-02-28T16:00:00+00:00", "TS280229"),
        ("2028-02-29T16:00:00+00:00", "TS280301"),
    ],
)
def test_a_ticket_number_bears_the_centres_day(at: str, day: str) -> None:
    assert next_number("complaint", at=datetime.fromisoformat(at)).startswith(f"{day}-")
