"""Relay and sealer are killed at every statement: a message leaves at least once, the chain of seals stays whole."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from servicecenter import outbox, trail
from servicecenter.clock import now_db
from servicecenter.models import OutboxMessage, TrailEntry, TrailSeal, TrailUnsealed
from tests import people
from tests.faults.crash import Act, Child, Crash, crash_everywhere
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def sent(settings: Any, tmp_path: Path) -> Path:
    """Mails are written to files, so that those of a killed process are seen too."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def arrived(sent: Path) -> Counter[str]:
    """How often each message has left, by its Message-ID."""
    found: Counter[str] = Counter()
    for path in sent.glob("*"):
        for part in path.read_bytes().split(b"-" * 79 + b"\n"):
            if part.strip():
                found[str(message_from_bytes(part)["Message-ID"])] += 1
    return found


def test_a_relay_killed_at_any_statement_loses_no_message_and_repeats_at_most_the_one_it_held(
    sent: Path,
) -> None:
    """D5: at least once, under the same key; fault 7."""
    keys: dict[int, list[str]] = {}

    def prepare(point: int) -> Act:
        keys[point] = [f"{point}-{n}" for n in range(3)]
        for key in keys[point]:
            OutboxMessage.objects.create(
                channel="email", recipient="a@example.invalid", code="reveal.many", dedup_key=key,
                params={"name": "甲", "count": 1},
            )  # fmt: skip
        return outbox.relay

    def recovered(point: int, crash: Crash) -> None:
        before = arrived(sent)
        # what a dead relay held waits two minutes for another; the clock is put forward
        OutboxMessage.objects.filter(sent_at=None).update(next_try_at=now_db())
        outbox.relay()
        rows = OutboxMessage.objects.filter(dedup_key__in=keys[point])
        assert rows.filter(sent_at=None).count() == 0
        assert sorted(rows.values_list("tries", flat=True)) in ([1, 1, 1], [1, 1, 2])
        after = arrived(sent)
        assert len(after) == 3 * point
        assert sum((after - before).values()) <= 3
        assert max(after.values()) <= 2

    crashes = crash_everywhere(prepare, recovered)
    # a claim and a mark for each of three messages
    assert len(crashes) >= 6
    assert_sound()


def test_a_sealer_killed_at_any_statement_leaves_every_row_in_exactly_one_seal() -> None:
    """I9."""
    department = people.department("site")

    def prepare(point: int) -> Act:
        for n in range(3):
            trail.record(department, "attachment.added", by=None, at=now_db(), name=f"{point}-{n}")
        return partial(trail.seal, 2)

    def recovered(point: int, crash: Crash) -> None:
        while trail.seal(2):
            pass
        assert TrailUnsealed.objects.count() == 0
        sealed = [pk for ids in TrailSeal.objects.values_list("entry_ids", flat=True) for pk in ids]
        assert sorted(sealed) == sorted(TrailEntry.objects.values_list("pk", flat=True))
        assert_sound()

    assert len(crash_everywhere(prepare, recovered)) >= 1


def test_three_sealers_at_once_and_one_of_them_killed_make_one_chain() -> None:
    department = people.department("site")
    for turn in range(3):
        for n in range(6):
            trail.record(department, "attachment.added", by=None, at=now_db(), name=f"{turn}-{n}")
        sealers = [Child(partial(trail.seal, 2), point=point) for point in (0, turn, 0)]
        for sealer in sealers:
            sealer.wait()
    while trail.seal():
        pass
    assert TrailUnsealed.objects.count() == 0
    assert_sound()
