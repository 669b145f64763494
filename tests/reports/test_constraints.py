"""The database keeps what was issued, whoever attacks it (RPT-25)."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from reports.models import Report, ReportRevision, ReportRun
from reports.models.report import digest_of
from servicecenter.clock import now_db
from servicecenter.models import IssuedDocument
from tests import people
from tests.reports import cases

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> str:
    """What the database says to a statement that it must refuse."""
    with pytest.raises(Error) as problem, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(problem.value)


def revision(report: Report, ordinal: int) -> ReportRevision:
    now = now_db()
    return ReportRevision(
        report=report,
        ordinal=ordinal,
        basis="closing",
        as_of=now,
        snapshot={},
        sha256=digest_of({}),
        trail_digest="0" * 64,
        drawn_at=now,
    )


def saved(row: ReportRevision) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except Error:
        return False
    return True


def test_there_is_one_report_of_a_period_and_scope() -> None:
    report = cases.report()
    columns = 'number, code, period_kind, start, "end", department_id'
    said = refused(
        f"INSERT INTO reports_report ({columns}) SELECT 'OTHER', code, period_kind, start, \"end\", NULL "
        "FROM reports_report WHERE id = %s",
        report.pk,
    )
    assert "report_once_a_period" in said


def test_revisions_are_one_two_three_without_gap() -> None:
    report = cases.report()
    assert not saved(revision(report, 2))
    assert saved(revision(report, 1))
    assert not saved(revision(report, 1))
    assert not saved(revision(report, 3))
    assert saved(revision(report, 2))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE reports_reportrevision SET snapshot = '{}'",
        "UPDATE reports_reportrevision SET sha256 = repeat('0', 64)",
        "DELETE FROM reports_reportrevision",
        "TRUNCATE reports_reportrevision CASCADE",
        "UPDATE reports_report SET start = start - 1",
        "DELETE FROM reports_report",
    ],
)
def test_an_issued_report_neither_changes_nor_goes(attack: str) -> None:
    people.centre()
    cases.issued()
    assert refused(attack)
    assert ReportRevision.objects.count() == 1


def test_a_revision_knows_nothing_of_the_future() -> None:
    row = revision(cases.report(), 1)
    row.drawn_at = row.as_of.replace(year=row.as_of.year - 1)
    assert not saved(row)


def test_one_making_at_a_time() -> None:
    report = cases.report()
    ReportRun.objects.create(report=report, basis="closing")
    assert "run_one_open" in refused(
        "INSERT INTO reports_reportrun (public_id, report_id, basis, languages, state, step, done, total, attempt,"
        " problem, problem_params) VALUES ('x', %s, 'now', '[]', 'waiting', 'wait', 0, 1, 0, '', '{}')",
        report.pk,
    )


def test_what_is_made_stays_made_and_keeps_its_revision() -> None:
    people.centre()
    made = cases.issued()
    run = ReportRun.objects.create(
        report=made.report, basis="closing", state="done", step="done", revision=made, finished_at=now_db()
    )
    assert "run keeps" in refused("UPDATE reports_reportrun SET state = 'waiting' WHERE id = %s", run.pk)
    assert refused("DELETE FROM reports_reportrun")


def test_a_revision_has_one_pdf_in_a_language() -> None:
    """Fault 6."""
    people.centre()
    made = cases.issued()

    def paper(number: str, language: str) -> IssuedDocument:
        return IssuedDocument(
            number=number,
            code="report",
            template="-",
            kind="reports.reportrevision",
            object_id=made.pk,
            language=language,
            data={},
            sha256="0" * 64,
            size=1,
            file="-",
            issued_at=now_db(),
        )

    paper("A", "zh-hans").save()
    paper("B", "en").save()
    with pytest.raises(Error, match="report_paper_once"), transaction.atomic():
        paper("C", "zh-hans").save()
