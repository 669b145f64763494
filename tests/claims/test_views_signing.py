"""What one sees before one signs, pays or decides: enough to judge by, and not the answer itself."""

from __future__ import annotations

import pytest

from claims import queries, services
from servicecenter.clock import now_db
from tests import people
from tests.claims import cases
from tests.claims.cases import Crew
from tests.claims.test_views import client_of, shown

pytestmark = pytest.mark.django_db


def test_a_signature_stands_under_what_was_claimed_worked_out_agreed_and_determined(crew: Crew) -> None:
    """CLM-08."""
    people.centre()
    claim = cases.agreed(crew)
    step = services.request_approval(claim=claim, by=crew.adjuster, at=cases.AT).steps.get()
    page = shown(client_of(crew.manager).get(f"/claims/approvals/{step.pk}/"))
    claim = cases.fresh(claim)
    for word in (
        claim.number,
        claim.claimant,
        f"{claim.agreed_amount:,.2f}",
        f"{claim.assessed_amount:,.2f}",
    ):
        assert word in page, word


def test_the_newest_determination_in_a_line_for_whoever_may_read_it(crew: Crew) -> None:
    claim = cases.determined(crew).claim
    assert queries.verdict_words(claim, crew.manager).startswith("LR-03b·")
    assert queries.verdict_words(claim, crew.cashier) == ""
    assert queries.verdict_words(cases.opened(crew, bill=cases.waybill("86204398222")), crew.manager) == ""


def test_the_counter_does_not_show_the_figures_it_asks_for(crew: Crew) -> None:
    """CLM-10: the last four come from the card that lies there."""
    people.centre()
    voucher = cases.issued(crew, at=now_db())
    assert voucher.identity_last_four == "2416"
    there = f"/counter/{voucher.number}/"
    assert "2416" not in shown(client_of(crew.cashier).get(there)).replace(voucher.number, "")
    cases.pay(voucher, crew.cashier, at=now_db())
    assert "2416" in shown(client_of(crew.cashier).get(there))


def test_nothing_is_said_to_be_uncovered_while_facts_are_missing(crew: Crew) -> None:
    """LR-23 speaks of known facts."""
    claim = cases.opened(crew)
    card = queries.live_verdict(claim, {})
    assert (card.outcome, card.by_rule, card.status) == ("LOSS_PATTERN", False, "manual")
    assert card.outcome_word == "事实未查明，尚不能定责"
    assert card.depends_on
    cases.known(claim, crew)
    assert queries.live_verdict(claim).outcome_word == "LR-04b"


def test_paid_claims_stand_behind_those_that_are_due(crew: Crew) -> None:
    paid = cases.pay(cases.issued(crew, at=now_db()), crew.cashier, at=now_db()).claim
    due = cases.opened(crew, bill=cases.waybill("86204398222"), at=now_db())
    rows = queries.ORDERS["due"].apply(queries.row_queryset(crew.adjuster))
    assert [row.number for row in rows] == [due.number, paid.number]
