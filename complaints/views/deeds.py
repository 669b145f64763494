"""What each act on a ticket does with its filled-in form: one service, and what the toast then says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from complaints import queries, services
from complaints.models import Complaint
from servicecenter.kernel.errors import RuleBroken


def version(form: Any) -> int | None:
    """The version that the writer saw."""
    return form.cleaned_data.get("version")


def route(form: Any, complaint: Complaint, by: Any) -> str:
    """Pass it on: by category, or elsewhere with a reason."""
    said = form.cleaned_data
    services.route(
        complaint=complaint, department=said["department"], reason=said["reason"], demand=said["demand"],
        respondent=said["respondent_department"], employee=said.get("employee"),
        version=version(form), by=by,
    )  # fmt: skip
    return _("Passed on.")


def hand_over(form: Any, complaint: Complaint, by: Any) -> str:
    """Hand it to a further department."""
    said = form.cleaned_data
    services.hand_over(
        complaint=complaint, department=said["department"], demand=said["demand"],
        limit_hours=said["limit_hours"], statement_required=said["statement_required"],
        version=version(form), by=by,
    )  # fmt: skip
    return _("Handed over to %(department)s.") % {"department": said["department"].name}


def chase(form: Any, complaint: Complaint, by: Any) -> str:
    """Record a chase."""
    said = form.cleaned_data
    services.register_chase(complaint=complaint, text=said["text"], answer=said["answer"], by=by)
    return _("Chase recorded.")


def accept(form: Any, complaint: Complaint, by: Any) -> str:
    """Take the ticket."""
    services.accept(complaint=complaint, version=version(form), by=by)
    return _("The ticket is yours.")


def assign(form: Any, complaint: Complaint, by: Any) -> str:
    """Pass it to another owner."""
    owner = form.cleaned_data["owner"]
    services.assign(
        complaint=complaint, owner=owner, reason=form.cleaned_data["reason"], version=version(form), by=by
    )
    if owner.pk == by.pk:
        return _("The ticket is yours.")
    return _("Passed on to %(name)s, who is asked to take it.") % {"name": owner.name}


def pause(form: Any, complaint: Complaint, by: Any) -> str:
    """Wait for the customer."""
    said = form.cleaned_data
    services.pause(
        complaint=complaint, reason=said["reason"], promised_until=said["promised_until"],
        version=version(form), by=by,
    )  # fmt: skip
    return _("The clock rests until the customer answers.")


def resume(form: Any, complaint: Complaint, by: Any) -> str:
    """Go on; what the customer answered is kept."""
    # First the clock: the answer raises the version that this form was opened with.
    services.resume(complaint=complaint, version=version(form), by=by)
    if text := form.cleaned_data["text"]:
        services.reply(
            complaint=complaint, channel=form.cleaned_data["channel"], text=text, received=True, by=by
        )
    return _("The clock runs again.")


def resolve(form: Any, complaint: Complaint, by: Any) -> str:
    """It is resolved."""
    services.resolve(
        complaint=complaint, resolution=form.cleaned_data["resolution"], version=version(form), by=by
    )
    return _("Resolved. Now tell the customer in writing.")


def settle(form: Any, complaint: Complaint, by: Any) -> str:
    """It is settled on the spot."""
    said = form.cleaned_data
    services.settle_on_spot(
        complaint=complaint, resolution=said["resolution"], customer_confirmed=said["customer_confirmed"],
        version=version(form), by=by,
    )  # fmt: skip
    return _("Settled on the spot.")


def release(form: Any, complaint: Complaint, by: Any) -> str:
    """Let the respondent see who complained."""
    services.release_personal(
        complaint=complaint, reason=form.cleaned_data["reason"], version=version(form), by=by
    )
    return _("The department may now see who complained.")


def shorten(form: Any, complaint: Complaint, by: Any) -> str:
    """Count the open clocks by another tier."""
    said = form.cleaned_data
    services.shorten(
        complaint=complaint, tier=said["tier"], reason=said["reason"], version=version(form), by=by
    )
    return _("The open deadlines are shortened.")


def follow_up(form: Any, complaint: Complaint, by: Any) -> str:
    """Record a follow-up call."""
    said = form.cleaned_data
    services.record_follow_up(
        complaint=complaint, result=said["result"], remarks=said["remarks"], version=version(form), by=by
    )
    return _("Follow-up recorded.")


def reopen(form: Any, complaint: Complaint, by: Any) -> str:
    """Begin a new round."""
    services.reopen(complaint=complaint, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("Reopened: a new round begins.")


def cancel(form: Any, complaint: Complaint, by: Any) -> str:
    """It was registered by mistake."""
    services.cancel(complaint=complaint, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("Cancelled.")


def merge(form: Any, complaint: Complaint, by: Any) -> str:
    """It is the same call as another ticket."""
    into = queries.visible_to(by).filter(number=form.cleaned_data["into"].strip().upper()).first()
    if into is None:
        raise RuleBroken("merge.unknown", field="into", number=form.cleaned_data["into"])
    services.merge(
        complaint=complaint, into=into, reason=form.cleaned_data["reason"], version=version(form), by=by
    )
    return _("Merged into %(number)s.") % {"number": into.number}


def report(form: Any, complaint: Complaint, by: Any) -> str:
    """The supervisor must decide."""
    services.report_upward(complaint=complaint, text=form.cleaned_data["text"], version=version(form), by=by)
    return _("Reported to the supervisor.")


def take_over(form: Any, complaint: Complaint, by: Any) -> str:
    """The supervisor takes it."""
    services.take_over(complaint=complaint, version=version(form), by=by)
    return _("You have taken it over.")


def not_agreed(form: Any, complaint: Complaint, by: Any) -> str:
    """Close without agreement."""
    said = form.cleaned_data
    services.close_not_agreed(
        complaint=complaint, text=said["text"], way=said["way"], language=said["language"],
        version=version(form), by=by,
    )  # fmt: skip
    return _("Closed as not agreed; the written notice is made.")


def confirm_incident(form: Any, complaint: Complaint, by: Any) -> str:
    """The suspected service incident stands."""
    incident = queries.suspected_incident_of(complaint)
    if incident is None:
        raise RuleBroken("incident.not_suspected")
    services.confirm_incident(incident=incident, by=by)
    return _("Confirmed as a service incident.")


def refute(form: Any, complaint: Complaint, by: Any) -> str:
    """It is another matter."""
    services.refute(complaint=complaint, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("Refuted: it is an event of its own.")
