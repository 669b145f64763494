"""`judge_liability` and `check_ruleset`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import RuleSetVersion
from tests.claims.incidents import DATA, ORDINARY, P23

pytestmark = pytest.mark.django_db


def _judge(path: Path, *options: str, fails: str = "") -> tuple[list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    if fails:
        with pytest.raises(CommandError, match=fails):
            call_command("judge_liability", str(path), *options, stdout=out, stderr=err)
    else:
        call_command("judge_liability", str(path), *options, stdout=out, stderr=err)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where facts stand."""
    return tmp_path / "facts.jsonl"


def test_p23_on_arrival_is_answered_in_thirds(file: Path) -> None:
    file.write_text(json.dumps({**ORDINARY, **P23, "noter": "driver"}) + "\n")
    found, problems = _judge(file)
    assert found == [
        {
            "outcome": "LR-03b",
            "sub_code": None,
            "shares": {"loader": "1/3", "driver": "1/3", "branch": "1/3"},
            "fines": [{"party": "driver", "rule": "LR-02", "min": 100, "max": 100}],
            "also_matched": ["LR-02", "LR-04b"],
            "provisional": False,
            "depends_on": [],
            "ruleset": "2026-1",
        }
    ]
    assert list(found[0]["shares"]) == ["loader", "driver", "branch"]
    assert problems == ""


def test_the_trace_says_for_every_row_why(file: Path) -> None:
    file.write_text(json.dumps({**ORDINARY, "off_post": None}))
    (found,) = _judge(file, "--trace")[0]
    assert [row["row"] for row in found["trace"]] == [row["id"] for row in _in_order()]
    by_row = {row["row"]: row for row in found["trace"]}
    assert by_row["LR-04b"] == {"row": "LR-04b", "holds": "yes", "failed": [], "open_on": []}
    assert by_row["LR-13"] == {"row": "LR-13", "holds": "open", "failed": [], "open_on": ["off_post"]}
    assert by_row["LR-04a"]["failed"] == [["notice", "clean"]]
    assert (found["provisional"], found["depends_on"]) == (True, ["off_post"])


def _in_order() -> list[dict[str, Any]]:
    tiers = ["gate", "A", "B", "C", "D", "E", "fine"]
    return sorted(DATA["rows"], key=lambda row: (tiers.index(row["tier"]), row["priority"]))


def test_empty_lines_are_passed_over_and_a_byte_order_mark_is_no_fault(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf\n" + json.dumps({"kind": "none"}).encode() + b"\r\n\n  \n")
    found, problems = _judge(file)
    assert [row["outcome"] for row in found] == ["NO_INCIDENT"]
    assert problems == ""


def test_an_array_is_read_as_well(file: Path) -> None:
    file.write_text(json.dumps([{"kind": "none"}, {"traffic_or_theft": True}], indent=2))
    assert [row["outcome"] for row in _judge(file)[0]] == ["NO_INCIDENT", "LR-00"]


def test_bad_lines_are_all_told_with_their_number_and_the_good_ones_judged(file: Path) -> None:
    lines = [
        json.dumps({"kind": "none"}),
        json.dumps({"colour": "red"}),
        "",
        json.dumps({"position": "moon"}),
        "{",
        "[1]",
        '{"kind": "none", "kind": "loss"}',
        json.dumps({"traffic_or_theft": "yes"}),
    ]
    file.write_text("\n".join(lines))
    found, problems = _judge(file, fails="5 line")
    assert [row.get("outcome", row.get("line")) for row in found] == ["NO_INCIDENT", 2, 4, 5, 6, 7, "LR-00"]
    told = problems.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 2", "line 4", "line 5", "line 6", "line 7"]
    assert "'moon'" in told[1] and "origin, transit, arrived" in told[1]
    assert "kind stands twice" in told[4]


@pytest.mark.parametrize(
    ("content", "options", "fails"),
    [
        pytest.param(None, (), "No such file", id="no-file"),
        pytest.param(b"\xff\xfe{", (), "not UTF-8", id="not-utf-8"),
        pytest.param(b"{}", ("--ruleset", "1999-1"), "1999-1", id="no-such-version"),
        pytest.param(b"{}", ("--on", "yesterday"), "yesterday is not a day", id="no-day"),
        pytest.param(b"{}", ("--on", "2019-12-31"), "2019-12-31", id="LR-31-no-rules-that-day"),
    ],
)
def test_what_cannot_be_begun_is_refused(
    file: Path, content: bytes | None, options: tuple[str, ...], fails: str
) -> None:
    if content is not None:
        file.write_bytes(content)
    assert _judge(file, *options, fails=fails) == ([], "")


def test_the_version_may_be_chosen(file: Path) -> None:
    data = {**DATA, "version": "2027-1", "switches": {**DATA["switches"], "p23_before_note": False}}
    RuleSetVersion.objects.create(
        code="2027-1", valid_from="2027-01-01", data=data, created_at="2026-11-18T02:00:00Z"
    )
    file.write_text(json.dumps({**ORDINARY, **P23, "noter": "driver"}))
    assert _judge(file, "--ruleset", "2027-1")[0][0]["outcome"] == "LR-02"
    assert _judge(file)[0][0]["outcome"] == "LR-03b"


def _check(*options: str) -> str:
    out = io.StringIO()
    call_command("check_ruleset", *options, stdout=out)
    return out.getvalue()


def test_the_check_names_the_gaps_and_no_overlap() -> None:
    told = _check()
    for gap in ("U1", "U2", "U3", "U4", "U5", "U6"):
        assert f"LOSS_PATTERN {gap}:" in told
    assert "overlaps none" in told
    found = json.loads(_check("2026-1", "--json"))
    assert found["is_sound"] and found["overlaps"] == []


def test_a_version_with_an_overlap_fails_the_check() -> None:
    rows = [{**row, "priority": 1} for row in DATA["rows"]]
    RuleSetVersion.objects.create(
        code="2027-2", valid_from="2027-01-01", data={**DATA, "rows": rows}, created_at="2026-11-18T02:00:00Z"
    )
    out = io.StringIO()
    with pytest.raises(CommandError, match="cannot be published"):
        call_command("check_ruleset", "2027-2", stdout=out)
    assert "LR-05 and LR-09" in out.getvalue()
    assert "LR-03b and LR-02" in out.getvalue()


def test_an_unknown_version_and_a_broken_one_are_told() -> None:
    with pytest.raises(CommandError, match="nope"):
        _check("nope")
    RuleSetVersion.objects.create(
        code="2027-3", valid_from="2027-01-01", data={**DATA, "rows": [{}]}, created_at="2026-11-18T02:00:00Z"
    )
    with pytest.raises(CommandError, match="cannot be loaded"):
        _check("2027-3")


def test_without_a_database_the_shipped_rules_judge_and_it_is_said(file: Path) -> None:
    file.write_text(json.dumps({**ORDINARY, **P23, "noter": "driver"}) + "\n")
    away = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/gone"}
    command = [sys.executable, "manage.py", "judge_liability", str(file)]
    done = subprocess.run(command, env=away, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["shares"] == {"loader": "1/3", "driver": "1/3", "branch": "1/3"}
    assert done.stderr == "No database with the rules in force: judged by the rules as shipped.\n"
