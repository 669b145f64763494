"""Is this installation sound? One question a function; every bad answer comes with its remedy in a line."""

from __future__ import annotations

import ctypes.util
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from servicecenter import fonts, heartbeat
from servicecenter.health import SWEEP_LATE_SECONDS, redis_state
from servicecenter.invariants import Finding, doctors

OLDEST_POSTGRESQL = 150_000
ROLE_TIMEOUTS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
LEAST_FREE_BYTES = 2 * 1024**3
MOST_SKEW_SECONDS = 5.0
# Above it the planner searches for the order of a list's joins longer than the list then takes (docs/performance.md).
MOST_JOINS_ORDERED = 6


def examine() -> Iterator[Finding]:
    """Every finding of the ground floor, then those of the apps. A question that fails is a finding itself."""
    away = _connection_problem()
    yield Finding(
        "database",
        not away,
        away or "answers",
        "start PostgreSQL (make run does), or correct DATABASE_URL",
    )
    questions: list[Callable[[], Iterable[Finding]]] = [redis, font_files, pdf_libraries, secrets, disk]
    if not away:
        questions = [
            version,
            encoding,
            timeouts,
            planning,
            migrations,
            clock_skew,
            sweep,
            outbox,
            backup,
            *questions,
            *doctors(),
        ]
    for question in questions:
        try:
            yield from question()
        except Exception as problem:  # the doctor looks on
            name = getattr(question, "__name__", "question")
            yield Finding(
                name, False, f"cannot be examined: {type(problem).__name__}: {problem}", "see the log"
            )


def version() -> Iterator[Finding]:
    """PostgreSQL 15 is the floor (D2)."""
    (number, text) = _row(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
    )
    yield Finding("PostgreSQL", number >= OLDEST_POSTGRESQL, text, "upgrade to PostgreSQL 15 or newer")


def encoding() -> Iterator[Finding]:
    """UTF-8, and a locale that knows Chinese letters for letters."""
    (name, collation) = _row(
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()"
    )
    yield Finding(
        "encoding", name == "UTF8", f"{name}, {collation}", "create the database with ENCODING 'UTF8'"
    )
    (knows,) = _row("SELECT '客' ~ '[[:alpha:]]' AND lower('Ä') = 'ä'")
    yield Finding(
        "locale",
        knows,
        "knows letters beyond ASCII" if knows else f"{collation} knows ASCII alone",
        "create the cluster with --locale=C.UTF-8 (or the builtin provider) and restore into it",
    )


def timeouts() -> Iterator[Finding]:
    """A forgotten transaction must not block everybody (FACTS)."""
    for name in ROLE_TIMEOUTS:
        (value,) = _row("SELECT current_setting(%s)", [name])
        remedy = f"ALTER ROLE {connection.settings_dict['USER'] or 'servicecenter'} SET {name} = '60s'"
        yield Finding(name, value != "0", value, remedy)


def planning() -> Iterator[Finding]:
    """Planning a page's joins must not cost more than reading its rows."""
    (value,) = _row("SELECT current_setting('join_collapse_limit')")
    remedy = f"ALTER ROLE {connection.settings_dict['USER'] or 'servicecenter'} SET join_collapse_limit = 5"
    yield Finding("join_collapse_limit", int(value) <= MOST_JOINS_ORDERED, value, remedy)


def migrations() -> Iterator[Finding]:
    """Every migration is applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    missing = ", ".join(f"{step.app_label}.{step.name}" for step, _back in plan[:5])
    yield Finding("migrations", not plan, missing or "all applied", "manage.py migrate")


def clock_skew() -> Iterator[Finding]:
    """The database's clock alone counts; a machine far from it has wrong logs and sessions."""
    (now,) = _row("SELECT clock_timestamp()")
    skew = abs((datetime.now(UTC) - now).total_seconds())
    yield Finding("clock skew", skew < MOST_SKEW_SECONDS, f"{skew:.1f} s", "set both clocks by NTP")


def sweep() -> Iterator[Finding]:
    """The clock process keeps the deadlines' promise; each of its jobs gives a sign of life."""
    signs = heartbeat.signs()
    remedy = "start `manage.py run_clock`; one is enough, in make run and compose it is there"
    sign = signs.get("sweep")
    late = sign is None or sign.age > SWEEP_LATE_SECONDS
    yield Finding("last sweep", not late, "never" if sign is None else f"{sign.age:.0f} s ago", remedy)
    for name, sign in sorted(signs.items()):
        if "error" in sign.detail:
            yield Finding(
                f"job {name}", False, str(sign.detail["error"]), "see the clock's log for the reason"
            )


