"""Backup and restore (PRV-07): one archive of one instant, with what proves that it is whole.

An archive is a ZIP without compression of its own:

    database.dump    pg_dump's custom format, of the same snapshot as every figure below
    files/…          each file that a row of that snapshot names: attachments, issued documents, their copies
    manifest.json    versions, migrations, rows and digest of each table, SHA-256 of dump and files, the trail's digest

It is written under another name, synced and renamed, so that a file of the wanted name is always a whole one. Keys
(SECRET_KEY, FIELD_KEYS) are not in it and it is not encrypted: keep both apart from each other.
"""

from servicecenter.backups.making import Made, make
from servicecenter.backups.manifest import BackupError, Broken, Manifest
from servicecenter.backups.restoring import Restored, examine, restore

__all__ = ["BackupError", "Broken", "Made", "Manifest", "Restored", "examine", "make", "restore"]
