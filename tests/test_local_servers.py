"""The embedded servers: addresses, clusters, who uses them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg2
import pytest
from psycopg2.extensions import parse_dsn

from servicecenter.local import (
    locks,
    paths,
    postgres,
    prepare,
    programs,
    redis,
    services,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def own_cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A cluster of this test alone, as durable as the one of `make run`, gone afterwards."""
    monkeypatch.delenv("SERVICECENTER_STATE", raising=False)
    name = f"own{os.getpid()}"
    monkeypatch.setattr(paths, "CLUSTERS", (*paths.CLUSTERS, name))
    monkeypatch.setitem(postgres._SETTINGS, name, postgres._SETTINGS["run"])
    yield name
    services.destroy(name)
    assert not paths.cluster_dir(name).exists()


def _one(cluster: str, statement: str) -> tuple[object, ...]:
    with (
        closing(psycopg2.connect(postgres.url(cluster))) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        row: tuple[object, ...] = cursor.fetchone()
    return row


# ---- the database's and Redis's addresses


def test_the_database_url_means_the_same_socket_to_django_and_to_psycopg2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", "/srv/Büro & Co/state")
    url = postgres.url("run")
    read = environ.Env.db_url_config(url)
    assert parse_dsn(url) == {
        "user": "servicecenter",
        "dbname": "servicecenter",
        "host": "/srv/Büro & Co/state/run/socket",
    }
    assert read["OPTIONS"]["host"] == "/srv/Büro & Co/state/run/socket"
    assert (read["NAME"], read["USER"], read["PASSWORD"], read["PORT"]) == (
        "servicecenter",
        "servicecenter",
        "",
        "",
    )


def test_a_socket_path_too_long_for_the_system_moves_to_a_short_private_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", "/srv/" + "deep/" * 20)
    directory = postgres.socket_dir("run")
    assert directory.parent == Path("/tmp")
    assert len(f"{directory}/.s.PGSQL.5432") <= 100
    assert directory != postgres.socket_dir("test")


def test_the_clusters_do_not_share_data_or_socket() -> None:
    assert len({postgres.data_dir(name) for name in paths.CLUSTERS}) == 5
    assert len({postgres.socket_dir(name) for name in paths.CLUSTERS}) == 5
    with pytest.raises(ValueError, match="no cluster is called 'prod'"):
        paths.cluster_dir("prod")


def test_two_checkouts_of_root_do_not_share_their_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICECENTER_STATE", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    first, second = paths.state_dir(Path("/srv/a")), paths.state_dir(Path("/srv/b"))
    assert first.parent == second.parent == Path("/var/lib/servicecenter")
    assert first != second
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert paths.state_dir(Path("/srv/a")) == Path("/srv/a/var")


@pytest.mark.parametrize("cluster", ["run", "bench", "faults", "pg15"])
def test_only_the_test_cluster_may_lose_commits(cluster: str) -> None:
    assert postgres.settings(cluster)["fsync"] == "on"
    assert postgres.settings(cluster)["synchronous_commit"] == "on"
    assert postgres.settings("test")["fsync"] == "off"


def test_the_major_version_is_read_from_what_the_server_says() -> None:
    assert programs.major("postgres (PostgreSQL) 18.4") == 18
    assert programs.major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)") == 15


def test_redis_before_its_first_start_has_an_address_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    assert redis.url("run") == "redis://127.0.0.1:1/0"
    assert list(tmp_path.iterdir()) == []


