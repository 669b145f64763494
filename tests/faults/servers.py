"""Servers of a test's own, to be killed, paused, cut off and started again: Redis, PostgreSQL, a wire between."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection, connections

from servicecenter.local import paths, postgres, programs, redis, services

PREFIX = "faulty"


@contextmanager
def own_cluster() -> Iterator[str]:
    """The name of a cluster of this process alone, as durable as the one of `make run`; destroyed at the end.

    Clusters of test runs that were killed are destroyed first.
    """
    name = f"{PREFIX}{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CLUSTERS", (*paths.CLUSTERS, name, *_orphans()))
        for cluster in (name, *_orphans()):
            patch.setitem(postgres._SETTINGS, cluster, postgres._SETTINGS["faults"])
        if connection.pg_version < 160000:
            # the run on the oldest server kills that one
            patch.setenv("SERVICECENTER_PG_BIN", str(programs.programs("pg15")))
        for orphan in _orphans():
            services.destroy(orphan)
        try:
            yield name
        finally:
            connections.close_all()
            services.destroy(name)


def _orphans() -> list[str]:
    places = paths.state_dir().glob(f"{PREFIX}[0-9]*")
    return [place.name for place in places if not Path(f"/proc/{place.name.removeprefix(PREFIX)}").exists()]


class Redis:
    """A Redis of the test's own."""

    def __init__(self, cluster: str) -> None:
        self.cluster = cluster
        self.url = redis.start(cluster)

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 0

    def kill(self) -> None:
        """SIGKILL."""
        redis.kill(self.cluster)

    def start(self) -> None:
        """Start it again, at the same address."""
        assert redis.start(self.cluster) == self.url

    def pause(self) -> None:
        """It holds its connections and answers nothing."""
        os.kill(self._pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again."""
        os.kill(self._pid, signal.SIGCONT)

    @property
    def _pid(self) -> int:
        return int((redis.data_dir(self.cluster) / "redis.pid").read_text())


class Postgres:
    """A PostgreSQL of the test's own, beginning with a copy of the test's database."""

    def __init__(self, cluster: str) -> None:
        self.cluster = cluster
        self.url = postgres.start(cluster)
        _copy(connection.get_connection_params(), cluster)

    def stop_immediately(self) -> None:
        """`pg_ctl stop -m immediate`: no checkpoint, every session cut."""
        connections.close_all()
        postgres.stop(self.cluster, mode="immediate")

    def start(self) -> None:
        """Start it again; it recovers from its log."""
        postgres.start(self.cluster)

    def execute(self, statement: str) -> None:
        """One statement as the server's superuser."""
        with closing(psycopg2.connect(postgres.url(self.cluster, role=postgres.SUPERUSER))) as admin:
            admin.autocommit = True
            with admin.cursor() as cursor:
                cursor.execute(statement)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Django, in this process and in those it starts, works on this server."""
        settings = connections["default"].settings_dict
        former = {key: settings[key] for key in ("NAME", "HOST")}
        former_url = os.environ["DATABASE_URL"]
        connections.close_all()
        settings |= {"NAME": postgres.DATABASE, "HOST": str(postgres.socket_dir(self.cluster))}
        os.environ["DATABASE_URL"] = self.url
        try:
            yield
        finally:
            connections.close_all()
            settings |= former
            os.environ["DATABASE_URL"] = former_url


def _copy(source: dict[str, Any], cluster: str) -> None:
    """Schema and rows of one database into the empty one of a cluster."""
    tools = programs.programs(cluster)
    names = {
        "dbname": "PGDATABASE",
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    where = {name: str(source[key]) for key, name in names.items() if source.get(key)}
    dump = subprocess.run(
        [str(tools / "pg_dump"), "--no-owner"], env={**os.environ, **where}, check=True, capture_output=True
    )
    into = [str(tools / "psql"), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", postgres.url(cluster)]
    subprocess.run(into, check=True, input=dump.stdout, stdout=subprocess.DEVNULL)


class Wire:
    """A small TCP proxy: what goes through it can be cut, or stopped on its way."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open: list[socket.socket] = []
        self._cut = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection is reset, and new ones are closed at once."""
        self._cut = True
        for side in self._open:
            _shut(side)
        self._open.clear()

    def mend(self) -> None:
        """New connections go through again."""
        self._cut = False

    def close(self) -> None:
        """The end."""
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._server.accept()
            except OSError:
                return
            if self._cut:
                _shut(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                _shut(near)
                continue
            far.settimeout(None)
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass  # cut
    _shut(source)
    _shut(sink)


def _shut(side: socket.socket) -> None:
    try:
        side.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is shut already
    side.close()
