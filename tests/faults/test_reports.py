"""The worker dies while it makes a report, two ask at once, two make at once (faults 6, 8, 26)."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from reports import services
from reports.domain.period import Period, parse
from reports.models import Report, ReportRevision, ReportRun
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IssuedDocument, Notice
from tests.complaints import cases
from tests.faults.counts import times
from tests.faults.crash import Act, Child, Crash, crash_everywhere, places
from tests.faults.races import race, values
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("committed")
_weeks = itertools.count(1)


@pytest.fixture(scope="module")
def crew(committed: None) -> cases.Crew:
    """A centre with a complaint, and a reader."""
    from tests import people

    people.centre()
    crew = cases.Crew()
    cases.register(crew.agent, at=datetime(2026, 10, 7, 2, tzinfo=UTC))
    crew.leader  # noqa: B018  (made before anybody forks)
    return crew


def week() -> Period:
    """A week that nobody has asked for yet."""
    return parse(f"{2025 - (n := next(_weeks)) // 50}-W{n % 50 + 1:02}")


def ask(period: Period, *, papers: bool = False) -> ReportRun:
    run = services.request_report(code="RPT-01", period=period, by=None)
    if not papers:
        ReportRun.objects.filter(pk=run.pk).update(languages=[])
    return run


def lease_over(run: ReportRun) -> None:
    """The minute for which a dead worker held the run is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reports_reportrun SET lease_until = now() - interval '1 second' "
            "WHERE id = %s AND lease_until IS NOT NULL",
            [run.pk],
        )


def made_once(run: ReportRun, crew: cases.Crew) -> ReportRevision:
    """Done, one revision, every reader told once."""
    run.refresh_from_db()
    assert run.state == "done", run.problem
    revision = ReportRevision.objects.get(report=run.report)
    assert (revision.ordinal, run.revision_id) == (1, revision.pk)
    told = Notice.objects.filter(kind="reports.report", object_id=run.report_id, user=crew.leader)
    assert [notice.code for notice in told] == ["report.ready"]
    return revision


def test_a_worker_killed_at_any_statement_leaves_a_report_that_is_made_once(crew: cases.Crew) -> None:
    """Fault 8, FAULTS means 1."""
    runs: dict[int, ReportRun] = {}

    def prepare(point: int) -> Act:
        runs[point] = ask(week())
        return partial(services.make, runs[point].public_id)

    def recovered(point: int, crash: Crash) -> None:
        run = runs[point]
        lease_over(run)
        services.make(run.public_id)
        services.make(run.public_id)
        made_once(run, crew)

    crashes = crash_everywhere(prepare, recovered, every=times(4, 1))
    assert len(crashes) >= 2
    if times(0, 1):
        assert "reports_reportrevision" in places(crashes)
    assert_sound()


def test_a_worker_killed_while_it_draws_the_pdf_leaves_one_file_in_the_end(crew: cases.Crew) -> None:
    """Faults 6 and 8: drawn again from the revision that was kept, stored once, however often the message comes."""
    run = ask(week(), papers=True)
    child = Child(partial(services.make, run.public_id))
    until = time.monotonic() + 120
    while ReportRun.objects.values_list("step", flat=True).get(pk=run.pk) != "pdf":
        assert time.monotonic() < until, "it never began to draw"
        time.sleep(0.01)
    connection.close()
    child.kill()
    assert child.wait().killed
    kept = ReportRevision.objects.get(report=run.report)
    assert not IssuedDocument.objects.filter(object_id=kept.pk, kind="reports.reportrevision").exists()
    # the dead worker's minute is not over: nobody takes its run away
    assert services.make(run.public_id) is None
    lease_over(run)
    for _message in range(3):
        services.make(run.public_id)
    assert made_once(run, crew) == kept
    IssuedDocument.objects.get(object_id=kept.pk, kind="reports.reportrevision")
    assert_sound()


def test_two_who_ask_at_once_get_one_report(crew: cases.Crew) -> None:
    """RPT-25: the clock and a person, or two clocks."""
    for _turn in range(times(4, 100)):
        period = week()
        act = partial(services.request_report, code="RPT-01", period=period, by=None)
        first, then = values(race(act, act))
        assert first.pk == then.pk
        assert Report.objects.filter(code="RPT-01", start=period.start).count() == 1


def test_two_clocks_ask_for_the_month_once(crew: cases.Crew) -> None:
    at = datetime(2026, 10, 31, 22, tzinfo=UTC)
    race(partial(services.make_due, at=at), partial(services.make_due, at=at))
    assert ReportRun.objects.filter(report__number="RPT-07-2026-10").count() == 1
    assert services.make_due(at=at) == 0
    ReportRun.objects.filter(state="waiting").update(languages=[])
    for run in ReportRun.objects.filter(state="waiting"):
        services.make(run.public_id)
    assert_sound()


def test_two_workers_with_one_run_make_it_once(crew: cases.Crew) -> None:
    for _turn in range(times(3, 50)):
        run = ask(week())
        make = partial(services.make, run.public_id)
        race(make, make, at=r"UPDATE reports_reportrun")
        made_once(run, crew)


def test_a_closed_month_made_killed_and_made_again_has_the_same_figures(crew: cases.Crew) -> None:
    """Fault 26: the first attempt is killed, the second makes it, a third is ordered after the records have changed."""
    month = parse("2026-09")
    run = services.request_report(code="RPT-07", period=month, by=None)
    ReportRun.objects.filter(pk=run.pk).update(languages=[])
    child = Child(partial(services.make, run.public_id), point=3)
    assert child.wait().killed
    row = cases.register(crew.agent, at=datetime(2026, 10, 2, 2, tzinfo=UTC), waybill_number="86204417399")
    lease_over(run)
    services.make(run.public_id)
    first = ReportRevision.objects.get(report=run.report)
    cases.services.cancel(complaint=row, reason="登记错误", by=crew.supervisor)
    with pytest.raises(RuleBroken, match=r"report.exists"):
        services.request_report(code="RPT-07", period=month, by=None)
    again = services.request_report(code="RPT-07", period=month, by=None, again=True)
    ReportRun.objects.filter(pk=again.pk).update(languages=[])
    services.make(again.public_id)
    second = ReportRevision.objects.get(report=run.report, ordinal=2)
    assert second.figures.chapters == first.figures.chapters
    assert second.as_of == first.as_of == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert second.drawn_at > first.drawn_at > first.as_of + timedelta(days=1)
    assert_sound()
