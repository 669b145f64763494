"""PostgreSQL is stopped without warning under load, away, and out of connections (faults 2 and 29; server crash)."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPException

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from complaints.domain.intake import Intake
from complaints.models import Complaint
from deadlines import services
from deadlines.models import Step
from servicecenter.models import TrailEntry
from tests import people
from tests.faults import clocks, doors, processes, tickets
from tests.faults.clocks import wait_for
from tests.faults.counts import times, within
from tests.faults.crash import Child
from tests.faults.processes import Asked, running
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


@pytest.fixture(scope="module")
def asked(own_postgres: Postgres) -> Iterator[Asked]:
    """A web process on that server, which outlives every stop of it."""
    web = processes.web(port := processes.free_port())
    with running(web):
        found = Asked(port)
        wait_for(lambda: found.status("/readyz") == 200 or not web.lives, 60, "the web did not come up")
        assert web.lives, web.output
        yield found


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
    count = times(1_000, 100_000)
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
    own_postgres: Postgres, asked: Asked
) -> None:
    own_postgres.stop_immediately()
    for path in ("/login/", "/readyz", "/api/v1/clocks/"):
        began = time.monotonic()
        answer = asked.get(path, Authorization="Token of-nobody")
        assert time.monotonic() - began < within(5)
        assert answer.status == 503
    page = asked.get("/login/")
    assert page.headers["Retry-After"] == "5"
    assert "nothing is lost" in page.text
    told = asked.get("/api/v1/clocks/", Authorization="Token of-nobody").json()
    assert told["code"] == "database_away"
    assert asked.status("/healthz") == 200
    own_postgres.start()
    # the very first request finds the new server, on every thread
    assert [asked.status("/login/") for _n in range(12)] == [200] * 12
    assert_sound()


class Browser(threading.Thread):
    """An agent who registers one complaint after the other and sends each form again until it is answered.

    Every second waybill is that of the complaint before: a second complaint with all it brings about.
    """

    def __init__(
        self, asked: Asked, session: str, name: str, fresh: Callable[[], Intake], stop: threading.Event
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.asked, self.session, self.fresh, self.stop = asked, session, fresh, stop
        self.told: dict[str, str] = {}
        self.intakes: list[Intake] = []
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        """Until told to stop; the last form too is sent until it is answered."""
        while not self.stop.is_set():
            if len(self.told) % 2 == 0:
                self.intakes.append(self.fresh())
            intake = self.intakes[-1]
            key = f"{self.name}-{len(self.told)}"
            while key not in self.told:
                self._send(intake, key)

    def _send(self, intake: Intake, key: str) -> None:
        try:
            answer = self.asked.form("/intake/", doors.fields(intake, key), session=self.session)
        except (OSError, HTTPException):
            self.statuses[0] += 1
            return
        self.statuses[answer.status] += 1
        if answer.status == 302:
            self.told[key] = answer.headers["Location"]
        else:
            assert answer.status == 503, f"{answer.status} {answer.text[:2000]}"
            time.sleep(0.05)


def four_more(browsers: list[Browser]) -> None:
    """Wait until four more forms have been answered, however slow the machine is."""

    def answered() -> int:
        return sum(len(browser.told) for browser in browsers)

    enough = answered() + 4
    wait_for(lambda: answered() >= enough, 120, "nobody is answered")


def test_what_was_answered_before_the_server_was_stopped_under_load_is_there_and_nothing_is_there_twice(
    own_postgres: Postgres, asked: Asked
) -> None:
    """Means 3: every answered registration exists; a form sent again gives the same ticket; the rest is a 503."""
    crew = tickets.crew()
    session = doors.client_of(crew.agent).session.session_key or ""
    fresh = tickets.matters()
    stop = threading.Event()
    browsers = [Browser(asked, session, f"b{n}", fresh, stop) for n in range(4)]
    for browser in browsers:
        browser.start()
    for _n in range(times(2, 10)):
        four_more(browsers)
        time.sleep(random.uniform(0.1, 0.9))
        own_postgres.stop_immediately()
        own_postgres.start()
    four_more(browsers)
    stop.set()
    for browser in browsers:
        browser.join(60)
        assert not browser.is_alive(), "the web did not recover"
    told = [place for browser in browsers for place in browser.told.values()]
    statuses = sum((browser.statuses for browser in browsers), Counter[int]())
    assert len(told) > 10, statuses
    assert statuses[500] == 0
    # each answer is a ticket of its own, and there is none that nobody was told of
    assert sorted(told) == sorted(f"/complaints/{row.number}/" for row in Complaint.objects.all())
    for browser in browsers:
        for intake in browser.intakes[:-1]:
            tickets.assert_registered(intake, 2, crew)
    assert_sound()


def test_out_of_connections_the_web_says_so_within_five_seconds_and_recovers_by_itself(
    own_postgres: Postgres,
) -> None:
    """Fault 29."""
    client = Client(raise_request_exception=False)
    client.force_login(people.user("agent"))
    connection.close()
    # the others have them all
    own_postgres.execute("ALTER DATABASE servicecenter CONNECTION LIMIT 0")
    try:
        status, seconds = answered(client, reverse("notices"))
        assert status == 503
        assert seconds < within(5)
        assert answered(Client(), "/healthz")[0] == 200
        own_postgres.execute("ALTER DATABASE servicecenter CONNECTION LIMIT -1")
        wait_for(lambda: answered(client, reverse("notices"))[0] == 200, within(5), "it did not recover")
    finally:
        own_postgres.execute("ALTER DATABASE servicecenter CONNECTION LIMIT -1")