def outbox() -> Iterator[Finding]:
    """Messages leave."""
    (waiting, parked) = _row(
        "SELECT count(*) FILTER (WHERE parked_at IS NULL AND created_at < now() - interval '5 minutes'),"
        " count(*) FILTER (WHERE parked_at IS NOT NULL)"
        " FROM servicecenter_outboxmessage WHERE sent_at IS NULL"
    )
    yield Finding(
        "outbox",
        not (waiting or parked),
        f"{waiting} waiting for more than 5 minutes, {parked} parked",
        "is the mail server of EMAIL_URL reachable? then have them sent again in the administration",
    )


def backup() -> Iterator[Finding]:
    """Where backups are expected (BACKUP_MAX_AGE_HOURS), there is a young one; whether it can be restored is tried."""
    hours = settings.BACKUP_MAX_AGE_HOURS
    if not hours:
        return
    sign = heartbeat.signs().get("backup")
    age = None if sign is None or "file" not in sign.detail else sign.age / 3600
    text = "never" if sign is None or age is None else f"{sign.detail['file']}, {age:.1f} h ago"
    yield Finding(
        "last backup",
        age is not None and age < hours,
        text,
        "manage.py backup DIRECTORY --keep 14 (docs/production.md); BACKUP_MAX_AGE_HOURS=0 asks for none",
    )


def redis() -> Iterator[Finding]:
    """Redis carries background work; web and clock live without it."""
    state = redis_state()
    yield Finding(
        "Redis",
        state == "ok",
        state,
        "start Redis or correct REDIS_URL; until then reports wait, deadlines do not",
    )


def font_files() -> Iterator[Finding]:
    """The fonts of documents, each in the weights it is used in."""
    wanted = [("Noto Sans SC", fonts.REGULAR), ("Noto Sans SC", fonts.BOLD), ("Noto Sans TC", fonts.REGULAR)]
    wanted += [("Noto Sans TC", fonts.BOLD), ("HanaMinB", fonts.REGULAR)]
    remedies = {"HanaMinB": "apt-get install fonts-hanazono"}
    for family, weight in wanted:
        name = f"font {family}{' bold' if weight == fonts.BOLD else ''}"
        try:
            found = fonts.file_of(family, weight)
        except (fonts.FontMissing, OSError) as problem:
            yield Finding(name, False, f"missing ({problem})", remedies.get(family, "make assets"))
        else:
            sliced = found.suffix.lower() not in {".ttf", ".otf", ".ttc"}
            yield Finding(name, not sliced, found.name, "make assets: web fonts print wrong characters")


def pdf_libraries() -> Iterator[Finding]:
    """Pango draws, harfbuzz-subset makes it twenty times faster."""
    for library, package in (
        ("pango-1.0", "libpango-1.0-0"),
        ("pangoft2-1.0", "libpangoft2-1.0-0"),
        ("harfbuzz-subset", "libharfbuzz-subset0"),
    ):
        found = ctypes.util.find_library(library)
        yield Finding(f"library {library}", bool(found), found or "missing", f"apt-get install {package}")


def secrets() -> Iterator[Finding]:
    """Keys of one's own, and keys that are keys."""
    own = settings.DEMO_SECRET != settings.SECRET_KEY and settings.DEMO_FIELD_KEY not in settings.FIELD_KEYS
    good = own or settings.DEMO
    text = "own" if own else "the demo's (this is the demo mode)"
    yield Finding("secret keys", good, text, "set SECRET_KEY and FIELD_KEYS")
    from servicecenter.encryption import decrypt, encrypt

    yield Finding(
        "field keys", decrypt(encrypt("好")) == "好", f"{len(settings.FIELD_KEYS)} usable", "set FIELD_KEYS"
    )


def disk() -> Iterator[Finding]:
    """Room for uploads and documents, and the right to write them."""
    place = settings.MEDIA_ROOT
    place.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place).free
    yield Finding("disk", free > LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GB free", f"make room at {place}")
    try:
        probe = place / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as problem:
        yield Finding("uploads", False, str(problem), f"let this account write to {place}")


def _connection_problem() -> str:
    try:
        connection.ensure_connection()
    except Error as problem:
        return str(problem).strip().splitlines()[0]
    return ""


def _row(statement: str, values: Iterable[Any] = ()) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        row: tuple[Any, ...] = cursor.fetchone()
        return row
