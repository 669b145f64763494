"""Notices to users: the in-app inbox, and an e-mail through the outbox, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models

from servicecenter.clock import now_db
from servicecenter.inserting import insert
from servicecenter.models import Notice, OutboxMessage
from servicecenter.subjects import kind_of
from servicecenter.trail import plain
from servicecenter.wording import notice_text

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


@dataclass(frozen=True)
class Said:
    """One of several messages about a record: what it says, and what tells its e-mails apart."""

    key: str
    params: Mapping[str, Any]


# Whoever the query finds, told at once: the inbox row, and an e-mail where there is an address.
_TELL = """
WITH said (place, key, params) AS (SELECT * FROM unnest(%s::int[], %s::text[], %s::jsonb[])),
people (place, id, email) AS MATERIALIZED ({people}),
told AS (
  INSERT INTO servicecenter_notice (user_id, code, params, kind, object_id, number, level, at)
  SELECT id, %s, params, %s, %s, %s, %s, %s FROM people JOIN said USING (place) ORDER BY place, id
  RETURNING user_id),
mails AS (
  SELECT place, id, email FROM people WHERE email <> ''
  UNION ALL
  SELECT place, NULL, %s FROM said
  WHERE NOT EXISTS (SELECT FROM people WHERE people.place = said.place AND email <> '')),
sent AS (
  INSERT INTO servicecenter_outboxmessage
    (channel, recipient, user_id, code, params, kind, object_id, number, dedup_key)
  SELECT %s, email, id, %s, params, %s, %s, %s, key || coalesce(id::text, 'centre')
  FROM mails JOIN said USING (place) ORDER BY place, id
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
    return tell_each(
        (f"SELECT 1, found.* FROM ({sql}) AS found", values),
        code,
        [Said(key, params)],
        about=about,
        at=at,
        level=level,
    )


def tell_each(
    people: tuple[str, Sequence[Any]],
    code: str,
    messages: Sequence[Said],
    *,
    about: models.Model,
    at: datetime,
    level: str = Notice.Level.INFO,
) -> int:
    """Several messages about one record, each to its own readers, in one statement.

    `people`: a statement of (place of the message from 1 on, id, e-mail) with its values. Returns how many were told.
    """
    if not messages:
        return 0
    sql, values = people
    subject = [kind_of(about), about.pk, getattr(about, "number", "") or ""]
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL.format(people=sql),
            [
                list(range(1, len(messages) + 1)),
                [f"{code}:{one.key}:" for one in messages],
                [json.dumps(plain(one.params)) for one in messages],
                *values,
                *(code, *subject, level, at),
                settings.CENTRE_EMAIL,
                *(OutboxMessage.Channel.EMAIL.value, code, *subject),
            ],
        )
        found: int = cursor.fetchone()[0]
    return found


def read(*, user: Any, pk: int) -> Notice | None:
    """One's own notice, read from now at the latest; None where it is another's or not there."""
    notice = Notice.objects.filter(pk=pk, user_id=user.pk).first()
    if notice is not None and notice.read_at is None:
        at = now_db()
        if Notice.objects.filter(pk=pk, read_at=None).update(read_at=at):
            notice.read_at = at
        else:
            notice.refresh_from_db(fields=["read_at"])
    return notice


def read_all(*, user: Any) -> int:
    """Every notice up to now is read; returns how many were not."""
    at = now_db()
    return Notice.objects.filter(user_id=user.pk, read_at=None, at__lte=at).update(read_at=at)


def words_of(row: Notice) -> str:
    """A notice in the reader's language."""
    return notice_text(row.code, {**row.params, "number": row.params.get("number", row.number)})
