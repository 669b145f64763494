"""The inbox of notices: what one must know, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servicecenter import answers, keyset, notices, ports
from servicecenter.logins import me
from servicecenter.models import Notice

NEWEST = keyset.Order("newest", ("at",), descending=True)
TONES = {"info": "", "warning": "amber", "grave": "red"}
ICONS = {"info": "bell", "warning": "clock", "grave": "siren"}


@dataclass(frozen=True)
class Line:
    """A notice worded for its reader. `url` is '' when the record is gone or no longer the reader's to see."""

    notice: Notice
    text: str
    tone: str
    icon: str
    has_subject: bool


def lines(rows: list[Notice]) -> list[Line]:
    """Notices in the reader's language."""
    return [
        Line(
            notice=row,
            text=notices.words_of(row),
            tone=TONES.get(row.level, ""),
            icon=ICONS.get(row.level, "bell"),
            has_subject=bool(row.kind),
        )
        for row in rows
    ]


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """All notices, or the unread ones; 50 a page."""
    only_unread = request.GET.get("show") != "all"
    rows = Notice.objects.filter(user_id=me(request).pk)
    if only_unread:
        rows = rows.filter(read_at=None)
    page = keyset.paginate(
        rows,
        order=NEWEST,
        cursor=request.GET.get("cursor", ""),
        filters="unread" if only_unread else "all",
    )
    context = {"page": page, "lines": lines(page.rows), "only_unread": only_unread}
    template = "servicecenter/_notices_menu.html" if request.GET.get("menu") else "servicecenter/notices.html"
    return render(request, template, context)


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what the notice is about; it counts as read from now."""
    notice = notices.read(user=me(request), pk=pk)
    if notice is None:
        raise Http404
    subject: Any = None
    if notice.kind and notice.object_id is not None:
        subject = ports.call(
            "servicecenter.subject", notice.kind, object_id=notice.object_id, user=request.user
        )
    if subject is not None:
        return redirect(subject.url)
    if notice.kind:
        answers.toast(request, _("The record is gone, or no longer one that you may see."), level="warning")
    return redirect("notices")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything up to now is read."""
    notices.read_all(user=me(request))
    return redirect("notices")
