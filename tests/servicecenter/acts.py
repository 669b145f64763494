"""Writing views for tests of idempotency: each leaves a trail row on the user, so that its traces can be counted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from psycopg2.errors import DeadlockDetected
from rest_framework.decorators import api_view
from rest_framework.response import Response

from servicecenter import trail
from servicecenter import urls as real
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)
CALLS: Counter[str] = Counter()
# A held act has come to where it is held; it is let go.
HOLDS, FREE = threading.Event(), threading.Event()


def act(request: Any) -> int:
    """Write, and say the how manyeth call this is."""
    CALLS["act"] += 1
    user = request.user
    trail.record(user, "login", by=user, at=AT)
    return CALLS["act"]


@idempotent
def page(request: HttpRequest) -> HttpResponse:
    """Writes, then redirects, unless the form asks otherwise."""
    turn = act(request)
    wish = request.POST.get("wish", "")
    if wish == "refuse":
        return HttpResponse("<form>again</form>", status=422)
    if wish == "rule":
        raise RuleBroken("attachment.unknown", status=400)
    if wish == "crash":
        raise RuntimeError
    if wish == "fragment":
        return HttpResponse(f"<li>note {turn} 𠮷</li>", headers={"HX-Trigger": '{"wb-saved":{}}'})
    if wish == "htmx":
        return HttpResponse(status=204, headers={"HX-Redirect": f"/ticket/{turn}/"})
    if wish == "template":
        return TemplateResponse(request, "mail/subject.txt", {"centre": turn, "text": "x"})
    if wish == "file":
        return FileResponse(iter([b"x"]))
    if wish == "slow":
        time.sleep(0.4)
    if wish == "held":
        HOLDS.set()
        assert FREE.wait(60), "the held act was never let go"
    if wish == "deadlock" and turn < 3:
        raise OperationalError("deadlock detected") from _deadlock()
    return redirect(f"/ticket/{turn}/")


def _deadlock() -> Exception:
    class Victim(DeadlockDetected):
        pgcode = "40P01"

    return Victim()


@api_view(["POST"])
@idempotent
def api(request: Any) -> Response:
    """The same through the API."""
    turn = act(request)
    if request.data.get("wish") == "refuse":
        raise RuleBroken("lifecycle.stale", number="TS1")
    return Response(
        {"turn": turn, "at": AT, "said": request.data["said"]}, status=201, headers={"Location": f"/x/{turn}"}
    )


urlpatterns = [path("act/", page), path("api/act/", api), *real.urlpatterns]
handler500 = real.handler500
