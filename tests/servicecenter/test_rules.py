"""The table of rules says what is built, and the code cannot say otherwise (`manage.py rules`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from servicecenter.management.commands.rules import Command, Rule, contradictions, read

KNOWN = {"CMP-22", "CMP-23", "CMP-26", "CMP-27", "CMP-30", "SAN-01"}


def test_a_line_has_a_state_and_a_part_says_in_a_word_what_stands() -> None:
    assert read(
        "CMP-22\tRounds.\tbuilt\nCMP-26\tApproval.\tpart\tclock only\n\nCMP-28\tJoint review.\tnot built\n"
    ) == [
        Rule("CMP-22", "Rounds.", "built"),
        Rule("CMP-26", "Approval.", "part", "clock only"),
        Rule("CMP-28", "Joint review.", "not built"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "CMP-22\tRounds.",
        "CMP-22\tRounds.\tdone",
        "CMP-22\t\tbuilt",
        "CMP-22\tRounds.\tbuilt\tmostly",
        "CMP-22\tRounds.\tpart",
        "CMP-22\tRounds.\tpart\twhatever there was time for",
        "CMP-22\tRounds.\tbuilt\nCMP-22\tAgain.\tbuilt",
    ],
    ids=["no state", "another state", "no text", "built but", "no word", "too many words", "twice"],
)
def test_a_line_that_says_less_or_more_is_refused_by_its_id(line: str) -> None:
    with pytest.raises(CommandError, match="CMP-22"):
        read(line)


def test_a_range_is_told_from_a_name() -> None:
    named, ranged = Command().ids("(CMP-22 to CMP-27, SAN-01); CMP-30.", KNOWN)
    assert named == {"SAN-01", "CMP-30"}
    assert ranged == {"CMP-22", "CMP-23", "CMP-26", "CMP-27"}


def test_what_nothing_cites_by_its_name_is_not_built_and_what_is_cited_is_no_longer_unbuilt() -> None:
    rules = [
        Rule("CMP-22", "", "built"),
        Rule("CMP-23", "", "built"),
        Rule("CMP-26", "", "part", "clock only"),
        Rule("CMP-27", "", "not built"),
        Rule("CMP-30", "", "not built"),
    ]
    assert contradictions(rules, {"CMP-22": {"a.py"}, "CMP-30": {"b.py"}}) == [
        "CMP-23 is called built and nothing in the code cites it by its name",
        "CMP-26 is called part and nothing in the code cites it by its name",
        "CMP-30 is called not built and cited by b.py",
    ]


def test_a_rule_that_is_not_built_stands_nowhere_whatever_range_goes_over_it() -> None:
    page = Command().page(
        [Rule("CMP-26", "Approval.", "part", "clock only"), Rule("CMP-28", "Joint review.", "not built")],
        {"CMP-26": {"a.py"}, "CMP-28": {"a.py"}},
        {"CMP-28": {"tests/t.py"}},
    )
    assert "2 rules: 0 built, 1 in part, 1 not built." in page
    assert "| CMP-26 | Approval. | part: clock only | `a.py` |  |" in page
    assert "| CMP-28 | Joint review. | not built |  |  |" in page


def test_the_table_and_the_code_agree() -> None:
    rules = read((Path(settings.BASE_DIR) / "docs/rules.tsv").read_text())
    by_name, _code, _tests, _unknown = Command().cited({rule.code for rule in rules})
    assert contradictions(rules, by_name) == []
