"""What must hold of sanctions and merit at any moment (I8), as questions to the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext_lazy as _

from servicecenter.invariants import Check, Violation

# The state is the one that the newest change in the trail left; a sanction without any is still proposed.
STATES = """
SELECT sanction.number, 'is ' || sanction.state || ', its trail says ' || coalesce(newest.state, 'proposed')
FROM conduct_sanction AS sanction
LEFT JOIN LATERAL (
  SELECT entry.changes->'state'->>1 AS state FROM servicecenter_trailentry AS entry
  WHERE entry.kind = 'conduct.sanction' AND entry.object_id = sanction.id AND entry.changes ? 'state'
  ORDER BY entry.at DESC, entry.id DESC LIMIT 1) AS newest ON true
WHERE sanction.state IS DISTINCT FROM coalesce(newest.state, 'proposed')
"""
# Every disqualification was recorded when it was made, and again when it was withdrawn.
MERIT = """
SELECT lost.source_number, 'disqualification ' || lost.id || ' has no trail of ' || wanted.code
FROM conduct_meritdisqualification AS lost
CROSS JOIN LATERAL (VALUES ('merit.lost', true), ('merit.restored', lost.withdrawn_at IS NOT NULL))
  AS wanted (code, needed)
WHERE wanted.needed AND NOT EXISTS (
  SELECT FROM servicecenter_trailentry AS entry
  WHERE entry.kind = 'conduct.meritdisqualification' AND entry.object_id = lost.id AND entry.code = wanted.code)
"""


def _found(sql: str) -> Iterable[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [Violation(number, problem) for number, problem in cursor.fetchall()]


def states_without_trail() -> Iterable[Violation]:
    """Sanctions whose state is not what their trail says."""
    return _found(STATES)


def merit_without_trail() -> Iterable[Violation]:
    """Disqualifications made or withdrawn without a trail."""
    return _found(MERIT)


CHECKS = [
    Check("I8", _("every sanction's state is what its trail says"), states_without_trail),
    Check("I8", _("every lost and restored merit stands in the trail"), merit_without_trail),
]
