"""Whose conduct a person may look at, the merit of a month, what an incident brought about (ORG-04, SAN-11, SAN-19)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conduct import queries, services
from conduct.domain.targets import Target
from conduct.invariants import merit_without_trail, states_without_trail
from conduct.models import Sanction, Violation
from servicecenter import policies
from tests import people
from tests.conduct.cases import AT, INCIDENT, NOVEMBER, drafted, proposal

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def lost(*targets: Target, **changed: Any) -> list[Any]:
    values = {**INCIDENT, "incident_number": "SG2611-1203", "month": NOVEMBER, "by": None, "at": AT}
    return services.disqualify_for_incident(targets=targets, **{**values, **changed})


def of(code: str) -> Target:
    return Target(department_id=people.department(code).pk)


class TestVisibility:
    @pytest.mark.parametrize(
        "role",
        ["inspector", "supervisor", "centre_manager", "enterprise_management", "controller", "management"],
    )
    def test_central_departments_see_everybodys_sanctions(self, role: str) -> None:
        made = drafted(of("branch_east"), of("settlement"))
        assert set(queries.sanctions_visible_to(people.user(role))) == set(made)

    def test_a_branchs_manager_sees_the_own_branch_and_its_people(self) -> None:
        person = people.employee("branch_east")
        made = drafted(of("branch_east"), of("settlement"), Target(employee_id=person.pk))
        by_code = {row.target_department.code if row.target_department else "": row for row in made}
        manager = people.user("department_manager", department="branch_east")
        assert set(queries.sanctions_visible_to(manager)) == {by_code["branch_east"], by_code[""]}
        assert queries.subject_sanction(object_id=by_code["settlement"].pk, user=manager) is None

    def test_who_proposed_a_sanction_sees_it(self) -> None:
        adjuster = people.user("adjuster")
        row = proposal(adjuster)
        other = proposal(people.user("inspector"), source_id=8)
        assert list(queries.sanctions_visible_to(adjuster)) == [row]
        assert queries.sanction_view(adjuster, other.number) is None

    @pytest.mark.parametrize("role", ["agent", "storekeeper", "finance"])
    def test_the_others_see_none(self, role: str) -> None:
        drafted(of("branch_east"))
        lost(of("branch_east"))
        user = people.user(role)
        assert not queries.sanctions_visible_to(user).exists()
        assert not queries.disqualifications_visible_to(user).exists()

    def test_merit_is_seen_as_sanctions_are(self) -> None:
        east, _west = lost(of("branch_east")) + lost(of("branch_west"))
        supervisor = people.user("department_supervisor", department="branch_east")
        assert list(queries.disqualifications_visible_to(supervisor)) == [east]
        assert queries.disqualifications_visible_to(people.user("inspector")).count() == 2


class TestOneSanction:
    def test_it_shows_its_range_its_actions_and_the_others_of_the_event(self) -> None:
        inspector = people.user("inspector")
        first, second = drafted(of("branch_east"), of("settlement"))
        view = queries.sanction_view(inspector, first.number)
        assert view is not None
        assert (view.low, view.high, view.outside) == (None, None, False)
        assert view.others == (second,)
        assert view.source.number == "SG2611-1203"
        answers = {code: answer.allowed for code, answer in view.answers.items()}
        assert answers == {"set_amount": True, "confirm": False, "settle": False, "withdraw": True}
        assert view.answers["confirm"].refusal.code == "sanction.measure_needed"  # type: ignore[union-attr]

    def test_who_set_the_amount_is_told_why_not_to_confirm(self) -> None:
        setter = people.user("inspector")
        (row,) = drafted(of("branch_east"))
        services.set_amount(sanction=row, amount=Decimal("200"), reason="情节一般", by=setter, at=AT)
        view = queries.sanction_view(setter, row.number)
        assert view is not None
        assert view.answers["confirm"].refusal.code == "sanction.four_eyes_amount"  # type: ignore[union-attr]
        other = queries.sanction_view(people.user("inspector"), row.number)
        assert other is not None
        assert other.answers["confirm"].allowed

    @pytest.mark.parametrize(
        ("text", "found"), [("CF2611", 1), ("SG2611-1203", 1), ("cf", 1), ("许国", 1), ("xu", 1), ("查", 0)]
    )
    def test_it_is_searched_by_number_source_and_person(self, text: str, found: int) -> None:
        drafted(Target(employee_id=people.employee("branch_east", name="许国梁").pk))
        assert queries.search_sanctions(Sanction.objects.all(), text).count() == found

    def test_the_catalogue_shows_the_ranges_of_today(self) -> None:
        """SAN-01 … SAN-16."""
        rows = {row.violation.code: (row.low, row.high) for row in queries.catalogue()}
        assert rows["SAN-01"] == (Decimal("10.00"), Decimal("50.00"))
        assert rows["SAN-03"] == (Decimal("50.00"), Decimal("200.00"))
        assert rows["SAN-09"] == (None, None)
        assert list(rows) == [f"SAN-{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16)]
        policies.set_policy(
            code="conduct.fine",
            key="SAN-01",
            value={"minimum": "20.00", "maximum": "60.00"},
            by=None,
            reason="提高",
        )
        rows = {row.violation.code: (row.low, row.high) for row in queries.catalogue()}
        assert rows["SAN-01"] == (Decimal("20.00"), Decimal("60.00"))

    def test_every_violation_is_said_in_three_languages(self) -> None:
        for violation in Violation.objects.all():
            for texts in (violation.sentences, violation.targets, violation.amounts):
                assert set(texts) == {"zh-Hans", "zh-Hant", "en"}
                assert all(texts.values())

    def test_by_circumstance_needs_a_reason(self) -> None:
        """SAN-05, SAN-09, SAN-14, SAN-15 (no preset amount; reason required), SAN-16."""
        needing = set(Violation.objects.filter(reason_required=True).values_list("code", flat=True))
        assert needing == {"SAN-05", "SAN-09", "SAN-14", "SAN-15", "SAN-16"}


class TestConsequences:
    def test_a_banner_reads_live_and_withdrawn_in_two_statements(self) -> None:
        drafted(of("branch_east"), of("settlement"))
        lost(of("branch_east"))
        with CaptureQueriesContext(connection) as asked:
            found = queries.incident_consequences(INCIDENT["incident_kind"], INCIDENT["incident_id"])  # type: ignore[arg-type]
            names = [row.target_department.name for row in found.sanctions if row.target_department]
        assert len(asked) == 2
        assert sorted(names) == sorted(["城东分公司", "结算部"])
        assert (len(found.live_sanctions), len(found.live_disqualifications)) == (2, 1)
        services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        found = queries.incident_consequences(INCIDENT["incident_kind"], INCIDENT["incident_id"])  # type: ignore[arg-type]
        assert (len(found.sanctions), len(found.live_sanctions), len(found.live_disqualifications)) == (
            2,
            0,
            0,
        )


class TestMeritMonth:
    """SAN-11: derived from rows, never typed in; SAN-19: later changes are corrections in the next list."""

    @pytest.fixture
    def inspector(self) -> Any:
        return people.user("inspector")

    def test_it_says_who_lost_it_and_why_and_who_got_it_back(self, inspector: Any) -> None:
        person = people.employee("branch_east", name="许国梁")
        lost(Target(employee_id=person.pk, department_id=people.department("branch_east").pk))
        lost(of("settlement"), incident_id=42, incident_number="SG2611-1204")
        services.withdraw_for_incident(
            incident_kind=INCIDENT["incident_kind"], incident_id=42, reason="查明为误登记", by=None, at=AT
        )
        month = queries.merit_month(date(2026, 11, 18), inspector)
        assert [(row.target.name, row.is_lost) for row in month.departments] == [
            ("城东分公司", True),
            ("结算部", False),
        ]
        assert [(row.target.name, row.is_person) for row in month.people] == [("许国梁", True)]
        assert month.departments[1].losses[0].withdrawn_reason == "查明为误登记"
        assert month.lost == (1, 1)

    def test_two_incidents_and_one_withdrawn_leave_it_lost(self, inspector: Any) -> None:
        lost(of("branch_east"))
        lost(of("branch_east"), incident_id=42, incident_number="SG2611-1204")
        services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        (standing,) = queries.merit_month(NOVEMBER, inspector).departments
        assert standing.is_lost
        assert [row.is_live for row in standing.losses] == [False, True]

    def test_another_month_is_another_list(self, inspector: Any) -> None:
        lost(of("branch_east"), month=OCTOBER)
        assert queries.merit_month(NOVEMBER, inspector).departments == ()
        assert len(queries.merit_month(OCTOBER, inspector).departments) == 1

    def test_a_change_after_the_issue_is_a_correction_in_the_next_list(self, inspector: Any) -> None:
        lost(of("branch_east"), month=OCTOBER, at=AT - timedelta(days=30))
        issued = datetime(2026, 11, 3, tzinfo=UTC)
        services.issue_merit_list(month=OCTOBER, by=inspector, at=issued)
        assert queries.merit_month(NOVEMBER, inspector).corrections == ()
        services.withdraw_for_incident(**INCIDENT, reason="申诉成立", by=None, at=AT)
        lost(
            of("settlement"),
            month=OCTOBER,
            incident_id=42,
            incident_number="SG2610-1300",
            at=AT + timedelta(hours=1),
        )
        month = queries.merit_month(NOVEMBER, inspector)
        assert [(row.month, row.restored, row.row.source_number) for row in month.corrections] == [
            (OCTOBER, True, "SG2611-1203"),
            (OCTOBER, False, "SG2610-1300"),
        ]
        assert queries.merit_month(date(2026, 12, 1), inspector).corrections == ()
        assert queries.merit_month(OCTOBER, inspector).corrections == ()

    def test_a_correction_stands_in_one_list_only(self, inspector: Any) -> None:
        lost(of("branch_east"), month=OCTOBER, at=AT - timedelta(days=30))
        services.issue_merit_list(month=OCTOBER, by=inspector, at=datetime(2026, 11, 3, tzinfo=UTC))
        services.withdraw_for_incident(**INCIDENT, reason="申诉成立", by=None, at=AT)
        services.issue_merit_list(month=NOVEMBER, by=inspector, at=datetime(2026, 12, 3, tzinfo=UTC))
        assert len(queries.merit_month(NOVEMBER, inspector).corrections) == 1
        assert queries.merit_month(date(2026, 12, 1), inspector).corrections == ()

    def test_a_month_without_any_list_before_has_no_corrections(self, inspector: Any) -> None:
        lost(of("branch_east"), month=OCTOBER)
        assert queries.merit_month(NOVEMBER, inspector).corrections == ()

    def test_the_list_asks_the_same_for_one_and_for_twenty(self, inspector: Any) -> None:
        _ = inspector.rights

        def statements() -> int:
            with CaptureQueriesContext(connection) as asked:
                month = queries.merit_month(NOVEMBER, inspector)
                assert all(row.target.name for row in month.people)
            return len(asked)

        lost(Target(employee_id=people.employee("branch_east").pk))
        before = statements()
        lost(*[Target(employee_id=people.employee("branch_east").pk) for _n in range(20)])
        assert statements() == before


class TestInvariants:
    """I8."""

    def test_what_services_wrote_holds(self) -> None:
        drafted(of("branch_east"))
        row = proposal(people.user("supervisor"))
        services.confirm(sanction=row, by=people.user("inspector"), at=AT)
        lost(of("branch_east"))
        services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        assert list(states_without_trail()) == []
        assert list(merit_without_trail()) == []

    def test_a_state_without_trail_is_named(self) -> None:
        (row,) = drafted(of("branch_east"))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE conduct_sanction SET state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'x'"
            )
        assert [(found.subject, found.problem) for found in states_without_trail()] == [
            (row.number, "is withdrawn, its trail says proposed")
        ]

    def test_merit_restored_without_trail_is_named(self) -> None:
        lost(of("branch_east"))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE conduct_meritdisqualification SET withdrawn_at = now(), withdrawn_reason = 'x'"
            )
        (found,) = merit_without_trail()
        assert found.subject == "SG2611-1203"
        assert found.problem.endswith("has no trail of merit.restored")
