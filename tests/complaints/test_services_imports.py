"""CMP-01: contacts from files. Every bad row is named at once, nothing is half loaded, twice adds nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from complaints.management.commands.import_contacts import Command
from complaints.models import Category, Complaint, Contact, ServiceIncident
from complaints.queries.searching import search_rows
from complaints.queries.timeline import timeline
from complaints.services import imports
from customers.models import Waybill
from deadlines.models import Clock
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.complaints.cases import assert_sound

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


def test_history_of_many_unknown_waybills_takes_as_many_statements_as_of_few(tmp_path: Path) -> None:
    """WBL-08: stubs are made by the thousand, not one by one."""

    def asked(name: str, first: int, count: int) -> int:
        lines = "".join(f"shop,外卖,送餐太慢了,862{first + n:08}\n" for n in range(count))
        path = written(tmp_path, "source,product,text,waybill\n" + lines, name)
        plan = imports.plan(path)
        with CaptureQueriesContext(connection) as found:
            assert imports.load_history(plan, by=None).added == count
        return len(found)

    few, many = asked("few.csv", 0, 3), asked("many.csv", 1_000, 300)
    assert few == many
    assert Waybill.objects.filter(is_stub=True, source="import").count() == 303
    assert TrailEntry.objects.filter(code="waybill.stub").count() == 303


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


WITH_CALLERS = (
    "key,caller,telephone,waybill,product,source,at,text\n"
    "A,刘海涛,+86 139-0000-0421,8620 4417 309,洗发水,网店,2026-11-02,送货太晚了\n"
    "B,,0571-8899 6677,８６２０４４１７３１７,手机,门店,,态度很差还骂人\n"
)


@pytest.mark.parametrize("mode", ["history", "intake"])
@pytest.mark.parametrize("dry", [False, True])
def test_rows_with_a_bad_telephone_waybill_or_caller_are_named_at_once_in_every_mode(
    tmp_path: Path, mode: str, dry: bool
) -> None:
    """CMP-01: what registering would refuse is told before the first row is loaded."""
    by = people.user("supervisor")
    rows = ["刘海涛,13900000421,86204417309,送货太晚了"] * 9
    rows[1] = "刘海涛,1390000042,86204417309,送货太晚了"
    rows[4] = "刘海涛,13900000421,862044173099,送货太晚了"
    rows[7] = f"{'长' * 61},13900000421,86204417309,送货太晚了"
    path = written(tmp_path, "caller,telephone,waybill,text\n" + "\n".join(rows) + "\n")
    errors = StringIO()
    with pytest.raises(CommandError, match="3 rows are wrong; nothing was loaded"):
        call_command(
            *("import_contacts", str(path), "--as", mode, "--by", by.work_number),
            *(["--dry-run"] if dry else []),
            stdout=StringIO(),
            stderr=errors,
        )
    told = errors.getvalue().strip().splitlines()
    assert [line.split(" ", 3)[:3] for line in told] == [
        ["line", "3:", "telephone:"],
        ["line", "6:", "waybill:"],
        ["line", "9:", "caller"],
    ]
    assert "1 digits" in told[0]
    assert "1 digits" in told[1]
    assert told[2].endswith("caller has 61 characters, at most 60")
    assert Contact.objects.count() == Complaint.objects.count() == 0


def test_nothing_of_a_row_is_cut_off(tmp_path: Path) -> None:
    long = f"{'k' * 77},{'品' * 201},{'源' * 201},晚了"
    just = f"{'k' * 76},{'品' * 200},{'源' * 200},晚了"
    path = written(tmp_path, f"key,product,source,text\n{long}\n{just}\n")
    found = imports.plan(path)
    assert [(one.line, one.code, one.params["column"], one.params["limit"]) for one in found.problems] == [
        (2, "import.cell_long", "key", 76),
        (2, "import.cell_long", "product", 200),
        (2, "import.cell_long", "source", 200),
    ]
    path = written(tmp_path, "source,text\n坏\ufffd,晚了\n")
    assert [one.code for one in imports.plan(path).problems] == ["import.unreadable_cell"]


@pytest.mark.parametrize("mode", ["history", "intake"])
def test_number_waybill_product_and_source_are_kept_as_at_a_registration(tmp_path: Path, mode: str) -> None:
    """CMP-01, WBL-08, D11."""
    by = people.user("supervisor")
    path = written(tmp_path, WITH_CALLERS)
    run(path, "--as", mode, "--by", by.work_number)
    kept = ("caller_name", "caller_telephone", "waybill__number", "contact__caller_telephone")
    rows = list(Complaint.objects.order_by("id"))
    assert list(Complaint.objects.order_by("id").values_list(*kept, "contact__waybill__number")) == [
        ("刘海涛", "13900000421", "86204417309", "13900000421", "86204417309"),
        ("", "057188996677", "86204417317", "057188996677", "86204417317"),
    ]
    assert {row.waybill.is_stub for row in rows if row.waybill} == {True}
    assert [row.event.waybill_id for row in rows] == [row.waybill_id for row in rows]
    for words in ("洗发水", "86204417309", "13900000421"):
        assert [row.pk for row in search_rows(Complaint.objects.all(), words, user=by)] == [rows[0].pk], words
    code = {"history": "complaint.imported", "intake": "complaint.from_file"}[mode]
    told = TrailEntry.objects.filter(code=code).order_by("id")
    assert [entry.params for entry in told] == [
        {"line": 2, "source": "网店", "product": "洗发水", "dated": "2026-11-02"},
        {"line": 3, "source": "门店", "product": "手机"},
    ]
    course = timeline(complaint=rows[0], user=by).rows
    assert [one.detail for one in course if one.code == code] == ["2026-11-02 · 网店 · 洗发水"]
    assert run(path, "--as", mode, "--by", by.work_number).strip().endswith("0 rows loaded, 2 known before.")
    assert_sound()


def test_a_category_out_of_use_is_good_for_history_and_bad_for_what_begins(tmp_path: Path) -> None:
    """CMP-11."""
    Category.objects.filter(code="price").update(closed_on="2026-01-01")
    path = written(tmp_path, "category,text\nprice,价格涨了\n")
    assert imports.plan(path).problems == []
    assert [one.code for one in imports.plan(path, as_intake=True).problems] == ["import.category"]


def test_a_row_refused_while_loading_stops_with_what_is_loaded_and_the_same_command_goes_on(
    tmp_path: Path,
) -> None:
    """CMP-01: what the plan could not see, here a file loaded by somebody else meanwhile."""
    by = people.user("supervisor")
    path = written(tmp_path, "key,text\nA,送货太晚了\nB,态度很差\nC,货少了一件\n")
    plan = imports.plan(path, as_intake=True)
    run(written(tmp_path, "key,text\nB,态度很差\n", "other.csv"), "--as", "intake", "--by", by.work_number)
    with pytest.raises(imports.ImportStopped) as stopped:
        imports.load_intake(plan, by=by)
    assert (stopped.value.line, stopped.value.loaded.added) == (3, 1)
    with translation.override("en"):
        said = Command().stopped(stopped.value, 3)
    assert said.startswith(
        "line 3: A contact with this key was registered before: key:B.\n1 of 3 rows are loaded"
    )
    assert "1 rows loaded, 2 known before." in run(path, "--as", "intake", "--by", by.work_number)
    assert Complaint.objects.count() == 3
