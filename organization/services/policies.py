"""Policy numbers, edited by who may, with the centre manager's consent (overview of the book, D19)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from organization.models import User
from organization.permissions import EDIT_POLICIES, Right
from servicecenter import notices, policies, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Policy


@transaction.atomic
def change_policy(
    *,
    code: str,
    key: str = "",
    value: dict[str, Any],
    reason: str,
    valid_from: datetime | None = None,
    consent: User | None = None,
    by: User,
    at: datetime | None = None,
) -> Policy:
    """A new version of a policy. Who cannot consent himself names the centre manager who did, and that manager is
    told that the name was used.

    Raises RuleBroken `policy.no_right` (403), `policy.consent`, `policy.past`, `policy.same`, and those of
    `servicecenter.policies.set_policy`.
    """
    if not by.has_right(EDIT_POLICIES):
        raise RuleBroken("policy.no_right", status=403)
    own_word = by.has_right(Right.CONSENT_POLICIES)
    if not own_word and (consent is None or consent == by or not consent.has_right(Right.CONSENT_POLICIES)):
        raise RuleBroken("policy.consent", field="consent", status=400)
    moment = at or now_db()
    if valid_from is not None and valid_from < moment:
        raise RuleBroken("policy.past", field="valid_from", status=400)
    if code in settings.POLICY_TYPES:
        before = policies.find(code, at=valid_from or moment, keys=(key,))
        if before.policy_id is not None and before.value == policies.parse(code, value):
            raise RuleBroken("policy.same")
    row = policies.set_policy(code=code, key=key, value=value, by=by, reason=reason, valid_from=valid_from)
    if not own_word and consent is not None:
        trail.record(row, "policy.consented", by=by, at=moment, policy=code, name=consent.name)
        notices.tell(
            [consent],
            "policy.consent_named",
            about=row,
            at=moment,
            key=str(row.pk),
            policy=code,
            name=by.name,
            reason=reason,
        )
    return row
