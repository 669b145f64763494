"""How gunicorn serves in production: `gunicorn servicecenter.wsgi --config python:servicecenter.web_server`.

Everything by environment; docs/production.md reasons about the numbers.
"""

from __future__ import annotations

import os
from typing import Any


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name, "") or usual)


def _processors() -> int:
    """The processors this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


bind = os.environ.get("WEB_BIND", "") or f"0.0.0.0:{_number('PORT', 8000)}"
# A page is mostly Python, so a process keeps one processor busy; its threads wait for the database meanwhile.
worker_class = "gthread"
workers = _number("WEB_PROCESSES", max(2, _processors()))
threads = _number("WEB_THREADS", 4)
# Longest page: a PDF's cap. The proxy waits longer, so that it is this end that says what happened.
timeout = _number("WEB_TIMEOUT", 60)
# What is under way when the process is told to end has so long.
graceful_timeout = _number("WEB_GRACEFUL_TIMEOUT", 30)
# Longer than a proxy keeps its idle connections (nginx: 60 s): it must be the proxy that closes them.
keepalive = _number("WEB_KEEPALIVE", 75)
# A process is replaced before fragmentation of its memory matters, not all at the same moment.
max_requests = _number("WEB_MAX_REQUESTS", 5_000)
max_requests_jitter = max_requests // 5
# The processes share the memory of what is imported; connections are opened after the fork.
preload_app = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
control_socket_disable = True
# Who asked what stands in the application's own log, without question marks and telephone numbers.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "info").lower()

_json = (os.environ.get("LOG_FORMAT") or "json") == "json"
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(levelname)s %(name)s %(message)s",
            "timestamp": True,
        },
        "line": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if _json else "line"}},
    "root": {"handlers": ["console"], "level": loglevel.upper()},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": loglevel.upper(), "propagate": False}},
}
