"""The outbox relay (D5): every message leaves at least once, a bad one never holds up the others.

A message is claimed for two minutes in one short statement, sent outside any transaction, then marked. A relay that
dies in between leaves the claim to run out, and the same message goes again under the same key. After eight tries a
message is parked and the administrators are told; parked ones are tried again, ever more rarely, for three days.
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.db.models.expressions import RawSQL

from servicecenter import channels, notices, ports, trail
from servicecenter.clock import now_db
from servicecenter.models import Notice, OutboxMessage

log = logging.getLogger("servicecenter.outbox")

TRIES = 8
LEASE_SECONDS = 120
# 1.5, 3, 6 … 96 seconds between tries: parked and reported within five minutes (I10).
FIRST_PAUSE_SECONDS = 1.5
PARKED_PAUSE_SECONDS = 600
LONGEST_PAUSE_SECONDS = 6 * 3600
GIVE_UP_AFTER_DAYS = 3
# One run ends after so many seconds, however slow the mail server is.
BUDGET_SECONDS = 20.0

_DUE = """
  SELECT id FROM servicecenter_outboxmessage
  WHERE sent_at IS NULL AND parked_at IS NULL AND next_try_at <= clock_timestamp() {only}
  ORDER BY next_try_at, id {most} FOR UPDATE SKIP LOCKED
"""
_CLAIM = """
UPDATE servicecenter_outboxmessage
SET tries = tries + 1, next_try_at = clock_timestamp() + %(lease)s * interval '1 second'
WHERE id = ({due}) RETURNING *
"""
# Nobody can be reached: every e-mail that is due has failed this try, in one statement.
_ALL_FAIL = """
UPDATE servicecenter_outboxmessage
SET tries = tries + 1, last_error = %(reason)s,
    parked_at = CASE WHEN tries + 1 >= %(tries)s THEN coalesce(parked_at, clock_timestamp()) ELSE parked_at END,
    next_try_at = clock_timestamp() + interval '1 second' * CASE
      WHEN tries + 1 < %(tries)s THEN %(first)s * 2 ^ tries
      ELSE least(%(parked)s * 2 ^ least(tries + 1 - %(tries)s, 20), %(longest)s) END
WHERE id IN ({due}) RETURNING *
"""


@dataclass(frozen=True)
class _Lane:
    """The two ways through: what waits, and what is parked and not yet given up."""

    claim: str
    all_fail: str


def _lane(due: str) -> _Lane:
    one = due.format(only="", most="LIMIT 1")
    every_mail = due.format(only="AND channel = 'email'", most="")
    return _Lane(_CLAIM.format(due=one), _ALL_FAIL.format(due=every_mail))


WAITING = _lane(_DUE)
PARKED = _lane(
    _DUE.replace(
        "parked_at IS NULL",
        "parked_at IS NOT NULL AND created_at > clock_timestamp() - %(days)s * interval '1 day'",
    )
)


@dataclass
class Relayed:
    """What one run did; `more`: it ended by its limit or its time, and something may still wait."""

    sent: int = 0
    failed: int = 0
    parked: int = 0
    more: bool = False

    def __bool__(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.sent or self.failed or self.parked)


class _TransportDown(Exception):
    """The mail server itself cannot be reached: no message of this run can leave."""


def relay(limit: int = 100) -> Relayed:
    """Send what is due, oldest first, at most `limit` messages or 20 seconds."""
    return _run(WAITING, limit)


def relay_parked(limit: int = 20) -> Relayed:
    """Try parked messages again: after ten minutes, then ever more rarely, for three days (mail server back?)."""
    return _run(PARKED, limit)


def retry(ids: list[int], *, by: Any) -> int:
    """Have parked or waiting messages tried again at once, with all their tries. Returns how many."""
    with transaction.atomic():
        rows = list(OutboxMessage.objects.select_for_update().filter(pk__in=ids, sent_at=None).order_by("id"))
        at = now_db()
        OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            parked_at=None, tries=0, next_try_at=at, last_error=""
        )
        for row in rows:
            trail.record(row, "outbox.retried", by=by, at=at)
    return len(rows)


def _run(lane: _Lane, limit: int) -> Relayed:
    done = Relayed()
    parked: list[OutboxMessage] = []
    until = time.monotonic() + BUDGET_SECONDS
    mailbox = _Mailbox()
    try:
        while True:
            done.more = done.sent + done.failed >= limit or time.monotonic() >= until
            if done.more or (message := _claimed(lane)) is None:
                break
            try:
                _send(message, mailbox)
            except Exception as problem:  # whatever a message does, it does to itself alone
                done.failed += 1
                parked += _failed(message, problem)
                if isinstance(problem, _TransportDown):
                    parked += _all_failed(lane, problem)
                    break
            else:
                OutboxMessage.objects.filter(pk=message.pk).update(sent_at=now_db(), last_error="")
                done.sent += 1
    finally:
        mailbox.close()
        done.parked = len(parked)
        _report(parked)
    return done


def _claimed(lane: _Lane) -> OutboxMessage | None:
    """Take one due message for two minutes; two relays never hold the same one."""
    values = {"lease": LEASE_SECONDS, "days": GIVE_UP_AFTER_DAYS}
    return next(iter(OutboxMessage.objects.raw(lane.claim, values)), None)


def _send(message: OutboxMessage, mailbox: _Mailbox) -> None:
    if message.tries > TRIES and message.parked_at is None:
        raise channels.Undeliverable("the relay died while sending it")
    senders: dict[str, Callable[[], None]] = {
        OutboxMessage.Channel.EMAIL: lambda: mailbox.send(message),
        OutboxMessage.Channel.WEBHOOK: lambda: channels.post(message),
    }
    senders[message.channel]()


class _Mailbox:
    """One connection to the mail server for a whole run, opened when the first message needs it."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, message: OutboxMessage) -> None:
        """Send one e-mail. Raises _TransportDown when the server cannot be reached, else what the server says."""
        mail = channels.email(message)
        if self._connection is None:
            self._connection = self._opened()
        try:
            if self._connection.send_messages([mail]) != 1:
                raise channels.Undeliverable("the mail server took nothing")
        except smtplib.SMTPRecipientsRefused as problem:
            raise channels.Undeliverable("the mail server refuses the recipient") from problem
        except (OSError, smtplib.SMTPException):
            # a connection that has failed is not used for the next message
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, if there is one; a server that is gone has closed it already."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                pass

    def _opened(self) -> BaseEmailBackend:
        connection: BaseEmailBackend = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as problem:
            raise _TransportDown(type(problem).__name__) from problem
        return connection


