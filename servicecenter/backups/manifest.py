"""What an archive says of itself, and whether that is so."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "files/"
CHUNK = 1024 * 1024

Progress = Callable[[str, float], None]
"""Told what is being done, and the share of it that is done (0 to 1)."""


class BackupError(Exception):
    """The backup or its restoring cannot be done; the message says why and what to do."""


class Broken(BackupError):
    """The archive is cut, altered, or none of ours."""


@dataclass(frozen=True)
class Content:
    """A part of an archive: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Figures:
    """A table: how many rows, and a digest of all of them whatever their order."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """The archive in figures. `migrations` are `app.name`; `missing` and `damaged` name files, with what is wrong."""

    made_at: str
    version: str
    server: str
    tool: str
    migrations: list[str]
    trail_digest: str
    tables: dict[str, Figures]
    database: Content
    files: dict[str, Content] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def server_major(self) -> int:
        """The major version of the server it was made on."""
        return int(self.server.split(".")[0].split()[0])

    @property
    def size(self) -> int:
        """Bytes of the dump and of all files."""
        return self.database.size + sum(content.size for content in self.files.values())

    def written(self) -> bytes:
        """As it stands in the archive."""
        head = {"product": "servicecenter", "format": FORMAT}
        return json.dumps(head | asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def mark(self) -> str:
        """SHA-256 of the manifest, which holds the SHA-256 of everything: kept elsewhere it proves the archive."""
        return hashlib.sha256(self.written()).hexdigest()


def read(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an open archive. Raises Broken."""
    try:
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile, OSError) as problem:
        raise Broken(f"it has no readable {MANIFEST}: it is no backup of this product") from problem
    if told.pop("product", "") != "servicecenter":
        raise Broken(f"its {MANIFEST} is not of this product")
    if (made := told.pop("format", None)) != FORMAT:
        raise Broken(
            f"its format is {made}, this version reads {FORMAT}: restore it with the version that made it"
        )
    try:
        told["tables"] = {name: Figures(**figures) for name, figures in told["tables"].items()}
        told["files"] = {name: Content(**content) for name, content in told["files"].items()}
        told["database"] = Content(**told["database"])
        return Manifest(**told)
    except (KeyError, TypeError, AttributeError) as problem:
        raise Broken(f"its {MANIFEST} lacks something: {problem}") from problem


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, to be read. Raises Broken when it is cut or is none, BackupError when it is not there."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as problem:
        raise BackupError(f"there is no file {path}") from problem
    except zipfile.BadZipFile as problem:
        raise Broken(f"{path} is cut off, or is no backup: take another one") from problem
    with archive:
        yield archive


def check(archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    """Read everything and compare it with the manifest. Raises Broken, naming the part."""
    expected = {DUMP: manifest.database} | {FILES + name: content for name, content in manifest.files.items()}
    held = {info.filename for info in archive.infolist()} - {MANIFEST}
    if strange := sorted(held - set(expected)):
        raise Broken(f"it holds {strange[0]}, which its manifest does not name")
    total, done = max(manifest.size, 1), 0
    for name, content in expected.items():
        if not harmless(name):
            raise Broken(f"it names {name!r}, which is no place inside it")
        digest, size = hashlib.sha256(), 0
        try:
            with archive.open(name) as part:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    progress("checking the archive", min((done + size) / total, 1.0))
        except KeyError as problem:
            raise Broken(f"{name} is missing in it") from problem
        except (zipfile.BadZipFile, OSError, EOFError) as problem:
            raise Broken(f"{name} cannot be read: {problem}") from problem
        if (size, digest.hexdigest()) != (content.size, content.sha256):
            raise Broken(f"{name} is not what was backed up")
        done += size


def harmless(name: str) -> bool:
    """Whether a name stays inside the directory it is unpacked into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


def copied(source: IO[bytes], target: IO[bytes], tell: Callable[[int], None] | None = None) -> Content:
    """Copy a stream in pieces; what it was."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        target.write(chunk)
        digest.update(chunk)
        size += len(chunk)
        if tell is not None:
            tell(size)
    return Content(size, digest.hexdigest())
