"""Registering a complaint: what saving would do, and saving (CMP-01 to CMP-07, CMP-40 to CMP-44).

One transaction, its statements constant in everything: the waybill is locked, then the event, then the event's other
tickets in the order of their ids. Time is the database's, taken under the event's lock.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from complaints.choices import Channel
from complaints.domain.intake import Intake
from complaints.models import Complaint, Contact
from complaints.permissions import may_register
from complaints.services import reading
from complaints.services.places import take_place
from complaints.services.registration import Registration
from organization.models import User
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def register(*, intake: Intake, by: User | None, at: datetime | None = None) -> Complaint:
    """Save a complaint: number, place in its event, owner, clocks, routing, and what a second complaint brings.

    Raises RulesBroken with everything that is wrong with the input (400), or RuleBroken: `lifecycle.no_right`,
    `caller.ambiguous`, `complaint.contest_reason_needed`, `complaint.second_not_on_spot`, `complaint.no_owner`,
    `complaint.known_key` (an external key that came before), `attachment.unknown`.
    """
    telephone = reading.refuse_bad(intake)
    if intake.external_key and Contact.objects.filter(external_key=intake.external_key).exists():
        raise RuleBroken("complaint.known_key", key=intake.external_key)
    waybill = reading.waybill_for_update(intake.waybill_number, by=by, at=at)
    found = reading.read(
        intake,
        telephone=telephone,
        by=by,
        waybill=waybill,
        find_customer=lambda row: reading.caller(intake, telephone, row, by=by, at=at),
    )
    if by is not None and intake.channel != Channel.IMPORT and not may_register(by, found.reference.centre):
        raise RuleBroken("lifecycle.no_right", status=403, action="register")
    if found.is_contested and not intake.other_matter_reason.strip():
        raise RuleBroken(
            "complaint.contest_reason_needed",
            field="other_matter_reason",
            status=400,
            number=found.verdict.of.number if found.verdict.of else "",
        )
    place = take_place(
        event_id=found.verdict.event_id,
        key=found.key,
        party=found.party,
        waybill_id=waybill.pk if waybill else None,
        category_id=found.reference.category.pk,
    )
    return Registration(found, place, by, at or place.at).save()
