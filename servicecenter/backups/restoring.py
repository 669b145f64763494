"""Bringing an archive back, into a database that holds nothing yet; everything is compared before and after."""

from __future__ import annotations

import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from servicecenter.attachments import make_durable
from servicecenter.backups import figures, loading, tools
from servicecenter.backups.manifest import (
    DUMP,
    FILES,
    BackupError,
    Content,
    Manifest,
    Progress,
    check,
    copied,
    opened,
    read,
)
from servicecenter.encryption import CannotDecrypt, encrypted_models
from servicecenter.models import Attachment, TrailEntry

# Tables before sequences: that of an identity column goes with its table and cannot go before it.
_OWN_OBJECTS = """
WITH of_extensions AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text,
       CASE c.relkind WHEN 'v' THEN 1 WHEN 'S' THEN 3 ELSE 2 END
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
  AND c.oid NOT IN (SELECT objid FROM of_extensions)
UNION ALL
SELECT 'ROUTINE', p.oid::regprocedure::text, 4 FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.oid NOT IN (SELECT objid FROM of_extensions)
ORDER BY 3, 2
"""


@dataclass
class Restored:
    """What was restored, what is still to do, and what differs (nothing should)."""

    manifest: Manifest
    seconds: float = 0.0
    differing: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    unsent: int = 0
    keys_fit: bool = True


def examine(path: Path, progress: Progress) -> Manifest:
    """Read an archive through and compare it with its manifest; writes nothing. Raises Broken."""
    with opened(path) as archive:
        manifest = read(archive)
        check(archive, manifest, progress)
    return manifest


def restore(path: Path, progress: Progress) -> Restored:
    """Restore an archive into Django's database and file store.

    The database must be empty, or freshly migrated without anything in it. Raises BackupError; up to the database
    itself, which comes last and whole or not at all, nothing but unnamed files has been written then.
    """
    began = time.monotonic()
    with opened(path) as archive:
        manifest = read(archive)
        programs = _check_versions(manifest)
        migrated = _check_empty()
        check(archive, manifest, progress)
        _check_store(manifest)
        _write_files(archive, manifest, progress)
        if migrated:
            _clear()
        with archive.open(DUMP) as dump:
            loading.load(programs, dump, manifest.database.size, progress)
    result = Restored(manifest)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    result.differing = _differences(manifest, progress)
    result.pending = sorted(_known() - set(manifest.migrations))
    if not result.pending:
        result.unsent = _unsent()
        result.keys_fit = _keys_fit()
    result.seconds = time.monotonic() - began
    return result


# -- before


def _check_versions(manifest: Manifest) -> tools.Tools:
    """The programs to restore with. Raises BackupError when the archive is newer than what is here."""
    if newer := sorted(set(manifest.migrations) - _known()):
        raise BackupError(
            f"the archive was made by a newer version ({manifest.version}): {newer[0]} is unknown here. "
            "Install that version, then restore"
        )
    major, server = tools.server_version()
    if major < manifest.server_major:
        raise BackupError(
            f"the archive was made on PostgreSQL {manifest.server}, and this server is {server}: "
            f"restore into PostgreSQL {manifest.server_major} or newer"
        )
    return tools.fitting(major, least=int(manifest.tool.split(".")[0]))


def _known() -> set[str]:
    """The migrations of this version, those of packages too."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _check_empty() -> bool:
    """Whether the database is freshly migrated (True) or has no tables at all (False). Raises BackupError otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    name = connection.settings_dict["NAME"]
    if others:
        raise BackupError(
            f"{others} other sessions are in the database {name}: stop web, worker, beat and clock first"
        )
    tables = figures.tables()
    if not tables:
        return False
    try:
        used = [
            model._meta.verbose_name
            for model in (get_user_model(), TrailEntry, Attachment)
            if model._meta.db_table in tables and model._base_manager.exists()
        ]
        ours = "django_migrations" in tables
    except ProgrammingError:
        used, ours = [], False
    if used or not ours:
        raise BackupError(
            f"the database {name} is not empty. Nothing is overwritten: make another one "
            f"(CREATE DATABASE … ENCODING 'UTF8') and name that in DATABASE_URL"
        )
    return True


def _check_store(manifest: Manifest) -> None:
    """No file that is there already may be another one. Raises BackupError."""
    for name, content in manifest.files.items():
        if default_storage.exists(name) and _stored(name) != content:
            raise BackupError(
                f"the file store holds another {name} already: restore into a file store of its own (VAR_DIR)"
            )


# -- files


def _stored(name: str) -> Content:
    with default_storage.open(name) as file, Path("/dev/null").open("wb") as nowhere:
        return copied(file, nowhere)


def _write_files(archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    for place, name in enumerate(manifest.files, start=1):
        if not default_storage.exists(name):
            with archive.open(FILES + name) as content:
                kept = default_storage.save(name, File(content, name=name))
            if kept != name:
                raise BackupError(
                    f"the file store keeps {name} as {kept}: restore into an empty one (VAR_DIR)"
                )
            _durable(default_storage, name)
        progress("writing files", place / len(manifest.files))


def _durable(storage: Storage, name: str) -> None:
    if isinstance(storage, FileSystemStorage):
        make_durable(storage, name)


# -- the database


def _clear() -> None:
    """Take away what the migrations of an unused database made."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_OWN_OBJECTS)
        for kind, name, _order in cursor.fetchall():
            cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")


# -- after


def _differences(manifest: Manifest, progress: Progress) -> list[str]:
    """Tables and files that are not what the manifest says."""
    with transaction.atomic():
        figures.settle()
        found = figures.figures(lambda _what, share: progress("comparing tables", share))
    differing = [
        f"table {name}: {found[name].rows if name in found else 'no'} rows"
        f"{', other contents' if name in found and found[name].rows == expected.rows else f', not {expected.rows}'}"
        for name, expected in manifest.tables.items()
        if found.get(name) != expected
    ]
    differing += [
        f"table {name} was not in the archive" for name in sorted(set(found) - set(manifest.tables))
    ]
    for place, (name, content) in enumerate(manifest.files.items(), start=1):
        if not default_storage.exists(name) or _stored(name) != content:
            differing.append(f"file {name}")
        progress("comparing files", place / len(manifest.files))
    return differing


def _unsent() -> int:
    """Messages that the clock will send when it starts here."""
    model = apps.get_model("servicecenter", "OutboxMessage")
    return int(model._base_manager.filter(sent_at=None, parked_at=None).count())


def _keys_fit() -> bool:
    """Whether FIELD_KEYS opens what is encrypted (the newest row of each kind)."""
    try:
        for model in encrypted_models():
            model._base_manager.order_by("-pk").first()
    except CannotDecrypt:
        return False
    return True
