"""Papers of the stock: three-part paper for documents and transfers, A4 across for the books (INV-47, INV-64)."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pytest

from inventory import services
from servicecenter import trail
from tests.doors import client_of, shown
from tests.inventory.stores import AT, D, Stores, line, purchase, stocked, transfer

pytestmark = pytest.mark.django_db


def drawn(answer: Any, where: Path) -> tuple[str, str]:
    """(text, what pdfinfo says) of a PDF answer."""
    assert answer.status_code == 200
    file = where / "paper.pdf"
    file.write_bytes(io.BytesIO(b"".join(answer.streaming_content)).getvalue())
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True)
    info = subprocess.run(["pdfinfo", file], capture_output=True, check=True, text=True)
    return text.stdout, info.stdout


def test_a_document_lies_on_three_part_paper_with_total_and_signers(s: Stores, tmp_path: Path) -> None:
    made = purchase(s, line(s.wrench, 12, price=D("38")), line(s.grease, 48))
    text, info = drawn(client_of(s.keeper).get(f"/stock/documents/{made.number}.pdf"), tmp_path)
    assert "683.15 x 396 pts" in info or "683.1" in info, info
    for word in (made.number, s.wrench.code, "开口扳手", "60.000", "456.00", "苏敏"):
        assert word in text


def test_a_red_letter_says_so_and_names_its_original(s: Stores, tmp_path: Path) -> None:  # INV-26
    original = stocked(s, line(s.wrench, 5))
    red = services.draft_red(original=original, reason="arrived", by=s.accountant)
    text, _info = drawn(client_of(s.accountant).get(f"/stock/documents/{red.number}.pdf"), tmp_path)
    assert original.number in text
    assert "−5.000" in text


def test_the_delivery_note_names_goods_without_prices(s: Stores, tmp_path: Path) -> None:  # INV-47
    made = stocked(s, line(s.wrench, 5, price=D("38")))
    text, _info = drawn(client_of(s.keeper).get(f"/stock/documents/{made.number}/delivery.pdf"), tmp_path)
    assert s.wrench.code in text
    assert "38.00" not in text


def test_a_transfer_and_a_book_are_printed(s: Stores, tmp_path: Path) -> None:
    stocked(s, line(s.wrench, 5))
    made = transfer(s, (s.wrench, 3))
    browser = client_of(s.accountant)
    text, _info = drawn(browser.get(f"/stock/transfers/{made.number}.pdf"), tmp_path)
    assert "南坡现场完好品库" in text
    text, info = drawn(browser.get("/stock/on-hand.pdf"), tmp_path)
    assert "841.89 x 595.276 pts (A4)" in info
    assert "5.000" in text


@pytest.mark.parametrize(
    ("language", "heading", "month"),
    [
        ("zh-hans", "北坡现场·完好品库", "2026年11月"),
        ("zh-hant", "北坡现场·完好品库", "2026年11月"),
        ("en", "Negotiated transfers of the month", "November 2026"),
    ],
)
def test_the_months_negotiated_transfers_are_one_paper_for_the_planning_office(
    s: Stores, tmp_path: Path, language: str, heading: str, month: str
) -> None:
    """INV-43: the audited ones of the month with their consent, none of another kind, state or month."""
    stocked(s, line(s.wrench, 9))
    agreed = "两部经理同意,老吴与老江"
    chosen = transfer(s, (s.wrench, 2), target=s.far, kind="negotiated", remarks=agreed, by=s.planner)
    services.audit_transfer(transfer=chosen, by=s.planner, at=AT)
    saved = transfer(s, (s.wrench, 1), target=s.far, kind="negotiated", remarks=agreed, by=s.planner)
    within = services.audit_transfer(transfer=transfer(s, (s.wrench, 1)), by=s.accountant, at=AT)
    s.accountant.language = language
    s.accountant.save(update_fields=["language"])
    browser = client_of(s.accountant)
    sent = {"HTTP_ACCEPT_LANGUAGE": language}
    text, info = drawn(browser.post("/stock/transfers/negotiated/", {"month": "2026-11"}, **sent), tmp_path)
    assert "841.89 x 595.276 pts (A4)" in info
    for word in (chosen.number, agreed, s.wrench.code, "2.000", heading.partition("·")[0], month):
        assert word in text, word
    assert saved.number not in text
    assert within.number not in text
    told = [row.code for row in trail.entries_of(chosen)]
    assert told.count("transfer.batch_printed") == 1
    assert "transfer.batch_printed" not in [row.code for row in trail.entries_of(saved)]
    other, _info = drawn(browser.post("/stock/transfers/negotiated/", {"month": "2026-10"}, **sent), tmp_path)
    assert chosen.number not in other
    for month in ("2026-13", "9999-12", "0001-01", "1999-12"):
        assert browser.post("/stock/transfers/negotiated/", {"month": month}).status_code == 404


def test_the_month_is_printed_by_whoever_takes_lists_away(s: Stores) -> None:  # INV-43, PRV-04
    assert 'name="month" value="' in shown(client_of(s.accountant).get("/stock/transfers/"))
    assert 'name="month"' not in shown(client_of(s.keeper).get("/stock/transfers/"))
    assert client_of(s.keeper).post("/stock/transfers/negotiated/", {"month": "2026-11"}).status_code == 403
