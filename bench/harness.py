"""Cases, rounds, readings: what is measured, how often, and what may be believed.

One process plays all cases in random order, round after round, each with its floor beside it; what counts is the ratio
to the floor **of the same round**, so that a machine that is slow for a minute is slow for both.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

ROUNDS = 15
# A call that is faster is repeated within its round until so much time has passed: clocks and caches are noisy below.
LEAST_SECONDS = 0.03
MOST_CALLS = 40
# A floor that varies more than this between rounds says that something else was at work.
MOST_SPREAD = 2.0
SPREAD_TRIES = 3
# Cores that others may keep busy meanwhile.
QUIET_CORES = 0.6


class Busy(Exception):
    """The machine does not allow a fair measurement; the text says why."""


@dataclass(frozen=True)
class Target:
    """What must be reached. `ratio`: times the floor at most. `speed`: of the floor's speed at least.
    `milliseconds`: the median at most, or the 95th part with `p95`."""

    ratio: float | None = None
    speed: float | None = None
    statements: int | None = None
    milliseconds: float | None = None
    p95: bool = False

    def __str__(self) -> str:
        parts = []
        if self.ratio is not None:
            parts.append(f"≤ {self.ratio:g} ×")
        if self.speed is not None:
            parts.append(f"≥ {self.speed:g} × speed")
        if self.statements is not None:
            parts.append(f"≤ {self.statements} statements")
        if self.milliseconds is not None:
            parts.append(f"{'p95 ' if self.p95 else ''}≤ {self.milliseconds:g} ms")
        return ", ".join(parts)


@dataclass
class Case:
    """One work and its floor. `prepare` is not timed; what it returns is given to `run` or `floor`.

    `rounds` fewer than usual is for work of seconds; `rows`: whether the rows read are counted by EXPLAIN (ANALYZE),
    which only work that writes nothing allows.
    """

    name: str
    work: str
    run: Callable[..., Any]
    floor: Callable[..., Any] | None = None
    target: Target = field(default_factory=Target)
    prepare: Callable[[], Sequence[Any]] | None = None
    calls: int | None = None
    rounds: int = ROUNDS
    rows: bool = True
    note: str = ""


@dataclass
class Probe:
    """Something that is measured once and in its own way (storms, memory); `measure` returns a Reading."""

    name: str
    work: str
    measure: Callable[[], Reading]


@dataclass
class Reading:
    """A line of the table. Times in milliseconds; `met` None where there is nothing to reach. `processor`: the ratio
    again, of the processor time of this process alone, which work of others stretches far less."""

    name: str = ""
    work: str = ""
    size: str = ""
    p50: float | None = None
    low: float | None = None
    high: float | None = None
    floor: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    processor: float | None = None
    spread: float | None = None
    statements: int | None = None
    rows_read: int | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""


@dataclass
class _Times:
    """The medians of every round."""

    run: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    every: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def spread(self) -> float:
        return max(self.floor) / min(self.floor) if self.floor else 1.0


def measure(
    cases: Iterable[Case], *, say: Callable[[str], None], rounds: int = ROUNDS, tries: int = SPREAD_TRIES
) -> list[Reading]:
    """All cases, interleaved; those whose floor varied too much are played again, at most `tries` times in all."""
    found = list(cases)
    chance = random.Random(217)
    times: dict[str, _Times] = {}
    again = found
    for attempt in range(tries):
        say(f"{len(again)} cases" + (f", once more for uneven floors ({attempt})" if attempt else ""))
        fresh = _rounds(again, chance, rounds)
        for name, one in fresh.items():
            if name not in times or one.spread < times[name].spread:
                times[name] = one
        again = [case for case in found if times[case.name].spread > MOST_SPREAD]
        if not again:
            break
    return [_reading(case, times[case.name]) for case in found]


def _rounds(cases: Sequence[Case], chance: random.Random, rounds: int) -> dict[str, _Times]:
    times = {case.name: _Times() for case in cases}
    calls = {case.name: case.calls or _calls(case) for case in cases}
    for number in range(min(rounds, max((case.rounds for case in cases), default=0))):
        order = [case for case in cases if number < case.rounds]
        chance.shuffle(order)
        for case in order:
            gc.collect()
            _round(case, calls[case.name], times[case.name], chance)
    return times


def _calls(case: Case) -> int:
    """Warm up, and see how often the call fits into a round."""
    _timed(case, case.run)
    once, _processor = _timed(case, case.run)
    if case.floor:
        _timed(case, case.floor)
        once = min(once, _timed(case, case.floor)[0])
    return max(1, min(MOST_CALLS, round(LEAST_SECONDS / once)))


def _round(case: Case, calls: int, times: _Times, chance: random.Random) -> None:
    run: list[tuple[float, float]] = []
    floor: list[tuple[float, float]] = []
    for _call in range(calls):
        pair: list[tuple[list[tuple[float, float]], Callable[..., Any]]] = [(run, case.run)]
        if case.floor:
            pair.append((floor, case.floor))
            chance.shuffle(pair)
        for kept, work in pair:
            kept.append(_timed(case, work))
    times.run.append(_median(run))
    times.every.extend(wall for wall, _processor in run)
    if floor:
        times.floor.append(_median(floor))
        least = _median(floor, 1)
        if least > 0:
            times.processor.append(_median(run, 1) / least)


def _median(calls: Sequence[tuple[float, float]], which: int = 0) -> float:
    return statistics.median(call[which] for call in calls)


def _timed(case: Case, work: Callable[..., Any]) -> tuple[float, float]:
    """Seconds that passed, and seconds of the processor that this process took."""
    given = case.prepare() if case.prepare else ()
    began, taken = time.perf_counter(), time.process_time()
    work(*given)
    return time.perf_counter() - began, time.process_time() - taken


def _reading(case: Case, times: _Times) -> Reading:
    ratios = [run / floor for run, floor in zip(times.run, times.floor, strict=False)]
    reading = Reading(
        name=case.name,
        work=case.work,
        p50=statistics.median(times.run) * 1000,
        low=min(times.run) * 1000,
        high=max(times.run) * 1000,
        note=case.note,
        target=str(case.target),
    )
    if ratios:
        reading.floor = statistics.median(times.floor) * 1000
        reading.spread = times.spread
        reading.ratio, reading.ratio_low, reading.ratio_high = (
            statistics.median(ratios),
            min(ratios),
            max(ratios),
        )
    if times.processor:
        reading.processor = statistics.median(times.processor)
    reading.statements, reading.rows_read = _statements(case)
    if len(times.run) < ROUNDS:
        reading.note = f"{reading.note}; {len(times.run)} rounds".lstrip("; ")
    reading.met = _met(case.target, reading, times)
    return reading


def _met(target: Target, reading: Reading, times: _Times) -> bool | None:
    answers = []
    if target.ratio is not None and reading.ratio is not None:
        answers.append(reading.ratio <= target.ratio)
    if target.speed is not None and reading.ratio is not None:
        answers.append(1 / reading.ratio >= target.speed)
    if target.statements is not None and reading.statements is not None:
        answers.append(reading.statements <= target.statements)
    if target.milliseconds is not None and reading.p50 is not None:
        value = quantile(times.every, 0.95) * 1000 if target.p95 else reading.p50
        if target.p95:
            reading.note = f"p95 {value:.1f} ms; {reading.note}".rstrip("; ")
        answers.append(value <= target.milliseconds)
    return all(answers) if answers else None


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


# Statements and rows ------------------------------------------------------------------------------------------------

ENDS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their parameters; savepoints do not count."""
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(ENDS):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def _statements(case: Case) -> tuple[int, int | None]:
    given = case.prepare() if case.prepare else ()
    with recorded() as seen:
        case.run(*given)
    return len(seen), sum(rows_read(sql, params) for sql, params in seen) if case.rows else None


