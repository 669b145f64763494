"""`python -m bench.growing`: two of everything on one database, under mixed load, one of each killed in the middle.

--minutes 3      how long
--pgbouncer      all of them through a PgBouncer in transaction mode, which must be on PATH
--write          put the figures into docs/growing.md

Agents ask queue, ticket and look-up pages and register first and second complaints at both web processes in turn, as
a load balancer would send them; beside them tickets are registered whose deadlines have passed, so that clocks and
workers always have something to sweep. In the middle one web, one worker and one clock are killed (SIGKILL) and
started again. At the end everything counted must be there once, and `manage.py verify` must find nothing.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

from bench.fleet import Process, pgbouncer, processes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "growing.md"
AGENTS, FEEDERS = 6, 1
SECOND_COMPLAINTS = 0.3


@dataclass
class Told:
    """What one kind of request met."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    again: int = 0


class Load:
    """The agents, and what they were answered."""

    def __init__(
        self, ports: list[int], session: str, waybills: Iterator[tuple[str, str]], tickets: list[str]
    ) -> None:
        self.ports, self.session, self.waybills, self.tickets = ports, session, waybills, tickets
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.told: dict[str, Told] = {}
        self.registered: list[str] = []
        self.fed = 0

    def agent(self, number: int) -> None:
        """Until the end: one request after the other, at the two web processes in turn."""
        chance = random.Random(number)
        turn = itertools.cycle(self.ports[number % 2 :] + self.ports[: number % 2])
        mine: list[tuple[str, str]] = []
        while not self.stop.is_set():
            what = chance.choices(["queue", "ticket", "look-up", "register"], [40, 25, 15, 20])[0]
            if what == "queue":
                self._ask(what, turn, "GET", "/complaints/")
            elif what == "ticket":
                with self.lock:
                    ticket = chance.choice(self.tickets + self.registered)
                self._ask(what, turn, "GET", f"/complaints/{ticket}/")
            elif what == "look-up":
                with self.lock:
                    waybill, _telephone = next(self.waybills)
                self._ask(what, turn, "GET", f"/intake/?waybill={waybill}")
            else:
                second = mine and chance.random() < SECOND_COMPLAINTS
                with self.lock:
                    waybill = mine.pop() if second else next(self.waybills)
                place = self._ask(
                    "register a second complaint" if second else "register a complaint",
                    turn, "POST", "/intake/", _form(*waybill),
                )  # fmt: skip
                if place:
                    with self.lock:
                        self.registered.append(place.rstrip("/").rpartition("/")[2])
                    if not second:
                        mine.append(waybill)

    def _ask(
        self, what: str, turn: Iterator[int], method: str, path: str, form: dict[str, str] | None = None
    ) -> str:
        """Ask, and ask the other process where one is away; the form keeps its key. Where the answer leads to."""
        with self.lock:
            told = self.told.setdefault(what, Told())
        began = time.monotonic()
        for _try in range(40):
            try:
                status, place, body = self._once(next(turn), method, path, form)
            except (OSError, http.client.HTTPException):
                told.again += 1
                time.sleep(0.05)
                continue
            if status == 503:
                told.again += 1
                time.sleep(0.05)
                continue
            if status >= 400 or (form is not None and status != 302):
                told.errors[f"{status} {path.split('/')[1]} {_title(body)}"] += 1
                return ""
            told.seconds.append(time.monotonic() - began)
            return place
        told.errors[f"no answer in 40 tries: {path}"] += 1
        return ""

    def _once(self, port: int, method: str, path: str, form: dict[str, str] | None) -> tuple[int, str, bytes]:
        token = "x" * 32
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}", "Accept-Language": "en"}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            line.request(method, path, urlencode(form) if form else None, headers)
            answer = line.getresponse()
            return answer.status, answer.getheader("Location") or "", answer.read()


def _title(body: bytes) -> str:
    found = re.search(rb"<title>([^<]*)", body)
    return found[1].decode() if found else ""


def _form(waybill: str, telephone: str) -> dict[str, str]:
    from bench.cases.registering import filled

    return {key: str(value) for key, value in filled(waybill, telephone, "branch_east").items()}


