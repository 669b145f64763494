"""Reports are asked for, made once, delivered, made again, and reported when they fail (RPT-25)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.utils import translation

from organization.models import User
from reports import services
from reports.domain.period import parse
from reports.invariants import CHECKS
from reports.models import Report, ReportRevision, ReportRun
from reports.queries import difference, drawing, paper_of, reports_visible_to, rows
from reports.services import making
from servicecenter import pdf, policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IssuedDocument, Notice, TrailEntry
from tests import people
from tests.complaints import cases as complaining
from tests.complaints.cases import Crew
from tests.reports import cases

pytestmark = pytest.mark.django_db
# 1 November 2026, six o'clock at the centre: October is closed.
CLOSED = datetime(2026, 10, 31, 22, tzinfo=UTC)
LATER = CLOSED + timedelta(days=3)


def asked(by: User | None = None, *, papers: bool = False, **given: Any) -> ReportRun:
    """An order for October; without its PDF unless that is what the test is about."""
    run = services.request_report(
        **{"code": "RPT-07", "period": parse("2026-10"), "by": by, "at": LATER, **given}
    )
    if not papers:
        run.languages = []
        run.save(update_fields=["languages"])
    return run


def made(by: User | None = None, **given: Any) -> ReportRevision:
    """Asked for and made."""
    run = services.make(asked(by, **given).public_id)
    assert run is not None
    assert run.state == "done", run.problem
    assert run.revision is not None
    return run.revision


def refusal(**given: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        asked(**given)
    return refused.value.code


def test_a_report_is_drawn_frozen_and_delivered_to_its_readers(crew: Crew) -> None:
    readers = [crew.supervisor, crew.manager, crew.leader, crew.enterprise]
    revision = made()
    assert (revision.number, revision.ordinal) == ("RPT-07-2026-10-r1", 1)
    assert (revision.basis, revision.as_of) == ("closing", CLOSED)
    assert revision.sha256 == making.digest_of(revision.snapshot)
    told = Notice.objects.filter(code="report.ready")
    assert {notice.user_id for notice in told} == {user.pk for user in readers}
    assert {notice.number for notice in told} == {"RPT-07-2026-10"}
    assert TrailEntry.objects.filter(code="report.drawn", kind="reports.report").count() == 1
    assert [violation for check in CHECKS for violation in check.find()] == []


def test_an_agent_is_not_told_of_it_and_does_not_see_it(crew: Crew) -> None:
    made()
    assert not Notice.objects.filter(user=crew.agent, code="report.ready").exists()
    assert not reports_visible_to(crew.agent).exists()
    assert reports_visible_to(crew.leader).count() == 1
    # the inspector reads sanctions, not the report that holds claims too
    assert not reports_visible_to(crew.inspector).exists()


def test_asked_for_twice_while_it_is_made_it_is_one_run(crew: Crew) -> None:
    assert asked().pk == asked().pk
    assert ReportRun.objects.count() == 1


def test_never_twice_for_a_period_by_accident(crew: Crew) -> None:
    made()
    assert refusal() == "report.exists"
    assert ReportRevision.objects.count() == 1


def test_made_again_it_is_the_next_revision_beside_the_first_with_the_same_figures(crew: Crew) -> None:
    """Fault 26: a closed month."""
    first = made()
    row = complaining.register(crew.agent, at=LATER, waybill_number="86204417310")
    complaining.services.cancel(complaint=row, reason="登记错误", by=crew.supervisor, at=LATER)
    second = made(again=True)
    assert (second.ordinal, Report.objects.count()) == (2, 1)
    assert second.figures.chapters == first.figures.chapters
    first.refresh_from_db()
    assert first.ordinal == 1
    assert second.earlier() == first


def test_the_snapshot_does_not_follow_the_records(crew: Crew) -> None:
    first = made()
    before = dict(first.snapshot)
    ticket = complaining.Complaint.objects.get()
    complaining.services.cancel(complaint=ticket, reason="登记错误", by=crew.supervisor, at=LATER)
    first.refresh_from_db()
    assert first.snapshot == before
    later = made(again=True, basis="now", at=LATER + timedelta(hours=1))
    changes = {
        change.code: (change.before.value, change.after.value)
        for change in difference(first.figures, later.figures)
        if change.before and change.after
    }
    assert changes["complaints.registered"] == (1, 0)
    assert "claims.reported" not in changes


def test_a_period_not_over_yet_is_drawn_as_of_now_and_closed_later(crew: Crew) -> None:
    running = made(at=datetime(2026, 10, 20, 2, tzinfo=UTC))
    assert (running.basis, running.as_of) == ("now", datetime(2026, 10, 20, 2, tzinfo=UTC))
    assert refusal(at=datetime(2026, 10, 21, 2, tzinfo=UTC)) == "report.exists"
    assert made(at=LATER).ordinal == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"code": "RPT-XX"}, "report.unknown"),
        ({"period": parse("2026-W43")}, "report.period_kind"),
        ({"period": parse("2027-01")}, "report.not_begun"),
    ],
)
def test_what_cannot_be_made_is_refused(crew: Crew, wrong: dict[str, Any], code: str) -> None:
    assert refusal(**wrong) == code
    assert not ReportRun.objects.exists()


def test_who_does_not_read_a_report_does_not_have_it_made(crew: Crew) -> None:
    assert refusal(by=crew.agent) == "lifecycle.no_right"
    assert refusal(by=crew.inspector) == "lifecycle.no_right"
    assert not Report.objects.exists()


def test_a_worker_that_another_has_overtaken_writes_nothing(crew: Crew) -> None:
    """Fault 8: the slow one wakes up again."""
    run = asked()
    slow = making._claimed(run.public_id)
    ReportRun.objects.update(lease_until=LATER - timedelta(days=30))
    assert services.make(run.public_id) is not None
    assert slow is not None
    with pytest.raises(making.Superseded):
        making._Work(slow, lambda row: None).all()
    assert ReportRevision.objects.count() == 1


def test_a_run_that_a_worker_has_is_left_to_it(crew: Crew) -> None:
    run = asked()
    assert making._claimed(run.public_id) is not None
    assert services.make(run.public_id) is None
    assert not ReportRevision.objects.exists()


def test_delivered_three_times_a_message_makes_one_report_with_one_file(crew: Crew) -> None:
    """Fault 6, with the PDF."""
    crew.leader  # noqa: B018  (somebody must be told)
    run = asked(papers=True)
    seen: list[tuple[int, int]] = []
    for _n in range(3):
        services.make(run.public_id, told=lambda row: seen.append((row.done, row.total)))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (3, 4), (4, 4)]
    revision = ReportRevision.objects.get()
    paper = IssuedDocument.objects.get(kind="reports.reportrevision")
    assert paper.number == "RPT-07-2026-10-r1-zh-hans"
    assert pdf.read(paper).startswith(b"%PDF")
    assert paper_of(revision, "zh-hans") == paper
    assert Notice.objects.filter(code="report.ready", user=crew.leader).count() == 1


def test_what_fails_is_tried_again_then_reported(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 25: the disk is full; no half report; when there is room again the next run is complete."""
    boss, administrator = crew.manager, people.user("administrator")
    full = OSError(28, "No space left on device")

    def no_room(**_given: Any) -> None:
        raise full

    run = asked(boss, papers=True)
    with monkeypatch.context() as patched:
        patched.setattr(making, "keep_paper", no_room)
        for attempt in (1, 2, 3):
            services.make(run.public_id)
            run.refresh_from_db()
            assert run.attempt == attempt
    assert (run.state, run.problem) == ("failed", "report.disk_full")
    told = Notice.objects.filter(code="report.failed").values_list("user", flat=True)
    assert set(told) == {boss.pk, administrator.pk}
    assert not Notice.objects.filter(code="report.ready").exists()
    # the clock does not try for ever
    assert services.remind(at=LATER + timedelta(days=1)) == 0
    run = services.retry_report(run=run, by=boss)
    done = services.make(run.public_id)
    assert done is not None
    assert done.state == "done"
    assert ReportRevision.objects.count() == 1
    with pytest.raises(RuleBroken, match=r"report.not_failed"):
        services.retry_report(run=done, by=boss)


