"""The decision table LR-00 to LR-15, judged (chapter 03)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from claims.domain.conditions import Holds
from claims.domain.facts import BadFact, Facts, facts_from
from claims.domain.liability import judge
from tests.claims import table
from tests.claims.incidents import GONE, ORDINARY, P23, RULES, facts, fines, shares, verdict


@pytest.mark.parametrize(
    ("given", "outcome", "who"),
    [
        pytest.param({"traffic_or_theft": "yes"}, "LR-00", {}, id="LR-00"),
        pytest.param({"off_post": ["sorter"]}, "LR-13", {"sorter": "1"}, id="LR-13"),
        pytest.param({"swapped_post": ["driver"]}, "LR-14", {"driver": "1"}, id="LR-14"),
        pytest.param({"driver_record": "copied"}, "LR-06", {"driver": "1"}, id="LR-06-driver"),
        pytest.param({"loader_record": "copied"}, "LR-06", {"loader": "1"}, id="LR-06-loader"),
        pytest.param(
            {"refused": "yes", "copy_4": "noted", "noter": "branch"}, "LR-01", {"branch": "1"}, id="LR-01-any-copy"
        ),
        pytest.param(
            {"refused": "yes", "slip": "yes", "copy_4": "noted", "noter": "branch"},
            "LR-02",
            {"branch": "1"},
            id="LR-01-not-with-a-slip",
        ),
        pytest.param({"return_label_covered": "yes"}, "LR-15", {"branch": "1"}, id="LR-15"),
        pytest.param(
            {**P23, "position": "origin"}, "LR-03a", {"loader": "1/2", "driver": "1/2"}, id="LR-03a-halves"
        ),
        pytest.param(
            P23, "LR-03b", {"loader": "1/3", "driver": "1/3", "branch": "1/3"}, id="LR-03b-thirds"
        ),
        pytest.param(
            {**P23, "copy_4": "noted"},
            "LR-03b",
            {"loader": "1/3", "driver": "1/3", "branch": "1/3"},
            id="P23-whatever-copy-4-says",
        ),
        pytest.param(
            {**P23, "position": "transit", "noter": "loader"}, "LR-02", {"loader": "1"}, id="LR-22-P23-in-transit"
        ),
        pytest.param({"copy_2": "noted", "noter": "driver"}, "LR-02", {"driver": "1"}, id="LR-02"),
        pytest.param(
            {"copy_2": "noted", "noter": "tally_clerk"}, "LR-02", {"tally_clerk": "1"}, id="LR-22-tally-clerk"
        ),
        pytest.param({"copy_2": "noted"}, "NOTE_AUTHOR_UNKNOWN", {}, id="LR-23-no-slide-into-D"),
        pytest.param(
            {"entered": "no", **GONE}, "LR-08", {"loader": "1/2", "driver": "1/2"}, id="LR-08"
        ),
        pytest.param({"driver_record": "none"}, "LR-05", {"loader": "1/2", "driver": "1/2"}, id="LR-05"),
        pytest.param(
            {"loader_record": "none", "notice": "absent", **GONE},
            "LR-05",
            {"loader": "1/2", "driver": "1/2"},
            id="LR-22-LR-05-before-LR-09",
        ),
        pytest.param(
            {"driver_record": "none", "loader_record": "none"},
            "LR-12",
            {"loader": "7/10", "driver": "3/10"},
            id="LR-12",
        ),
        pytest.param({"notice": "absent"}, "LR-10", {"driver": "1/2", "sorter": "1/2"}, id="LR-10"),
        pytest.param({"notice": "noted"}, "LR-04a", {"driver": "1"}, id="LR-04a"),
        pytest.param({}, "LR-04b", {"branch": "1"}, id="LR-04b"),
        pytest.param(
            {"kind": "damage", "loader_record": "none", "notice": "absent", **GONE},
            "LR-09",
            {"loader": "1"},
            id="LR-09-damage-too",
        ),
        pytest.param(
            {"kind": "damage", "driver_record": "copied", "loader_record": "none", "notice": "absent", **GONE},
            "LR-09",
            {"loader": "1"},
            id="LR-09-copied-counts-as-recorded",
        ),
        pytest.param(
            {
                "copy_1": "missing", "driver_record": "none", "loader_record": "none", "notice": "absent",
                "loader_signature": "not_provable",
            },
            "LR-07",
            {"waybill_clerk": "1"},
            id="LR-07-residual",
        ),
        pytest.param({"kind": "damage"}, "DAMAGE_NO_RULE", {}, id="LR-23-plain-damage"),
        pytest.param({"kind": "none"}, "NO_INCIDENT", {}, id="LR-23-discipline-only"),
    ],
)  # fmt: skip
def test_an_incident_has_its_rule_and_its_shares(
    given: dict[str, Any], outcome: str, who: dict[str, str]
) -> None:
    found = verdict(**given)
    assert (found.outcome, shares(found)) == (outcome, who)
    assert list(found.shares) == list(who), "the party order of the rule set, for the fen left over"
    assert not found.provisional
    assert len(found.trace) == 18


@pytest.mark.parametrize(
    ("given", "pattern"),
    [
        pytest.param({"driver_record": "none", "entered": "no"}, "U1", id="U1"),
        pytest.param(GONE, "U2", id="U2"),
        pytest.param({"driver_record": "none", "loader_record": "none", "notice": "absent"}, "U3", id="U3"),
        pytest.param({"position": "transit"}, "U4", id="U4"),
        pytest.param({"notice": "absent", "system_up": "no"}, "U5", id="U5"),
        pytest.param({"loader_record": "none", "entered": "no"}, "U6", id="U6"),
    ],
)
def test_a_loss_that_no_rule_covers_says_its_pattern_and_the_nearest_rules(
    given: dict[str, Any], pattern: str
) -> None:
    found = verdict(**given)
    assert (found.outcome, found.sub_code) == ("LOSS_PATTERN", pattern)
    assert found.is_manual and not found.shares
    assert len(found.nearest) == 3 and all(row.failed for row in found.nearest)


def test_the_documentary_core_is_judged_as_by_a_second_hand() -> None:
    """LR-24: kind × position × copies × records × entered × system × notice × signature: each has one outcome."""
    words, records = ("missing", "clean", "noted"), ("none", "recorded", "copied")
    yes_no, notices = ("yes", "no"), ("absent", "clean", "noted")
    names = ("driver_record", "loader_record", "entered", "system_up", "notice", "loader_signature")
    papers = []
    for values in product(records, records, yes_no, yes_no, notices, ("provable", "not_provable")):
        plain = dict(zip(names, values, strict=True))
        papers.append((plain, plain | {name: plain[name] == "yes" for name in ("entered", "system_up")}))
    rest = {"refused": False, "slip": False, "return_label_covered": False, "traffic_or_theft": False}
    posts: dict[str, Any] = {"off_post": (), "swapped_post": ()}
    seen: set[str] = set()
    count = 0
    for kind, position, copies in product(
        ("loss", "damage"), ("origin", "transit", "arrived"), product(words, repeat=4)
    ):
        for noter in ("driver", "unknown") if "noted" in copies else ("unknown",):
            shown: dict[str, Any] = {"kind": kind, "position": position, "noter": noter}
            shown |= {f"copy_{number}": value for number, value in enumerate(copies, 1)}
            for plain, typed in papers:
                given = ORDINARY | shown | plain
                found = judge(Facts(**rest, **posts, **shown, **typed), RULES)
                wanted, who = table.outcome(given)
                name = f"{found.outcome}/{found.sub_code}" if found.sub_code else found.outcome
                if name != wanted or shares(found) != who or found.depends_on:
                    raise AssertionError(f"{name} {shares(found)} instead of {wanted} {who}: {given}")
                seen.add(name)
                count += 1
    assert count == 2 * 3 * (81 + 65) * 216, (
        "65 of the 81 looks of four copies hold a note: with and without writer"
    )
    assert seen == {
        "LR-06", "LR-03a", "LR-03b", "LR-02", "LR-08", "LR-05", "LR-12", "LR-10", "LR-04a", "LR-04b", "LR-09", "LR-07",
        "MULTIPLE_SOLE_LIABILITY", "NOTE_AUTHOR_UNKNOWN", "DAMAGE_NO_RULE", "LOSS_PATTERN/U1", "LOSS_PATTERN/U2",
        "LOSS_PATTERN/U3", "LOSS_PATTERN/U4", "LOSS_PATTERN/U5", "LOSS_PATTERN/U6",
    }  # fmt: skip


def test_whatever_was_done_at_the_posts_and_the_label_is_judged_as_by_a_second_hand() -> None:
    """Tiers gate, A and B over every writer, hand-off and post (LR-24)."""
    people: tuple[tuple[str, ...], ...] = ((), ("driver",), ("loader", "driver"))
    for kind, traffic, label, refused, slip, off, swapped, noter, copy, record in product(
        ("loss", "damage", "none"), ("no", "yes"), ("no", "yes"), ("no", "yes"), ("no", "yes"), people, people,
        ("unknown", "driver", "branch"), ("clean", "noted"), ("recorded", "copied"),
    ):  # fmt: skip
        given = dict(
            ORDINARY, kind=kind, traffic_or_theft=traffic, return_label_covered=label, refused=refused, slip=slip,
            off_post=list(off), swapped_post=list(swapped), noter=noter, copy_3=copy, driver_record=record,
        )  # fmt: skip
        found = judge(facts_from(given), RULES)
        assert (found.outcome, shares(found)) == table.outcome(given), given


class TestFines:
    """LR-20: beside the shares, over all rows that match."""

    def test_lr_02s_fine_stands_beside_lr_03(self) -> None:
        found = verdict(**P23, noter="driver")
        assert found.outcome == "LR-03b"
        assert fines(found) == [("driver", "LR-02", 100, 100)]
        assert found.also_matched == ("LR-02", "LR-04b")

    def test_no_fine_while_nobody_knows_who_wrote_the_note(self) -> None:
        assert fines(verdict(**P23)) == []

    def test_the_fine_for_the_note_needs_no_loss(self) -> None:
        found = verdict(kind="none", copy_1="noted", noter="loader")
        assert found.outcome == "NO_INCIDENT" and not found.shares
        assert fines(found) == [("loader", "LR-02", 100, 100)]

    def test_a_post_left_without_loss_costs_nothing(self) -> None:
        assert fines(verdict(kind="none", off_post=["loader"])) == []

    def test_records_that_neither_kept_cost_both_on_arrival(self) -> None:
        found = verdict(kind="none", driver_record="none", loader_record="none")
        assert fines(found) == [("driver", "LR-11", 5, 10), ("loader", "LR-11", 5, 10)]
        assert (
            fines(verdict(kind="none", driver_record="none", loader_record="none", position="transit")) == []
        )

    def test_a_copied_record_is_one_for_lr_11(self) -> None:
        assert fines(verdict(kind="none", driver_record="copied", loader_record="none")) == []

    def test_the_insurance_route_fines_nobody(self) -> None:
        assert fines(verdict(traffic_or_theft="yes", off_post=["driver"])) == []


class TestSoleLiability:
    """LR-21: tier A by person."""

    def test_two_people_are_a_persons_decision_with_equal_shares_suggested(self) -> None:
        found = verdict(off_post=["loader"], swapped_post=["driver"])
        assert found.outcome == "MULTIPLE_SOLE_LIABILITY" and not found.shares
        assert {party: str(share) for party, share in found.suggestion.items()} == {
            "loader": "1/2",
            "driver": "1/2",
        }
        assert fines(found) == [("loader", "LR-13", 50, 50), ("driver", "LR-14", 50, 50)]
        assert found.also_matched == ("LR-13", "LR-14", "LR-04b")

    def test_both_records_copied_by_two_people(self) -> None:
        assert verdict(driver_record="copied", loader_record="copied").outcome == "MULTIPLE_SOLE_LIABILITY"

    def test_one_person_in_two_roles_bears_all_and_both_fines(self) -> None:
        found = verdict(
            off_post=["loader"], driver_record="copied", persons={"loader": "马强", "driver": "马强"}
        )
        assert found.outcome == "LR-13" and shares(found) == {"loader": "1"}
        assert fines(found) == [("loader", "LR-13", 50, 50), ("driver", "LR-06", 100, 100)]
        assert {fine.person for fine in found.fines} == {"马强"}


class TestUnknownFacts:
    """LR-33: provisional, and asks only for what would decide."""

    def test_an_unknown_post_leaves_the_verdict_provisional(self) -> None:
        found = verdict(off_post=None)
        assert (found.outcome, found.provisional, found.depends_on) == ("LR-04b", True, ("off_post",))

    def test_facts_that_change_nothing_are_not_asked_for(self) -> None:
        found = verdict(
            **P23, loader_signature=None, notice=None, entered=None, system_up=None, noter="driver"
        )
        assert (found.outcome, found.depends_on) == ("LR-03b", ())

    def test_copy_4_is_not_asked_for_where_copies_1_to_3_are_p23(self) -> None:
        assert verdict(**{**P23, "copy_4": None}, noter="driver").depends_on == ()

    def test_a_missing_first_copy_is_no_p23_whatever_the_others_say(self) -> None:
        found = verdict(copy_1="missing", copy_2="noted", copy_3=None, noter="driver")
        assert (found.outcome, found.depends_on) == ("LR-02", ())
        row = {item.row: item for item in found.trace}["LR-03b"]
        assert row.holds is Holds.NO and row.failed == (("note", "partial"),)

    def test_a_writer_still_asked_for_stops_before_the_papers(self) -> None:
        found = verdict(copy_2="noted", noter=None)
        assert (found.outcome, found.depends_on) == ("NOTE_AUTHOR_UNKNOWN", ("noter",))

    def test_a_writer_nobody_can_name_is_no_open_question(self) -> None:
        assert verdict(copy_2="noted", noter="unknown").depends_on == ()

    def test_nothing_known_asks_for_everything_that_matters_and_decides_nothing(self) -> None:
        found = judge(facts_from({}), RULES)
        assert found.provisional and not found.shares and not found.fines
        assert "kind" in found.depends_on and "waybill_qty" not in found.depends_on

    def test_where_nothing_happened_only_the_gate_is_open(self) -> None:
        assert judge(facts_from({"kind": "none"}), RULES).depends_on == ("traffic_or_theft",)

    @pytest.mark.parametrize("fact", [name for name in ORDINARY if name != "noter"])
    def test_an_open_fact_is_asked_for_exactly_when_some_answer_changes_the_outcome(self, fact: str) -> None:
        """Against the second table, around four incidents."""
        answers: dict[str, tuple[Any, ...]] = {
            "kind": ("loss", "damage", "none"), "position": ("origin", "transit", "arrived"),
            "driver_record": ("none", "recorded", "copied"), "loader_record": ("none", "recorded", "copied"),
            "notice": ("absent", "clean", "noted"), "loader_signature": ("provable", "not_provable"),
            "off_post": ([], ["driver"]), "swapped_post": ([], ["driver"]),
            **dict.fromkeys(("copy_1", "copy_2", "copy_3", "copy_4"), ("missing", "clean", "noted")),
        }  # fmt: skip
        for around in (
            {},
            P23,
            {**GONE, "loader_record": "none", "entered": "no"},
            {"copy_4": "noted", "noter": "driver"},
        ):
            known = {**ORDINARY, **around}
            results = {
                table.outcome({**known, fact: answer})[0].split("/")[0]
                for answer in answers.get(fact, ("yes", "no"))
            }
            found = judge(facts_from({**known, fact: None}), RULES)
            assert (fact in found.depends_on) is (len(results) > 1), (around, results)


class TestEvidence:
    """EV-01 to EV-04."""

    def test_pieces_above_the_drivers_count_are_a_count_dispute(self) -> None:
        found = verdict(waybill_qty=10, driver_qty=8, loader_qty=10, received_qty=8)
        assert found.outcome == "COUNT_DISPUTE" and not found.shares
        assert found.warnings == ("count_dispute_above_driver",)

    def test_pieces_missing_by_the_drivers_count_are_a_loss(self) -> None:
        found = verdict(waybill_qty=10, driver_qty=8, loader_qty=10, received_qty=7)
        assert found.outcome == "LR-04b"
        assert found.warnings == ("count_dispute_above_driver",)

    def test_equal_counts_are_no_dispute(self) -> None:
        assert verdict(driver_qty=10, loader_qty=10, received_qty=10).warnings == ()

    def test_a_complete_note_of_an_unknown_writer_goes_on_and_warns(self) -> None:
        noted = dict.fromkeys(("copy_1", "copy_2", "copy_3", "copy_4"), "noted")
        found = verdict(**noted, refused="yes", noter="unknown")
        assert (found.outcome, found.warnings) == ("LR-04b", ("lr01_lacks_writer",))
        assert verdict(**noted, refused="yes", noter="loader").outcome == "LR-01"


class TestFacts:
    """The closed list (LR-30)."""

    def test_yes_and_no_may_be_booleans_and_absent_null_and_unknown_are_unknown(self) -> None:
        read = facts_from({"refused": True, "slip": "no", "entered": None, "system_up": "unknown"})
        assert (read.refused, read.slip, read.entered, read.system_up) == (True, False, None, None)

    def test_not_provable_is_one_answer_in_two_spellings(self) -> None:
        assert facts_from({"loader_signature": "not provable"}) == facts_from(
            {"loader_signature": "not_provable"}
        )

    def test_of_the_noter_unknown_is_an_answer(self) -> None:
        assert facts_from({"noter": "unknown"}).noter == "unknown"
        assert facts_from({}).noter is None

    @pytest.mark.parametrize(
        "given",
        [
            {"colour": "red"}, {"kind": "lost"}, {"kind": ["loss"]}, {"refused": "maybe"}, {"refused": 1.5},
            {"off_post": "driver"}, {"off_post": ["pilot"]}, {"noter": "nobody"}, {"waybill_qty": -1},
            {"waybill_qty": True}, {"waybill_qty": "3"}, {"persons": ["马强"]}, {"persons": {"pilot": "马强"}},
            {"kind": {}},
        ],
        ids=str,
    )  # fmt: skip
    def test_anything_else_is_refused_by_name(self, given: dict[str, Any]) -> None:
        with pytest.raises(BadFact) as refused:
            facts_from(given)
        assert refused.value.fact == next(iter(given))
        assert str(refused.value).startswith(refused.value.fact)


def test_a_judgement_of_the_same_facts_is_the_same_in_any_order_of_asking() -> None:
    first = judge(facts(**P23), RULES)
    judge(facts(kind=None, copy_2=None), RULES)
    assert judge(facts(**P23), RULES) == first
