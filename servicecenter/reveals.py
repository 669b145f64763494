"""Revealing a masked value (PRV-02, PRV-03): a deliberate act, by right, for a reason, counted and logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import translation

from servicecenter import notices, policies, ports, trail
from servicecenter.clock import now_db
from servicecenter.i18n import LANGUAGE_TAGS
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.policy import RevealPolicy
from servicecenter.models import Notice, TrailEntry
from servicecenter.permissions import can_reveal
from servicecenter.subjects import found_by_number

CODE = "reveal"
HOUR = timedelta(hours=1)


def revealable(obj: models.Model) -> Mapping[str, Callable[[str], str]]:
    """What of a record may be revealed: the model's `PERSONAL`, attribute → mask; nothing without it."""
    return getattr(type(obj), "PERSONAL", {})


def personal_field(user: Any, *, kind: str, what: str, pk: int | None, number: str = "") -> Any | None:
    """The record of a personal field, one that the user may see with whom it is about; None otherwise.

    Without its key a record is found by its number, unless the number itself is what is masked.
    """
    app, _dot, model_name = kind.partition(".")
    try:
        model = apps.get_model(app, model_name)
    except (LookupError, ValueError):
        return None
    if what not in getattr(model, "PERSONAL", {}):
        return None
    obj = found_by_number(kind, number) if pk is None else model._default_manager.filter(pk=pk).first()
    if obj is None:
        return None
    subject = ports.call("servicecenter.subject", kind, object_id=obj.pk, user=user)
    return None if subject is None or subject.is_masked else obj


@transaction.atomic
def reveal(*, user: Any, what: str, obj: models.Model, reason: str, at: datetime | None = None) -> str:
    """The value behind a mask. The caller has got `obj` through its `visible_to(user)`.

    Raises RuleBroken: `lifecycle.no_right` (403), `reveal.unknown` (what the model does not list),
    `reveal.reason_needed`, `reveal.too_many` beyond the policy `servicecenter.reveals`. The trail says who, whose,
    what, when and why; at the unusual number, and again at the limit, the administrators are told.
    """
    if not can_reveal(user):
        raise RuleBroken("lifecycle.no_right", status=403, action=CODE)
    if what not in revealable(obj):
        raise RuleBroken("reveal.unknown", status=400)
    if not reason.strip():
        raise RuleBroken("reveal.reason_needed", field="reason", status=400)
    with connection.cursor() as cursor:
        # counted one by one: many requests at once must not pass the limit together
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 22))", [str(user.pk)])
    at = at or now_db()
    policy: RevealPolicy = policies.value("servicecenter.reveals", at=at)
    count = reveals_of(user, since=at - HOUR, until=at) + 1
    if count > policy.per_hour:
        raise RuleBroken("reveal.too_many", status=429, limit=policy.per_hour)
    shown = str(getattr(obj, what) or "")
    trail.record(
        obj,
        CODE,
        by=user,
        at=at,
        what=_label(obj, what),
        field=what,
        masked=revealable(obj)[what](shown),
        reason=reason.strip(),
    )
    if count in {policy.unusual_per_hour, policy.per_hour}:
        notices.tell(
            ports.administrators(),
            "reveal.many",
            about=user,
            at=at,
            level=Notice.Level.WARNING,
            key=f"{user.pk}:{at:%Y%m%d%H}:{count}",
            name=str(user),
            count=count,
        )
    return shown


def reveals_of(user: Any, *, since: datetime, until: datetime) -> int:
    """How many values a user revealed in a span of time (after `since`, up to `until`)."""
    return TrailEntry.objects.filter(code=CODE, by=user, at__gt=since, at__lte=until).count()


def _label(obj: models.Model, what: str) -> dict[str, str]:
    """The field's name in every language, so that the trail says it in its reader's."""
    said: dict[str, str] = {}
    field: Any = obj._meta.get_field(what)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[LANGUAGE_TAGS[language]] = str(field.verbose_name)
    return said