def test_a_run_whose_workers_die_again_and_again_is_given_up(crew: Crew) -> None:
    run = asked()
    for _n in range(3):
        assert making._claimed(run.public_id) is not None
        ReportRun.objects.update(lease_until=None)
    done = services.make(run.public_id)
    assert done is not None
    assert (done.state, done.problem) == ("failed", "report.killed")


def test_the_clock_tells_the_worker_again_of_what_waits_and_of_what_a_dead_one_left(crew: Crew) -> None:
    """Faults 7, 8: a lost message, a killed worker."""
    run = asked()
    assert services.remind(at=LATER) == 0
    assert services.remind(at=LATER + timedelta(seconds=61)) == 1
    assert services.remind(at=LATER + timedelta(seconds=62)) == 0
    assert making._claimed(run.public_id) is not None
    assert services.remind(at=LATER + timedelta(seconds=200)) == 0
    ReportRun.objects.update(lease_until=LATER)
    assert services.remind(at=LATER + timedelta(seconds=300)) == 1


def numbers() -> list[str]:
    return sorted(Report.objects.values_list("number", flat=True))


def test_the_month_is_closed_at_six_by_the_centres_clock(crew: Crew) -> None:
    """RPT-25: 22:00 of the last day at Greenwich; a minute before there is nothing to do."""
    services.make_due(at=CLOSED - timedelta(days=1))  # the weeks that are over
    assert services.make_due(at=CLOSED - timedelta(minutes=1)) == 0
    assert services.make_due(at=CLOSED) == 3
    months = [number for number in numbers() if number.endswith("2026-10")]
    assert months == ["RPT-02-2026-10", "RPT-03-2026-10", "RPT-07-2026-10"]
    assert {run.as_of for run in ReportRun.objects.filter(report__period_kind="month")} == {CLOSED}


