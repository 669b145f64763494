"""What the database itself refuses of sanctions and merit, whatever writes to it (SAN-10, SAN-11, SAN-18)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from conduct import services
from conduct.domain.targets import Target
from conduct.models import MeritDisqualification, Sanction, Violation
from tests import people
from tests.conduct.cases import AT, INCIDENT, NOVEMBER, proposal

pytestmark = pytest.mark.django_db


def refused(name: str, sql: str, *values: Any) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert getattr(caught.value.__cause__, "diag").constraint_name == name  # noqa: B009


class TestSanctions:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("sanction_keeps_identity", "month = '2026-11-02'"),
            ("sanction_keeps_identity", "target_employee_id = NULL"),
            ("sanction_keeps_identity", "source_id = 8"),
            ("sanction_keeps_identity", "number = 'CF2611-1'"),
            ("sanction_confirmed", "state = 'forgotten'"),
            ("sanction_measures", "measure = 'prison', amount = NULL"),
            ("sanction_amount", "amount = NULL"),
            ("sanction_amount", "amount = 0"),
            ("sanction_points", "points = 8"),
            ("sanction_points", "measure = 'points', amount = NULL"),
            ("sanction_amount_setter", "amount_set_at = NULL"),
            ("sanction_confirmed", "state = 'confirmed'"),
            ("sanction_settled", "settled_at = now()"),
            ("sanction_withdrawn", "withdrawn_reason = '因'"),
            ("sanction_withdrawn", "state = 'withdrawn'"),
        ],
    )
    def test_a_sanction_is_never_half(self, name: str, change: str) -> None:
        row = proposal(people.user("inspector"))
        refused(name, f"UPDATE conduct_sanction SET {change} WHERE id = %s", row.pk)

    @pytest.mark.parametrize("who", ["proposer", "setter"])
    def test_four_eyes_hold_in_the_database(self, who: str) -> None:
        proposer, setter = people.user("inspector"), people.user("inspector")
        row = proposal(proposer)
        services.set_amount(sanction=row, amount=Decimal("60"), by=setter, at=AT)
        refused(
            "sanction_four_eyes",
            "UPDATE conduct_sanction SET state = 'confirmed', confirmed_at = now(), confirmed_by_id = %s WHERE id = %s",
            proposer.pk if who == "proposer" else setter.pk,
            row.pk,
        )

    def test_one_live_sanction_per_event_and_target(self) -> None:
        """SAN-18."""
        row = proposal(people.user("inspector"))
        copy = (
            "INSERT INTO conduct_sanction (number, state, version, target_employee_id, target_department_id, "
            "violation_id, source_kind, source_id, source_number, source_confirmed, measure, month, reason, "
            "range_reason, additional_reason, proposed_at, withdrawn_reason) SELECT 'CF2611-77', 'proposed', 1, "
            "target_employee_id, target_department_id, violation_id, source_kind, source_id, source_number, true, "
            "'undecided', month, '', '', %s, now(), '' FROM conduct_sanction WHERE id = %s"
        )
        refused("sanction_one_per_event", copy, "", row.pk)
        with connection.cursor() as cursor:
            cursor.execute(copy, ["性质不同", row.pk])
        assert Sanction.objects.count() == 2

    @pytest.mark.parametrize("end", ["settled", "withdrawn"])
    def test_an_end_is_an_end(self, end: str) -> None:
        row, inspector = proposal(people.user("supervisor")), people.user("inspector")
        if end == "withdrawn":
            services.withdraw(sanction=row, reason="查无此事", by=inspector, at=AT)
        else:
            services.confirm(sanction=row, by=inspector, at=AT)
            services.settle(sanction=row, by=inspector, at=AT)
        refused("sanction_ended", "UPDATE conduct_sanction SET reason = '改' WHERE id = %s", row.pk)

    def test_a_confirmed_sanction_keeps_its_amount(self) -> None:
        row = services.confirm(
            sanction=proposal(people.user("supervisor")), by=people.user("inspector"), at=AT
        )
        refused("sanction_confirmed_stands", "UPDATE conduct_sanction SET amount = 99 WHERE id = %s", row.pk)

    def test_it_is_never_deleted(self) -> None:
        row = proposal(people.user("inspector"))
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM conduct_sanction WHERE id = %s", [row.pk])
        assert Sanction.objects.filter(pk=row.pk).exists()

    def test_a_month_is_its_first_day(self) -> None:
        with pytest.raises(DatabaseError, match="sanction_month_first"), transaction.atomic():
            Sanction.objects.create(
                number="CF2611-9", violation=Violation.objects.first(), target_employee=people.employee(),
                source_kind="x.y", source_id=1, source_number="x", month=date(2026, 11, 18), proposed_at=AT,
            )  # fmt: skip


class TestMerit:
    @pytest.fixture
    def row(self) -> MeritDisqualification:
        (made,) = services.disqualify_for_incident(
            **INCIDENT, incident_number="SG2611-1203", month=NOVEMBER, by=None, at=AT,
            targets=[Target(department_id=people.department("branch_east").pk)],
        )  # fmt: skip
        return made

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("disqualification_keeps_identity", "month = '2026-10-01'"),
            ("disqualification_keeps_identity", "target_department_id = NULL"),
            ("disqualification_withdrawn", "withdrawn_at = now()"),
        ],
    )
    def test_it_can_only_be_withdrawn_with_a_reason(
        self, row: MeritDisqualification, name: str, change: str
    ) -> None:
        refused(name, f"UPDATE conduct_meritdisqualification SET {change} WHERE id = %s", row.pk)

    def test_what_is_withdrawn_does_not_come_back(self, row: MeritDisqualification) -> None:
        services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        refused(
            "disqualification_keeps_identity",
            "UPDATE conduct_meritdisqualification SET withdrawn_at = NULL, withdrawn_reason = '' WHERE id = %s",
            row.pk,
        )

    def test_once_per_target_month_and_incident(self, row: MeritDisqualification) -> None:
        refused(
            "disqualification_once",
            "INSERT INTO conduct_meritdisqualification (target_department_id, month, source_kind, source_id, "
            "source_number, created_at, withdrawn_reason) SELECT target_department_id, month, source_kind, source_id, "
            "source_number, %s, '' FROM conduct_meritdisqualification WHERE id = %s",
            datetime(2026, 11, 18, tzinfo=UTC),
            row.pk,
        )

    def test_it_is_never_deleted(self, row: MeritDisqualification) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            row.delete()
