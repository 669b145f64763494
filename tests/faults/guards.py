"""The database's own guards: which there are, and which test turns red without each (docs/faults.md).

`python -m tests.faults.guards` finds it out: it runs the tests that attack the database, notes which guard refused
what, takes that guard away and runs the test again. What it finds is kept in guards.tsv beside this file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("guards.tsv")
APPS = (
    "reports",
    "claims",
    "inventory",
    "complaints",
    "customers",
    "conduct",
    "deadlines",
    "organization",
    "servicecenter",
)
ATTACKS = (*(f"tests/{app}/test_constraints*.py" for app in APPS), "tests/faults/test_guards*.py")

CATALOGUE = """
SELECT t.tgname, t.tgrelid::regclass::text, 'trigger', p.proname,
       format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
UNION ALL
SELECT c.conname, c.conrelid::regclass::text,
       CASE c.contype WHEN 'x' THEN 'exclusion' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' ELSE 'check' END, '',
       format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', c.conrelid::regclass, c.conname)
FROM pg_constraint c
WHERE c.connamespace = 'public'::regnamespace
  -- not the checks that Django writes for whole numbers above zero, nor plain foreign keys: those are the framework's
  AND (c.contype IN ('x', 'u') OR (c.contype = 'c' AND c.conname !~ '_check$')
       OR (c.contype = 'f' AND cardinality(c.conkey) > 1))
UNION ALL
SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, 'unique', '',
       format('DROP INDEX %s', i.indexrelid::regclass)
FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
WHERE i.indisunique AND NOT i.indisprimary AND r.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 2, 1
"""


@dataclass(frozen=True)
class Guard:
    """A trigger or constraint, and how it is taken away. `function` is the trigger's."""

    name: str
    table: str
    kind: str
    function: str
    drop: str


def catalogue() -> list[Guard]:
    """Every guard of the project's own tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        found = [Guard(*row) for row in cursor.fetchall()]
    return [guard for guard in found if guard.table.partition("_")[0] in APPS]


def refused_by(problem: Any, guards: list[Guard]) -> list[Guard]:
    """The guards that an error of the database may come from: the constraint it names, or the trigger's function."""
    said = getattr(problem, "diag", None)
    if said is None:
        return []
    context, words = said.context or "", said.message_primary or ""
    named = [guard for guard in guards if guard.name == said.constraint_name]
    raised = [guard for guard in guards if guard.function and f"{guard.function}(" in context]
    # one function may serve the triggers of many tables: then it says which
    return named + ([guard for guard in raised if guard.table in words] or raised)


def kept() -> dict[str, str]:
    """Guard -> the test that turns red without it."""
    lines = KEPT.read_text().splitlines()
    return dict(line.split("\t", 1) for line in lines if line)


def prove(place: Path) -> str:
    """Run the attacks, each again without the guard that refused it; writes what was found to `place` as guards.tsv.

    Returns what pytest said.
    """
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "FAULTS"))
    }
    environment["DATABASE_URL"] = environment.pop(
        "TEST_BASE_DATABASE_URL", environment.get("DATABASE_URL", "")
    )
    environment["FAULTS_GUARDS"] = str(place)
    files = sorted(str(path.relative_to(ROOT)) for pattern in ATTACKS for path in ROOT.glob(pattern))
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "tests.faults.guarding", *files]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.stdout


if __name__ == "__main__":
    print(prove(KEPT)[-2000:])
