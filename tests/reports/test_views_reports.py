"""Reports as their readers see them: list, page, rows, making, files (RPT-07, RPT-25)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organization.models import User
from reports.models import Report, ReportRevision, ReportRun
from reports.views.chapters import widths
from servicecenter import pdf
from servicecenter.models import IssuedDocument, Notice
from tests import people
from tests.doors import HTMX, client, client_of, shown, statements, words
from tests.reports import cases, samples

pytestmark = pytest.mark.django_db
OCTOBER = "RPT-07-2026-10"


@pytest.fixture
def manager(db: None) -> User:
    people.centre()
    return people.user("centre_manager", name="周启明")


@pytest.fixture
def browser(manager: User) -> Client:
    return client_of(manager)


@pytest.fixture
def october(manager: User) -> ReportRevision:
    return cases.issued_sample(samples.OCTOBER)


def page_of(number: str = OCTOBER, **query: Any) -> str:
    return reverse("report-detail", args=[number]) + "?" + "&".join(f"{k}={v}" for k, v in query.items())


def run_of(report: Report, **fields: Any) -> ReportRun:
    return ReportRun.objects.create(
        report=report, basis="closing", as_of=samples.DRAWN_AT, languages=["zh-hans"], **fields
    )


# the page ------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_figures_as_they_were_drawn(browser: Client, october: ReportRevision) -> None:
    said = words(browser.get(page_of()))
    for figure in ("1,284", "92.4%", "0.70%", "¥86,412.50", "99.84%", "4.39", OCTOBER, october.sha256):
        assert figure in said, figure


def test_every_cell_says_on_a_phone_what_it_is(browser: Client, october: ReportRevision) -> None:
    """Count, amount and the month before are not left out: they stand under their heads."""
    page = shown(browser.get(page_of()))
    for head in ("上月", "变化", "目标"):
        assert f'data-label="{head}"' in page, head
    assert '<td class="num" data-label=' in page[page.index('data-table="conduct.sheet"') :]


def test_the_contents_lead_to_every_chapter_of_the_page(browser: Client, october: ReportRevision) -> None:
    page = shown(browser.get(page_of()))
    contents = page[page.index('aria-label="目录"') :]
    contents = contents[: contents.index("</nav>")]
    anchors = re.findall(r'href="#([^"]+)"', contents)
    assert anchors == ["c1", "c2", "c3", "c4", "proof"]
    for anchor in anchors:
        assert page.count(f'id="{anchor}"') == 1, anchor


@pytest.mark.parametrize(
    ("wide", "sizes"),
    [
        ([], []),
        ([False], ["c12"]),
        ([True], ["c12"]),
        ([False, False], ["c6", "c6"]),
        ([False, False, False], ["c6", "c6", "c12"]),
        ([False, True, False, False], ["c12", "c12", "c6", "c6"]),
        ([True, False, True, False], ["c12", "c12", "c12", "c12"]),
        ([False, False, True], ["c6", "c6", "c12"]),
    ],
)
def test_no_sheet_stands_beside_nothing(wide: list[bool], sizes: list[str]) -> None:
    assert widths(wide) == sizes


def test_a_policy_nobody_changed_is_called_built_in(browser: Client, october: ReportRevision) -> None:
    browser.post("/language/", {"language": "en"})
    said = words(browser.get(page_of()))
    assert "Built-in version" in said
    assert "version Built-in" not in said


def test_every_figure_that_has_rows_leads_to_them(browser: Client, october: ReportRevision) -> None:
    page = shown(browser.get(page_of()))
    for key in ("complaints.second", "follow_ups.in_time", "payments", "defects", "reserves", "entries"):
        assert f"/reports/{OCTOBER}/rows/{key}/?revision=1" in page, key
    # without a value there is nothing to lead to
    assert "rows/upward.in_time" not in page


def test_a_line_of_a_table_leads_to_its_own_rows_and_from_there_to_all(
    browser: Client, october: ReportRevision
) -> None:
    there = f"/reports/{OCTOBER}/rows/complaints/?revision=1"
    found = re.search(rf"{re.escape(there)}(&of\.category=[^\"&]+)\"", shown(browser.get(page_of())))
    assert found is not None
    page = shown(browser.get(there + found[1]))
    assert f'href="{there}"' in page, "the whole sheet is one click away"


def test_rows_of_nobody_say_so(browser: Client, october: ReportRevision) -> None:
    browser.post("/language/", {"language": "en"})
    said = words(browser.get(f"/reports/{OCTOBER}/rows/complaints/?revision=1&of.department="))
    assert "Department not determined yet" in said


def test_the_page_takes_the_same_statements_however_much_it_shows(
    browser: Client, october: ReportRevision
) -> None:
    assert statements(lambda: shown(browser.get(page_of()))) <= 20


def test_an_empty_month_is_shown_without_a_figure_that_lies(browser: Client, manager: User) -> None:
    cases.issued_sample(samples.nothing_happened())
    said = words(browser.get(page_of()))
    assert "0.0%" not in said
    assert "None" not in said


def test_the_months_beside_it_are_one_click_away(browser: Client, october: ReportRevision) -> None:
    cases.report("RPT-07", "2026-09")
    page = shown(browser.get(page_of()))
    assert 'rel="prev" href="/reports/RPT-07-2026-09/"' in page
    assert 'rel="next"' not in page


def test_revisions_stand_beside_each_other_with_what_differs(browser: Client, manager: User) -> None:
    """RPT-25."""
    cases.issued_sample(samples.earlier())
    cases.issued_sample(samples.OCTOBER, by=manager)
    second = shown(browser.get(page_of()))
    assert 'id="differences"' in second
    assert re.search(r"0\.62%.*0\.70%", second, re.DOTALL)
    first = shown(browser.get(page_of(revision=1)))
    assert "0.62%" in first
    assert 'id="differences"' not in first
    assert browser.get(page_of(revision=3)).status_code == 404
    assert browser.get(page_of(revision="x")).status_code == 404


def test_who_was_told_is_named(browser: Client, october: ReportRevision) -> None:
    Notice.objects.create(
        user=people.user("management", name="顾长海"), code="report.ready", kind="reports.report",
        object_id=october.report_id, at=samples.DRAWN_AT,
    )  # fmt: skip
    assert "顾长海" in words(browser.get(page_of()))


def test_what_one_may_not_read_is_not_there(october: ReportRevision) -> None:
    """ORG-04."""
    assert client("agent").get(page_of()).status_code == 403
    adjuster = client("adjuster")
    assert adjuster.get(page_of()).status_code == 404
    assert OCTOBER not in shown(adjuster.get(reverse("report-list")))


# the rows ------------------------------------------------------------------------------------------------------


def test_the_rows_behind_a_figure_lead_on_to_their_records(browser: Client, manager: User) -> None:
    from tests.complaints.cases import Crew, register

    crew = Crew()
    tickets = [register(crew.agent, text=f"第 {n} 件") for n in range(3)]
    revision = cases.issued("RPT-07", f"{tickets[0].registered_on:%Y-%m}")
    there = reverse("report-rows", args=[revision.report.number, "complaints"])
    page = shown(browser.get(there))
    for ticket in tickets:
        assert f'href="/complaints/{ticket.number}/"' in page
    assert browser.get(reverse("report-rows", args=[revision.report.number, "no.such"])).status_code == 404


def test_rows_are_read_page_by_page(browser: Client, manager: User, monkeypatch: Any) -> None:
    from reports.views import reports as views
    from tests.complaints.cases import Crew, register

    monkeypatch.setattr(views, "PAGE", 2)
    crew = Crew()
    tickets = [register(crew.agent, text=f"第 {n} 件") for n in range(3)]
    revision = cases.issued("RPT-07", f"{tickets[0].registered_on:%Y-%m}")
    there = reverse("report-rows", args=[revision.report.number, "complaints"])
    first = shown(browser.get(there))
    found = re.search(r'href="(\?after=\d+)" rel="next"', first)
    assert found
    second = shown(browser.get(there + found[1]))
    assert (tickets[2].number in first, tickets[2].number in second) == (False, True)
    assert 'rel="next"' not in second


# making --------------------------------------------------------------------------------------------------------


def test_a_report_is_asked_for_and_its_progress_is_seen(browser: Client, manager: User) -> None:
    """RPT-25."""
    sent = {"code": "RPT-07", "period": "RPT-07/2026-10"}
    answer = browser.post(reverse("report-make"), sent)
    assert answer["Location"] == f"/reports/{OCTOBER}/"
    run = ReportRun.objects.get()
    assert (run.state, run.requested_by) == ("waiting", manager)
    assert 'hx-trigger="every 2s"' in shown(browser.get(page_of()))
    ReportRun.objects.update(state="working", step="figures", done=1, total=4)
    bar = shown(browser.get(reverse("report-progress", args=[OCTOBER]), headers=HTMX))
    assert 'max="4" value="1"' in bar
    cell = shown(browser.get(reverse("report-state", args=[OCTOBER]), headers=HTMX))
    assert 'max="4" value="1"' in cell


def test_the_page_is_loaded_anew_when_the_making_has_ended(browser: Client, october: ReportRevision) -> None:
    run_of(october.report, state="done", revision=october, finished_at=samples.DRAWN_AT)
    answer = browser.get(reverse("report-progress", args=[OCTOBER]), headers=HTMX)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_one_that_exists_is_made_again_only_when_that_is_said(browser: Client, manager: User) -> None:
    """RPT-25: never twice for the same period by accident."""
    cases.issued("RPT-07", "2026-09")
    sent = {"code": "RPT-07", "period": "RPT-07/2026-09"}
    asked = shown(browser.post(reverse("report-make"), sent), 422)
    assert 'name="again"' in asked
    assert not ReportRun.objects.exists()
    answer = browser.post(reverse("report-make"), {**sent, "again": "on", "basis": "now"})
    assert answer.status_code == 302
    assert ReportRun.objects.get().basis == "now"


def test_a_period_of_another_report_is_refused(browser: Client, manager: User) -> None:
    answer = browser.post(reverse("report-make"), {"code": "RPT-07", "period": "RPT-01/2026-W40"})
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_only_reports_that_one_may_have_made_are_offered(manager: User) -> None:
    page = shown(client("adjuster").get(reverse("report-make")))
    assert 'value="RPT-03"' in page
    assert 'value="RPT-07"' not in page


def test_a_failed_making_says_why_and_is_made_again(browser: Client, manager: User) -> None:
    report = cases.report("RPT-07", "2026-09")
    run = run_of(report, state="failed", problem="report.disk_full", finished_at=samples.DRAWN_AT)
    page = shown(browser.get(page_of(report.number)))
    assert f"/reports/{report.number}/retry/" in page
    assert browser.post(reverse("report-retry", args=[report.number])).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.problem) == ("waiting", "")
    # and who may not have it made is not offered it
    assert "/retry/" not in shown(client("controller").get(page_of(report.number)))


# files ---------------------------------------------------------------------------------------------------------


def test_the_pdf_is_drawn_once_in_a_language_and_then_given_as_it_was(
    browser: Client, october: ReportRevision
) -> None:
    there = reverse("report-pdf", args=[OCTOBER]) + "?revision=1&language=en"
    assert browser.get(there).status_code == 404
    draw = reverse("report-draw", args=[OCTOBER]) + "?revision=1&language=en"
    assert browser.post(draw)["Location"] == there
    browser.post(draw)
    paper = IssuedDocument.objects.get()
    answer = browser.get(there)
    assert b"".join(answer.streaming_content) == pdf.read(paper)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == f'inline; filename="{OCTOBER}-r1.pdf"'
    assert "language=en" in shown(browser.get(page_of()))
    assert browser.post(reverse("report-draw", args=[OCTOBER]) + "?language=fr").status_code == 404


def test_the_list_says_how_each_report_stands(browser: Client, october: ReportRevision) -> None:
    run_of(cases.report("RPT-07", "2026-09"), state="working", done=1, total=4)
    failed = cases.report("RPT-07", "2026-08")
    run_of(failed, state="failed", problem="report.database", finished_at=samples.DRAWN_AT)
    page = shown(browser.get(reverse("report-list")))
    assert page.index(OCTOBER) < page.index("RPT-07-2026-09") < page.index("RPT-07-2026-08")
    assert page.count("every 2s") == 1
    narrowed = shown(browser.get(reverse("report-list") + "?about_after=2026-09-15&about_before=2026-09-20"))
    assert "RPT-07-2026-09" in narrowed
    assert OCTOBER not in narrowed


def test_before_the_first_report_the_list_says_the_next_step(browser: Client, manager: User) -> None:
    assert 'class="empty"' in shown(browser.get(reverse("report-list")))