def test_the_clock_asks_once_however_often_it_looks(crew: Crew) -> None:
    services.make_due(at=CLOSED)
    assert services.make_due(at=CLOSED) == 0
    ReportRun.objects.update(languages=[])
    for run in ReportRun.objects.all():
        services.make(run.public_id)
    assert services.make_due(at=LATER) == 1  # the week that ended meanwhile
    assert ReportRun.objects.filter(report__number="RPT-07-2026-10").count() == 1


def test_weeks_run_from_monday_to_sunday_and_what_was_missed_is_made_up_for(crew: Crew) -> None:
    """RPT-25: after a standstill the last three, none of them before the first record."""
    monday = datetime(2026, 10, 18, 22, tzinfo=UTC)
    assert services.make_due(at=monday) == 2
    assert numbers() == ["RPT-01-2026-W41", "RPT-01-2026-W42"]
    assert Report.objects.get(number="RPT-01-2026-W42").start.isoformat() == "2026-10-12"


def test_without_any_record_the_clock_makes_nothing() -> None:
    people.centre()
    assert services.make_due(at=CLOSED) == 0


def test_readers_and_the_hour_are_the_policys(crew: Crew) -> None:
    policies.set_policy(
        code="reports.schedule",
        key="RPT-07",
        value={"hour": 9, "readers": ["management", "agent"]},
        by=None,
        reason="晨会之后",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )
    leader = crew.leader
    crew.supervisor  # noqa: B018
    revision = made(at=LATER)
    assert revision.as_of == CLOSED + timedelta(hours=3)
    assert revision.figures.policies["reports.schedule"] == 1
    # an agent is named by the policy and may not read it: not told
    assert set(Notice.objects.filter(code="report.ready").values_list("user", flat=True)) == {leader.pk}


def test_the_workbook_holds_the_figures_and_the_rows_behind_each(crew: Crew) -> None:
    """PRV-04: who and when on every sheet, nothing that a spreadsheet executes, no caller, logged."""
    complaining.register(
        crew.agent,
        at=datetime(2026, 10, 8, 2, tzinfo=UTC),
        waybill_number="86204417311",
        text="=HYPERLINK(1) 要求退款",
        demand="+退款",
    )
    revision = made()
    with translation.override("en"):
        export = services.export_report(revision=revision, by=crew.manager)
    with export.file as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    assert export.filename == "RPT-07-2026-10-r1.xlsx"
    summary = book.worksheets[0]
    codes = {row[0].value: row for row in summary.iter_rows(min_row=2)}
    assert len(codes) > 25
    tickets = next(
        sheet
        for sheet in book
        if sheet.max_column == 13 and str(sheet.cell(2, 1).value or "").startswith("TS")
    )
    numbers = [
        row[0].value for row in tickets.iter_rows(min_row=2) if str(row[0].value or "").startswith("TS")
    ]
    assert len(numbers) == 2 == rows.count_rows(revision, "complaints")
    dangerous = [
        cell for row in tickets.iter_rows(min_row=2) for cell in row if str(cell.value).startswith("=")
    ]
    assert [cell.data_type for cell in dangerous] == ["s"]
    said = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert complaining.TELEPHONE not in said
    assert "刘海涛" not in said
    assert said.count(crew.manager.work_number) >= len(book.worksheets)
    entry = TrailEntry.objects.get(code="report.exported")
    assert (entry.by, entry.params["rows"]) == (crew.manager, export.rows)


def test_verify_finds_a_report_whose_figures_were_changed(crew: Crew) -> None:
    """Somebody with the server's own hands."""
    revision = made()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_reportrevision DISABLE TRIGGER revision_append_only")
        cursor.execute(
            """UPDATE reports_reportrevision SET snapshot = jsonb_set(snapshot, '{code}', '"RPT-03"')"""
        )
        cursor.execute("ALTER TABLE reports_reportrevision ENABLE TRIGGER revision_append_only")
    found = [violation.subject for check in CHECKS for violation in check.find()]
    assert found == [revision.number]


def test_drawn_figures_come_in_few_statements(crew: Crew, django_assert_max_num_queries: Any) -> None:
    """The figures are set-based: as many statements for one complaint as for a million."""
    with django_assert_max_num_queries(36):
        cases.issued()
    assert drawing.CHAPTERS["RPT-07"] == ("indicators", "RPT-01", "RPT-02", "RPT-03")
