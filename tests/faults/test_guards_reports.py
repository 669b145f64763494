"""The guards of reports that no attack of their app meets alone: a row that nothing but the guard stands against."""

from __future__ import annotations

import pytest

from tests.faults.forging import refuse_emptying, refuse_row, refuse_twin

REPORT, REVISION, RUN = "reports_report", "reports_reportrevision", "reports_reportrun"
TWINS = [
    ("reports_report_number_key", REPORT, {}),
    ("report_once_a_period", REPORT, {}),
    ("revision_once", REVISION, {}),
    ("run_one_open", RUN, {"state": "'waiting'"}),
    ("reports_reportrun_public_id_key", RUN, {}),
    ("reports_reportrun_revision_id_key", RUN, {"revision_id": "1"}),
    ("report_paper_once", "servicecenter_issueddocument", {"kind": "'reports.reportrevision'"}),
]
CONTRADICTIONS = [
    ("report_period", REPORT, {"start": "'2026-11-02'"}),
    ("report_codes", REPORT, {}),
    ("report_kinds", REPORT, {}),
    ("revision_from_one", REVISION, {"ordinal": "0"}),
    ("revision_bases", REVISION, {}),
    ("revision_as_of", REVISION, {"as_of": "'2026-11-18 02:08:00+00'"}),
    ("run_states", RUN, {}),
    ("run_steps", RUN, {}),
    ("run_progress", RUN, {"done": "2", "total": "1"}),
    ("run_done", RUN, {"state": "'done'"}),
]
EMPTIED = [("report_no_truncate", REPORT), ("revision_no_truncate", REVISION), ("run_no_truncate", RUN)]


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table", "columns"), TWINS, ids=[row[0] for row in TWINS])
def test_a_twin_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_twin(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "table", "columns"), CONTRADICTIONS, ids=[row[0] for row in CONTRADICTIONS]
)
def test_a_row_that_contradicts_itself_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_row(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table"), EMPTIED, ids=[row[0] for row in EMPTIED])
def test_a_table_is_never_emptied(guard: str, table: str) -> None:
    refuse_emptying(guard, table)
