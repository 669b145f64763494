"""The other ways in: the command, Celery's task, the loop's job, the administrator's look; every code is worded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.module_loading import import_string

from deadlines.choices import ClockKind, StepKind
from deadlines.demo import sweep_until
from deadlines.models import Step
from deadlines.tasks import sweep
from deadlines.wording import NOTICES, RULES, TRAIL
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text
from tests import people
from tests.deadlines import heard
from tests.deadlines.conftest import SUBJECT

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


def fired() -> int:
    return Step.objects.filter(fired_at__isnull=False).count()


def test_the_command_sweeps_and_says_how_much(running, capsys):
    running("statement", at=now_db() - 5 * H)
    call_command("sweep_deadlines")
    assert (fired(), capsys.readouterr().out) == (2, "2 steps of 1 clocks\n")


def test_the_command_ends_non_zero_when_a_consequence_failed(running, settings, capsys):
    settings.PORTS = {**settings.PORTS, "deadlines.step_fired": {SUBJECT: "tests.deadlines.heard.step_fired"}}
    heard.poisoned.add(running("statement", at=now_db() - 5 * H).number)
    with pytest.raises(SystemExit) as ended:
        call_command("sweep_deadlines")
    heard.poisoned.clear()
    assert (ended.value.code, fired()) == (1, 0)
    assert "1 clocks failed" in capsys.readouterr().err


def test_the_task_may_come_three_times(running):
    """Fault 6."""
    running("statement", at=now_db() - 5 * H)
    for _n in range(3):
        sweep()
    assert fired() == 2


def test_the_task_is_known_by_the_name_beat_calls_and_does_not_outlive_its_minute():
    entry = settings.CELERY_BEAT_SCHEDULE["sweep"]
    assert (entry["task"], entry["options"]["expires"], sweep.expires) == (sweep.name, 60, 60)


def test_the_clock_loop_sweeps_at_least_every_ten_seconds(running):
    """A step comes at most 60 seconds late."""
    [(path, every)] = [(path, every) for name, path, every in settings.CLOCK_JOBS if name == "sweep"]
    assert every <= 10
    running("statement", at=now_db() - 5 * H)
    assert import_string(path)().steps == 2


def test_the_demo_plays_every_step_at_its_own_time(running):
    start = now_db() - 100 * H
    running("resolution", at=start)
    running("statement", at=start)
    assert sweep_until(until=start + 30 * H) == 7
    assert sweep_until(until=start + 30 * H) == 0
    late = [step.fired_at - step.due_at for step in Step.objects.filter(fired_at__isnull=False)]
    assert set(late) == {timedelta(seconds=20)}


def test_administrators_may_look_and_not_touch(running):
    clock = running("resolution", at=now_db())
    client = Client()
    client.force_login(people.user("administrator"))
    page = client.get(f"/admin/deadlines/clock/{clock.pk}/change/")
    assert page.status_code == 200
    assert clock.number in page.content.decode()
    assert client.post(f"/admin/deadlines/clock/{clock.pk}/change/", {"number": "x"}).status_code == 403
    assert client.post(f"/admin/deadlines/clock/{clock.pk}/delete/").status_code == 403
    assert client.get("/admin/deadlines/clock/add/").status_code == 403


def test_every_step_has_its_sentences():
    for step in StepKind.values:
        assert f"clock.{step}" in TRAIL
        assert f"clock.{step}" in NOTICES


# Every parameter that a refusal of the clocks names.
PARAMETERS = {
    "number": "TS261118-10421", "clock": "statement", "days": 400, "least": 10, "most": 99, "allowed": "elapsed",
    "key": "resolution|tier=A", "statement": 25, "resolution": 24, "tier": "A", "other": "B", "hours": 24,
    "other_hours": 20,
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_refusal_is_a_whole_sentence(code):
    with translation.override("en"):
        text = rule_text(RuleBroken(code, due_at=now_db(), **PARAMETERS))
    assert text.endswith(".")
    assert "…" not in text, "a parameter is missing"
    assert "%(" not in text


@pytest.mark.parametrize("kind", ClockKind.values)
def test_a_clock_is_called_by_its_name_in_a_sentence(kind):
    with translation.override("en"):
        said = rule_text(RuleBroken("clock.ended", clock=kind, number="TS1"))
        assert said == f"TS1: the clock “{ClockKind(kind).label}” has ended already."
