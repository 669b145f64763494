"""API tokens (接口令牌): made once, shown once, kept as a hash, with scope, expiry and an end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import ApiToken

MARK = "sc_"
USUAL_DAYS = 365
MOST_DAYS = 1095


@transaction.atomic
def make(
    *,
    user: Any,
    name: str,
    by: Any | None,
    read_only: bool = False,
    expires_at: datetime | None = None,
    days: int = USUAL_DAYS,
    at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token of `user`: the row, and the token itself, which is not stored and cannot be shown again.

    It ends at `expires_at`, else after `days`. Raises RuleBroken `token.name_needed`, `token.days` (1 to 1095).
    """
    at = at or now_db()
    ends = expires_at or at + timedelta(days=days)
    if not name.strip():
        raise RuleBroken("token.name_needed", field="name", status=400)
    if not at < ends <= at + timedelta(days=MOST_DAYS + 1):
        raise RuleBroken("token.days", field="days", status=400, limit=MOST_DAYS)
    plain = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        token_hash=digest_of(plain),
        prefix=plain[:8],
        read_only=read_only,
        expires_at=ends,
    )
    trail.record(
        user,
        "token.made",
        by=by,
        at=at,
        name=token.name,
        prefix=token.prefix,
        read_only=read_only,
        until=ends,
    )
    return token, plain


@transaction.atomic
def revoke(*, token: ApiToken, by: Any | None, at: datetime | None = None) -> None:
    """End a token for good; a second time changes nothing."""
    at = at or now_db()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        trail.record(token.user, "token.revoked", by=by, at=at, name=token.name, prefix=token.prefix)


def digest_of(plain: str) -> str:
    """How a token is stored. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(plain.encode()).hexdigest()
