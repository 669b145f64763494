"""What is said on a ticket: notes, replies, chases (CMP-09, CMP-30, CMP-50)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from complaints.choices import Channel, ContactKind, MessageKind
from complaints.domain.intake import MAX_TEXT, Intake
from complaints.models import Chase, Complaint, Contact, Message
from complaints.queries.people import answerers
from complaints.services import telling
from complaints.services.acting import Act
from complaints.services.files import bind_files
from deadlines.choices import ClockKind
from organization.models import User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice


@transaction.atomic
def add_note(
    *,
    complaint: Complaint,
    text: str,
    mentions: Iterable[User] = (),
    attachment_ids: Iterable[str] = (),
    by: User | None,
    at: datetime | None = None,
) -> Message:
    """An internal note; whoever is mentioned is told. The customer never sees it, the respondent only if mentioned."""
    words = _checked(text)
    act = Act.begin(complaint, "note", by=by, at=at)
    named = list({user.pk: user for user in mentions}.values())
    made = _message(act, MessageKind.NOTE, words, "")
    made.mentions.set(named)
    bind_files(
        attachment_ids, act.complaint, act.complaint.contact, by=by, at=act.at, role=f"message-{made.pk}"
    )
    telling.person(
        named, "complaint.mentioned", act.complaint, at=act.at, by=by, key=f"m{made.pk}", text=words[:120]
    )
    return made


@transaction.atomic
def reply(
    *,
    complaint: Complaint,
    channel: str,
    text: str,
    received: bool = False,
    attachment_ids: Iterable[str] = (),
    by: User | None,
    at: datetime | None = None,
) -> Message:
    """What the customer was told, or with `received` what the customer sent. The first reply is the first response
    (CMP-30). The state stays."""
    words = _checked(text)
    if channel not in Channel.values:
        raise RuleBroken("complaint.channel_unknown", field="channel", status=400)
    act = Act.begin(complaint, "reply", by=by, at=at)
    kind = MessageKind.RECEIVED if received else MessageKind.REPLY
    made = _message(act, kind, words, channel)
    bind_files(
        attachment_ids, act.complaint, act.complaint.contact, by=by, at=act.at, role=f"message-{made.pk}"
    )
    if not received:
        spoke_to_customer(act)
    act.note(f"complaint.{kind.value}", channel=channel)
    act.finish()
    return made


def spoke_to_customer(act: Act) -> None:
    """The customer has been told something: the first response is given (CMP-30)."""
    act.meet(ClockKind.FIRST_RESPONSE)
    if act.complaint.replied_at is None:
        act.set(replied_at=act.at)


@transaction.atomic
def register_chase(
    *,
    complaint: Complaint,
    answer: str,
    text: str = "",
    intake: Intake | None = None,
    channel: str = Channel.TELEPHONE,
    by: User | None,
    at: datetime | None = None,
) -> Chase:
    """A customer asks how an open ticket stands (CMP-09): counted, answered with the present state; the second one
    raises the priority. It is no second complaint.

    `intake` is what was typed on the registration screen. Raises RuleBroken `complaint.answer_needed`.
    """
    told = answer.strip()
    if not told:
        raise RuleBroken("complaint.answer_needed", field="answer", status=400)
    if len(told) > 500:
        raise RuleBroken("complaint.too_long", field="answer", status=400, length=len(told), limit=500)
    act = Act.begin(complaint, "chase", by=by, at=at)
    row = act.complaint
    contact = Contact.objects.create(
        kind=ContactKind.CHASE,
        channel=intake.channel if intake else channel,
        at=act.at,
        agent=by,
        customer=row.customer,
        waybill=row.waybill,
        caller_name=(intake.caller_name if intake else "") or row.caller_name,
        caller_telephone=row.caller_telephone,
        party_role=row.party_role,
        text=(intake.text if intake else text).strip() or told,
    )
    act.set(chase_count=row.chase_count + 1)
    made = Chase.objects.create(
        complaint=row, contact=contact, ordinal=row.chase_count, at=act.at, by=by, answer=told
    )
    raised = row.chase_count == act.standing.policy.chases_raise_at
    if not row.is_incident:
        act.set(rank=act.rank_when(False))
    spoke_to_customer(act)
    act.note("complaint.chase", ordinal=made.ordinal, raised=raised)
    row = act.finish()
    _tell_of_chase(act, row, made, raised)
    return made


def _tell_of_chase(act: Act, row: Complaint, made: Chase, raised: bool) -> None:
    """The owner; at the chase that raises the priority also the departments that still owe an answer."""
    readers = [row.owner]
    if raised:
        for handover in act.standing.handovers:
            if handover.state == "waiting":
                readers += answerers(handover.department, act.at)
    telling.person(
        readers,
        "complaint.chased",
        row,
        at=act.at,
        by=act.by,
        level=Notice.Level.WARNING if raised else Notice.Level.INFO,
        key=f"c{made.ordinal}",
        ordinal=made.ordinal,
    )


def _message(act: Act, kind: str, text: str, channel: str) -> Message:
    return Message.objects.create(
        complaint=act.complaint, kind=kind, channel=channel, text=text, at=act.at, by=act.by
    )


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken("complaint.message_needed", field="text", status=400)
    if len(words) > MAX_TEXT:
        raise RuleBroken("complaint.too_long", field="text", status=400, length=len(words), limit=MAX_TEXT)
    return words
