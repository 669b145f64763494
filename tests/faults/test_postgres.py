"""PostgreSQL is stopped without warning under load, away, and out of connections (faults 2 and 29; server crash)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from deadlines import services
from deadlines.models import Step
from servicecenter.models import TrailEntry
from tests import people
from tests.faults import clocks, processes
from tests.faults.clocks import wait_for
from tests.faults.counts import times
from tests.faults.crash import Child
from tests.faults.processes import running
from tests.faults.servers import Postgres, own_cluster
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("own_postgres")


@pytest.fixture(scope="module")
def own_postgres(committed: None) -> Iterator[Postgres]:
    """A server of this module alone, durable, which Django works on meanwhile."""
    with own_cluster() as name:
        server = Postgres(name)
        with server.in_use():
            yield server


def answered(client: Client, path: str) -> tuple[int, float]:
    """The status of a page, and the seconds it took."""
    began = time.monotonic()
    status = client.get(path).status_code
    connection.close()
    return status, time.monotonic() - began


# -- the sweep


def sweep_until_it_is_cut() -> None:
    """Small batches, so that a stop comes between many commits."""
    try:
        services.sweep(limit=20)
    except (OperationalError, InterfaceError):
        pass  # the server has gone: what was not committed is not done


def test_a_server_stopped_in_mid_sweep_has_done_every_step_once_after_the_next_sweeps(
    own_postgres: Postgres,
) -> None:
    """Fault 2: I1 to I3."""
    count = times(3_000, 100_000)
    clocks.many_due(count)
    for _n in range(times(2, 10)):
        sweepers = [Child(sweep_until_it_is_cut) for _sweeper in range(2)]
        time.sleep(random.uniform(0.05, 0.4))
        own_postgres.stop_immediately()
        for sweeper in sweepers:
            sweeper.reap()
        own_postgres.start()
        fired = Step.objects.filter(fired_at__isnull=False).count()
        # a clock's four steps are one transaction, and so are its lines in the trail
        assert fired % 4 == 0
        assert TrailEntry.objects.filter(code__startswith="clock.").count() == fired
        connection.close()
    services.sweep()
    assert Step.objects.filter(fired_at__isnull=False).count() == 4 * count
    assert TrailEntry.objects.filter(code__startswith="clock.").count() == 4 * count
    assert_sound()


# -- the web


def test_while_the_server_is_away_pages_say_so_at_once_and_work_again_by_themselves(
    own_postgres: Postgres,
) -> None:
    port = processes.free_port()
    web = processes.web(port)
    with running(web, processes.clock("sweep", CLOCK_SECONDS="0.2")):
        asked = processes.Asked(port)
        wait_for(lambda: asked.status("/readyz") == 200, 30, "the web did not come up")
        own_postgres.stop_immediately()
        for path in ("/login/", "/readyz", "/api/v1/clocks/"):
            began = time.monotonic()
            answer = asked.get(path, Authorization="Token of-nobody")
            assert time.monotonic() - began < 5
            assert answer.status == 503, web.output
        page = asked.get("/login/")
        assert page.headers["Retry-After"] == "5"
        assert "nothing is lost" in page.text
        told = asked.get("/api/v1/clocks/", Authorization="Token of-nobody").json()
        assert told["code"] == "database_away"
        assert asked.status("/healthz") == 200
        own_postgres.start()
        # the very first request finds the new server, on every thread
        assert [asked.status("/login/") for _n in range(12)] == [200] * 12
        late = clocks.begin(ago=19 * clocks.H)
        wait_for(lambda: Step.objects.filter(clock=late, fired_at__isnull=False).exists(), 10)
    assert_sound()


def test_out_of_connections_the_web_says_so_within_five_seconds_and_recovers_by_itself(
    own_postgres: Postgres,
) -> None:
    """Fault 29."""
    client = Client(raise_request_exception=False)
    client.force_login(people.user("agent"))
    connection.close()
    own_postgres.execute("ALTER DATABASE servicecenter CONNECTION LIMIT 2")
    try:
        with closing(psycopg2.connect(own_postgres.url)), closing(psycopg2.connect(own_postgres.url)):
            status, seconds = answered(client, reverse("notices"))
            assert status == 503
            assert seconds < 5
            assert answered(Client(), "/healthz")[0] == 200
        wait_for(lambda: answered(client, reverse("notices"))[0] == 200, 5, "it did not recover")
    finally:
        own_postgres.execute("ALTER DATABASE servicecenter CONNECTION LIMIT -1")
