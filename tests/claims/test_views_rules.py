"""Rules are drawn up as a table, checked on the page, and published by a second person (LR-30 to LR-32)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims.models import RuleSetVersion
from tests.claims.cases import Crew

pytestmark = pytest.mark.django_db


def as_user(user: Any) -> Client:
    """Logged in as somebody."""
    client = Client()
    client.force_login(user)
    return client


def fields(answer: Any) -> dict[str, Any]:
    """What the page's forms would send as they are."""
    form, rows = answer.context["form"], answer.context["rows"]
    found = {"valid_from": form["valid_from"].value(), "note": "", "switches": form["switches"].value()}
    found |= {f"{rows.prefix}-{name}": value for name, value in rows.management_form.initial.items()}
    for one in rows.forms:
        for field in one:
            value = field.value()
            found[field.html_name] = "" if value is None or value is False else value
    return found


def test_a_version_is_copied_changed_checked_and_published_by_another_person() -> None:
    crew = Crew()
    author, second = as_user(crew.adjuster), as_user(crew.manager)
    made = author.post(
        "/claims/rules/2026-1/new/", {"code": "2027-1", "valid_from": "2027-01-01", "note": "试行"}
    )
    assert made.status_code == 302
    page = author.get("/claims/rules/2027-1/edit/")
    sent = fields(page)
    place = next(n for n in range(30) if sent.get(f"rows-{n}-id") == "LR-12")

    # what cannot be read, and what does not add up, stands on the page; the draft stays as it was
    wrong = author.post("/claims/rules/2027-1/edit/", {**sent, f"rows-{place}-shares": "driver"})
    assert wrong.status_code == 422 and wrong.context["rows"].forms[place].errors["shares"]
    wrong = author.post(
        "/claims/rules/2027-1/edit/", {**sent, f"rows-{place}-shares": "driver 3/10\nloader 3/10"}
    )
    assert wrong.status_code == 422 and "LR-12" in wrong.content.decode()
    assert RuleSetVersion.objects.get(code="2027-1").data["rows"][11]["shares"]["loader"] == "7/10"

    fined = next(n for n in range(30) if sent.get(f"rows-{n}-id") == "LR-11")
    sent[f"rows-{fined}-fines"] = "driver 5-20\nloader 5-20"
    assert author.post("/claims/rules/2027-1/edit/", sent).status_code == 302
    seen = author.get("/claims/rules/2027-1/")
    report = seen.context["report"]
    assert report.is_sound and report.changes and report.former == "2026-1"
    assert not seen.context["may_publish"]

    gaps = [gap.code for gap in report.gaps]
    lacking = second.post("/claims/rules/2027-1/publish/", {"acknowledged": gaps[:-1]})
    assert lacking.status_code == 422 and gaps[-1] in lacking.content.decode()
    assert second.post("/claims/rules/2027-1/publish/", {"acknowledged": gaps}).status_code == 302
    version = RuleSetVersion.objects.get(code="2027-1")
    assert (version.state, version.published_by) == ("published", crew.manager)
    assert author.get("/claims/rules/2027-1/edit/").status_code == 409, "what is published does not change"


def test_a_golden_case_decided_otherwise_stands_in_the_check_and_stops_the_publishing() -> None:
    crew = Crew()
    author = as_user(crew.adjuster)
    author.post("/claims/rules/2026-1/new/", {"code": "2027-1", "valid_from": "2027-01-01"})
    sent = fields(author.get("/claims/rules/2027-1/edit/"))
    place = next(n for n in range(30) if sent.get(f"rows-{n}-id") == "LR-03b")
    sent[f"rows-{place}-DELETE"] = "on"
    author.post("/claims/rules/2027-1/edit/", sent)
    report = author.get("/claims/rules/2027-1/").context["report"]
    assert report.broken_cases and not report.is_sound
    gaps = [gap.code for gap in report.gaps]
    answer = as_user(crew.manager).post("/claims/rules/2027-1/publish/", {"acknowledged": gaps})
    assert answer.status_code == 422
    assert RuleSetVersion.objects.get(code="2027-1").state == "draft"


def test_a_version_reads_in_words_codes_stand_small_behind_them() -> None:
    """LR-23, LR-30: the reason before its code, a head of its own for number and wording."""
    browser = as_user(Crew().adjuster)
    browser.post("/language/", {"language": "en"})
    page = browser.get("/claims/rules/2026-1/").content.decode()
    assert '<span class="strong">Damage that no rule covers</span>' in page
    assert '<span class="faint t-xs gap-code">DAMAGE_NO_RULE</span>' in page
    assert "<th>Rule no.</th><th>Wording of the rule</th>" in page
    assert "Division of liability at the hand-over of goods" in page
    assert "货物交接的相关责任划分" not in page


def test_the_note_somebody_typed_stands_as_it_was_typed() -> None:
    author = as_user(Crew().adjuster)
    author.post("/claims/rules/2026-1/new/", {"code": "2027-1", "valid_from": "2027-01-01", "note": "试行"})
    assert "试行" in author.get("/claims/rules/2027-1/").content.decode()
