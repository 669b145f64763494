"""Many at once and long use: fifty on one waybill, eight clients, a big export, ten thousand requests.

These start processes of their own on the same database; each is measured once.
"""

from __future__ import annotations

import http.client
import itertools
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from bench import data
from bench.ground import Ground
from bench.harness import Probe, Reading, quantile
from complaints import services
from complaints.domain.intake import Intake
from complaints.models import Complaint, ServiceIncident
from customers.models import Waybill

AT_ONCE = 50
CLIENTS = 8
REQUESTS_EACH = 40
ROOT = Path(__file__).resolve().parent.parent.parent
MIXED = int(os.environ.get("BENCH_MIXED", "10000"))
MOST_GROWTH = 1.05


def cases(ground: Ground) -> Iterator[Probe]:
    """The storms; the long ones at one size only."""
    yield Probe("storm.fifty", f"{AT_ONCE} complaints about one waybill at once", lambda: fifty(ground))
    yield Probe("storm.clients", f"queue page, {CLIENTS} clients at once", lambda: clients(ground))
    if ground.size == "100k":
        yield Probe(
            "storm.export", "XLSX of every ticket: memory beside a tenth of the rows", lambda: exports()
        )
        yield Probe(
            "storm.mixed", f"{MIXED:,} mixed requests: growth of the web processes", lambda: mixed(ground)
        )


# Fifty at once ------------------------------------------------------------------------------------------------------


def fifty(ground: Ground) -> Reading:
    """All succeed, the ordinals are 1 … 50, one incident stands; the last answer within 60 × one alone.

    Every connection has registered before, as those of a web process have, and as that of the one alone has.
    """
    lonely, shared, *own = Waybill.objects.filter(complaints=None).order_by("-pk")[: 2 + AT_ONCE]
    lonely_times = [_register(lonely, ground) for _try in range(5)]
    times: list[float] = []
    failed: list[str] = []
    gate = threading.Barrier(AT_ONCE, timeout=120)

    def one(other: Waybill) -> None:
        try:
            _register(other, ground)
            gate.wait()
            times.append(_register(shared, ground))
        except Exception as problem:  # counted, and said
            failed.append(f"{type(problem).__name__}: {problem}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(other,)) for other in own]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = (time.perf_counter() - began) * 1000
    # Before and after: what the machine does meanwhile touches both.
    alone = statistics.median(lonely_times + [_register(lonely, ground) for _try in range(5)])
    ordinals = sorted(Complaint.objects.filter(waybill=shared).values_list("sequence", flat=True))
    incidents = ServiceIncident.objects.filter(event__waybill=shared).exclude(state="withdrawn").count()
    right = not failed and ordinals == list(range(1, AT_ONCE + 1)) and incidents == 1
    last = max(times, default=whole / 1000) * 1000
    return Reading(
        p50=last,
        floor=alone * 1000,
        ratio=last / (alone * 1000),
        ratio_low=last / (alone * 1000),
        ratio_high=last / (alone * 1000),
        target="none fails, last answer ≤ 60 × one",
        met=right and last <= 60 * alone * 1000,
        note=f"{len(failed)} failed, ordinals 1 … {len(ordinals)}, {incidents} incident"
        + (f" ({failed[0]})" if failed else ""),
    )


def _register(waybill: Waybill, ground: Ground) -> float:
    began = time.perf_counter()
    services.register(
        intake=Intake(
            channel="telephone",
            category="late_delivery",
            text="说好上午送到，等到晚上也没人联系。",
            party_role="consignor",
            caller_telephone=waybill.consignor_telephone,
            caller_name="刘海涛",
            waybill_number=waybill.number,
        ),
        by=ground.agent,
    )
    return time.perf_counter() - began


# Web processes ------------------------------------------------------------------------------------------------------


@contextmanager
def web(workers: int) -> Iterator[tuple[int, int]]:
    """A gunicorn on the clone; yields its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "servicecenter.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", "8", "--keep-alive", "75",
        "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    environment = os.environ | {"DATABASE_URL": data.url(data.WORK), "LOG_LEVEL": "ERROR"}
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            caller = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            caller.request("GET", "/healthz")
            if caller.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError("the web process does not answer")


class Caller:
    """A logged-in client over a connection that stays open."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Accept-Encoding": "identity"}

    def get(self, address: str) -> float:
        """Seconds until the whole page is here."""
        began = time.perf_counter()
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise AssertionError(f"{address} answered {answer.status}")
        return time.perf_counter() - began


