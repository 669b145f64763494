"""`manage.py import_waybills` from files, and the demonstration's customers."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from customers import demo
from customers.models import Customer, Waybill, WaybillEvent
from organization import demo as organization
from servicecenter.models import TrailEntry
from tests import people
from tests.customers.test_services_waybills import LINE

pytestmark = pytest.mark.django_db


def run(*args: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_waybills", *args, stdout=out, stderr=err)
    except CommandError as problem:
        return out.getvalue(), f"{err.getvalue()}\n{problem}"
    return out.getvalue(), ""


@pytest.fixture
def csv_file(tmp_path: Path) -> Any:
    def write(*lines: dict[str, str], encoding: str = "utf-8-sig") -> Path:
        path = tmp_path / "waybills.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_file_of_any_usual_encoding_is_loaded(csv_file: Any, encoding: str) -> None:
    out, problem = run(
        str(csv_file({**LINE, "轨迹": "揽收", "轨迹时间": "2026-11-10 18:20"}, encoding=encoding))
    )
    assert problem == ""
    assert [line.split()[0] for line in out.splitlines()] == ["1", "0", "0", "0", "1"]
    assert Waybill.objects.get().goods == "五金件"


def test_a_spreadsheet_is_loaded_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(LINE))
    sheet.append([*LINE.values()])
    path = tmp_path / "waybills.xlsx"
    book.save(path)
    assert run(str(path))[1] == ""
    before = list(Waybill.objects.values())
    out, _problem = run(str(path))
    assert [line.split()[0] for line in out.splitlines()] == ["0", "0", "0", "1", "0"]
    assert list(Waybill.objects.values()) == before


def test_every_wrong_row_is_named_and_nothing_is_half_loaded(csv_file: Any) -> None:
    """3 bad rows in many are all named at once."""
    good = [{**LINE, "配送单号": str(86204500000 + n)} for n in range(200)]
    bad = [
        {**LINE, "配送单号": "86204417"},
        {**LINE, "件数": "x"},
        {**LINE, "配送单号": "86204417311", "品名": ""},
    ]
    _out, problem = run(str(csv_file(*good[:100], bad[0], *good[100:], *bad[1:])))
    assert "102" in problem
    assert "203" in problem
    assert "204" in problem
    assert "少 3 位" in problem or "3 digits" in problem
    assert not Waybill.objects.exists()
    assert not TrailEntry.objects.filter(code="waybill.imported").exists()


def test_a_dry_run_loads_nothing(csv_file: Any) -> None:
    out, problem = run(str(csv_file(LINE)), "--dry-run")
    assert (problem, out.split()[0]) == ("", "1")
    assert not Waybill.objects.exists()


def test_columns_of_other_names_are_mapped_and_the_loader_is_named(csv_file: Any) -> None:
    user = people.user("supervisor")
    line = {**LINE, "PO": "x"}
    line["Frachtbrief"] = line.pop("配送单号")
    out, problem = run(str(csv_file(line)), "--map", "Frachtbrief=number", "--by", user.work_number)
    assert problem == ""
    assert "PO" in out
    entry = TrailEntry.objects.get(code="waybill.imported")
    assert (entry.by, entry.via) == (user, "import")


@pytest.mark.parametrize(
    "args",
    [
        ("/nowhere/waybills.csv",),
        ("{file}", "--map", "nonsense"),
        ("{file}", "--map", "品名=cargo"),
        ("{file}", "--by", "99999"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(csv_file: Any, args: tuple[str, ...]) -> None:
    path = str(csv_file(LINE))
    _out, problem = run(*(path if arg == "{file}" else arg for arg in args))
    assert problem.strip()
    assert "Traceback" not in problem
    assert not Waybill.objects.exists()


def test_the_demonstration_has_its_customers_and_waybills_once() -> None:
    # a day in the second half of a month, when the manager has decided on the newest grades
    at = datetime(2026, 11, 19, 2, 42, tzinfo=UTC)
    organization.seed(at=at)
    demo.seed(at=at)
    assert (Customer.objects.count(), Waybill.objects.filter(is_stub=False).count()) == (60, 400)
    huamao = Customer.objects.get(name="杭州华茂五金有限公司")
    assert (huamao.tier, huamao.standing, huamao.account_manager.name) == ("A", "active", "赵敏")  # type: ignore[union-attr]
    known = Waybill.objects.get(number="86204417309")
    assert (known.consignor, known.cod_state, str(known.cod_amount)) == (huamao, "handed_in", "4860.00")
    assert not WaybillEvent.objects.filter(occurred_at__gt=at).exists()
    assert set(Customer.objects.values_list("standing", flat=True)) == {
        "prospect",
        "active",
        "dormant",
        "closed",
    }
    assert set(Customer.objects.values_list("difficult_mark", flat=True)) == {"none", "marked", "confirmed"}
    demo.seed(at=at)
    assert Customer.objects.count() == 60
