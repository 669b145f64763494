"""Idempotency (D20): key, hash of the request and answer are saved in the act's own transaction.

The same key again gives the same answer; with another body 422; while the first is still running 409.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IdempotencyKey


def request_key(request: HttpRequest) -> str:
    """The key of a request: header of the API, hidden field of a form."""
    return (request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", ""))[:80]


def body_hash(request: HttpRequest) -> str:
    """SHA-256 of what was sent, without what changes between honest repeats (CSRF token, key)."""
    if request.content_type == "application/json":
        content = request.body
    else:
        pairs = sorted(
            (name, values)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "idempotency_key"}
        )
        content = json.dumps(pairs, ensure_ascii=False).encode()
    return hashlib.sha256(request.path.encode() + b"\0" + content).hexdigest()


def idempotent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Makes a POST idempotent by its key. Redirects and JSON answers are replayed; a refusal saves nothing."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        django_request = getattr(request, "_request", request)
        key = request_key(django_request)
        if (
            request.method not in {"POST", "PUT", "PATCH", "DELETE"}
            or not key
            or not request.user.is_authenticated
        ):
            return view(request, *args, **kwargs)
        sent = body_hash(django_request)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 20))", [f"{request.user.pk}:{key}"]
                )
                if not cursor.fetchone()[0]:
                    raise RuleBroken("idempotency.in_flight", status=409)
            known = IdempotencyKey.objects.filter(user_id=request.user.pk, key=key).first()
            if known is not None:
                if known.request_hash != sent:
                    raise RuleBroken("idempotency.other_body", status=422)
                return _replay(known)
            response = view(request, *args, **kwargs)
            if response.status_code >= 400 or not _replayable(response):
                # Not an act done: the form came back with errors. Nothing to remember; services rolled back.
                return response
            IdempotencyKey.objects.create(
                user_id=request.user.pk,
                key=key,
                route=django_request.path[:120],
                request_hash=sent,
                status=response.status_code,
                answer=_kept(response),
            )
            return response

    return wrapped


def _replayable(response: HttpResponse) -> bool:
    return 300 <= response.status_code < 400 or "HX-Redirect" in response or hasattr(response, "data")


def _kept(response: HttpResponse) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if response.get("Location"):
        kept["location"] = response["Location"]
    if response.get("HX-Redirect"):
        kept["hx_redirect"] = response["HX-Redirect"]
    if hasattr(response, "data"):
        from rest_framework.utils.encoders import JSONEncoder

        kept["data"] = json.loads(json.dumps(response.data, cls=JSONEncoder))
    return kept


def _replay(known: IdempotencyKey) -> HttpResponse:
    answer = known.answer
    if "data" in answer:
        response: HttpResponse = JsonResponse(answer["data"], status=known.status, safe=False)
    elif "hx_redirect" in answer:
        response = HttpResponse(status=known.status)
        response["HX-Redirect"] = answer["hx_redirect"]
    else:
        response = redirect(answer["location"])
    response["Idempotency-Replayed"] = "true"
    return response
