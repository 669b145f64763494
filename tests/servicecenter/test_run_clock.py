"""The clock loop keeps going: failing jobs, a database that goes away, signals (D4, faults 3 and 9)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from servicecenter import clockwork, heartbeat
from servicecenter.clockwork import Job
from servicecenter.models import Heartbeat, OutboxMessage
from tests.conftest import _maintenance
from tests.faults.counts import within
from tests.servicecenter import jobs

GOOD = Job("good", "tests.servicecenter.jobs.good", 0.05)
BAD = Job("bad", "tests.servicecenter.jobs.bad", 0.05)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    jobs.TURNS.clear()
    jobs.LET_GO.clear()


@contextmanager
def running(*these: Job) -> Iterator[list[BaseException]]:
    """The loop in a thread; yields what it raised."""
    stop, raised = threading.Event(), []

    def loop() -> None:
        try:
            clockwork.run(these, stop)
        except BaseException as problem:
            raised.append(problem)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield raised
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_stops_no_other_and_says_so_in_its_heartbeat_without_telling_secrets() -> None:
    with running(GOOD, BAD):
        wait_for(lambda: jobs.TURNS["good"] >= 5 and jobs.TURNS["bad"] >= 3)
        wait_for(lambda: len(heartbeat.signs()) == 2)
    signs = heartbeat.signs()
    assert signs["good"].age < 20
    assert signs["good"].detail == {"turns": 1}
    assert signs["bad"].detail["error"] == "RuntimeError"
    assert signs["bad"].age > 1_000_000
    assert "secret" not in str(signs["bad"].detail)
    assert list(jobs.VIAS) == ["clock"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_recovers_takes_its_complaint_back() -> None:
    heartbeat.complain("good", error="RuntimeError", failures=3)
    with running(GOOD):
        wait_for(lambda: "error" not in heartbeat.signs()["good"].detail)
    assert heartbeat.signs()["good"].age < 20


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_the_loop_waits_and_comes_back_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = connection.settings_dict["NAME"]
    with running(GOOD) as raised:
        wait_for(lambda: jobs.TURNS["good"] >= 2)
        connections.close_all()
        with closing(_maintenance()) as admin, admin.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            # until the job has met with it
            wait_for(lambda: "good: database: " in caplog.text)
            before = jobs.TURNS["good"]
            time.sleep(0.7)
            assert jobs.TURNS["good"] == before
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        wait_for(lambda: jobs.TURNS["good"] >= before + 2)
    assert raised == []


@pytest.mark.django_db(transaction=True)
def test_a_long_job_that_was_done_a_minute_ago_is_not_repeated_by_a_restart() -> None:
    heartbeat.beat("good")
    Heartbeat.objects.update(at=heartbeat_time("1 minute"))
    hourly = Job("good", GOOD.path, 3600)
    # beside it one that has its turns shows that the loop is at work
    with running(hourly, Job("beside", "tests.servicecenter.jobs.beside", 0.05)):
        wait_for(lambda: jobs.TURNS["beside"] >= 5)
        assert jobs.TURNS["good"] == 0
    Heartbeat.objects.filter(name="good").update(at=heartbeat_time("1 hour"))
    with running(hourly):
        wait_for(lambda: jobs.TURNS["good"] == 1)


def heartbeat_time(ago: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - %s::interval", [ago])
        return cursor.fetchone()[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_a_job_whose_thread_is_gone_ends_the_loop_to_be_started_anew() -> None:
    with running(GOOD, Job("leaving", "tests.servicecenter.jobs.leaving", 1)) as raised:
        wait_for(lambda: raised)
    assert isinstance(raised[0], clockwork.Stuck)
    assert str(raised[0]) == "leaving"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_hangs_ends_the_loop_to_be_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "STUCK_SECONDS", 2.0)
    try:
        with running(GOOD, Job("hanging", "tests.servicecenter.jobs.hanging", 1)) as raised:
            wait_for(lambda: raised)
    finally:
        jobs.LET_GO.set()
    assert str(raised[0]) == "hanging"


@pytest.mark.django_db
def test_once_does_every_job_and_names_those_that_failed(settings: Any, capsys: Any) -> None:
    settings.CLOCK_JOBS = [("bad", BAD.path, 2), ("good", GOOD.path, 2)]
    with pytest.raises(CommandError, match="failed: bad"):
        call_command("run_clock", once=True)
    assert jobs.TURNS == {"bad": 1, "good": 1}
    with pytest.raises(CommandError, match="no such job: other"):
        call_command("run_clock", once=True, jobs=["other"])


@pytest.mark.django_db
def test_once_runs_every_job_of_the_settings() -> None:
    call_command("run_clock", once=True)


@pytest.mark.django_db(transaction=True)
def test_the_process_works_without_redis_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    row = OutboxMessage.objects.create(
        channel="email", recipient="a@example.invalid", code="reveal.many", dedup_key="x"
    )
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_clock", "--jobs", "relay", "seal", "sweep"],
        env={
            **os.environ,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "EMAIL_URL": f"filemail:///{tmp_path}/mail",
            "CLOCK_SECONDS": "0.1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(lambda: OutboxMessage.objects.filter(pk=row.pk, sent_at__isnull=False).exists())
        wait_for(lambda: {"relay", "sweep"} <= heartbeat.signs().keys())
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, output
    assert time.monotonic() - started < within(6)
    assert "the clock has stopped" in output
    assert len(list((tmp_path / "mail").iterdir())) == 1
