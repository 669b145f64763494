"""Making an archive beside the running system: everything in it is of one instant."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import threading
import time
import tomllib
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from servicecenter import trail
from servicecenter.backups import figures, stored, tools
from servicecenter.backups.manifest import (
    DUMP,
    FILES,
    MANIFEST,
    BackupError,
    Content,
    Manifest,
    Progress,
    copied,
)

DUMPING = re.compile(r'dumping contents of table "public\.(.+)"')


@dataclass(frozen=True)
class Made:
    """A finished archive: where, how large, what it says of itself, how many seconds it took."""

    path: Path
    size: int
    manifest: Manifest
    seconds: float


def make(path: Path, progress: Progress) -> Made:
    """Write an archive of the whole installation to `path`. The system may go on working meanwhile.

    Raises BackupError; then there is no file of that name.
    """
    began = time.monotonic()
    if path.exists():
        raise BackupError(f"{path} exists already: choose another name")
    if connection.in_atomic_block:
        raise BackupError("a backup is made outside any transaction")
    major, server = tools.server_version()
    programs = tools.fitting(major)
    try:
        with (
            _written(path) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
        ):
            manifest = _fill(archive, server, programs, progress)
    except OSError as problem:
        raise BackupError(
            f"{path} cannot be written: {problem.strerror or problem}. Is there room, and may this account write there?"
        ) from problem
    return Made(path, path.stat().st_size, manifest, time.monotonic() - began)


def version() -> str:
    """The product's version."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _fill(archive: zipfile.ZipFile, server: str, programs: tools.Tools, progress: Progress) -> Manifest:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            figures.settle()
            cursor.execute("SELECT pg_export_snapshot(), clock_timestamp()")
            snapshot, made_at = cursor.fetchone()
            cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
            migrations = [name for (name,) in cursor.fetchall()]
        digest = trail.newest_digest()
        counted = figures.figures(progress)
        sizes = figures.tables()
        wanted = stored.named()
        with archive.open(_entry(DUMP), "w", force_zip64=True) as member:
            database = _dump(programs, snapshot, sizes, member, progress)
    files, missing, damaged = _copy_files(archive, wanted, progress)
    manifest = Manifest(
        made_at=made_at.astimezone(UTC).isoformat(timespec="seconds"),
        version=version(),
        server=server,
        tool=programs.version,
        migrations=migrations,
        trail_digest=digest,
        tables=counted,
        database=database,
        files=files,
        missing=missing,
        damaged=damaged,
    )
    archive.writestr(_entry(MANIFEST), manifest.written())
    return manifest


def _dump(
    programs: tools.Tools, snapshot: str, sizes: dict[str, int], into: IO[bytes], progress: Progress
) -> Content:
    """pg_dump of the snapshot. Raises BackupError with what it said."""
    address, environment = tools.address()
    command = [
        programs.path("pg_dump"), "--format=custom", "--no-password", "--verbose", "--no-publications",
        "--no-subscriptions", "--no-security-labels",
        f"--snapshot={snapshot}", f"--dbname={address}",
    ]  # fmt: skip
    total, said = max(sum(sizes.values()), 1), deque[str](maxlen=20)
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None

    def listen(stream: IO[bytes]) -> None:
        done, now = 0, ""
        for line in stream:
            text = line.decode(errors="replace").rstrip()
            if found := DUMPING.search(text):
                done += sizes.get(now, 0)
                now = found[1]
                progress("dumping the database", done / total)
            said.append(text)

    listener = threading.Thread(target=listen, args=(process.stderr,), daemon=True)
    listener.start()
    try:
        content = copied(process.stdout, into)
    except BaseException:
        process.kill()
        raise
    finally:
        code = process.wait()
        listener.join()
        process.stdout.close()
        process.stderr.close()
    if code != 0:
        raise BackupError(f"pg_dump failed: {_error(said)}")
    progress("dumping the database", 1.0)
    return content


def _error(said: deque[str]) -> str:
    """What a program of PostgreSQL complains of, among all that it says."""
    wrong = [line for line in said if "error:" in line or "detail:" in line.lower() or "FATAL" in line]
    return "; ".join(wrong or list(said)[-3:]) or "it said nothing"


def _copy_files(
    archive: zipfile.ZipFile, wanted: list[stored.Stored], progress: Progress
) -> tuple[dict[str, Content], list[str], list[str]]:
    """The files of the snapshot. One that went with its row meanwhile is no loss; others are named."""
    files: dict[str, Content] = {}
    missing, damaged = [], []
    for place, one in enumerate(wanted, start=1):
        if one.name not in files:
            try:
                source = one.storage.open(one.name)
            except FileNotFoundError:
                if one.is_named():
                    missing.append(one.name)
                continue
            with source, archive.open(_entry(FILES + one.name), "w", force_zip64=True) as member:
                files[one.name] = copied(source, member)
            if one.sha256 and files[one.name].sha256 != one.sha256:
                damaged.append(one.name)
        progress("copying files", place / len(wanted))
    return files, missing, damaged


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    entry.external_attr = 0o600 << 16
    return entry


@contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole and on the disk; readable by this account alone."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise BackupError(f"another backup is being written to {part}") from problem
        file.truncate()
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
