"""Drafts (草稿): what a user has typed into a form and not yet saved, kept per user and form."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest

from servicecenter.clock import now_db
from servicecenter.models import Draft

MAX_BYTES = 64 * 1024
# Every registration asks it: worded by hand.
_DISCARD = "DELETE FROM servicecenter_draft WHERE user_id = %s AND form = %s"


def keep(*, user: Any, form: str, data: dict[str, Any]) -> Draft:
    """Write or overwrite the draft of one form."""
    draft, _made = Draft.objects.update_or_create(
        user_id=user.pk, form=form, defaults={"data": data, "saved_at": now_db()}
    )
    return draft


def find(*, user: Any, form: str) -> Draft | None:
    """The draft of one form, if there is one."""
    return Draft.objects.filter(user_id=user.pk, form=form).first()


def discard(*, user: Any, form: str) -> None:
    """Drop the draft: the form was saved, or its writer does not want it."""
    with connection.cursor() as cursor:
        cursor.execute(_DISCARD, [user.pk, form])


def fallen(request: HttpRequest) -> None:
    """A form that names its draft (drafts.js does) was saved: the draft falls in the same transaction."""
    name = request.POST.get("_draft", "")
    if name and request.user.is_authenticated:
        discard(user=request.user, form=name)
