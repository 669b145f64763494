"""Clocks as they look and speak (the look's chapter 6), in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from servicecenter import countdown

START = datetime(2026, 11, 18, 2, 7, tzinfo=UTC)
DUE = START + timedelta(hours=24)


@dataclass(frozen=True)
class Clock:
    state: str = "running"
    started_at: datetime = START
    due_at: datetime = DUE
    warn_at: datetime | None = None
    paused_at: datetime | None = None
    ended_at: datetime | None = None


def at(before_due: timedelta) -> datetime:
    return DUE - before_due


@pytest.mark.parametrize(
    ("left", "look", "words"),
    [
        pytest.param(timedelta(hours=9, minutes=36), "calm", "剩 9 时 36 分", id="calm"),
        pytest.param(timedelta(hours=6, seconds=1), "calm", "剩 6 时 00 分", id="a-second-before-75-percent"),
        pytest.param(timedelta(hours=6), "warn", "剩 6 时 00 分", id="75-percent"),
        pytest.param(timedelta(hours=3, minutes=12), "warn", "剩 3 时 12 分", id="warn"),
        pytest.param(timedelta(hours=2, seconds=1), "warn", "剩 2 时 00 分", id="a-second-before-hot"),
        pytest.param(timedelta(hours=2), "hot", "剩 2 时 00 分", id="hot-at-most-two-hours"),
        pytest.param(timedelta(minutes=48), "hot", "剩 48 分", id="hot"),
        pytest.param(timedelta(minutes=30), "hot", "剩 30 分", id="from-30-minutes-without-seconds"),
        pytest.param(
            timedelta(minutes=15, seconds=40), "hot", "剩 15 分 40 秒", id="seconds-below-30-minutes"
        ),
        pytest.param(timedelta(minutes=3, seconds=5), "hot", "剩 3 分 05 秒", id="two-digits"),
        pytest.param(timedelta(seconds=9), "hot", "剩 9 秒", id="last-minute"),
        pytest.param(timedelta(0), "over", "超 0 秒", id="the-due-second-is-over"),
        pytest.param(-timedelta(minutes=35, seconds=20), "over", "超 35 分", id="over"),
        pytest.param(-timedelta(hours=1, minutes=20), "over", "超 1 时 20 分", id="over-an-hour"),
        pytest.param(-timedelta(days=2, hours=3), "over", "超 2 天 3 时", id="over-days"),
    ],
)
def test_a_running_clock_says_what_is_left(left: timedelta, look: str, words: str) -> None:
    face = countdown.face(Clock(), at(left))
    assert (face.look, face.words) == (look, words)
    assert face.ticks


def test_of_a_short_limit_the_last_eighth_is_hot() -> None:
    clock = Clock(due_at=START + timedelta(minutes=8))
    assert countdown.face(clock, START + timedelta(minutes=6, seconds=59)).look == "warn"
    assert countdown.face(clock, START + timedelta(minutes=7)).look == "hot"


def test_a_policys_own_warning_point_counts() -> None:
    clock = Clock(warn_at=START + timedelta(hours=1))
    assert countdown.face(clock, START + timedelta(minutes=59)).look == "calm"
    assert countdown.face(clock, START + timedelta(hours=1)).look == "warn"


def test_a_paused_clock_says_how_long_it_rests_and_has_no_edge() -> None:
    since = START + timedelta(hours=2)
    face = countdown.face(Clock("paused", paused_at=since), since + timedelta(days=1, hours=2, minutes=50))
    assert (face.look, face.words, face.edge) == ("paused", "已停 1 天 2 时", "")


def test_a_met_clock_says_what_it_took() -> None:
    face = countdown.face(Clock("met", ended_at=START + timedelta(seconds=80)), DUE)
    assert (face.look, face.words, face.ticks) == ("met", "达成·1 分 20 秒", False)


def test_a_late_clock_says_by_how_much() -> None:
    face = countdown.face(
        Clock("late", ended_at=DUE + timedelta(hours=3, minutes=5)), DUE + timedelta(days=3)
    )
    assert (face.look, face.words, face.part) == ("late", "迟交 3 时 05 分", 1.0)


def test_the_edge_is_time_and_nothing_else() -> None:
    edges = {countdown.face(Clock(), at(timedelta(hours=hours))).edge for hours in (20, 5, 1, -1)}
    assert edges == {"", "warn", "hot", "over"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "剩 3 时 12 分"), ("zh-hant", "剩 3 時 12 分"), ("en", "3 h 12 min left")],
)
def test_a_clock_speaks_three_languages(language: str, words: str) -> None:
    with translation.override(language):
        assert countdown.face(Clock(), at(timedelta(hours=3, minutes=12))).words == words


def test_the_track_shows_the_share_gone_and_the_warning_mark() -> None:
    face = countdown.face(Clock(), at(timedelta(hours=18)))
    assert (face.part, face.warn_part) == (0.25, 0.75)
