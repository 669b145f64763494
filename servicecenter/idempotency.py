"""Idempotency (D20): key, hash of the request and answer are saved in the act's own transaction.

The same key again gives the same answer; with another body 422. A second request that comes while the first is still
running waits for it a few seconds and then gives its answer too (a double click), else 409.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from rest_framework.utils.encoders import JSONEncoder

from servicecenter.attachments import digest_of
from servicecenter.inserting import insert
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IdempotencyKey
from servicecenter.prepared import Prepared, given
from servicecenter.retry import LOCK_TIMEOUT, retrying, sqlstate

_KNOWN = Prepared(lambda: IdempotencyKey.objects.filter(user_id=given("user"), key=given("key")))
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST_KEY = 80
WAIT_SECONDS = 5
# What of an answer's head is part of the answer; the rest (cookies, policies) belongs to the request.
KEPT_HEADERS = ("Location", "Content-Type")


def request_key(request: HttpRequest) -> str:
    """The key of a request: header of the API, hidden field of a form. A very long one stands by its hash."""
    given = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    return given if len(given) <= LONGEST_KEY else hashlib.sha256(given.encode()).hexdigest()


def body_hash(request: HttpRequest) -> str:
    """SHA-256 of what was sent, without what changes between honest repeats (CSRF token, key)."""
    if request.content_type == "application/json":
        content = request.body
    else:
        sent: list[Any] = sorted(
            (name, values)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "idempotency_key"}
        )
        sent += sorted(
            (name, [(file.name, _content_hash(file)) for file in files])
            for name, files in request.FILES.lists()
        )
        content = json.dumps(sent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    head = f"{request.method} {request.get_full_path()}\0".encode()
    return hashlib.sha256(head + content).hexdigest()


def _content_hash(file: UploadedFile) -> str:
    """SHA-256 of what stands in a file, which is then where it was: at its beginning."""
    digest, _size = digest_of(file.chunks())
    file.seek(0)
    return digest


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a writing view idempotent by its key, and one transaction.

    An answer of 400 and more is no act: nothing the view wrote is kept, and the key stays free for the corrected form.
    Every other answer is remembered and replayed with `Idempotency-Replayed: true`. The victim of a deadlock is tried
    again. Raises RuleBroken `idempotency.other_body` (422), `idempotency.in_flight` (409).
    """

    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> Any:
        django_request: HttpRequest = getattr(request, "_request", request)
        if request.method not in WRITING or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        key = request_key(django_request)
        if not key:
            return retrying(lambda: _act(view, request, *args, **kwargs))
        sent = body_hash(django_request)
        return retrying(lambda: _once(key, sent, view, request, *args, **kwargs))

    return wrapped


def _act(view: Callable[..., Any], request: Any, *args: Any, **kwargs: Any) -> Any:
    """The view as one transaction that keeps nothing of a refusal."""
    with transaction.atomic():
        response = view(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response


def _once(key: str, sent: str, view: Callable[..., Any], request: Any, *args: Any, **kwargs: Any) -> Any:
    with transaction.atomic():
        _hold(f"{request.user.pk}:{key}")
        known = _KNOWN.first(user=request.user.pk, key=key)
        if known is not None:
            if known.request_hash != sent:
                raise RuleBroken("idempotency.other_body", status=422)
            return _replay(known)
        response = view(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif not response.streaming:
            kept = IdempotencyKey(
                user_id=request.user.pk,
                key=key,
                route=request.path[:120],
                request_hash=sent,
                status=response.status_code,
                answer=_kept(response),
            )
            insert([kept])
        return response


def _hold(name: str) -> None:
    """One request per key at a time, until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 20))", [name])
        if cursor.fetchone()[0]:
            return
        try:
            with transaction.atomic():
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_SECONDS}s"])
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", [name])
        except OperationalError as problem:
            if sqlstate(problem) != LOCK_TIMEOUT:
                raise
            raise RuleBroken("idempotency.in_flight", status=409) from problem
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _kept(response: Any) -> dict[str, Any]:
    headers = {
        name: value
        for name, value in response.items()
        if name in KEPT_HEADERS or name.upper().startswith("HX-")
    }
    if hasattr(response, "data"):
        data = json.loads(json.dumps(response.data, cls=JSONEncoder))
        return {"headers": headers | {"Content-Type": "application/json"}, "data": data}
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    return {"headers": headers, "content": response.content.decode(response.charset or "utf-8")}


def _replay(known: IdempotencyKey) -> HttpResponse:
    answer = known.answer
    if "data" in answer:
        content = "" if answer["data"] is None else json.dumps(answer["data"], ensure_ascii=False)
    else:
        content = answer["content"]
    response = HttpResponse(content, status=known.status, headers=answer["headers"])
    response["Idempotency-Replayed"] = "true"
    return response
