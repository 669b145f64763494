"""Answers after a write: redirect for pages, HX-Redirect or events for htmx; a toast, with undo if harmless."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from servicecenter import drafts, spreadsheet
from servicecenter.models import Attachment


def toast(request: HttpRequest, text: str, *, undo: str | None = None, level: str = "success") -> None:
    """A toast on the next page. `undo`: an address to POST to within 8 seconds, for harmless acts only."""
    getattr(messages, level)(request, text, extra_tags=undo or "")


def inside(request: HttpRequest, there: str) -> str:
    """An address that a request names, if it lies within this site; '' for any other, and for what is no address."""
    fine = "/" in there and url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return there if fine else ""


def done(request: HttpRequest, *, to: str, toast: str = "", undo: str | None = None) -> HttpResponse:
    """The act is saved: go to `to`. Replayed as it is by idempotency (D20)."""
    drafts.fallen(request)
    if toast:
        _toast(request, toast, undo=undo)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = to
        return response
    return redirect(to)


_toast = toast


def changed(
    request: HttpRequest,
    *,
    events: Iterable[str] = (),
    toast: str = "",
    undo: str | None = None,
    to: str = "",
) -> HttpResponse:
    """Saved without leaving the page: closes the dialog, sends `events` to the body, shows the toast.

    Without script the same act ends in a redirect to `to` (else where it came from).
    """
    if not request.headers.get("HX-Request"):
        to = to or inside(request, request.headers.get("Referer", "")) or "/"
        return done(request, to=to, toast=toast, undo=undo)
    drafts.fallen(request)
    told: dict[str, Any] = dict.fromkeys(events, True)
    told["wb-saved"] = {"toast": toast, "undo": undo or ""}
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps(told)  # ASCII only: a header cannot hold Chinese as it is
    return response


def exported(
    request: HttpRequest, *, name: str, columns: Sequence[spreadsheet.Column], rows: Iterable[Any]
) -> FileResponse:
    """A list taken away as the form asked, XLSX or CSV; signed and logged (PRV-04)."""
    form = "csv" if request.POST.get("form") == "csv" else "xlsx"
    return file_of(spreadsheet.export(name=name, columns=columns, rows=rows, by=request.user, form=form))


def file_of(made: spreadsheet.Export) -> FileResponse:
    """A finished spreadsheet as an answer."""
    return FileResponse(made.file, as_attachment=True, filename=made.filename, content_type=made.media_type)


def file(kept: Attachment) -> FileResponse:
    """A stored file as an answer that no browser shows in place, runs or keeps."""
    response = FileResponse(kept.file.open("rb"), content_type=kept.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
