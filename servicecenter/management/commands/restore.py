"""`manage.py restore FILE`: an archive of `backup` into an empty database, compared before and after (PRV-07)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from servicecenter import backups, invariants
from servicecenter.backups.bar import Bar

SHOWN = 10


class Command(BaseCommand):
    """Restore, or only look whether an archive is whole."""

    help = (
        "Restores database and files into the empty (or freshly migrated) database of DATABASE_URL and the file store "
        "of VAR_DIR, compares everything with the archive's manifest, and verifies the invariants. Overwrites nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, --check."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--check", action="store_true", help="read the archive through and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is in it, do it, say what is to do now."""
        bar = Bar(self.stderr)
        try:
            if options["check"]:
                self._say(backups.examine(options["file"], bar.show))
                bar.end()
                self.stdout.write(self.style.SUCCESS("the archive is whole"))
                return
            done = backups.restore(options["file"], bar.show)
        except backups.BackupError as problem:
            bar.end()
            raise CommandError(str(problem)) from problem
        bar.end()
        self._say(done.manifest)
        name = connection.settings_dict["NAME"]
        if done.differing:
            for line in done.differing[:50]:
                self.stderr.write(line)
            raise CommandError(
                f"{len(done.differing)} parts of {name} are not what was backed up: do not use it"
            )
        self.stdout.write(
            self.style.SUCCESS(
                f"restored into {name} in {done.seconds:.0f} s; every table and file is what was backed up"
            )
        )
        if done.pending:
            self.stdout.write(
                f"{len(done.pending)} migrations are newer than the archive. Now: manage.py migrate, manage.py verify"
            )
            return
        if not done.keys_fit:
            self.stderr.write(
                "FIELD_KEYS does not open the encrypted values: set the keys of the installation that made the archive"
            )
        if done.unsent:
            self.stdout.write(
                f"{done.unsent} messages wait to be sent: the clock sends them when it starts. "
                "For a trial set EMAIL_URL to a file first"
            )
        self._verify()

    def _verify(self) -> None:
        """The invariants; what only waits for the clock, which is not there yet, is no damage."""
        broken: list[invariants.Result] = []
        waiting: list[invariants.Result] = []
        for result in invariants.verify():
            if result.count:
                (waiting if invariants.waits_for_the_clock(result) else broken).append(result)
        for result in broken:
            for violation in result.violations:
                self.stderr.write(f"{result.code} {violation.subject}: {violation.problem}")
        if broken:
            codes = ", ".join(result.code for result in broken)
            raise CommandError(f"{codes} violated: so it was in the installation that made the archive")
        for result in waiting:
            self.stdout.write(
                f"{result.code}: {result.count} things fell due since; the clock makes up for them"
            )
        self.stdout.write(self.style.SUCCESS("the invariants hold"))

    def _say(self, manifest: backups.Manifest) -> None:
        self.stdout.write(
            f"made {manifest.made_at} by version {manifest.version} on PostgreSQL {manifest.server}: "
            f"{manifest.rows} rows of {len(manifest.tables)} tables, {len(manifest.files)} files"
        )
        self.stdout.write(f"mark {manifest.mark}, trail digest {manifest.trail_digest}")
        for names, what in ((manifest.missing, "missing"), (manifest.damaged, "altered")):
            if names:
                shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
                self.stderr.write(
                    f"{len(names)} files were {what} already when the archive was made: {shown}"
                )