def rows_read(sql: str, params: Any) -> int:
    """Rows that a SELECT touches in its tables: those it keeps and those it passes over."""
    if not sql.lstrip("( \n").upper().startswith(("SELECT", "WITH")):
        return 0
    return _rows(explained(sql, params)["Plan"])


def explained(sql: str, params: Any) -> dict[str, Any]:
    """EXPLAIN (ANALYZE, BUFFERS) of a statement that only reads."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
        plan: dict[str, Any] = cursor.fetchone()[0][0]
    return plan


def _rows(node: dict[str, Any]) -> int:
    below = sum(_rows(child) for child in node.get("Plans", ()))
    if "Relation Name" not in node:
        return below
    passed_over = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return below + round((node["Actual Rows"] + passed_over) * node["Actual Loops"])


# The machine --------------------------------------------------------------------------------------------------------


def wait_for_quiet(*, say: Callable[[str], None], tries: int = 5) -> None:
    """Return once nobody else works here; raises Busy after so many looks of two seconds."""
    for attempt in range(tries):
        busy = busy_cores(2.0)
        if busy <= QUIET_CORES:
            return
        if attempt < tries - 1:
            say(f"the machine is busy ({busy:.1f} of {os.cpu_count()} cores); waiting")
            time.sleep(8)
    raise Busy(f"others keep {busy:.1f} of {os.cpu_count()} cores busy")


def busy_cores(seconds: float) -> float:
    """How many cores work while this process sleeps."""
    before = _cpu()
    time.sleep(seconds)
    after = _cpu()
    total, idle = after[0] - before[0], after[1] - before[1]
    return (1 - idle / total) * (os.cpu_count() or 1) if total else 0.0


def _cpu() -> tuple[int, int]:
    try:
        with Path("/proc/stat").open() as file:
            figures = [int(part) for part in file.readline().split()[1:]]
    except OSError:  # not Linux: the load average must do
        return (1000, 1000 - min(1000, round(os.getloadavg()[0] * 1000 / (os.cpu_count() or 1))))
    return sum(figures), figures[3] + figures[4]
