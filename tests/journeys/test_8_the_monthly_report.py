"""Journey 8: the centre manager has last month's report made, follows a figure to its rows, takes the files away."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from reports.models import ReportRevision
from servicecenter.celery import app
from servicecenter.clock import now_db
from servicecenter.dates import today
from servicecenter.models import Notice
from tests import people
from tests.browser import overflow, screenshot
from tests.complaints.cases import Crew, register
from tests.faults.clocks import wait_for
from tests.faults.processes import Process, running


@pytest.fixture
def worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any, transactional_db: None
) -> Iterator[Process]:
    """A real worker of this test's database and files, told through a queue of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    queue = f"journey-{os.getpid()}"
    monkeypatch.setattr(app, "send_task", partial(app.send_task, queue=queue))
    command = [sys.executable, "-m", "celery", "--app", "servicecenter", "--quiet", "worker"]
    options = ["--concurrency", "1", "--loglevel", "info", "--queues", queue]
    made = Process(*command, *options, VAR_DIR=str(tmp_path))
    with running(made):
        # its start and the first page would be in each other's way
        made.says("ready.")
        yield made


def test_last_month_is_drawn_read_and_taken_away(
    at_work: Callable[..., Any], crew: Crew, worker: Process
) -> None:
    """RPT-07, RPT-25."""
    people.centre()
    last_month = now_db() - timedelta(days=today().day + 3)
    tickets = [register(crew.agent, at=last_month, text=f"第 {n} 件货没到。") for n in (1, 2, 3)]
    period = f"{tickets[0].registered_on:%Y-%m}"
    number = f"RPT-07-{period}"
    page = at_work(crew.manager)
    page.set_default_timeout(30_000)

    # nothing has been made yet: n asks which report, the last month that is over is chosen already
    page.goto("/reports/")
    expect(page.locator(".empty")).to_be_visible()
    page.keyboard.press("n")
    dialog = page.locator(".modal.show .dialog")
    expect(dialog.locator("#id_code")).to_have_value("RPT-07")
    expect(dialog.locator("#id_period")).to_have_value(f"RPT-07/{period}")
    dialog.locator("#id_code").press("Control+Enter")

    # a bar that is true, until the page stands by itself
    expect(page).to_have_url(re.compile(f"/reports/{number}/$"))
    tile = page.locator('[data-tile="complaints.registered"]')
    expect(tile.or_(page.locator("#progress progress")).first).to_be_visible()
    expect(tile.locator("b")).to_have_text("3", timeout=60_000)
    assert overflow(page) == 0
    screenshot(page, "report")
    revision = ReportRevision.objects.get()
    assert (revision.ordinal, revision.drawn_by) == (1, crew.manager)
    told = Notice.objects.filter(user=crew.manager, code="report.ready")
    wait_for(told.exists, 30, "the notice that it is ready")
    assert told.count() == 1

    # the figure leads to its rows, a row to its ticket
    tile.click()
    expect(page.locator("[data-list] tbody tr")).to_have_count(3)
    page.get_by_role("link", name=tickets[0].number).click()
    expect(page).to_have_url(re.compile(f"/complaints/{tickets[0].number}/"))

    # the paper, as it was kept
    page.goto(f"/reports/{number}/")
    page.locator(".acts .btn-primary").click()
    there = page.locator('.dropdown-menu.show a[href*="language=zh-hans"]').get_attribute("href")
    paper = page.request.get(there).body()
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True)
    for said in (number, "KPI-02", revision.sha256[:4], revision.trail_digest[:8]):
        assert said in done.stdout.decode(), said

    # and the spreadsheet, with the rows behind the figures
    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    found = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {ticket.number for ticket in tickets} <= found
