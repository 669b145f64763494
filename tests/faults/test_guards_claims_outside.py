"""What was asked, found, insured and received stands: each attack meets the one guard that is against it (CLM-03,
CLM-11, CLM-12, CLM-18)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import OutsideRecovery
from tests.claims import cases
from tests.faults.forging import alone, forge

APPEND_ONLY = "{table} is append-only"
ASKED = "a request stands as it was asked"
REPORTED = "a result stands as it was reported"
LATER = "'2026-11-19 02:07:00+00'"
# guard, table, what the row is, what is done to it, what the refusal says
STANDING = [
    ("evidence_guard", "claims_evidencerequest", {}, "UPDATE {table} SET text = 'y'", ASKED),
    ("evidence_guard", "claims_evidencerequest", {}, f"UPDATE {{table}} SET due_at = {LATER}", ASKED),
    ("evidence_guard", "claims_evidencerequest", {"answered_at": LATER},
     "UPDATE {table} SET answer = 'y'", ASKED),
    ("evidence_guard", "claims_evidencerequest", {"withdrawn_at": LATER},
     "UPDATE {table} SET withdrawn_at = NULL", ASKED),
    ("evidence_never_deleted", "claims_evidencerequest", {}, "DELETE FROM {table}", APPEND_ONLY),
    ("insurance_never_deleted", "claims_insurance", {}, "DELETE FROM {table}", APPEND_ONLY),
    ("outside_append_only", "claims_outsiderecovery", {}, "UPDATE {table} SET amount = 2", APPEND_ONLY),
    ("outside_append_only", "claims_outsiderecovery", {}, "DELETE FROM {table}", APPEND_ONLY),
    ("own_settlement_never_deleted", "claims_ownsettlement", {}, "DELETE FROM {table}", APPEND_ONLY),
    ("result_guard", "claims_investigationresult", {}, "UPDATE {table} SET text = 'y'", REPORTED),
    ("result_guard", "claims_investigationresult", {"decided_at": LATER},
     "UPDATE {table} SET confirmed = true", REPORTED),
    ("result_never_deleted", "claims_investigationresult", {}, "DELETE FROM {table}", APPEND_ONLY),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "table", "columns", "attack", "said"), STANDING, ids=[row[0] for row in STANDING]
)
def test_what_was_written_stands(
    guard: str, table: str, columns: dict[str, str], attack: str, said: str
) -> None:
    alone(table, guard)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        forge(table, **columns)
        with pytest.raises(IntegrityError, match=said.format(table=table)), transaction.atomic():
            cursor.execute(attack.format(table=table))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_money_from_outside_without_its_entries_is_refused() -> None:
    """MON-03: what came from outside lowers what the parties owe in the same transaction."""
    crew = cases.Crew()
    made = cases.determined(crew)
    cases.approved(crew, claim=made.claim)
    with connection.cursor() as cursor:
        # what was written so far has been asked; what follows is asked by itself
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with (
        pytest.raises(IntegrityError, match="less what came from outside"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        OutsideRecovery.objects.create(
            claim=made.claim, source="insurer", amount=40, received_at=cases.AT, received_by=crew.adjuster
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
