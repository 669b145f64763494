"""What is wrong with an intake, what a ticket is called, which policies make sense: without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.domain.intake import MAX_TEXT, Intake, problems
from complaints.domain.policy import HandlingPolicy, RecurrencePolicy
from complaints.domain.searchable import joined
from complaints.domain.summary import summary_of
from servicecenter.kernel.errors import RuleBroken

GOOD = Intake(channel="telephone", category="delay", text="三天没到。")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"category": ""}, [("category", "complaint.category_needed")], id="no-category"),
        pytest.param({"text": "  \n"}, [("text", "complaint.text_needed")], id="no-text"),
        pytest.param({"text": "长" * MAX_TEXT}, [], id="as-long-as-may-be"),
        pytest.param({"text": "长" * (MAX_TEXT + 1)}, [("text", "complaint.too_long")], id="too-long"),
        pytest.param({"text": "𠮷野家送错了 😡 䶮"}, [], id="rare-characters-and-emoji"),
        pytest.param({"text": "a\x00b"}, [("text", "complaint.unreadable")], id="nul"),
        pytest.param(
            {"settle": "on_spot"}, [("resolution", "complaint.resolution_needed")], id="on-the-spot-how"
        ),
        pytest.param(
            {"department_id": 4},
            [("route_reason", "complaint.route_reason_needed")],
            id="CMP-11-elsewhere-why",
        ),
        pytest.param(
            {"linked_number": "TS1", "other_matter": True},
            [("linked_number", "complaint.linked_or_other")],
            id="both",
        ),
        pytest.param(
            {"category": "", "text": ""},
            [("category", "complaint.category_needed"), ("text", "complaint.text_needed")],
            id="all-at-once",
        ),
    ],
)
def test_everything_wrong_is_named_with_its_field(
    given: dict[str, object], found: list[tuple[str, str]]
) -> None:
    assert [(one.field, one.code) for one in problems(replace(GOOD, **given))] == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("说好上午送到，等到晚上也没人联系。要求今天送到。", "说好上午送到，等到晚上也没人联系"),
        ("差！送餐慢了一个小时", "差！送餐慢了一个小时"),
        ("！！！太慢了", "太慢了"),
        ("\n  货到了，箱子压坏\n两个", "货到了，箱子压坏"),
        ("Arrived 2.5 hours late. Never again.", "Arrived 2.5 hours late"),
        ("好" * 50, "好" * 39 + "…"),
        (
            "前面这一句话有二十三个字左右才会到逗号那里的，" + "后" * 40,
            "前面这一句话有二十三个字左右才会到逗号那里的…",
        ),
        ("。。。", "。。。"),
        ("", ""),
    ],
)
def test_a_ticket_is_called_by_its_first_sentence(text: str, summary: str) -> None:
    assert summary_of(text) == summary
    assert len(summary_of(text)) <= 40


def test_names_stand_behind_a_sign_that_searches_of_the_respondent_stop_at() -> None:
    assert joined("ts1 晚到", "刘海涛") == "ts1 晚到 ¦ 刘海涛"
    assert joined("ts1 晚到", "") == "ts1 晚到"


@pytest.mark.parametrize(
    "given",
    [
        {"follow_up_tries": 0},
        {"follow_up_days": 4},
        {"pause_seconds": 0},
        {"not_agreed_from_round": 1},
        {"chases_raise_at": 0},
        {"incident_roles": ()},
        {"incident_roles": "enterprise_management"},
        {"leader_roles": ("",)},
        {"similar_percent": 101},
        {"duty_after_seconds": -1},
    ],
)
def test_a_handling_policy_that_makes_no_sense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        HandlingPolicy(**given)  # type: ignore[arg-type]


def test_the_defaults_are_the_book_s() -> None:
    handling, recurrence = HandlingPolicy(), RecurrencePolicy()
    assert (handling.follow_up_tries, handling.follow_up_days) == (3, 2)
    assert handling.pause_seconds == 72 * 3600
    assert handling.not_agreed_from_round == 3
    assert handling.chases_raise_at == 2
    assert handling.duty_after_seconds == 30 * 60
    assert handling.incident_roles == ("enterprise_management", "centre_manager")
    assert (recurrence.count, recurrence.days, recurrence.quiet_days, recurrence.per_thousand) == (
        3,
        30,
        30,
        None,
    )


@pytest.mark.parametrize("given", [{"count": 1}, {"days": 0}, {"quiet_days": 0}, {"per_thousand": 0}])
def test_a_recurrence_policy_that_makes_no_sense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        RecurrencePolicy(**given)  # type: ignore[arg-type]
