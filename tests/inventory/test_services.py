"""Documents made, audited, un-audited, deleted; the ledger under them (INV-10 to INV-35, LED-01 to LED-11)."""

from __future__ import annotations

import pytest

from inventory import services
from tests.inventory.stores import Stores, audited, issue, line, on_hand, purchase, stores

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> Stores:
    return stores()


def test_a_draft_moves_nothing_its_audit_does(s: Stores) -> None:
    made = purchase(s, line(s.wrench, 12, location="02-A"), line(s.grease, "48.5"), by=s.keeper)
    assert (made.state, on_hand(s.sound, s.wrench)) == ("saved", [0])
    audited(made, s.accountant)
    assert on_hand(s.sound, s.wrench, s.grease) == [12, 48.5]
    services.unaudit_document(document=made, by=s.accountant)
    assert on_hand(s.sound, s.wrench, s.grease) == [0, 0]


def test_x(s: Stores) -> None:
    audited(purchase(s, line(s.wrench, 12)))
    with pytest.raises(Exception) as e:
        audited(issue(s, line(s.wrench, 13)))
    print(e.value.broken[0].params)
