"""`manage.py backup FILE`: one archive of the whole installation, beside the running system (PRV-07)."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentTypeError
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from servicecenter import backups, heartbeat
from servicecenter.backups import keeping
from servicecenter.backups.bar import Bar

log = logging.getLogger("servicecenter.backup")
# After a failed nightly backup the next try comes sooner than the next night.
AGAIN_SECONDS = 1800.0


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError("a time as 02:30") from problem


class Command(BaseCommand):
    """Make an archive, or one every night."""

    help = (
        "Writes database and files of one instant into FILE; into a directory under the time as name. "
        "Keys are not in it: keep SECRET_KEY and FIELD_KEYS elsewhere. It is not encrypted."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, --keep, --daily."""
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="the archive to write, or a directory for it"
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="of the archives in the directory keep the newest N"
        )
        parser.add_argument(
            "--daily",
            type=_time,
            metavar="HH:MM",
            help="stay, and make one every day at this time of the centre",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Once, or every night until SIGTERM."""
        place: Path = options["file"]
        if (options["keep"] is not None or options["daily"] is not None) and not place.is_dir():
            raise CommandError(f"--keep and --daily need a directory: {place} is none")
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep needs a number from 1")
        if options["daily"] is None:
            self._once(place, options["keep"])
        else:
            self._nightly(place, options["keep"], options["daily"])

    def _once(self, place: Path, keep: int | None) -> None:
        path = place / keeping.name_at(datetime.now(UTC)) if place.is_dir() else place
        bar = Bar(self.stderr)
        try:
            made = backups.make(path, bar.show)
        except backups.BackupError as problem:
            bar.end()
            _complain(str(problem))
            raise CommandError(str(problem)) from problem
        bar.end()
        found = made.manifest
        heartbeat.beat("backup", file=path.name, size=made.size, seconds=round(made.seconds), mark=found.mark)
        self.stdout.write(
            f"{path}: {found.rows} rows of {len(found.tables)} tables, {len(found.files)} files, "
            f"{made.size / 1024**2:.1f} MB, {made.seconds:.0f} s"
        )
        self.stdout.write(f"mark {found.mark}, trail digest {found.trail_digest}")
        for old in keeping.forget(place, keep) if keep is not None else ():
            self.stdout.write(f"{old.name} has served its time and was deleted")
        if lost := found.missing + found.damaged:
            _complain(f"{len(lost)} files are missing or altered")
            raise CommandError(
                f"the archive is made, but {len(lost)} files that the database names are missing or no longer what "
                f"they were: {', '.join(lost[:20])}{' …' if len(lost) > 20 else ''}"
            )

    def _nightly(self, place: Path, keep: int | None, at: time) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: stop.set())
        self.stdout.write(f"a backup every day at {at:%H:%M}, into {place}")
        wait = self._until(at)
        while not stop.wait(wait):
            try:
                self._once(place, keep)
                wait = self._until(at)
            except (CommandError, Error) as problem:
                log.error("the backup failed: %s", problem)
                wait = AGAIN_SECONDS
            finally:
                connection.close()
        self.stdout.write("no more backups")

    def _until(self, at: time) -> float:
        now = datetime.now(UTC)
        return (keeping.next_at(now, at) - now).total_seconds()


def _complain(problem: str) -> None:
    """For doctor and monitoring; that the database is away is told already."""
    try:
        heartbeat.complain("backup", error=problem)
    except Error:
        log.warning("the failed backup could not be noted")
