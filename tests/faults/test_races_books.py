"""Two acts on one set of books at once: returned, received, lost, closed (LED-02, LED-06, LED-08)."""

from __future__ import annotations

from functools import partial

import pytest

from inventory import services
from inventory.models import Balance, Document, Period
from servicecenter.kernel.errors import RuleBroken
from tests.faults.counts import times
from tests.faults.races import Outcome, race
from tests.faults.sound import assert_sound
from tests.inventory import stores
from tests.inventory.stores import AT, TODAY, D, Stores, audited, line, purchase, sides

pytestmark = pytest.mark.usefixtures("committed")
REPEATS = times(3, 200)


@pytest.fixture(scope="module")
def s(committed: None) -> Stores:
    return stores.stores()


def one_is_told(outcomes: list[Outcome], *codes: str) -> None:
    """One came to its end, the other was refused in these words."""
    (refused,) = [outcome.problem for outcome in outcomes if not outcome.won]
    assert isinstance(refused, RuleBroken), refused
    assert refused.code in codes


def test_two_red_letters_at_once_do_not_return_more_than_there_was(s: Stores) -> None:
    """LED-02."""
    for _n in range(REPEATS):
        bought = audited(purchase(s, line(s.bulb, 5)))
        audited(purchase(s, line(s.bulb, 5)))
        reds = [
            services.draft_red(original=bought, reason="arrived", quantities={1: D(4)}, by=None, at=AT)
            for _twice in range(2)
        ]
        acts = [partial(services.audit_document, document=red, by=None) for red in reds]
        one_is_told(race(*acts, at="original_line_id"), "red.beyond_original")
        assert bought.lines.get().returned == 4
    assert_sound()


def test_what_is_under_way_is_received_or_lost_but_not_both(s: Stores) -> None:
    """LED-06."""
    for _n in range(REPEATS):
        audited(purchase(s, line(s.wrench, 3)))
        made = services.audit_transfer(transfer=stores.transfer(s, (s.wrench, 3)), by=None)
        out, into = sides(made)
        audited(out)
        loss = services.draft_transit_loss(transfer=made, remarks="丢失", by=None)
        loss = services.approve_document(document=loss, by=None)
        outcomes = race(
            partial(services.audit_document, document=into, by=None),
            partial(services.audit_document, document=loss, by=None),
        )
        one_is_told(outcomes, "transfer.beyond_transit", "transfer.outbound_first")
        row = made.lines.get()
        assert (row.issued, row.received + row.lost) == (3, 3)
    assert_sound()


def test_a_month_is_closed_before_or_after_an_audit_never_in_the_middle(s: Stores) -> None:
    """LED-08: whatever stands in the closed month stands in its snapshot."""
    for turn in range(times(2, 20)):
        month = TODAY.replace(year=2020 + turn // 12, month=1 + turn % 12, day=1)
        made = services.save_document(
            head=stores.Head("opening_in", s.held.pk, month), lines=[line(s.pump, 1)], by=None, at=AT
        )
        first, second = race(
            partial(services.audit_document, document=made, by=None),
            partial(services.close_period, month=month, by=None),
            at="inventory_period",
        )
        assert first.won, first.problem
        assert second.won or getattr(second.problem, "code", "") == "period.obstacles", second.problem
        if not second.won:
            services.close_period(month=month, by=None)
        held = Period.objects.get(month=month).balances.get(warehouse=s.held, item=s.pump).quantity
        assert held == Balance.objects.get(warehouse=s.held, item=s.pump).quantity == turn + 1
    assert not Document.objects.filter(warehouse=s.held).exclude(state="audited").exists()
