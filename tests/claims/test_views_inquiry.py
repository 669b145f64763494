"""Questions to departments, account sheets, settlements and exports as people use them (CLM-03, CLM-12, CLM-21)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims import services
from claims.models import EvidenceRequest, OwnSettlement
from servicecenter.models import TrailEntry
from tests import people
from tests.claims import cases
from tests.claims.cases import AT, Crew, after

pytestmark = pytest.mark.django_db


def as_user(user: Any) -> Client:
    """Logged in as somebody."""
    client = Client()
    client.force_login(user)
    return client


def test_a_department_answers_on_its_own_page() -> None:
    crew = Crew()
    claim = cases.opened(crew)
    adjuster = as_user(crew.adjuster)
    said = {
        "department": "operations",
        "text": "请交上车记录单。",
        "fact": "driver_record",
        "version": claim.version,
    }
    assert adjuster.post(f"/claims/{claim.number}/ask-evidence/", said).status_code == 302
    row = EvidenceRequest.objects.get()
    handler = as_user(people.user("handler", department="operations"))
    page = handler.get("/claims/asked/")
    assert [one.pk for one in page.context["asked"].waiting] == [row.pk]
    assert handler.post(f"/claims/asked/{row.pk}/", {"answer": ""}).status_code == 422
    assert handler.post(f"/claims/asked/{row.pk}/", {"answer": "见附件。"}).status_code == 302
    page = handler.get("/claims/asked/")
    assert not page.context["asked"].waiting and page.context["asked"].answered[0].answer == "见附件。"
    shown = adjuster.get(f"/claims/{claim.number}/").content.decode()
    assert "见附件。" in shown


def test_an_account_sheet_is_shown_and_printed() -> None:
    crew = Crew()
    made = cases.determined(crew)
    cases.approved(crew, "300.00", claim=cases.fresh(made.claim))
    services.make_final(claim=made.claim, by=crew.adjuster, at=after(days=7))
    adjuster = as_user(crew.adjuster)
    rows = adjuster.get("/claims/accounts/").context["accounts"]
    assert {str(row.open) for row in rows} == {"100.00"} and len(rows) == 3
    party = {"party": f"employee:{crew.driver.pk}"}
    assert "周建国" in adjuster.get("/claims/accounts/sheet/", party).content.decode()
    printed = adjuster.get("/claims/accounts/sheet.pdf", party)
    assert b"".join(printed.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
    assert as_user(crew.cashier).get("/claims/accounts/").status_code == 403


def test_a_settlement_without_a_claim_is_recorded_on_its_page() -> None:
    crew = Crew()
    cases.waybill()
    client = as_user(crew.adjuster)
    said = {
        "settled_on": "2026-11-17", "settled_by": "branch", "department": "branch_east", "waybill": cases.WAYBILL,
        "amount": "￥1，20", "agreed_by": "城东经理",
    }  # fmt: skip
    assert client.post("/claims/settlements/new/", {**said, "waybill": "1"}).status_code == 422
    assert client.post("/claims/settlements/new/", {**said, "amount": "120"}).status_code == 302
    made = OwnSettlement.objects.get()
    assert (made.waybill.number, str(made.amount)) == (cases.WAYBILL, "120.00")
    assert "城东经理" in client.get("/claims/settlements/").content.decode()


def test_lists_are_taken_away_as_files_and_logged() -> None:
    """PRV-04: the liability for those who may see it."""
    crew = Crew()
    claim = cases.opened(crew, at=AT)
    answer = as_user(crew.adjuster).post("/claims/export/?queue=all", {"form": "csv"})
    told = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    assert claim.number in told and cases.PAYEE in told
    assert TrailEntry.objects.filter(code="export", by=crew.adjuster).exists()
    assert as_user(crew.agent).post("/claims/export/").status_code == 403
    book = as_user(crew.manager).post("/vouchers/export/", {"form": "xlsx"})
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[arg-type]
