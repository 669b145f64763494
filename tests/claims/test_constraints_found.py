"""What the database refuses of found goods, whatever writes to them (CLM-19)."""

from __future__ import annotations

from datetime import date

import pytest

from claims import services
from claims.models import FoundGoods
from tests.claims import cases
from tests.claims.attacks import refused, run
from tests.claims.cases import AT, Crew

pytestmark = pytest.mark.django_db


def found(crew: Crew, choice: str = "") -> FoundGoods:
    way = "call" if choice else ""
    return services.record_found(
        claim=cases.opened(crew), found_on=date(2026, 11, 17), place="江滨中转场", choice=choice, way=way,
        by=crew.adjuster, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("change", ["choice = 'goods'", "place = '别处'"])
def test_what_the_customer_chose_stays_chosen(change: str) -> None:
    made = found(Crew(), "money")
    with refused("found_choice_kept"):
        run(f"UPDATE claims_foundgoods SET {change} WHERE id = %s", made.pk)


def test_only_goods_that_were_lost_are_found() -> None:
    damage = cases.opened(Crew(), kind="damage")
    with refused("found_of_loss"):
        run(
            "INSERT INTO claims_foundgoods (claim_id, found_on, place, choice, way, recorded_at)"
            " VALUES (%s, now(), '中转场', '', '', now())",
            damage.pk,
        )


def test_what_was_found_is_never_taken_away() -> None:
    made = found(Crew())
    with refused("append-only"):
        run("DELETE FROM claims_foundgoods WHERE id = %s", made.pk)
