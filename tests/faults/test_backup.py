"""Backup and restore (fault 28, PRV-07): elsewhere the same, of one instant, and nothing overwritten."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from complaints.models import Complaint
from servicecenter import attachments, backups, heartbeat
from servicecenter.backups import figures
from servicecenter.backups.manifest import Manifest
from servicecenter.clock import now_db
from servicecenter.management.commands import backup
from servicecenter.models import Attachment
from tests.conftest import _drop, _maintenance
from tests.faults import processes, tickets
from tests.faults.clocks import wait_for
from tests.faults.counts import times
from tests.faults.tickets import Crew
from tests.servicecenter.uploads import PDF, upload

NOBODY_ASKS = {"EMAIL_URL": "dummymail://"}


def silent(what: str, share: float) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The VAR_DIR of all these tests: the database of the one before names files too."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(autouse=True)
def _files(store: Path, settings: Any) -> None:
    """Child processes find them by VAR_DIR."""
    settings.MEDIA_ROOT = store / "files"


@contextmanager
def elsewhere(*, template: str = "template0") -> Iterator[dict[str, str]]:
    """Another database and another file store, as the environment of a command."""
    name = f"sc_t_{os.getpid()}_elsewhere"
    with closing(_maintenance()) as admin, admin.cursor() as cursor:
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
    url = os.environ["DATABASE_URL"].replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    try:
        yield {"DATABASE_URL": url, **NOBODY_ASKS}
    finally:
        with closing(_maintenance()) as admin, admin.cursor() as cursor:
            _drop(cursor, name)


@contextmanager
def at_work_in(url: str) -> Iterator[Any]:
    """A cursor in another database."""
    with closing(psycopg2.connect(url)) as there:
        there.autocommit = True
        with there.cursor() as cursor:
            yield cursor


def file_of(complaint: Complaint, content: bytes, crew: Crew) -> Attachment:
    """A ticket's attachment, stored and bound as a page does it."""
    row = attachments.store(file=upload("单据.pdf", content), by=crew.agent)
    attachments.bind(public_ids=[row.public_id], to=complaint, by=crew.agent, at=now_db())
    return row


def made(path: Path) -> Manifest:
    return backups.make(path, silent).manifest


def counted_here() -> dict[str, Any]:
    with transaction.atomic():
        figures.settle()
        return dict(figures.figures(silent))


def test_restored_elsewhere_every_table_and_every_file_is_the_same_and_the_guards_are_on(
    crew: Crew, tmp_path: Path
) -> None:
    """Fault 28, PRV-07: another database, another owner of the files, the same installation."""
    ticket = tickets.register(tickets.matter(), crew.agent)
    scan = file_of(ticket, PDF + b"of the waybill", crew)
    before = counted_here()
    manifest = made(tmp_path / "a.zip")
    assert manifest.tables == before
    assert manifest.tables["servicecenter_trailentry"].rows > 0
    assert list(manifest.files) == [scan.file.name]
    assert (manifest.missing, manifest.damaged) == ([], [])
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    with elsewhere() as there:
        said = processes.manage("restore", str(tmp_path / "a.zip"), VAR_DIR=str(tmp_path / "there"), **there)
        assert "every table and file is what was backed up" in said
        assert "the invariants hold" in said
        assert manifest.mark in said
        copy = Path(FileSystemStorage(tmp_path / "there" / "files").path(str(scan.file.name)))
        assert copy.read_bytes() == PDF + b"of the waybill"
        with at_work_in(there["DATABASE_URL"]) as cursor:
            with pytest.raises(psycopg2.IntegrityError, match="append-only"):
                cursor.execute("DELETE FROM servicecenter_trailentry")
            cursor.execute("SELECT count(*) FROM complaints_complaint WHERE number = %s", [ticket.number])
            assert cursor.fetchone() == (1,)
            # the next number is a new one
            cursor.execute(
                "SELECT count(*) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )
            assert cursor.fetchone()[0] > 10
        # and nothing is restored over it
        again = processes.finished("manage.py", "restore", str(tmp_path / "a.zip"), **there)
        assert again.returncode == 1
        assert "is not empty. Nothing is overwritten" in again.stdout


def test_an_archive_made_while_everybody_works_is_of_one_instant(crew: Crew, tmp_path: Path) -> None:
    """Fault 28: what is registered meanwhile is in it whole, with its trail, notices and clocks, or not at all."""
    stop = threading.Event()
    registered: list[str] = []
    fresh = tickets.matters()

    def work() -> None:
        try:
            while not stop.is_set():
                intake = fresh()
                registered.append(tickets.register(intake, crew.agent).number)
                # a second complaint, with all that it brings about
                second = tickets.register(intake, crew.other)
                registered.append(second.number)
                file_of(second, PDF + second.number.encode(), crew)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, daemon=True) for _n in range(2)]
    for worker in workers:
        worker.start()
    try:
        for turn in range(times(1, 10)):
            seen = len(registered)
            wait_for(lambda seen=seen: len(registered) > seen + 4, 60, "nobody registers")
            held = made(tmp_path / f"{turn}.zip").tables["complaints_complaint"].rows
            assert len(registered) > held, "nothing was registered while the archive was made"
    finally:
        stop.set()
        for worker in workers:
            worker.join(60)
    for turn in range(times(1, 10)):
        with elsewhere() as there:
            path = tmp_path / f"{turn}.zip"
            said = processes.manage("restore", str(path), VAR_DIR=str(tmp_path / f"there{turn}"), **there)
            assert "the invariants hold" in said


