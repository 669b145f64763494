"""PostgreSQL's own programs, pg_dump, pg_restore and psql: the ones that fit the server, and how they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg2.extensions import make_dsn

from servicecenter.backups.manifest import BackupError
from servicecenter.local import programs

DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Tools:
    """A directory of programs of one version."""

    directory: Path
    version: str

    @property
    def major(self) -> int:
        """18 of 18.4."""
        return int(self.version.split(".")[0])

    def path(self, name: str) -> str:
        """The program's path."""
        return str(self.directory / name)


def fitting(server_major: int, *, least: int = 0) -> Tools:
    """The programs of the server's own version, else the next newer ones, at least of version `least`.

    Older ones cannot read a newer server. Raises BackupError with the command that installs them.
    """
    wanted = max(server_major, least)
    found = [tools for tools in _installed() if tools.major >= wanted]
    if not found:
        raise BackupError(
            f"the server is PostgreSQL {server_major}, and there is no pg_dump and psql of version {wanted} here: "
            f"install them (apt-get install postgresql-client-{wanted}), "
            "or name their directory in SERVICECENTER_PG_BIN"
        )
    return min(found, key=lambda tools: tools.major)


def server_version() -> tuple[int, str]:
    """The server's major version and its version as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version')"
        )
        major, text = cursor.fetchone()
    return major, text


def address() -> tuple[str, dict[str, str]]:
    """Django's database as a connection string without the password, and the environment that carries that."""
    given: dict[str, Any] = connection.get_connection_params()
    for name in ("cursor_factory", "context", "client_encoding"):
        given.pop(name, None)
    password = given.pop("password", None)
    environment = {**os.environ, "LC_ALL": "C", "PGAPPNAME": "servicecenter backup"}
    if password:
        environment["PGPASSWORD"] = str(password)
    return make_dsn(**{key: value for key, value in given.items() if value not in (None, "")}), environment


def _installed() -> list[Tools]:
    """What there is, the chosen directory first; each version once."""
    places: list[Path] = []
    if chosen := os.environ.get("SERVICECENTER_PG_BIN"):
        places.append(Path(chosen))
    if on_path := shutil.which("pg_dump"):
        places.append(Path(on_path).parent)
    places += sorted(DEBIAN.glob("*/bin"))
    try:
        places.append(programs.wheel_bin())
    except programs.PostgresError:
        pass  # no wheel for this machine
    found: dict[str, Tools] = {}
    for place in places:
        version = _version(place)
        if version and all((place / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
            found.setdefault(version, Tools(place, version))
    return list(found.values())


def _version(place: Path) -> str:
    """What `pg_dump --version` says, '' where there is none: "pg_dump (PostgreSQL) 18.4 (Debian …)" gives 18.4."""
    try:
        told = subprocess.run(
            [place / "pg_dump", "--version"], check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.split(")")[1].split()[0]
