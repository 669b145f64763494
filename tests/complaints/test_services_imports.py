"""CMP-01: contacts from files. Every bad row is named at once, nothing is half loaded, twice adds nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from complaints.models import Complaint, Contact, ServiceIncident
from complaints.services import imports
from deadlines.models import Clock
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people

pytestmark = pytest.mark.django_db

GOOD = (
    "source,product,text\n"
    "shop,外卖,送餐太慢了等了两个小时\n"
    "shop,手机,态度很差还骂人\n"
    "shop,外卖,送餐太慢了等了两个小时\n"
)


def written(tmp_path: Path, text: str, name: str = "contacts.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_contacts", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture(autouse=True)
def centre() -> None:
    people.centre()


def test_history_is_closed_and_brings_neither_clocks_nor_service_incidents(tmp_path: Path) -> None:
    run(written(tmp_path, GOOD))
    assert list(
        Complaint.objects.order_by("id").values_list("state", "origin", "close_mark", "category__code")
    ) == [
        ("closed", "history", "history", "late_delivery"),
        ("closed", "history", "history", "attitude"),
        ("closed", "history", "history", "late_delivery"),
    ]
    assert Clock.objects.count() == 0
    assert ServiceIncident.objects.count() == 0
    assert TrailEntry.objects.filter(code="complaint.imported").count() == 3


def test_imported_twice_adds_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    run(path)
    assert run(path).strip().endswith("0 rows loaded, 3 known before.")
    assert Contact.objects.count() == 3


def test_all_bad_rows_are_named_at_once_and_nothing_is_loaded(tmp_path: Path) -> None:
    rows = ["shop,外卖,太慢了"] * 50
    rows[6], rows[19], rows[40] = "shop,外卖,", f"shop,外卖,{'长' * 5001}", "shop,外卖,坏\ufffd字"
    path = written(tmp_path, "source,product,text\n" + "\n".join(rows) + "\n")
    found = imports.plan(path)
    assert [(problem.line, problem.code) for problem in found.problems] == [
        (8, "import.no_text"),
        (21, "import.text_too_long"),
        (42, "import.unreadable"),
    ]
    errors = StringIO()
    with pytest.raises(CommandError, match="3 rows are wrong; nothing was loaded"):
        call_command("import_contacts", str(path), stdout=StringIO(), stderr=errors)
    assert [line.split(":")[0] for line in errors.getvalue().strip().splitlines()] == [
        "line 8",
        "line 21",
        "line 42",
    ]
    assert Contact.objects.count() == 0
    with pytest.raises(RuleBroken, match=r"import\.refused"):
        imports.load_history(found, by=None)


def test_a_dry_run_loads_nothing(tmp_path: Path) -> None:
    assert run(written(tmp_path, GOOD), "--dry-run").strip() == "3 rows would be loaded, 0 are known already."
    assert Contact.objects.count() == 0


def test_intake_is_registered_for_real_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    agent = people.user("supervisor")
    path = written(tmp_path, GOOD)
    run(path, "--as", "intake", "--by", agent.work_number, "--limit", "1")
    first = Complaint.objects.get()
    assert (first.state, first.channel, first.owner_id) == ("routed", "import", agent.pk)
    assert first.clock_id is not None
    run(path, "--as", "intake", "--by", agent.work_number)
    assert Complaint.objects.count() == 3
    assert ServiceIncident.objects.count() == 0


def test_intake_needs_somebody_who_owns_the_tickets(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="somebody must own the tickets"):
        run(written(tmp_path, GOOD), "--as", "intake")
    assert Contact.objects.count() == 0


def test_columns_are_mapped_and_a_missing_one_is_told_with_what_the_file_has(tmp_path: Path) -> None:
    path = written(tmp_path, "编号,内容\nA-1,送货太晚\n")
    with pytest.raises(CommandError, match=r"Columns are missing: text\. The file has: 编号, 内容\."):
        run(path)
    run(path, "--map", "text=内容", "--map", "key=编号")
    assert Contact.objects.get().external_key == "key:A-1"


def test_a_key_that_stands_twice_is_told_with_its_first_line(tmp_path: Path) -> None:
    found = imports.plan(written(tmp_path, "key,text\nA,送货太晚\nA,货少了一件\n"))
    assert [(problem.line, problem.code, problem.params["first"]) for problem in found.problems] == [
        (3, "import.key_twice", 2)
    ]
