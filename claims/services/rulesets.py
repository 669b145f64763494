"""Versions of the liability rules: drafted by one, checked, published by another (LR-30 to LR-32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from claims.choices import RuleSetState
from claims.domain.ruleset import BadRuleSet, load
from claims.domain.situations import broken_cases, changes, gaps, overlaps
from claims.models import RuleSetVersion
from claims.permissions import Right, holds
from claims.queries.rulesets import former_of, golden_cases, rules_of
from organization.models import User
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def draft_ruleset(
    *,
    code: str,
    data: Mapping[str, Any],
    valid_from: date,
    note: str = "",
    by: User | None,
    at: datetime | None = None,
) -> RuleSetVersion:
    """Keep a draft, in place of the former draft of that code (LR-30). Raises RuleBroken `ruleset.bad` with the row,
    `ruleset.published`."""
    if not holds(by, Right.EDIT_RULESET):
        raise RuleBroken("lifecycle.no_right", status=403, action="draft_ruleset")
    try:
        load({**data, "version": code})
    except BadRuleSet as problem:
        raise RuleBroken("ruleset.bad", field="data", status=400, problem=str(problem)) from problem
    moment = at or now_db()
    row = RuleSetVersion.objects.select_for_update().filter(code=code).first()
    if row is not None and row.state != RuleSetState.DRAFT:
        raise RuleBroken("ruleset.published", field="code", version=code)
    row = row or RuleSetVersion(code=code)
    row.data, row.valid_from, row.note = {**data, "version": code}, valid_from, note.strip()[:300]
    row.created_at, row.created_by = moment, by
    row.save()
    trail.record(row, "ruleset.drafted", by=by, at=moment, version=code, valid_from=valid_from)
    return row


@transaction.atomic
def publish_ruleset(
    *, ruleset: RuleSetVersion, acknowledged: Sequence[str], by: User | None, at: datetime | None = None
) -> RuleSetVersion:
    """Publish a draft: nothing contradicts, golden cases pass, every gap is acknowledged, by a second person (LR-32).

    The version before ends the day before it begins. Raises RuleBroken `ruleset.overlap`, `ruleset.case`,
    `ruleset.gaps`, `ruleset.own`, `ruleset.published`, `ruleset.order` for a day that a later version has.
    """
    if not holds(by, Right.PUBLISH_RULESET):
        raise RuleBroken("lifecycle.no_right", status=403, action="publish_ruleset")
    with connection.cursor() as cursor:
        # two versions are published one after another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('claims.ruleset', 31))")
    row = RuleSetVersion.objects.select_for_update().get(pk=ruleset.pk)
    if row.state != RuleSetState.DRAFT:
        raise RuleBroken("ruleset.published", version=row.code)
    if by is not None and row.created_by_id == by.pk:
        raise RuleBroken("ruleset.own", status=403)
    rules = rules_of(row)
    for pair in overlaps(rules):
        raise RuleBroken("ruleset.overlap", first=pair.first, second=pair.second)
    for problem in broken_cases(rules, golden_cases()):
        raise RuleBroken("ruleset.case", problem=problem)
    found = [gap.code for gap in gaps(rules)]
    missing = [code for code in found if code not in acknowledged]
    if missing:
        raise RuleBroken("ruleset.gaps", field="acknowledged", status=400, gaps=", ".join(missing))
    former = former_of(row)
    moment = at or now_db()
    _end_former(row)
    row.state, row.published_at, row.published_by = RuleSetState.PUBLISHED, moment, by
    row.gaps, row.changes = found, changes(rules_of(former), rules) if former else None
    row.save()
    trail.record(
        row,
        "ruleset.published",
        by=by,
        at=moment,
        version=row.code,
        valid_from=row.valid_from,
        changes_count=row.changes,
    )
    return row


def _end_former(row: RuleSetVersion) -> None:
    standing = RuleSetVersion.objects.select_for_update().exclude(state=RuleSetState.DRAFT)
    if standing.filter(valid_from__gte=row.valid_from).exists():
        raise RuleBroken("ruleset.order", field="valid_from", day=row.valid_from.isoformat())
    former = standing.filter(valid_until=None).first()
    if former is not None:
        former.valid_until = row.valid_from - timedelta(days=1)
        former.save(update_fields=["valid_until"])
