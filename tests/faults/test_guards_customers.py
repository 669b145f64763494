"""The guards of tiers, visits and freight: a row that nothing but the guard stands against (CUS-12, CUS-21, WBL-03)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.customers import samples
from tests.faults.forging import forge, refuse_emptying, refuse_row, refuse_twin

ROUND, PROPOSAL, GRADE = "customers_tierround", "customers_tierproposal", "customers_tiergrade"
VISIT, WAYBILL = "customers_visit", "customers_waybill"
NOW = "'2026-11-18 02:07:00+00'"
TWINS = [
    ("customers_tierround_period_key", ROUND, {}),
    ("tier_proposal_once", PROPOSAL, {}),
    ("tier_proposal_one_waits", PROPOSAL, {"state": "'waiting'"}),
    ("customers_tiergrade_proposal_id_key", GRADE, {"proposal_id": "1"}),
    ("tier_grade_one_at_a_time", GRADE, {}),
    ("visit_once", VISIT, {}),
]
CONTRADICTIONS = [
    ("tier_round_counts", ROUND, {"examined": "1", "proposed": "2"}),
    ("tier_round_month", ROUND, {"period": "'2026-11-02'"}),
    ("tier_proposal_changes", PROPOSAL, {"tier_before": "'B'", "tier": "'B'"}),
    ("tier_proposal_decided", PROPOSAL, {"state": "'confirmed'", "rejected_because": "''"}),
    ("tier_proposal_points", PROPOSAL, {"points": "100.1"}),
    ("tier_proposal_values", PROPOSAL, {}),
    ("tier_proposal_waits_undecided", PROPOSAL, {"state": "'waiting'", "decided_at": NOW}),
    ("tier_grade_by_hand", GRADE, {"source": "'by_hand'"}),
    ("tier_grade_dates", GRADE, {"valid_until": "'2026-10-31'"}),
    ("tier_grade_source", GRADE, {"source": "'proposal'"}),
    ("tier_grade_tier", GRADE, {}),
    ("visit_summary", VISIT, {"summary": "''"}),
    ("waybill_freight", WAYBILL, {"freight_due_on": "'2026-11-30'"}),
    ("waybill_freight_terms", WAYBILL, {"freight_terms": "'x'"}),
]

# rows that no guard minds
WAITING = {
    "tier": "'A'",
    "tier_before": "'B'",
    "value_contribution": "'high'",
    "growth_potential": "'low'",
    "state": "'waiting'",
    "rejected_because": "''",
}
LAPSED = WAITING | {"state": "'lapsed'"}
HELD = {"tier": "'A'", "source": "'resumed'"}
SAYS_WHAT_IT_SAID = "a proposal is decided once, and says what it said"
CHANGES = [
    (PROPOSAL, WAITING, "UPDATE customers_tierproposal SET points = 2", SAYS_WHAT_IT_SAID),
    (PROPOSAL, LAPSED, f"UPDATE customers_tierproposal SET decided_at = {NOW}", SAYS_WHAT_IT_SAID),
    (PROPOSAL, LAPSED, "DELETE FROM customers_tierproposal", f"{PROPOSAL} is append-only"),
    (GRADE, HELD, "UPDATE customers_tiergrade SET tier = 'B'", "of a grade only its end changes"),
    (GRADE, HELD, "DELETE FROM customers_tiergrade", f"{GRADE} is append-only"),
]


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
@pytest.mark.parametrize(
    ("table", "row", "change", "refusal"),
    CHANGES,
    ids=["proposal-says", "proposal-once", "proposal-deleted", "grade-says", "grade-deleted"],
)
def test_what_is_written_stays(table: str, row: dict[str, str], change: str, refusal: str) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        forge(table, **row)
        with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
            cursor.execute(change)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_grades_are_never_emptied() -> None:
    refuse_emptying("tier_grade_no_truncate", GRADE)


@pytest.mark.django_db
def test_a_customer_bears_no_tier_without_its_grade() -> None:
    customer = samples.customer()
    refusal = "the tier of a customer is one of its grades"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET tier = 'A', tier_since = '2026-01-01' WHERE id = %s", [customer.pk]
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
