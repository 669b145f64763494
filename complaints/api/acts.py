"""Acts on a ticket as endpoints: `POST /complaints/{number}/hand_over/`, one row each (CMP-20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse

from complaints import queries, services
from complaints.api import inputs
from complaints.api.serializers import ComplaintDetail
from complaints.models import Complaint
from complaints.permissions import HANDLING, WRITERS, Right
from deadlines.permissions import Right as Clocks
from servicecenter.kernel.errors import RuleBroken
from servicecenter.viewsets import act_endpoint

Do = Callable[[Complaint, dict[str, Any], Any], Any]


@dataclass(frozen=True)
class Act:
    """One endpoint: its code in the lifecycle table, what it takes, what it does, what it needs."""

    code: str
    takes: type[inputs.Versioned] | type[Any]
    do: Do
    says: str
    rights: tuple[str, ...] = HANDLING


def _plain(service: str, *names: str) -> Do:
    """A service that takes the input as it is."""

    def do(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
        return getattr(services, service)(complaint=complaint, by=by, **{name: said[name] for name in names})

    return do


def _route(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    return services.route(
        complaint=complaint, department=said["department"], reason=said["reason"], demand=said["demand"],
        respondent=said["respondent_department"], employee=said["respondent_employee"], version=said["version"], by=by,
    )  # fmt: skip


def _resume(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    resumed = services.resume(complaint=complaint, version=said["version"], by=by)
    if said["text"]:
        services.reply(complaint=resumed, channel="api", text=said["text"], received=True, by=by)
    return resumed


def _note(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    return services.add_note(
        complaint=complaint, text=said["text"], mentions=said["mentions"], attachment_ids=tuple(said["attachments"]),
        by=by,
    )  # fmt: skip


def _reply(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    return services.reply(
        complaint=complaint,
        channel=said["channel"],
        text=said["text"],
        attachment_ids=tuple(said["attachments"]),
        by=by,
    )


def _finding(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    return services.record_finding(
        complaint=complaint, founded=said["founded"], text=said["text"], department=said["department"],
        employee=said["employee"], not_ours=said["not_ours"], measures=said["measures"],
        actions=[services.Measure(**line) for line in said["actions"]], version=said["version"], by=by,
    )  # fmt: skip


def _merge(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    into = queries.visible_to(by).filter(number=said["into"].strip().upper()).first()
    if into is None:
        raise RuleBroken("merge.unknown", field="into", status=400, number=said["into"])
    return services.merge(
        complaint=complaint, into=into, reason=said["reason"], version=said["version"], by=by
    )


def _confirm_notice(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    notice = queries.notice(user=by, number=said["document_number"])
    if notice is None or notice.complaint_id != complaint.pk:
        raise Http404
    return services.confirm_notice(notice=notice, by=by)


def _confirm_incident(complaint: Complaint, said: dict[str, Any], by: Any) -> Any:
    incident = queries.suspected_incident_of(complaint)
    if incident is None:
        raise RuleBroken("incident.not_suspected")
    return services.confirm_incident(incident=incident, by=by)


ACTS = (
    Act(
        "route", inputs.RouteInput,
        _route,
        "Pass on, by category or elsewhere with a reason (CMP-10a to CMP-11).",
    ),
    Act(
        "hand_over", inputs.HandOverInput,
        _plain("hand_over", "department", "demand", "limit_hours", "statement_required", "version"),
        "Hand over to a further department with a limit (CMP-35b).",
    ),
    Act("settle_on_spot", inputs.SettleInput, _plain("settle_on_spot", "resolution", "customer_confirmed", "version"),
        "Settle on the spot (CMP-04)."),
    Act("chase", inputs.ChaseInput, _plain("register_chase", "text", "answer"), "Record a chase (CMP-09).",
        (Right.REGISTER_CONTACT,)),
    Act("accept", inputs.Versioned, _plain("accept", "version"), "Take the ticket (CMP-07)."),
    Act("assign", inputs.AssignInput, _plain("assign", "owner", "reason", "version"), "Give it another owner.",
        (Right.ASSIGN_COMPLAINT, Right.SUPERVISE_COMPLAINT)),
    Act("take_over", inputs.Versioned, _plain("take_over", "version"), "The supervisor takes it over.",
        (Right.SUPERVISE_COMPLAINT,)),
    Act("report_upward", inputs.TextInput, _plain("report_upward", "text", "version"),
        "Report to the supervisor what the agent may not decide (CMP-05)."),
    Act("note", inputs.NoteInput, _note, "Write an internal note.", WRITERS),
    Act("reply", inputs.ReplyInput, _reply, "Record what the customer was told."),
    Act("pause", inputs.PauseInput, _plain("pause", "reason", "promised_until", "version"),
        "Wait for the customer (CMP-38)."),
    Act("resume", inputs.TextInput, _resume, "Go on after a pause; `text` is what the customer answered."),
    Act("record_finding", inputs.FindingInput, _finding, "Record the finding (CMP-27)."),
    Act("resolve", inputs.ResolveInput, _plain("resolve", "resolution", "version"), "Resolve (CMP-25)."),
    Act("notify", inputs.NotifyInput, _plain("notify_customer", "way", "text", "language", "version"),
        "Tell the customer in writing (CMP-25)."),
    Act("follow_up", inputs.FollowUpInput, _plain("record_follow_up", "result", "remarks", "version"),
        "Record a follow-up call (CMP-25)."),
    Act("close_not_agreed", inputs.NotAgreedInput, _plain("close_not_agreed", "text", "way", "language", "version"),
        "Close as not agreed (CMP-23).", (Right.CLOSE_NOT_AGREED,)),
    Act("reopen", inputs.Reason, _plain("reopen", "reason", "version"), "Begin a new round (CMP-23)."),
    Act("cancel", inputs.Reason, _plain("cancel", "reason", "version"),
        "Cancel what was registered by mistake (CMP-20).", (Right.CANCEL_COMPLAINT,)),
    Act("merge", inputs.MergeInput, _merge, "Merge into the ticket of the same call (CMP-45).",
        (Right.SUPERVISE_COMPLAINT,)),
    Act("confirm_incident", inputs.Versioned, _confirm_incident, "Confirm the suspected service incident (CMP-40).",
        (Right.CONFIRM_INCIDENT,)),
    Act("refute", inputs.Reason, _plain("refute", "reason", "version"), "It is another matter (CMP-40).",
        (Right.CONFIRM_INCIDENT,)),
    Act("shorten", inputs.ShortenInput, _plain("shorten", "tier", "reason", "version"),
        "Count the open clocks by another tier, only to shorten them (CMP-39).", (Clocks.SHORTEN_CLOCK,)),
    Act("confirm_notice", inputs.ConfirmNoticeInput, _confirm_notice,
        "The customer has confirmed a written notice (CMP-25)."),
    Act("release_personal", inputs.Reason, _plain("release_personal", "reason", "version"),
        "Let the department see who complained (PRV-10).", (Right.RELEASE_PERSONAL,)),
)  # fmt: skip
REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")
RIGHTS = {act.code: act.rights for act in ACTS}


class ActsMixin:
    """Every act as a method of the viewset."""


def _doing(act: Act) -> Any:
    return lambda found, form, by: act.do(found, form.validated_data, by)


for _act in ACTS:
    _method = act_endpoint(
        code=_act.code,
        says=_act.says,
        takes=_act.takes,
        answers=ComplaintDetail,
        refused=REFUSED,
        name="complaints",
        do=_doing(_act),
    )
    setattr(ActsMixin, _act.code, _method)