def test_redis_keeps_port_and_password_starts_once_and_survives_a_kill(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from redis import Redis

    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    try:
        url = redis.start("faults")
        process = redis.pid("faults")
        assert redis.start("faults") == url
        assert redis.pid("faults") == process
        with Redis.from_url(url) as client:
            client.set("kept", "yes")
        redis.stop("faults")
        assert not redis.is_running("faults")
        assert redis.start("faults") == url
        with Redis.from_url(url) as client:
            assert client.get("kept") == b"yes"
        redis.kill("faults")
        assert redis.start("faults") == url
    finally:
        redis.destroy("faults")
    assert (tmp_path / "faults" / "redis").exists() is False


def test_redis_takes_another_port_when_its_own_was_taken_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    try:
        first = urlsplit(redis.start("faults"))
        redis.stop("faults")
        with socket.socket() as squatter:
            squatter.bind(("127.0.0.1", first.port or 0))
            assert not redis.is_running("faults")
            second = urlsplit(redis.start("faults"))
        assert second.port != first.port
        assert second.password == first.password
        assert urlsplit(redis.url("faults")).port == second.port
    finally:
        redis.destroy("faults")


def test_the_files_with_the_password_are_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    try:
        redis.start("faults")
        directory = redis.data_dir("faults")
        assert directory.stat().st_mode & 0o077 == 0
        assert (directory / "redis.conf").stat().st_mode & 0o077 == 0
        assert (directory / "address.json").stat().st_mode & 0o077 == 0
    finally:
        redis.destroy("faults")


def test_a_cluster_starts_once_limits_its_role_and_keeps_commits_over_a_kill(own_cluster: str) -> None:
    assert postgres.start(own_cluster) == postgres.url(own_cluster)
    process = postgres.pid(own_cluster)
    postgres.start(own_cluster)
    assert postgres.pid(own_cluster) == process
    role = "SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert _one(own_cluster, role) == ("servicecenter", False, True)
    limits = (
        "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), "
        "current_setting('idle_in_transaction_session_timeout'), current_setting('join_collapse_limit'), "
        "current_setting('listen_addresses')"
    )
    assert _one(own_cluster, limits) == ("10s", "1min", "1min", "5", "")
    text = "SELECT lower('É'), '投诉' ~ '^\\w+$', current_setting('server_encoding'), current_setting('TimeZone')"
    assert _one(own_cluster, text) == ("é", True, "UTF8", "UTC")
    _one(own_cluster, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (1) RETURNING x")
    postgres.kill(own_cluster)
    assert not postgres.is_running(own_cluster)
    postgres.start(own_cluster)
    assert postgres.pid(own_cluster) != process
    assert _one(own_cluster, "SELECT count(*) FROM kept") == (1,)
    postgres.stop(own_cluster)
    assert postgres.pid(own_cluster) is None


def test_the_last_user_of_a_cluster_stops_it_and_nobody_before(own_cluster: str) -> None:
    with services.around(own_cluster, {}):
        with services.around(own_cluster, {}) as environment:
            assert environment["DATABASE_URL"] == postgres.url(own_cluster)
        assert postgres.is_running(own_cluster)
        assert redis.is_running(own_cluster)
    assert not postgres.is_running(own_cluster)
    assert not redis.is_running(own_cluster)
    services.up(own_cluster, {})
    with services.around(own_cluster, {}):
        pass
    assert postgres.is_running(own_cluster)
    services.down(own_cluster)
    assert not postgres.is_running(own_cluster)


def test_demo_data_interrupted_last_time_are_forgotten_and_nothing_else_is(own_cluster: str) -> None:
    url = postgres.start(own_cluster)
    _one(own_cluster, "CREATE TABLE half (x int); INSERT INTO half VALUES (1) RETURNING x")
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    prepare.forget_half_a_demo(own_cluster, url)
    assert _one(own_cluster, tables) == (1,)
    mark = paths.cluster_dir(own_cluster) / "playing-demo"
    mark.touch()
    prepare.forget_half_a_demo(own_cluster, "postgresql://own.example/db")
    assert _one(own_cluster, tables) == (1,)
    prepare.forget_half_a_demo(own_cluster, url)
    assert _one(own_cluster, tables) == (0,)
    assert _one(
        own_cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'servicecenter'"
    ) == ("servicecenter",)
    assert not mark.exists()


# ---- who uses a cluster


def test_a_cluster_is_in_use_while_one_of_its_users_lives(tmp_path: Path) -> None:
    path = tmp_path / "users.lock"
    first, second = locks.Use(path), locks.Use(path)
    first.release()
    assert locks.in_use(path)
    second.release()
    assert not locks.in_use(path)
    second.release()
    assert not locks.in_use(path)


def test_a_killed_user_is_no_user_any_more(tmp_path: Path) -> None:
    path = tmp_path / "users.lock"
    code = (
        "import sys, time, pathlib; from servicecenter.local import locks; "
        "use = locks.Use(pathlib.Path(sys.argv[1])); print('mine', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        assert locks.in_use(path)
        process.kill()
    assert not locks.in_use(path)


def test_servers_named_by_the_environment_are_respected_and_not_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    own = {"DATABASE_URL": "postgresql://own.example/db", "REDIS_URL": "redis://own.example/1"}
    with services.around("faults", own) as environment:
        assert environment["DATABASE_URL"] == "postgresql://own.example/db"
        assert environment["REDIS_URL"] == "redis://own.example/1"
        assert not redis.is_running("faults")
        assert not postgres.is_running("faults")


def test_a_command_returns_its_own_exit_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://own.example/db")
    monkeypatch.setenv("REDIS_URL", "redis://own.example/1")
    assert services.run("faults", [sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert services.run("faults", [sys.executable, "-c", "import os; os.kill(os.getpid(), 15)"]) == 143
