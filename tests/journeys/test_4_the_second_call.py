"""Journey 4: the same customer calls again about the same waybill; a second complaint is a service incident."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from playwright.sync_api import expect

from complaints.models import Complaint, ServiceIncident
from conduct.models import MeritDisqualification, Sanction
from servicecenter.clock import now_db
from servicecenter.models import Notice
from tests import people
from tests.complaints.cases import TELEPHONE, Crew, against_east


def call(page: Any, *, category: str = "late_delivery") -> None:
    """What the agent types while the customer speaks."""
    page.goto("/intake/")
    expect(page.locator("#id_telephone")).to_be_focused()
    page.keyboard.type(TELEPHONE)
    page.locator("#id_waybill").fill("8620 4417 309")
    page.locator("#id_party_role").select_option("consignor")
    # before any category is chosen, a mere chase is offered
    expect(page.locator("#intake-side a[href*='/chase/']")).to_have_count(1)
    page.locator("#id_category").select_option(category)


def written_by() -> set[str]:
    """The transactions that wrote the second ticket, the incident and what follows from it."""
    written = (
        "complaints_complaint WHERE sequence = 2",
        "complaints_serviceincident",
        "conduct_sanction",
        "conduct_meritdisqualification",
        "servicecenter_notice WHERE code = 'complaint.second_complaint'",
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT xmin::text FROM {rows}" for rows in written))
        return {xmin for (xmin,) in cursor.fetchall()}


def test_the_earlier_ticket_is_shown_a_chase_offered_and_a_second_complaint_has_its_consequences_at_once(
    at_work: Callable[..., Any], crew: Crew
) -> None:
    """CMP-06, CMP-09, CMP-40 to CMP-44, SAN-09, SAN-11, SAN-19."""
    told = {crew.enterprise, crew.manager, crew.leader}
    driver = people.employee("branch_east", name="杨勇")
    first = against_east(crew.agent, at=now_db() - timedelta(hours=5), respondent_employee_id=driver.pk)
    assert not Notice.objects.filter(user__in=told).exists()
    assert crew.west
    page = at_work(crew.other)

    # the earlier ticket stands there before anything is saved; a mere chase is a chase
    call(page)
    side = page.locator("#intake-side")
    expect(side.locator(".banner.red")).to_contain_text("同一客户、同一配送单，已有一张投诉单")
    expect(side).to_contain_text(first.number)
    expect(page.locator("#intake-buttons .btn-primary")).to_contain_text("保存为二次投诉")
    side.locator(f'a[href^="/complaints/{first.number}/chase/"]').click()
    page.locator(".modal.show #id_answer").fill("已告知：城东分公司正在查，今天 18:00 前回复。")
    page.locator('.modal.show button[type="submit"]').click()
    expect(page).to_have_url(re.compile(r"/desk/"))
    assert Complaint.objects.count() == 1
    assert first.chases.get().answer.startswith("已告知")
    assert ServiceIncident.objects.count() == 0

    # he complains again: what was typed for the chase is done with; saved as a complaint it is the second
    call(page)
    expect(page.locator("#id_telephone")).to_have_value(TELEPHONE)
    expect(page.locator("#intake-form .banner")).to_have_count(0)
    page.locator("#id_text").fill("昨天说今天送，还是没送到，没人管。")
    expect(side).to_contain_text(re.compile(r"城东分公司：处罚建议，取消 20\d\d-\d\d 评先"))
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/complaints/TS\d{6}-\d+/$"))

    # one transaction: ticket, incident, who is told, what is proposed, what is lost
    incident = ServiceIncident.objects.get()
    second = Complaint.objects.get(sequence=2)
    assert len(written_by()) == 1
    assert (incident.kind, incident.state) == ("second_complaint", "confirmed")
    assert set(incident.complaints.all()) == {first, second}
    assert second.rank == 0
    assert {row.user for row in Notice.objects.filter(code="complaint.second_complaint")} == told
    month = incident.month
    for model in (Sanction, MeritDisqualification):
        rows = model._default_manager.values_list("target_department__code", "target_employee__name", "month")
        assert sorted(rows, key=str) == [("branch_east", None, month), (None, "杨勇", month)], model.__name__
    assert {row.state for row in Sanction.objects.all()} == {"proposed"}
    assert not Notice.objects.filter(user=crew.west).exists()

    # everybody sees it where they work
    banner = page.locator(".banner.red")
    expect(banner).to_contain_text(incident.number)
    expect(banner).to_contain_text(first.number)
    expect(banner).to_contain_text("已通知 3 人，0 人已读")
    expect(page.locator(".head h1")).to_contain_text("二次投诉")
    enterprise = at_work(crew.enterprise)
    enterprise.goto("/notices/")
    enterprise.locator("[data-row] button", has_text=second.number).click()
    expect(enterprise.locator("#main")).to_contain_text(incident.number)
    inspector = at_work(crew.inspector)
    inspector.goto("/sanctions/")
    expect(inspector.locator("[data-row]")).to_have_count(2)
    expect(inspector.locator("tbody")).to_contain_text("杨勇")
    inspector.goto("/merit/")
    expect(inspector.locator("#main")).to_contain_text("城东分公司")
    expect(inspector.locator("#main")).not_to_contain_text("城西分公司")

    # on the first ticket the banner points at no other as the first
    page.goto(f"/complaints/{first.number}/")
    expect(banner).to_contain_text(incident.number)
    expect(banner).not_to_contain_text(second.number)
