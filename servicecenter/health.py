"""Is the process alive (`/healthz`), and may it be sent work (`/readyz`)?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

SWEEP_LATE_SECONDS = 60


class HealthMiddleware:
    """Answers both before hosts are checked: a load balancer asks by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = PROBES.get(request.path)
        return self.get_response(request) if view is None else view(request)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, Redis, age of the last sweep. 503 only when the database is away: the web works without Redis."""
    state = readiness()
    return JsonResponse(state, status=200 if state["database"] == "ok" else 503)


def readiness() -> dict[str, Any]:
    """The parts, each `ok` or what is wrong; `sweep_age` in seconds or null."""
    found: dict[str, Any] = {"database": "ok", "redis": "ok", "sweep_age": None}
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM clock_timestamp() - max(at))"
                " FROM servicecenter_heartbeat WHERE name = 'sweep'"
            )
            age = cursor.fetchone()[0]
            found["sweep_age"] = None if age is None else round(float(age), 1)
    except Exception as problem:  # any failure means the same to a load balancer
        found["database"] = type(problem).__name__
    found["redis"] = redis_state()
    found["sweep"] = (
        "ok" if found["sweep_age"] is not None and found["sweep_age"] < SWEEP_LATE_SECONDS else "late"
    )
    return found


def redis_state() -> str:
    """`ok`, or the class of the failure."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as problem:
        return type(problem).__name__
    return "ok"


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