def _cookie(client: Any) -> str:
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def clients(ground: Ground) -> Reading:
    """The queue page asked by eight clients at once, two workers: the slowest hundredth beside the median."""
    cookies = [_cookie(ground.client(ground.agent)) for _client in range(CLIENTS)]
    times: list[float] = []
    with web(2) as (port, _process):
        for cookie in cookies:
            Caller(port, cookie).get("/desk/?queue=all")

        def one(cookie: str) -> None:
            caller = Caller(port, cookie)
            times.extend(caller.get("/desk/?queue=all") for _request in range(REQUESTS_EACH))

        began = time.perf_counter()
        _at_once([lambda cookie=cookie: one(cookie) for cookie in cookies])
        seconds = time.perf_counter() - began
    p50, p99 = quantile(times, 0.5) * 1000, quantile(times, 0.99) * 1000
    return Reading(
        p50=p50,
        low=min(times) * 1000,
        high=max(times) * 1000,
        target="p99 ≤ 3 × p50",
        met=p99 <= 3 * p50,
        note=f"p99 {p99:.0f} ms = {p99 / p50:.1f} × p50; {len(times) / seconds:.0f} pages a second",
    )


def _at_once(work: list[Callable[[], None]]) -> None:
    """All of them in threads; the first that failed is raised."""
    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(one) for one in work]:
            done.result()


# Memory -------------------------------------------------------------------------------------------------------------

EXPORT = """
import sys, time, resource
import bench.__main__ as main
main._setup()
from bench import data
data.use(data.WORK)
from complaints.models import Complaint
from complaints.queries import ORDERS, row_queryset
from complaints.views.columns import export_columns
from bench.ground import Ground
from servicecenter import keyset, spreadsheet
user = Ground("").supervisor
most = int(sys.argv[1])
some = (row for n, row in zip(range(most), keyset.iterate(row_queryset(user), order=ORDERS["newest"])))
began = time.monotonic()
spreadsheet.export(name="x", columns=export_columns(user), rows=some, by=user, form="xlsx")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic() - began)
"""


def exports() -> Reading:
    """The peak of a process that exports everything, beside one that exports a tenth."""
    count = Complaint.objects.count()
    small, _seconds = _export(count // 10)
    large, seconds = _export(count)
    growth = large / small
    return Reading(
        p50=seconds * 1000,
        target="memory constant in rows",
        met=growth <= 1.1,
        note=f"peak {small / 1024:.0f} MB for {count // 10:,} rows, {large / 1024:.0f} MB for {count:,}",
    )


def _export(rows: int) -> tuple[float, float]:
    command = [sys.executable, "-c", EXPORT, str(rows)]
    done = subprocess.run(command, env=dict(os.environ), cwd=ROOT, capture_output=True, text=True, check=True)
    peak, seconds = done.stdout.split()[-2:]
    return float(peak), float(seconds)


def mixed(ground: Ground) -> Reading:
    """Pages, look-ups, searches and fragments, asked of two workers: their memory after a fifth and at the end."""
    cookie = _cookie(ground.client(ground.agent))
    numbers = ground.column("SELECT number FROM complaints_complaint ORDER BY md5(id::text) LIMIT 200")
    telephones = ground.column("SELECT number FROM customers_telephone ORDER BY md5(id::text) LIMIT 100")
    addresses = itertools.cycle(
        [
            address
            for number, telephone in zip(numbers, itertools.cycle(telephones), strict=False)
            for address in (
                "/desk/?queue=all", f"/complaints/{number}/", "/desk/counts/?queue=mine",
                f"/intake/?telephone={telephone}",
                "/complaints/?q=%E7%A0%B4%E6%8D%9F", f"/complaints/{number}/?tab=statements", "/notices/",
            )
        ]
    )  # fmt: skip
    lock = threading.Lock()
    with web(2) as (port, master):
        callers = [Caller(port, cookie) for _one in range(6)]

        def ask(caller: Caller, count: int) -> None:
            for _request in range(count):
                with lock:
                    address = next(addresses)
                caller.get(address)

        def play(count: int) -> int:
            _at_once([lambda caller=caller: ask(caller, count // len(callers)) for caller in callers])
            return _memory(master)

        began = time.perf_counter()
        early = play(MIXED // 5)
        late = play(MIXED - MIXED // 5)
        seconds = time.perf_counter() - began
    return Reading(
        p50=seconds / MIXED * 1000,
        target="growth ≤ 5 %",
        met=late <= early * MOST_GROWTH,
        note=f"{early / 1024:.0f} MB after {MIXED // 5:,}, {late / 1024:.0f} MB after {MIXED:,} requests",
    )


def _memory(master: int) -> int:
    """Kilobytes of the workers below this gunicorn."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if lines["PPid"].strip() == str(master):
                found += int(lines["VmRSS"].split()[0])
    return found