def test_a_file_that_is_missing_or_altered_in_the_store_is_named_and_all_else_is_backed_up(
    crew: Crew, tmp_path: Path
) -> None:
    ticket = tickets.register(tickets.matter(), crew.agent)
    gone, altered = (file_of(ticket, PDF + word, crew) for word in (b"one", b"two"))
    default_storage.delete(str(gone.file.name))
    Path(default_storage.path(str(altered.file.name))).write_bytes(b"something else")
    with pytest.raises(CommandError, match="the archive is made, but") as told:
        call_command("backup", str(tmp_path / "a.zip"))
    assert gone.file.name in str(told.value)
    assert altered.file.name in str(told.value)
    found = backups.examine(tmp_path / "a.zip", silent)
    assert gone.file.name in found.missing
    assert altered.file.name in found.damaged
    assert gone.file.name not in found.damaged
    assert heartbeat.signs()["backup"].detail["error"].endswith("files are missing or altered")
    Attachment.objects.filter(pk__in=[gone.pk, altered.pk]).delete()


def test_an_archive_with_another_dump_is_refused_before_anything_is_written(
    crew: Crew, tmp_path: Path
) -> None:
    made(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as source, zipfile.ZipFile(tmp_path / "b.zip", "w") as target:
        for info in source.infolist():
            held = bytearray(source.read(info))
            if info.filename == "database.dump":
                held[-1] ^= 1
            target.writestr(info.filename, bytes(held))
    with elsewhere() as there:
        done = processes.finished("manage.py", "restore", str(tmp_path / "b.zip"), **there)
        assert done.returncode == 1
        assert "database.dump is not what was backed up" in done.stdout
        with at_work_in(there["DATABASE_URL"]) as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert cursor.fetchone() == (0,)


def test_a_migrated_database_without_anybody_in_it_is_taken_and_one_at_work_is_not(
    crew: Crew, tmp_path: Path
) -> None:
    """What migrations made is made anew from the archive."""
    from tests.conftest import _template

    made(tmp_path / "a.zip")
    with elsewhere(template=_template()) as there:
        with at_work_in(there["DATABASE_URL"]):
            refused = processes.finished("manage.py", "restore", str(tmp_path / "a.zip"), **there)
        assert "1 other sessions are in the database" in refused.stdout
        assert "the invariants hold" in processes.manage(
            "restore", str(tmp_path / "a.zip"), VAR_DIR=str(tmp_path / "there"), **there
        )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"migrations": ["complaints.0099_of_tomorrow"]}, "made by a newer version"),
        ({"server": "99.1"}, "restore into PostgreSQL 99 or newer"),
    ],
)
def test_an_archive_of_something_newer_is_refused(
    crew: Crew, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    from dataclasses import replace

    found = replace(made(tmp_path / "a.zip"), **change)
    with zipfile.ZipFile(tmp_path / "a.zip") as source, zipfile.ZipFile(tmp_path / "b.zip", "w") as target:
        target.writestr("database.dump", source.read("database.dump"))
        target.writestr("manifest.json", found.written())
    with pytest.raises(backups.BackupError, match=why):
        backups.restore(tmp_path / "b.zip", silent)


def test_a_full_disk_is_said_and_leaves_no_half_archive(crew: Crew, store: Path, tmp_path: Path) -> None:
    """Fault 25: a limit on what a process may write stands for the disk's end."""

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [sys.executable, "manage.py", "backup", str(tmp_path / "a.zip")],
        cwd=processes.ROOT,
        env={**os.environ, "VAR_DIR": str(store), **NOBODY_ASKS},
        preexec_fn=little_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be written: File too large. Is there room" in done.stderr
    assert list(tmp_path.glob("*.zip*")) == []
    # and with room again
    call_command("backup", str(tmp_path / "a.zip"))
    assert "error" not in heartbeat.signs()["backup"].detail


def test_nothing_is_overwritten_and_two_do_not_write_one_archive(crew: Crew, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("the only backup of last year")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(tmp_path / "a.zip"))
    assert (tmp_path / "a.zip").read_text() == "the only backup of last year"


def test_the_nightly_service_makes_archives_keeps_the_newest_tries_again_and_ends_when_told(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """PRV-07; the nights are a second long here."""
    monkeypatch.setattr(backup.Command, "_until", lambda self, at: 1.1)
    monkeypatch.setattr(backup, "AGAIN_SECONDS", 0.1)
    failures = iter([True, False, False])
    make = backups.make

    def sometimes(path: Path, progress: Any) -> backups.Made:
        if next(failures, False):
            raise backups.BackupError("the disk was away")
        return make(path, progress)

    monkeypatch.setattr(backups, "make", sometimes)
    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end_it() -> None:
        try:
            wait_for(lambda: over.is_set() or "has served its time" in heard(), 60, "nothing was deleted")
        finally:
            if not over.is_set():
                os.kill(os.getpid(), signal.SIGTERM)

    said: list[str] = []
    over = threading.Event()

    def heard() -> str:
        said.append(capsys.readouterr().out)
        return "".join(said)

    stopper = threading.Thread(target=end_it, daemon=True)
    stopper.start()
    try:
        call_command("backup", str(tmp_path), "--daily", "02:30", "--keep", "1")
    finally:
        over.set()
        stopper.join(60)
        for number, handler in former.items():
            signal.signal(number, handler)
    assert "has served its time" in heard()
    assert "no more backups" in "".join(said)
    assert len(list(tmp_path.glob("servicecenter-*.zip"))) == 1


def test_pg_dump_that_fails_leaves_no_archive(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words are told, its output is not taken for a dump."""
    monkeypatch.setattr(backups.making.tools, "address", lambda: ("dbname=nowhere_at_all", dict(os.environ)))
    with pytest.raises(backups.BackupError, match="pg_dump failed"):
        backups.make(tmp_path / "a.zip", silent)
    assert list(tmp_path.glob("a.zip*")) == []
