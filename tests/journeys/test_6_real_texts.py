"""Journey 6: some hundreds of customers' texts are imported; desk, search, routing figures and clocks work on them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from playwright.sync_api import expect

from complaints.models import Category, Complaint, Contact, ServiceIncident
from deadlines.models import Clock
from tests.complaints.cases import Crew
from tests.journeys import sample

HISTORY, INTAKE = 340, 60


def load(path: Path, *options: str) -> str:
    """`manage.py import_contacts`; what it says. Raises CommandError."""
    said = io.StringIO()
    call_command("import_contacts", str(path), *options, stdout=said, stderr=said)
    return said.getvalue()


def refused(path: Path) -> list[str]:
    """The lines that the import names as bad."""
    errors = io.StringIO()
    with pytest.raises(CommandError, match="3 rows are wrong; nothing was loaded"):
        call_command("import_contacts", str(path), stdout=io.StringIO(), stderr=errors)
    return [line.split(":")[0] for line in errors.getvalue().strip().splitlines()]


def test_hundreds_of_texts_are_imported_once_and_the_pages_work_on_them(
    at_work: Callable[..., Any], crew: Crew, tmp_path: Path
) -> None:
    """CMP-01, CMP-10a to CMP-10k, CMP-11, CMP-50, D11."""
    made = sample.rows(HISTORY + INTAKE)
    assert crew.inspector

    # three bad rows of many are named at once, and nothing is half loaded
    bad = [*made]
    bad[6], bad[199], bad[391] = ["a", "外卖", ""], ["a", "外卖", "长" * 5001], ["a", "外卖", "坏\ufffd字"]
    assert refused(sample.write(tmp_path / "bad.csv", bad)) == ["line 8", "line 201", "line 393"]
    assert (Contact.objects.count(), Complaint.objects.count()) == (0, 0)

    # most as history, a part as intake; each twice, the second time adds nothing
    history = sample.write(tmp_path / "history.csv", made[:HISTORY])
    intake = sample.write(tmp_path / "intake.csv", made[HISTORY:])
    assert f"{HISTORY} rows loaded, 0 known before." in load(history)
    assert f"0 rows loaded, {HISTORY} known before." in load(history)
    assert (Clock.objects.count(), ServiceIncident.objects.count()) == (0, 0)
    by = ("--as", "intake", "--by", crew.supervisor.work_number)
    said = load(intake, *by)
    assert f"{INTAKE} rows loaded, 0 known before." in said
    assert f"0 rows loaded, {INTAKE} known before." in load(intake, *by)
    assert Complaint.objects.count() == HISTORY + INTAKE
    open_tickets = Complaint.objects.exclude(state="closed")
    assert open_tickets.count() == INTAKE
    assert ServiceIncident.objects.count() == 0
    figures = Counter(open_tickets.values_list("category__code", flat=True))
    with translation.override("en"):
        names = {row.code: str(row) for row in Category.objects.all()}
    assert figures["late_delivery"] >= 12
    for code, count in figures.items():
        assert f"{count:7}  {names[code]}\n" in said, "how many of each went where"
    routed = dict(open_tickets.values_list("category__code", "department__code").distinct())
    assert routed["attitude"] == routed["late_delivery"] == "inspection"
    assert routed["damage_shortage"] == "claims"

    # the desk counts them and their clocks run
    page = at_work(crew.supervisor)
    page.goto("/desk/?queue=all")
    expect(page.locator("[data-row]").first.locator(".sla")).to_contain_text(re.compile("^剩 "))
    expect(page.locator("#desk-counts")).to_contain_text(str(INTAKE))
    assert page.locator("[data-row] .sla.over").count() == 0

    # two-character words are found, in the open ones and in history
    page.goto("/search/?q=龙虾")
    expect(page.locator("#main")).to_contain_text("龙虾送来已经发臭")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.goto("/search/?q=货款")
    expect(page.locator("#main")).to_contain_text("代收的货款")
    expect(page.locator("#main")).not_to_contain_text("龙虾")
    page.goto("/search/?q=螃蟹")
    expect(page.locator("[data-row]")).to_have_count(0)

    # the list of one category holds that category alone
    page.goto("/complaints/?category=late_delivery")
    expect(page.locator("[data-row]").first).to_contain_text("送货晚点")
    expect(page.locator("[data-row]").filter(has_not_text="送货晚点")).to_have_count(0)

    # a ticket of the intake opens with its clocks and its words
    rare = Complaint.objects.get(text=sample.RARE)
    page.goto(f"/complaints/{rare.number}/")
    expect(page.locator(".quote")).to_have_text(sample.RARE)
    expect(page.locator(".clocks .sla").first).to_contain_text(re.compile("^剩 "))