def _failed(message: OutboxMessage, problem: Exception) -> list[OutboxMessage]:
    """Note a failed try; the message itself when this try has parked it."""
    message.last_error = _reason(problem)
    log.warning("message %s (%s) try %s: %s", message.pk, message.code, message.tries, message.last_error)
    rows = OutboxMessage.objects.filter(pk=message.pk, sent_at=None)
    rows.update(
        last_error=message.last_error,
        next_try_at=RawSQL("clock_timestamp() + %s * interval '1 second'", [_pause(message)]),
    )
    if message.tries < TRIES:
        return []
    return [message] if rows.filter(parked_at=None).update(parked_at=now_db()) else []


def _all_failed(lane: _Lane, problem: Exception) -> list[OutboxMessage]:
    """Count the try for every e-mail that is due now; returns those that it has parked."""
    values = {
        "reason": _reason(problem),
        "tries": TRIES,
        "first": FIRST_PAUSE_SECONDS,
        "parked": PARKED_PAUSE_SECONDS,
        "longest": LONGEST_PAUSE_SECONDS,
        "days": GIVE_UP_AFTER_DAYS,
    }
    rows = list(OutboxMessage.objects.raw(lane.all_fail, values))
    return [row for row in rows if row.parked_at is not None] if lane is WAITING else []


def _pause(message: OutboxMessage) -> float:
    """Seconds until the next try: doubling, and starting anew, longer, once parked."""
    if message.tries < TRIES:
        return FIRST_PAUSE_SECONDS * 2 ** (message.tries - 1)
    return float(min(PARKED_PAUSE_SECONDS * 2 ** min(message.tries - TRIES, 20), LONGEST_PAUSE_SECONDS))


def _reason(problem: Exception) -> str:
    """Why, for the administrators: our own sentence or the kind of error, never its text (it may hold an address)."""
    if isinstance(problem, channels.Undeliverable):
        return str(problem)[:300]
    if isinstance(problem, _TransportDown):
        return f"the mail server is not reachable ({problem})"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{type(problem).__name__} {problem.smtp_code}"
    return type(problem).__name__


def _report(parked: list[OutboxMessage]) -> None:
    """Tell the administrators once for all messages that one run has parked; never about a report itself."""
    told = [message for message in parked if message.code != "outbox.parked"]
    if not told:
        return
    first = told[0]
    with transaction.atomic():
        notices.tell(
            ports.administrators(),
            "outbox.parked",
            about=first,
            at=now_db(),
            level=Notice.Level.WARNING,
            key=f"{first.pk}:{first.tries}",
            count=len(told),
            recipient=first.recipient,
        )


def waiting_too_long(seconds: int = 300) -> list[OutboxMessage]:
    """Messages neither sent nor parked after so long (I10), oldest first, at most a hundred."""
    late = RawSQL("now() - %s * interval '1 second'", [seconds])
    return list(
        OutboxMessage.objects.filter(sent_at=None, parked_at=None, created_at__lt=late).order_by(
            F("created_at"), "id"
        )[:100]
    )
