"""The mark of a difficult customer, and standings by waybills (CUS-02 to CUS-04)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from customers import services
from customers.models import Waybill
from tests import people
from tests.customers import samples
from tests.customers.samples import trail_of
from tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = samples.AT


class TestMark:
    """CUS-03: marked by an agent, confirmed by a supervisor."""

    def test_an_agent_marks_and_a_supervisor_confirms(self) -> None:
        agent, supervisor = people.user("agent"), people.user("supervisor")
        row = samples.person()
        refused("lifecycle.reason_needed", services.mark_difficult, customer=row, reason=" ", by=agent, at=AT)
        services.mark_difficult(customer=row, reason="三次拒付到付运费", by=agent, at=AT)
        refused("mark.own", services.confirm_mark, customer=row, by=agent, at=AT)
        done = services.confirm_mark(customer=row, by=supervisor, at=AT)
        assert (done.difficult_mark, done.marked_by, done.confirmed_by) == ("confirmed", agent, supervisor)
        refused("mark.already", services.mark_difficult, customer=row, reason="再标", by=agent, at=AT)
        refused("mark.confirmed", services.confirm_mark, customer=row, by=supervisor, at=AT)

    def test_lifting_needs_a_reason_and_leaves_the_history(self) -> None:
        row = samples.person()
        services.mark_difficult(customer=row, reason="辱骂客服", by=people.user("agent"), at=AT)
        services.lift_mark(customer=row, reason="查明非本人", by=people.user("supervisor"), at=AT)
        row.refresh_from_db()
        assert (row.difficult_mark, row.difficult_reason, row.marked_by) == ("none", "", None)
        assert trail_of(row)[-2:] == ["customer.marked", "customer.mark_lifted"]
        refused("mark.none", services.lift_mark, customer=row, reason="再解", by=None, at=AT)


class TestStandings:
    """CUS-04."""

    def test_a_waybill_sent_makes_a_prospect_active(self) -> None:
        row = samples.customer()
        samples.waybill(shipped_on=date(2026, 11, 10))
        row.refresh_from_db()
        assert (row.standing, row.last_shipped_on) == ("active", date(2026, 11, 10))
        assert trail_of(row) == ["customer.registered", "customer.standing"]

    def test_a_waybill_received_does_not(self) -> None:
        row = samples.person("周小芸", "15011721172")
        samples.waybill()
        row.refresh_from_db()
        assert (row.standing, row.last_shipped_on) == ("prospect", None)

    def test_an_old_waybill_makes_dormant_at_once(self) -> None:
        row = samples.customer()
        samples.waybill(shipped_on=date(2026, 8, 20))
        row.refresh_from_db()
        assert row.standing == "dormant"

    def test_after_ninety_days_the_clock_makes_dormant_and_a_waybill_active_again(self) -> None:
        row = samples.customer()
        samples.waybill(shipped_on=date(2026, 11, 10))
        at = datetime(2027, 2, 7, 17, tzinfo=UTC)
        assert services.refresh_standings(at=at - timedelta(days=1)) == 0
        assert services.refresh_standings(at=at) == 1
        row.refresh_from_db()
        assert row.standing == "dormant"
        samples.waybill("86204417310", at=at, shipped_on=date(2027, 2, 8))
        row.refresh_from_db()
        assert row.standing == "active"

    def test_a_closed_file_stays_closed(self) -> None:
        row = samples.customer()
        services.close_customer(customer=row, reason="停业", by=None, at=AT)
        samples.waybill()
        row.refresh_from_db()
        assert (row.standing, row.last_shipped_on) == ("closed", date(2026, 11, 10))
        assert Waybill.objects.get().consignor == row
