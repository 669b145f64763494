"""Which clock speaks for a row, and what is overdue when read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deadlines.domain.display import is_overdue, speaking

TEN = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
H = timedelta(hours=1)


@dataclass(frozen=True)
class Chip:
    state: str
    due_at: datetime
    owner_right: str = ""
    department_id: int = 1


def test_the_earliest_running_deadline_speaks_for_the_row():
    late, early = Chip("running", TEN + 5 * H), Chip("running", TEN + H)
    assert speaking([late, early, Chip("met", TEN - H)]) is early


def test_a_paused_clock_speaks_only_when_none_runs():
    paused, running = Chip("paused", TEN), Chip("running", TEN + 72 * H)
    assert speaking([paused, running]) is running
    assert speaking([paused]) is paused


def test_nothing_open_shows_nothing():
    assert speaking([Chip("met", TEN), Chip("late", TEN), Chip("off", TEN)]) is None


def test_a_handler_sees_the_clock_his_department_must_meet():
    resolution = Chip("running", TEN + H)
    ours = Chip("running", TEN + 4 * H, "complaints.hand_in_statement", 7)
    theirs = Chip("running", TEN + 2 * H, "complaints.hand_in_statement", 8)
    assert speaking([resolution, theirs, ours], department_ids=[7]) is ours
    assert speaking([resolution], department_ids=[7]) is None


def test_a_passed_deadline_is_overdue_when_read_whatever_any_process_noticed():
    assert is_overdue(state="running", due_at=TEN, now=TEN)
    assert not is_overdue(state="running", due_at=TEN + H, now=TEN)
    assert not is_overdue(state="paused", due_at=TEN - H, now=TEN)
    assert not is_overdue(state="met", due_at=TEN - H, now=TEN)
