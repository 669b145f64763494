"""The terms of the book, which row applies, and what a policy may not say (CMP-22, CMP-26, CMP-30 to CMP-37)."""

from __future__ import annotations

import pytest

from deadlines.domain.policy import (
    DEFAULTS,
    ClockPolicy,
    Key,
    LadderPolicy,
    parse_key,
    resolution_keys,
    resolve,
    seeded,
)
from servicecenter.kernel.errors import RuleBroken

MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize(
    ("kind", "limit", "basis"),
    [
        pytest.param("approval", 4 * HOUR, "elapsed", id="CMP-26"),
        pytest.param("first_response", 5 * MINUTE, "elapsed", id="CMP-30"),
        pytest.param("report_upward", HOUR, "elapsed", id="CMP-31"),
        pytest.param("supervisor_takes", HOUR, "elapsed", id="CMP-31-supervisor"),
        pytest.param("statement", 4 * HOUR, "elapsed", id="CMP-32"),
        pytest.param("resolution", 24 * HOUR, "elapsed", id="CMP-33"),
        pytest.param("quotation", 8 * HOUR, "business", id="CMP-34"),
        pytest.param("follow_up", 48 * HOUR, "elapsed", id="CMP-35"),
        pytest.param("routing", 30 * MINUTE, "elapsed", id="CMP-35a"),
        pytest.param("answer", 12 * HOUR, "elapsed", id="CMP-35b"),
        pytest.param("waiting", 72 * HOUR, "elapsed", id="CMP-35c"),
        pytest.param("suspected", HOUR, "elapsed", id="CMP-35d"),
    ],
)
def test_the_terms_of_the_book(kind, limit, basis):
    assert DEFAULTS[kind] == ClockPolicy(limit_seconds=limit, warn_percent=75, basis=basis)


def test_an_a_tier_customers_owner_is_warned_at_half_of_the_same_term():
    assert resolve(seeded(), "resolution", tier="A") == ClockPolicy(24 * HOUR, 50)
    assert resolve(seeded(), "resolution", tier="B") == ClockPolicy(24 * HOUR, 75)


def test_the_ladder_of_the_book():
    assert LadderPolicy() == LadderPolicy(manager_after_seconds=4 * HOUR, enterprise_after_seconds=24 * HOUR)


def test_the_most_specific_key_comes_first():
    assert resolution_keys("resolution", tier="A", category="delay", channel="online") == [
        "resolution|tier=A|category=delay|channel=online",
        "resolution|tier=A|category=delay",
        "resolution|tier=A|channel=online",
        "resolution|category=delay|channel=online",
        "resolution|tier=A",
        "resolution|category=delay",
        "resolution|channel=online",
        "resolution",
    ]


def test_what_a_ticket_does_not_have_is_not_asked_for():
    assert resolution_keys("statement", category="delay") == ["statement|category=delay", "statement"]
    assert resolution_keys("statement") == ["statement"]


def test_tier_decides_before_category():
    rows = {"resolution|tier=A": ClockPolicy(20 * HOUR), "resolution|category=delay": ClockPolicy(22 * HOUR)}
    assert resolve(rows, "resolution", tier="A", category="delay").limit_seconds == 20 * HOUR
    assert resolve(rows, "resolution", tier="C", category="delay").limit_seconds == 22 * HOUR
    assert resolve(rows, "resolution", tier="C").limit_seconds == 24 * HOUR


@pytest.mark.parametrize(
    ("key", "parsed"),
    [
        ("resolution", Key("resolution")),
        ("resolution|tier=A", Key("resolution", tier="A")),
        ("answer|category=delay|channel=online", Key("answer", category="delay", channel="online")),
    ],
)
def test_a_key_is_taken_apart(key, parsed):
    assert parse_key(key) == parsed


