"""How an outbox message leaves: e-mail or webhook, in its reader's words, with a key against doubles (D5)."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from servicecenter import ports
from servicecenter.models import OutboxMessage
from servicecenter.wording import notice_text

WEBHOOK_TIMEOUT = 5.0


class Undeliverable(Exception):
    """The receiver, or our own settings, refuse the message; the text says why and holds nothing personal."""


@dataclass(frozen=True)
class Worded:
    """A message in its reader's language."""

    text: str
    subject: str
    body: str
    url: str


def word(message: OutboxMessage) -> Worded:
    """Say the message in its reader's language, the centre's default where the reader is unknown.

    The link is there only if the reader may see the record.
    """
    language = getattr(message.user, "language", "") or settings.LANGUAGE_CODE
    with translation.override(language):
        text = " ".join(notice_text(message.code, message.params).split())
        context = {"text": text, "message": message, "url": _url(message), "centre": settings.CENTRE_NAME}
        subject = " ".join(render_to_string("mail/subject.txt", context).split())
        return Worded(text, subject[:200], render_to_string("mail/body.txt", context), context["url"])


def message_id(message: OutboxMessage) -> str:
    """The same message has the same Message-ID however often it is sent: mailboxes drop the second."""
    digest = hashlib.sha256(message.dedup_key.encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


def email(message: OutboxMessage) -> EmailMessage:
    """The message as an e-mail."""
    worded = word(message)
    return EmailMessage(
        subject=worded.subject,
        body=worded.body,
        to=[message.recipient],
        headers={
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def post(message: OutboxMessage) -> None:
    """Send the message as a webhook: JSON that chat robots understand too, over https, to a host of `WEBHOOK_HOSTS`.

    `Idempotency-Key` is the de-duplication key, `X-Signature` an HMAC-SHA-256 of the body under the secret key.
    Raises Undeliverable; never follows a redirect.
    """
    address = urlsplit(message.recipient)
    if address.scheme != "https" or address.hostname not in settings.WEBHOOK_HOSTS:
        raise Undeliverable("the host is not one of WEBHOOK_HOSTS, or the address is not https")
    body = json.dumps(_payload(message), ensure_ascii=False).encode()
    signature = hmac.new(settings.SECRET_KEY.encode(), body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        message.recipient,
        data=body,
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.dedup_key,
            "X-Signature": f"sha256={signature}",
        },
    )
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    try:
        with urllib.request.build_opener(secure, _NoRedirect).open(request, timeout=WEBHOOK_TIMEOUT):
            return  # the opener raises for everything but a 2xx
    except urllib.error.HTTPError as problem:
        problem.close()
        raise Undeliverable(f"the host answered {problem.code}") from problem
    except OSError as problem:
        raise Undeliverable(type(problem).__name__) from problem


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead to a host that nobody allowed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing: the redirect becomes an error."""
        return None


def _payload(message: OutboxMessage) -> dict[str, Any]:
    worded = word(message)
    return {
        "msgtype": "text",
        "text": {"content": worded.text},
        "key": message.dedup_key,
        "code": message.code,
        "number": message.number,
        "url": worded.url,
    }


def _url(message: OutboxMessage) -> str:
    if message.object_id is None:
        return ""
    subject = ports.call(
        "servicecenter.subject", message.kind, object_id=message.object_id, user=message.user
    )
    return f"{settings.SITE_URL}{subject.url}" if subject is not None else ""
