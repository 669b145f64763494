"""A policy's figure that makes no sense is refused in words its reader knows, at the field it is about (D19, D16)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


@pytest.mark.parametrize(
    ("code", "value", "field"),
    [
        ("servicecenter.uploads", {"max_bytes": 0}, None),
        ("servicecenter.reveals", {"per_hour": 5, "unusual_per_hour": 9}, "unusual_per_hour"),
        ("organization.duty", {"rota_days_ahead": 61}, "rota_days_ahead"),
        ("complaints.handling", {"follow_up_tries": 0}, "follow_up_tries"),
        ("complaints.handling", {"pause_seconds": 0}, "pause_seconds"),
        ("complaints.handling", {"not_agreed_from_round": 1}, "not_agreed_from_round"),
        ("complaints.handling", {"chases_raise_at": 0}, "chases_raise_at"),
        ("complaints.handling", {"similar_percent": 0}, "similar_percent"),
        ("complaints.handling", {"incident_roles": []}, "incident_roles"),
        ("complaints.handling", {"duty_after_seconds": -1}, "duty_after_seconds"),
        ("complaints.handling", {"leader_roles": [""]}, "leader_roles"),
        ("complaints.recurrence", {"count": 1}, "count"),
        ("complaints.recurrence", {"per_thousand": 0}, "per_thousand"),
        ("conduct.fine", {"minimum": "50", "maximum": "10"}, "maximum"),
        ("customers.standing", {"dormant_after_days": 0}, "dormant_after_days"),
        ("deadlines.clock", {"warn_percent": 0}, "warn_percent"),
        ("claims.payout", {"uninsured": "gift"}, "uninsured"),
        ("claims.payout", {"per_kg": "viel"}, "per_kg"),
        ("claims.payout", {"deductible_percent": 101}, "freight_times"),
        ("claims.approval", {"supervisor": "6000"}, "centre_manager"),
        ("claims.approval", {"above": ["management"]}, "above"),
        ("claims.handling", {"pay_days": 0}, "pay_days"),
        ("claims.voucher", {"branch_code": "05-71"}, "branch_code"),
        ("inventory.rules", {"transit_days": 366}, "transit_days"),
    ],
    ids=lambda given: given if isinstance(given, str) else None,
)
def test_a_figure_that_makes_no_sense_is_refused_in_chinese(
    code: str, value: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(RuleBroken) as refused:
        policies.parse(code, value)
    assert refused.value.code != "policy.invalid"
    assert refused.value.field == field
    assert not re.search("[A-Za-z]", rule_text(refused.value))
