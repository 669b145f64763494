"""A dump into the empty database, whole or not at all: pg_restore words it, psql does it."""

from __future__ import annotations

import subprocess
import threading
from typing import IO

from django.db import connection

from servicecenter.backups import tools
from servicecenter.backups.manifest import CHUNK, BackupError, Progress

# Programs of 17 and newer write it whatever the server is; an older server does not know it, and needs it not.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


def load(programs: tools.Tools, dump: IO[bytes], size: int, progress: Progress) -> None:
    """Load it in one transaction. Raises BackupError with what the programs said.

    Triggers and constraints come after the rows, as pg_dump orders it: nothing is switched off for it.
    """
    address, environment = tools.address()
    connection.close()
    wording = subprocess.Popen(
        [programs.path("pg_restore"), "--no-owner", "--no-privileges", "--no-tablespaces", "--schema=public",
         "--file=-"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    doing = subprocess.Popen(
        [programs.path("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction",
         "--set=ON_ERROR_STOP=1", f"--dbname={address}"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert doing.stdin is not None
    said: dict[str, bytes] = {}
    passing = threading.Thread(target=_pass_on, args=(wording.stdout, doing.stdin), daemon=True)
    threads = [
        passing,
        threading.Thread(target=_feed, args=(dump, wording.stdin, size, progress), daemon=True),
        threading.Thread(target=_listen, args=("pg_restore", wording.stderr, said), daemon=True),
        threading.Thread(target=_listen, args=("psql", doing.stderr, said), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        codes = {"pg_restore": wording.wait()}
        passing.join()
        if codes["pg_restore"] == 0:
            _close(doing.stdin)
        else:
            # at the end of its input psql would commit what has come so far
            doing.kill()
        codes["psql"] = doing.wait()
    except BaseException:
        doing.kill()
        wording.kill()
        raise
    for thread in threads:
        thread.join()
    for name in ("pg_restore", "psql"):
        if codes[name] != 0:
            told = said.get(name, b"").decode(errors="replace").strip().splitlines()
            raise BackupError(
                f"{name} failed, nothing was loaded: {'; '.join(told[-4:]) or 'it said nothing'}"
            )
    progress("loading the database", 1.0)


def _feed(dump: IO[bytes], into: IO[bytes], size: int, progress: Progress) -> None:
    done = 0
    try:
        with into:
            while chunk := dump.read(CHUNK):
                into.write(chunk)
                done += len(chunk)
                # what is read is not yet loaded, and indexes come last
                progress("loading the database", 0.95 * done / max(size, 1))
    except BrokenPipeError:
        pass  # its reader has failed and says why


def _pass_on(source: IO[bytes], into: IO[bytes]) -> None:
    """From one program to the other, without what an older server does not know; it stands among the first lines."""
    try:
        for line in iter(source.readline, b""):
            if line != _UNKNOWN_BEFORE_17:
                into.write(line)
            if line.startswith(b"SET client_encoding"):
                break
        while chunk := source.read(CHUNK):
            into.write(chunk)
        into.flush()
    except BrokenPipeError:
        while source.read(CHUNK):  # its reader has failed and says why; the writer must come to its end
            pass


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        pass  # its reader has failed and says why


def _listen(name: str, stream: IO[bytes], said: dict[str, bytes]) -> None:
    said[name] = stream.read()
