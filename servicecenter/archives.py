"""ZIP containers from outside (Word, Excel): what they are and how much they unpack to, before anybody unpacks them."""

from __future__ import annotations

import zipfile
from typing import IO
from zlib import error as ZlibError

from servicecenter.kernel.errors import RuleBroken

MOST_ENTRIES = 5_000
CHUNK = 256 * 1024
# A Word or Excel file under a password is not a ZIP but an old compound file.
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_office_file(file: IO[bytes], *, folder: str, name: str, most_bytes: int) -> None:
    """Refuse what is not an Office file with its parts under `folder` (`word/`, `xl/`), or unpacks to more than a cap.

    The sizes that the archive claims are not believed: every entry is unpacked, counted and thrown away. Raises
    RuleBroken `attachment.locked`, `.macros`, `.unpacked` or `.broken`; leaves the file at its start.
    """
    file.seek(0)
    if file.read(len(COMPOUND_FILE)) == COMPOUND_FILE:
        raise RuleBroken("attachment.locked", status=400, name=name)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive, folder=folder, name=name, most_bytes=most_bytes)
    except (zipfile.BadZipFile, ZlibError, EOFError, RuntimeError, ValueError, OSError) as problem:
        raise RuleBroken("attachment.broken", status=400, name=name) from problem
    finally:
        file.seek(0)


def _check_entries(archive: zipfile.ZipFile, *, folder: str, name: str, most_bytes: int) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise RuleBroken("attachment.unpacked", status=400, name=name)
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(entry.startswith(folder) for entry in names):
        raise RuleBroken("attachment.broken", status=400, name=name)
    if any(entry.lower().endswith("vbaproject.bin") for entry in names):
        raise RuleBroken("attachment.macros", status=400, name=name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise RuleBroken("attachment.locked", status=400, name=name)
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as content:
            while chunk := content.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > most_bytes:
                    raise RuleBroken("attachment.unpacked", status=400, name=name)