def feed(load: Load, agent: Any) -> None:
    """Register tickets of two to four days ago, as an import does: all their deadlines have passed."""
    from django.db import connection

    from complaints import services
    from complaints.domain.intake import Intake
    from organization.models import Department

    branch = Department.objects.get(code="branch_east").pk
    chance = random.Random(7)
    for number in itertools.count():
        if load.stop.wait(0.4):
            break
        services.register(
            intake=Intake(
                channel="telephone", category="late_delivery", text="说好上午送到，等到晚上也没人联系。",
                caller_telephone=f"1391{number:07}", caller_name="刘海涛", waybill_number=f"8699{number:09}",
                party_role="consignor", respondent_department_id=branch,
            ),
            by=agent,
            at=datetime.now(UTC) - timedelta(hours=chance.uniform(48, 96)),
        )  # fmt: skip
        load.fed += 1
    connection.close()


def main() -> int:
    """The command line; returns the exit code: 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="bench.growing", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--pgbouncer", action="store_true")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection, connections

    from bench import data
    from bench.ground import Ground
    from servicecenter import trail
    from servicecenter.local import prepare, redis

    data.WORK = f"sc_growing_{os.getpid()}"
    prepare.compile_messages()
    prepare.collect_static()
    data.clone("1k")
    ground = Ground("1k")
    with connection.cursor() as cursor:
        # the generated past was written without triggers: it gets its seals now
        cursor.execute(_NOTE)
    while trail.seal():
        pass
    session = ground.client(ground.agent).session.session_key or ""
    rows = ground.column(
        "SELECT w.number || ' ' || w.consignor_telephone FROM customers_waybill w WHERE NOT EXISTS ("
        "  SELECT FROM complaints_complaint c WHERE c.waybill_id = w.id) ORDER BY w.id"
    )
    waybills = itertools.chain((tuple(row.split()) for row in rows), _more_waybills())
    tickets = ground.column("SELECT number FROM complaints_complaint ORDER BY id LIMIT 300")
    direct = re.sub(r"/\w+(\?|$)", rf"/{data.WORK}\1", os.environ["DATABASE_URL"], count=1)
    ports = [redis.free_port(), redis.free_port()]
    try:
        with ExitStack() as stack:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growing-")))
            url = stack.enter_context(pgbouncer(direct, directory)) if asked.pgbouncer else direct
            started = processes(url, settings.REDIS_URL, ports, directory)
            for one in started:
                stack.callback(one.kill)
                one.start()
            load = Load(ports, session, waybills, tickets)
            lines = run(load, started, ground, minutes=asked.minutes)
            good, found = judge(load, ground, direct, started)
            print("\n".join(lines + found))
    finally:
        connections.close_all()
        data.drop_clone()
    if asked.write and good:
        write("pgbouncer" if asked.pgbouncer else "direct", [*head(asked), *lines, *found])
    return 0 if good else 1


def _more_waybills() -> Iterator[tuple[str, str]]:
    for number in itertools.count():
        yield f"8698{number:09}", f"1392{number:07}"


def head(asked: argparse.Namespace) -> list[str]:
    """When, on what, how."""
    way = "through PgBouncer in transaction mode (12 server connections)" if asked.pgbouncer else "directly"
    return [
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}) for all of it (load "
        f"{os.getloadavg()[0]:.0f} at the end); {asked.minutes:g} minutes, {AGENTS} agents without a pause, {way}.",
        "",
    ]


def run(load: Load, started: list[Process], ground: Any, *, minutes: float) -> list[str]:
    """The load for so long, with the kills in its middle; the table of requests."""
    _ready(load)
    threads = [threading.Thread(target=load.agent, args=(number,), daemon=True) for number in range(AGENTS)]
    threads += [
        threading.Thread(target=feed, args=(load, ground.agent), daemon=True) for _n in range(FEEDERS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(minutes * 30)
    victims = [one for one in started if one.name in {"web1", "worker1", "clock1"}]
    for victim in victims:
        victim.kill()
    time.sleep(10)
    for victim in victims:
        victim.start()
    time.sleep(max(0.0, minutes * 60 - (time.monotonic() - began)))
    load.stop.set()
    for thread in threads:
        thread.join(90)
    took = time.monotonic() - began
    lines = ["| request | answered | a second | p50 ms | p95 ms | asked again while one was away | errors |"]
    lines.append("|---|---|---|---|---|---|---|")
    for what, told in sorted(load.told.items()):
        seconds = sorted(told.seconds) or [0.0]
        p50, p95 = (seconds[int(share * (len(seconds) - 1))] * 1000 for share in (0.5, 0.95))
        lines.append(
            f"| {what} | {len(told.seconds)} | {len(told.seconds) / took:.1f} | {p50:.0f} | {p95:.0f} | {told.again} "
            f"| {sum(told.errors.values())} |"
        )
        for error, count in told.errors.items():
            print(f"{what}: {count} × {error}", file=sys.stderr)
    return [*lines, ""]


def _ready(load: Load) -> None:
    until = time.monotonic() + 120
    for port in load.ports:
        while time.monotonic() < until:
            try:
                if load._once(port, "GET", "/readyz", None)[0] == 200:
                    break
            except (OSError, http.client.HTTPException):
                pass  # it is still starting
            time.sleep(0.5)
        else:
            raise SystemExit(f"the web process on port {port} does not answer")


def judge(load: Load, ground: Any, url: str, started: list[Process]) -> tuple[bool, list[str]]:
    """Whether everything answered is there once, each step fired once, and verify finds nothing; and the lines."""
    until = time.monotonic() + 120
    while ground.one(_OVERDUE) and time.monotonic() < until:
        time.sleep(1)
    late = ground.one(_OVERDUE)
    there = set(ground.column("SELECT number FROM complaints_complaint"))
    lost = [number for number in load.registered if number not in there]
    doubled = len(load.registered) - len(set(load.registered))
    keys = ground.one("SELECT count(*) FROM servicecenter_idempotencykey")
    fired, twice = ground.one(_FIRED), ground.one(_TWICE)
    errors = sum(sum(told.errors.values()) for told in load.told.values())
    verified = subprocess.run(
        [sys.executable, "manage.py", "verify"],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    dead = [one.name for one in started if one.process is not None and one.process.poll() is not None]
    if verified.returncode:
        print(verified.stdout, file=sys.stderr)
    for name in dead:
        print(
            f"{name} has died:", (started[0].log.parent / f"{name}.log").read_text()[-2000:], file=sys.stderr
        )
    good = not (late or lost or doubled or twice or errors or verified.returncode or dead)
    return good, [
        f"- {len(load.registered)} registrations were answered: {len(lost)} of them missing, {doubled} tickets told "
        f"twice; {keys} keys kept.",
        f"- {load.fed} tickets with deadlines long past were added; {fired} steps fired, {twice} more than once, "
        f"{late} still due.",
        f"- `manage.py verify`: {'nothing violated' if not verified.returncode else 'VIOLATED'}; "
        f"{len(dead)} processes died but those that were killed.",
    ]


_NOTE = """
INSERT INTO servicecenter_trailunsealed (entry_id, noted_at) SELECT id, clock_timestamp() FROM servicecenter_trailentry
WHERE id NOT IN (SELECT unnest(entry_ids) FROM servicecenter_trailseal
                 UNION ALL SELECT entry_id FROM servicecenter_trailunsealed)
"""
_OVERDUE = (
    "SELECT count(*) FROM deadlines_clock WHERE state = 'running' AND next_at < now() - interval '5 seconds'"
)
_FIRED = "SELECT count(*) FROM deadlines_step WHERE fired_at > now() - interval '1 hour'"
_TWICE = """
SELECT count(*) FROM (
  SELECT FROM servicecenter_trailentry WHERE code LIKE 'clock.%' AND recorded_at > now() - interval '1 hour'
   AND params ? 'step' GROUP BY params->>'step' HAVING count(*) > 1
) AS doubled
"""


def write(name: str, lines: list[str]) -> None:
    """Put the figures between their marks in docs/growing.md."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = PAGE.read_text(encoding="utf-8")
    first, _old, rest = text.partition(begin)
    PAGE.write_text(
        first + begin + "\n" + "\n".join(lines) + "\n" + end + rest.partition(end)[2], encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
