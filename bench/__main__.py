"""`python -m bench`: the benchmarks as a table of ratios (`make bench`).

--size 10k 100k    which data (1k, 10k, 100k, 1m; 1m takes half an hour to make, the first time)
--only queue sweep only cases whose name begins so
--force            report although the machine is busy or a floor uneven; the table says so
--write            put the table into docs/performance.md

What was read stands beside it in var/bench/readings-SIZE.json too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from bench import harness, report
from bench.harness import Busy, Probe, Reading

DEFAULT = ("10k", "100k")
REFUSED = 3


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code (3: refused, the machine was busy)."""
    parser = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", nargs="+", default=list(DEFAULT), choices=["1k", "10k", "100k", "1m"])
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rounds", type=int, default=harness.ROUNDS)
    parser.add_argument("--into", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.into:
        return one_size(asked, Path(asked.into))
    return all_sizes(asked)


def all_sizes(asked: argparse.Namespace) -> int:
    """Each size in a process of its own: nothing that one has cached serves the other."""
    began = time.monotonic()
    if asked.size == ["1m"]:
        asked.size = [*DEFAULT, "1m"]
    prepare(asked.size)
    busy = ""
    try:
        harness.wait_for_quiet(say=_say)
    except Busy as problem:
        busy = str(problem)
        if not asked.force:
            _say(
                f"Not measured: {problem}. Try again on a quiet machine, or add ARGS=--force to see it all the same."
            )
            return REFUSED
        _say(f"Measured all the same (--force): {problem}.")
    readings: list[Reading] = []
    for size in asked.size:
        file = Path(os.environ["VAR_DIR"]) / f"readings-{size}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "bench", "--size", size, "--into", str(file)]
        command += ["--rounds", str(asked.rounds), *(["--force"] if asked.force else [])]
        code = subprocess.call(command + (["--only", *asked.only] if asked.only else []))
        if not file.exists():
            return code or 1
        found = [Reading(**line) for line in json.loads(file.read_text())]
        # Said at once: what comes after may fail, and these took their time.
        print("\n" + report.terminal(found), flush=True)
        readings += found
    uneven = [one for one in readings if one.spread is not None and one.spread > harness.MOST_SPREAD]
    if uneven and not asked.force:
        _say(
            f"\nNot to be relied on: {len(uneven)} floors varied more than {harness.MOST_SPREAD:g} × between rounds."
        )
        return REFUSED
    if asked.write:
        report.write(readings, facts(busy))
        _say(f"\nwritten to {report.DOCUMENT.name}")
    _say(f"\n{time.monotonic() - began:.0f} s in all")
    return 0


def prepare(sizes: list[str]) -> None:
    """Translations, static files, and the data of every size."""
    _setup()
    from bench import data
    from servicecenter.local.prepare import collect_static, compile_messages

    compile_messages()
    collect_static()
    for size in sizes:
        data.template(size)


def one_size(asked: argparse.Namespace, into: Path) -> int:
    """Measure one size and leave the readings in a file."""
    _setup()
    [size], only = asked.size, asked.only
    from bench import data
    from bench.cases import MODULES
    from bench.ground import Ground

    data.clone(size)
    try:
        ground = Ground(size)
        found = [one for module in MODULES for one in import_module(module).cases(ground)]
        found = [one for one in found if not only or one.name.startswith(tuple(only))]
        probes = [one for one in found if isinstance(one, Probe)]
        readings = harness.measure(
            [one for one in found if not isinstance(one, Probe)],
            say=lambda text: _say(f"{size}: {text}"),
            rounds=asked.rounds,
            tries=1 if asked.force else harness.SPREAD_TRIES,
        )
        for probe in probes:
            _say(f"{size}: {probe.work}")
            reading = probe.measure()
            reading.name, reading.work = probe.name, reading.work or probe.work
            readings.append(reading)
        for reading in readings:
            reading.size = size
        into.write_text(json.dumps([asdict(one) for one in readings]))
    finally:
        data.drop_clone()
    return 0


def facts(busy: str) -> list[str]:
    """On what it was measured."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('shared_buffers'), now()::date"
        )
        version, buffers, day = cursor.fetchone()
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{cores} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"
    shared = f" **The machine was shared: {busy}; read the ratios, not the times.**" if busy else ""
    return [
        f"Measured {day}: {machine}, Python {platform.python_version()}, Django {django.get_version()}, "
        f"PostgreSQL {version} ({buffers} shared buffers, durable commits).{shared}"
    ]


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    root = Path(__file__).resolve().parent.parent
    os.environ.setdefault("VAR_DIR", str(root / "var" / "bench"))
    django.setup()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
