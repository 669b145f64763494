"""Rows of a rule set as people type them (LR-30)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.domain import ruletext
from claims.domain.ruleset import load
from claims.forms.rules import typed

SEED = json.loads((Path(__file__).parents[2] / "claims/seeds/ruleset.json").read_text(encoding="utf-8"))


def test_every_row_of_the_book_is_read_as_it_was_written() -> None:
    rows = []
    for row in SEED["rows"]:
        shown = typed(row)
        read = {**row, "condition": ruletext.condition_from(shown["condition"])}
        if "shares" in row:
            read["shares"] = ruletext.shares_from(shown["shares"])
        if "fines" in row:
            read["fines"] = ruletext.fines_from(shown["fines"])
        rows.append(read)
    assert rows == SEED["rows"]
    assert load({**SEED, "rows": rows}).row("LR-12").shares == load(SEED).row("LR-12").shares


def test_the_ways_people_write() -> None:
    assert ruletext.condition_from("kind：loss，damage; position: arrived") == {
        "kind": ["loss", "damage"], "position": ["arrived"],
    }  # fmt: skip
    assert ruletext.shares_from("loader 1/2, driver 1/2") == {"loader": "1/2", "driver": "1/2"}
    assert ruletext.fines_from("driver 5–10\nnoter 100 if noted: yes") == [
        {"party": "driver", "min": 5, "max": 10},
        {"party": "noter", "min": 100, "max": 100, "condition": {"noted": ["yes"]}},
    ]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (ruletext.condition_from, "kind loss"),
        (ruletext.condition_from, "kind: loss\nkind: damage"),
        (ruletext.condition_from, "kind:"),
        (ruletext.shares_from, "loader"),
        (ruletext.shares_from, "loader 1/2\nloader 1/2"),
        (ruletext.fines_from, "driver many"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read: object, text: str) -> None:
    with pytest.raises(ruletext.BadText):
        read(text)  # type: ignore[operator]