@pytest.mark.parametrize(
    "key",
    [
        "", "resolutoin", "resolution|", "resolution|tier", "resolution|tier=", "resolution|tier=E",
        "resolution|category=delay|tier=A", "resolution|tier=A|tier=B", "resolution|colour=red", "tier=A",
    ],
)  # fmt: skip
def test_a_key_no_clock_asks_for_is_refused(key):
    with pytest.raises(RuleBroken) as refused:
        parse_key(key)
    assert (refused.value.code, refused.value.params["key"]) == ("clock.policy_key", key)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"limit_seconds": 0}, "clock.policy_limit"),
        ({"limit_seconds": -3600}, "clock.policy_limit"),
        ({"limit_seconds": 1.5}, "clock.policy_limit"),
        ({"limit_seconds": True}, "clock.policy_limit"),
        ({"limit_seconds": "4 h"}, "clock.policy_limit"),
        ({"limit_seconds": 10**12}, "clock.policy_limit"),
        ({"warn_percent": 0}, "clock.policy_warn"),
        ({"warn_percent": 100}, "clock.policy_warn"),
        ({"warn_percent": None}, "clock.policy_warn"),
        ({"basis": "lunar"}, "clock.policy_basis"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(value, code):
    with pytest.raises(RuleBroken) as refused:
        ClockPolicy(**value)
    assert refused.value.code == code


@pytest.mark.parametrize(("manager", "enterprise"), [(0, HOUR), (HOUR, HOUR), (2 * HOUR, HOUR), (1.5, HOUR)])
def test_a_ladder_that_does_not_rise_is_refused(manager, enterprise):
    with pytest.raises(RuleBroken) as refused:
        LadderPolicy(manager, enterprise)
    assert refused.value.code == "clock.policy_ladder"


def test_the_seeds_do_not_contradict_each_other():
    ClockPolicy.check_among(seeded())
    LadderPolicy.check_among({"": LadderPolicy()})


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param({"statement": ClockPolicy(25 * HOUR)}, "clock.policy_statement_longer", id="CMP-22"),
        pytest.param(
            {"resolution": ClockPolicy(3 * HOUR)}, "clock.policy_statement_longer", id="CMP-22-the-other-way"
        ),
        pytest.param(
            {"statement|category=delay": ClockPolicy(30 * HOUR)},
            "clock.policy_statement_longer",
            id="CMP-22-one-category",
        ),
        pytest.param(
            {"resolution|tier=B": ClockPolicy(3 * HOUR), "resolution|tier=A": ClockPolicy(3 * HOUR)},
            "clock.policy_statement_longer",
            id="CMP-22-one-tier",
        ),
        pytest.param(
            {"resolution": ClockPolicy(basis="business")}, "clock.policy_elapsed", id="CMP-36-24-hours"
        ),
        pytest.param(
            {"statement|tier=A": ClockPolicy(3600, basis="business")},
            "clock.policy_elapsed",
            id="CMP-36-statement",
        ),
        pytest.param(
            {"follow_up|tier=A": ClockPolicy(49 * HOUR)}, "clock.policy_tier_slower", id="CMP-36-A-not-slower"
        ),
        pytest.param(
            {"resolution|tier=D": ClockPolicy(12 * HOUR)}, "clock.policy_tier_slower", id="CMP-36-D-not-first"
        ),
        pytest.param({"resolutoin": ClockPolicy()}, "clock.policy_key", id="unknown-key"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(rows, code):
    with pytest.raises(RuleBroken) as refused:
        ClockPolicy.check_among(seeded() | rows)
    assert refused.value.code == code


def test_a_shorter_term_for_the_best_tier_is_fine():
    rows = {
        "resolution|tier=A": ClockPolicy(16 * HOUR, 50),
        "resolution|tier=B": ClockPolicy(20 * HOUR),
        "statement|category=delay": ClockPolicy(2 * HOUR),
        "statement|tier=A|category=delay": ClockPolicy(2 * HOUR, 50),
    }
    ClockPolicy.check_among(seeded() | rows)
