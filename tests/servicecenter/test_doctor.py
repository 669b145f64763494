"""The doctor sees what is wrong and says what to do."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from servicecenter import doctor, fonts, heartbeat
from servicecenter.invariants import Finding
from servicecenter.models import OutboxMessage

pytestmark = pytest.mark.django_db


def examined(*questions: Any) -> dict[str, Finding]:
    return {finding.name: finding for question in questions for finding in question()}


def test_this_machine_is_found_sound_in_all_that_the_ground_floor_asks(tmp_path: Path) -> None:
    heartbeat.beat("sweep")
    found = examined(
        doctor.version,
        doctor.encoding,
        doctor.migrations,
        doctor.clock_skew,
        doctor.sweep,
        doctor.outbox,
        doctor.font_files,
        doctor.pdf_libraries,
        doctor.secrets,
        doctor.disk,
    )
    assert {name: finding.text for name, finding in found.items() if not finding.good} == {}
    assert found["migrations"].text == "all applied"
    assert found["font HanaMinB"].good


def test_a_clock_that_never_swept_or_is_late_and_a_failing_job_are_red() -> None:
    assert examined(doctor.sweep)["last sweep"].text == "never"
    heartbeat.beat("sweep")
    heartbeat.complain("seal", error="RuntimeError", failures=3)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE servicecenter_heartbeat SET at = clock_timestamp() - interval '61 seconds' WHERE name = 'sweep'"
        )
    found = examined(doctor.sweep)
    assert (found["last sweep"].good, found["last sweep"].text) == (False, "61 s ago")
    assert "run_clock" in found["last sweep"].remedy
    assert (found["job seal"].good, found["job seal"].text) == (False, "RuntimeError")


def test_messages_that_do_not_leave_are_red() -> None:
    OutboxMessage.objects.create(
        channel="email",
        recipient="a",
        code="x",
        dedup_key="1",
        created_at=datetime.now(UTC) - timedelta(minutes=6),
    )
    OutboxMessage.objects.create(
        channel="email", recipient="a", code="x", dedup_key="2", parked_at=datetime.now(UTC)
    )
    finding = examined(doctor.outbox)["outbox"]
    assert (finding.good, finding.text) == (False, "1 waiting for more than 5 minutes, 1 parked")


def test_a_backup_that_is_old_failed_or_was_never_made_is_red_where_one_is_expected(settings: Any) -> None:
    """PRV-07."""
    settings.BACKUP_MAX_AGE_HOURS = 0
    assert examined(doctor.backup) == {}
    settings.BACKUP_MAX_AGE_HOURS = 26
    assert (examined(doctor.backup)["last backup"].good, examined(doctor.backup)["last backup"].text) == (
        False,
        "never",
    )
    heartbeat.beat("backup", file="servicecenter-20261118T183000Z.zip", size=1)
    assert examined(doctor.backup)["last backup"].good
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE servicecenter_heartbeat SET at = clock_timestamp() - interval '27 hours' WHERE name = 'backup'"
        )
    found = examined(doctor.backup)["last backup"]
    assert (found.good, found.text) == (False, "servicecenter-20261118T183000Z.zip, 27.0 h ago")


def test_a_role_without_time_limits_is_red() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
    finding = examined(doctor.timeouts)["lock_timeout"]
    assert not finding.good
    assert finding.remedy.startswith("ALTER ROLE ")


def test_a_role_whose_planner_weighs_every_order_of_joins_is_red() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 8")
    finding = examined(doctor.planning)["join_collapse_limit"]
    assert (finding.good, finding.text) == (False, "8")
    assert finding.remedy.startswith("ALTER ROLE ")


def test_an_unapplied_migration_is_red() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'servicecenter' AND name = '0002_guards'")
    assert "servicecenter.0002_guards" in examined(doctor.migrations)["migrations"].text


def test_missing_fonts_and_redis_are_red_with_their_remedies(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    finding = examined(doctor.redis)["Redis"]
    assert (finding.good, finding.text) == (False, "ConnectionError")

    def missing(family: str, weight: int = 0) -> Path:
        raise fonts.FontMissing(family)

    monkeypatch.setattr(fonts, "file_of", missing)
    found = examined(doctor.font_files)
    assert not any(finding.good for finding in found.values())
    assert found["font HanaMinB"].remedy == "apt-get install fonts-hanazono"


def test_production_with_the_demos_keys_is_red(settings: Any) -> None:
    settings.DEMO = False
    assert not examined(doctor.secrets)["secret keys"].good


def test_a_question_that_fails_is_a_finding_and_the_others_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise RuntimeError("secret")

    monkeypatch.setattr(doctor, "redis", broken)
    found = {finding.name: finding for finding in doctor.examine()}
    assert found["broken"].text == "cannot be examined: RuntimeError: secret"
    assert found["disk"].good


def test_the_command_ends_with_one_and_says_the_remedy_in_a_line(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out, no_color=True)
    assert ended.value.code == 1
    lines = out.getvalue().splitlines()
    place = lines.index("BAD Redis: ConnectionError")
    assert lines[place + 1].startswith("    → start Redis")
    assert any(line.startswith("ok  PostgreSQL: ") for line in lines)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", "--json", stdout=out)
    assert json.loads(out.getvalue())["sound"] is False
