"""`manage.py verify` names every damage to issued reports and to tiers (R1 to R3, T1, T2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from customers.models import Customer
from reports.models import Report
from tests.customers import samples
from tests.faults import damage
from tests.faults.damage import Statements, sql
from tests.faults.sound import assert_sound
from tests.reports import cases

pytestmark = pytest.mark.usefixtures("world")
APPS = {"customers", "reports"}
GUARDED: dict[str, tuple[str, ...]] = {
    "reports_report": (),
    "reports_reportrevision": ("revision_from_one",),
    "reports_reportrun": (),
    "customers_customer": (),
    "customers_tiergrade": ("tier_grade_one_at_a_time",),
}


@dataclass
class World:
    """A report with two revisions, and a customer of tier B."""

    report: Report
    second: str
    customer: Customer


@pytest.fixture(scope="module")
def world(committed: None) -> World:
    first = cases.issued("RPT-03")
    second = cases.issued("RPT-03")
    customer = samples.customer(tier="B", tier_since=date(2026, 1, 1))
    return World(first.report, second.number, customer)


@pytest.fixture(autouse=True)
def at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the minutes after midnight, when the clock still gives the day's tiers."""
    monkeypatch.setattr("customers.invariants.GRACE", timedelta(0))


GRADE = """
INSERT INTO customers_tiergrade (customer_id, tier, valid_from, valid_until, source, reason, given_at)
SELECT customer_id, tier, valid_from, valid_until, source, reason, given_at FROM customers_tiergrade
WHERE customer_id = {w.customer.pk}
"""
RUN = """
INSERT INTO reports_reportrun (report_id, public_id, basis, languages, state, step, done, total, attempt, problem,
 problem_params, requested_at)
VALUES ({w.report.pk}, 'a', 'closing', '[]', 'waiting', 'wait', 0, 1, 0, '', json_build_object(),
 now() - interval '25 hours')
"""
# invariant, what is done to the database, who is named, what is said of it
DAMAGES = [
    pytest.param(
        "R1", sql("UPDATE reports_reportrevision SET sha256 = repeat('0', 64) WHERE ordinal = 2"), "second",
        "does not fit its digest", id="R1-a-figure-touched-up",
    ),
    pytest.param(
        "R2", sql("UPDATE reports_reportrevision SET ordinal = 3 WHERE ordinal = 2"), "report",
        "has 2 revisions, the last is 3", id="R2-a-revision-taken-out",
    ),
    pytest.param(
        "R3", sql(RUN), "report", "waits to be made for more than a day", id="R3-a-report-forgotten",
    ),
    pytest.param("T1", sql(GRADE), "customer", "hold on the same day", id="T1-two-grades-at-once"),
    pytest.param(
        "T2", sql("UPDATE customers_customer SET tier = 'A' WHERE id = {w.customer.pk}"), "customer",
        "bears tier A, its grade of today says B", id="T2-a-tier-nobody-gave",
    ),
]  # fmt: skip


def test_a_sound_database_has_no_violation() -> None:
    assert_sound()


@pytest.mark.parametrize(("code", "statements", "subject", "said"), DAMAGES)
def test_a_damage_is_named_with_its_record(
    world: World, code: str, statements: Statements, subject: str, said: str
) -> None:
    record = getattr(world, subject)
    named = getattr(record, "number", record)
    damage.assert_named(world, statements, GUARDED, code=code, named=named, said=said)


def test_every_check_has_its_damage(world: World) -> None:
    damage.assert_every_check_proven(world, DAMAGES, GUARDED, APPS)
