"""Is this container's process well? `python servicecenter/probe.py web|clock|beat`: exit code 0, or 1 with the reason.

Asked every few seconds, so it imports nothing of Django. Redis and a late sweep make no web process unwell.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

PATIENCE_SECONDS = 4
SWEEP_LATE_SECONDS = 60
# Celery's beat writes its schedule down every three minutes, from the loop that sends.
SCHEDULE_OLD_SECONDS = 600
_AGE = """
SELECT extract(epoch FROM clock_timestamp() - max(at))::float8 FROM servicecenter_heartbeat WHERE name = 'sweep'
"""


def web(port: str) -> str:
    """'' when the web answers and reaches its database, else what is wrong."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE_SECONDS):
            return ""
    except OSError as problem:
        return f"the web does not answer: {problem}"


def clock(database_url: str) -> str:
    """'' when the last sweep is young, else what is wrong."""
    import psycopg2

    try:
        connection = psycopg2.connect(database_url, connect_timeout=PATIENCE_SECONDS)
    except psycopg2.Error as problem:
        return f"the database does not answer: {problem}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(_AGE)
            (age,) = cursor.fetchone()
    except psycopg2.Error as problem:
        return f"the database does not answer: {problem}"
    finally:
        connection.close()
    if age is None or age > SWEEP_LATE_SECONDS:
        return "nothing was ever swept" if age is None else f"the last sweep is {age:.0f} s old"
    return ""


def beat(schedule: str) -> str:
    """'' when beat has lately written its schedule down, whatever ending the file has, else what is wrong."""
    place = Path(schedule)
    written = [path.stat().st_mtime for path in place.parent.glob("*") if path.name.startswith(place.name)]
    if not written:
        return f"there is no schedule at {schedule}"
    age = time.time() - max(written)
    return f"the schedule was last written {age:.0f} s ago" if age > SCHEDULE_OLD_SECONDS else ""


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    if arguments == ["web"]:
        problem = web(os.environ.get("PORT") or "8000")
    elif arguments == ["clock"]:
        problem = clock(os.environ.get("DATABASE_URL", ""))
    elif len(arguments) == 2 and arguments[0] == "beat":
        problem = beat(arguments[1])
    else:
        problem = "web, clock or beat FILE?"
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
