"""Journey 3: the handler's statement re-bases the 24 hours; the agent answers, resolves, writes, calls; it closes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from deadlines.models import Clock
from servicecenter.clock import now_db
from servicecenter.models import TrailEntry
from tests import people
from tests.complaints.cases import Crew, against_east, clock, handover

CAUSE = "司机杨勇当日漏装第 3 箱，晚班才发现，未及时联系客户。"


def lines(pk: int) -> list[str]:
    """The codes of the ticket's history, first to last."""
    rows = TrailEntry.objects.filter(kind="complaints.complaint", object_id=pk).order_by("id")
    return list(rows.values_list("code", flat=True))


def send(page: Any) -> None:
    """Press the dialog's button; the ticket opens anew when the act is done."""
    with page.expect_navigation():
        page.locator('.modal.show button[type="submit"]').click()


def test_statement_answer_result_notice_and_follow_up_close_the_ticket(
    at_work: Callable[..., Any], crew: Crew
) -> None:
    """CMP-20 to CMP-25, CMP-27, CMP-35."""
    assert crew.inspector
    driver = people.employee("branch_east", name="杨勇")
    row = against_east(crew.agent, at=now_db() - timedelta(hours=2))
    assert clock(row, "resolution").due_at == row.registered_at + timedelta(hours=24)

    # inspection, to which the category sends it, answers too: an answer names nobody (CMP-35b)
    inspection = at_work(crew.inspector)
    inspection.goto("/inbox/")
    inspection.locator(".list .item").click()
    inspection.locator(".read #id_text").fill("情况属实。")
    inspection.locator(".read form .btn-primary").click()
    expect(inspection.locator(".toast-w")).to_be_visible()
    assert handover(row, "inspection").statements.get().employee is None

    # the handler finds it and hands in the statement: 24 hours from its arrival, not the 22 that were left (CMP-22)
    branch = at_work(crew.handler)
    branch.goto("/inbox/")
    expect(branch.locator(".list .item")).to_have_count(1)
    branch.locator(".list .item").click()
    expect(branch.locator(".read")).to_contain_text(row.text)
    branch.locator("#id_employee").fill("yy")
    branch.locator(f'.people input[value="{driver.work_number}"]').check()
    branch.locator(".read #id_text").fill(CAUSE)
    branch.locator(".read form .btn-primary").click()
    expect(branch.locator(".toast-w")).to_be_visible()
    statement = handover(row, "branch_east").statements.get()
    assert (statement.text, statement.employee, statement.is_late) == (CAUSE, driver, False)
    assert clock(row, "statement").state == "met"
    assert clock(row, "resolution").due_at == statement.handed_in_at + timedelta(hours=24)
    assert lines(row.pk).count("clock.rebased") == 1
    branch.goto("/inbox/")
    expect(branch.locator("#main")).to_contain_text("没有等您处理的")
    assert handover(row, "branch_east").state == "answered"

    # the agent answers …
    desk = at_work(crew.agent)
    desk.goto(f"/complaints/{row.number}/")
    expect(desk.locator(".head h1")).to_contain_text("已答复")
    expect(desk.locator(".clocks .sla").filter(has_text=re.compile(r"剩 23 时 5\d 分"))).to_have_count(1)
    desk.locator("#write input[value=reply]").check()
    desk.locator("#write textarea").fill("已致电致歉，今天 18:00 前补送第 3 箱。")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".tl")).to_contain_text("今天 18:00 前补送")

    # … records what was found …
    desk.locator('.acts a[href$="/finding/"]').click()
    expect(desk.locator(".stack")).to_contain_text(CAUSE)
    desk.locator("#id_founded_0").check()
    desk.locator("#id_text").fill("属实：漏装。")
    expect(desk.locator("#id_department")).to_have_value("branch_east")
    desk.keyboard.press("Control+Enter")
    expect(desk).to_have_url(re.compile(rf"/complaints/{row.number}/$"))

    # … resolves, and tells the customer in writing
    desk.locator('.acts a[href$="/resolve/"]').click()
    desk.locator(".modal.show #id_resolution").fill("第 3 箱已补送，客户签收无异议。")
    send(desk)
    row.refresh_from_db()
    assert row.state == "resolved"
    assert clock(row, "resolution").state == "met"
    desk.goto(f"/complaints/{row.number}/notify/")
    expect(desk.locator("#id_text")).to_have_value(re.compile("第 3 箱已补送"))
    desk.locator("#id_text").focus()
    desk.keyboard.press("Control+Enter")
    expect(desk).to_have_url(re.compile("tab=statements"))
    notice = row.written_notices.get()
    printed = desk.request.get(f"/notices/{notice.document_number}.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=printed.body(), capture_output=True, check=True
    ).stdout.decode()
    assert notice.document_number in text
    assert "第 3 箱已补送" in text
    assert CAUSE not in text, "the branch's own words stay inside"

    # the follow-up is recorded and the ticket closes
    desk.locator('.acts a[href$="/follow-up/"]').click()
    desk.locator(".modal.show label", has_text="满意").first.click()
    send(desk)
    expect(desk.locator(".head h1")).to_contain_text("已结案")
    row.refresh_from_db()
    assert (row.state, row.close_mark, row.round) == ("closed", "satisfied", 1)
    assert row.closed_at is not None
    assert not Clock.objects.filter(subject_id=row.pk, ended_at=None).exists()
    assert [code for code in lines(row.pk) if code.startswith("clock.")] == ["clock.rebased"]
    desk.goto("/desk/?queue=all")
    expect(desk.locator("[data-row]")).to_have_count(0)
