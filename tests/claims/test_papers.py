"""The papers of a claim, read as anybody who holds them reads them (CLM-07, CLM-09, CLM-16, MON-04)."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from claims import services
from claims.models import Voucher
from servicecenter import pdf
from servicecenter.models import IssuedDocument
from tests.claims import cases
from tests.claims.cases import Crew
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def read(document: Any) -> str:
    """The text of a PDF, spaces run together."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf.read(document), capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


@pytest.fixture
def voucher(crew: Crew) -> Voucher:
    """A voucher of a claim whose liability is determined in thirds, with a fine beside it."""
    claim = cases.investigated(crew)
    services.determine(claim=claim, by=crew.adjuster, at=cases.AT)
    return cases.issued(crew, claim=cases.fresh(claim))


INSIDE = ("1/3", "560.11", "560.10", "马强", "LR-", "责任", "装卸工", "司机", "罚", "Liab", "Share", "Fine")


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_customers_part_never_says_who_bears_it(crew: Crew, voucher: Voucher, language: str) -> None:
    """CLM-07, CLM-09, MON-04."""
    if language != voucher.language:
        voucher = services.reissue_voucher(
            voucher=voucher, reason="换语言", language=language, by=crew.manager, at=cases.AT
        )
    assert voucher.document is not None
    text = read(voucher.document)
    capitals = "人民幣壹仟陸佰捌拾元零參角貳分" if language == "zh-hant" else "人民币壹仟陆佰捌拾元零叁角贰分"
    for said in (voucher.number, "黄立新", "2416", capitals, "¥1,680.32", "8620 4398 117"):
        assert said in text, said
    for inside in INSIDE:
        assert inside not in text, inside


def test_the_stub_is_a_file_of_its_own_with_the_split(crew: Crew, voucher: Voucher) -> None:
    """CLM-07."""
    stub = services.issue_stub(voucher=voucher, by=crew.adjuster, at=cases.AT)
    text = read(stub)
    for said in (voucher.number, "LR-03b", "LR-02", "马强", "周建国", "1/3", "¥560.11", "¥560.10", "¥100.00"):
        assert said in text, said
    assert stub.pk != voucher.document_id
    cashier = client_of(crew.cashier)
    assert cashier.get(f"/vouchers/{voucher.number}.pdf").status_code == 200
    assert cashier.get(f"/vouchers/{voucher.number}/stub.pdf").status_code == 403


def test_a_reprint_says_that_it_is_one_and_the_original_stays(crew: Crew, voucher: Voucher) -> None:
    """CLM-09: 补打 n."""
    assert voucher.document is not None
    before = pdf.read(voucher.document)
    browser = client_of(crew.adjuster)
    assert browser.post(f"/vouchers/{voucher.number}/reprint/", {"reason": ""}).status_code == 422
    there = browser.post(f"/vouchers/{voucher.number}/reprint/", {"reason": "卡纸"})["Location"]
    assert there == f"/vouchers/{voucher.number}.pdf?copy=1"
    (copy,) = voucher.document.copies.all()
    assert "补打 1" in read(copy)
    assert "补打" not in read(voucher.document)
    assert pdf.read(voucher.document) == before
    assert b"".join(browser.get(f"/vouchers/{voucher.number}.pdf?copy=²").streaming_content) == before  # type: ignore[attr-defined]
    assert browser.get(f"/vouchers/{voucher.number}.pdf?copy=2").status_code == 404


@pytest.mark.parametrize("days", ["9" * 25, "-1", "366", "²"])
def test_what_is_no_number_of_days_of_a_year_finds_no_voucher(
    crew: Crew, voucher: Voucher, days: str
) -> None:
    page = client_of(crew.adjuster).get("/vouchers/", {"expiring": days})
    assert page.status_code == 200
    assert voucher.number not in page.content.decode()


def test_the_handling_opinion_has_cause_payout_split_and_facts(crew: Crew, voucher: Voucher) -> None:
    """CLM-16."""
    drawn = services.draw_up_opinion(
        claim=voucher.claim, cause="到站清点少 2 件。", measures="逐件点数。", by=crew.adjuster, at=cases.AT
    )
    services.approve_opinion(opinion=drawn, by=crew.manager, at=cases.AT)
    document = IssuedDocument.objects.get(code="claims.opinion")
    text = read(document)
    for said in ("到站清点少 2 件。", "LR-03b", "马强", "1/3", "¥560.11", "¥1,680.32", "何静", "周启明"):
        assert said in text, said
    number = voucher.claim.number
    assert client_of(crew.supervisor).get(f"/claims/{number}/opinion.pdf").status_code == 200
    assert client_of(crew.agent).get(f"/claims/{number}/opinion.pdf").status_code == 403
