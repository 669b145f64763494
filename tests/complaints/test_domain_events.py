"""Is it the same event? The matrix of CMP-40, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from complaints.domain.events import (
    Candidate,
    Earlier,
    Matter,
    Party,
    candidates,
    event_key,
    judge,
    likeness,
    same_party,
)

NINE = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
LIU = Party("consignor", 7, "13900000421")
FIRST = Earlier(1, "TS261116-10087", 50, "delay", LIU, "investigating", NINE, waybill_id=3)


def matter(category: str = "delay", party: Party = LIU, waybill_id: int | None = 3) -> Matter:
    return Matter(party, category, waybill_id)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(LIU, Party("consignor", 7, "13711112222"), True, id="same-customer-other-number"),
        pytest.param(LIU, Party("consignor", 8, "13900000421"), True, id="other-customer-same-number"),
        pytest.param(LIU, Party("consignor", None, "13900000421"), True, id="number-alone"),
        pytest.param(LIU, Party("other", 7, ""), True, id="side-not-said"),
        pytest.param(LIU, Party("consignee", 7, "13900000421"), False, id="consignor-and-consignee-are-two"),
        pytest.param(LIU, Party("consignor", 8, "13711112222"), False, id="nothing-in-common"),
        pytest.param(Party("other"), Party("other"), False, id="nobody-is-not-the-same-as-nobody"),
    ],
)
def test_the_same_party_is_found_by_customer_or_number(one: Party, other: Party, same: bool) -> None:
    assert same_party(one, other) is same
    assert same_party(other, one) is same


@pytest.mark.parametrize(
    ("new", "earlier", "why"),
    [
        pytest.param(matter(), FIRST, "same", id="same-party-waybill-category"),
        pytest.param(matter(), replace(FIRST, state="closed"), "same", id="closed-ticket-still-the-event"),
        pytest.param(matter("no_feedback"), FIRST, "no_feedback", id="no-feedback-joins-an-open-event"),
        pytest.param(matter("no_feedback"), replace(FIRST, state="closed"), None, id="no-feedback-not-a-closed-one"),
        pytest.param(
            matter("no_feedback"), replace(FIRST, category="no_feedback", state="closed"), "same",
            id="no-feedback-again",
        ),
        pytest.param(matter("attitude"), FIRST, None, id="other-category"),
        pytest.param(matter(waybill_id=4), FIRST, None, id="other-waybill"),
        pytest.param(matter(waybill_id=None), replace(FIRST, waybill_id=None), None, id="no-waybill"),
        pytest.param(matter(party=Party("consignee", 9, "13711112222")), FIRST, None, id="other-party"),
        pytest.param(matter(), replace(FIRST, state="cancelled"), None, id="cancelled-counts-no-more"),
        pytest.param(matter(), replace(FIRST, state="merged"), None, id="merged-counts-no-more"),
    ],
)  # fmt: skip
def test_same_event(new: Matter, earlier: Earlier, why: str | None) -> None:
    verdict = judge(new, [earlier])
    assert verdict.why == why
    assert verdict.event_id == (50 if why else None)
    assert verdict.of == (earlier if why else None)


def test_no_feedback_joins_the_latest_open_event_of_party_and_waybill() -> None:
    later = replace(
        FIRST, complaint_id=2, event_id=51, category="attitude", registered_at=NINE + timedelta(hours=1)
    )
    newest_but_closed = replace(
        later, complaint_id=3, event_id=52, state="closed", registered_at=NINE + timedelta(days=1)
    )
    assert judge(matter("no_feedback"), [FIRST, later, newest_but_closed]).event_id == 51


def test_what_the_agent_links_decides_whatever_the_waybill() -> None:
    linked = replace(FIRST, event_id=77, waybill_id=9, category="price", party=Party("other", 1))
    verdict = judge(matter(), [FIRST], linked=linked)
    assert (verdict.event_id, verdict.why) == (77, "linked")


@pytest.mark.parametrize(
    ("new", "earlier", "why"),
    [
        pytest.param(matter("attitude"), FIRST, "other_category", id="same-party-and-waybill-other-category"),
        pytest.param(
            matter(party=Party("consignee", 9)), FIRST, "other_party", id="other-party-of-the-waybill"
        ),
        pytest.param(
            matter(party=Party("consignor", 9)), FIRST, "other_caller", id="somebody-else-of-the-waybill"
        ),
        pytest.param(
            matter(waybill_id=None),
            replace(FIRST, waybill_id=None, likeness=0.6),
            "similar_text",
            id="similar-text",
        ),
    ],
)
def test_candidates_are_offered_and_join_nothing(new: Matter, earlier: Earlier, why: str) -> None:
    assert candidates(new, [earlier], threshold=0.5) == [Candidate(earlier, why)]  # type: ignore[arg-type]
    assert judge(new, [earlier]).event_id is None


@pytest.mark.parametrize(
    "earlier",
    [
        pytest.param(replace(FIRST, waybill_id=None, likeness=0.49), id="not-similar-enough"),
        pytest.param(replace(FIRST, state="merged"), id="merged"),
        pytest.param(FIRST, id="joined-is-no-candidate"),
    ],
)
def test_what_is_no_candidate(earlier: Earlier) -> None:
    assert candidates(matter(), [earlier], threshold=0.5) == []


def test_candidates_come_newest_first_and_at_most_eight() -> None:
    rows = [
        replace(
            FIRST,
            complaint_id=n,
            event_id=100 + n,
            category="price",
            registered_at=NINE + timedelta(minutes=n),
        )
        for n in range(10)
    ]
    found = candidates(matter(), rows, threshold=0.5)
    assert [one.earlier.complaint_id for one in found] == [9, 8, 7, 6, 5, 4, 3, 2]


@pytest.mark.parametrize(
    ("new", "key"),
    [
        pytest.param(matter(), "3:delay:consignor:c7", id="by-customer"),
        pytest.param(
            matter(party=Party("consignee", None, "139")), "3:delay:consignee:tHASH", id="by-number"
        ),
        pytest.param(matter(party=Party("other", 7)), "3:delay:other:c7", id="side-not-said"),
        pytest.param(matter(party=Party("consignor")), None, id="nobody-to-find-again"),
        pytest.param(matter(waybill_id=None), None, id="no-waybill"),
    ],
)
def test_an_event_is_found_again_by_waybill_category_and_party_never_by_the_plain_number(
    new: Matter, key: str | None
) -> None:
    assert event_key(new, telephone_mark="HASH") == key


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["等到", "到晚", "晚上", "上也", "也没"], ["等到", "到晚", "晚上", "上才", "才来"], 0.6),
        (["太慢", "慢了"], ["太慢", "慢了"], 0.0),
        (list("abcd"), list("wxyz"), 0.0),
        (list("abcd"), list("abcdefgh"), 1.0),
    ],
)
def test_likeness_is_shared_bigrams_of_the_shorter_text(
    one: list[str], other: list[str], expected: float
) -> None:
    assert likeness(one, other) == pytest.approx(expected)
