"""Each guard is taken away, and the test that holds it turns red (docs/faults.md)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.faults.counts import FULL
from tests.faults.mutations import DOCUMENT, MUTATIONS, ROOT, Mutation, document

TRIES = 3
names = pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)


def run(tests: list[str], report: Path, mutation: str = "") -> tuple[dict[str, str], str]:
    """Run tests in a pytest of their own, in short counts; what became of each, and what was said."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "FAULTS"))
    }
    environment["DATABASE_URL"] = environment.pop(
        "TEST_BASE_DATABASE_URL", environment.get("DATABASE_URL", "")
    )
    environment |= {"FAULTS_MUTATION": mutation, "FAULTS_REPORT": str(report)}
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-x", "-p", "tests.faults.mutate", *tests]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )
    assert report.exists(), done.stdout[-3000:]
    return json.loads(report.read_text()), done.stdout


@names
def test_the_guard_stands_where_the_table_says(mutation: Mutation) -> None:
    """Words that are not there, or there twice, would take away nothing or too much."""
    path, _, test = mutation.test.partition("::")
    source = (ROOT / path).read_text()
    assert not test or f"def {test.partition('[')[0]}(" in source
    assert mutation.edits or mutation.sql
    for place, old, new in mutation.edits:
        assert (ROOT / place).read_text().count(old) == 1
        assert old != new


@pytest.mark.django_db
def test_every_guard_of_the_database_can_be_taken_away() -> None:
    for mutation in MUTATIONS:
        if mutation.sql:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(mutation.sql)
                transaction.set_rollback(True)


def test_names_are_told_apart_and_the_document_has_the_table() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)
    assert all(re.fullmatch(r"[a-z-]+", mutation.name) for mutation in MUTATIONS)
    text = DOCUMENT.read_text()
    assert document(text) == text, "python -m tests.faults.mutations writes it"


if FULL:

    def test_with_every_guard_in_place_they_are_green(tmp_path: Path) -> None:
        tests = sorted({mutation.test for mutation in MUTATIONS})
        outcomes, said = run(tests, tmp_path / "report.json")
        assert set(outcomes.values()) == {"call passed"}, said[-5000:]

    @names
    def test_without_the_guard_its_test_turns_red(mutation: Mutation, tmp_path: Path) -> None:
        """A race may be won by luck: three tries."""
        for _try in range(TRIES):
            outcomes, said = run([mutation.test], tmp_path / "report.json", mutation.name)
            if "call failed" in outcomes.values():
                return
            assert set(outcomes.values()) == {"call passed"}, said[-5000:]
        pytest.fail(f"nothing turns red without {mutation.name}: {mutation.holds}")
