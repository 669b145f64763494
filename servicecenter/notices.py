"""Notices to users: the in-app inbox, and an e-mail through the outbox, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models

from servicecenter.inserting import insert
from servicecenter.models import Notice, OutboxMessage
from servicecenter.subjects import kind_of
from servicecenter.trail import plain

LONGEST_KEY = 160


def tell(
    users: Iterable[Any],
    code: str,
    *,
    about: models.Model | None,
    at: datetime,
    level: str = Notice.Level.INFO,
    key: str,
    **params: Any,
) -> Sequence[Notice]:
    """Tell each user once. `key` makes the e-mail's de-duplication key together with the user.

    Nobody to tell: the centre's own address is told instead, so that no message is lost for want of a reader.
    """
    people = list({user.pk: user for user in users}.values())
    subject = {
        "kind": kind_of(about) if about else "",
        "object_id": about.pk if about else None,
        "number": (getattr(about, "number", "") or "") if about else "",
    }
    values = plain(params)
    made = insert(
        [Notice(user=user, code=code, params=values, level=level, at=at, **subject) for user in people]
    )
    mails = [
        OutboxMessage(
            channel=OutboxMessage.Channel.EMAIL,
            recipient=user.email,
            user=user,
            code=code,
            params=values,
            dedup_key=_dedup_key(code, key, user.pk),
            **subject,
        )
        for user in people
        if user.email
    ] or [
        OutboxMessage(
            channel=OutboxMessage.Channel.EMAIL,
            recipient=settings.CENTRE_EMAIL,
            code=code,
            params=values,
            dedup_key=_dedup_key(code, key, "centre"),
            **subject,
        )
    ]
    insert(mails, unless_there=True)
    return made


def _dedup_key(code: str, key: str, who: object) -> str:
    """The same message to the same reader has the same key; one too long for its column stands by its hash."""
    whole = f"{code}:{key}:{who}"
    return whole if len(whole) <= LONGEST_KEY else hashlib.sha256(whole.encode()).hexdigest()


# Whoever the query finds, told at once: the inbox row, and an e-mail where there is an address.
_TELL = """
WITH people (id, email) AS MATERIALIZED ({people}),
told AS (
  INSERT INTO servicecenter_notice (user_id, code, params, kind, object_id, number, level, at)
  SELECT id, %s, %s, %s, %s, %s, %s, %s FROM people ORDER BY id
  RETURNING user_id),
mails AS (
  SELECT id, email FROM people WHERE email <> ''
  UNION ALL
  SELECT NULL, %s WHERE NOT EXISTS (SELECT 1 FROM people WHERE email <> '')),
sent AS (
  INSERT INTO servicecenter_outboxmessage
    (channel, recipient, user_id, code, params, kind, object_id, number, dedup_key)
  SELECT %s, email, id, %s, %s, %s, %s, %s, %s || coalesce(id::text, 'centre') FROM mails ORDER BY id
  ON CONFLICT (dedup_key) DO NOTHING)
SELECT count(*) FROM told
"""


def tell_all(
    people: models.QuerySet[Any] | tuple[str, Sequence[Any]],
    code: str,
    *,
    about: models.Model,
    at: datetime,
    level: str = Notice.Level.INFO,
    key: str,
    **params: Any,
) -> int:
    """Tell every user a query finds, in one statement however many they are; `tell` says what is told and kept.

    `people`: a queryset of users, or a statement of (id, e-mail) with its values.

    Returns how many users were told.
    """
    if isinstance(people, models.QuerySet):
        people = people.order_by().values_list("pk", "email").query.sql_with_params()
    sql, values = people
    subject = [kind_of(about), about.pk, getattr(about, "number", "") or ""]
    said = json.dumps(plain(params))
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL.format(people=sql),
            [
                *values,
                *(code, said, *subject, level, at),
                settings.CENTRE_EMAIL,
                *(OutboxMessage.Channel.EMAIL.value, code, said, *subject, f"{code}:{key}:"),
            ],
        )
        found: int = cursor.fetchone()[0]
    return found
