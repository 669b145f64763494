"""What is brought in when a complaint is registered (CMP-01, CMP-03), and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from servicecenter.kernel.errors import RuleBroken

MAX_TEXT = 5_000
LIMITS = {
    "text": MAX_TEXT,
    "caller_name": 60,
    "demand": 300,
    "route_reason": 300,
    "other_matter_reason": 300,
    "resolution": MAX_TEXT,
    "product": 200,
}


@dataclass(frozen=True)
class Intake:
    """One contact that becomes a complaint.

    `settle` says what happens at once: `route` (by category, or to `department_id` with a reason), `on_spot` (CMP-04,
    with `resolution`), `report` (beyond the agent's authority, CMP-05). `linked_number` is an earlier ticket that the
    agent says is the same event; `other_matter` says that what looks the same is not, with its reason where the
    book's own test finds the same event (CMP-40). `product` is what an imported file names beside the text: the ticket
    is found by it too.
    """

    channel: str
    category: str
    text: str
    caller_telephone: str = ""
    caller_name: str = ""
    waybill_number: str = ""
    party_role: str = "other"
    subcase: str = ""
    demand: str = ""
    occurred_on: date | None = None
    settle: Literal["route", "on_spot", "report"] | str = "route"
    department_id: int | None = None
    route_reason: str = ""
    respondent_department_id: int | None = None
    respondent_employee_id: int | None = None
    linked_number: str = ""
    other_matter: bool = False
    other_matter_reason: str = ""
    customer_id: int | None = None
    resolution: str = ""
    customer_confirmed: bool = False
    external_key: str = ""
    product: str = ""
    attachment_ids: tuple[str, ...] = ()


def problems(intake: Intake) -> list[RuleBroken]:
    """Everything that the intake alone shows to be wrong; each names its form field."""
    found: list[RuleBroken] = []
    if not intake.category:
        found.append(RuleBroken("complaint.category_needed", field="category", status=400))
    if not intake.text.strip():
        found.append(RuleBroken("complaint.text_needed", field="text", status=400))
    found += [
        RuleBroken(
            "complaint.too_long", field=name, status=400, length=len(getattr(intake, name)), limit=limit
        )
        for name, limit in LIMITS.items()
        if len(getattr(intake, name)) > limit
    ]
    found += [
        RuleBroken("complaint.unreadable", field=name, status=400)
        for name in LIMITS
        if "\x00" in getattr(intake, name)
    ]
    if intake.settle == "on_spot" and not intake.resolution.strip():
        found.append(RuleBroken("complaint.resolution_needed", field="resolution", status=400))
    if intake.department_id is not None and not intake.route_reason.strip():
        found.append(RuleBroken("complaint.route_reason_needed", field="route_reason", status=400))
    if intake.linked_number and intake.other_matter:
        found.append(RuleBroken("complaint.linked_or_other", field="linked_number", status=400))
    return found
