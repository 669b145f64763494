"""Rule sets as data: what is loaded, what contradicts, what is left open (LR-22, LR-30 to LR-34)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from claims.domain.liability import judge
from claims.domain.ruleset import BadRuleSet, load
from claims.domain.situations import KNOWN_GAPS, broken_cases, changes, gaps, overlaps
from claims.domain.switches import SWITCHES
from claims.queries.rulesets import golden_cases
from tests.claims.incidents import DATA, GONE, P23, RULES, facts, shares


def _data(**switches: bool) -> dict[str, Any]:
    return {**deepcopy(DATA), "switches": {**DATA["switches"], **switches}}


def _row(data: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in data["rows"] if row["id"] == name)
    return found


def test_the_rows_stand_in_the_books_order() -> None:
    """LR-34."""
    assert [(row.tier, row.priority, row.id) for row in RULES.rows] == [
        ("gate", 1, "LR-00"), ("A", 1, "LR-13"), ("A", 1, "LR-14"), ("A", 1, "LR-06"), ("A", 1, "LR-01"),
        ("B", 1, "LR-15"), ("C", 1, "LR-03a"), ("C", 1, "LR-03b"), ("C", 2, "LR-02"), ("D", 1, "LR-08"),
        ("D", 1, "LR-05"), ("D", 1, "LR-12"), ("D", 1, "LR-10"), ("D", 1, "LR-04a"), ("D", 1, "LR-04b"),
        ("D", 2, "LR-09"), ("E", 1, "LR-07"), ("fine", 1, "LR-11"),
    ]  # fmt: skip


def test_every_row_is_said_in_three_languages() -> None:
    for row in RULES.rows:
        assert set(row.sentence) == {"zh-Hans", "zh-Hant", "en"}, row.id


def test_shares_stand_in_the_party_order_whatever_order_the_data_have() -> None:
    """JSON objects lose their order in the database; the fen left over must not follow it (MON-02)."""
    data = _data()
    _row(data, "LR-03b")["shares"] = {"branch": "1/3", "driver": "1/3", "loader": "1/3"}
    assert [party for party, _share in load(data).row("LR-03b").shares] == ["loader", "driver", "branch"]


def _set(name: str, **columns: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: _row(data, name).update(columns)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(
            _set("LR-08", shares={"driver": "1/2", "loader": "1/3"}), "LR-08: shares do not sum", id="sum"
        ),
        pytest.param(_set("LR-08", shares={"pilot": "1"}), "LR-08: unknown party pilot", id="party"),
        pytest.param(
            _set("LR-08", shares={"driver": 0.5, "loader": 0.5}), "LR-08: a share is a fraction", id="float"
        ),
        pytest.param(
            _set("LR-08", shares={"driver": "3/2", "loader": "-1/2"}), "LR-08: a share", id="negative"
        ),
        pytest.param(
            _set("LR-08", shares={"driver": "half"}), "LR-08: half is not a fraction", id="no-fraction"
        ),
        pytest.param(_set("LR-08", shares={}), "LR-08: a row of tier D needs shares", id="none"),
        pytest.param(
            _set("LR-11", shares={"driver": "1"}), "LR-11: a row of tier fine has no shares", id="fine-only"
        ),
        pytest.param(_set("LR-08", condition={"weather": ["bad"]}), "LR-08: unknown fact weather", id="fact"),
        pytest.param(
            _set("LR-08", condition={"kind": ["stolen"]}), "LR-08: kind has no value stolen", id="value"
        ),
        pytest.param(_set("LR-08", condition={}), "LR-08: no condition", id="no-condition"),
        pytest.param(_set("LR-08", tier="F"), "LR-08: unknown tier F", id="tier"),
        pytest.param(_set("LR-08", priority="first"), "LR-08: 'first' is not a whole number", id="priority"),
        pytest.param(
            _set("LR-06", fines=[{"party": "copier", "min": 100, "max": 50}]), "LR-06: a fine", id="fine"
        ),
        pytest.param(
            _set("LR-06", shares={"copier": "1/2", "branch": "1/2"}), "LR-06: whoever", id="role-and-party"
        ),
        pytest.param(_set("LR-06", sentence={"en": "copied"}), "LR-06: the sentence", id="sentence"),
        pytest.param(
            lambda data: data["rows"].append(data["rows"][0]), "a row stands twice: LR-00", id="twice"
        ),
        pytest.param(lambda data: data["party_order"].pop(), "the party order", id="party-order"),
        pytest.param(lambda data: data["switches"].update(moon=True), "unknown switch moon", id="switch"),
        pytest.param(
            lambda data: data["switches"].update(lr07_residual="no"), "lr07_residual", id="switch-value"
        ),
        pytest.param(lambda data: data.pop("party_order"), "not a rule set", id="no-rule-set"),
    ],
)
def test_a_bad_rule_set_is_refused_with_the_row(spoil: Callable[[dict[str, Any]], None], told: str) -> None:
    """LR-30."""
    data = _data()
    spoil(data)
    with pytest.raises(BadRuleSet) as refused:
        load(data)
    assert str(refused.value).startswith(told)


class TestSwitches:
    """LR-22: each reading can be taken the other way, for a version of its own."""

    @pytest.mark.parametrize(
        ("switch", "given", "on", "off"),
        [
            ("p23_before_note", {**P23, "noter": "driver"}, "LR-03b", "LR-02"),
            (
                "p23_in_transit_is_note",
                {**P23, "position": "transit", "noter": "driver"},
                "LR-02",
                "LOSS_PATTERN",
            ),
            ("lr05_before_lr09", {"loader_record": "none", "notice": "absent", **GONE}, "LR-05", "LR-09"),
            ("lr04_needs_arrival", {"position": "transit"}, "LOSS_PATTERN", "LR-04b"),
            (
                "lr07_residual",
                {"loader_record": "none", "loader_signature": "not_provable", **GONE},
                "LR-05",
                "LR-07",
            ),
            ("no_waybill_means_copies_1_to_3", {"entered": "no", **GONE}, "LR-08", "LR-04b"),
            (
                "full_note_of_unknown_writer_goes_on",
                dict.fromkeys(("copy_1", "copy_2", "copy_3", "copy_4"), "noted"),
                "LR-04b",
                "NOTE_AUTHOR_UNKNOWN",
            ),
        ],
    )
    def test_the_other_reading_decides_otherwise(
        self, switch: str, given: dict[str, Any], on: str, off: str
    ) -> None:
        assert judge(facts(**given), RULES).outcome == on
        assert judge(facts(**given), load(_data(**{switch: False}))).outcome == off

    def test_the_tally_clerk_may_be_charged_as_loader(self) -> None:
        given = facts(copy_2="noted", noter="tally_clerk")
        assert shares(judge(given, RULES)) == {"tally_clerk": "1"}
        assert shares(judge(given, load(_data(tally_clerk_as_tally_clerk=False)))) == {"loader": "1"}

    def test_every_switch_is_named_in_the_seeded_version(self) -> None:
        assert DATA["switches"] == dict.fromkeys(SWITCHES, True)


class TestCheck:
    """LR-32."""

    def test_the_seeded_rules_do_not_contradict_and_leave_open_what_the_book_says(self) -> None:
        assert overlaps(RULES) == []
        found = gaps(RULES)
        assert [gap.code for gap in found] == [*KNOWN_GAPS, "MULTIPLE_SOLE_LIABILITY"]
        assert all(gap.count > 0 for gap in found)
        for gap in found:
            verdict = judge(facts(**gap.example), RULES)
            assert (verdict.sub_code or verdict.outcome) == gap.code

    def test_two_rows_of_one_place_that_hold_together_with_different_shares_are_named_with_an_example(
        self,
    ) -> None:
        data = _data()
        _row(data, "LR-09")["priority"] = 1
        found = overlaps(load(data))
        assert [(one.first, one.second) for one in found] == [("LR-05", "LR-09")]
        example = facts(**found[0].example)
        trace = {row.row: row.holds for row in judge(example, load(data)).trace}
        assert (trace["LR-05"], trace["LR-09"]) == ("yes", "yes")

    def test_tier_a_may_overlap(self) -> None:
        """LR-21 decides it."""
        trace = {
            row.row: row.holds
            for row in judge(facts(off_post=["loader"], swapped_post=["driver"]), RULES).trace
        }
        assert (trace["LR-13"], trace["LR-14"]) == ("yes", "yes")
        assert overlaps(RULES) == []

    def test_what_another_version_decides_differently_is_counted(self) -> None:
        assert changes(RULES, RULES) == 0
        assert changes(RULES, load(_data(lr05_before_lr09=False))) == 48

    def test_the_golden_cases_hold_and_a_broken_one_is_named(self) -> None:
        assert broken_cases(RULES, golden_cases()) == []
        broken = broken_cases(load(_data(p23_before_note=False)), golden_cases())
        assert broken == ["P23 on arrival, noter known: LR-02 {'driver': '1'} instead of LR-03b"]
